"""verified signals"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "signals", sa.Column("verified", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.execute("UPDATE signals SET verified = true WHERE person_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("signals", "verified")
