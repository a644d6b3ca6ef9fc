"""Whatever bytes arrive: a clip in our form comes out, or a refusal in a sentence; never an error, never a hang."""

from __future__ import annotations

import math
import struct
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpline.voice import audio, loudness, measured, wav
from helpline.voice.catalogue import LONGEST
from tests.unit.voice import sounds

FORMS = (
    ("wav", "pcm_s16le"),
    ("wav", "pcm_s24le"),
    ("wav", "pcm_f32le"),
    ("mp3", "libmp3lame"),
    ("flac", "flac"),
    ("ogg", "libopus"),
    ("webm", "libopus"),
    ("ipod", "aac"),
)
quick = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@cache
def good(form: str, codec: str) -> bytes:
    return sounds.encoded(sounds.talk(0.6, rate=48000), form=form, codec=codec)


def made_or_refused(raw: bytes) -> None:
    try:
        made = audio.make(raw, prompt="a", language="it", text="Uno.", engine="recording")
    except audio.NotAudio as error:
        refused = error
    else:
        good_clip(made)
        return
    assert str(refused).endswith(".") and refused.remark.name in measured.SENTENCES


def good_clip(made: audio.Made) -> None:
    seen = audio.measure(made.clip)
    assert seen.true_peak <= loudness.PEAK + 0.01
    assert seen.seconds <= audio.decoding.MAX_SECONDS
    verdict = measured.judge(made.before, made.after, "Uno.", "it")
    assert all(str(one) for one in (*verdict.refusals, *verdict.warnings))
    assert seen.seconds <= LONGEST or verdict.refusals


@quick
@given(st.binary(max_size=600))
@example(b"")
def test_any_bytes(raw: bytes) -> None:
    made_or_refused(raw)


@pytest.mark.parametrize(("form", "codec"), FORMS)
@quick
@given(st.data())
def test_a_recording_that_was_damaged_on_the_way(form: str, codec: str, data: st.DataObject) -> None:
    raw = bytearray(good(form, codec))
    # Where a file says what it is, a wrong byte does most.
    places = st.one_of(st.integers(0, min(300, len(raw) - 1)), st.integers(0, len(raw) - 1))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(places)] = data.draw(st.integers(0, 255))
    made_or_refused(bytes(raw[: data.draw(st.integers(1, len(raw)))]))


@pytest.mark.parametrize(("form", "codec"), FORMS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.95])
def test_a_recording_that_broke_off(form: str, codec: str, share: float) -> None:
    raw = good(form, codec)
    made_or_refused(raw[: int(len(raw) * share)])


@quick
@given(st.lists(st.integers(-32768, 32767), max_size=3000), st.integers(1, 40))
def test_any_sound(samples: list[int], times: int) -> None:
    made_or_refused(wav.write(sounds.array("h", samples * times), {}))


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e30, 4.0])
def test_numbers_that_are_no_sound(value: float) -> None:
    raw = bytearray(good("wav", "pcm_f32le"))
    start = raw.index(b"data") + 8 + 48000 * 2
    raw[start : start + 4000] = struct.pack("<f", value) * 1000
    made_or_refused(bytes(raw))
