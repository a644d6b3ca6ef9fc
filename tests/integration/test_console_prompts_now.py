"""What the prompts' pages tell of what callers hear today, and of what waits: whatever the draft changes, or a menu overrules."""

import re

import pytest
from sqlalchemy import update

from helpline import db
from helpline.config import Settings
from helpline.people.roles import Role
from helpline.voice import drafts, menus
from helpline.voice.catalogue import repository
from helpline.voice.models import PromptText
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.prompt_visits import GOODBYE, NEW, deed, kept, matrix, put, stands, text


@pytest.fixture
def app(settings, database):
    return application(settings)


@pytest.fixture
def elena(app):
    return Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")


@pytest.fixture
def overruled(elena, monkeypatch):
    """A text and its recording of ours are published, and the program's text has changed since; a menu tells keys there."""
    monkeypatch.setattr(menus, "_said", frozenset({"goodbye"}))
    deed(elena, "text", text=NEW)
    put(kept(elena.who.id, text=NEW), elena.who.id)
    prompt_rows.publish(elena.who.id)
    before = words_of(elena.get(GOODBYE))
    assert "not ours" not in before and "Published, but not played" not in before
    with db.transaction() as session:
        session.execute(update(PromptText).values(repository_hash="0" * 12))


@pytest.mark.usefixtures("overruled")
def test_where_a_menu_says_the_programs_text_the_page_says_so_and_why(elena):
    page = elena.get(GOODBYE)
    words = words_of(page)
    assert f'"en" dir="ltr">{text()}</span></h1>' in page.text, "the heading is what callers hear"
    assert "Callers hear the program’s text, not ours: it has changed since ours was written" in words
    assert re.search(rf"published, but not said [^§]*? {re.escape(NEW)}", words), "ours, among the versions"
    assert re.search(rf"heard now of the program {re.escape(text())}", words)
    assert "Published, but not played" in words
    assert "It was read from another text than the one that is said now" in words
    assert "Callers hear the carrier’s own voice" in words


@pytest.mark.usefixtures("overruled")
def test_where_a_menu_says_the_programs_text_the_matrix_says_so_and_finds_it(elena):
    assert stands(elena) == "English: stale: the text changed after the recording, our text is not said"
    only = matrix(elena, state="gave_way").text
    assert only.count("data-row><th") == 1 and GOODBYE in only


@pytest.mark.usefixtures("overruled")
def test_what_is_read_aloud_then_is_the_programs_text_and_ours_can_be_taken_again(elena):
    with db.transaction() as session:
        assert drafts.wanted_text(session, repository(), "en", "goodbye") == text()
    deed(elena, "text", text=NEW)
    assert prompt_rows.entry("goodbye", "en").text == NEW, "the same words, written for the keys of today"
    prompt_rows.publish(elena.who.id)
    assert stands(elena) == "English: recorded and live"
    assert "not ours" not in words_of(elena.get(GOODBYE))


def test_while_the_draft_changes_a_text_the_page_goes_on_saying_what_callers_hear(elena):
    put(kept(elena.who.id), elena.who.id)
    prompt_rows.publish(elena.who.id)
    deed(elena, "text", text=NEW)
    assert stands(elena).endswith("changed in the draft; callers hear now: recorded and live")
    words = words_of(elena.get(GOODBYE))
    assert f"Callers hear now {text()}" in words and "What callers hear now" in words
    assert "once the draft is published it is not played" in words


def test_a_prompts_page_is_headed_by_its_first_words_and_its_name_stands_small(elena):
    page = elena.get("/prompts/bn/welcome").text
    assert re.search(r'<h1 dir="auto"><span class="first-words" lang="bn" dir="ltr">[^<]+</span></h1>', page)
    assert "<code>welcome</code>" in page and "<title>welcome" not in page


def test_every_page_of_the_prompts_tells_how_much_the_draft_changes(elena):
    put(kept(elena.who.id), elena.who.id)
    deed(elena, "text", "/prompts/en/welcome", text="Welcome to the line.")
    for path in (
        "/prompts",
        GOODBYE,
        "/prompts/draft",
        "/prompts/sets",
        "/prompts/sets/0",
        "/prompts/record",
    ):
        words = words_of(elena.get(path))
        assert "Draft 2" in words, path
        assert "To approve" not in words, "an editor approves nothing"


def test_an_approver_sees_from_everywhere_what_waits_and_says_it_there(app, elena):
    ada = Visitor(app).sign_in("ada", roles=(Role.APPROVER,), locale="en")
    clip = kept(elena.who.id)
    put(clip, elena.who.id)
    deed(elena, "text", "/prompts/en/welcome", text="Welcome to the line.")
    put(kept(ada.who.id, "welcome", "it"), ada.who.id, "welcome", "it")
    assert "To approve 2" in words_of(ada.get(GOODBYE)), "their own work they cannot approve"
    page = ada.get("/prompts/draft?what=approve")
    assert "/prompts/en/goodbye/approve" in page.text and "/prompts/en/welcome/approve" in page.text
    assert "/prompts/it/welcome" not in page.text and "Publish later" not in words_of(page)
    done = ada.post("/prompts/en/goodbye/approve", {"clip": clip, "to": "approve"})
    assert done.headers["Location"].endswith("/prompts/draft?what=approve")
    assert "To approve 1" in words_of(ada.get("/prompts"))
    written = prompt_rows.entry("welcome", "en").text_id
    ada.post("/prompts/en/welcome/reject", {"text": written, "why": "Too short.", "to": "approve"})
    words = words_of(ada.get("/prompts/draft?what=approve"))
    assert "To approve 0" in words and "Nothing waits for your approval" in words
    assert "Draft 3" in words
    drafted = elena.get("/prompts/draft")
    assert "1 change was rejected: make it again, or take it out." in words_of(drafted)
    assert "Too short." in words_of(drafted)
    assert 'href="/prompts/en/welcome#edit"' in drafted.text, "the way to make it good"


def test_a_draft_says_how_much_hinders_it_and_what_english_says(settings, environ, database):
    strict = application(Settings.from_env(environ | {"HELPLINE_FOUR_EYES": "on"}))
    elena = Visitor(strict).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    put(kept(elena.who.id, "welcome", "it"), elena.who.id, "welcome", "it")
    page = words_of(elena.get("/prompts/draft"))
    assert "1 change waits for the approval of somebody who did not make it." in page
    assert f"English {text('welcome')}" in page
