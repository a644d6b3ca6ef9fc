"""call days: calls counted by day as well, from which long periods are read"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_BY = ("language", "number", "outcome")
_SUMS = (
    "calls",
    "seconds",
    "listened",
    "useful",
    "wanted_person",
    "answered",
    "in_time",
    "left_waiting",
    "nobody",
)


def upgrade() -> None:
    op.create_table(
        "call_days",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in _BY),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in _SUMS),
        sa.PrimaryKeyConstraint("day", *_BY, name=op.f("pk_call_days")),
    )
    op.execute(
        f"INSERT INTO call_days SELECT (hour AT TIME ZONE 'Europe/Rome')::date, {', '.join(_BY)},"  # noqa: S608 - names of ours
        f" {', '.join(f'sum({one})' for one in _SUMS)} FROM call_hours GROUP BY 1, 2, 3, 4"
    )


def downgrade() -> None:
    op.drop_table("call_days")
