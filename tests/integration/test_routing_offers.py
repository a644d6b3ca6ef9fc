"""Requests are offered to who has room, once, and wait with their reason when nobody has: on a real database."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from helpline import clock, db
from helpline.db.states import Moved
from helpline.routing import committing, keeping, offering, offers
from helpline.routing.blocks import block
from helpline.routing.models import LIVE_OFFERS, Entity, Offer, Project, Request
from helpline.routing.requests import withdraw
from tests.integration import routing_rows as rows

pytestmark = pytest.mark.usefixtures("database")


def saved(count: int = 1, **fields: Any) -> list[int]:
    with db.transaction() as session:
        return [request.id for request in rows.requests(session, count, **fields)]


def request(request_id: int) -> Request:
    with db.transaction() as session:
        return session.get_one(Request, request_id)


def live(request_id: int) -> Offer | None:
    with db.transaction() as session:
        found = select(Offer).where(Offer.request_id == request_id, Offer.state.in_(LIVE_OFFERS))
        return session.scalars(found).one_or_none()


def entities(**places: int) -> None:
    with db.transaction() as session:
        for id, count in places.items():
            rows.entity(session, id, places=count)


def test_a_request_is_offered_to_the_least_used_entity_and_says_so() -> None:
    entities(big=4, small=2)
    for id in saved(3):
        offers.offer_request(id)
    with db.transaction() as session:
        made = session.execute(select(Offer.entity_id).order_by(Offer.id)).scalars().all()
    assert made == ["big", "small", "big"]


def test_an_offer_is_made_once_however_often_the_job_runs() -> None:
    entities(one=5)
    (id,) = saved()
    assert offers.offer_request(id) is not None
    assert offers.offer_request(id) is None
    with db.transaction() as session:
        assert len(session.scalars(select(Offer)).all()) == 1
    held = request(id)
    assert (held.state, held.entity_id, held.reason) == ("offered", "one", None)


def test_a_request_that_is_not_there_harms_nobody() -> None:
    assert offers.offer_request(987_654) is None


def test_a_request_waits_with_its_reason_when_all_is_full_and_takes_the_place_that_is_freed() -> None:
    entities(one=1)
    first, second, third = saved(3)
    for id in (first, second, third):
        offers.offer_request(id)
    held = request(second)
    assert held.state == "waiting"
    assert held.reason is not None
    said = {name: held.reason[name] for name in ("code", "counts", "total", "says")}
    assert said == {"code": "wait", "counts": {"full": 1}, "total": 1, "says": "0 of 1: 1 full"}
    assert held.reason["chain"][-2:] == [["full", 0], ["held for urgent ones", 0]]
    with db.transaction() as session:
        assert keeping.read(session, held.reason)["proof"] == ["one-0"]
    with db.transaction() as session:
        assert withdraw(session, session.get_one(Request, first), who="caller", why="changed their mind")
    assert offers.sweep_waiting() == 1
    assert [request(id).state for id in (first, second, third)] == ["cancelled", "offered", "waiting"]
    assert request(first).entity_id == "one"
    assert live(first) is None


def test_a_place_that_is_freed_goes_to_the_urgent_then_to_who_waits_longest() -> None:
    entities(one=1)
    (holder,) = saved()
    offers.offer_request(holder)
    older, newer = saved(2)
    (urgent,) = saved(urgent=True)
    with db.transaction() as session:
        session.get_one(Request, newer).waiting_since = clock.now() - timedelta(days=2)
    for expected in (urgent, newer, older):
        with db.transaction() as session:
            held = session.scalars(select(Request).where(Request.state == "offered")).one()
            withdraw(session, held, who="caller", why="no longer")
        assert offers.sweep_waiting() == 1
        assert request(expected).state == "offered"


def test_withdrawing_twice_is_once() -> None:
    entities(one=1)
    (id,) = saved()
    offers.offer_request(id)
    for expected in (True, False):
        with db.transaction() as session:
            assert withdraw(session, session.get_one(Request, id), who="caller", why="no") is expected


def test_nobody_could_ever_take_it_is_for_a_person_until_a_project_comes_that_can() -> None:
    with db.transaction() as session:
        rows.entity(session, "north", places=9, regions=["veneto"], countries=["BD", "IN"])
    (id,) = saved()
    offers.offer_request(id)
    held = request(id)
    assert (held.state, held.reason and held.reason["says"]) == ("needs_person", "0 of 1: 1 other region")
    assert offers.sweep_waiting() == 0
    with db.transaction() as session:
        rows.entity(session, "rome", regions=["lazio"])
    assert offers.sweep_waiting() == 1
    assert request(id).entity_id == "rome"


def test_requests_wait_while_no_project_runs_at_all() -> None:
    (id,) = saved()
    offers.offer_request(id)
    held = request(id)
    assert (held.state, held.reason and held.reason["says"]) == ("waiting", "0 of 0: no project runs today")


def test_a_declined_request_goes_to_another_entity_and_never_back() -> None:
    entities(first=1, second=1)
    (id,) = saved()
    offers.offer_request(id)
    for expected in ("first", "second"):
        offer = live(id)
        assert offer is not None and offer.entity_id == expected
        with db.transaction() as session:
            offers.decline(session, offer.id, reason="not_our_territory", who="entity")
        waits_since = request(id).waiting_since
        offers.sweep_waiting()
        assert request(id).waiting_since == waits_since
    held = request(id)
    assert (held.state, held.entity_id) == ("needs_person", None)
    assert held.reason and held.reason["counts"] == {"declined": 2}


def test_an_offer_is_accepted_once_and_what_is_over_stays_over() -> None:
    entities(one=1)
    (id,) = saved()
    offer_id = offers.offer_request(id)
    assert offer_id is not None
    for _ in range(2):
        with db.transaction() as session:
            assert offers.accept(session, offer_id, who="entity").state == "accepted"
    assert request(id).state == "accepted"
    with db.transaction() as session:
        withdraw(session, session.get_one(Request, id), who="caller", why="no")
    with pytest.raises(offers.Late) as late, db.transaction() as session:
        offers.accept(session, offer_id, who="entity")
    assert late.value.state == "withdrawn"
    with pytest.raises(LookupError), db.transaction() as session:
        offers.accept(session, 987_654, who="entity")
    with db.transaction() as session:
        moved = select(Moved.kind, Moved.from_state, Moved.to_state).order_by(Moved.id)
        assert session.execute(moved).all() == [
            ("request", None, "waiting"), ("offer", None, "pending"), ("request", "waiting", "offered"),
            ("offer", "pending", "accepted"), ("request", "offered", "accepted"), ("offer", "accepted", "withdrawn"),
            ("request", "accepted", "cancelled"),
        ]  # fmt: skip


@pytest.mark.parametrize("change", ["paused", "ended", "fewer places"])
def test_what_changed_since_it_was_read_is_seen_under_the_lock(change: str, monkeypatch: Any) -> None:
    entities(one=1, two=1)
    (id,) = saved()
    take = offering._take_place
    tried: list[str] = []

    def late(session: Any, request_id: int, seen: Any, record: Any) -> Any:
        tried.append(seen.id)
        if len(tried) == 1:
            with db.transaction() as other:
                if change == "paused":
                    other.get_one(Entity, "one").paused_reason = "no staff this week"
                elif change == "ended":
                    other.get_one(Project, "one-0").ends_on = date(2021, 1, 1)
                else:
                    other.get_one(Project, "one-0").places_total = 0
        return take(session, request_id, seen, record)

    monkeypatch.setattr(offering, "_take_place", late)
    offers.offer_request(id)
    assert tried == ["one-0", "two-0"]
    assert request(id).entity_id == "two"


def test_the_database_itself_refuses_a_second_live_offer() -> None:
    entities(one=5, two=5)
    (id,) = saved()
    offers.offer_request(id)
    with pytest.raises(IntegrityError, match="uq_offers_live_request"), db.transaction() as session:
        session.add(Offer(request_id=id, project_id="two-0", entity_id="two", why={}))


def test_the_database_itself_refuses_a_request_without_agreement() -> None:
    (id,) = saved()
    change = update(Request).where(Request.id == id).values(agreement_id=None)
    with pytest.raises(IntegrityError, match="agreement_id"), db.transaction() as session:
        session.execute(change)


def test_whether_there_is_a_place_is_known_before_the_caller_hangs_up() -> None:
    with db.transaction() as session:
        rows.entity(session, "rome", regions=["lazio"], countries=["MA"])
        rows.entity(session, "anywhere", countries=["PE"])
    usual = {"region": "lazio", "country": None, "group": "self", "language": "bn"}
    with db.transaction() as session:
        assert not offers.has_place(session, **usual)
        assert offers.has_place(session, **usual | {"country": "PE", "region": None})
        assert offers.open_project_exists(session)
        assert not offers.open_project_exists(session, date(2019, 12, 31))
        session.execute(Project.__table__.update().values(countries=["*"]))
        assert offers.has_place(session, **usual)


def test_a_new_request_rings_the_job_that_offers_it(valkey: Any) -> None:
    (id,) = saved()
    from rq import Queue

    jobs = Queue("ring", connection=valkey).get_jobs()
    assert [(job.func_name, list(job.args)) for job in jobs] == [("helpline.jobs.offer_request", [id])]


def test_a_plan_that_was_made_before_midnight_offers_nothing_of_what_ended_with_the_day(
    at: Callable[[str], datetime], monkeypatch: Any
) -> None:
    entities(one=1, two=1)
    with db.transaction() as session:
        session.get_one(Project, "one-0").ends_on = date(2026, 11, 26)
    first, second = saved(2)
    at("2026-11-26 23:59")
    make = committing.make_offers

    def after_midnight(planned: Any) -> int:
        at("2026-11-27 00:01")
        return make(planned)

    monkeypatch.setattr(committing, "make_offers", after_midnight)
    assert offers.sweep_waiting() == 1
    assert [request(id).entity_id for id in (first, second)] == [None, "two"]


@pytest.mark.parametrize(
    ("change", "then"),
    [
        ("a place was taken", ["offered", "offered", "waiting"]),
        ("it said no to the first", ["waiting", "offered", "offered"]),
        ("the first is parked", ["waiting", "offered", "offered"]),
        ("the first is a person's", ["needs_person", "offered", "offered"]),
        ("a language less", ["waiting", "waiting", "waiting"]),
    ],
)
def test_what_changed_since_a_plan_was_made_is_seen_when_it_is_written_down(
    change: str, then: list[str], monkeypatch: Any
) -> None:
    entities(one=3)
    ids = saved(3)
    make = committing.make_offers

    def later(planned: Any) -> int:
        with db.transaction() as session:
            first = session.get_one(Request, ids[0])
            if change == "a place was taken":
                (other,) = rows.requests(session, 1)
                other.state = "offered"
                session.add(Offer(request_id=other.id, project_id="one-0", entity_id="one", why={}))
            elif change == "it said no to the first":
                block(session, ids[0], "one", until=None, at=clock.now(), why="not our territory")
            elif change == "the first is parked":
                first.parked_until = clock.now() + timedelta(days=1)
            elif change == "the first is a person's":
                first.state, first.held_for = "needs_person", "coordinator"
            else:
                session.get_one(Project, "one-0").languages = ["bn", "fr"]
        return make(planned)

    monkeypatch.setattr(committing, "make_offers", later)
    offers.sweep_waiting()
    assert [request(id).state for id in ids] == then
    with db.transaction() as session:
        lines = select(Moved.subject_id, Moved.from_state, Moved.to_state).where(Moved.kind == "request")
        moves = session.execute(lines.where(Moved.who == "router", Moved.to_state == "offered")).all()
    assert sorted(moves) == [
        (id, "waiting", "offered") for id, state in zip(ids, then, strict=True) if state == "offered"
    ]
