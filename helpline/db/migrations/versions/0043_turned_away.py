"""turned away: who asked for a person and was told that nobody is there never waited, and stood in no figure of the demand"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_AWAY = "('closed', 'holiday', 'nobody_free', 'difficult_call', 'minor_call')"
_OF = {"call_hours": "hour = n.at", "call_days": "day = n.at"}
_AT = {"call_hours": "s.hour", "call_days": "(s.hour AT TIME ZONE 'Europe/Rome')::date"}


def upgrade() -> None:
    op.add_column(
        "call_sums", sa.Column("turned_away", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.alter_column("call_sums", "turned_away", server_default=None)
    op.execute(
        "UPDATE call_sums s SET turned_away = true FROM calls c WHERE c.id = s.call_id AND s.wait_seconds IS NULL"  # noqa: S608 - our own words
        f" AND EXISTS (SELECT FROM steps t WHERE t.call_sid = c.sid AND t.to_step IN {_AWAY}"
        " AND strpos(t.did, 'find_person=') > 0)"
    )
    for table, here in _OF.items():
        op.add_column(
            table, sa.Column("turned_away", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        op.alter_column(table, "turned_away", server_default=None)
        op.execute(
            f"UPDATE {table} h SET turned_away = n.count FROM (SELECT {_AT[table]} AS at, language, number, outcome,"  # noqa: S608
            " count(*) AS count FROM call_sums s WHERE turned_away GROUP BY 1, 2, 3, 4) n"
            f" WHERE h.{here} AND h.language = n.language AND h.number = n.number AND h.outcome = n.outcome"
        )


def downgrade() -> None:
    for table in ("call_days", "call_hours", "call_sums"):
        op.drop_column(table, "turned_away")
