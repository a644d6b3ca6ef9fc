"""Reads projects and requests into the values that the policy decides on; changes nothing, locks nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from helpline.hours import at_hour, today
from helpline.routing import blocks, deadlines
from helpline.routing.blocks import Blocked
from helpline.routing.models import LIVE
from helpline.routing.values import Limits, Used, Wanted
from helpline.routing.values import Project as Seen

# All of it is read for every plan, and for every offer under its locks: straight from the driver, as columns, and what is
# used of the limits with them. A case that was given back or withdrawn in its week is not done in it; one that was closed is.
_PROJECTS = f"""
SELECT p.id, p.entity_id, p.starts_on, p.ends_on, p.places_total, p.open_cases, p.per_week,
       p.regions, p.countries, p.groups, p.languages,
       e.paused_reason IS NOT NULL OR p.paused_reason IS NOT NULL, e.full_since IS NOT NULL,
       used.total, used.live, used.week, used.due
  FROM projects p JOIN entities e ON e.id = p.entity_id
  LEFT JOIN (
    SELECT project_id,
           count(*) FILTER (WHERE {LIVE} OR begun_at IS NOT NULL) AS total,
           count(*) FILTER (WHERE {LIVE}) AS live,
           count(*) FILTER (WHERE made_at >= %(since)s AND state IN ('pending', 'accepted')) AS week,
           min(expires_at) FILTER (WHERE state = 'pending') AS due
      FROM offers WHERE ({LIVE} OR begun_at IS NOT NULL OR accepted_at IS NOT NULL) {{counted}}
     GROUP BY project_id
  ) used ON used.project_id = p.id
 {{named}} ORDER BY p.id
"""  # noqa: S608 - our own words alone
_ALL = _PROJECTS.format(counted="", named="")
_NAMED = _PROJECTS.format(counted="AND project_id = ANY(%(ids)s)", named="WHERE p.id = ANY(%(ids)s)")
_OF_ENTITY = _PROJECTS.format(counted="AND entity_id = %(entity)s", named="WHERE p.entity_id = %(entity)s")
_NONE: frozenset[str] = frozenset()
_UNUSED = Used()

# A hundred thousand rows come through here: straight from the driver, and only what the policy looks at.
_WAITING = """
SELECT id, language, region, country, "group", waiting_since, urgent, coalesce(parked_until > %(now)s, false),
       state, reason->>'key'
  FROM requests
 WHERE state IN ('waiting', 'needs_person') AND held_for IS NULL
   AND (%(id)s::int IS NULL OR id = %(id)s)
"""


def projects(
    session: Session,
    *,
    project_ids: Collection[str] | None = None,
    entity_id: str | None = None,
    now: datetime | None = None,
) -> list[Seen]:
    """Every project (or those named, or those of one entity), what is used of its limits counted now from offers.

    Under the lock on a project's entity this is the truth until that transaction ends.
    """
    now = now or deadlines.moment(session)
    asked: dict[str, Any] = {"since": week_begins(now)}
    statement = _ALL
    if project_ids is not None:
        statement, asked["ids"] = _NAMED, list(project_ids)
    elif entity_id is not None:
        statement, asked["entity"] = _OF_ENTITY, entity_id
    session.flush()  # the driver does not know what is still to be written
    return [
        Seen(
            id, owner, starts_on, ends_on, Limits(total, open_cases, per_week),
            _UNUSED if taken is None else Used(taken, live, week),
            tuple(regions), tuple(countries), tuple(groups), tuple(languages), paused, full,
            due and today(due),
        )
        for id, owner, starts_on, ends_on, total, open_cases, per_week, regions, countries, groups, languages,
            paused, full, taken, live, week, due in _rows(session, statement, asked)
    ]  # fmt: skip


def week_begins(now: datetime) -> datetime:
    """The first moment of the ISO week in Rome."""
    day = today(now)
    return at_hour(day - timedelta(days=day.weekday()), 0)


Kept = Mapping[int, tuple[str, str]]
"""Of everybody who waits and of whom a reason is kept, the state, and the reason's key."""


def wanted(session: Session, *, request_id: int | None = None, now: datetime | None = None) -> list[Wanted]:
    """Everybody who waits (or the one named, if it does), but for those whom a person must look at first."""
    return waiting(session, request_id=request_id, now=now)[0]


def waiting(
    session: Session, *, request_id: int | None = None, now: datetime | None = None
) -> tuple[list[Wanted], Kept]:
    """As `wanted`, with what is kept of them."""
    now = now or deadlines.moment(session)
    blocked = blocks.of_waiting(session, now, request_id=request_id)
    rows = _rows(session, _WAITING, {"now": now, "id": request_id})
    # Nearly nobody was declined before: what is the same for all is made once.
    found = [
        Wanted(id, language, region, country, group, since, urgent, _NONE, _NONE, parked)
        if id not in blocked
        else _refused(blocked[id], Wanted(id, language, region, country, group, since, urgent, parked=parked))
        for id, language, region, country, group, since, urgent, parked, _, _ in rows
    ]
    return found, {row[0]: (row[8], row[9]) for row in rows if row[9] is not None}


def _rows(session: Session, statement: str, values: dict[str, Any]) -> Sequence[Any]:
    """The rows as the driver gives them: the toolkit would make an object of each."""
    cursor = session.connection().exec_driver_sql(statement, values).cursor
    return cursor.fetchall() if cursor is not None else []


def _refused(held: Blocked, wanted: Wanted) -> Wanted:
    return replace(
        wanted,
        declined_by=frozenset(held.for_good),
        cooling=frozenset(held.for_now),
        declined_on=tuple(sorted(held.for_good.items())),
    )
