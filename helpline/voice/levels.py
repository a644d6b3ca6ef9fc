"""Where somebody speaks in a sound, and how loud each part is: numbers between -1 and 1 in, places and levels out; pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from itertools import groupby, pairwise

from helpline.voice import wav

FRAME = wav.RATE // 50  # 20 ms
NOTHING = -120.0
PAUSE = 25.0  # dB below the loudest 20 ms: there nobody speaks
_QUIET = 35.0  # dB below the loudest 20 ms: not even the end of a word
_ABOVE_NOISE = 8.0
_WORD = 3  # frames in a row: what is shorter, and far from speech, is a key, a click, a cup
_NEAR = 10  # frames: a consonant before or after the word it belongs to
_LEAD, _TAIL = wav.RATE * 60 // 1000, wav.RATE * 180 // 1000  # kept around speech: pieces are played in a row


def decibels(level: float) -> float:
    """A level between 0 and 1 in dB below full scale; nothing at all is -120."""
    return max(20 * math.log10(level), NOTHING) if level > 0 else NOTHING


def levels(samples: Sequence[float]) -> list[float]:
    """The level of each 20 ms, in dBFS."""
    values = list(samples)
    found = []
    for start in range(0, len(values), FRAME):
        part = values[start : start + FRAME]
        found.append(decibels(math.sqrt(sum(map(float.__mul__, part, part)) / len(part))))
    return found


def mean(several: Sequence[float]) -> float:
    """The level of parts with these levels together; -120 for none."""
    if not several:
        return NOTHING
    return decibels(math.sqrt(sum(10 ** (level / 10) for level in several) / len(several)))


def noise(found: Sequence[float]) -> float:
    """The level of the quietest tenth: what is heard where nobody speaks, if nobody ever does not."""
    return mean(sorted(found)[: max(1, len(found) // 10)]) if found else NOTHING


def speech(found: Sequence[float]) -> list[bool]:
    """For each 20 ms, whether somebody speaks in it, from its level; single clicks are left out."""
    loudest = max(found, default=NOTHING)
    if loudest < wav.SILENT_BELOW:
        return [False] * len(found)
    quiet = max(loudest - _QUIET, min(noise(found) + _ABOVE_NOISE, loudest - PAUSE))
    loud = [level > quiet for level in found]
    runs = [(start, end) for start, end in _runs(loud)]
    words = [(start, end) for start, end in runs if end - start >= _WORD]
    kept = [False] * len(found)
    for start, end in runs:
        if any(start - other_end <= _NEAR and other - end <= _NEAR for other, other_end in words):
            kept[start:end] = [True] * (end - start)
    return kept


def spoken(samples: array[float]) -> tuple[int, int]:
    """From which sample to which there is speech, with a little room around it; (0, 0) where there is none."""
    voiced = speech(levels(samples))
    if not any(voiced):
        return 0, 0
    first, last = voiced.index(True), len(voiced) - voiced[::-1].index(True)
    return max(0, first * FRAME - _LEAD), min(len(samples), last * FRAME + _TAIL)


def without_pauses(samples: array[float]) -> array[float]:
    """Only the parts in which somebody speaks."""
    found = levels(samples)
    loudest = max(found, default=NOTHING)
    parts: array[float] = array("f")
    for place, level in enumerate(found):
        if level > loudest - PAUSE:
            parts.extend(samples[place * FRAME : (place + 1) * FRAME])
    return parts


def longest_pause(voiced: Sequence[bool]) -> float:
    """The longest silence between two parts of speech, in seconds."""
    if not any(voiced):
        return 0.0
    inside = list(voiced)[voiced.index(True) : len(voiced) - voiced[::-1].index(True)]
    gaps = [end - start for start, end in _runs([not here for here in inside])]
    return max(gaps, default=0) * FRAME / wav.RATE


def waveform(samples: Sequence[float], points: int) -> tuple[int, ...]:
    """The loudest moment of each of so many equal parts, 0 to 100: for drawing. Fewer points for a shorter sound."""
    values = list(samples)
    points = min(points, len(values))
    bounds = [round(place * len(values) / points) for place in range(points + 1)] if points else []
    parts = (values[start:end] for start, end in pairwise(bounds))
    return tuple(min(100, round(100 * top(part))) for part in parts)


def top(samples: Sequence[float]) -> float:
    """How far the furthest sample is from zero; 0 for none."""
    highest, lowest = max(samples, default=0.0), min(samples, default=0.0)
    return max(highest, -lowest)


def _runs(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """Where marks stand in a row, each as (first, behind the last)."""
    runs, place = [], 0
    for mark, several in groupby(marks):
        length = len(list(several))
        if mark:
            runs.append((place, place + length))
        place += length
    return runs
