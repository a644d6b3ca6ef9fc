"""`helpline calls list` and `helpline callbacks list`: numbers masked, reveals logged, codes never."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from helpline import db
from helpline.callbacks.commands import callbacks
from helpline.calls import journeys
from helpline.calls.commands import calls
from helpline.calls.models import Step
from helpline.intake import asks
from helpline.people import audit
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber

pytestmark = pytest.mark.usefixtures("database")

NUMBER = PhoneNumber("+393330000567")


@pytest.fixture
def saved(database):
    with db.transaction() as session:
        journeys.begin(session, "CA1", NUMBER, None)
        session.add_all(
            [
                Step(call_sid="CA1", turn=turn, step=step, to_language="bn")
                for turn, step in enumerate(("language", "main"))
            ]
        )
        draft = {"number": NUMBER.e164, "window": "morning"}
        return asks.save_callback(session, "CA1", draft, "bn", promised_on=None)


def run(command, *words):
    result = CliRunner().invoke(command, ["list", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def audited():
    with db.transaction() as session:
        return [
            (line.what, line.about.split()[0])
            for line in session.scalars(select(AuditLine).order_by(AuditLine.id))
        ]


@pytest.mark.usefixtures("saved")
def test_a_call_in_json():
    [call] = json.loads(run(calls, "--json"))
    wanted = {
        "sid": "CA1",
        "language": "bn",
        "status": "in-progress",
        "outcome": None,
        "steps": ["language", "main"],
    }
    assert {name: call[name] for name in wanted} == wanted
    assert call["number"] == "•••• 567"


def test_a_callback_in_json(saved):
    [callback] = json.loads(run(callbacks, "--json"))
    wanted = {
        "call_sid": "CA1",
        "language": "bn",
        "window": "morning",
        "state": "waiting",
        "attempts": 0,
        "number": "•••• 567",
    }
    assert {name: callback[name] for name in wanted} == wanted
    assert isinstance(callback["id"], int)
    assert saved.code not in run(callbacks)


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("command", [calls, callbacks])
def test_numbers_are_shown_only_when_revealed_and_that_is_logged(command):
    for words in ((), ("--json",)):
        assert NUMBER.e164 not in run(command, *words)
    assert audited() == []
    assert NUMBER.e164 in run(command, "--reveal")
    assert audited() == [("revealed", command.name.removesuffix("s"))]


@pytest.mark.parametrize("command", [calls, callbacks])
def test_an_empty_list_is_empty_json(command):
    assert json.loads(run(command, "--json", "--reveal")) == []


def test_a_line_of_the_audit_takes_scalars_only_and_no_number():
    with db.transaction() as session:
        with pytest.raises(TypeError, match="window is a list"):
            audit.record(session, "someone", "changed", "callback 1", window=["any"])
        with pytest.raises(ValueError, match="telephone"):
            audit.record(session, "someone", "changed", "callback 1", number="+39 333 0000567")
    assert audited() == []


def test_a_line_of_the_audit_is_never_changed():
    with db.transaction() as session:
        line = audit.record(session, "someone", "revealed", "callback 1", field="number")
    with db.transaction() as session:
        line = session.get(AuditLine, line.id)
        line.who = "nobody"
        with pytest.raises(audit.Appended):
            session.flush()
        session.rollback()
