"""later hours: hours of a week that hold from a day on"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "later_hours",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'callback')", name=op.f("ck_later_hours_kind")),
        sa.PrimaryKeyConstraint("kind", "first", "scope", name=op.f("pk_later_hours")),
    )


def downgrade() -> None:
    op.drop_table("later_hours")
