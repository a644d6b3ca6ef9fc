"""How loud a sound is to the ear (EBU R128), its true peak, and all clips brought to one loudness by one gain and a
limiter; knows no file and no prompt."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.filter import Graph

from helpline.voice import levels, wav
from helpline.voice.measured import LOUDNESS

PEAK = -3.0  # dB below full scale, between samples too
LONG = 3.0  # seconds: from here on the broadcasters' measure holds as it stands
# A sentence measures so much louder with its pauses taken out: 1.0 to 1.7 LU in five languages, spoken by espeak-ng.
SHORT = 1.2
_AT_LEAST = 4.0  # seconds that the measure is given
_NOTHING = -70.0  # LUFS: the measure's own bottom
_NEAR_ENOUGH = 0.3
_ROUNDS = 6
_MORE = (
    6.0  # dB beyond the first gain: what still is not loud enough has too few sounds between too many peaks
)
_OVERSAMPLED = 48_000
_FULL = 32_768

Filters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Levelled:
    """16-bit samples, how loud they are in LUFS, and their true peak in dB below full scale."""

    samples: array[int]
    loudness: float
    peak: float


def loudness_and_peak(samples: array[float]) -> tuple[float, float]:
    """How loud it is to the ear, in LUFS (-70 for nothing), and its true peak: the highest point of the wave, also
    between samples, in dB below full scale.

    From three seconds on the integrated loudness of EBU R128. Shorter sounds (a digit, a word) have no such thing:
    there it is the loudness of what is spoken, pauses left out, as if it went on; on the same scale.
    """
    loud, peak = _measured(samples, "metadata=1:peak=true")
    if len(samples) < LONG * wav.RATE:
        spoken = levels.without_pauses(samples)
        times = math.ceil(_AT_LEAST * wav.RATE / len(spoken)) if spoken else 0
        loud = _measured(spoken * times, "metadata=1")[0] - SHORT if spoken else _NOTHING
    return loud, levels.decibels(peak)


def without_rumble(samples: array[float]) -> array[float]:
    """Without what no telephone carries and no voice has: hum of the room, steps, a constant shift."""
    return _joined(_through(samples, (("highpass", "frequency=80:poles=2"), ("aformat", "sample_fmts=flt"))))


def levelled(samples: array[float], loud: float) -> Levelled:
    """As loud as everything we play, and no peak above the limit. `loud`: how loud it is now.

    One gain for the whole clip (what rides the gain pumps breath and noise up between words), then a limiter, at six
    times the rate, so that it sees the peaks between samples; measured afterwards, and set again until both hold.
    """
    gain = LOUDNESS - loud
    most = gain + _MORE
    ceiling = PEAK - 0.2
    for _ in range(_ROUNDS):
        found = _rendered(samples, gain, ceiling)
        loud, peak = loudness_and_peak(floats(found))
        if peak <= PEAK and (abs(LOUDNESS - loud) <= _NEAR_ENOUGH or gain >= most):
            return Levelled(found, loud, peak)
        gain = min(gain + LOUDNESS - loud, most)
        ceiling -= max(0.0, peak - PEAK + 0.05)
    softer = min(0.0, PEAK - peak)
    factor = 10 ** (softer / 20)
    return Levelled(array("h", (int(sample * factor) for sample in found)), loud + softer, peak + softer)


def floats(samples: array[int]) -> array[float]:
    """16-bit samples as numbers between -1 and 1."""
    return array("f", (sample / _FULL for sample in samples.tolist()))


def _rendered(samples: array[float], gain: float, ceiling: float) -> array[int]:
    limit = f"limit={10 ** (ceiling / 20):.6f}:level=disabled:attack=2:release=40:latency=1"
    frames = _through(
        samples,
        (
            ("aresample", str(_OVERSAMPLED)),
            ("aformat", "sample_fmts=dbl"),
            ("volume", f"volume={gain:.4f}dB:precision=double"),
            ("alimiter", limit),
            ("aresample", str(wav.RATE)),
            ("aformat", f"sample_fmts=s16:sample_rates={wav.RATE}:channel_layouts=mono"),
        ),
    )
    found = array("h")
    for frame in frames:
        found.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
    return found[: len(samples)]


def _measured(samples: array[float], how: str) -> tuple[float, float]:
    """Integrated loudness in LUFS, and the true peak between 0 and 1."""
    told: Any = {}
    rest = array(
        "f", bytes(4 * (wav.RATE // 10))
    )  # it tells each whole tenth of a second, and nothing of the last
    for frame in _through(samples + rest, (("ebur128", how),)):
        told = frame.metadata or told
    return float(told.get("lavfi.r128.I", _NOTHING)), float(told.get("lavfi.r128.true_peak", 0))


def _joined(frames: Iterator[AudioFrame]) -> array[float]:
    found: array[float] = array("f")
    for frame in frames:
        found.frombytes(bytes(frame.planes[0])[: frame.samples * 4])
    return found


def _through(samples: array[float], filters: Filters) -> Iterator[AudioFrame]:
    """What comes out of these filters, one after another."""
    graph = Graph()
    time_base = Fraction(1, wav.RATE)
    chain = [graph.add_abuffer(sample_rate=wav.RATE, format="flt", layout="mono", time_base=time_base)]
    chain += [graph.add(name, options) for name, options in filters]
    chain.append(graph.add("abuffersink"))
    for before, after in pairwise(chain):
        before.link_to(after)
    graph.configure()
    graph.push(_as_frame(samples))
    graph.push(None)
    while True:
        try:
            frame = graph.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return
        if isinstance(frame, AudioFrame):
            yield frame


def _as_frame(samples: array[float]) -> AudioFrame:
    frame = AudioFrame(format="flt", layout="mono", samples=len(samples))
    frame.sample_rate = wav.RATE
    frame.pts = 0
    frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    return frame
