"""closed: of the calls that were turned away, how many were told that the line is closed"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_COUNTS = (
    ("call_hours", "hour", "s.hour"),
    ("call_days", "day", "(s.hour AT TIME ZONE 'Europe/Rome')::date"),
)


def upgrade() -> None:
    for table, when, of in _COUNTS:
        op.add_column(table, sa.Column("closed", sa.Integer(), server_default=sa.text("0"), nullable=False))
        op.execute(
            f"UPDATE {table} t SET closed = n.closed FROM (SELECT {of} AS at, language, number, outcome, count(*) AS closed"  # noqa: S608 - our own words alone
            "  FROM call_sums s WHERE turned_away AND came_to && '{closed,holiday}'::text[] GROUP BY 1, 2, 3, 4) n"
            f" WHERE (t.{when}, t.language, t.number, t.outcome) = (n.at, n.language, n.number, n.outcome)"
        )


def downgrade() -> None:
    for table, _when, _of in _COUNTS:
        op.drop_column(table, "closed")
