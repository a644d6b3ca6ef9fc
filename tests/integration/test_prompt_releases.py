"""A release that changes texts is compared with the last one; where a text of ours holds, somebody has to decide."""

import pytest

from helpline import db
from helpline.processes import releasing
from helpline.voice import catalogue, drafts, newest, open_draft, publishing, releases
from helpline.voice.catalogue import Catalogue
from tests.integration.prompt_rows import BANGLA, CATALOGUE, NEW, TEXTS, editor, entry, publish, rows, write

pytestmark = pytest.mark.usefixtures("database")
NEXT = Catalogue({"en": TEXTS, "bn": BANGLA | {"welcome": "নমস্কার।", "goodbye": "আবার কথা হবে।"}})


@pytest.fixture
def elena() -> int:
    return editor()


def release(texts: Catalogue = CATALOGUE) -> releases.Released:
    with db.transaction() as session:
        return releases.note(session, texts)


def decide(by: int, *, keep: bool, texts: Catalogue = NEXT) -> drafts.Entry:
    with db.transaction() as session:
        return drafts.decide(
            session,
            texts,
            "bn",
            "welcome",
            keep=keep,
            by_id=by,
            revision=drafts.entry(session, "bn", "welcome").revision,
        )


def test_the_first_release_changes_nothing_and_the_same_one_again_neither() -> None:
    assert release().changes == ()
    assert release().changes == ()
    with db.transaction() as session:
        assert releases.latest(session) is None


def test_texts_that_nobody_wrote_here_follow_the_release_and_are_told() -> None:
    release()
    found = release(NEXT)
    assert [(one.prompt, one.before, one.after) for one in found.changes] == [
        ("welcome", BANGLA["welcome"], "নমস্কার।"), ("goodbye", BANGLA["goodbye"], "আবার কথা হবে।"),
    ]  # fmt: skip
    assert found.conflicts == ()
    with db.transaction() as session:
        told = releases.latest(session)
        assert drafts.entries(session) == []
    assert told is not None and {one.prompt for one in told.changes} == {"welcome", "goodbye"}


def test_where_a_text_of_ours_holds_somebody_decides_and_until_then_ours_is_said(elena: int) -> None:
    release()
    write(elena)
    publish(elena)
    assert release(NEXT).conflicts == (("bn", "welcome"),)
    assert entry().conflict == "নমস্কার।" and not entry().changes
    with db.transaction() as session:
        own = newest.text(session, "bn", "welcome")
    assert own is not None and own.text == NEW
    kept = decide(elena, keep=True)
    assert kept.text == NEW and kept.conflict is None
    with db.transaction() as session:
        number = publishing.publish(session, by_id=elena)
        own = newest.text(session, "bn", "welcome")
    assert rows(number).texts and own is not None
    assert own.repository_hash == catalogue.text_hash(
        "নমস্কার।"
    )  # it was written knowing what the release says


def test_to_follow_the_release_is_a_change_that_is_published_like_any_other(elena: int) -> None:
    release()
    write(elena)
    publish(elena)
    release(NEXT)
    assert decide(elena, keep=False).drops_text
    assert rows(publish(elena)).texts == {}


def test_what_nobody_decided_stays_in_the_draft_when_the_rest_is_published(elena: int) -> None:
    release()
    write(elena)  # only in the draft
    write(elena, "বিদায়, ভালো থাকুন।", "goodbye")
    changed = Catalogue({"en": TEXTS, "bn": BANGLA | {"welcome": "নমস্কার।"}})
    assert release(changed).conflicts == (("bn", "welcome"),)
    assert set(rows(publish(elena)).texts) == {("bn", "goodbye")}
    with db.transaction() as session:
        (item,) = open_draft.read(session, changed, four_eyes=False).items
    assert (item.entry.text, item.entry.conflict, item.now.text) == (NEW, "নমস্কার।", "নমস্কার।")


def test_whoever_had_the_prompt_open_while_a_release_came_is_told(elena: int) -> None:
    release()
    shown = write(elena)
    release(NEXT)
    with pytest.raises(drafts.Overtaken) as caught:
        write(elena, "স্বাগত।", revision=shown.revision, catalogue=NEXT)
    assert caught.value.by_id is None


def test_a_release_that_says_what_we_say_is_no_conflict(elena: int) -> None:
    release()
    write(elena, "নমস্কার।")
    publish(elena)
    assert release(NEXT).conflicts == ()


def test_the_release_itself_says_what_it_changes(
    elena: int, database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    release()
    write(elena)
    publish(elena)
    monkeypatch.setattr(releasing, "load", lambda: NEXT)
    said = releasing.release(database.database_url)
    assert len(said) == 2 and "changes 2 texts" in said[0] and said[1].startswith("prompts: bn/welcome: ")
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == said
    assert releasing.release(database.database_url) == []
