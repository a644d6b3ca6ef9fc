"""The one form in which clips are kept and served: 8 kHz, mono, 16-bit WAV that says in itself what it is; pure,
and knows nothing of decoding."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

RATE = 8000
SILENT_BELOW = -50.0  # dBFS: a clip whose loudest sample is below is silence, whatever noise it holds
_NOTHING = -120.0
_FORMAT = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)


class NotAClip(ValueError):
    """These bytes are not a clip in our form; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a clip is like: length in seconds, `peak` and `rms` in dBFS, and what it says of itself (`info`)."""

    seconds: float
    peak: float
    rms: float
    is_silent: bool
    info: Mapping[str, str]


def write(samples: array[int], info: Mapping[str, str]) -> bytes:
    """A WAV file of these samples; `info` maps RIFF INFO names of four letters (INAM, ILNG, ICMT, ISFT) to texts."""
    audio = array("h", samples)
    if sys.byteorder == "big":
        audio.byteswap()
    listed = b"INFO" + b"".join(
        _chunk(name.encode("ascii"), text.encode() + b"\0") for name, text in info.items()
    )
    body = b"WAVE" + _chunk(b"fmt ", _FORMAT) + _chunk(b"LIST", listed) + _chunk(b"data", audio.tobytes())
    return _chunk(b"RIFF", body)


def read(wav: bytes) -> tuple[array[int], dict[str, str]]:
    """The samples and the INFO texts. Raises `NotAClip` for anything but 8 kHz mono 16-bit WAV."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NotAClip("This is not a WAV file.")
    form, audio, info = None, None, {}
    for name, content in _chunks(wav, 12, len(wav)):
        if name == b"fmt ":
            form = content
        elif name == b"data":
            audio = content
        elif name == b"LIST" and content[:4] == b"INFO":
            info = {
                key.decode("ascii", "replace"): text.split(b"\0")[0].decode("utf-8", "replace")
                for key, text in _chunks(content, 4, len(content))
            }
    if form is None or form[:16] != _FORMAT:
        raise NotAClip("This is not 8 kHz mono 16-bit WAV.")
    if audio is None:
        raise NotAClip("This WAV file holds no audio.")
    samples = array("h", audio[: len(audio) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples, info


def inspect(wav: bytes) -> Inspection:
    """Measure a clip. Raises `NotAClip`."""
    samples, info = read(wav)
    top = max((abs(sample) for sample in samples), default=0)
    peak = decibels(top)
    return Inspection(
        len(samples) / RATE,
        peak,
        decibels(root_mean_square(samples)),
        peak < SILENT_BELOW,
        info,
    )


def root_mean_square(samples: array[int]) -> float:
    """The effective level of these samples, 0 to 32768."""
    if not samples:
        return 0.0
    values = samples.tolist()
    return math.sqrt(sum(map(int.__mul__, values, values)) / len(values))


def decibels(level: float) -> float:
    """A level of 0 to 32768 in dB below full scale; nothing at all is -120."""
    return 20 * math.log10(level / 32768) if level > 0 else _NOTHING


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _chunks(data: bytes, start: int, end: int) -> list[tuple[bytes, bytes]]:
    found = []
    while start + 8 <= end:
        (length,) = struct.unpack_from("<I", data, start + 4)
        found.append((data[start : start + 4], data[start + 8 : start + 8 + length]))
        start += 8 + length + length % 2
    return found
