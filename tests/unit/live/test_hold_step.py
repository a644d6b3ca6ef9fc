"""A step of the kind hold: silence is no failure in it, its rounds come to an end, and a menu with a bad one is refused."""

from itertools import pairwise
from typing import Any

import pytest

from helpline.ivr import twiml
from helpline.ivr.engine import Heard, Position, answer
from helpline.ivr.flow import load
from helpline.simulator.twiml import read
from helpline.voice import tone, wav
from helpline.voice.utterances import Spoken
from tests.unit.ivr.menus import changed, faults_of

FLOW = load()
HOLD = FLOW.steps["hold"]


def hold(tries: int = 0) -> Position:
    return Position(0, "bn", "hold", 9, tries)


def test_silence_looks_around_and_the_round_is_counted_through_the_action() -> None:
    looks = answer(FLOW, hold(4), Heard("silence"))
    assert (looks.step.action, looks.position.tries, looks.event) == ("look_around", 5, "silence")
    for outcome, said in (("wait", ()), ("told", "hold_wait"), ("offer", "hold_offer")):
        back = answer(FLOW, looks.position, Heard("outcome", outcome))
        assert (back.step.name, back.position.tries) == ("hold", 5)
        assert not said or said in [one.prompt for one in back.says]
        assert "no_input" not in [one.prompt for one in back.says]


@pytest.mark.parametrize("key", [*"0234567", "9", "*", "#"])
def test_any_other_key_looks_around_as_well_and_is_no_failure(key: str) -> None:
    turn = answer(FLOW, hold(1), Heard("keys", key))
    assert (turn.step.name, turn.position.tries, turn.event) == ("hold_look", 2, f"key {key}")


def test_its_keys_lead_out_at_once() -> None:
    assert answer(FLOW, hold(), Heard("keys", "1")).step.action == "keep_place"
    assert answer(FLOW, hold(), Heard("keys", "8")).step.action == "leave_hold"


def test_rounds_come_to_an_end_whatever_the_action_answers() -> None:
    place, rounds = hold(), 0
    while place.step == "hold":
        turn = answer(FLOW, place, Heard("silence"))
        if turn.step.name == "hold_look":
            turn = answer(FLOW, turn.position, Heard("outcome", "wait"))
        place, rounds = turn.position, rounds + 1
    assert place.step == "hold_over" and rounds == HOLD.rounds


def test_another_action_before_it_begins_the_rounds_anew() -> None:
    joins = Position(0, "bn", "hold_join", 9, 0)
    assert answer(FLOW, joins, Heard("outcome", "waiting")).position.tries == 0
    keeps = answer(FLOW, hold(7), Heard("keys", "1"))
    assert answer(FLOW, keeps.position, Heard("outcome", "taken")).position.tries == 0


def test_its_document_is_a_tone_that_a_key_cuts_short() -> None:
    words = [Spoken("Uno.", "Google.it-IT-Standard-A", "it-IT")]
    [gather] = read(twiml.document(HOLD, (), words, action="/voice/heard/0/it/hold/1/0"), twiml.CONTENT_TYPE)
    assert [one.name for one in gather.children] == ["Say", "Play"]
    assert gather.children[1].text == f"/audio/{tone.HASH}.wav"
    assert gather.number("numDigits", 0) == 1 and gather.get("finishOnKey") == ""
    plain = twiml.document(HOLD, (), words, action="/voice/heard/0/it/hold/1/0", plain=True)
    [gather] = read(plain, twiml.CONTENT_TYPE)
    assert [one.name for one in gather.children] == ["Say", "Pause"]


def test_the_tone_is_soft_and_none_of_it_is_a_blow() -> None:
    seen = wav.inspect(tone.WAV)
    assert seen.seconds == tone.SECONDS and not seen.is_silent
    assert seen.peak < -20 and seen.rms < -35
    samples, _ = wav.read(tone.WAV)
    assert max(abs(a - b) for a, b in pairwise(samples)) < 1500


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hold": {"rounds": 1}}, "[hold] rounds: must be a whole number from 2 to 150"),
        ({"hold": {"rounds": 151}}, "[hold] rounds: must be a whole number from 2 to 150"),
        ({"hold": {"keys": {"8": "hold_leave"}}}, "[hold] keys: there is no way out of the hold"),
        ({"hold": {"keys": {"1": "hold_keep", "0": "main"}}}, "[hold] keys: 0 and 9 tell who waits how it stands"),
        ({"hold": {"then": "main"}}, "[hold] then: main is no action: nobody would look after who waits"),
        ({"hold": {"silence": "nowhere"}}, "[hold] silence: no step is called nowhere"),
        ({"hold": {"patience": 3}}, "[hold] patience: has no effect in a step of the kind hold"),
        ({"main": {"rounds": 3}}, "[main] rounds: has no effect in a step of the kind menu"),
        ({"hold_look": {"then": {"wait": "hold"}}}, "[hold_look] then.offer: this outcome is not routed"),
        # Out of the hold and back into it without a key: the rounds would begin anew for ever.
        ({"hold": {"silence": "hold_join"}}, "[hold]: a caller who stays silent goes round for ever"),
        ({"hold_nobody": {"then": "person"}}, "[hold_nobody]: a caller who stays silent goes round for ever"),
    ],
)  # fmt: skip
def test_a_hold_that_could_strand_a_caller_is_refused(change: dict[str, Any], said: str) -> None:
    assert any(fault.startswith(f"flow.toml: {said}") for fault in faults_of(changed(**change)))


@pytest.mark.parametrize("field", ["rounds", "then", "silence"])
def test_what_a_hold_needs_is_asked_for(field: str) -> None:
    data = changed()
    del data["hold"][field]
    assert f"flow.toml: [hold] {field}: missing" in faults_of(data)
