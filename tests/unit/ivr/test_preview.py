"""A call without a call: the preview is heard as a call would be, and leads where its keys would lead."""

import random

import pytest

from helpline.ivr import heard, preview, samples
from helpline.ivr.flow import load
from helpline.ivr.outcomes import SLOTS, VALUES
from helpline.ivr.samples import Notice, Sample
from helpline.languages import CODES
from helpline.voice import catalogue
from helpline.voice.manifest import Manifest

FLOW = load()
TEXTS = catalogue.load()
BARE = Manifest(0, TEXTS)


def scene(language="it", step="main", *deeds, manifest=BARE, **sample):
    return preview.scene(FLOW, manifest, preview.walk(FLOW, language, step, deeds), Sample(**sample))


def prompts(found):
    return [line.prompt for line in found.lines]


def leads(found):
    return {way.word: way.step for way in found.ways if way.counts}


def test_a_menu_is_heard_with_what_each_key_leads_to():
    found = scene("ar", "main")
    assert prompts(found) == ["main_information", "main_callback", "main_help", "main_office", "main_person"]
    assert found.lines[0].text == TEXTS.text("ar", "main_information") and found.lines[0].by_voice
    there = leads(found)
    assert (there["1"], there["2"], there["8"], there["9"]) == ("about", "callback", "language", "main")
    wrong = next(way for way in found.ways if way.word == "7")
    assert not wrong.counts and wrong.says == "wrong_key"


def test_one_walks_on_by_keys_silence_and_the_answers_of_actions():
    first = scene("-", "language")
    assert [line.language for line in first.lines] == list(CODES)
    asked = scene("-", "language", "7")
    assert asked.acts and leads(asked) == {"welcome": "welcome", "redial": "redial"}
    welcome = scene("-", "language", "7", "welcome")
    assert prompts(welcome)[:2] == ["danger", "welcome"] and welcome.turn.position.language == "ar"
    silent = scene("it", "main", "silence")
    assert prompts(silent)[0] == "no_input" and silent.turn.position.tries == 1
    said = scene("it", "office", "1", "1")
    assert said.acts and prompts(said) == ["focal_point", "office_call"]  # said on the way, before the action
    known = scene("it", "office", "1", "1", "known")
    assert prompts(known)[:3] == ["focal_point", "office_call", "number_safe"]


def test_digits_are_keyed_and_recordings_are_spoken():
    asked = scene("en", "number_enter")
    assert asked.sample == "3330000123"
    assert scene("en", "number_enter", "3330000123").step.name == "number_check"
    left = scene("en", "leave_message")
    assert {way.word for way in left.ways} == {"recorded", "nothing"}
    assert scene("en", "leave_message", "nothing").step.name != "leave_message"


def test_a_value_is_read_out_and_another_can_be_picked():
    found = scene("en", "closed")
    line = next(line for line in found.lines if line.prompt == "open_again")
    assert line.text.startswith("We are here again: ") and "{" not in line.text
    monday = TEXTS.text("en", "day_monday").rstrip(".")
    names = VALUES["day"]
    picked = scene("en", "closed", picks={"day": names.index("day_monday"), "opening": 1})
    assert [line.prompt for line in picked.lines if line.prompt.startswith("open_")] == ["open_again"]
    assert monday in next(line.text for line in picked.lines if line.prompt == "open_again")
    assert {choice.name for choice in picked.choices} >= {"opening", "day"}


def test_a_clip_is_played_where_the_set_has_one_and_the_rest_is_said_by_the_carrier():
    manifest = Manifest(4, TEXTS, {("bn", "main_callback"): "a" * 64})
    found = scene("bn", "main", manifest=manifest)
    by = {line.prompt: line for line in found.lines}
    assert by["main_callback"].sounds[0].clip == "a" * 64 and not by["main_callback"].by_voice
    assert by["main_help"].by_voice and by["main_help"].sounds[0].seconds > 1


def test_a_notice_is_heard_in_the_languages_it_has_and_in_no_other():
    notice = Notice("strike", {"it": "Oggi siamo chiusi."}, {})
    assert "Oggi siamo chiusi." in [line.text for line in scene("it", "welcome", notices=(notice,)).lines]
    assert all(line.prompt for line in scene("bn", "welcome", notices=(notice,)).lines)


def test_what_is_not_possible_is_refused():
    for language, step, *deeds in (
        ("it", "nowhere"), ("it", "main", "saved"), ("it", "main", "1x"), ("it", "greet", "silence"),
        ("it", "leave_message", "1"), ("it", "goodbye", "1"), ("it", "main", *["9"] * 101),
    ):  # fmt: skip
        with pytest.raises(LookupError):
            preview.walk(FLOW, language, step, deeds)


def test_wherever_one_walks_something_can_be_heard_in_the_one_language_until_the_end():
    draw = random.Random(5)
    for code in CODES:
        for _ in range(2):
            deeds = []
            for _ in range(15):
                found = scene(code, "main", *deeds)
                assert {line.language for line in found.lines} <= (
                    {code} if found.step.kind != "language" else set(CODES)
                )
                if (
                    found.step.kind == "end"
                    or found.turn.position.language != code
                    or found.step.kind == "language"
                ):
                    break
                deeds.append(
                    draw.choice([way.word for way in found.ways] + ([found.sample] if found.sample else []))
                )


@pytest.mark.parametrize(
    ("step", "prompt"),
    [
        ("main", "no_input"), ("main", "wrong_key"), ("number_safe", "wrong_key"), ("region_digits", "too_few_digits"),
        ("closed", "day_monday"), ("welcome", "project_contact"), ("main", "main_help"), ("closed", "hour_18"),
    ],
)  # fmt: skip
def test_what_is_not_always_heard_can_be_led_to(step, prompt):
    assert step in FLOW.steps
    deeds, picks = preview.towards(FLOW, TEXTS.texts["en"], step, prompt)
    found = scene("ar", step, *deeds, picks=picks)
    said = " ".join(line.text for line in found.lines)
    assert prompt in prompts(found) or TEXTS.text("ar", prompt).rstrip(" .") in said


@pytest.mark.parametrize("language", ["it", "ar", "bn"])
def test_wherever_a_page_says_that_a_prompt_is_heard_it_can_be_heard(language):
    english, own = TEXTS.texts["en"], TEXTS.texts[language]
    for prompt, places in heard.places(FLOW, english).items():
        for place in (one for one in places if heard.heard_in(FLOW, one, prompt, language)):
            step = place.step or preview.erring(FLOW, prompt)
            deeds, picks = preview.towards(FLOW, english, step, prompt)
            found = scene(language, step, *deeds, picks=picks)
            said = " ".join(line.text for line in found.lines)
            is_digit = place.how == "value" and prompt.startswith("digit_")
            spoken = prompt.removeprefix("digit_") if is_digit else own[prompt].rstrip(" .।")
            assert prompt in prompts(found) or spoken in said, (prompt, place)


def test_samples_know_every_slot_and_value_of_the_menu():
    for name, said in SLOTS.items():
        assert {prompt for way in samples.slot_ways(name) for prompt in way} == (
            set(said) if name != "languages" else set()
        )
    for name in VALUES:
        assert Sample().value(name), name
