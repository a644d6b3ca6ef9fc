"""The page for recording by telephone: one's own languages, one's own telephone, what became of each recording."""

import pytest

from helpline import db
from helpline.people import accounts
from helpline.people.roles import Role
from helpline.telephony import legs
from helpline.telephony.models import Purpose
from helpline.voice import dictations
from helpline.voice.catalogue import repository
from helpline.voice.dictation_models import Spoken
from tests.calls.dialled import legs as all_legs
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_deeds import do, told

pytestmark = pytest.mark.usefixtures("database")
THERE = "/prompts/telephone/hi"


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def elena(app):
    return Visitor(app).sign_in("elena", roles=(Role.EDITOR,), phone="+393330000777", locale="en")


def test_one_button_rings_ones_own_telephone_once_and_another_takes_it_back(elena):
    page = elena.get(f"{THERE}?prompt=welcome")
    assert 'name="prompt" value="welcome"' in page.text and "0000777" not in page.text
    for _ in range(2):
        assert elena.post(THERE, {"prompt": "welcome"}).status_code == 303
    (leg,) = all_legs()
    assert (leg.purpose, leg.language, leg.state) == (Purpose.PROMPT_EDITOR, "en", "intended")
    assert "Answer your telephone and press 1." in words_of(elena.get(f"{THERE}/standing"))
    elena.post(f"{THERE}/stop")
    assert do(legs.by_id, leg.id).state == "ended"
    assert "The last call is over." in words_of(elena.get(THERE))
    assert [(line[0], line[2]["language"]) for line in told("recorded_by_telephone")] == [
        (elena.who.in_audit, "hi")
    ]


def test_what_one_does_first_stands_first(elena):
    page = elena.get(f"{THERE}?prompt=welcome")
    said = words_of(page)
    beginning = (
        f"It begins with number {dictations.number_of('welcome')}: {repository().text('hi', 'welcome')}"
    )
    order = [
        said.index(words)
        for words in (beginning, "Ring my telephone", "You answer, and press 1", "Numbers and texts")
    ]
    assert order == sorted(order)
    assert "You key the number" not in said and "You key the number" in words_of(elena.get(THERE))


def test_a_telephone_that_is_in_another_call_of_ours_is_not_rung(elena):
    own = do(accounts.phone_of, elena.who.id)
    talk = do(legs.place, Purpose.LIVE_OPERATOR, 7, own, language="hi")
    assert "Your telephone is in a call of the line: end that one first." in after(elena, THERE)
    assert [leg.id for leg in all_legs()] == [talk.id]
    do(legs.stop, talk.id)
    assert "in a call of the line" not in after(elena, THERE)
    assert "already (Hindi)" in after(elena, "/prompts/telephone/bn")
    assert "already (Hindi)" in after(elena, THERE, {"prompt": "welcome"})
    assert len(all_legs()) == 2


def after(visitor, there, form=None):
    """What the page says to whom has pressed its button."""
    visitor.post(there, form)
    return words_of(visitor.get(there))


def test_each_text_stands_behind_the_number_that_is_keyed_for_it(elena):
    said = words_of(elena.get(THERE))
    for name in ("welcome", "goodbye", "digit_7"):
        assert f"{dictations.number_of(name)} {repository().text('hi', name)}" in said


def test_a_language_that_is_not_ones_own_is_not_there_and_without_a_telephone_nobody_is_rung(app):
    rosa = Visitor(app).sign_in("rosa", roles=(Role.EDITOR,), prompt_languages=("fr",), locale="en")
    assert rosa.get("/prompts/telephone").headers["Location"] == "/prompts/telephone/fr"
    assert rosa.get(THERE).status_code == rosa.post(THERE).status_code == 404
    assert "no telephone number" in words_of(rosa.get("/prompts/telephone/fr"))
    rosa.post("/prompts/telephone/fr")
    assert all_legs() == []


def test_of_a_recording_that_the_telephone_refused_the_page_says_why(elena):
    elena.post(THERE)
    with db.transaction() as session:
        row = {
            "dictation_id": dictations.newest(session, elena.who.id).id,
            "prompt": "welcome",
            "read_from": "0" * 12,
        }
        why = [{"name": "faint", "decibels": -61.5}]
        session.add(
            Spoken(**row, state="refused", recording_sid="RE1", token="1", at_carrier=False, refusals=why)
        )
    said = words_of(elena.get(f"{THERE}/standing"))
    assert "welcome refused The voice is too faint (-61.5 dB)." in said
