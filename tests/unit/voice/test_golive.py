"""Whether a set may go live: what must never be heard, what is not ready, what a person should look at."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from helpline.ivr.outcomes import VALUES
from helpline.languages import CODES
from helpline.places import REGIONS
from helpline.voice import golive
from helpline.voice.catalogue import Catalogue, load, placeholder
from helpline.voice.golive import LOOK, NEVER, NOT_YET, Fact, check
from helpline.voice.manifest import Clips, Manifest

DIGITS = {f"digit_{n}": str(n) for n in range(10)}
EN = {"welcome": "Welcome.", "code_is": "Your code is: {code}.", **DIGITS}
IT = {"welcome": "Ecco la linea.", "code_is": "Il codice: {code}.", **DIGITS}
CATALOGUE = Catalogue({"en": EN, "it": IT})
WHOLE = {code: {prompt: f"{code}-{prompt}" for prompt in EN} for code in CATALOGUE.texts}
FACTS = {
    digest: Fact(code, prompt, 1.5, False) for code, own in WHOLE.items() for prompt, digest in own.items()
}


def found(
    clips: dict[str, dict[str, str]] = WHOLE, facts: dict[str, Fact] = FACTS
) -> list[tuple[str, str, str]]:
    report = check(Manifest(3, CATALOGUE, Clips(clips)), facts)
    return [(one.level, one.name, f"{one.language}/{one.prompt}") for one in report.findings]


def without(*prompts: str) -> dict[str, dict[str, str]]:
    return {**WHOLE, "it": {name: digest for name, digest in WHOLE["it"].items() if name not in prompts}}


def test_a_set_in_which_people_say_everything_is_ready() -> None:
    assert found() == []
    report = check(Manifest(3, CATALOGUE, Clips(WHOLE)), FACTS)
    assert {(one.language, one.recorded, one.of) for one in report.voiced} == {("en", 12, 12), ("it", 12, 12)}
    assert {one.pieces for one in report.sentences} == {5}
    assert report.longest()[0].seconds == pytest.approx(5 * 1.75)


def test_a_prompt_without_a_clip_is_not_ready() -> None:
    assert found(without("welcome")) == [(NOT_YET, "no_clip", "it/welcome")]


def test_a_clip_of_another_language_or_prompt_must_never_be_heard() -> None:
    assert found({**WHOLE, "it": {**WHOLE["it"], "welcome": "en-welcome"}}) == [
        (NEVER, "other_language", "it/welcome")
    ]
    assert found({**WHOLE, "it": {**WHOLE["it"], "welcome": "nobody-knows"}}) == [
        (NEVER, "unknown_clip", "it/welcome")
    ]


def test_a_clip_that_is_too_long_must_never_be_heard() -> None:
    longer = {**FACTS, "it-welcome": replace(FACTS["it-welcome"], seconds=20.5)}
    assert found(facts=longer) == [(NEVER, "too_long", "it/welcome")]


def test_a_language_that_nobody_can_speak_must_never_be_heard() -> None:
    report = check(Manifest(3, CATALOGUE, Clips(without("welcome"))), FACTS, voices={"en": "x"})
    assert [one.name for one in report.of(NEVER)] == ["no_voice"]


def test_two_voices_in_one_sentence_are_worth_a_look() -> None:
    assert set(found(without("code_is"))) == {
        (NOT_YET, "no_clip", "it/code_is"), (LOOK, "two_voices", "it/code_is"),
    }  # fmt: skip
    assert (LOOK, "digits", "it/") in found(without("digit_9"))


def test_what_an_engine_speaks_is_worth_a_look() -> None:
    spoken = {**FACTS, "it-welcome": replace(FACTS["it-welcome"], synthetic=True)}
    assert found(facts=spoken) == [(LOOK, "synthetic", "it/")]


def test_a_sentence_that_takes_too_long_with_its_value_is_told_with_the_worst() -> None:
    slow = {**FACTS, **{f"it-digit_{n}": Fact("it", f"digit_{n}", 6.0, False) for n in range(10)}}
    report = check(Manifest(3, CATALOGUE, Clips(WHOLE)), slow)
    assert [str(one) for one in report.findings] == [
        "it/code_is: with 4729 it takes 26.8 seconds, more than 24"
    ]


def test_many_prompts_without_a_clip_are_one_line() -> None:
    report = check(Manifest(3, CATALOGUE, Clips({"en": WHOLE["en"]})), FACTS)
    assert [str(one) for one in report.summed(NOT_YET)] == [
        "it: said by the carrier's own voice: 12 of 12 prompts"
    ]


def test_many_sentences_of_two_voices_are_one_line() -> None:
    prompts = {f"country_{code}": "A country." for code in ("al", "br", "ma", "pe", "ng", "gh")}
    catalogue = Catalogue({"en": {**DIGITS, **prompts}})
    clips = {"en": {prompt: f"en-{prompt}" for prompt in DIGITS}}
    report = check(Manifest(3, catalogue, Clips(clips)), FACTS)
    assert [str(one) for one in report.summed(LOOK)] == [
        "en: 6 sentences are said by a recording and the carrier's own voice, such as country_al"
    ]


def test_every_sentence_of_the_line_can_be_put_together_in_nine_languages() -> None:
    catalogue = load()
    report = check(Manifest(0, catalogue), {})
    assert {one.name for one in report.findings} == {"no_clip"}
    assert {one.language for one in report.sentences} == set(CODES)
    named = {name for text in catalogue.texts["en"].values() if (name := placeholder(text))}
    assert {one.prompt for one in report.sentences} == {
        prompt
        for prompt, text in catalogue.texts["en"].items()
        if placeholder(text) or prompt in of_lists(catalogue)
    }
    for name in named:
        known = set(golive.values(catalogue, name))
        if name not in golive.DIGITS:
            assert known >= set(VALUES.get(name, ())), name  # whatever an action may put there was tried


def of_lists(catalogue: Catalogue) -> set[str]:
    regions = {f"region_{region.code}" for region in REGIONS}
    return {name for name in catalogue.names if name in regions or re.fullmatch("country_[a-z]{2}", name)}


def test_every_finding_can_be_said() -> None:
    for name, sentence in golive.SENTENCES.items():
        values = dict.fromkeys(
            ("count", "of", "other", "seconds", "most", "value", "path", "why", "status"), "x"
        )
        values |= {"such": "x", "type": "x", "length": "x", "told": "x"}
        assert str(golive.Finding(name, LOOK, "it", "", values)).startswith("it: "), sentence
