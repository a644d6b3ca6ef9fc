"""Recordings and speech made beforehand are played, piece by piece, and the carrier's voice says what has no clip."""

import math
from array import array

import pytest
from flask import Flask

from helpline import db
from helpline.simulator.carrier import Carrier
from helpline.voice import publishing, sets, wav
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.library import Library
from tests.calls.caller import Caller
from tests.calls.ways import rows
from tests.servers import Servers

DIGITS = [f"digit_{n}" for n in range(10)]


def clip(texts: Catalogue, language: str, prompt: str, *, source: str = "speech", pitch: int = 300) -> str:
    """Keep a tenth of a second that says this prompt; its hash."""
    samples = array(
        "h", (int(9000 * math.sin(2 * math.pi * pitch * n / wav.RATE)) for n in range(wav.RATE // 10))
    )
    text = texts.text(language, prompt)
    content = wav.write(samples, {"INAM": prompt, "ILNG": language, "ICMT": text, "ISFT": source})
    with db.transaction() as session:
        return sets.keep_clip(
            session,
            content,
            language=language,
            prompt=prompt,
            text_hash=text_hash(text),
            source=source,
            engine="espeak",
        )


def publish(texts: Catalogue, language: str, prompt: str, pitch: int) -> str:
    digest = clip(texts, language, prompt, source="published", pitch=pitch)
    with db.transaction() as session:
        change = publishing.Change(language, prompt, clip_hash=digest)
        publishing.commit(session, [change], by_id=None, note="")
    return digest


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


def played(caller: Caller) -> list[str]:
    return [
        heard.url.rpartition("/")[2].removesuffix(".wav") for heard in caller.heard if heard.kind == "play"
    ]


def test_speech_made_beforehand_is_played_and_what_has_none_is_said(
    caller: Caller, shelf: Library, texts: Catalogue
) -> None:
    digest = clip(texts, "bn", "danger")
    shelf.refresh()
    caller.dials().chooses("bn").hears("danger", "welcome", "main_information")
    assert played(caller) == [digest]


def test_a_code_is_in_one_voice_all_of_it_in_clips_or_all_of_it_said(
    caller: Caller, shelf: Library, texts: Catalogue
) -> None:
    for prompt in (*DIGITS, "code_is"):
        clip(texts, "hi", prompt)
    shelf.refresh()
    caller.dials().chooses("hi").presses("2", "1", "1", "1", "2").hears("saved", "code_is")
    assert len(played(caller)) == 1 + 4 + 4 + len("0655500000")
    assert caller.value_after("code_is") == caller.value_after("code_again")


def test_a_published_recording_wins_over_speech(caller: Caller, shelf: Library, texts: Catalogue) -> None:
    clip(texts, "ar", "danger", pitch=300)
    recorded = publish(texts, "ar", "danger", 500)
    shelf.refresh()
    caller.dials().chooses("ar").hears("danger")
    assert played(caller) == [recorded]


def test_a_set_published_during_a_call_is_heard_by_the_next_call(
    caller: Caller, shelf: Library, texts: Catalogue
) -> None:
    old = publish(texts, "fr", "main_information", 300)
    shelf.refresh()
    caller.dials().chooses("fr")
    assert played(caller) == [old]
    new = publish(texts, "fr", "main_information", 600)
    shelf.refresh()
    assert played(caller.presses("9")) == [old]
    caller.hangs_up().dials().chooses("fr")
    assert played(caller) == [new]


def test_a_clip_read_from_words_that_have_changed_is_not_played(
    caller: Caller, shelf: Library, texts: Catalogue
) -> None:
    clip(texts, "es", "danger")
    with db.transaction() as session:
        session.query(sets.PromptClip).update({"text_hash": "0" * 64})
    shelf.refresh()
    caller.dials().chooses("es").hears("danger")
    assert played(caller) == []


def test_a_clip_in_one_language_is_never_played_in_another(
    caller: Caller, shelf: Library, texts: Catalogue
) -> None:
    clip(texts, "ru", "welcome")
    shelf.refresh()
    caller.dials().chooses("uk").hears("welcome")
    assert played(caller) == []


def test_clips_play_while_the_database_is_away(
    caller: Caller, carrier: Carrier, shelf: Library, texts: Catalogue, database: Servers
) -> None:
    from tests.calls.outage import database_down

    digest = clip(texts, "uk", "about_what")
    shelf.refresh()
    caller.dials().chooses("uk")
    with database_down(database):
        caller.presses("1").hears("about_what", "about_who")
        assert played(caller) == [digest]
    assert rows(sets.PromptClip)
