"""Sound out of a file of any common format, within limits: 8 kHz, one channel, as numbers between -1 and 1; with what
only the file as it came can tell. Runs in the worker and the command line, never while a caller waits."""

from __future__ import annotations

import io
import math
from array import array
from dataclasses import dataclass
from typing import Any

import av

from helpline.voice import forms, levels, wav
from helpline.voice.measured import Unusable

MAX_BYTES = forms.LARGEST
MAX_SECONDS = 120.0
MAX_RATE = 192_000
MAX_CHANNELS = 8
# Without the whitelist a text file that lists other files is "decoded" by opening those files on our disk.
OPTIONS = {
    "format_whitelist": "wav,mp3,ogg,matroska,webm,mov,mp4,m4a,flac,aiff,aac,caf",
    "protocol_whitelist": "none",
}
_ABSURD = 1000.0  # times full scale, which files of floating numbers may hold
_COUNTED = 20_000_000  # samples of all channels, a minute of six: of more, the share is known
_AT_THE_LIMIT = 32_274  # of 32768: there a microphone or a converter has no more to give


class NotAudio(Unusable):
    """What was given cannot become a clip."""


@dataclass(frozen=True)
class Sound:
    """What a file sounds like: 8 kHz samples, and how many of the file's own were at the limit, of how many."""

    samples: array[float]
    clipped: int = 0
    of: int = 0


def decode(raw: bytes) -> Sound:
    """The first sound in this file. Raises `NotAudio`: too large, too long, no sound, or no file of a known format."""
    if len(raw) > MAX_BYTES:
        raise NotAudio("too_large", megabytes=MAX_BYTES // 1_000_000)
    try:
        with av.open(io.BytesIO(raw), "r", options=OPTIONS) as container:
            if not container.streams.audio:
                raise NotAudio("no_sound")
            return _read(container)
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError, MemoryError) as error:
        if isinstance(error, NotAudio):
            raise
        raise NotAudio("not_readable") from error


def _read(container: Any) -> Sound:
    samples: array[float] = array("f")
    clipped = of = 0
    to_ours = av.AudioResampler(format="flt", layout="mono", rate=wav.RATE)
    as_it_came = av.AudioResampler(
        format="s16"
    )  # all channels in one row: of eight in rows, av reads a ninth
    for frame in container.decode(audio=0):
        if frame.sample_rate > MAX_RATE or frame.layout.nb_channels > MAX_CHANNELS:
            raise NotAudio("strange", channels=MAX_CHANNELS, kilohertz=MAX_RATE // 1000)
        for plain in as_it_came.resample(frame) if of < _COUNTED else ():
            own = array("h", bytes(plain.planes[0])[: plain.samples * plain.layout.nb_channels * 2])
            clipped += at_the_limit(own)
            of += len(own)
        _append(samples, to_ours.resample(frame))
        if len(samples) > MAX_SECONDS * wav.RATE:
            raise NotAudio("much_too_long", most=MAX_SECONDS)
    _append(samples, to_ours.resample(None))
    if not math.isfinite(sum(samples)) or levels.top(samples) > _ABSURD:
        raise NotAudio("not_readable")
    return Sound(samples, clipped, of)


def at_the_limit(samples: array[int]) -> int:
    """How many samples are as loud as can be."""
    if levels.top(samples) < _AT_THE_LIMIT:
        return 0
    return sum(1 for sample in samples.tolist() if not -_AT_THE_LIMIT < sample < _AT_THE_LIMIT)


def _append(samples: array[float], frames: list[Any]) -> None:
    for frame in frames:
        samples.frombytes(bytes(frame.planes[0])[: frame.samples * 4])
