"""Makes clips out of whatever was recorded or synthesised: decoded within limits, 8 kHz mono, silence cut off, all
equally loud; runs in the worker and the command line, never while a caller waits. Knows no database."""

from __future__ import annotations

import io
import math
from array import array
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.filter import Graph

from helpline.voice import wav
from helpline.voice.wav import Inspection, decibels, inspect, root_mean_square

__all__ = ["Inspection", "NotAudio", "inspect", "prepare"]

MAX_BYTES = 20_000_000
MAX_SECONDS = 120.0
MIN_SECONDS = 0.1
# Without the whitelist a text file that lists other files is "decoded" by opening those files on our disk.
OPTIONS = {
    "format_whitelist": "wav,mp3,ogg,matroska,webm,mov,mp4,m4a,flac,aiff,aac,caf",
    "protocol_whitelist": "none",
}
LEVEL = -20.0  # dBFS of the parts in which somebody speaks
CEILING = 10 ** (-3 / 20)  # peaks end 3 dB below full scale
_FRAME = wav.RATE // 50  # 20 ms
# Kept around speech: pieces are played in a row.
_LEAD, _TAIL = wav.RATE * 60 // 1000, wav.RATE * 180 // 1000
_QUIET = 35.0  # dB below the loudest 20 ms: there nobody speaks
_PAUSE = 25.0  # dB below the loudest 20 ms: left out when loudness is measured


class NotAudio(ValueError):
    """What was given cannot become a clip; the message is a plain sentence for the person who gave it."""


def prepare(raw: bytes, *, prompt: str, language: str, text: str, engine: str) -> bytes:
    """A clip (8 kHz mono 16-bit WAV) of recorded or synthesised audio in any common format.

    The same input gives the same bytes. The clip carries the prompt's name, its language, the text it says and the
    engine that made it (`recording`, `gtts`, `espeak`). Raises `NotAudio`.
    """
    if len(raw) > MAX_BYTES:
        raise NotAudio(f"The file is too large: more than {MAX_BYTES // 1_000_000} MB.")
    samples = _trim(_decode(raw))
    if len(samples) < MIN_SECONDS * wav.RATE:
        raise NotAudio("There is no speech in it: it is silent, or shorter than a tenth of a second.")
    info = {"INAM": prompt, "ILNG": language, "ICMT": text, "ISFT": engine}
    return wav.write(_level(samples), info)


def _decode(raw: bytes) -> array[int]:
    """The sound as 8 kHz mono samples."""
    samples = array("h")
    resampler = av.AudioResampler(format="s16", layout="mono", rate=wav.RATE)
    try:
        with av.open(io.BytesIO(raw), "r", options=OPTIONS) as container:
            if not container.streams.audio:
                raise NotAudio("There is no sound in this file.")
            for frame in container.decode(audio=0):
                _append(samples, resampler.resample(frame))
                if len(samples) > MAX_SECONDS * wav.RATE:
                    raise NotAudio(f"It is too long: more than {MAX_SECONDS:.0f} seconds.")
            _append(samples, resampler.resample(None))
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError) as error:
        if isinstance(error, NotAudio):
            raise
        raise NotAudio("This is not an audio file that can be read.") from error
    return samples


def _append(samples: array[int], frames: list[Any]) -> None:
    for frame in frames:
        samples.frombytes(bytes(frame.planes[0])[: frame.samples * 2])


def _levels(samples: array[int]) -> list[float]:
    """The level of each 20 ms, in dBFS."""
    return [
        decibels(root_mean_square(samples[start : start + _FRAME]))
        for start in range(0, len(samples), _FRAME)
    ]


def _trim(samples: array[int]) -> array[int]:
    """Without the silence before and after; empty when there is nothing else."""
    levels = _levels(samples)
    loudest = max(levels, default=-math.inf)
    if loudest < wav.SILENT_BELOW:
        return array("h")
    loud = [place for place, level in enumerate(levels) if level > loudest - _QUIET]
    start = max(0, loud[0] * _FRAME - _LEAD)
    end = min(len(samples), (loud[-1] + 1) * _FRAME + _TAIL)
    return samples[start:end]


def _level(samples: array[int]) -> array[int]:
    """Equally loud, whatever its length, without clipping.

    One gain for the whole clip, from the level of what is spoken (pauses left out), then a limiter for single peaks.
    A broadcast loudness filter needs three seconds of sound and rides the gain; most of our clips are one word long
    and are played in a row with others.
    """
    levels = _levels(samples)
    loudest = max(levels)
    spoken = [level for level in levels if level > loudest - _PAUSE]
    mean = 10 * math.log10(sum(10 ** (level / 10) for level in spoken) / len(spoken))
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=wav.RATE, format="s16", layout="mono", time_base=Fraction(1, wav.RATE)
    )
    chain = [
        source,
        graph.add("aformat", "sample_fmts=dbl"),
        graph.add("volume", f"volume={LEVEL - mean:.4f}dB:precision=double"),
        graph.add("alimiter", f"limit={CEILING:.6f}:level=disabled:attack=2:release=40"),
        graph.add("aformat", f"sample_fmts=s16:sample_rates={wav.RATE}:channel_layouts=mono"),
        graph.add("abuffersink"),
    ]
    for before, after in pairwise(chain):
        before.link_to(after)
    graph.configure()
    graph.push(_as_frame(samples))
    graph.push(None)
    levelled = array("h")
    while True:
        try:
            _append(levelled, [graph.pull()])
        except (av.error.EOFError, av.error.BlockingIOError):
            return levelled


def _as_frame(samples: array[int]) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.sample_rate = wav.RATE
    frame.pts = 0
    frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    return frame
