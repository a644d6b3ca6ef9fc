"""Plans for everybody who waits, and writes the plan down; decides nothing itself.

A plan is made of one reading, without locks. What changed since is seen under the locks (`committing`): who was offered,
parked or cancelled meanwhile, and places that are gone, are left out and looked at again at the next tick.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.hours import today
from helpline.routing import committing, deadlines, holding, snapshot
from helpline.routing.policy import Planned, Wanted, plan
from helpline.routing.values import ANY, Project

_LOCK = 0x706C616E  # "plan" in ASCII

_BEFORE = """
SELECT EXISTS (
  SELECT FROM requests r
   WHERE r.state IN ('waiting', 'needs_person') AND r.held_for IS NULL AND r.id <> %(id)s
     AND (r.parked_until IS NULL OR r.parked_until <= %(now)s)
     AND (NOT r.urgent, r.waiting_since, r.id) < (NOT %(urgent)s, %(since)s, %(id)s)
     AND (%(any_region)s OR r.region = ANY(%(regions)s)) AND (%(any_country)s OR r.country = ANY(%(countries)s))
     AND (%(any_group)s OR r."group" = ANY(%(groups)s)) AND (%(any_language)s OR r.language = ANY(%(languages)s))
     AND NOT EXISTS (SELECT FROM pair_blocks b WHERE b.request_id = r.id AND b.entity_id = %(entity)s
                        AND (b.until IS NULL OR b.until > %(now)s)))
"""


def sweep_waiting(*, unless: Callable[[], bool] | None = None) -> int:
    """Offer whatever waits and can be offered now, in the published order; the body of the job of that name.

    For the clock (a bell may be lost), and for whenever a place was freed or a project changed. Plans follow one
    another: `unless` is asked when its turn has come, whether another one has done already what this was wanted for.
    Returns how many offers were made.
    """
    with _one_at_a_time():
        if unless is not None and unless():
            return 0
        with db.transaction() as session:
            now = deadlines.moment(session)
            planned, before = _plan(session, now)
            holding.keep(session, planned.held)
        return committing.write_down(planned, before)


def dry_run(day: date | None = None) -> Planned:
    """The plan as it would be made at this moment (or for another day); nothing is written."""
    with db.transaction() as session:
        return _plan(session, deadlines.moment(session), day)[0]


def _plan(session: Session, now: datetime, day: date | None = None) -> tuple[Planned, snapshot.Kept]:
    (waiting, kept), projects = snapshot.waiting(session, now=now), snapshot.projects(session, now=now)
    planned = plan(waiting, projects, day or today(clock.now()), forecast=holding.forecast(session, now))
    return planned, kept


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Plans follow one another: two at once would be right as well, but do the same work twice."""
    with db.engine().connect() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield


def somebody_before(session: Session, wanted: Wanted, project: Project) -> bool:
    """Whether somebody who comes earlier in the published order could take a place of this project too."""
    asked: dict[str, object] = {
        "id": wanted.id, "urgent": wanted.urgent, "since": wanted.waiting_since, "entity": project.entity_id,
        "now": deadlines.moment(session),
    }  # fmt: skip
    for one, many in (
        ("region", "regions"), ("country", "countries"), ("group", "groups"), ("language", "languages"),
    ):  # fmt: skip
        codes = list(getattr(project, many))
        asked |= {f"any_{one}": ANY in codes, many: codes}
    found: bool = session.connection().exec_driver_sql(_BEFORE, asked).scalar_one()
    return found
