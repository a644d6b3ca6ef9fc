"""Recordings: told of in any order, fetched, judged, deleted at the carrier; and brought in when all webhooks were lost."""

import io
import math
import struct
import wave
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from helpline import clock, db
from helpline.calls import clips, reconciling
from helpline.calls.models import Call, Clip
from helpline.telephony import carrier as carriers
from helpline.telephony.carrier import CarrierCall, CarrierError, Recording

pytestmark = pytest.mark.usefixtures("database")

CALL, SID = "CA1", "RE1"


def wav(loud):
    samples = [round(8000 * loud * math.sin(at / 6)) for at in range(8000)]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return out.getvalue()


VOICE, SILENCE = wav(1), wav(0)


class StandIn:
    """A carrier that holds what a test gave it."""

    def __init__(self):
        self.held = {}
        self.listed = []
        self.calls = {}
        self.fetched = []
        self.deleted = []
        self.broken = False

    def recording(self, sid):
        self.fetched.append(sid)
        return self.held.get(sid)

    def delete_recording(self, sid):
        if self.broken:
            raise CarrierError("no answer")
        self.deleted.append(sid)
        self.held.pop(sid, None)

    def recordings(self, since):
        return [one for one in self.listed if one.at >= since]

    def call(self, sid):
        return self.calls.get(sid)


@pytest.fixture
def carrier(monkeypatch):
    stand_in = StandIn()
    monkeypatch.setattr(carriers, "_carrier", stand_in)
    return stand_in


def tell(what, *args):
    with db.transaction() as session:
        what(session, *args)


def clip(sid=SID):
    with db.transaction() as session:
        return session.scalars(
            select(Clip).where(Clip.recording_sid == sid).options(undefer(Clip.audio))
        ).one()


def announced(kind="name", seconds=3):
    tell(clips.announced, CALL, kind, SID, seconds)


def completed():
    tell(clips.completed, CALL, SID, 3)


@pytest.mark.parametrize("order", list(permutations(["announced", "completed", "fetch", "completed"])))
def test_in_any_order_one_clip_of_the_right_kind_is_held(order, carrier):
    carrier.held[SID] = VOICE
    does = {"announced": announced, "completed": completed, "fetch": lambda: clips.fetch_clip(SID)}
    for event in order:
        does[event]()
    clips.fetch_clip(SID)
    held = clip()
    assert (held.kind, held.state, held.seconds, held.audio) == ("name", "held", 3, VOICE)
    assert (held.at_carrier, carrier.held, carrier.fetched) == (False, {}, [SID])


def test_the_audio_is_encrypted(carrier):
    carrier.held[SID] = VOICE
    completed()
    clips.fetch_clip(SID)
    with db.transaction() as session:
        assert VOICE[:40] not in bytes(session.execute(text("SELECT audio FROM clips")).scalar_one())


def test_the_carriers_word_rings_for_the_sound(carrier, valkey):
    completed()
    assert valkey.llen("rq:queue:ring") == 1


def test_a_recording_in_which_nobody_speaks_is_absent_and_gone(carrier):
    carrier.held[SID] = SILENCE
    announced("message")
    completed()
    clips.fetch_clip(SID)
    assert (clip().state, clip().audio, clip().at_carrier) == ("absent", None, False)
    assert carrier.deleted == [SID]
    with db.transaction() as session:
        assert not clips.left_message(session, CALL)


def test_a_recording_of_no_seconds_is_absent_and_gone(carrier):
    announced("message", 0)
    clips.fetch_clip(SID)
    assert (clip().state, carrier.fetched, carrier.deleted) == ("absent", [], [SID])


def test_absent_says_the_carrier_but_not_over_what_we_hold(carrier):
    tell(clips.absent, CALL, "RE0")
    assert (clip("RE0").state, clip("RE0").at_carrier) == ("absent", False)
    carrier.held[SID] = VOICE
    completed()
    clips.fetch_clip(SID)
    tell(clips.absent, CALL, SID)
    assert clip().state == "held"


def test_absent_without_naming_a_recording_leaves_no_row():
    tell(clips.absent, CALL, "")
    with db.transaction() as session:
        assert session.scalars(select(Clip)).all() == []


