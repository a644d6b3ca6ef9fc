"""how many wait in each language is counted along an index of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_callbacks_waiting", "callbacks", ["language"], postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade() -> None:
    op.drop_index(
        "ix_callbacks_waiting", table_name="callbacks", postgresql_where=sa.text("state = 'waiting'")
    )
