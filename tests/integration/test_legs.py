"""Legs in the database: an intent is a row before anybody is asked, an attempt rings each side once, an end stays."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from helpline import db
from helpline.telephony import legs, placing, rooms
from helpline.telephony.carrier import CarrierError
from helpline.telephony.models import Cause, LegState, Purpose
from tests.integration.leg_deeds import NUMBER, SID, Scripted, later, meant, of, told

pytestmark = pytest.mark.usefixtures("asked")


def test_what_is_rolled_back_is_never_rung(asked: Scripted) -> None:
    def fails() -> None:
        with db.transaction() as session:
            legs.place(session, Purpose.LIVE_OPERATOR, 1, NUMBER, language="bn")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert db.redis().llen("rq:queue:ring") == 0 and placing.place_due() == 0 and asked.asked == []


def test_an_intent_is_committed_before_the_carrier_is_asked(
    asked: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    leg_id = meant()
    seen: list[str] = []

    def look(*words: Any, **more: Any) -> str:
        seen.append(of(leg_id).state)  # another connection: it sees only what is committed
        return SID

    monkeypatch.setattr(Scripted, "place", look)
    assert placing.place_leg(leg_id)
    assert seen == ["asked"]


@pytest.mark.parametrize("purpose", [Purpose.CALLBACK_OPERATOR, Purpose.CALLBACK_CALLER])
def test_the_database_refuses_a_second_dialling_of_one_attempt(purpose: Purpose) -> None:
    first = meant(purpose)
    told(first, "completed")
    with pytest.raises(IntegrityError):
        meant(purpose)


def test_a_mediator_may_be_rung_again_for_another_call_on_hold() -> None:
    assert meant() != meant()


def test_a_bell_holds_an_id_and_no_number() -> None:
    leg_id = meant()
    everything = b" ".join(db.redis().hgetall(db.redis().keys("rq:job:*")[0]).values())
    assert NUMBER.e164.encode() not in everything and b"333" not in everything
    with db.engine().connect() as connection:
        assert NUMBER.e164 not in str(connection.execute(text("SELECT * FROM legs, moves")).all())
    assert leg_id


def test_a_number_is_forgotten_with_the_end_of_its_call() -> None:
    leg_id = meant()
    told(leg_id, "busy")
    assert of(leg_id).to_number is None and of(leg_id).cause == Cause.BUSY


@pytest.mark.parametrize("late", ["queued", "ringing", "in-progress", "busy", "canceled", "nonsense"])
def test_an_end_stays_whatever_comes_late(late: str) -> None:
    leg_id = meant()
    for status in ("ringing", "in-progress", "completed", late):
        told(leg_id, status)
    assert (of(leg_id).state, of(leg_id).cause) == (LegState.ENDED, Cause.GAVE_UP)


def test_news_out_of_order_lead_only_forward() -> None:
    leg_id = meant()
    told(leg_id, "in-progress")
    told(leg_id, "ringing")
    assert of(leg_id).state == LegState.ANSWERED


def test_another_call_is_nobodys() -> None:
    leg_id = meant()
    assert told(leg_id, "ringing")
    assert not told(leg_id, "in-progress", sid="CA" + "2" * 32)
    assert not told(leg_id + 1, "ringing") and not told(leg_id, "ringing", sid="")
    assert of(leg_id).state == LegState.RINGING


def test_the_first_key_counts() -> None:
    leg_id = meant()
    told(leg_id, "in-progress")
    with db.transaction() as session:
        leg = legs.locked(session, leg_id)
        assert leg is not None and legs.press(session, leg, "") and not legs.press(session, leg, "1")
    assert of(leg_id).key == ""


def test_a_guest_is_held_once_the_carrier_has_told_its_name_for_the_room(asked: Scripted) -> None:
    with db.transaction() as session:
        room = rooms.open_room(session, "bn")
        assert not rooms.hold(session, room.name)  # nobody is in there
        rooms.entered(session, room.name, SID)
        assert rooms.hold(session, room.name)
    assert not rooms.settle(room.id) and asked.done == []
    with db.transaction() as session:
        assert not rooms.heard(session, room.name, "CF1", "participant-join")
    assert rooms.settle(room.id) and asked.done == [("hold", "CF1", SID, "/voice/held/bn")]
    with db.transaction() as session:
        assert rooms.back(session, room.name) and rooms.back(session, room.name)
    assert rooms.settle(room.id) and asked.done[-1] == ("hold", "CF1", SID, None)
    with db.transaction() as session:
        assert not rooms.back(session, room.name)


def test_what_the_carrier_could_not_do_for_a_guest_is_asked_again(asked: Scripted) -> None:
    with db.transaction() as session:
        room = rooms.open_room(session, "bn", says="connecting_person")
        assert rooms.fetch(session, room.name, SID)
    later(6)
    assert rooms.settle_due() == 1 and asked.done == [("send", SID, f"/voice/join/{room.name}")]
    assert rooms.settle_due() == 0
    with db.transaction() as session:
        rooms.heard(session, room.name, "CF1", "participant-join")
        rooms.hold(session, room.name)
    asked.answers = [CarrierError("502")]
    later(6)
    assert rooms.settle_due() == 0
    assert rooms.settle_due() == 1


def test_a_room_that_is_over_takes_nobody(asked: Scripted) -> None:
    with db.transaction() as session:
        room = rooms.open_room(session, "bn")
        assert rooms.heard(session, room.name, "CF1", "conference-end")
        assert not rooms.heard(session, room.name, "CF2", "participant-join")
        assert not rooms.fetch(session, room.name, SID)
    assert not rooms.settle(room.id)
