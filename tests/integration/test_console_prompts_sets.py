"""The pages of the draft and of the sets: publish, put off, take out, decide, compare, roll back; each for whom it is."""

from collections.abc import Callable
from datetime import datetime

import pytest

from helpline import db
from helpline.config import Settings
from helpline.people import accounts
from helpline.people.roles import Role
from helpline.voice import drafts, newest, releases, scheduling
from helpline.voice.catalogue import Catalogue, repository
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
HELLO = "Welcome to the line about going back. It is always your choice."


@pytest.fixture(autouse=True)
def _ten(at: Callable[[str], datetime]) -> None:
    at("2026-11-18 10:00")


@pytest.fixture
def elena(settings: Settings) -> Visitor:
    return Visitor(application(settings)).sign_in("elena", roles=(Role.EDITOR,), locale="en")


def another(one: Visitor, login: str, *roles: Role, **fields: object) -> Visitor:
    return Visitor(one.app).sign_in(login, roles=roles, locale="en", **fields)


def write(by: Visitor, text: str = HELLO, prompt: str = "welcome", language: str = "en") -> drafts.Entry:
    return prompt_rows.write(by.who.id, text, prompt, language, catalogue=repository())  # type: ignore[attr-defined]


def own() -> dict[tuple[str, str], str]:
    with db.transaction() as session:
        return {key: one.text for key, one in newest.texts(session).items()}


def test_what_is_changed_stands_beside_what_callers_hear_and_is_published_with_a_note(elena: Visitor) -> None:
    before = repository().text("en", "welcome")
    write(elena)
    said = words_of(elena.get("/prompts/draft"))
    assert before in said and HELLO in said and "Elena" in said
    answer = elena.post("/prompts/draft/publish", {"languages": "en", "note": "kinder words"})
    assert (answer.status_code, answer.location) == (303, "/prompts/draft")
    said = words_of(elena.get("/prompts/draft"))
    assert "is published" in said and "The draft is empty" in said
    assert own() == {("en", "welcome"): HELLO}
    assert "kinder words" in words_of(elena.get("/prompts/sets"))
    assert elena.get(f"/prompts/sets?before={10**20}").status_code == 200, "no set has such a number"


def test_some_languages_are_published_and_the_others_wait(elena: Visitor) -> None:
    write(elena)
    write(elena, "Questa è la linea.", "welcome", "it")
    elena.post("/prompts/draft/publish", {"languages": "it"})
    assert set(own()) == {("it", "welcome")}
    assert HELLO in words_of(elena.get("/prompts/draft"))


def test_an_editor_of_one_language_changes_and_publishes_no_other(elena: Visitor) -> None:
    write(elena)
    bina = another(elena, "bina", Role.EDITOR, prompt_languages=["bn"])
    assert bina.post("/prompts/draft/publish", {"languages": "en"}).status_code == 403
    assert bina.post("/prompts/draft/en/welcome/out", {"revision": "1"}).status_code == 403
    assert "Publish now" not in words_of(bina.get("/prompts/draft"))
    assert bina.post("/prompts/sets/0/roll-back", {"languages": "en"}).status_code == 403
    assert own() == {}


def test_what_hinders_is_said_and_nothing_is_published(settings: Settings, environ: dict[str, str]) -> None:
    app = application(Settings.from_env(environ | {"HELPLINE_FOUR_EYES": "on"}))
    elena = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    write(elena)
    assert "nobody else has approved the text" in words_of(elena.get("/prompts/draft"))
    answer = elena.post("/prompts/draft/publish", {"languages": "en"})
    assert answer.status_code == 422
    assert "English, welcome: nobody else has approved the text" in words_of(answer)
    assert own() == {}


def test_it_is_put_off_shown_and_cancelled(elena: Visitor, at: Callable[[str], datetime]) -> None:
    write(elena)
    late = {"languages": "en", "due": "2026-11-18T09:00"}
    assert "still to come" in words_of(elena.post("/prompts/draft/schedule", late))
    assert "Choose a day and an hour" in words_of(elena.post("/prompts/draft/schedule", late | {"due": ""}))
    answer = elena.post("/prompts/draft/schedule", late | {"due": "2026-11-18T18:00"})
    assert answer.status_code == 303
    assert "18:00" in words_of(elena.get("/prompts/draft"))
    with db.transaction() as session:
        (waiting,) = scheduling.listed(session)
    assert waiting.due_at.isoformat() == "2026-11-18T17:00:00+00:00"  # by the clock of Rome
    elena.post(f"/prompts/draft/schedules/{waiting.id}/cancel")
    at("2026-11-18 18:01")
    assert scheduling.publish_due() == 0 and own() == {}


def test_a_change_is_taken_out_unless_somebody_changed_it_since(elena: Visitor) -> None:
    shown = write(elena)
    write(elena, HELLO + " Listen.")
    late = elena.post("/prompts/draft/en/welcome/out", {"revision": str(shown.revision)})
    assert late.status_code == 303
    assert "Somebody changed it meanwhile" in words_of(elena.get("/prompts/draft"))
    elena.post("/prompts/draft/en/welcome/out", {"revision": "2"})
    assert "The draft is empty" in words_of(elena.get("/prompts/draft"))


