"""Places that are kept for expected urgent ones: only when the line says so, seen by coordinators, and not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from helpline import clock, db
from helpline.faults import Faults
from helpline.line.models import LineVersion
from helpline.routing import holding, keeping, loading, offers, planning
from helpline.routing.models import Offer, Request
from tests.integration import routing_rows as rows
from tests.integration.routing_deeds import WHO

pytestmark = pytest.mark.usefixtures("database")

FRIDAY = "2026-11-27 10:00"


def switched(path: Path, percent: int) -> None:
    file = path / "line.toml"
    file.write_text(f"[look_ahead]\npercent = {percent}\n")
    loading.load(file, who=WHO)


def asked(count: int = 1, **fields: bool) -> list[int]:
    with db.transaction() as session:
        return [request.id for request in rows.requests(session, count, **fields)]


def one_urgent_a_week(weeks: int = 9) -> None:
    """Each on a Friday at noon, long over."""
    ids = asked(weeks, urgent=True)
    with db.transaction() as session:
        for ago, id in enumerate(ids, start=1):
            came = clock.now() - timedelta(weeks=ago) + timedelta(hours=2)
            over = {"created_at": came, "waiting_since": came, "state": "cancelled"}
            session.execute(update(Request).where(Request.id == id).values(over))


@pytest.fixture
def a_friday(database: None, at: Callable[[str], datetime]) -> None:
    """Four places this week, an urgent one expected in the afternoon, four who are not urgent."""
    at(FRIDAY)
    with db.transaction() as session:
        rows.entity(session, "one", places=99, per_week=4)
    one_urgent_a_week()


def states(ids: list[int]) -> list[str]:
    with db.transaction() as session:
        return [session.get_one(Request, id).state for id in ids]


@pytest.mark.usefixtures("a_friday")
def test_nothing_is_kept_until_the_line_says_so() -> None:
    ids = asked(4)
    plan = planning.dry_run()
    assert (plan.forecast, plan.held) == (None, ())
    offers.sweep_waiting()
    assert states(ids) == ["offered"] * 4
    with db.transaction() as session:
        assert holding.shown(session, clock.in_rome().date()) == []


@pytest.mark.usefixtures("a_friday")
def test_an_expected_urgent_one_gets_the_place_that_was_kept_and_what_is_kept_is_seen(
    tmp_path: Path,
) -> None:
    switched(tmp_path, 25)
    ids = asked(4)
    offers.sweep_waiting()
    assert states(ids) == ["offered", "offered", "offered", "waiting"]
    with db.transaction() as session:
        (kept,) = holding.shown(session, clock.in_rome().date())
        assert (kept.name, kept.places, kept.of, kept.until.isoformat()) == ("one-0", 1, 4, "2026-11-30")
        reason = session.get_one(Request, ids[3]).reason
        assert reason is not None
        assert (reason["code"], reason["says"]) == ("held", "0 of 1: 1 held for urgent ones")
        why = session.scalars(select(Offer.why)).first()
        assert keeping.read(session, why)["forecast"] == "2026-11-27 10:00: 8 urgent in 8 weeks"
    late = asked()[0]
    assert offers.offer_request(late) is None
    (urgent,) = asked(urgent=True)
    assert offers.offer_request(urgent) is not None
    assert states([ids[3], late, urgent]) == ["waiting", "waiting", "offered"]


@pytest.mark.usefixtures("a_friday")
def test_what_is_kept_is_given_out_once_the_hour_has_passed_or_it_is_switched_off(
    tmp_path: Path, at: Callable[[str], datetime]
) -> None:
    switched(tmp_path, 25)
    ids = asked(4)
    offers.sweep_waiting()
    assert states(ids)[3] == "waiting"
    at("2026-11-27 12:30")
    offers.sweep_waiting()
    assert states(ids)[3] == "offered"
    with db.transaction() as session:
        assert holding.shown(session, clock.in_rome().date()) == []
    at("2026-12-04 10:00")
    more = asked(4)
    offers.sweep_waiting()
    assert states(more)[3] == "waiting"
    switched(tmp_path, 0)
    offers.sweep_waiting()
    assert states(more)[3] == "offered"
    with db.transaction() as session:
        changes = [
            version.changes["look_ahead"]
            for version in session.scalars(select(LineVersion).order_by(LineVersion.id))
        ]
    assert changes == [{"percent": [None, 25]}, {"percent": [25, 0]}]


def test_more_than_a_quarter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faults) as faults:
        switched(tmp_path, 26)
    assert "look_ahead: percent: must be a whole number from 0 to 25" in str(faults.value)
