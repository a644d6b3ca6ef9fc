"""kept signals"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEX = "ix_signals_number_hash"


def upgrade() -> None:
    op.add_column("signals", sa.Column("number_hash", sa.Text(), nullable=True))
    op.create_index(INDEX, "signals", ["number_hash"], postgresql_where=sa.text("ask_id IS NULL"))


def downgrade() -> None:
    op.drop_index(INDEX, table_name="signals")
    op.drop_column("signals", "number_hash")
