"""The soft tone that somebody hears who waits: made here, so that it is there without database or folder; pure.

Quiet single notes with long pauses: no song, no voice, nothing of any country.
"""

from __future__ import annotations

import hashlib
import math
from array import array

from helpline.voice import wav

SECONDS = 10
_EVERY = 5  # seconds from note to note
_NOTES = (392.0, 330.0)  # Hz
_LASTS = 1.6
_LOUDEST = 2600  # of 32768: about 22 dB below full scale, softer than any prompt


def _note(hertz: float) -> array[int]:
    """A note that swells for a moment and dies away. No list of its samples is ever made: each web process would keep the
    megabyte that takes for a moment."""
    length = int(wav.RATE * _LASTS)
    swell = int(wav.RATE * 0.08)
    samples = (
        round(
            _LOUDEST
            * min(1.0, n / swell)
            * math.exp(-3.2 * n / length)
            * (1 - n / length)
            * math.sin(2 * math.pi * hertz * n / wav.RATE)
        )
        for n in range(length)
    )
    return array("h", samples)


def _samples() -> array[int]:
    samples = array("h", bytes(2 * wav.RATE * SECONDS))
    for place, hertz in enumerate(_NOTES):
        begins = place * _EVERY * wav.RATE
        note = _note(hertz)
        samples[begins : begins + len(note)] = note
    return samples


WAV = wav.write(_samples(), {"INAM": "tone", "ICMT": "heard while waiting"})
HASH = hashlib.sha256(WAV).hexdigest()
