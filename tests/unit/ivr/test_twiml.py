"""Every address that a document gives to the carrier asks for it to be tried again, in the carrier's own words; and how
long each step waits and records."""

import pytest

from helpline.ivr import twiml
from helpline.ivr.flow import Step, load
from helpline.simulator import overrides
from helpline.simulator.twiml import Verb, read
from helpline.voice.utterances import Spoken

FLOW = load()
ADDRESSES = ("action", "recordingStatusCallback")
WORDS = [Spoken("Uno.", "Google.it-IT-Standard-A", "it-IT")]
WAITING = [step for step in FLOW.steps.values() if step.waits]

MENU = 7
# What must be thought over, or decided, waits longer; digits wait as long as it takes to find the next key.
TIMEOUTS = {
    "hold": 2,  # after the tone
    "language": 10,
    "language_help": 10,
    "adult": 10,
    "consent": 10,
    "number_safe": 10,
    "number_confirm": 10,
    "help_no_place": 10,
    "number_enter": 6,
    "code_number": 6,
    "code_enter": 8,
    "region_digits": 8,
}
DIGITS = {"code_enter": 4, "region_digits": 5}
RECORDINGS = {"message_any": 120, "leave_message": 120, "message_add": 60, "name": 10, "country_say": 8}
SILENCE_ENDS_A_RECORDING = 3


def verbs_of(step: Step) -> tuple[Verb, ...]:
    """The document of a step, as the stand-in carrier reads it."""
    return read(twiml.document(step, WORDS, WORDS, action="/voice/heard/0/it/x/1/0"), twiml.CONTENT_TYPE)


def addresses(verbs: tuple[Verb, ...]) -> list[str]:
    found = [verb.attributes[name] for verb in verbs for name in ADDRESSES if name in verb.attributes]
    return found + [verb.text for verb in verbs if verb.name == "Redirect"]


@pytest.mark.parametrize("step", WAITING, ids=lambda step: step.name)
def test_every_address_of_a_document_is_tried_again_twice_also_when_we_answered_that_we_failed(
    step: Step,
) -> None:
    given = addresses(verbs_of(step))
    assert len(given) == (3 if step.kind == "record" else 1)
    for address in given:
        wanted = overrides.read(address)
        assert wanted.retries == 2, address
        assert {"ct", "rt", "5xx"} <= wanted.retry_on and "4xx" not in wanted.retry_on
        assert 3 * wanted.budget.connect < 15 and 2 * wanted.budget.read < 15, (
            "the carrier gives up after 15 s"
        )


def test_every_menu_waits_as_long_as_its_question_needs() -> None:
    waits = {step.name: step.timeout for step in WAITING if step.kind != "record"}
    assert waits == {name: TIMEOUTS.get(name, MENU) for name in waits}
    assert TIMEOUTS.keys() <= waits.keys()


def test_digits_of_a_fixed_length_end_by_themselves() -> None:
    assert {step.name: step.digits for step in WAITING if step.digits} == DIGITS


def test_every_recording_is_as_long_as_what_is_asked_and_ends_by_itself() -> None:
    records = [step for step in WAITING if step.kind == "record"]
    assert {step.name: step.seconds for step in records} == RECORDINGS
    assert {step.timeout for step in records} == {SILENCE_ENDS_A_RECORDING}


@pytest.mark.parametrize("step", WAITING, ids=lambda step: step.name)
def test_what_the_flow_says_is_what_the_carrier_is_told(step: Step) -> None:
    [verb] = [verb for verb in verbs_of(step) if verb.name in {"Gather", "Record"}]
    if step.kind == "record":
        told = (verb.number("timeout", 0), verb.number("maxLength", 0))
        assert told == (SILENCE_ENDS_A_RECORDING, RECORDINGS[step.name])
    else:
        assert verb.number("timeout", 0) == TIMEOUTS.get(step.name, MENU)
