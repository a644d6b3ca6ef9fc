"""never offered: of requests that were taken back, those for which no organisation was ever asked are told apart"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_COLUMNS = 'day, language, region, country, "group", entity_id, project_id, state, outcome, why, requests'
# Of older requests language, region and country are forgotten: their counts stay as they are.
_DAYS = 700


def _counted(why: str) -> None:
    op.execute(f"DELETE FROM request_days WHERE state = 'cancelled' AND day >= current_date - {_DAYS}")  # noqa: S608 - our own words
    op.execute(
        f"INSERT INTO request_days ({_COLUMNS}) SELECT (r.created_at AT TIME ZONE 'Europe/Rome')::date,"  # noqa: S608 - our own words
        " coalesce(r.language, ''), coalesce(r.region, ''), coalesce(r.country, ''), coalesce(r.\"group\", ''), '', '',"
        f" r.state, coalesce(r.outcome, ''), {why}, count(*) FROM requests r WHERE r.state = 'cancelled'"
        f" AND (r.created_at AT TIME ZONE 'Europe/Rome')::date >= current_date - {_DAYS} GROUP BY 1, 2, 3, 4, 5, 8, 9, 10"
    )


def upgrade() -> None:
    _counted(
        "CASE WHEN EXISTS (SELECT FROM offers o WHERE o.request_id = r.id) THEN '' ELSE 'never_offered' END"
    )


def downgrade() -> None:
    _counted("''::text")
