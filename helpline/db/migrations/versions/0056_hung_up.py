"""hung up: which calls ended while they waited for a person, and by no key of the caller's"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

# The newest hold says how it ended, and the journey whether by a key.
_HUNG_UP = """(SELECT h.state = 'left' AND NOT EXISTS (
   SELECT FROM steps t WHERE t.call_sid = h.call_sid AND t.at >= h.joined_at AND position('leave_hold=left' IN t.did) > 0)
  FROM holds h JOIN calls c ON c.sid = h.call_sid WHERE c.id = s.call_id ORDER BY h.id DESC LIMIT 1)"""
_COUNTS = (
    ("call_hours", "hour", "s.hour"),
    ("call_days", "day", "(s.hour AT TIME ZONE 'Europe/Rome')::date"),
)


def upgrade() -> None:
    op.add_column(
        "call_sums", sa.Column("hung_up", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.execute(f"UPDATE call_sums s SET hung_up = true WHERE wait_seconds IS NOT NULL AND {_HUNG_UP}")  # noqa: S608 - our own words alone
    op.create_index("ix_call_sums_hung_up", "call_sums", ["hour"], postgresql_where=sa.text("hung_up"))
    for table, when, of in _COUNTS:
        op.execute(
            f"UPDATE {table} t SET left_waiting = n.hung_up FROM (SELECT {of} AS at, language, number, outcome,"  # noqa: S608 - our own words alone
            "  count(*) FILTER (WHERE NOT answered AND hung_up AND wait_seconds > 10) AS hung_up"
            "  FROM call_sums s WHERE wait_seconds IS NOT NULL GROUP BY 1, 2, 3, 4) n"
            f" WHERE (t.{when}, t.language, t.number, t.outcome) = (n.at, n.language, n.number, n.outcome)"
        )


def downgrade() -> None:
    op.drop_index("ix_call_sums_hung_up", table_name="call_sums")
    op.drop_column("call_sums", "hung_up")
