"""What a recording is refused for, and what a person is warned of, in sentences that one can act on."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from helpline.voice import audio, levels, measured, wav
from helpline.voice.catalogue import seconds
from helpline.voice.measured import Measured, judge
from tests.unit.voice import sounds

TEXT = "Per chiedere di essere richiamati, prema uno."
LASTS = seconds("it", TEXT)
GOOD = Measured(
    seconds=LASTS, loudness=-19.0, peak=-6.0, true_peak=-5.9, clipped=0.0, speech=-20.0, noise=-62.0, lead=0.1,
    tail=0.1, pause=0.4, active=0.8,
)  # fmt: skip


def told(before: Measured = GOOD, after: Measured = GOOD, text: str = TEXT) -> tuple[list[str], list[str]]:
    verdict = judge(before, after, text, "it")
    return [one.name for one in verdict.refusals], [one.name for one in verdict.warnings]


def test_of_a_good_recording_nothing_is_said() -> None:
    assert told() == ([], [])


@pytest.mark.parametrize(
    ("before", "after", "refusals", "warnings"),
    [
        ({"clipped": 0.004}, {}, [], ["rather_clipped"]),
        ({"clipped": 0.05}, {}, ["clipped"], []),
        ({"noise": -40.0}, {}, [], ["rather_noisy"]),
        ({"noise": -25.0}, {}, ["noisy"], []),
        ({"speech": -50.0, "noise": -90.0}, {}, [], ["rather_faint"]),
        ({"speech": -60.0, "noise": -90.0}, {}, ["faint"], []),
        ({}, {"pause": 2.0}, [], ["rather_paused"]),
        ({}, {"pause": 5.0}, ["pause"], []),
        ({}, {"seconds": LASTS / 2}, [], ["rather_short"]),
        ({}, {"seconds": LASTS / 4}, ["too_short"], []),
        ({}, {"seconds": LASTS * 3}, [], ["rather_long"]),
        ({}, {"seconds": 20.1}, ["too_long"], []),
        ({}, {"loudness": -22.0}, [], ["uneven"]),
        ({"clipped": 0.1, "noise": -22.0}, {"seconds": 0.3}, ["too_short", "clipped", "noisy"], []),
    ],
)
def test_each_fault_has_its_sentence(
    before: dict[str, float], after: dict[str, float], refusals: list[str], warnings: list[str]
) -> None:
    assert told(replace(GOOD, **before), replace(GOOD, **after)) == (refusals, warnings)


def test_a_word_may_be_said_as_quickly_as_one_likes() -> None:
    assert told(after=replace(GOOD, seconds=0.25), text="Sì.") == ([], [])


def test_every_sentence_can_be_said_with_its_numbers() -> None:
    worst = replace(GOOD, clipped=0.1, noise=-19.0, speech=-60.0)
    verdict = judge(worst, replace(GOOD, seconds=0.2, pause=9.0, loudness=-30.0), TEXT, "it")
    said = [str(one) for one in (*verdict.refusals, *verdict.warnings)]
    assert "too short to contain the text, which takes about 3.7." in said[0]
    assert "10 % of it" in said[1]
    assert all("%(" not in sentence and sentence.endswith((".", "?")) for sentence in said)


def test_one_word_may_leave_no_moment_by_which_to_know_the_noise() -> None:
    verdict = judge(replace(GOOD, noise=-25.0), replace(GOOD, seconds=0.6), "Sette.", "it")
    assert [one.name for one in verdict.refusals] == []
    assert [one.name for one in verdict.warnings] == ["rather_noisy"]


@pytest.mark.parametrize(
    ("hiss", "name"),
    [(0.0005, None), (0.02, "rather_noisy"), (0.12, "noisy")],
    ids=["quiet", "fan", "street"],
)
def test_noise_is_told_from_the_voice(hiss: float, name: str | None) -> None:
    refusals, warnings = told_of(sounds.talk(4, level=0.3, hiss=hiss))
    assert [one for one in refusals + warnings if "noisy" in one] == ([name] if name else [])


def told_of(samples: array[int]) -> tuple[list[str], list[str]]:
    made = audio.make(wav.write(samples, {}), prompt="a", language="it", text=TEXT, engine="recording")
    return told(made.before, made.after)


def test_a_recording_made_too_loud_is_heard_as_such() -> None:
    assert told_of(sounds.talk(4, level=0.5)) == ([], [])
    assert "clipped" in told_of(sounds.talk(4, level=3.0))[0]


def test_what_browsers_make_of_a_recording_that_is_too_loud_is_heard_too() -> None:
    raw = sounds.encoded(sounds.talk(4, level=3.0, rate=48000), form="webm", codec="libopus")
    made = audio.make(raw, prompt="a", language="it", text=TEXT, engine="recording")
    assert "clipped" in told(made.before, made.after)[0]


def test_a_silence_inside_is_measured() -> None:
    samples = sounds.talk(2) + sounds.silence(2) + sounds.talk(2)
    made = audio.make(wav.write(samples, {}), prompt="a", language="it", text=TEXT, engine="recording")
    assert made.after.pause == pytest.approx(2.8, abs=0.2)


def test_silence_before_and_after_is_told_of_what_came() -> None:
    samples = sounds.silence(1) + sounds.tone(1) + sounds.silence(2)
    made = audio.make(wav.write(samples, {}), prompt="a", language="it", text=TEXT, engine="recording")
    assert (made.before.lead, made.before.tail) == pytest.approx((1, 2), abs=0.05)
    assert (made.before.active, made.before.noise) == pytest.approx((0.25, levels.NOTHING), abs=0.02)


def test_the_waveform_is_drawn_from_so_many_points() -> None:
    made = audio.measure(wav.write(sounds.silence(1) + sounds.tone(1, level=0.5), {}))
    assert len(made.waveform) == measured.POINTS
    assert (made.waveform[0], made.waveform[-1]) == (0, 50)
    assert levels.waveform([0.1, -0.9], 400) == (10, 90)
    assert levels.waveform([], 400) == ()


def test_a_row_of_it_is_plain_numbers() -> None:
    row = GOOD.as_row()
    assert row["speech"] == -20.0
    assert row["waveform"] == []
    verdict = judge(replace(GOOD, clipped=0.05), GOOD, TEXT, "it")
    assert verdict.refusals[0].as_row() == {"name": "clipped", "percent": 5.0}
