"""The pages of prompts: the matrix, one prompt in one language, its texts, recordings, versions and approvals."""

import re
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from helpline import db
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.voice import releases
from helpline.voice.catalogue import Catalogue, repository
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.prompt_visits import (
    GOODBYE,
    NEW,
    deed,
    kept,
    matrix,
    put,
    revision,
    stands,
    text,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def elena(app):
    return Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")


@pytest.fixture
def ada(app):
    return Visitor(app).sign_in("ada", roles=(Role.APPROVER,), locale="en")


def audited(what):
    with db.transaction() as session:
        return [
            (line.who, line.about)
            for line in session.scalars(
                select(AuditLine).where(AuditLine.what == what).order_by(AuditLine.id)
            )
        ]


@contextmanager
def counted():
    """The statements that reach the database meanwhile."""
    seen = []

    def note(connection, cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_a_prompt_goes_from_missing_to_review_to_live_and_is_stale_when_its_text_changes(elena):
    by = elena.who.id
    assert stands(elena) == "English: missing"
    put(kept(by), by)
    assert (
        stands(elena)
        == "English: recorded, not published yet, changed in the draft; callers hear now: missing"
    )
    prompt_rows.publish(by)
    assert stands(elena) == "English: recorded and live"
    assert deed(elena, "text", text=NEW).status_code == 303
    assert stands(elena).startswith("English: stale")
    assert stands(elena, "it") == "Italian: missing, English changed since"
    page = words_of(elena.get(GOODBYE))
    assert "once the draft is published it is not played" in page and NEW in page and text() in page


def test_speech_fills_a_cell_only_for_the_very_text(elena):
    kept(source="speech", engine="espeak")
    assert stands(elena) == "English: speech engine"
    deed(elena, "text", text=NEW)
    assert stands(elena) == "English: missing, changed in the draft; callers hear now: speech engine"


def test_the_matrix_is_narrowed_by_what_the_address_says_and_by_nothing_else(elena):
    put(kept(elena.who.id), elena.who.id)
    only = matrix(elena, state="review", language="en")
    assert only.text.count("data-row><th") == 1 and 'href="/prompts/en/goodbye"' in only.text
    assert matrix(elena, words="GOODBYE thank").text.count("data-row><th") >= 1
    assert "/prompts/en/goodbye" not in matrix(elena, section="opening").text
    assert 'href="/prompts/bn/welcome"' in matrix(elena, step="welcome", language="bn").text
    number = repository().names.index("goodbye") + 1
    assert 'href="/prompts/en/goodbye"' in matrix(elena, words=str(number)).text
    assert matrix(elena, state="nonsense", language="xx", step="<b>").text.count("data-row><th") == len(
        repository().names
    )
    assert "1 prompt " in words_of(only) and " today" in words_of(only), (
        "one language says who spoke, and when"
    )
    assert "No prompt is like this" in words_of(matrix(elena, state="rejected"))


def test_arabic_is_found_without_its_vowel_signs_and_accents_do_not_matter(elena):
    word = max(text("welcome", "ar").split(), key=len)
    assert 'href="/prompts/ar/welcome"' in matrix(elena, language="ar", words=word).text
    assert 'href="/prompts/fr/welcome"' in matrix(elena, language="fr", words="volontáire").text


def test_progress_counts_what_a_person_says_and_what_the_go_live_check_would_refuse(elena):
    put(kept(elena.who.id), elena.who.id)
    many, all_of_them = len(repository().names), 9 * len(repository().names)
    page = words_of(matrix(elena))
    assert f"English 1 of {many} · {many - 1} without a clip" in page
    assert f"{all_of_them - 1:,} texts of {all_of_them:,} have no clip at all" in page


def test_the_matrix_takes_the_same_few_statements_however_much_there_is(elena):
    matrix(elena)
    with counted() as before:
        matrix(elena)
    for number, prompt in enumerate(repository().names[:20]):
        put(kept(elena.who.id, prompt, hertz=300 + number), elena.who.id, prompt)
    with counted() as after:
        matrix(elena)
    assert len(after) <= len(before) + 3 <= 20  # verdicts and clips are asked for once there are some


def test_a_text_is_refused_with_every_reason_and_what_was_typed_stays(elena):
    page = deed(
        elena,
        "text",
        "/prompts/en/code_is" if "code_is" in repository().names else GOODBYE,
        text="Press # to reintegrate.",
    )
    assert page.status_code == 422
    said = words_of(page)
    assert "says #: this key has another name in each country" in said and "reintegrat" in said
    assert "Press # to reintegrate." in page.text


def test_what_is_wrong_with_a_text_is_said_in_the_readers_language(app):
    visitor = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="it")
    said = words_of(deed(visitor, "text", text="Press # to see 4."))
    assert "dice #: questo tasto ha un nome diverso in ogni paese" in said and "contiene la cifra 4" in said


def test_while_one_types_the_length_and_what_is_hard_are_told_and_nothing_is_kept(elena):
    page = words_of(elena.post(f"{GOODBYE}/judge", {"text": "one " * 30 + "internationalisation."}))
    assert "About 9.9 seconds" in page and "A sentence of 31 words; 16 are easy to follow" in page
    assert "A word of 20 letters" in page and "cannot be saved" not in page
    assert "cannot be saved" in words_of(elena.post(f"{GOODBYE}/judge", {"text": "word " * 90}))
    assert prompt_rows.entry("goodbye", "en").text is None


def test_two_who_change_the_same_prompt_are_told_and_nothing_is_lost(app, elena):
    other = Visitor(app).sign_in("bruno", roles=(Role.EDITOR,), locale="en")
    seen = revision(elena.get(GOODBYE))
    deed(other, "text", text="Goodbye now.")
    page = deed(elena, "text", text=NEW, revision=seen)
    assert page.status_code == 409
    assert "Bruno" in words_of(page) and "Goodbye now." in page.text and NEW in page.text
    assert prompt_rows.entry("goodbye", "en").text == "Goodbye now."
    mine = deed(elena, "text", text=NEW, revision=revision(page))
    assert mine.status_code == 303 and prompt_rows.entry("goodbye", "en").text == NEW
    assert "Goodbye now." in elena.get(GOODBYE).text, "the other text stays among the versions"


def test_who_else_has_it_open_is_told_until_they_are_gone(app, elena, at):
    other = Visitor(app).sign_in("bruno", roles=(Role.EDITOR,), locale="en")
    assert words_of(elena.post(f"{GOODBYE}/open")).strip() == ""
    assert "Elena has this open as well" in words_of(other.post(f"{GOODBYE}/open"))
    assert "Bruno has this open" in words_of(elena.post(f"{GOODBYE}/open"))


def test_an_approver_approves_what_another_made_and_rejects_with_a_reason(elena, ada):
    digest = kept(elena.who.id)
    put(digest, elena.who.id)
    deed(elena, "text", text=NEW)
    number = prompt_rows.entry("goodbye", "en").text_id
    assert ada.post(f"{GOODBYE}/approve", {"clip": digest}).status_code == 303
    assert ada.post(f"{GOODBYE}/reject", {"text": str(number), "why": ""}).status_code == 422
    assert ada.post(f"{GOODBYE}/reject", {"text": str(number), "why": "too short"}).status_code == 303
    page = words_of(elena.get(GOODBYE))
    assert "approved Ada" in page and "too short" in page
    assert stands(elena).startswith("English: rejected")
    assert audited("rejected") == [(f"person {ada.who.id}", "prompt en/goodbye")]
    assert ada.post(f"{GOODBYE}/approve", {"clip": "0" * 64}).status_code == 404


def test_where_four_eyes_are_wanted_a_page_says_what_still_needs_them(app, elena, ada):
    wanted = "somebody else has to approve it before it is published"
    digest = kept(elena.who.id)
    put(digest, elena.who.id)
    assert wanted not in words_of(elena.get(GOODBYE))
    app.extensions["console_settings"] = replace(app.extensions["console_settings"], four_eyes=True)
    assert wanted in words_of(elena.get(GOODBYE))
    ada.post(f"{GOODBYE}/approve", {"clip": digest})
    assert wanted not in words_of(elena.get(GOODBYE))


def test_nobody_approves_their_own_work(app):
    both = Visitor(app).sign_in("vera", roles=(Role.EDITOR, Role.APPROVER), locale="en")
    digest = kept(both.who.id)
    put(digest, both.who.id)
    assert "You made it: somebody else approves it." in words_of(both.get(GOODBYE))
    assert both.post(f"{GOODBYE}/approve", {"clip": digest}).status_code == 422


def test_an_earlier_version_comes_back_and_what_the_draft_changes_goes_out(elena):
    by = elena.who.id
    first, second = kept(by), kept(by, hertz=700)
    put(first, by)
    put(second, by)
    assert deed(elena, "back", clip=first).status_code == 303
    assert prompt_rows.entry("goodbye", "en").clip == first
    deed(elena, "take-out", what="clip")
    assert prompt_rows.entry("goodbye", "en").clip is None
    deed(elena, "text", text=NEW)
    deed(elena, "back", text="0")
    assert prompt_rows.entry("goodbye", "en").text is None, "the text of the program holds again"
    put(first, by)
    prompt_rows.publish(by)
    deed(elena, "drop")
    assert "The draft takes it away." in words_of(elena.get(GOODBYE))
    assert stands(elena) == "English: missing, changed in the draft; callers hear now: recorded and live"


def test_an_editor_of_some_languages_changes_no_other(app):
    hindi = Visitor(app).sign_in("hema", roles=(Role.EDITOR,), prompt_languages=("hi",), locale="en")
    assert "Change the text" in words_of(hindi.get("/prompts/hi/goodbye"))
    assert "Change the text" not in words_of(hindi.get(GOODBYE))
    for what in ("text", "take-out", "drop", "back", "decide"):
        assert hindi.post(f"{GOODBYE}/{what}", {"revision": "0", "text": NEW}).status_code == 403, what
    assert hindi.post("/prompts/hi/goodbye/text", {"revision": "0", "text": "धन्यवाद।"}).status_code == 303


def test_coordinators_read_and_change_nothing(app):
    cora = Visitor(app).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")
    page = cora.get(GOODBYE)
    assert page.status_code == 200 and 'method="post" action="/prompts' not in page.text


def test_a_text_of_another_script_stands_in_its_direction_and_language(elena):
    page = elena.get("/prompts/ar/welcome").text
    assert re.search(r'<bdi class="said" lang="ar" dir="rtl">', page)
    assert re.search(r'<textarea [^>]*lang="ar" dir="rtl"', page)


@pytest.mark.parametrize(("keep", "text_then"), [("ours", NEW), ("theirs", None)])
def test_a_text_that_a_release_brought_beside_ours_is_decided_on_its_page(elena, keep, text_then):
    ours = repository()
    brought = {code: dict(texts) for code, texts in ours.texts.items()}
    brought["en"]["goodbye"] = "Farewell."
    with db.transaction() as session:
        releases.note(session, ours)
    deed(elena, "text", text=NEW)
    prompt_rows.publish(elena.who.id)
    with db.transaction() as session:
        releases.note(session, Catalogue(brought))
    assert "The program brought another text Farewell." in words_of(elena.get(GOODBYE))
    assert deed(elena, "decide", keep="neither").status_code == 422
    assert deed(elena, "decide", keep=keep).status_code == 303
    found = prompt_rows.entry("goodbye", "en")
    assert (found.text, found.conflict, found.drops_text) == (text_then, None, text_then is None)
