"""Whether places are kept for expected urgent ones, and for how many: a line's setting, off until somebody loads it.

Reads who came in the last weeks, and keeps what the last plan held back, for coordinators to see; decides nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.line.reading import Table
from helpline.routing import deadlines, overview
from helpline.routing.lookahead import WEEKS, Arrived, expected
from helpline.routing.models import Request
from helpline.routing.records import LookAhead
from helpline.routing.values import MOST_KEPT, Expected, Forecast, Held

ONLY = 1
"""The one row's id."""


@dataclass(frozen=True)
class Shown:
    """A project of which places are kept: how many, of how many of its week, and until which day."""

    project_id: str
    name: str
    places: int
    of: int
    until: date


def read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> dict[str, int] | None:
    """The table `[look_ahead]` of a settings file; None where it does not speak of it. Faults are added to `faults`."""
    if "look_ahead" not in document:
        return None
    table = Table(document["look_ahead"], where=f"{source}: look_ahead", faults=faults, today=today)
    percent = table.whole("percent", 0, MOST_KEPT)
    table.done()
    return {"percent": percent}


def forecast(session: Session, now: datetime | None = None) -> Forecast | None:
    """The urgent ones to be expected until the week ends; None while it is off, or with less than eight weeks to go by."""
    percent = session.scalar(select(LookAhead.percent))
    if not percent:
        return None
    now = now or deadlines.moment(session)
    since = now - timedelta(weeks=WEEKS + 1)
    urgent = select(
        Request.created_at, Request.language, Request.region, Request.country, Request.group
    ).where(Request.urgent, Request.created_at >= since, Request.language.is_not(None))
    arrived = [
        Arrived(came, Expected(language, region, country, group))
        for came, language, region, country, group in session.execute(urgent)
    ]
    first_at = session.scalar(select(func.min(Request.created_at)))
    return expected(arrived, now, first_at=first_at, percent=percent)


def keep(session: Session, held: tuple[Held, ...]) -> None:
    """Keep what a plan holds back, in place of what the last one did; writes nothing where it is the same."""
    rows = [[one.project_id, one.places, one.of, one.until.isoformat()] for one in held]
    last = session.scalar(select(LookAhead.held))
    if rows != (last or []):
        row = {"id": ONLY, "percent": 0, "held": rows}
        session.execute(
            insert(LookAhead).values(row).on_conflict_do_update(index_elements=["id"], set_={"held": rows})
        )


def shown(session: Session, today: date) -> list[Shown]:
    """What the last plan holds back, by the projects' names; nothing once its week is over, or it is switched off."""
    held = session.scalar(select(LookAhead.held).where(LookAhead.percent > 0)) or []
    names = overview.project_names(session)
    found = [
        Shown(id, names.get(id, id), places, of, date.fromisoformat(until)) for id, places, of, until in held
    ]
    return sorted((one for one in found if today < one.until), key=lambda one: (one.name, one.project_id))