@pytest.mark.parametrize(("keep", "entry"), [("yes", HELLO), ("no", None)])
def test_a_conflict_with_a_release_is_shown_and_decided(elena: Visitor, keep: str, entry: str | None) -> None:
    older = {**repository().texts, "en": {**repository().texts["en"], "welcome": "This was the helpline."}}
    with db.transaction() as session:
        releases.note(session, Catalogue(older))
    write(elena)
    elena.post("/prompts/draft/publish", {"languages": "en"})
    with db.transaction() as session:
        releases.note(session, repository())
    said = words_of(elena.get("/prompts/draft"))
    assert "A release says something else here" in said and HELLO in said
    assert "1 text (" in said and "This was the helpline." in said
    elena.post("/prompts/draft/en/welcome/decide", {"revision": "3", "keep": keep})
    with db.transaction() as session:
        decided = drafts.entry(session, "en", "welcome")
    assert (decided.text, decided.conflict, decided.drops_text) == (entry, None, entry is None)


def test_a_text_of_ours_that_may_not_stand_where_the_release_s_stands_is_not_kept_and_says_why(
    elena: Visitor,
) -> None:
    english = {**repository().texts["en"], "code_is": "Your code is in the letter."}
    older = Catalogue({**repository().texts, "en": english})
    with db.transaction() as session:
        releases.note(session, older)
    by = elena.who.id  # type: ignore[attr-defined]
    prompt_rows.write(by, "Your code is in our letter.", "code_is", "en", catalogue=older)
    with db.transaction() as session:
        releases.note(session, repository())
        revision = drafts.entry(session, "en", "code_is").revision
    answer = elena.post("/prompts/draft/en/code_is/decide", {"revision": str(revision), "keep": "yes"})
    assert (answer.status_code, answer.location) == (303, "/prompts/en/code_is")
    said = words_of(elena.get(answer.location))
    assert "code_is cannot stay as it is: must have the placeholder {code}" in said
    with db.transaction() as session:
        assert drafts.entry(session, "en", "code_is").conflict is not None


def test_two_sets_are_compared_and_the_older_one_is_heard_again(elena: Visitor) -> None:
    write(elena)
    elena.post("/prompts/draft/publish", {"languages": "en", "note": "one"})
    write(elena, HELLO + " Listen.")
    elena.post("/prompts/draft/publish", {"languages": "en", "note": "two"})
    with db.transaction() as session:
        two = newest.number(session)
    said = words_of(elena.get(f"/prompts/sets/{two - 1}"))
    assert "1 prompt is heard differently" in said and HELLO + " Listen." in said
    heard_now = words_of(elena.get(f"/prompts/sets/{two}"))
    assert "1 prompt is heard differently" in heard_now and f"In set {two - 1}" in heard_now
    assert "Callers hear the same in both" in words_of(elena.get(f"/prompts/sets/{two}?with={two}"))
    assert "1 prompt is heard differently" in words_of(elena.get(f"/prompts/sets/{two}?with=0"))
    answer = elena.post(f"/prompts/sets/{two - 1}/roll-back", {"languages": "en", "note": "it was too long"})
    assert answer.location == f"/prompts/sets/{two + 1}"
    assert own() == {("en", "welcome"): HELLO}
    assert f"as set {two - 1} was" in words_of(elena.get("/prompts/sets"))
    same = elena.post(f"/prompts/sets/{two - 1}/roll-back", {"languages": "en"})
    assert same.status_code == 422 and "That set holds what callers hear now" in words_of(same)


def test_recordings_of_two_sets_can_be_listened_to(elena: Visitor) -> None:
    by = elena.who.id  # type: ignore[attr-defined]
    clip = prompt_rows.clip("welcome", "en", text=repository().text("en", "welcome"))
    prompt_rows.put(clip, by, language="en")
    assert f"/prompts/clip/{clip}.wav" in elena.get("/prompts/draft").text
    number = prompt_rows.publish(by)
    assert f"/prompts/clip/{clip}.wav" in elena.get(f"/prompts/sets/{number}?with=0").text


def test_an_administrator_limits_an_editor_to_languages_and_who_is_no_editor_any_more_to_none(
    elena: Visitor,
) -> None:
    marta = another(elena, "marta", Role.ADMINISTRATOR)
    person_id = elena.who.id  # type: ignore[attr-defined]
    form = {"name": "Elena", "roles": "editor", "prompt_languages": ["bn", "hi"], "locale": "en"}
    assert marta.post(f"/people/{person_id}", form).status_code == 303
    assert limits(person_id) == ("bn", "hi")
    marta.post(f"/people/{person_id}", form | {"roles": "operator"})
    assert limits(person_id) == ()


def limits(person_id: int) -> tuple[str, ...]:
    with db.transaction() as session:
        who = accounts.who(session, person_id)
    assert who is not None
    return who.prompt_languages
