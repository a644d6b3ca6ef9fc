"""People in a settings file: made without a password, changed when the file changes, never invited by it."""

import pytest

from helpline import db
from helpline.faults import Faults
from helpline.line.models import LineVersion
from helpline.people import accounts, audit, register
from helpline.people.register import Standing
from helpline.people.signing_in import Refused, Signed
from helpline.routing import loading
from tests.integration.people_rows import PASSWORD, begin, make

pytestmark = pytest.mark.usefixtures("database")

PEOPLE = """
[[entities]]
id = "iom-rome"
name = "IOM Rome"
contact = "desk"

[[people]]
login = "Anna"
name = "Anna"
roles = ["operator", "coordinator"]
languages = ["bn", "it"]
phone = "333 0000123"

[[people]]
login = "carla@example.org"
name = "Carla"
roles = ["entity_member"]
entity = "iom-rome"
locale = "en"
"""


@pytest.fixture
def load(tmp_path, database):
    def load(text, **options):
        path = tmp_path / "people.toml"
        path.write_text(text, "utf-8")
        return loading.load(path, who="tester", **options)

    return load


def faults_of(load, text):
    with pytest.raises(Faults) as caught:
        load(text)
    return [fault.partition("people.toml: ")[2] for fault in caught.value.faults]


def rows():
    with db.transaction() as session:
        return {row.login: row for row in register.listed(session)}


def test_people_are_made_without_a_password_and_invited_later(load):
    done = load(PEOPLE)
    assert done.changes["person anna"] == ["languages", "name", "phone", "roles"]
    people = rows()
    assert {login: row.standing for login, row in people.items()} == dict.fromkeys(
        ["anna", "carla@example.org"], Standing.NEW
    )
    assert (people["carla@example.org"].entity_id, people["carla@example.org"].locale) == ("iom-rome", "en")
    assert isinstance(begin("anna"), Refused)
    with db.transaction() as session:
        accounts.accept(session, accounts.reinvite(session, people["anna"].id, "tester"), PASSWORD)
    assert isinstance(begin("anna"), Signed)


def test_loading_again_changes_what_differs_and_leaves_what_the_file_does_not_say(load):
    load(PEOPLE)
    with db.transaction() as session:
        before = session.query(LineVersion).count()
    assert load(PEOPLE).changes == {}
    done = load('[[people]]\nlogin = "anna"\nname = "Anna B."\nroles = ["operator"]\n')
    assert (done.version, done.changes) == (None, {"person anna": ["name", "roles"]})
    anna = rows()["anna"]
    assert (anna.name, anna.roles, anna.languages, anna.phone.e164) == (
        "Anna B.",
        ("operator",),
        ("it", "bn"),
        "+393330000123",
    )
    with db.transaction() as session:
        assert session.query(LineVersion).count() == before
        assert [line.what for line in audit.listed(session, who="tester")] == ["changed", "added", "added"]


def test_a_role_that_was_taken_away_and_a_changed_telephone_do_not_come_back_unseen(load):
    load(PEOPLE)
    before = rows()
    anna, carla = before["anna"].id, before["carla@example.org"].id
    with db.transaction() as session:
        accounts.change(session, anna, by="person 1", roles=["operator"])
        accounts.change(session, anna, by=f"person {anna}", phone="333 0000456")
        accounts.change(session, carla, by="person 1", name="Carla R.")
        accounts.change(session, carla, by="tester", name="Carla Rossi")  # not in the console
    given = PEOPLE.replace('languages = ["bn", "it"]', 'languages = ["it"]')
    faults = faults_of(load, given)
    assert [fault.partition(": was changed in the console on")[0] for fault in faults] == [
        'person "anna": phone',
        'person "anna": roles',
    ]
    assert "0000" not in "".join(faults) and "--over" in faults[0]
    kept = rows()["anna"]
    assert (kept.roles, kept.phone.e164) == (("operator",), "+393330000456"), (
        "nothing of a refused file is kept"
    )
    assert kept.languages == ("it", "bn")
    alike = PEOPLE.replace('"operator", "coordinator"', '"operator"').replace("333 0000123", "333 0000456")
    assert load(alike).changes == {"person carla@example.org": ["name"]}
    load(PEOPLE, over=True)
    assert rows()["anna"].roles == ("operator", "coordinator")


def test_somebody_with_a_password_keeps_it(load):
    make("anna", roles=["editor"])
    load(PEOPLE)
    assert isinstance(begin("anna"), Signed)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_made(load):
    text = """
[[people]]
login = "anna b"
name = "Anna"
roles = ["operator"]
phone = "+12025550123"

[[people]]
login = "bea"
name = " "
roles = ["*"]
languages = ["de"]
locale = "fr"
password = "secret"

[[people]]
login = "carla"
name = "Carla"
roles = ["entity_member"]

[[people]]
login = "Carla"
name = "Carla"
roles = ["operator"]
entity = "nowhere"
"""
    assert sorted(faults_of(load, text)) == sorted([
        'person "anna b": login: must begin with a letter and hold small letters, digits, dots, hyphens, underscores or one @',
        'person "anna b": phone: must be an Italian fixed or mobile number',
        'person "bea": name: must be some words',
        'person "bea": roles: must name some of operator, coordinator, editor, approver, entity_member, focal_point, network_member, administrator',
        'person "bea": languages: "de" is not one of the nine languages',
        'person "bea": locale: must be it or en',
        'person "bea": password: unknown',
        'person "carla": stands more than once',
        'person "carla": entity: is not one of those that exist',
    ])  # fmt: skip
    assert rows() == {}


def test_a_file_does_not_take_the_last_administrator(load):
    make("root", roles=["administrator"])
    assert faults_of(load, '[[people]]\nlogin = "root"\nname = "Root"\nroles = ["operator"]\n') == [
        'person "root": roles: somebody must stay administrator'
    ]
    assert rows()["root"].roles == ("administrator",)
