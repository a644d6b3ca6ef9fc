"""Asking for help to return, on a real database: agreements, repeated webhooks, what is handed to routing and taken back."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from helpline import db
from helpline.db.states import move
from helpline.intake import agreements, asks
from helpline.intake.asks import NotAgreed
from helpline.intake.models import Ask
from helpline.routing.models import Entity, Offer, Project, Request
from tests.integration.intake_rows import agree, at_once, count, said, save, save_request, state_of

pytestmark = pytest.mark.usefixtures("database")


def test_a_request_is_saved_with_its_agreement_and_handed_to_routing(valkey):
    saved = save_request("CA1")
    with db.transaction() as session:
        request = session.scalars(select(Request)).one()
        assert (request.ask_id, request.region, request.country, request.group) == (
            saved.ask_id,
            "lombardia",
            "BD",
            "self",
        )
    assert valkey.llen("rq:queue:ring") == 1
    assert state_of(saved) == "waiting"


def test_the_same_request_at_once_is_one_request():
    agreement = agree("CA1")
    answers = at_once(lambda _: save_request("CA1", agreement=agreement), range(6))
    assert len({answer.ask_id for answer in answers}) == 1
    assert count(Request) == 1


def test_the_same_agreement_is_kept_once_and_a_no_is_no_agreement():
    assert agree("CA1") == agree("CA1")
    with db.transaction() as session:
        assert agreements.of_call(session, "CA1") == agree("CA1")
    agree("CA2", key="2")
    with db.transaction() as session:
        assert agreements.of_call(session, "CA2") is None


@pytest.mark.parametrize("who", [{"minor": True}, {"whom": "other"}])
def test_nobody_agrees_for_a_child_or_for_somebody_else(who):
    with pytest.raises(NotAgreed):
        save_request("CA1", said(**who))
    assert count(Ask) == 0


def test_a_no_or_another_calls_yes_is_no_agreement():
    with pytest.raises(NotAgreed):
        save_request("CA1", agreement=agree("CA1", key="2"))
    with pytest.raises(NotAgreed):
        save_request("CA1", agreement=agree("CA2"))


def test_the_database_itself_refuses_a_request_without_agreement():
    saved = save("CA1")
    with pytest.raises(IntegrityError, match="ck_asks_agreed"), db.transaction() as session:
        session.execute(text("UPDATE asks SET kind = 'request' WHERE id = :id"), {"id": saved.ask_id})


def test_cancelling_a_request_withdraws_its_live_offer():
    saved = save_request("CA1")
    with db.transaction() as session:
        session.add(Entity(id="entity", name="Entity", contact="nobody"))
        session.flush()
        session.add(
            Project(
                id="project",
                entity_id="entity",
                name="Project",
                funder="Fund",
                starts_on=date(2026, 1, 1),
                ends_on=date(2027, 1, 1),
                places_total=1,
                regions=["*"],
                countries=["*"],
                groups=["*"],
                languages=["*"],
            )
        )
        session.flush()
        request = session.scalars(select(Request)).one()
        session.add(Offer(request_id=request.id, project_id="project", entity_id="entity", why={}))
        move(session, request, "offered", who="test", why="test")
    assert state_of(saved) == "offered"
    with db.transaction() as session:
        assert asks.cancel(session, asks.by_id(session, saved.ask_id))
    with db.transaction() as session:
        assert session.scalars(select(Offer.state)).one() == "withdrawn"
        assert session.scalars(select(Request.state)).one() == "cancelled"
    assert state_of(saved) == "cancelled"
