"""A ZIP of recordings is looked through before anything is taken: what goes where, what is named and left, what must
not be opened at all."""

from __future__ import annotations

import io
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.voice import batches, forms
from helpline.voice.batches import Contents
from helpline.voice.measured import Unusable
from tests.unit.voice import sounds

CLIP = sounds.clip(0.3)
PROMPTS = ("welcome", "goodbye", "digit_4")


def zipped(files: dict[str, bytes], **options: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def looked(raw: bytes, language: str | None = "hi", languages: tuple[str, ...] = ("hi", "bn")) -> Contents:
    return batches.of_zip(io.BytesIO(raw), language=language, prompts=PROMPTS, languages=languages)


def taken(contents: Contents) -> dict[str, tuple[str, str]]:
    return {piece.file: (piece.language, piece.prompt) for piece in contents.pieces}


def left(contents: Contents) -> dict[str, str]:
    return {file: remark.name for file, remark in contents.left_out}


def test_a_file_is_the_prompt_that_its_name_says() -> None:
    contents = looked(
        zipped(
            {
                "welcome.wav": CLIP,
                "studio/Digit_4.WAV": CLIP,
                "bn/goodbye.wav": CLIP,
                "all/hi/goodbye.flac": CLIP,
            }
        )
    )
    assert taken(contents) == {
        "welcome.wav": ("hi", "welcome"),
        "studio/Digit_4.WAV": ("hi", "digit_4"),
        "bn/goodbye.wav": ("bn", "goodbye"),
        "all/hi/goodbye.flac": ("hi", "goodbye"),
    }
    assert contents.pieces[0].read() == CLIP == contents.pieces[0].read()
    assert contents.left_out == ()


def test_what_is_not_taken_is_named_with_its_reason() -> None:
    contents = looked(
        zipped(
            {
                "welcome.wav": CLIP,
                "hi/welcome.mp3": CLIP,
                "goodbye.wav": b"<html>",
                "hello.wav": CLIP,
                "it/goodbye.wav": CLIP,
                "digit_4.zip": zipped({"welcome.wav": CLIP}),
                "__MACOSX/._welcome.wav": b"x",
                ".DS_Store": b"x",
            }
        )
    )
    assert taken(contents) == {"welcome.wav": ("hi", "welcome")}
    assert left(contents) == {
        "hi/welcome.mp3": "twice",
        "goodbye.wav": "not_readable",
        "hello.wav": "no_such_prompt",
        "it/goodbye.wav": "not_your_language",
        "digit_4.zip": "zip_within_zip",
    }
    assert all(str(remark) for _, remark in contents.left_out)


def test_without_a_language_only_folders_say_it() -> None:
    contents = looked(zipped({"welcome.wav": CLIP, "bn/welcome.wav": CLIP}), language=None)
    assert taken(contents) == {"bn/welcome.wav": ("bn", "welcome")}
    assert left(contents) == {"welcome.wav": "no_language"}


def test_files_beside_each_other_are_looked_at_in_the_same_way() -> None:
    sent = [("welcome.wav", CLIP), ("goodbye.wav", b"no sound"), ("digit_4.wav", CLIP[:20])]
    files = [(name, io.BytesIO(raw)) for name, raw in sent]
    contents = batches.of_files(files, language="hi", prompts=PROMPTS, languages=("hi",))
    assert taken(contents) == {"welcome.wav": ("hi", "welcome"), "digit_4.wav": ("hi", "digit_4")}
    assert contents.pieces[1].read() == CLIP[:20]
    assert left(contents) == {"goodbye.wav": "not_readable"}


def test_one_file_for_one_prompt_may_be_called_anything() -> None:
    [piece] = batches.of_one("take 7 final.wav", io.BytesIO(CLIP), language="hi", prompt="goodbye").pieces
    assert (piece.file, piece.language, piece.prompt, piece.read()) == (
        "take 7 final.wav", "hi", "goodbye", CLIP,
    )  # fmt: skip
    for raw, name in ((b"<html>", "not_readable"), (zipped({}), "zip_within_zip")):
        with pytest.raises(Unusable) as caught:
            batches.of_one("goodbye.wav", io.BytesIO(raw), language="hi", prompt="goodbye")
        assert caught.value.remark.name == name
    assert batches.is_zip(io.BytesIO(zipped({"goodbye.wav": CLIP}))) and not batches.is_zip(io.BytesIO(CLIP))


def refused(raw: bytes) -> str:
    with pytest.raises(Unusable) as caught:
        looked(raw)
    assert str(caught.value).endswith(".")
    return caught.value.remark.name


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", CLIP, b"\0" * 500, zipped({"welcome.wav": CLIP})[:-30]])
def test_what_is_no_zip_is_refused_whole(raw: bytes) -> None:
    assert refused(raw) == "not_a_zip"


@pytest.mark.parametrize(
    "name",
    [
        "../welcome.wav",
        "/etc/welcome.wav",
        "a/../../welcome.wav",
        "C:welcome.wav",
        "a\\welcome.wav",
    ],
)
def test_a_name_that_leads_out_of_it_is_refused_whole(name: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("welcome.wav", CLIP)
        entry = zipfile.ZipInfo("x")
        entry.filename = name  # as it stands, which `ZipInfo` would mend
        made.writestr(entry, CLIP)
    assert refused(target.getvalue()) == "zip_leads_elsewhere"


def test_a_link_is_refused_whole() -> None:
    entry = zipfile.ZipInfo("welcome.wav")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(entry, "/etc/passwd")
    assert refused(target.getvalue()) == "zip_leads_elsewhere"


def test_a_password_is_refused_whole() -> None:
    raw = bytearray(zipped({"welcome.wav": CLIP}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(raw)) == "zip_with_password"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refused(zipped({"welcome.wav": CLIP, "goodbye.wav": b"\0" * 3_000_000})) == "zip_blows_up"


def test_a_file_that_is_more_than_it_says_is_not_unpacked_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes that a ZIP tells of itself are not believed."""
    raw = zipped({"welcome.wav": CLIP + b"\0" * 500_000})
    told = struct.pack("<I", len(CLIP) + 500_000)
    raw = raw.replace(told, struct.pack("<I", 4000))
    contents = looked(raw)
    assert left(contents) == {"welcome.wav": "broken_file"}


def test_too_many_files_and_too_much_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(zipped({f"{n}.wav": b"x" for n in range(601)})) == "too_many_files"
    monkeypatch.setattr(batches, "MOST_BYTES", 1000)
    assert refused(zipped({"welcome.wav": CLIP})) == "too_large"


def test_a_list_of_millions_of_names_is_not_read_before_it_is_counted() -> None:
    """Each entry costs a hundred times its bytes in memory, and nobody is answered while they are made."""
    first = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    name = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *([0] * 7), 1, *([0] * 6)) + b"a"
    count = 100_000
    after = len(first) + count * len(name)
    ends = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, count * len(name), len(first)
    )
    ends += struct.pack("<4sLQL", b"PK\x06\x07", 0, after, 1)
    ends += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *([0xFFFF] * 2), *([0xFFFFFFFF] * 2), 0)
    tracemalloc.start()
    assert refused(first + name * count + ends) == "too_many_files"
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "name",
    [
        "hi/digit 4.wav",
        "hi/Digit-4 .wav",
        "HI/\u200fdigit_4.wav",
        "\ufeffhi/digit\u202f4.wav",
        "hi /DIGIT_4.WAV",
    ],
)
def test_spaces_capitals_and_what_one_cannot_see_make_no_other_prompt(name: str) -> None:
    contents = looked(zipped({name: CLIP}))
    assert [(piece.language, piece.prompt) for piece in contents.pieces] == [("hi", "digit_4")]
    assert contents.pieces[0].file.isprintable()


def test_a_name_with_a_sign_that_one_cannot_see_leaves_the_others_alone() -> None:
    contents = looked(zipped({"welcome.wav": CLIP, "Screenshot 5.01\u202fPM.png": b"x", "a\nb.wav": CLIP}))
    assert taken(contents) == {"welcome.wav": ("hi", "welcome")}
    assert set(left(contents)) == {"Screenshot 5.01 PM.png", "a b.wav"}
    sent = [("good\x00bye.wav", io.BytesIO(CLIP))]
    assert set(left(batches.of_files(sent, language="hi", prompts=PROMPTS, languages=("hi",)))) == {
        "good bye.wav"
    }


def test_a_file_that_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST", 100)
    assert left(looked(zipped({"welcome.wav": CLIP}))) == {"welcome.wav": "too_large"}


def test_a_broken_file_is_left_out_and_the_others_are_taken() -> None:
    raw = bytearray(zipped({"welcome.wav": CLIP, "goodbye.wav": CLIP}))
    raw[60] ^= 0xFF
    contents = looked(bytes(raw))
    assert left(contents) == {"welcome.wav": "broken_file"}
    assert taken(contents) == {"goodbye.wav": ("hi", "goodbye")}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_changed_in_a_zip_is_looked_through_or_refused(data: st.DataObject) -> None:
    raw = bytearray(zipped({"welcome.wav": CLIP[:300], "bn/goodbye.wav": CLIP[:300]}))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        contents = looked(bytes(raw))
    except Unusable:
        return
    for piece in contents.pieces:
        assert piece.prompt in PROMPTS and piece.language in {"hi", "bn"}


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (CLIP, "wav"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="webm", codec="libopus"), "webm"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="ogg", codec="libopus"), "ogg"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="mp3", codec="libmp3lame"), "mp3"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="mp3", codec="libmp3lame", options={"id3v2_version": "0"}), "mp3"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="flac", codec="flac"), "flac"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="ipod", codec="aac"), "mp4"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="adts", codec="aac"), "aac"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="aiff", codec="pcm_s16be"), "aiff"),
        (sounds.encoded(sounds.tone(0.2, rate=48000), form="caf", codec="pcm_s16le"), "caf"),
        (zipped({"a": b"b"}), "zip"),
        (b"", None),
        (b"\xff\xff\xff", "mp3"),
        (b"<html>", None),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_are(raw: bytes, form: str | None) -> None:
    assert forms.form(raw) == form
    assert forms.sound(raw) == (form if form != "zip" else None)


SLOW = (
    "av", "fsspec", "holidays", "markdown_it", "numpy", "python_calamine", "requests", "segno", "twilio.rest", "typst",
    "xlsxwriter",
)  # fmt: skip


def test_who_answers_callers_loads_nothing_that_only_others_need() -> None:
    """A web process has little room, and a sound or a table may be made to break what opens it."""
    asked = (
        "import importlib, pkgutil, sys; from helpline import console, api, ivr; rooms = (console, api, ivr)"
    )
    rooms = "[importlib.import_module(f'{room.__name__}.{one.name}') for room in rooms for one in pkgutil.iter_modules(room.__path__) if one.name != 'commands']"
    found = f"print([name for name in {SLOW} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}; {rooms}; {found}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
