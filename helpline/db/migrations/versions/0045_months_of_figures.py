"""months of figures: sums of the menu's arrows and of lengths of time by month, and what the log of a million calls is found by"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_STEPS = """
INSERT INTO step_months (month, language, step, to_step, passed, seconds)
SELECT date_trunc('month', day)::date, language, step, to_step, sum(passed), sum(seconds)
  FROM step_days GROUP BY 1, 2, 3, 4"""
_SPREADS = """
INSERT INTO spread_months (month, what, language, value, count)
SELECT date_trunc('month', day)::date, what, language, value, sum(count)
  FROM spread_days GROUP BY 1, 2, 3, 4"""


def upgrade() -> None:
    op.create_table(
        "step_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("to_step", sa.Text(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "language", "step", "to_step", name="pk_step_months"),
    )
    op.create_table(
        "spread_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "what", "language", "value", name="pk_spread_months"),
    )
    op.execute(_STEPS)
    op.execute(_SPREADS)
    op.create_index("ix_call_sums_seconds", "call_sums", ["seconds", "hour"])
    for name, where in (("wanted_person", "wait_seconds IS NOT NULL"), ("nobody", "nobody")):
        op.create_index(f"ix_call_sums_{name}", "call_sums", ["hour"], postgresql_where=sa.text(where))


def downgrade() -> None:
    for name in ("seconds", "wanted_person", "nobody"):
        op.drop_index(f"ix_call_sums_{name}", table_name="call_sums")
    op.drop_table("spread_months")
    op.drop_table("step_months")