def test_a_sound_that_is_not_ready_is_asked_for_again_and_given_up_in_the_end(carrier, at):
    at("2026-12-01 12:00")
    announced("message")
    clips.fetch_clip(SID)
    assert clip().state == "announced"
    at("2026-12-01 12:03")
    assert clips.overdue_clips() == 0
    assert carrier.fetched == [SID, SID]
    at("2026-12-03 12:30")
    assert clips.overdue_clips() == 1
    assert clip().state == "absent"
    assert carrier.deleted == [SID]


def test_a_sound_whose_bell_was_lost_is_fetched_by_the_sweep(carrier, at):
    at("2026-12-01 12:00")
    carrier.held[SID] = VOICE
    completed()
    assert clips.overdue_clips() == 0, "its job may be about to run"
    at("2026-12-01 12:03")
    assert clips.overdue_clips() == 1
    assert (clip().state, carrier.held) == ("held", {})


def test_a_deletion_that_failed_is_owed_and_the_sound_is_not_fetched_twice(carrier, at):
    at("2026-12-01 12:00")
    carrier.held[SID] = VOICE
    completed()
    carrier.broken = True
    with pytest.raises(CarrierError):
        clips.fetch_clip(SID)
    assert (clip().state, clip().at_carrier) == ("held", True)
    at("2026-12-01 12:03")
    assert clips.overdue_clips() == 0
    carrier.broken = False
    assert clips.overdue_clips() == 1
    assert (carrier.fetched, carrier.deleted, clip().at_carrier) == ([SID], [SID], False)


def test_fetching_at_once_keeps_one_clip(carrier):
    carrier.held[SID] = VOICE
    completed()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: clips.fetch_clip(SID), range(4)))
    assert (clip().state, clip().audio, clip().at_carrier) == ("held", VOICE, False)


# ---------------------------------------------------------------- what no webhook told us


def old(sid, call_sid, hours=1):
    return Recording(sid, call_sid, 7, clock.now() - timedelta(hours=hours))


def test_a_message_left_while_our_database_was_down_is_brought_in_with_its_call(carrier):
    carrier.listed = [old(SID, CALL)]
    carrier.held[SID] = VOICE
    carrier.calls[CALL] = CarrierCall(CALL, "+393330000001", "+39800000000", "completed", None, 55)
    assert reconciling.reconcile() == 1
    assert reconciling.reconcile() == 0
    clips.fetch_clip(SID)
    assert (clip().kind, clip().state) == ("message", "held")
    with db.transaction() as session:
        call = session.scalars(select(Call)).one()
        assert (call.status, call.seconds, call.from_number) == ("completed", 55, "+393330000001")


def test_what_is_minutes_old_is_left_to_its_own_webhooks(carrier):
    carrier.listed = [old(SID, CALL, hours=0.01)]
    assert reconciling.reconcile() == 0


def test_a_recording_we_thought_deleted_is_deleted_again(carrier):
    carrier.held[SID] = VOICE
    completed()
    clips.fetch_clip(SID)
    carrier.listed = [old(SID, CALL)]
    assert reconciling.reconcile() == 0
    clips.fetch_clip(SID)
    assert carrier.deleted == [SID, SID]


def test_a_message_of_a_withheld_caller_of_whom_the_carrier_forgot_the_call(carrier):
    carrier.listed = [old(SID, CALL)]
    assert reconciling.reconcile() == 1
    assert clip().call_sid == CALL


def test_calls_whose_end_was_never_told_are_asked_about(carrier, at):
    at("2026-12-01 08:00")
    with db.transaction() as session:
        for sid in ("CA1", "CA2", "CA3"):
            reconciling.journeys.begin(session, sid, None, None)
    carrier.calls = {
        "CA1": CarrierCall("CA1", "anonymous", "", "no-answer", None, None),
        "CA2": CarrierCall("CA2", "anonymous", "", "in-progress", None, None),
    }
    assert reconciling.settle_lost_calls() == 0
    at("2026-12-01 12:30")
    assert reconciling.settle_lost_calls() == 2
    with db.transaction() as session:
        known = dict(session.execute(select(Call.sid, Call.status)).all())
    assert known == {"CA1": "no-answer", "CA2": "in-progress", "CA3": "completed"}
