"""Legs in the database: an intent is a row before anybody is asked, an attempt rings each side once, an end stays."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from helpline import clock, db
from helpline.phone import PhoneNumber
from helpline.telephony import carrier, legs, looking, pace, placing, rooms
from helpline.telephony.carrier import CarrierCall, CarrierError, Declined, NotNow
from helpline.telephony.models import Cause, Leg, LegState, Purpose

NUMBER = PhoneNumber("+393330000123")
SID = "CA" + "1" * 32


@dataclass
class Scripted:
    """A carrier that answers as a test says, and notes when it was asked."""

    calls_a_second: float = 500.0
    asked: list[float] = field(default_factory=list)
    answers: list[str | Exception] = field(default_factory=list)
    known: dict[str, CarrierCall | None] = field(default_factory=dict)
    done: list[tuple[Any, ...]] = field(default_factory=list)

    def place(self, to: PhoneNumber, path: str, *, ring_seconds: int, detect_machine: bool) -> str:
        self.asked.append(monotonic())
        answer = self.answers.pop(0) if self.answers else f"CA{len(self.asked):032}"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def calls_to(self, to: PhoneNumber, since: datetime) -> list[CarrierCall]:
        return [call for call in self.known.values() if call]

    def call(self, sid: str) -> CarrierCall | None:
        return self.known.get(sid)

    def end(self, sid: str, *, answered: bool) -> str:
        self.done.append(("end", sid, answered))
        if self.answers and isinstance(self.answers[0], Exception):
            raise self.answers.pop(0)
        return "completed" if answered else "canceled"

    def send(self, sid: str, path: str) -> None:
        self.done.append(("send", sid, path))

    def hold(self, room_sid: str, call_sid: str, path: str | None) -> None:
        self.done.append(("hold", room_sid, call_sid, path))
        if self.answers:
            raise self.answers.pop(0)


@pytest.fixture
def asked(database: Any) -> Scripted:
    ours = Scripted()
    carrier.use(ours)
    return ours


pytestmark = pytest.mark.usefixtures("asked")


def meant(purpose: Purpose = Purpose.LIVE_OPERATOR, subject: int = 1, **more: Any) -> int:
    with db.transaction() as session:
        return legs.place(session, purpose, subject, NUMBER, language="bn", **more).id


def told(leg_id: int, status: str, sid: str = SID, **more: Any) -> bool:
    with db.transaction() as session:
        return legs.heard(session, leg_id, sid, status, **more) is not None


def of(leg_id: int) -> Leg:
    with db.transaction() as session:
        return session.get_one(Leg, leg_id)


def later(seconds: float) -> None:
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))


def known(status: str, sid: str = SID) -> dict[str, CarrierCall | None]:
    return {sid: CarrierCall(sid, "", "", status, None, None)}


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


# ------------------------------------------------------------ pace


def test_one_call_a_second_for_the_whole_installation_however_many_ask(asked: Scripted) -> None:
    asked.calls_a_second = 1.0
    ids = [meant() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(placing.place_leg, ids))
    gaps = [after - before for before, after in zip(asked.asked, asked.asked[1:], strict=False)]
    assert len(gaps) == 3 and min(gaps) > 0.9


def test_who_would_wait_too_long_takes_no_turn(asked: Scripted) -> None:
    asked.calls_a_second = 0.1
    first, second = meant(), meant()
    assert placing.place_leg(first) and not placing.place_leg(second)
    assert of(second).state == LegState.INTENDED
    later(11)
    assert placing.place_due() == 1


def test_not_now_holds_everybody_off(asked: Scripted) -> None:
    asked.answers = [NotNow("429", 30.0)]
    first, second = meant(), meant()
    assert not placing.place_leg(first) and not placing.place_leg(second)
    assert len(asked.asked) == 1
    with db.transaction() as session:
        assert pace.turn(session, 1.0, longest=0.0) is None
    later(60)
    assert placing.place_due() == 2 and len(asked.asked) == 3


def test_a_call_stopped_while_the_carrier_said_not_now_is_over(asked: Scripted) -> None:
    asked.answers = [NotNow("429", 30.0)]
    leg_id = meant()
    placing.place_leg(leg_id)
    with db.transaction() as session:
        assert legs.stop(session, leg_id)
    later(60)
    assert placing.place_due() == 0 and of(leg_id).cause == Cause.CANCELED


def test_turns_lie_apart_also_after_a_pause() -> None:
    with db.transaction() as session:
        turns = [pace.turn(session, 2.0, longest=60.0) for _ in range(3)]
    assert turns == pytest.approx([0.0, 0.5, 1.0], abs=0.1)


# ------------------------------------------------------------ what the carrier will not do, and what stays open


@pytest.mark.parametrize(
    ("code", "cause"), [(21211, Cause.FAILED), (21214, Cause.FAILED), (20003, Cause.NETWORK)]
)
def test_a_refusal_ends_it(asked: Scripted, code: int, cause: Cause) -> None:
    asked.answers = [Declined(f"400 {code}", code)]
    leg_id = meant()
    placing.place_leg(leg_id)
    assert of(leg_id).cause == cause


def test_an_open_question_is_never_asked_again(asked: Scripted) -> None:
    asked.answers = [CarrierError("ReadTimeout")]
    leg_id = meant()
    assert placing.place_leg(leg_id)
    later(60)
    assert not placing.place_leg(leg_id) and placing.place_due() == 0
    assert len(asked.asked) == 1 and of(leg_id).state == LegState.ASKED


def test_what_was_stopped_in_between_is_ended_when_it_is_found(asked: Scripted) -> None:
    asked.answers = [CarrierError("ReadTimeout")]
    leg_id = meant()
    placing.place_leg(leg_id)
    with db.transaction() as session:
        assert legs.stop(session, leg_id)
    assert not placing.steer_leg(leg_id)
    asked.known = known("ringing")
    later(20)
    assert looking.look_up_unclear() == 1
    assert placing.steer_due() == 0  # its bell has just been rung
    assert placing.steer_leg(leg_id) and of(leg_id).cause == Cause.CANCELED


def test_one_call_that_the_carrier_knows_is_taken_for_one_leg_only(asked: Scripted) -> None:
    asked.answers = [CarrierError("ReadTimeout"), CarrierError("ReadTimeout")]
    both = [meant(), meant()]
    for leg_id in both:
        placing.place_leg(leg_id)
    asked.known = known("ringing")
    later(20)
    assert looking.look_up_unclear() == 1
    assert [of(leg_id).sid for leg_id in both] == [SID, None]


@pytest.mark.parametrize(
    ("heard", "seconds", "known_as", "cause"),
    [
        ("queued", 150, "busy", Cause.BUSY),
        ("ringing", 70, "no-answer", Cause.NO_ANSWER),
        ("in-progress", 200, "completed", Cause.GAVE_UP),
        ("in-progress", 200, None, Cause.NETWORK),
    ],
)
def test_what_is_stuck_is_asked_about(
    asked: Scripted, heard: str, seconds: int, known_as: str | None, cause: Cause
) -> None:
    leg_id = meant()
    told(leg_id, heard)
    asked.known = known(known_as) if known_as else {}
    assert looking.ask_about_stuck() == 0
    later(seconds)
    assert looking.ask_about_stuck() == 1 and of(leg_id).cause == cause


def test_a_long_talk_is_asked_about_now_and_then_and_goes_on(asked: Scripted) -> None:
    leg_id = meant()
    told(leg_id, "in-progress")
    asked.known = known("in-progress")
    later(200)
    assert looking.ask_about_stuck() == 0 and of(leg_id).state == LegState.ANSWERED


def test_a_cancel_that_came_too_late_hangs_up(asked: Scripted) -> None:
    leg_id = meant()
    told(leg_id, "ringing")
    with db.transaction() as session:
        legs.stop(session, leg_id)
    asked.answers, asked.known = [Declined("400 21220", 21220)], known("in-progress")
    assert not placing.steer_leg(leg_id) and of(leg_id).state == LegState.ANSWERED
    later(6)
    assert placing.steer_due() == 1
    assert [one[2] for one in asked.done] == [False, True] and of(leg_id).cause == Cause.CANCELED


# ------------------------------------------------------------ rooms


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
