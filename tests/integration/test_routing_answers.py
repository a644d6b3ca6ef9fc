"""What entities answer and what follows; what coordinators do by hand; deadlines and outages: on a real database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from helpline import clock, db
from helpline.callbacks.models import Callback, Plan
from helpline.db.outbox import Leaving
from helpline.hours import ROME
from helpline.intake import reaching
from helpline.intake.models import Ask
from helpline.routing import offers, projects, ticking, waiting
from helpline.routing.models import Entity, Offer, Project, Request
from helpline.routing.records import Heartbeat, Outage, RequestNote
from helpline.routing.requests import withdraw
from tests.integration import routing_rows as rows

pytestmark = pytest.mark.usefixtures("database")
WHO = "person 7"


def market(**places: int) -> None:
    with db.transaction() as session:
        for id, count in places.items():
            rows.entity(session, id, places=count)


def offered(count: int = 1, **fields: Any) -> list[tuple[int, int]]:
    """New requests, each with the id of the offer that was made of it."""
    with db.transaction() as session:
        ids = [request.id for request in rows.requests(session, count, **fields)]
    return [(id, offers.offer_request(id) or 0) for id in ids]


def request(id: int) -> Request:
    with db.transaction() as session:
        return session.get_one(Request, id)


def offer(id: int) -> Offer:
    with db.transaction() as session:
        return session.get_one(Offer, id)


def entity(id: str) -> Entity:
    with db.transaction() as session:
        return session.get_one(Entity, id)


def act(do: Callable[..., Any], *words: Any, **more: Any) -> Any:
    with db.transaction() as session:
        return do(session, *words, **more)


def told(offer_id: int) -> list[str]:
    with db.transaction() as session:
        found = select(Leaving.kind).where(Leaving.offer_id == offer_id).order_by(Leaving.id)
        return list(session.scalars(found))


def test_what_an_entity_has_no_place_for_goes_to_the_next_and_it_is_full_until_it_says_otherwise() -> None:
    market(one=5, two=5)
    ((id, first),) = offered()
    since = request(id).waiting_since
    act(offers.decline, first, reason="no_place_now", note="flooded office", who=WHO)
    assert (offer(first).state, offer(first).declined_for) == ("declined", "no_place_now")
    assert request(id).waiting_since == since
    offers.sweep_waiting()
    assert request(id).entity_id == "two"
    ((other, _),) = offered()
    assert request(other).entity_id == "two"
    assert act(projects.listed, entity_id="one")[0].state == "said_full"
    act(projects.set_full, "one", False, who=WHO)
    ((last, _),) = offered()
    assert request(last).entity_id == "one"
    assert [change.after for change in act(projects.history, "entity one")] == [False, True]
    with db.transaction() as session:
        note = session.scalars(select(RequestNote)).one()
        assert (note.text, note.about) == ("flooded office", "declined")
        raw = session.execute(select(func.encode(RequestNote.__table__.c.text, "escape"))).scalar_one()
        assert "flooded" not in raw


@pytest.mark.parametrize("reason", ["not_our_territory", "not_eligible_here"])
def test_what_is_not_for_an_entity_is_never_offered_to_it_again(reason: str) -> None:
    market(one=5)
    ((id, first),) = offered()
    act(offers.decline, first, reason=reason, who=WHO)
    assert offers.sweep_waiting() == 0
    held = request(id)
    assert (held.state, held.reason and held.reason["code"]) == ("needs_person", "nobody_fits")
    ((other, _),) = offered()
    assert request(other).entity_id == "one"


def test_a_case_of_its_own_waits_for_a_coordinator_and_no_plan_touches_it() -> None:
    market(one=5, two=5)
    ((id, first),) = offered()
    act(offers.decline, first, reason="other", who=WHO)
    assert offers.sweep_waiting() == 0 and offers.offer_request(id) is None
    held = request(id)
    assert (held.state, held.held_for, held.reason and held.reason["code"]) == (
        "needs_person", "coordinator", "other",
    )  # fmt: skip
    act(offers.unpark, id, who=WHO, why="asked them")
    assert offers.offer_request(id) is not None


def test_whom_an_entity_cannot_reach_one_of_ours_calls_and_then_it_goes_on() -> None:
    market(one=5)
    ((id, first),) = offered()
    with db.transaction() as session:
        session.execute(update(Ask).values(closed_at=None))
        session.execute(update(Plan).values(closed_at=None, number="+393330000123", number_hash="h"))
    act(offers.accept, first, who=WHO)
    act(offers.decline, first, reason="cannot_reach", who=WHO)
    assert (request(id).state, request(id).held_for) == ("needs_person", "operator")
    assert reaching.reach_again(id) is True
    assert reaching.reach_again(id) is False and reaching.sweep() == 0
    with db.transaction() as session:
        callback = session.scalars(select(Callback)).one()
        assert callback.state == "waiting"
    for state, expected in (("done", None), ("unreachable", "coordinator")):
        with db.transaction() as session:
            session.execute(update(Callback).values(state=state))
            session.execute(
                update(Request).values(
                    held_for="operator", state="needs_person", reason={"callback": callback.id}
                )
            )
        assert reaching.sweep() == 1
        assert request(id).held_for == expected
    held = request(id)
    assert held.reason and held.reason["code"] == "not_reached"


def test_saying_yes_in_time_says_until_when_to_report_and_too_late_is_told_as_such(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-20 10:00")  # a Friday
    market(one=5)
    (_, first), (_, second) = offered(2)
    made = offer(first)
    assert made.expires_at.astimezone(ROME).strftime("%a %H:%M") == "Wed 10:00"  # 24 of its working hours
    assert made.remind_at and made.remind_at.astimezone(ROME).strftime("%a %H:%M") == "Mon 14:00"
    at("2026-11-23 10:30")
    yes = act(offers.accept, first, who=WHO)
    assert (round(yes.answered_in / 600), entity("one").unanswered) == (51, 0)  # eight and a half hours
    assert yes.contact_by.astimezone(ROME).isoformat()[:16] == "2026-11-27T00:00"
    assert act(offers.accept, first, who="person 8").accepted_at == yes.accepted_at
    at("2026-11-25 10:01")
    for late in (
        lambda: act(offers.accept, second, who=WHO),
        lambda: act(offers.decline, second, reason="other", who=WHO),
        lambda: act(offers.extend, second, clock.now() + timedelta(days=1), who=WHO, why="holiday"),
    ):
        with pytest.raises(offers.Late) as caught:
            late()
        assert caught.value.state == "expired"
    assert offer(second).state == "pending"
    assert offers.expire_due() == 1
    assert offer(second).state == "expired"
    assert told(second) == ["offer_made", "offer_expired"]


def test_an_entity_is_reminded_once_at_half_its_time(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")
    market(one=5)
    ((_, first),) = offered()
    assert offers.remind_due() == 0
    at("2026-11-24 13:01")
    assert (offers.remind_due(), offers.remind_due()) == (1, 0)
    assert told(first) == ["offer_made", "offer_reminder"]


def test_what_expires_goes_to_the_next_rests_a_day_and_three_in_a_row_pause_the_entity(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=5)
    for number in range(3):
        ((id, first),) = offered()
        with db.transaction() as session:
            session.execute(update(Offer).where(Offer.id == first).values(expires_at=clock.now()))
        assert offers.expire_due() == 1
        assert entity("one").unanswered == number + 1
        held = request(id)
        assert held.state == "waiting" and offers.offer_request(id) is None
        held = request(id)
        wanted = {"paused": 1} if number == 2 else {"did not answer lately": 1}
        assert held.reason and held.reason["counts"] == wanted
    assert entity("one").paused_reason == "did not answer 3 offers in a row"
    assert told(first)[-1] == "entity_paused"
    (concern,) = [one for one in act(waiting.concerns) if one.kind == "entity_silent"]
    assert concern.id == "one"
    act(projects.resume, who=WHO, entity_id="one")
    at("2026-11-24 09:01")
    assert offers.sweep_waiting() == 3
    assert entity("one").unanswered == 0


def test_an_outage_of_ours_expires_nothing_and_is_added_to_deadlines_once(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=5)
    (_, first), (_, second) = offered(2)
    ticking.tick()
    now = clock.now()
    gone = timedelta(hours=3)
    with db.transaction() as session:
        # Nobody was there for three hours; the first offer would have expired in them, the second before.
        session.execute(update(Heartbeat).values(at=datetime.now(UTC) - gone))
        session.execute(update(Offer).values(made_at=now - timedelta(days=1)))
        session.execute(update(Offer).where(Offer.id == first).values(expires_at=now - timedelta(hours=1)))
        session.execute(update(Offer).where(Offer.id == second).values(expires_at=now - timedelta(hours=4)))
    assert act(offers.accept, first, who=WHO).state == "accepted"
    with db.transaction() as session:
        session.execute(update(Offer).where(Offer.id == first).values(state="pending", accepted_at=None))
    ticking.tick()
    assert (offer(first).state, offer(second).state) == ("pending", "expired")
    assert abs((offer(first).expires_at - now).total_seconds() - 7200) < 20
    ticking.tick()
    with db.transaction() as session:
        outage = session.scalars(select(Outage)).one()
        assert (outage.offers, round((outage.ended_at - outage.began_at).total_seconds() / 60)) == (1, 180)
    assert abs((offer(first).expires_at - now).total_seconds() - 7200) < 20


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


def test_a_case_goes_step_by_step_to_its_end_and_frees_what_it_must() -> None:
    with db.transaction() as session:
        rows.entity(session, "one", places=2)
        session.execute(update(Project).values(open_cases=1))
    (first, yes), (second, none) = offered(2)
    assert none == 0
    for wrong in ("contacted", "returned"):
        with pytest.raises(offers.Late) as late:
            act(offers.report, yes, wrong, who=WHO)
        assert late.value.state == "pending"
    act(offers.accept, yes, who=WHO)
    for step in ("contacted", "counselling_begun", "counselling_begun", "plan_made"):
        act(offers.report, yes, step, who=WHO)
    assert offers.sweep_waiting() == 0
    act(offers.report, yes, "returned", who=WHO)
    assert (request(first).state, request(first).outcome) == ("closed", "returned")
    assert act(offers.report, yes, "returned", who=WHO).ended_at is not None
    with pytest.raises(offers.Late):
        act(offers.report, yes, "withdrew", who=WHO)
    assert offers.sweep_waiting() == 1  # the open case is over
    assert request(second).state == "offered"
    assert offered()[0][1] == 0
    (row,) = act(projects.listed)
    assert (row.used.total, row.used.open, row.free) == (2, 1, 0)  # what was begun keeps its place for ever
    lines = [(line.what, line.after) for line in act(waiting.one, first).lines]
    assert lines.count((f"offer {yes}", "counselling_begun")) == 1
    assert (f"offer {yes}", "returned") in lines and (f"request {first}", "closed") in lines


def test_a_week_has_its_places_and_the_next_one_has_them_again(at: Callable[[str], datetime]) -> None:
    at("2026-11-27 10:00")
    with db.transaction() as session:
        rows.entity(session, "one", places=50)
        session.execute(update(Project).values(per_week=1))
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
    with db.transaction() as session:
        rows.entity(session, "one", places=50)
        session.execute(update(Project).values(per_week=1))
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
    assert abs((offer(first).expires_at - until).total_seconds()) < 1
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


def test_an_entity_sees_nobody_before_it_accepts_and_nobody_elses_ever() -> None:
    market(one=1)
    ((id, first),) = offered(region=None)
    with db.transaction() as session:
        session.execute(update(Plan).values(number="+393330000123"))
        session.execute(update(Ask).values(code="4711", window="evening"))
    before = act(offers.seen_by_entity, first, "one")
    assert set(before) == {"language", "region", "country", "group", "urgent", "window", "asked_at"}
    for stranger in ("two", ""):
        with pytest.raises(LookupError):
            act(offers.seen_by_entity, first, stranger)
        with pytest.raises(LookupError):
            act(offers.accept, first, who=WHO, entity_id=stranger)
    act(offers.accept, first, who=WHO, entity_id="one")
    after = act(offers.seen_by_entity, first, "one")
    assert (after["number"], after["code_ends_with"], after["window"]) == ("+393330000123", "11", "evening")
    with db.transaction() as session:
        withdraw(session, session.get_one(Request, id), who="caller", why="cancelled with the code")
    assert "number" not in act(offers.seen_by_entity, first, "one")
    assert told(first) == ["offer_made", "offer_withdrawn"]
    (row,) = act(offers.offers_of, "one", state="withdrawn")
    assert (row.id, row.state) == (first, "withdrawn")
    assert act(offers.offers_of, "one", before=first) == []


def test_what_is_not_reported_contacted_in_three_working_days_is_a_coordinators(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=2)
    (_, first), (_, second) = offered(2)
    for each in (first, second):
        act(offers.accept, each, who=WHO)
    act(offers.report, second, "contacted", who=WHO)
    at("2026-11-26 23:59")
    assert act(waiting.concerns) == []
    at("2026-11-27 00:00")
    (concern,) = act(waiting.concerns)
    assert (concern.kind, concern.id, concern.entity_id) == ("not_contacted", str(first), "one")


def test_time_to_answer_follows_the_entitys_own_answers_and_its_own_hours(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=50)
    act(
        projects.change_entity, "one", who=WHO, why="two afternoons",
        hours=[{"days": ["tuesday", "thursday"], "from": 14, "to": 18}],
    )  # fmt: skip
    ((_, first),) = offered()
    assert (
        offer(first).expires_at.astimezone(ROME).isoformat()[:13] == "2026-12-15T18"
    )  # six afternoons, the 8th is a holiday
    at("2026-11-24 16:00")
    act(offers.accept, first, who=WHO)
    assert offer(first).answered_in in range(7190, 7260)
    ((_, second),) = offered()
    assert (
        offer(second).expires_at.astimezone(ROME).isoformat()[:16] == "2026-11-26T16:00"
    )  # four hours at least
