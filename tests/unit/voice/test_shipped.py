"""Recordings that ship with the code: used when they say which text they were read from, otherwise named as faults."""

import hashlib
from pathlib import Path

from helpline.voice import shipped, wav
from helpline.voice.catalogue import Catalogue, text_hash
from tests.unit.voice import sounds


def folder(tmp_path: Path, index: str, **files: bytes) -> Path:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "recordings.toml").write_text(index, encoding="utf-8")
    for name, content in files.items():
        (tmp_path / "it" / f"{name}.wav").write_bytes(content)
    return tmp_path


def test_a_recording_offers_the_text_it_was_read_from(tmp_path: Path) -> None:
    clip = sounds.clip()
    recordings, faults = shipped.read(
        folder(tmp_path, 'welcome = "0123456789ab"', welcome=clip), ["it", "bn"]
    )
    (offer,) = [recording.offer for recording in recordings]
    assert faults == []
    assert (offer.language, offer.prompt, offer.text_hash) == ("it", "welcome", "0123456789ab")
    assert recordings[0].content == clip
    assert offer.clip == hashlib.sha256(clip).hexdigest()


def test_what_cannot_be_used_is_told_and_left_out(tmp_path: Path) -> None:
    index = (
        'gone = "0123456789ab"\nquiet = "0123456789ab"\nother = "0123456789ab"\nodd = "welcome"\nnumber = 3'
    )
    index += '\nlong = "0123456789ab"'
    files = {
        "quiet": wav.write(sounds.silence(1), {}),
        "other": sounds.encoded(sounds.tone(1), form="mp3", codec="libmp3lame"),
        "unknown": sounds.clip(),
        "odd": sounds.clip(),
        "number": sounds.clip(),
        "long": sounds.clip(20.5),
    }
    recordings, faults = shipped.read(folder(tmp_path, index, **files), ["it"])
    assert recordings == []
    assert faults == [
        "prompts/it/recordings.toml: gone: there is no gone.wav",
        "prompts/it/long.wav: lasts 20.5 seconds, more than 20",
        "prompts/it/recordings.toml: number: must be the hash of a text, twelve digits 0-9 a-f",
        "prompts/it/recordings.toml: odd: must be the hash of a text, twelve digits 0-9 a-f",
        "prompts/it/other.wav: This is not a WAV file.",
        "prompts/it/quiet.wav: it is silent",
        "prompts/it/unknown.wav: recordings.toml does not say which text it was read from",
    ]


def test_a_broken_list_is_a_fault(tmp_path: Path) -> None:
    _, faults = shipped.read(folder(tmp_path, "welcome = "), ["it"])
    assert faults[0].startswith("prompts/it/recordings.toml: cannot be read")


def test_a_recording_of_no_prompt_is_a_fault_and_one_of_an_older_text_is_stale(tmp_path: Path) -> None:
    index = f'welcome = "{text_hash("Ciao.")}"\ngoodbye = "0123456789ab"\nwelcom = "0123456789ab"'
    place = folder(tmp_path, index, welcome=sounds.clip(), goodbye=sounds.clip(), welcom=sounds.clip())
    recordings, faults = shipped.read(place, ["it"])
    assert faults == []
    assert shipped.judge(recordings, Catalogue({"it": {"welcome": "Ciao.", "goodbye": "Arrivederci."}})) == (
        ["prompts/it/welcom.wav: there is no such prompt"],
        ["prompts/it/goodbye.wav: stale: its text has changed, so it is not played; record it again"],
    )
