"""What entities answer to offers and report of cases, and what follows: on a real database."""

import pytest
from sqlalchemy import func, select, update

from helpline import db
from helpline.callbacks.models import Callback, Plan
from helpline.intake import reaching
from helpline.intake.models import Ask
from helpline.routing import offers, projects, waiting
from helpline.routing.models import Project, Request
from helpline.routing.records import RequestNote
from helpline.routing.requests import withdraw
from tests.integration import routing_rows as rows
from tests.integration.routing_deeds import WHO, act, market, offer, offered, request, told

pytestmark = pytest.mark.usefixtures("database")


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
