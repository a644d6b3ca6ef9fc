"""Whether anybody speaks in a recording. Pure: WAV bytes in, yes or no out."""

from array import array
from collections.abc import Sequence
from math import sqrt

_PCM, _ULAW, _EXTENSIBLE = 1, 7, 0xFFFE
_FULL_SCALE = 32768
_QUIET = _FULL_SCALE * 10 ** (-50 / 20)
_FRAME = 160
_FRAMES_OF_SPEECH = 5


def somebody_speaks(audio: bytes) -> bool:
    """Whether a tenth of a second, in frames of 20 ms at 8 kHz, is louder than -50 dBFS.

    What we cannot read is taken for speech: a message is not thrown away because its format is strange.
    """
    if not audio:
        return False
    samples = _samples(audio)
    if samples is None:
        return True
    loud = 0
    for start in range(0, len(samples) - _FRAME + 1, _FRAME):
        frame = samples[start : start + _FRAME]
        middle = sum(frame) / _FRAME
        if sqrt(sum((sample - middle) ** 2 for sample in frame) / _FRAME) > _QUIET:
            loud += 1
            if loud >= _FRAMES_OF_SPEECH:
                return True
    return False


def _samples(audio: bytes) -> Sequence[int] | None:
    if audio[:4] != b"RIFF" or audio[8:12] != b"WAVE":
        return None
    at, form = 12, None
    while at + 8 <= len(audio):
        name, size = audio[at : at + 4], int.from_bytes(audio[at + 4 : at + 8], "little")
        body = audio[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            form = (int.from_bytes(body[:2], "little"), int.from_bytes(body[14:16], "little"))
        if name == b"data":
            return _decoded(form, body)
        at += 8 + size + size % 2
    return None


def _decoded(form: tuple[int, int] | None, body: bytes) -> Sequence[int] | None:
    if form in ((_PCM, 16), (_EXTENSIBLE, 16)):
        return array("h", body[: len(body) // 2 * 2])
    if form == (_ULAW, 8):
        return array("h", (_ULAW_TABLE[byte] for byte in body))
    return None


def _ulaw(byte: int) -> int:
    """One G.711 mu-law byte as a linear 16-bit sample."""
    byte = ~byte & 0xFF
    size = (((byte & 0x0F) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return -size if byte & 0x80 else size


_ULAW_TABLE = [_ulaw(byte) for byte in range(256)]
