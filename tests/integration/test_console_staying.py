"""Pages that stay while one types, sessions that last as long as a talk, and forms' addresses that lead to their page."""

import re

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks.values import Outcome
from helpline.live.models import Hold, HoldState
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.queue_rows import asked, later, of
from tests.integration.test_console_callbacks import claim_no, taken
from tests.integration.test_console_live import in_a_call

pytestmark = pytest.mark.usefixtures("database")
STAYS = {"X-Stay": "1", "HX-Current-URL": "https://line.example.org/callbacks/7?from=list"}
LOOKS = {"X-Live": "1", "HX-Request": "true"}


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def amina(app):
    return visitor(app)


def visitor(app, login="amina", **more):
    more = {"roles": [Role.OPERATOR], "languages": ["bn"], "locale": "en"} | more
    return Visitor(app).sign_in(login, **more)


def talking(one, who):
    """Somebody has taken a callback and talks; the attempt's id."""
    _, number = taken(one, who)
    attempt = rows.do(rows.desk.attempt_began, one, number)
    rows.on_the_line(one)
    rows.do(rows.desk.attempt_answered, attempt)
    return attempt


def test_a_page_that_stays_is_told_where_to_look_instead_of_being_led_there(amina):
    one = asked()
    answer = amina.post(f"/callbacks/{one}/claim", headers=STAYS)
    assert (answer.status_code, answer.headers["X-Go"], answer.data) == (204, f"/callbacks/{one}", b"")
    assert "Location" not in answer.headers
    amina.post(f"/callbacks/{one}/code", {"code": "1"}, headers=STAYS)
    assert "A code has four digits" in words_of(amina.get(f"/callbacks/{one}"))


def test_what_went_wrong_is_told_to_a_page_that_stays_in_one_line(amina):
    answer = amina.post("/callbacks/999/claim", headers=STAYS)
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


def test_the_note_goes_back_to_the_queue_with_the_callback(amina):
    one = asked()
    _, number = taken(one, amina)
    amina.post(f"/callbacks/{one}/release", {"claim_no": number, "note": "rings in the evening"})
    assert of(one).state == "waiting"
    assert "rings in the evening" in words_of(amina.post(f"/callbacks/{one}/claim", follow_redirects=True))


def test_how_it_went_is_one_button_each_with_its_key(amina):
    one = asked(proved=False)
    page, _ = taken(one, amina)
    [outcomes] = re.findall(r'<fieldset class="outcomes".*?</fieldset>', page.text, re.DOTALL)
    keys = [str(number) for number in range(1, len(Outcome) + 1)]
    assert re.findall(r'data-key="(.)"', outcomes) == keys
    at_once = re.findall(r'name="outcome" value="(\w+)"', outcomes)
    assert sorted({*Outcome} - {*at_once}) == ["other_language", "stop_calling", "wrong_person"]
    proved, _ = taken(asked("bn", number="+393330000002"), visitor(amina.app, "basma"))
    assert 'name="outcome" value="wrong_person"' in proved.text.partition("</fieldset>")[0]


def test_how_it_went_stands_first_once_the_talk_is_over(amina):
    one = asked()
    attempt = talking(one, amina)
    page = amina.get(f"/callbacks/{one}").text
    assert page.index('id="call-panel"') < page.index('id="outcome-panel"') and 'id="over"' not in page
    rows.hung_up(attempt)
    page = amina.get(f"/callbacks/{one}").text
    assert page.index('id="outcome-panel"') < page.index('id="call-panel"') and 'id="over"' in page


def test_whoever_talks_is_not_signed_out_for_touching_no_page_but_is_after_12_hours(amina):
    one = asked()
    attempt = talking(one, amina)
    for _ in range(3):
        later(minutes=20)
        assert amina.get(f"/callbacks/{one}/call", headers=LOOKS).status_code == 200
    for _ in range(33):
        later(minutes=20)
        amina.get(f"/callbacks/{one}/call", headers=LOOKS)
    assert amina.get(f"/callbacks/{one}/call", headers=LOOKS).status_code == 401
    rows.hung_up(attempt)


def test_when_the_talk_is_over_looking_is_not_being_there(amina):
    one = asked()
    rows.hung_up(talking(one, amina))
    later(minutes=20)
    assert amina.get(f"/callbacks/{one}/call", headers=LOOKS).status_code == 200
    later(minutes=11)
    assert amina.get(f"/callbacks/{one}/call", headers=LOOKS).status_code == 401


