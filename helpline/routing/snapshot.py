"""Reads projects and requests into the values that the policy decides on; changes nothing, locks nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.orm import Session

from helpline.hours import at_hour, today
from helpline.routing import blocks, deadlines
from helpline.routing.blocks import Blocked
from helpline.routing.deadlines import any_of
from helpline.routing.models import LIVE, LIVE_OFFERS, Entity, Offer, OfferState, Project
from helpline.routing.values import Limits, Used, Wanted
from helpline.routing.values import Project as Seen

# Columns rather than objects, and always as the database has them now: all of it is read for every plan.
_PROJECTS = (
    select(
        Project.id, Project.entity_id, Project.starts_on, Project.ends_on,
        Project.places_total, Project.open_cases, Project.per_week,
        Project.regions, Project.countries, Project.groups, Project.languages,
        or_(Entity.paused_reason.is_not(None), Project.paused_reason.is_not(None)),
        Entity.full_since.is_not(None),
    )
    .join(Entity, Entity.id == Project.entity_id)
    .order_by(Project.id)
)  # fmt: skip
_LIVE = text(LIVE)
_NONE: frozenset[str] = frozenset()

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
    """Every project (or those named, or those of one entity), what is used of its limits counted now from offers."""
    now = now or deadlines.moment(session)
    found = _PROJECTS
    if project_ids is not None:
        found = found.where(Project.id == any_of(project_ids))
    if entity_id is not None:
        found = found.where(Project.entity_id == entity_id)
    rows = session.execute(found).all()
    taken = used(session, now, None if project_ids is None else project_ids)
    # Only who explains a whole plan asks for it; who holds locks names the projects.
    due = _answers_due(session) if project_ids is None else {}
    return [
        Seen(
            id, owner, starts_on, ends_on, Limits(total, open_cases, per_week), taken.get(id, Used()),
            tuple(regions), tuple(countries), tuple(groups), tuple(languages), paused, full,
            due.get(id),
        )
        for id, owner, starts_on, ends_on, total, open_cases, per_week, regions, countries, groups, languages,
            paused, full in rows
    ]  # fmt: skip


def _answers_due(session: Session) -> dict[str, date]:
    """By project, the Roman day on which the first of its pending offers must be answered."""
    first = select(Offer.project_id, func.min(Offer.expires_at)).where(Offer.state == OfferState.PENDING)
    return {id: today(at) for id, at in session.execute(first.group_by(Offer.project_id))}


def used(session: Session, now: datetime, project_ids: Collection[str] | None = None) -> Mapping[str, Used]:
    """How much of each limit of projects is used, by project; those of which nothing is used are not there.

    Under the lock on a project's entity this is the truth until that transaction ends.
    """
    since = week_begins(now)
    live_or_begun = or_(_LIVE, Offer.begun_at.is_not(None))
    # A case that was given back or withdrawn in its week is not done in it; one that was closed is.
    this_week = and_(Offer.made_at >= since, Offer.state.in_(LIVE_OFFERS))
    counted = (
        select(
            Offer.project_id,
            func.count(case((live_or_begun, 1))),
            func.count(case((_LIVE, 1))),
            func.count(case((this_week, 1))),
        )
        .where(or_(_LIVE, Offer.begun_at.is_not(None), Offer.accepted_at.is_not(None)))
        .group_by(Offer.project_id)
    )
    if project_ids is not None:
        counted = counted.where(Offer.project_id == any_of(project_ids))
    return {id: Used(total, live, week) for id, total, live, week in session.execute(counted)}


def week_begins(now: datetime) -> datetime:
    """The first moment of the ISO week in Rome."""
    day = today(now)
    return at_hour(day - timedelta(days=day.weekday()), 0)


Kept = Mapping[int, tuple[str, str | None]]
"""Of everybody who waits, the state, and the key of the reason that is kept."""


def wanted(session: Session, *, request_id: int | None = None, now: datetime | None = None) -> list[Wanted]:
    """Everybody who waits (or the one named, if it does), but for those whom a person must look at first."""
    return waiting(session, request_id=request_id, now=now)[0]


def waiting(
    session: Session, *, request_id: int | None = None, now: datetime | None = None
) -> tuple[list[Wanted], Kept]:
    """As `wanted`, with what is kept of them."""
    now = now or deadlines.moment(session)
    blocked = blocks.of_waiting(session, now, request_id=request_id)
    cursor = session.connection().exec_driver_sql(_WAITING, {"now": now, "id": request_id}).cursor
    rows = cursor.fetchall() if cursor is not None else []
    # Nearly nobody was declined before: what is the same for all is made once.
    found = [
        Wanted(id, language, region, country, group, since, urgent, _NONE, _NONE, parked)
        if id not in blocked
        else _refused(blocked[id], Wanted(id, language, region, country, group, since, urgent, parked=parked))
        for id, language, region, country, group, since, urgent, parked, _, _ in rows
    ]
    return found, {row[0]: (row[8], row[9]) for row in rows}


def _refused(held: Blocked, wanted: Wanted) -> Wanted:
    return replace(
        wanted,
        declined_by=frozenset(held.for_good),
        cooling=frozenset(held.for_now),
        declined_on=tuple(sorted(held.for_good.items())),
    )
