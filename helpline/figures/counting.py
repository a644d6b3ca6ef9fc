"""Counts of days, made from the rows themselves: one statement for each table of counts. Decides nothing of when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline.db import Base
from helpline.figures.models import NEVER_OFFERED, Spread
from helpline.figures.summing import SHUT
from helpline.hours import at_hour
from helpline.routing.counts_values import after, month_of

IN_TIME = 60
"""Seconds within which who asks for a person should be answered (DOMAIN §4.1)."""
PATIENT = 10
"""Who hangs up sooner has not been kept waiting (DOMAIN §4.1)."""

_ROME = "AT TIME ZONE 'Europe/Rome'"
_MINUTES = "extract(epoch FROM {}) / 60"
# Whole, below a hundred exact, above in two digits: within a twentieth, and so few values that a year of them is soon read.
TOLD = """CASE WHEN round({0}) < 100 THEN round({0})::int
  ELSE (floor((round({0}) + u.unit / 2) / u.unit) * u.unit)::int END"""
UNIT = "SELECT 10 ^ (length(round(v.value)::bigint::text) - 2) AS unit"


def _spread(what: Spread, value: str, rows: str, day: str, language: str) -> str:
    """Counts of one length of time; `rows` names where they are, `value` how long each is (NULL: not there)."""
    return f"""
