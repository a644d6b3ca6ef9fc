"""What is said after a tone: announced by the call, by its own webhook, before, after or never; and a tone after which
nobody speaks is not a message."""

from collections.abc import Callable
from datetime import datetime

import pytest

from helpline.calls import clips, reconciling
from helpline.calls.models import Call, Clip
from helpline.simulator.carrier import Carrier
from helpline.simulator.clips import voice
from helpline.simulator.recordings import Recording
from tests.calls.caller import Caller
from tests.calls.ways import fields_of, goes_to_consent, one, outcome, rows


def leaves_a_message(caller: Caller, seconds: float = 4) -> Caller:
    caller.dials().chooses("bn").presses("2", "1").keeps_silent(3).hears("leave_message")
    return caller.says(seconds)


@pytest.mark.parametrize("delay", [0.0, 2.0, 120.0], ids=["at once", "soon", "after the call"])
def test_a_message_is_fetched_whenever_the_carrier_has_it_and_deleted_there(
    caller: Caller, carrier: Carrier, delay: float
) -> None:
    carrier.mischief.recording_delay = delay
    leaves_a_message(caller).hears("message_thanks", "goodbye").afterwards()
    assert fields_of(one(Clip), "kind", "state", "at_carrier") == ("message", "held", False)
    assert outcome() == "message" and len(carrier.recordings) == 0


def test_a_message_whose_webhook_never_came_is_found_by_the_sweep(
    caller: Caller, carrier: Carrier, at: Callable[[str], datetime]
) -> None:
    carrier.mischief.drop = {"recording"}
    leaves_a_message(caller).hears("message_thanks").afterwards()
    assert (one(Clip).state, outcome()) == ("announced", "message")
    at("2026-11-18 11:00")
    assert clips.overdue_clips() == 1
    assert one(Clip).state == "held"


def test_a_recording_that_came_to_nothing_is_no_message(caller: Caller, carrier: Carrier) -> None:
    carrier.mischief.recording_lost = True
    leaves_a_message(caller).afterwards()
    assert (one(Clip).state, outcome()) == ("absent", "gave_up")


def test_a_message_of_silence_is_no_message(caller: Caller, carrier: Carrier) -> None:
    carrier.mischief.saves_silence = True
    caller.dials().chooses("bn").presses("2", "1").keeps_silent(3).hears(
        "leave_message"
    ).keeps_silent().afterwards()
    assert (one(Clip).state, outcome()) == ("absent", "gave_up")
    assert len(carrier.recordings) == 0


def test_a_tone_after_which_nothing_was_recorded_thanks_nobody(caller: Caller) -> None:
    caller.dials().chooses("ar").presses("2", "1").keeps_silent(3).hears("leave_message").keeps_silent()
    caller.hears("goodbye").does_not_hear("message_thanks").afterwards()
    assert not rows(Clip) and outcome() == "gave_up"


def test_hanging_up_while_speaking_leaves_the_message(caller: Caller) -> None:
    caller.dials().chooses("uk").presses("2", "1").keeps_silent(3)
    caller.call.speak(5, hang_up=True)
    caller.afterwards()
    assert (one(Clip).state, outcome()) == ("held", "message")


def test_hanging_up_at_the_tone_leaves_nothing(caller: Caller) -> None:
    caller.dials().chooses("uk").presses("2", "1").keeps_silent(3)
    caller.call.hang_up(after=0.1)
    caller.afterwards()
    assert not rows(Clip) and outcome() == "gave_up"


def test_the_recordings_webhook_before_the_calls_own_makes_one_clip_of_the_right_kind(
    caller: Caller, carrier: Carrier
) -> None:
    caller.dials().presses("0").says(4)
    told = next(sent for sent in reversed(carrier.exchanges) if sent.params.get("RecordingSid"))
    sid = told.params["RecordingSid"]
    for status in ("completed", "in-progress", "absent", ""):
        more = [
            ("CallSid", caller.call.sid),
            ("RecordingSid", sid),
            ("RecordingStatus", status),
            ("RecordingDuration", "4"),
        ]
        assert carrier.forge("/voice/recording/message", more).status == 200
    caller.afterwards()
    assert len(rows(Clip)) == 1 and one(Clip).kind == "message"


def test_a_name_refused_with_the_key_is_not_kept(caller: Caller, carrier: Carrier) -> None:
    goes_to_consent(caller.dials().chooses("en")).presses("1").keeps_silent(2).presses("1", "1", "1").hears(
        "name"
    )
    caller.presses("1").hears("help_saved").hangs_up()
    assert (one(Clip).kind, one(Clip).state, len(carrier.recordings)) == ("name", "absent", 0)


def test_what_the_carrier_recorded_while_we_were_away_is_brought_in(
    caller: Caller, carrier: Carrier, at: Callable[[str], datetime], work: Callable[[], None]
) -> None:
    """Promise 7, its last part: the document outside the application records, and reconciliation brings it in."""
    call = carrier.new_call(caller.to, caller.from_, "inbound")
    call.status, call.ended = "completed", True
    now = carrier.now()
    carrier.recordings.add(Recording("RE" + "7" * 32, call.sid, now, now, 5, voice(5)))
    at("2026-11-18 11:00")
    assert reconciling.reconcile() == 1
    work()
    assert (one(Clip).state, one(Call).from_number, outcome()) == ("held", caller.from_, "message")
    assert reconciling.reconcile() == 0


@pytest.mark.parametrize(("seconds", "state"), [(2, "absent"), (3, "held")])
def test_two_seconds_are_no_message_and_three_are(caller: Caller, seconds: int, state: str) -> None:
    caller.dials().chooses("uk").presses("2", "1").keeps_silent(3).says(seconds).afterwards()
    assert one(Clip).state == state
