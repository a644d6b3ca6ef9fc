"""The one open draft: texts and recordings are gathered in it, nobody's work is written over, nothing is lost."""

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.faults import Faults
from helpline.ivr.start import tell_menus
from helpline.people import audit
from helpline.voice import drafts, menus, newest
from helpline.voice.catalogue import Catalogue, repository
from helpline.voice.models import PromptText
from tests.integration.prompt_rows import (
    BANGLA,
    NEW,
    TEXTS,
    clip,
    editor,
    entry,
    publish,
    put,
    write,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def elena() -> int:
    return editor()


def test_a_text_waits_in_the_draft_until_it_is_published(elena: int) -> None:
    before = write(elena)
    assert (before.text, before.changes, before.revision, before.by_id) == (NEW, True, 1, elena)
    number = publish(elena, note="kinder")
    with db.transaction() as session:
        own = newest.text(session, "bn", "welcome")
        assert own is not None and own.text == NEW
        assert newest.number(session) == number
        assert drafts.entries(session) == []
    assert entry().revision == 2  # so that whoever had the page open is told


def test_who_saves_over_somebody_else_s_work_is_told_and_nothing_is_saved(elena: int) -> None:
    marta = editor("marta")
    write(marta, revision=0)
    with pytest.raises(drafts.Overtaken) as caught:
        write(elena, "স্বাগত।", revision=0)
    assert (caught.value.by_id, caught.value.at) == (marta, entry().at)
    assert entry().text == NEW
    publish(marta)
    with pytest.raises(drafts.Overtaken):
        write(elena, "স্বাগত।", revision=1)


def test_what_may_not_be_said_is_refused_with_every_reason(elena: int) -> None:
    with pytest.raises(Faults) as caught:
        write(elena, "Your code # is 4.", "code_is", "en")
    assert [fault.removeprefix("en/code_is: ") for fault in caught.value.faults] == [
        "says #: this key has another name in each country",
        "holds the numeral 4: write numbers as they are said, one digit at a time",
        "must have the placeholder {code}",
    ]
    assert entry("code_is", "en").revision == 0


def test_the_text_that_holds_anyway_takes_the_change_out_again(elena: int) -> None:
    write(elena)
    assert not write(elena, BANGLA["welcome"]).changes
    write(elena)
    publish(elena)
    back = write(elena, BANGLA["welcome"])
    assert back.drops_text and back.text is None
    publish(elena)
    with db.transaction() as session:
        assert newest.texts(session) == {}


def test_a_text_is_judged_by_the_english_one_of_the_draft(elena: int) -> None:
    other = Catalogue({"en": TEXTS, "bn": BANGLA})
    write(elena, "Welcome to the helpline.", "welcome", "en", catalogue=other)
    with db.transaction() as session:
        assert drafts.wanted_text(session, other, "en", "welcome") == "Welcome to the helpline."


def test_a_recording_is_put_in_taken_out_and_taken_away(elena: int) -> None:
    first = clip()
    assert put(first, elena).clip == first
    with db.transaction() as session:
        gone = drafts.take_out(session, "bn", "welcome", by_id=elena, revision=1)
    assert not gone.changes
    put(first, elena)
    publish(elena)
    with db.transaction() as session:
        dropped = drafts.drop_clip(session, "bn", "welcome", by_id=elena, revision=entry().revision)
    assert dropped.drops_clip
    publish(elena)
    with db.transaction() as session:
        assert newest.clips(session) == {}


def test_a_clip_of_another_prompt_is_not_taken(elena: int) -> None:
    with pytest.raises(Faults, match="bn/goodbye: the clip was made for bn/welcome"):
        put(clip(), elena, "goodbye")
    with pytest.raises(Faults, match="bn/goodbye: no such clip is kept"):
        put("0" * 64, elena, "goodbye")


def test_every_text_stays_and_the_audit_says_who_wrote(elena: int) -> None:
    write(elena)
    write(elena, "স্বাগত।")
    with db.transaction() as session:
        assert session.scalars(select(PromptText.text).order_by(PromptText.id)).all() == [NEW, "স্বাগত।"]
        lines = audit.listed(session, who=f"person {elena}")
    assert [(line.what, line.about) for line in lines] == [("wrote_text", "prompt bn/welcome")] * 2


def test_two_who_have_one_prompt_open_see_each_other_for_two_minutes(elena: int, at) -> None:
    at("2026-11-18 10:00")
    marta = editor("marta")
    with db.transaction() as session:
        assert drafts.opened(session, "bn", "welcome", elena) == []
        assert drafts.opened(session, "bn", "welcome", marta) == [elena]
        assert drafts.opened(session, "bn", "goodbye", marta) == []
        drafts.closed(session, "bn", "welcome", marta)
        assert drafts.opened(session, "bn", "welcome", elena) == []
        drafts.opened(session, "bn", "welcome", marta)
    at("2026-11-18 10:03")
    with db.transaction() as session:
        assert drafts.opened(session, "bn", "welcome", elena) == []
    assert clock.now()


@pytest.fixture
def menus_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menus, "_said", frozenset())
    monkeypatch.setattr(menus, "_judge", menus._nothing)
    tell_menus()


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("it", "Per le informazioni, prema due.", "tells other keys (2) than the menu has (1)"),
        ("bn", "তথ্যের জন্য চাপুন।", "tells other keys (-) than the menu has (1)"),
        ("it", "Per le informazioni" + ", che sono molte e che si ascoltano con calma" * 4 + ", prema uno.",
         "the menu welcome would take 29 seconds to say, more than 24"),
    ],
)  # fmt: skip
def test_a_menu_says_its_own_keys_and_can_be_kept_in_mind(
    elena: int, menus_known: None, language: str, text: str, fault: str
) -> None:
    with pytest.raises(Faults) as caught:
        write(elena, text, "main_information", language, catalogue=repository())
    assert caught.value.faults[0] == f"{language}/main_information: {fault}"
    assert write(
        elena, "Per le informazioni, prema uno.", "main_information", "it", catalogue=repository()
    ).changes