SELECT ({day} {_ROME})::date AS day, '{what}' AS what, coalesce({language}, '') AS language,
       {TOLD.format("v.value")} AS value, count(*) AS count
  FROM {rows}
  CROSS JOIN LATERAL (SELECT CASE WHEN {value} < 0 THEN 0 ELSE {value} END AS value) v
  CROSS JOIN LATERAL ({UNIT}) u
 WHERE v.value IS NOT NULL AND {day} >= :begins AND {day} < :ends
 GROUP BY 1, 2, 3, 4"""  # noqa: S608 - our own words alone


_TALKED = "(SELECT min(m.at) FROM moves m WHERE m.kind = 'callback' AND m.subject_id = c.id AND m.to_state = 'talking')"
_CALLS = "call_sums s"
_CALLBACKS = "callbacks c"
_REQUESTS = "requests r"
_TRIED = "(SELECT min(t.began_at) FROM attempts t WHERE t.callback_id = c.id)"
_OFFERED = "(SELECT min(o.made_at) FROM offers o WHERE o.request_id = r.id)"
_ACCEPTED = "(SELECT min(o.accepted_at) FROM offers o WHERE o.request_id = r.id)"

_OF_CALLS = (
    _spread(Spread.USEFUL_SECONDS, "s.useful_seconds::numeric", _CALLS, "s.hour", "s.language"),
    _spread(Spread.USEFUL_KEYS, "s.useful_keys::numeric", _CALLS, "s.hour", "s.language"),
    _spread(Spread.WAIT_SECONDS, "s.wait_seconds::numeric", _CALLS, "s.hour", "s.language"),
)
_OF_CALLBACKS = (
    _spread(
        Spread.FIRST_TRY_MINUTES,
        _MINUTES.format(f"{_TRIED} - c.created_at"),
        _CALLBACKS,
        "c.created_at",
        "c.language",
    ),
    _spread(
        Spread.CONTACT_MINUTES,
        _MINUTES.format(f"{_TALKED} - c.created_at"),
        _CALLBACKS,
        "c.created_at",
        "c.language",
    ),
)
_OF_REQUESTS = (
    _spread(
        Spread.OFFER_MINUTES,
        _MINUTES.format(f"{_OFFERED} - r.created_at"),
        _REQUESTS,
        "r.created_at",
        "r.language",
    ),
    _spread(
        Spread.ACCEPTANCE_MINUTES,
        _MINUTES.format(f"{_ACCEPTED} - r.created_at"),
        _REQUESTS,
        "r.created_at",
        "r.language",
    ),
)


@dataclass(frozen=True)
class Count:
    """Rows of one table of counts, and the statement that makes them, for moments from `begins` until `ends`.

    `only`: which rows of the table, where others are counted elsewhere.
    """

    table: str
    made: str
    only: str = "TRUE"

    @property
    def columns(self) -> str:
        """The names of its columns, as SQL."""
        return ", ".join(f'"{column.name}"' for column in Base.metadata.tables[self.table].columns)

    @property
    def counted(self) -> str:
        """The rows that are stored of days from `first` to `last`, or hours from `begins` until `ends`."""
        when = _WHEN.get(self.table, "day BETWEEN :first AND :last")
        return f"FROM {self.table} WHERE {when} AND {self.only}"


_WHEN = {
    "call_hours": "hour >= :begins AND hour < :ends",
    "step_months": "month BETWEEN :first_month AND :last",
    "spread_months": "month BETWEEN :first_month AND :last",
}
_MONTH = "date_trunc('month', day)::date AS month"
_OF_MONTHS = "day BETWEEN :first_month AND :last_of_month"
_STEP_MONTHS = f"""
SELECT {_MONTH}, language, step, to_step, sum(passed)::int AS passed, sum(seconds)::int AS seconds
  FROM step_days WHERE {_OF_MONTHS} GROUP BY 1, 2, 3, 4"""  # noqa: S608 - our own words alone
_SPREAD_MONTHS = f"""
SELECT {_MONTH}, what, language, value, sum(count)::int AS count
  FROM spread_days WHERE {_OF_MONTHS} AND {{only}} GROUP BY 1, 2, 3, 4"""  # noqa: S608 - our own words alone


def _spreads(each: tuple[str, ...], *which: Spread) -> tuple[Count, Count]:
    """Lengths of time by day, and then, from what was counted by day, by month."""
    only = f"what IN ({', '.join(repr(str(one)) for one in which)})"
    return (
        Count("spread_days", " UNION ALL ".join(each), only),
        Count("spread_months", _SPREAD_MONTHS.format(only=only), only),
    )


_SHUT = f"ARRAY[{', '.join(map(repr, SHUT))}]"
_BY_CALLS = f"""
SELECT {{when}}, language, number, outcome, count(*) AS calls, sum(seconds) AS seconds,
       count(*) FILTER (WHERE listened) AS listened, count(useful_seconds) AS useful,
       count(wait_seconds) AS wanted_person, count(*) FILTER (WHERE answered) AS answered,
       count(*) FILTER (WHERE answered AND wait_seconds <= {IN_TIME}) AS in_time,
       count(*) FILTER (WHERE NOT answered AND hung_up AND wait_seconds > {PATIENT}) AS left_waiting,
       count(*) FILTER (WHERE nobody) AS nobody, count(*) FILTER (WHERE turned_away) AS turned_away,
       count(*) FILTER (WHERE turned_away AND came_to && {_SHUT}) AS closed
  FROM call_sums WHERE hour >= :begins AND hour < :ends
 GROUP BY 1, 2, 3, 4"""  # noqa: S608 - two numbers of ours
_CALL_HOURS = _BY_CALLS.format(when="hour")
_CALL_DAYS = _BY_CALLS.format(when=f"(hour {_ROME})::date AS day")
_STEP_DAYS = f"""
WITH way AS (
  SELECT (s.hour {_ROME})::date AS day, coalesce(t.to_language, '') AS language, coalesce(t.to_step, '') AS here, t.turn,
         t.call_sid, t.at, lead(coalesce(t.to_step, '')) OVER calls AS next, lead(t.at) OVER calls AS until, c.ended_at
    FROM call_sums s JOIN calls c ON c.id = s.call_id JOIN steps t ON t.call_sid = c.sid
   WHERE s.hour >= :begins AND s.hour < :ends
  WINDOW calls AS (PARTITION BY t.call_sid ORDER BY t.turn)
)
SELECT day, language, step, to_step, sum(passed) AS passed, sum(seconds) AS seconds FROM (
  SELECT day, language, here AS step, coalesce(next, '') AS to_step, count(*) AS passed,
         sum(greatest(0, extract(epoch FROM coalesce(until, ended_at, at) - at)))::bigint AS seconds
    FROM way WHERE here <> '' GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT day, language, '', here, count(*), 0 FROM way WHERE turn = 0 AND here <> '' GROUP BY 1, 2, 4
) both_kinds GROUP BY 1, 2, 3, 4"""  # noqa: S608 - our own words alone
_CALLBACK_DAYS = f"""
SELECT (c.created_at {_ROME})::date AS day, c.language, coalesce(c.topic, '') AS topic, a.source, c.state,
       count(*) AS callbacks, sum((SELECT count(*) FROM attempts t WHERE t.callback_id = c.id))::bigint AS attempts,
       count(*) FILTER (WHERE ({_TRIED} {_ROME})::date > c.promised_on) AS late
  FROM callbacks c JOIN asks a ON a.id = c.ask_id
 WHERE c.created_at >= :begins AND c.created_at < :ends
 GROUP BY 1, 2, 3, 4, 5"""  # noqa: S608 - our own words alone
_REQUEST_DAYS = f"""
SELECT (r.created_at {_ROME})::date AS day, coalesce(r.language, '') AS language, coalesce(r.region, '') AS region,
       coalesce(r.country, '') AS country, coalesce(r."group", '') AS "group",
       CASE WHEN r.state IN ('offered', 'accepted', 'closed') THEN coalesce(r.entity_id, '') ELSE '' END AS entity_id,
       CASE WHEN r.state IN ('offered', 'accepted', 'closed') THEN coalesce(
         (SELECT o.project_id FROM offers o WHERE o.request_id = r.id ORDER BY o.id DESC LIMIT 1), '') ELSE ''
       END AS project_id,
       r.state, coalesce(r.outcome, '') AS outcome,
       CASE WHEN r.state IN ('waiting', 'needs_person') THEN coalesce(r.reason->>'code', '')
            WHEN r.state = 'cancelled' AND NOT EXISTS (SELECT FROM offers o WHERE o.request_id = r.id) THEN '{NEVER_OFFERED}'
            ELSE '' END AS why,
       count(*) AS requests
  FROM requests r WHERE r.created_at >= :begins AND r.created_at < :ends
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"""  # noqa: S608 - our own words alone

_CASE_DAYS = f"""
WITH told AS (
  SELECT w.what, c.offer_id, min(c.at) AS at
    FROM case_reports c
    JOIN (VALUES ('counselled', 'counselling_begun'), ('counselled', 'plan_made'), ('counselled', 'returned'),
                 ('plans', 'plan_made'), ('returned', 'returned')) w (what, outcome) ON w.outcome = c.outcome
   WHERE c.offer_id IN (SELECT offer_id FROM case_reports WHERE at >= :begins AND at < :ends)
   GROUP BY 1, 2
)
SELECT (told.at {_ROME})::date AS day, o.project_id, coalesce(r.country, '') AS country, told.what, count(*) AS cases
  FROM told JOIN offers o ON o.id = told.offer_id JOIN requests r ON r.id = o.request_id
 WHERE told.at >= :begins AND told.at < :ends
 GROUP BY 1, 2, 3, 4"""  # noqa: S608 - our own words alone

OF_CALLS = (
    Count("call_hours", _CALL_HOURS),
    Count("call_days", _CALL_DAYS),
    Count("step_days", _STEP_DAYS),
    Count("step_months", _STEP_MONTHS),
    *_spreads(_OF_CALLS, Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS, Spread.WAIT_SECONDS),
)
OF_CALLBACKS = (
    Count("callback_days", _CALLBACK_DAYS),
    *_spreads(_OF_CALLBACKS, Spread.FIRST_TRY_MINUTES, Spread.CONTACT_MINUTES),
)
OF_REQUESTS = (
    Count("request_days", _REQUEST_DAYS),
    *_spreads(_OF_REQUESTS, Spread.OFFER_MINUTES, Spread.ACCEPTANCE_MINUTES),
)
OF_CASES = (Count("case_days", _CASE_DAYS),)
ALL = (*OF_CALLS, *OF_CALLBACKS, *OF_REQUESTS, *OF_CASES)


def moments(first: date, last: date) -> dict[str, date | datetime]:
    """Days of Rome, both included, the moments at which they begin and are over, and the first and the last day of the
    months that they are in: what every statement is given."""
    return {
        "first": first,
        "last": last,
        "first_month": month_of(first),
        "last_of_month": after(month_of(last)) - timedelta(days=1),
        "begins": at_hour(first, 0),
        "ends": at_hour(last + timedelta(days=1), 0),
    }


def recount(session: Session, first: date, last: date, counts: tuple[Count, ...] = ALL) -> None:
    """Count these days anew, both included; what was counted of them before is replaced.

    Who counts waits for others who do: the later count is the one that stays.
    """
    given = moments(first, last)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('figures'))"))
    for count in counts:
        session.execute(text(f"DELETE {count.counted}"), given)
        made = f"INSERT INTO {count.table} ({count.columns}) SELECT {count.columns} FROM ({count.made}) n"  # noqa: S608 - our own words alone
        session.execute(text(made), given)
