"""Sounds for tests, made here: tones, noise, and files of them in the formats that people upload."""

from __future__ import annotations

import io
import math
from array import array
from fractions import Fraction

import av
from av.audio.frame import AudioFrame

from helpline.voice import wav


def tone(seconds: float = 1.0, *, level: float = 0.3, rate: int = wav.RATE, hertz: float = 440) -> array[int]:
    """A tone of this length; level 1 is full scale."""
    return array(
        "h",
        (round(level * 32767 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate))),
    )


def silence(seconds: float, *, rate: int = wav.RATE) -> array[int]:
    return array("h", bytes(2 * int(seconds * rate)))


def clip(seconds: float = 1.0, *, prompt: str = "welcome", level: float = 0.3, hertz: float = 440) -> bytes:
    """A clip in our form, different for each prompt and pitch."""
    return wav.write(tone(seconds, level=level, hertz=hertz), {"INAM": prompt})


def encoded(samples: array[int], *, form: str, codec: str, rate: int = 48000) -> bytes:
    """These samples (mono) as a file, such as form="mp3", codec="libmp3lame"."""
    target = io.BytesIO()
    with av.open(target, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        resampler = av.AudioResampler(
            format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size or None
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()
