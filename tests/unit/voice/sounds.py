"""Sounds for tests, made here: tones, noise, and files of them in the formats that people upload."""

from __future__ import annotations

import io
import math
import random
from array import array
from fractions import Fraction
from functools import cache

import av
from av.audio.frame import AudioFrame

from helpline.voice import wav


def tone(seconds: float = 1.0, *, level: float = 0.3, rate: int = wav.RATE, hertz: float = 440) -> array[int]:
    """A tone of this length; level 1 is full scale."""
    return array(
        "h",
        (round(level * 32767 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate))),
    )


@cache
def _talk(seconds: float) -> tuple[float, ...]:
    spoken = [0.0] * int(wav.RATE * 0.3)
    pattern, pauses = (0.16, 0.16, 0.16, 0.3), (0.04, 0.04, 0.04, 0.2)
    place = 0
    while len(spoken) < wav.RATE * (0.3 + seconds):
        length, pitch = int(wav.RATE * pattern[place % 4]), 140 + 25 * (place % 3)
        for n in range(length):
            turn = 2 * math.pi * pitch * n / wav.RATE
            wave = sum(math.sin(turn * over) / over for over in (1, 2, 3, 5, 8)) / 1.6
            spoken.append(math.sin(math.pi * n / length) ** 0.5 * wave)
        spoken += [0.0] * int(wav.RATE * pauses[place % 4])
        place += 1
    return (*spoken, *[0.0] * int(wav.RATE * 0.3))


def talk(seconds: float = 2.0, *, level: float = 0.3, rate: int = wav.RATE, hiss: float = 0.0) -> array[int]:
    """Something with the rhythm of speech: five syllables a second, a breath after each fourth, silence around it;
    with `hiss` in all of it. Louder than full scale it is cut off, as a converter does."""
    chance, spoken = random.Random(1), _talk(seconds)
    heard = [level * spoken[n * wav.RATE // rate] for n in range(len(spoken) * rate // wav.RATE)]
    if hiss:
        heard = [sample + chance.uniform(-hiss, hiss) for sample in heard]
    return array("h", [max(-32768, min(32767, round(32767 * sample))) for sample in heard])


def silence(seconds: float, *, rate: int = wav.RATE) -> array[int]:
    return array("h", bytes(2 * int(seconds * rate)))


def clip(seconds: float = 1.0, *, prompt: str = "welcome", level: float = 0.3, hertz: float = 440) -> bytes:
    """A clip in our form, different for each prompt and pitch."""
    return wav.write(tone(seconds, level=level, hertz=hertz), {"INAM": prompt})


def encoded(
    samples: array[int],
    *,
    form: str,
    codec: str,
    rate: int = 48000,
    layout: str = "mono",
    options: dict[str, str] | None = None,
) -> bytes:
    """These samples (mono) as a file, such as form="mp3", codec="libmp3lame"."""
    target = io.BytesIO()
    with av.open(target, "w", format=form, options=options or {}) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        resampler = av.AudioResampler(
            format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size or None
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()
