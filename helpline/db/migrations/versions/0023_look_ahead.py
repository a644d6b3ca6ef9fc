"""look-ahead"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_ahead",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("held", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_look_ahead_only_one")),
        sa.CheckConstraint("percent BETWEEN 0 AND 25", name=op.f("ck_look_ahead_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_ahead")),
    )


def downgrade() -> None:
    op.drop_table("look_ahead")
