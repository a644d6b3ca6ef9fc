"""`helpline people` and `helpline audit`: links shown once, numbers masked, what was tampered with told."""

import getpass
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from helpline import db
from helpline.faults import Faults
from helpline.people import accounts, audit
from helpline.people.commands import audit_group, people
from helpline.people.signing_in import NeedsEnrolment, Refused, Signed
from tests.integration.people_rows import PASSWORD, begin, enrol, make

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def run(environ, monkeypatch):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(command, *words, code=0, **more):
        result = CliRunner().invoke(command, words, **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


def add(run, *words, **more):
    return run(
        people, "add", "anna", "--name", "Anna", "--role", "operator", "--language", "bn", *words, **more
    )


def accept(output, environ):
    address = environ["HELPLINE_PUBLIC_URL"] + "/invited/"
    [line] = [line for line in output.splitlines() if line.startswith(address)]
    with db.transaction() as session:
        return accounts.accept(session, line.removeprefix(address), PASSWORD)


def test_somebody_is_added_and_the_link_opens_the_account(run, environ):
    result = add(run, "--ask-phone", input="333 0000123\n")
    who = accept(result.output, environ)
    assert "works once, for 3 days" in result.output
    assert "0000123" not in result.output
    assert (who.login, who.languages, who.locale) == ("anna", ("bn",), "it")
    with db.transaction() as session:
        assert accounts.phone_of(session, who.id).e164 == "+393330000123"
    assert isinstance(begin(), Signed)


def test_the_first_person_is_added_by_a_process_of_its_own(environ, database):
    """In this process every table is known already; in the one that somebody starts only what it imports."""
    given = environ | {"DATABASE_URL": database.database_url, "REDIS_URL": database.redis_url}
    words = ["people", "add", "anna", "--name", "Anna", "--role", "administrator"]
    done = subprocess.run(
        [sys.executable, "-m", "helpline", *words], env=os.environ | given, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert accept(done.stdout, environ).roles == ("administrator",)


def test_what_cannot_be_is_told_as_faults(run):
    make("anna")
    with pytest.raises(Faults, match="login: somebody else has it"):
        add(run)


def test_a_new_link_a_disabled_account_and_a_lost_telephone(run, environ):
    who = make()
    result = run(people, "invite", "ANNA")
    assert isinstance(begin(), Refused)
    accept(result.output, environ)
    enrol(who)
    run(people, "reset-second-factor", "anna")
    assert isinstance(begin(factor_required=True), NeedsEnrolment)
    run(people, "disable", "anna")
    assert isinstance(begin(), Refused)
    run(people, "enable", "anna")
    assert isinstance(begin(), Signed)
    with db.transaction() as session:
        done = [line.what for line in audit.listed(session, who=getpass.getuser())]
    assert done == ["enabled", "disabled", "second_factor_reset", "invited"]


@pytest.mark.parametrize("command", ["invite", "disable", "enable", "reset-second-factor"])
def test_nobody_is_nobody(run, command):
    assert "There is nobody with the login nobody." in run(people, command, "nobody", code=1).output


def test_people_are_listed_with_their_telephone_masked(run):
    make(languages=["it", "ar"], phone="3330000567")
    assert json.loads(run(people, "list", "--json").output) == [
        {
            "id": json.loads(run(people, "list", "--json").output)[0]["id"],
            "login": "anna",
            "name": "Anna",
            "roles": ["operator"],
            "languages": ["it", "ar"],
            "entity": None,
            "organisation": None,
            "locale": "it",
            "phone": "•••• 567",
            "standing": "active",
            "second_factor": False,
        }
    ]
    known_in_the_audit_by = json.loads(run(people, "list", "--json").output)[0]["id"]
    line = f"{known_in_the_audit_by}  anna  Anna  operator  it,ar  active  no second factor"
    assert line in run(people, "list").output


def test_an_audit_that_nobody_touched_is_told_with_its_heads(run, at):
    assert run(audit_group, "check").output == ""
    at("2026-12-02 10:00")
    make()
    said = run(audit_group, "check").output
    assert said.startswith("All lines fit.")
    assert "2026-12-02  3  " in said
    [head] = json.loads(run(audit_group, "check", "--json").output)
    assert (head["day"], head["lines"], len(head["head"])) == ("2026-12-02", 3, 64)


def test_an_audit_that_somebody_touched_ends_in_1(run, at):
    at("2026-12-02 10:00")
    make()
    with db.transaction() as session:
        session.execute(text("DELETE FROM audit WHERE what = 'invited'"))
    result = run(audit_group, "check", code=1)
    assert "2026-12-02, line with the id" in result.output
    assert "1 before it are missing" in result.output
    [fault] = json.loads(run(audit_group, "check", "--json", code=1).output)
    assert (fault["day"], fault["fault"]) == ("2026-12-02", "1 before it are missing")


def test_lines_are_listed_in_the_time_of_rome(run, at):
    at("2026-12-02 00:30")
    who = make()
    begin()
    rows = json.loads(run(audit_group, "list", "--json", "--who", who.in_audit).output)
    assert [row["what"] for row in rows] == ["signed_in", "accepted_invitation"]
    assert rows[0]["at"].startswith("2026-12-01T23:30")
    said = run(audit_group, "list", "--day", "2026-12-02", "--what", "added").output
    assert "2026-12-02 00:30:0" in said
    assert f"somebody  added  person {who.id}  roles=operator" in said
    assert run(audit_group, "list", "--about", "nothing").output == ""
