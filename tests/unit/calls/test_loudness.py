"""A recording of nothing is not a message; a quiet voice is one."""

import io
import math
import random
import struct
import wave

import pytest

from helpline.calls.loudness import somebody_speaks


def wav(samples):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return out.getvalue()


def tone(seconds, dbfs, offset=0):
    top = 32767 * 10 ** (dbfs / 20) * math.sqrt(2)
    return [
        offset + round(top * math.sin(at * 2 * math.pi * 200 / 8000)) for at in range(int(8000 * seconds))
    ]


def test_digital_silence_is_nothing():
    assert not somebody_speaks(wav([0] * 16000))


def test_the_hiss_of_a_line_is_nothing():
    hiss = random.Random(1)
    assert not somebody_speaks(wav([round(hiss.gauss(0, 40)) for _ in range(16000)]))


def test_a_steady_offset_of_the_line_is_nothing():
    assert not somebody_speaks(wav([900] * 16000))


def test_a_click_is_nothing():
    assert not somebody_speaks(wav([0] * 8000 + [20000] * 8 + [0] * 8000))


@pytest.mark.parametrize("dbfs", [-20, -35, -45])
def test_a_short_quiet_word_is_something(dbfs):
    assert somebody_speaks(wav([0] * 8000 + tone(0.3, dbfs) + [0] * 8000))


def ulaw(samples):
    body = bytes(samples)
    form = struct.pack("<HHIIHH", 7, 1, 8000, 8000, 1, 8)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def test_mu_law_is_understood():
    assert not somebody_speaks(ulaw([0xFF, 0x7F] * 4000))
    assert somebody_speaks(ulaw(([0x90] * 20 + [0x10] * 20) * 200))


def test_nothing_at_all_is_nothing():
    assert not somebody_speaks(b"")
    assert not somebody_speaks(wav([]))


@pytest.mark.parametrize(
    "strange", [b"ID3 not a wav", b"RIFF1234WAVE", b"RIFF1234WAVEdata\x04\x00\x00\x00abcd"]
)
def test_what_cannot_be_read_is_kept(strange):
    assert somebody_speaks(strange)
