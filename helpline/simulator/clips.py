"""Sound as the carrier sees it: checks a WAV file it was told to play, and makes one of what a caller said."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

RATE = 8000
PCM, MU_LAW = 1, 7
TYPES = ("audio/wav", "audio/wave", "audio/x-wav")


@dataclass(frozen=True)
class Clip:
    """A playable file: its length, and what its INFO chunk says about it (None where it says nothing)."""

    seconds: float
    name: str | None = None
    language: str | None = None
    text: str | None = None


def read(data: bytes) -> Clip:
    """Check a file for `<Play>`. Raises ValueError with the reason: only 8 kHz mono WAV, 16-bit or mu-law."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a RIFF/WAVE file")
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise ValueError("cut short: the file is smaller than its header says")
    chunks = dict(_chunks(data, 12, len(data)))
    if "fmt " not in chunks or "data" not in chunks:
        raise ValueError("has no format or no sound")
    if len(chunks["fmt "]) < 16:
        raise ValueError("has a broken format chunk")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks["fmt "])
    if (kind, bits) not in ((PCM, 16), (MU_LAW, 8)):
        raise ValueError(f"is neither 16-bit PCM nor mu-law (format {kind}, {bits} bits)")
    if channels != 1 or rate != RATE:
        raise ValueError(f"is {rate} Hz with {channels} channels, not 8000 Hz mono")
    seconds = len(chunks["data"]) / (RATE * bits // 8)
    if not seconds:
        raise ValueError("is empty")
    info = _info(chunks.get("LIST", b""))
    return Clip(seconds, info.get("INAM"), info.get("ILNG"), info.get("ICMT"))


def beginning(data: bytes, seconds: float) -> bytes:
    """The first seconds of a file that `read` accepts, as a file of its own; the whole if it is shorter."""
    if read(data).seconds <= seconds:
        return data
    chunks = dict(_chunks(data, 12, len(data)))
    kind, _, _, _, _, bits = struct.unpack_from("<HHIIHH", chunks["fmt "])
    if (kind, bits) != (PCM, 16):
        return data
    return make(chunks["data"][: int(seconds * RATE) * 2])


def _chunks(data: bytes, start: int, end: int) -> list[tuple[str, bytes]]:
    found = []
    while start + 8 <= end:
        size = struct.unpack_from("<I", data, start + 4)[0]
        if start + 8 + size > end:
            raise ValueError("has a chunk that runs past its end")
        found.append((data[start : start + 4].decode("latin-1"), data[start + 8 : start + 8 + size]))
        start += 8 + size + size % 2
    return found


def _info(chunk: bytes) -> dict[str, str]:
    if chunk[:4] != b"INFO":
        return {}
    found = _chunks(chunk, 4, len(chunk))
    return {name: value.rstrip(b"\0").decode("utf-8", "replace") for name, value in found}


def make(samples: bytes, *, info: dict[str, str] | None = None) -> bytes:
    """A WAV file of 16-bit samples, with an INFO chunk if there is something to say."""
    said = b"".join(
        name.encode() + struct.pack("<I", len(value)) + value + b"\0" * (len(value) % 2)
        for name, value in ((name, text.encode() + b"\0") for name, text in (info or {}).items())
    )
    listing = b"LIST" + struct.pack("<I", len(said) + 4) + b"INFO" + said if said else b""
    header = b"fmt " + struct.pack("<IHHIIHH", 16, PCM, 1, RATE, RATE * 2, 2, 16)
    body = b"WAVE" + header + listing + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def voice(seconds: float) -> bytes:
    """A WAV that stands for a person's voice: a hum whose loudness rises and falls like syllables."""
    hum = (
        int(9000 * math.sin(2 * math.pi * 170 * i / RATE) * abs(math.sin(2 * math.pi * 2 * i / RATE)))
        for i in range(int(seconds * RATE))
    )
    return make(b"".join(struct.pack("<h", one) for one in hum))


def silence(seconds: float) -> bytes:
    """A WAV in which nobody speaks."""
    return make(b"\0\0" * int(seconds * RATE))
