"""What a process says and plays of each set: its own texts too, without the database too, in as little room as can be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpline import db
from helpline.voice import current, menus, newest, restoring
from helpline.voice.catalogue import Catalogue, repository
from helpline.voice.library import Library
from tests.integration.prompt_rows import BANGLA, CATALOGUE, NEW, TEXTS, clip, editor, publish, put, write

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def elena() -> int:
    return editor()


@contextmanager
def broken() -> Iterator[Session]:
    raise OperationalError("select", {}, Exception("the database is down"))
    yield


def library(tmp_path: Path, texts: Catalogue = CATALOGUE, **options: Any) -> Library:
    return Library(texts, tmp_path / "clips", prompts=tmp_path / "prompts", every=3600, **options)


def refreshed(tmp_path: Path, texts: Catalogue = CATALOGUE) -> Library:
    ours = library(tmp_path, texts)
    ours.refresh()
    return ours


def test_a_set_says_its_own_text_and_plays_the_recording_of_it(tmp_path: Path, elena: int) -> None:
    write(elena)
    recorded = clip(text=NEW)
    put(recorded, elena)
    first = publish(elena)
    write(elena, "স্বাগত।")
    second = publish(elena)
    ours = refreshed(tmp_path)
    assert ours.manifest(first).catalogue.text("bn", "welcome") == NEW
    assert ours.manifest(first).clip("bn", "welcome") == recorded
    assert ours.manifest(second).catalogue.text("bn", "welcome") == "স্বাগত।"
    assert ours.manifest(second).clip("bn", "welcome") is None  # it was read from other words
    assert ours.manifest(0).catalogue.text("bn", "welcome") == BANGLA["welcome"]


def test_a_process_that_starts_while_the_database_is_down_says_the_published_texts(
    tmp_path: Path, elena: int
) -> None:
    write(elena)
    recorded = clip(text=NEW)
    put(recorded, elena)
    number = publish(elena)
    refreshed(tmp_path)
    cold = library(tmp_path, transaction=broken).manifest()
    assert (cold.set_id, cold.catalogue.text("bn", "welcome")) == (number, NEW)
    assert cold.clip("bn", "welcome") == recorded


def test_sets_that_differ_in_one_language_share_all_others(tmp_path: Path, elena: int) -> None:
    put(clip("welcome", "en"), elena, language="en")
    put(clip("welcome", "bn", hertz=500), elena)
    first = publish(elena)
    write(elena)
    put(clip("goodbye", "bn", hertz=600), elena, "goodbye")
    second = publish(elena)
    ours = refreshed(tmp_path)
    one, other = ours.manifest(first), ours.manifest(second)
    assert one.catalogue.texts["en"] is other.catalogue.texts["en"] is CATALOGUE.texts["en"]
    assert one.clips.languages["en"] is other.clips.languages["en"]
    assert one.clips.languages["bn"] != other.clips.languages["bn"]


def test_a_call_that_another_process_began_in_a_newer_set_goes_on_in_that_set(
    tmp_path: Path, elena: int
) -> None:
    ours = refreshed(tmp_path)
    write(elena)
    number = publish(elena)
    assert ours.manifest().set_id == 0  # it looks every hour
    assert ours.manifest(number).catalogue.text("bn", "welcome") == NEW
    assert ours.manifest().set_id == number


def test_a_set_that_nobody_knows_is_looked_for_once_and_not_again_at_every_key(tmp_path: Path) -> None:
    asked = []

    @contextmanager
    def counted() -> Iterator[Session]:
        asked.append(1)
        with db.transaction() as session:
            yield session

    ours = library(tmp_path, transaction=counted)
    ours.refresh()
    before = len(asked)
    assert [ours.manifest(999).set_id for _ in range(5)] == [0] * 5
    assert len(asked) == before + 1


def test_what_a_menu_says_follows_a_release_that_changes_it(
    tmp_path: Path, elena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menus, "_said", frozenset({"welcome"}))
    write(elena)
    write(elena, "বিদায়, ভালো থাকুন।", "goodbye")
    publish(elena)
    changed = Catalogue({"en": TEXTS, "bn": BANGLA | {"welcome": "নমস্কার।", "goodbye": "আবার কথা হবে।"}})
    said = refreshed(tmp_path, changed).manifest().catalogue
    assert said.text("bn", "welcome") == "নমস্কার।"  # its keys may have moved
    assert said.text("bn", "goodbye") == "বিদায়, ভালো থাকুন।"


def test_who_reads_the_words_aloud_reads_those_of_the_newest_set(elena: int) -> None:
    real = repository()
    assert current.texts() is real
    write(elena, "We speak with you before anything is passed on.", "consent_offer", "en", catalogue=real)
    publish(elena)
    current.forget()
    assert current.texts().text("en", "consent_offer") == "We speak with you before anything is passed on."
    with db.transaction() as session:
        restoring.roll_back(session, CATALOGUE, 0, by_id=elena)
        assert newest.texts(session) == {}
    current.forget()
    assert current.texts().texts == real.texts


def test_what_is_published_is_known_to_a_process_that_nobody_calls(tmp_path: Path, elena: int) -> None:
    ours = Library(CATALOGUE, tmp_path / "clips", prompts=tmp_path / "prompts", every=0.02)
    over = threading.Event()
    looking = ours.keep_fresh(over)
    write(elena)
    number = publish(elena)
    for _ in range(1000):
        if ours._current == number:
            break
        over.wait(0.02)
    over.set()
    looking.join(10)
    assert (ours._current, looking.is_alive()) == (number, False)
