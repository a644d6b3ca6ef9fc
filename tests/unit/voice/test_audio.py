"""Clips out of recordings: any common format in, one form out; never silent, never another file of ours."""

from __future__ import annotations

import random
import struct
from array import array
from pathlib import Path

import pytest

from helpline.voice import audio, wav
from tests.unit.voice import sounds


def prepared(raw: bytes) -> bytes:
    return audio.prepare(raw, prompt="welcome", language="bn", text="স্বাগতম", engine="recording")


def seconds(raw: bytes) -> float:
    return wav.inspect(prepared(raw)).seconds


FORMATS = [
    ("wav", "pcm_s16le"), ("wav", "pcm_s24le"), ("wav", "pcm_mulaw"), ("mp3", "libmp3lame"), ("flac", "flac"),
    ("ogg", "libopus"), ("webm", "libopus"), ("ipod", "aac"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "codec"), FORMATS)
def test_every_common_format_becomes_a_clip(form: str, codec: str) -> None:
    rate = 8000 if codec == "pcm_mulaw" else 48000
    clip = prepared(sounds.encoded(sounds.tone(2, rate=rate), form=form, codec=codec, rate=rate))
    seen = wav.inspect(clip)
    assert seen.seconds == pytest.approx(2, abs=0.15)
    assert not seen.is_silent
    assert clip[:4] == b"RIFF"
    assert struct.unpack_from("<HHIIHH", clip, 20) == (1, 1, 8000, 16000, 2, 16)


def test_a_clip_says_what_it_is_and_is_the_same_each_time() -> None:
    raw = sounds.encoded(sounds.tone(1, rate=48000), form="mp3", codec="libmp3lame")
    clip = prepared(raw)
    assert wav.inspect(clip).info == {"INAM": "welcome", "ILNG": "bn", "ICMT": "স্বাগতম", "ISFT": "recording"}
    assert clip == prepared(raw)


def test_silence_around_speech_is_cut_off() -> None:
    samples = sounds.silence(1.5) + sounds.tone(1) + sounds.silence(2)
    assert seconds(wav.write(samples, {})) == pytest.approx(1.24, abs=0.05)


def test_a_pause_within_speech_stays() -> None:
    samples = sounds.tone(1) + sounds.silence(0.8) + sounds.tone(1)
    assert seconds(wav.write(samples, {})) == pytest.approx(2.8, abs=0.05)


@pytest.mark.parametrize("level", [0.02, 0.2, 0.95])
@pytest.mark.parametrize("length", [0.3, 4.0])
def test_all_clips_are_equally_loud_however_short(level: float, length: float) -> None:
    seen = wav.inspect(prepared(wav.write(sounds.tone(length, level=level), {})))
    assert seen.rms == pytest.approx(audio.LEVEL, abs=1)
    assert seen.peak < -2.5


def test_a_single_peak_does_not_clip() -> None:
    samples = sounds.tone(2, level=0.05)
    samples[8000] = 32767
    assert wav.inspect(prepared(wav.write(samples, {}))).peak <= -2.5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>not found</body></html>" * 40,
        random.Random(1).randbytes(5000),
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)
def test_what_is_not_audio_is_refused_in_plain_words(raw: bytes) -> None:
    with pytest.raises(audio.NotAudio, match="This is not an audio file that can be read"):
        prepared(raw)


@pytest.mark.parametrize(
    "listing",
    ["ffconcat version 1.0\nfile other.wav\n", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.wav\n"],
)
def test_a_text_that_lists_another_file_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: str
) -> None:
    (tmp_path / "other.wav").write_bytes(sounds.clip())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(audio.NotAudio):
        prepared(listing.encode())


def test_silence_is_refused() -> None:
    with pytest.raises(audio.NotAudio, match="silent"):
        prepared(wav.write(sounds.silence(3), {}))


def test_a_click_is_too_short() -> None:
    with pytest.raises(audio.NotAudio, match="tenth of a second"):
        prepared(wav.write(sounds.tone(0.05), {}))


def test_too_long_and_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "MAX_SECONDS", 1.0)
    with pytest.raises(audio.NotAudio, match="too long"):
        prepared(wav.write(sounds.tone(3), {}))
    monkeypatch.setattr(audio, "MAX_BYTES", 1000)
    with pytest.raises(audio.NotAudio, match="too large"):
        prepared(wav.write(sounds.tone(3), {}))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"ID3 something", "This is not a WAV file."),
        (
            sounds.encoded(sounds.tone(1, rate=48000), form="wav", codec="pcm_s16le"),
            "This is not 8 kHz mono 16-bit WAV.",
        ),
        (wav.write(array("h", [1]), {})[:-10], "This WAV file holds no audio."),
    ],
)
def test_only_our_own_form_is_measured(content: bytes, sentence: str) -> None:
    with pytest.raises(wav.NotAClip, match=sentence):
        wav.inspect(content)


def test_an_empty_clip_is_silent() -> None:
    seen = wav.inspect(wav.write(array("h"), {}))
    assert (seen.seconds, seen.is_silent) == (0, True)


def test_noise_far_below_speech_is_silence() -> None:
    noise = random.Random(2)
    quiet = array("h", (noise.randint(-40, 40) for _ in range(8000)))
    assert wav.inspect(wav.write(quiet, {})).is_silent
    assert not wav.inspect(sounds.clip()).is_silent
