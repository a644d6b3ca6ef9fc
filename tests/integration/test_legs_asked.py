"""What is asked of the carrier: in turn, never twice, and what becomes of a leg that it refuses or says nothing of."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from helpline import db
from helpline.telephony import legs, looking, pace, placing
from helpline.telephony.carrier import CarrierError, Declined, NotNow
from helpline.telephony.models import Cause, LegState
from tests.integration.leg_deeds import SID, Scripted, known, later, meant, of, told

pytestmark = pytest.mark.usefixtures("asked")


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
