"""What `helpline demo` makes before anybody opens a page: people who can sign in, shifts, hours; and it makes them once."""

import stat

import pytest

from helpline import db, hours, line
from helpline.live import shifts
from helpline.people import accounts, audit
from helpline.processes import demo
from tests.integration.people_rows import begin
from tests.servers import new_folder

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(database, at):
    at("2026-11-24 10:00")
    made = new_folder()
    made.mkdir(parents=True)
    return made


def known(folder):
    return {one.row.login: one for one in demo.furnish(folder)}


def audited():
    with db.transaction() as session:
        return [(each.who, each.what, each.about) for each in audit.listed(session, limit=1000)]


def test_an_operator_a_coordinator_and_an_administrator_can_sign_in(folder):
    people = known(folder)
    assert {login: one.row.roles for login, one in people.items()} == {
        "amina": ("operator",),
        "bianca": ("focal_point",),
        "chiara": ("coordinator",),
        "elena": ("entity_member",),
        "marta": ("administrator",),
        "nadia": ("network_member",),
        "paola": ("editor",),
        "ugo": ("approver",),
    }
    for login, one in people.items():
        assert begin(login, one.password).who.login == login
    amina = people["amina"].row
    assert {"ar", "bn"} <= set(amina.languages) and amina.phone.e164 == "+393330000901"


def test_the_second_start_changes_nothing(folder):
    first, told = known(folder), audited()
    written = (folder / "passwords").read_text("utf-8")
    second = known(folder)
    assert {login: one.password for login, one in second.items()} == {
        login: one.password for login, one in first.items()
    }
    assert (audited(), (folder / "passwords").read_text("utf-8")) == (told, written)


def test_passwords_are_for_their_owners_eyes_and_differ(folder):
    people = known(folder)
    assert stat.S_IMODE((folder / "passwords").stat().st_mode) == 0o600
    assert len({one.password for one in people.values()}) == len(people)
    assert not [one for one in people.values() if one.password in repr(one)]


def test_a_password_that_somebody_changed_is_not_shown_and_not_undone(folder):
    people = known(folder)
    with db.transaction() as session:
        token = accounts.reinvite(session, people["chiara"].row.id, "test")
        accounts.accept(session, token, "un'altra parola lunga")
    again = known(folder)
    assert again["chiara"].password is None
    assert "another password by now" in demo.greeting(8000, 8101, folder, list(again.values()))
    assert begin("chiara", "un'altra parola lunga").who.login == "chiara"


@pytest.mark.parametrize("moment", ["2026-11-24 07:00", "2026-11-29 20:59"])
def test_amina_may_answer_whenever_the_line_can_be_open(folder, at, moment):
    amina = known(folder)["amina"].row
    at(moment)
    with db.transaction() as session:
        assert shifts.now(session)[amina.id] == set(amina.languages)


@pytest.mark.parametrize("day", range(23, 30))
def test_people_can_be_rung_on_every_day_from_nine_to_nine(folder, at, day):
    known(folder)
    calendar = line.current().calendar
    for hour, may in ((8, False), (9, True), (20, True), (21, False)):
        moment = at(f"2026-11-{day} {hour:02}:30")
        assert hours.may_ring(calendar, "ar", "any", moment) is may


def test_the_greeting_names_what_to_open_and_who_to_be(folder):
    people = list(known(folder).values())
    said = demo.greeting(8000, 8101, folder, people)
    assert "http://127.0.0.1:8101/telephone?number=%2B393330000901&name=Amina" in said
    assert "http://127.0.0.1:8000/" in said and "Tuesday 24 November 2026, 10:00" in said
    assert all(one.password in said for one in people)
    assert "HELPLINE_NOW" not in said, "it is ten on a Tuesday: nothing has to be pretended"


@pytest.mark.parametrize(
    ("moment", "rehearsal"),
    [
        ("2026-11-24 22:00", "2026-11-25T10:00+01:00"),
        ("2026-11-29 05:00", "2026-11-29T10:00+01:00"),
        ("2026-12-25 10:00", "2027-01-02T10:00+01:00"),
    ],
)
def test_when_nobody_can_be_rung_the_greeting_says_how_to_rehearse(folder, at, moment, rehearsal):
    people = list(known(folder).values())
    at(moment)
    line.forget()
    assert f"HELPLINE_NOW={rehearsal} make demo" in demo.greeting(8000, 8101, folder, people)
