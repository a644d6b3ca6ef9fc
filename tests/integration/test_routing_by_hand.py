"""What coordinators do by hand with offers, requests and projects, and when waiting requests are looked at again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from helpline import clock, db
from helpline.routing import offers, projects, ticking, waiting
from helpline.routing.models import Project
from helpline.routing.records import Heartbeat
from tests.integration import routing_rows as rows
from tests.integration.routing_deeds import WHO, act, market, offer, offered, request, told

pytestmark = pytest.mark.usefixtures("database")


def test_the_tick_looks_again_when_something_changed_and_not_before() -> None:
    market(one=0)
    with db.transaction() as session:
        ids = [one.id for one in rows.requests(session, 2)]
    ticking.tick()
    ticking.tick()
    assert ticking.tick() == 0
    with db.transaction() as session:
        before = session.get_one(Heartbeat, 1).looked_at
    act(projects.change, "one-0", who=WHO, why="two more desks", places_total=2)
    assert ticking.tick() == 2
    assert [request(id).state for id in ids] == ["offered", "offered"]
    with db.transaction() as session:
        assert session.get_one(Heartbeat, 1).looked_at != before


def one_a_week() -> None:
    """An organisation with many places, of which one may be given in a week."""
    with db.transaction() as session:
        rows.entity(session, "one", places=50)
        session.execute(update(Project).values(per_week=1))


def test_a_week_has_its_places_and_the_next_one_has_them_again(at: Callable[[str], datetime]) -> None:
    at("2026-11-27 10:00")
    one_a_week()
    (_, first), (second, none) = offered(2)
    act(offers.accept, first, who=WHO)
    act(offers.report, first, "not_eligible", who=WHO)
    assert none == 0 and offers.sweep_waiting() == 0  # accepted, it counts in its week
    held = request(second)
    assert held.reason and held.reason["may_free_on"] == "2026-11-30"
    at("2026-11-30 00:01")
    assert offers.sweep_waiting() == 1


@pytest.mark.parametrize("ended", ["given back", "withdrawn"])
def test_a_case_that_was_given_back_or_withdrawn_in_its_week_frees_its_weekly_place(
    ended: str, at: Callable[[str], datetime]
) -> None:
    at("2026-11-25 10:00")
    one_a_week()
    (_, first), (second, none) = offered(2)
    act(offers.accept, first, who=WHO)
    assert none == 0 and offers.sweep_waiting() == 0
    if ended == "given back":
        act(offers.decline, first, reason="not_eligible_here", who=WHO)
    else:
        act(offers.withdraw, first, who=WHO, why="they called")
    (row,) = act(projects.listed)
    assert (row.used.week, row.free) == (0, 1)
    assert offers.offer_request(second) and request(second).state == "offered"


def test_a_coordinator_gives_more_time_pulls_back_assigns_and_parks(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")
    market(one=5)
    with db.transaction() as session:
        rows.entity(session, "far", places=1, regions=["sardegna"])
    ((id, first),) = offered()
    until = clock.now() + timedelta(days=5)
    act(offers.extend, first, until, who=WHO, why="their patron's day")
    assert abs((offer(first).expires_at - until).total_seconds()) < 20
    with pytest.raises(ValueError, match="later"):
        act(offers.extend, first, clock.now(), who=WHO, why="back")
    with pytest.raises(offers.Late) as late:
        act(offers.assign, id, "far-0", who=WHO, why="they speak Bangla")
    assert late.value.state == "offered"
    assert act(offers.withdraw, first, who=WHO, why="they called").state == "withdrawn"
    assert act(offers.withdraw, first, who=WHO, why="again").state == "withdrawn"
    assert told(first) == ["offer_made", "offer_extended", "offer_withdrawn"]
    assert offers.sweep_waiting() == 0  # not the same entity again, for a day
    given = act(offers.assign, id, "far-0", who=WHO, why="they speak Bangla")
    assert act(offers.assign, id, "far-0", who=WHO, why="they speak Bangla").id == given.id
    ((other, second),) = offered()
    act(offers.withdraw, second, who=WHO, why="x")
    with pytest.raises(offers.Full) as full:
        act(offers.assign, other, "far-0", who=WHO, why="too")
    assert full.value.reason == "full"
    act(offers.park, other, clock.now() + timedelta(days=3), who=WHO, why="in hospital until Thursday")
    at("2026-11-25 09:00")
    assert offers.sweep_waiting() == 0
    held = request(other)
    assert held.reason and held.reason["code"] == "parked"
    at("2026-11-26 09:01")
    assert offers.sweep_waiting() == 1
    whole = act(waiting.one, other)
    assert {(note.about, note.text) for note in whole.notes} == {
        ("withdrawn", "x"), ("parked", "in hospital until Thursday"),
    }  # fmt: skip


def test_a_person_makes_urgent_with_a_reason_and_then_it_is_first() -> None:
    market(one=1)
    ((_, first),) = offered()
    older, newer = (id for id, _ in offered(2))
    with pytest.raises(ValueError, match="reason"):
        act(offers.mark_urgent, newer, who=WHO, why=" ")
    act(offers.mark_urgent, newer, who=WHO, why="days to leave end on Friday")
    act(offers.decline, first, reason="not_our_territory", who=WHO)
    assert offers.offer_request(older) is None  # whoever comes before takes that place
    assert (request(newer).state, request(older).state) == ("offered", "waiting")
