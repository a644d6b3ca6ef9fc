"""Which sound files a telephone can play, and what they say about themselves."""

import struct
import wave
from io import BytesIO

import pytest

from helpline.simulator import clips


def wav(rate: int = 8000, channels: int = 1, width: int = 2, frames: int = 8000) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"\1" * (frames * channels * width))
    return out.getvalue()


def mu_law(seconds: int) -> bytes:
    sound = b"\xff" * (8000 * seconds)
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 7, 1, 8000, 8000, 1, 8)
    body += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_lengths() -> None:
    assert clips.read(wav(frames=12000)).seconds == 1.5
    assert clips.read(mu_law(3)).seconds == 3
    assert clips.read(clips.voice(2.5)).seconds == 2.5
    with wave.open(BytesIO(clips.silence(2))) as file:
        assert file.getnframes() == 16000


def test_what_a_clip_says_about_itself() -> None:
    made = clips.make(b"\0\0" * 800, info={"INAM": "welcome", "ILNG": "bn", "ICMT": "স্বাগতম!"})
    found = clips.read(made)
    assert (found.name, found.language, found.text) == ("welcome", "bn", "স্বাগতম!")
    assert clips.read(wav()).name is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a RIFF"),
        (b"ID3\4mp3 mp3 mp3", "not a RIFF"),
        (wav(rate=16000), "16000 Hz"),
        (wav(channels=2), "2 channels"),
        (wav(width=1), "neither"),
        (wav(frames=0), "empty"),
        (wav()[:-1], "cut short"),
        (b"RIFF\4\0\0\0WAVE", "no format or no sound"),
    ],
)
def test_what_cannot_be_played(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        clips.read(data)


def test_the_beginning_of_a_message() -> None:
    assert clips.read(clips.beginning(clips.voice(5), 2)).seconds == 2
    short = clips.voice(1)
    assert clips.beginning(short, 2) is short
