"""run the line: holidays that are worked, further numbers of ours and their greeting, limits that were tuned"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_open_days")),
    )
    op.create_table(
        "own_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("greeting", sa.Text(), nullable=False),
        sa.CheckConstraint("greeting IN ('welcome', 'neutral')", name=op.f("ck_own_numbers_greeting")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_own_numbers")),
    )
    op.create_table(
        "line_limits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_line_limits")),
    )


def downgrade() -> None:
    for name in ("line_limits", "own_numbers", "open_days"):
        op.drop_table(name)
