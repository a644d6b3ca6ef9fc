"""Clips out of recordings: any common format in, one form out; never silent, never another file of ours."""

from __future__ import annotations

import math
import random
import struct
from array import array
from pathlib import Path

import pytest

from helpline.voice import audio, decoding, levels, loudness, measured, wav
from tests.unit.voice import sounds


def prepared(raw: bytes) -> bytes:
    return audio.prepare(raw, prompt="welcome", language="bn", text="স্বাগতম", engine="recording")


def seconds(raw: bytes) -> float:
    return wav.inspect(prepared(raw)).seconds


FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
FORMATS = [
    # form, codec, rate, channels, options: what studios, telephones and browsers give
    ("wav", "pcm_s16le", 44100, "stereo", {}),
    ("wav", "pcm_s24le", 96000, "stereo", {}),
    ("wav", "pcm_f32le", 48000, "mono", {}),
    ("wav", "pcm_u8", 11025, "mono", {}),
    ("wav", "pcm_mulaw", 8000, "mono", {}),
    ("aiff", "pcm_s16be", 32000, "mono", {}),
    ("mp3", "libmp3lame", 22050, "mono", {}),
    ("flac", "flac", 88200, "stereo", {}),
    ("wav", "pcm_s16le", 96000, "5.1", {}),
    ("flac", "flac", 48000, "7.1", {}),
    ("ogg", "libopus", 48000, "mono", {}),
    ("ogg", "flac", 44100, "stereo", {}),
    ("webm", "libopus", 48000, "mono", {}),
    ("ipod", "aac", 44100, "stereo", {}),
    ("ipod", "alac", 16000, "mono", {}),
    ("mp4", "aac", 48000, "mono", FRAGMENTED),
]


@pytest.mark.parametrize(
    ("form", "codec", "rate", "layout", "options"), FORMATS, ids=lambda one: str(one) if one else "-"
)
def test_every_common_format_becomes_a_clip(
    form: str, codec: str, rate: int, layout: str, options: dict[str, str]
) -> None:
    samples = sounds.talk(3.2, rate=rate)
    raw = sounds.encoded(samples, form=form, codec=codec, rate=rate, layout=layout, options=options)
    clip = prepared(raw)
    seen = audio.measure(clip)
    assert seen.seconds == pytest.approx(3.4, abs=0.25)
    assert seen.loudness == pytest.approx(measured.LOUDNESS, abs=0.5)
    assert seen.true_peak <= loudness.PEAK
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


@pytest.mark.parametrize("level", [0.01, 0.2, 0.95])
@pytest.mark.parametrize("length", [0.3, 2.5, 4.0])
def test_all_clips_are_equally_loud_however_short(level: float, length: float) -> None:
    seen = audio.measure(prepared(wav.write(sounds.talk(length, level=level), {})))
    assert seen.loudness == pytest.approx(measured.LOUDNESS, abs=0.5)
    assert seen.true_peak <= loudness.PEAK


def integrated(clip: bytes) -> float:
    """What the broadcasters' measure itself says of this clip."""
    return loudness._measured(loudness.floats(wav.read(clip)[0]), "metadata=1")[0]


def test_a_word_by_itself_sounds_as_loud_as_in_a_sentence() -> None:
    sentence, word = prepared(wav.write(sounds.talk(8), {})), prepared(wav.write(sounds.talk(0.6), {}))
    assert integrated(sentence) == pytest.approx(measured.LOUDNESS, abs=0.5)
    assert audio.measure(word).speech == pytest.approx(audio.measure(sentence).speech, abs=1)


def test_a_single_peak_does_not_clip() -> None:
    samples = sounds.talk(4, level=0.05)
    samples[8000] = 32767
    seen = audio.measure(prepared(wav.write(samples, {})))
    assert seen.true_peak <= loudness.PEAK
    assert seen.loudness == pytest.approx(measured.LOUDNESS, abs=1)


def test_between_samples_no_peak_is_above_the_limit_either() -> None:
    high = array("h", (round(30000 * math.sin(math.pi * (n / 2 + 0.25))) for n in range(32000)))
    assert wav.inspect(wav.write(high, {})).peak < -3.5  # the samples alone say that all is well
    assert audio.measure(wav.write(high, {})).true_peak > -1
    assert audio.measure(prepared(wav.write(high, {}))).true_peak <= loudness.PEAK


def test_the_gain_does_not_ride() -> None:
    """What was softer within a clip stays softer by as much: else breath and noise swell up between words."""
    samples = sounds.tone(2, level=0.2) + sounds.tone(2, level=0.05)
    done = wav.read(prepared(wav.write(samples, {})))[0]
    found = levels.levels(loudness.floats(done))
    assert found[40] - found[-40] == pytest.approx(12, abs=0.5)


def test_a_constant_shift_and_rumble_are_taken_out() -> None:
    shifted = array("h", (sample + 8000 for sample in sounds.talk(3.5, level=0.1)))
    done = wav.read(prepared(wav.write(shifted, {})))[0]
    assert abs(sum(done) / len(done)) < 40


def test_a_key_that_clicks_before_and_after_is_cut_off() -> None:
    samples = sounds.silence(0.5) + sounds.tone(0.02, level=0.9) + sounds.silence(0.6)
    samples += sounds.tone(1) + sounds.silence(0.6) + sounds.tone(0.03, level=0.9) + sounds.silence(0.4)
    assert seconds(wav.write(samples, {})) == pytest.approx(1.24, abs=0.05)


def test_the_end_of_a_word_stays() -> None:
    samples = sounds.silence(0.5) + sounds.tone(0.5) + sounds.silence(0.1) + sounds.tone(0.03, level=0.1)
    assert seconds(wav.write(samples + sounds.silence(1), {})) == pytest.approx(0.06 + 0.63 + 0.18, abs=0.05)


def test_two_channels_are_as_loud_as_one() -> None:
    one, two = (
        audio.make(
            sounds.encoded(sounds.talk(3.5, rate=48000), form="wav", codec="pcm_s16le", layout=layout),
            prompt="welcome", language="en", text="…", engine="recording",
        ).before.loudness
        for layout in ("mono", "stereo")
    )  # fmt: skip
    assert one == pytest.approx(two, abs=0.1)


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
    monkeypatch.setattr(decoding, "MAX_SECONDS", 1.0)
    with pytest.raises(audio.NotAudio, match="too long"):
        prepared(wav.write(sounds.tone(3), {}))
    monkeypatch.setattr(decoding, "MAX_BYTES", 1000)
    with pytest.raises(audio.NotAudio, match="too large"):
        prepared(wav.write(sounds.tone(3), {}))


def test_of_more_sound_than_anybody_records_only_a_part_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_COUNTED", 50_000)
    raw = sounds.encoded(sounds.talk(3.2, rate=48000, level=4.0), form="flac", codec="flac")
    found = decoding.decode(raw)
    assert 50_000 <= found.of < 60_000 and found.clipped > 0.02 * found.of
    assert len(found.samples) == pytest.approx(3.8 * wav.RATE, abs=0.1 * wav.RATE)


@pytest.mark.parametrize(("rate", "layout"), [(384000, "mono"), (48000, "hexadecagonal")])
def test_what_nobody_records_with_is_refused(rate: int, layout: str) -> None:
    raw = sounds.encoded(sounds.tone(0.5, rate=rate), form="wav", codec="pcm_s16le", rate=rate, layout=layout)
    with pytest.raises(audio.NotAudio, match="more than 8 channels, or more than 192 kHz"):
        prepared(raw)


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
