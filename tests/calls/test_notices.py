"""A notice made in the console, as the next caller hears it: right after the welcome, in its languages alone, recorded or not."""

import math
from array import array
from datetime import timedelta

import pytest
from flask import Flask

from helpline import clock, db, line
from helpline.line import notices
from helpline.voice import notices as wording
from helpline.voice import sets, wav
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.library import Library
from tests.calls.caller import Caller

TEXTS = {"it": "Oggi i nostri uffici sono chiusi per sciopero.", "ar": "مكاتبنا مغلقة اليوم بسبب إضراب."}


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


@pytest.fixture
def notice(app: Flask) -> notices.Kept:
    now = clock.now()
    with db.transaction() as session:
        given = notices.Given(TEXTS, now - timedelta(minutes=1), now + timedelta(hours=4))
        kept = notices.one(session, notices.save(session, given, who="test")[0])
    line.forget()
    return kept


def said(caller: Caller) -> list[str]:
    return [heard.text for heard in caller.heard]


def test_it_is_heard_right_after_the_welcome_in_its_languages_alone(
    caller: Caller, notice: notices.Kept, texts: Catalogue
) -> None:
    for code, words in TEXTS.items():
        caller.dials().chooses(code).hears("danger", "welcome", "free_call", "main_information")
        heard = said(caller)
        assert heard[heard.index(texts.text(code, "welcome")) + 1] == words
        caller.hangs_up()
    caller.dials().chooses("bn").hears("welcome", "main_information").does_not_hear("?")


def test_who_rings_back_the_number_that_rang_hears_it_after_what_is_said_instead_of_the_welcome(
    redialler: Caller, notice: notices.Kept, texts: Catalogue
) -> None:
    for code, words in TEXTS.items():
        redialler.dials().chooses(code).hears("redial", "?", "redial_called").does_not_hear("welcome")
        assert said(redialler)[1] == words
        redialler.hangs_up()
    redialler.dials().chooses("bn").hears("redial", "redial_called").does_not_hear("?")


def test_a_change_and_an_early_end_are_heard_by_the_next_caller(caller: Caller, notice: notices.Kept) -> None:
    with db.transaction() as session:
        other = notices.Given({"it": "Riapriamo domani."}, notice.starts_at, notice.ends_at)
        notices.save(session, other, who="test", why="x", notice_id=notice.id, revision=notice.revision)
    clock.set_offset(clock.offset() + timedelta(seconds=6))  # as long as a process believes what it read
    caller.dials().chooses("it").hears("welcome", "?")
    assert "Riapriamo domani." in said(caller)
    caller.hangs_up()
    with db.transaction() as session:
        notices.end(session, notice.id, who="test", why="x")
    clock.set_offset(clock.offset() + timedelta(seconds=6))
    caller.dials().chooses("it").hears("welcome").does_not_hear("?")


def _recorded(notice: notices.Kept, code: str = "it") -> str:
    samples = array("h", (int(9000 * math.sin(n / 4)) for n in range(wav.RATE // 10)))
    content = wav.write(
        samples, {"INAM": notice.prompt, "ILNG": code, "ICMT": TEXTS.get(code, ""), "ISFT": "recording"}
    )
    with db.transaction() as session:
        clip = sets.keep_clip(
            session, content, language=code, prompt=notice.prompt, text_hash=text_hash(TEXTS.get(code, "")),
            source="published", engine="recording",
        )  # fmt: skip
        assert wording.recorded(session, notice.prompt, code, TEXTS.get(code, ""), clip, by_id=None)
    line.forget()
    return clip


def test_its_recording_is_played_once_a_process_holds_it_and_the_voice_says_it_until_then(
    caller: Caller, notice: notices.Kept, shelf: Library
) -> None:
    clip = _recorded(notice)
    caller.dials().chooses("it").hears("welcome", "?", "main_information")
    assert TEXTS["it"] in said(caller)  # said by the voice: no caller waits for a clip to be fetched
    caller.hangs_up()
    shelf.refresh()
    caller.dials().chooses("it").hears("welcome", notice.prompt, "main_information").does_not_hear("?")
    assert clip in [heard.url.rpartition("/")[2].removesuffix(".wav") for heard in caller.heard]
    caller.hangs_up()
    caller.dials().chooses("ar").hears("welcome", "?")


def test_one_that_is_only_spoken_in_a_language_is_heard_there_as_soon_as_a_process_holds_it(
    caller: Caller, notice: notices.Kept, shelf: Library
) -> None:
    clip = _recorded(notice, "bn")
    caller.dials().chooses("bn").hears("welcome", "main_information").does_not_hear("?")
    caller.hangs_up()
    shelf.refresh()
    caller.dials().chooses("bn").hears("welcome", notice.prompt, "main_information")
    assert clip in [heard.url.rpartition("/")[2].removesuffix(".wav") for heard in caller.heard]


def test_a_recording_that_is_gone_from_the_folder_is_played_from_the_database(
    caller: Caller, notice: notices.Kept, shelf: Library
) -> None:
    clip = _recorded(notice)
    assert not shelf.ready(clip)
    shelf.refresh()
    assert shelf.ready(clip)
    (shelf.clips / f"{clip}.wav").unlink()
    caller.dials().chooses("it").hears("welcome", notice.prompt)
