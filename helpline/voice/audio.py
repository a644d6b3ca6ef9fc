"""Makes clips out of whatever was recorded or synthesised: decoded within limits, 8 kHz mono, silence cut off, all
equally loud; runs in the worker and the command line, never while a caller waits. Knows no database."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from helpline.voice import decoding, levels, loudness, measured, wav
from helpline.voice.decoding import NotAudio
from helpline.voice.measured import Measured
from helpline.voice.wav import Inspection, inspect

__all__ = ["Inspection", "Made", "NotAudio", "inspect", "make", "measure", "prepare"]

MIN_SECONDS = 0.1


@dataclass(frozen=True)
class Made:
    """A clip, what came measured, and the clip measured."""

    clip: bytes
    before: Measured
    after: Measured


def prepare(raw: bytes, *, prompt: str, language: str, text: str, engine: str) -> bytes:
    """A clip (8 kHz mono 16-bit WAV) of recorded or synthesised audio in any common format.

    The same input gives the same bytes. The clip carries the prompt's name, its language, the text it says and the
    engine that made it (`recording`, `gtts`, `espeak`). Raises `NotAudio`.
    """
    return make(raw, prompt=prompt, language=language, text=text, engine=engine).clip


def make(raw: bytes, *, prompt: str, language: str, text: str, engine: str) -> Made:
    """The same, with what was measured before and after. Raises `NotAudio`."""
    sound = decoding.decode(raw)
    clean = loudness.without_rumble(sound.samples) if sound.samples else sound.samples
    start, end = levels.spoken(clean)
    spoken = clean[start:end]
    if len(spoken) < MIN_SECONDS * wav.RATE:
        raise NotAudio("no_speech")
    heard = loudness.levelled(spoken, loudness.loudness_and_peak(spoken)[0])
    info = {"INAM": prompt, "ILNG": language, "ICMT": text, "ISFT": engine}
    before = _measured(clean, clipped=sound.clipped / sound.of if sound.of else 0.0)
    after = measured.measure(loudness.floats(heard.samples), loudness=heard.loudness, true_peak=heard.peak)
    return Made(wav.write(heard.samples, info), before, after)


def measure(clip: bytes) -> Measured:
    """A clip in our form, measured. Raises `wav.NotAClip`."""
    return _measured(loudness.floats(wav.read(clip)[0]))


def _measured(samples: array[float], *, clipped: float = 0.0) -> Measured:
    loud, peak = loudness.loudness_and_peak(samples)
    return measured.measure(samples, loudness=loud, true_peak=peak, clipped=clipped)