def test_a_coordinator_who_watches_a_colleagues_talk_is_not_the_one_who_talks(app, amina):
    one, cora = asked(), visitor(app, "cora", roles=[Role.COORDINATOR])
    talking(one, amina)
    for minutes in (20, 11):
        later(minutes=minutes)
        answer = cora.get(f"/callbacks/{one}/call", headers=LOOKS)
    assert answer.status_code == 401


@pytest.mark.parametrize(("state", "status"), [(HoldState.TALKING, 200), (HoldState.DONE, 401)])
def test_a_live_call_keeps_its_session_while_it_lasts(amina, state, status):
    hold = in_a_call(amina)
    with db.transaction() as session:
        row = session.scalars(select(Hold).where(Hold.id == hold)).one()
        row.state, row.ended_at = state, rows.clock.now() if state == HoldState.DONE else None
    for minutes in (20, 11):
        later(minutes=minutes)
        answer = amina.get(f"/live/part?hold={hold}", headers=LOOKS)
    assert answer.status_code == status


def test_an_ended_session_leads_to_signing_in_and_back_to_the_page_that_asked(amina):
    one = asked()
    taken(one, amina)
    amina.post("/sign-out")
    seen = {"HX-Current-URL": f"https://line.example.org/callbacks/{one}"}
    looked = amina.get(f"/callbacks/{one}/call?claim_no=1", headers=LOOKS | seen)
    assert looked.headers["HX-Redirect"] == f"/sign-in?next=/callbacks/{one}"
    pressed = amina.post(f"/callbacks/{one}/stop", headers=STAYS)
    assert pressed.headers["X-Go"] == "/sign-in?next=/callbacks/7%3Ffrom%3Dlist"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/callbacks/{}/outcome", "/callbacks/{}"),
        ("/callbacks/{}/number", "/callbacks/{}"),
        ("/me/password", "/me"),
        ("/me/sessions/3/end", "/me"),
        ("/live/3/close", "/live"),
        ("/offers/3/decline", "/offers/3"),
        ("/sign-out", "/"),
    ],
)
def test_a_forms_address_that_is_loaded_again_leads_to_its_page(amina, address, page):
    one = asked()
    answer = amina.get(address.format(one))
    assert (answer.status_code, answer.location) == (303, page.format(one))


def test_addresses_of_machines_and_other_methods_stay_refused(amina):
    assert amina.client.put("/me", base_url="https://line.example.org").status_code == 405
    assert amina.client.delete("/me/password", base_url="https://line.example.org").status_code == 405


def test_after_a_form_that_was_not_right_the_page_can_be_loaded_again(amina):
    one = asked()
    _, number = taken(one, amina)
    where = f"/callbacks/{one}/outcome"
    assert amina.post(where, {"claim_no": number, "follow_up": "soon"}).status_code == 422
    page = amina.get(where, follow_redirects=True)
    assert page.status_code == 200 and claim_no(page) == number


@pytest.mark.parametrize("change", [{"phone": "333 0000568"}, {"no_phone": "yes"}])
def test_ones_own_telephone_changes_only_with_the_password(app, change):
    who = people_rows.make("anna", phone="+393330000111", locale="en")
    anna = Visitor(app)
    with db.transaction() as session:
        token = people_rows.signing_in.sessions.begin(session, who.id)
    anna.client.set_cookie(anna.jar.name("session"), token, domain="line.example.org", secure=True)
    form = {"name": "Anna", "locale": "en"} | change
    for wrong in ({}, {"password": "not this one"}):
        refused = anna.post("/me", form | wrong)
        assert refused.status_code == 422 and "This is not your present password" in words_of(refused)
        assert "•••• 111" in words_of(anna.get("/me"))
    assert anna.post("/me", {"name": "Anna B.", "locale": "en"}).status_code == 303
    assert anna.post("/me", form | {"password": people_rows.PASSWORD}).status_code == 303
    assert "•••• 111" not in words_of(anna.get("/me"))


def test_the_password_for_a_telephone_is_guessed_no_more_often_than_at_the_door(app):
    anna = visitor(app, "anna")
    form = {"name": "Anna", "locale": "en", "phone": "333 0000568", "password": "no"}
    answers = [words_of(anna.post("/me", form)) for _ in range(6)]
    assert "This is not your present password" in answers[3]
    assert "Too many" in answers[5] or "Wait" in answers[5] or "minute" in answers[5], answers[5]


def test_resetting_ones_own_second_step_says_that_it_signs_one_out(app):
    boss = visitor(app, "boss", roles=[Role.ADMINISTRATOR])
    dina = people_rows.make("dina")
    own = "This is your own account: you are signed out at once"
    assert own in words_of(boss.get(f"/people/{boss.who.id}"))
    assert own not in words_of(boss.get(f"/people/{dina.id}"))
