"""Shifts are loaded from a file: all of it or nothing, every fault at once; listed; and who is on shift follows them."""

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from helpline import clock, db
from helpline.faults import Faults
from helpline.live import presence, rota, shifts
from helpline.live.commands import shifts as command
from helpline.live.models import Presence
from helpline.people.models import AuditLine, Person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def people():
    """Amina speaks Bangla and English, Omar Arabic; Lia works no more."""
    with db.transaction() as session:
        rows = {
            name: Person(
                login=name, name=name.title(), roles=["operator"], languages=languages, phone="+393330000777"
            )
            for name, languages in {"amina": ["bn", "en"], "omar": ["ar"], "lia": ["fr"]}.items()
        }
        session.add_all(rows.values())
        rows["lia"].disabled_at = clock.now()
        session.flush()
        return {name: row.id for name, row in rows.items()}


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "shifts.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


WEEK = """
[[shifts]]
person = "amina"
days = ["monday", "wednesday"]
from = "09:00"
to = "13:00"
languages = ["bn"]

[[shifts]]
person = "amina"
days = ["wednesday"]
from = 14:30:00
to = "18:00"

[[shifts]]
person = "omar"
days = ["*"]
from = "10:00"
to = "12:00"

[[shifts]]
person = "omar"
on = 2026-11-25
away = true
"""


def working(moment):
    at = datetime.fromisoformat(moment).replace(tzinfo=clock.ROME)
    with db.transaction() as session:
        return shifts.at(session, at)


def test_who_is_on_shift_follows_the_file(people, file):
    done = rota.load(file(WEEK), who="somebody")
    assert (done.people, done.changed) == (2, 2)
    amina, omar = people["amina"], people["omar"]
    assert working("2026-11-18 10:30") == {amina: {"bn"}, omar: {"ar"}}
    assert working("2026-11-18 14:30") == {amina: {"bn", "en"}}
    assert working("2026-11-25 10:30") == {amina: {"bn"}}, "he is away on that day"
    assert working("2026-11-22 11:00") == {omar: {"ar"}}
    assert working("2026-11-22 13:00") == {}


def test_loading_again_changes_nothing_and_who_is_not_named_keeps_theirs(people, file):
    rota.load(file(WEEK), who="somebody")
    assert rota.load(file(WEEK), who="somebody").changed == 0
    other = '[[shifts]]\nperson = "amina"\ndays = ["friday"]\nfrom = "09:00"\nto = "10:00"\n'
    assert rota.load(file(other), who="somebody").changed == 1
    assert working("2026-11-18 10:30") == {people["omar"]: {"ar"}}
    assert working("2026-11-20 09:30") == {people["amina"]: {"bn", "en"}}
    with db.transaction() as session:
        lines = [
            (line.what, line.about) for line in session.scalars(select(AuditLine).order_by(AuditLine.id))
        ]
    assert sorted(lines) == sorted(
        ("changed shifts", f"person {people[name]}") for name in ("amina", "omar", "amina")
    )


def test_every_fault_is_told_at_once_and_nothing_is_changed(people, file):
    bad = """
holidays = 3

[[shifts]]
person = "nobody"
days = ["monday"]
from = "09:00"
to = "13:00"

[[shifts]]
person = "amina"
days = ["mon"]
from = "9:00"
to = "23:00"
languages = ["bn", "ar", "xx"]
colour = "red"

[[shifts]]
person = "amina"
days = ["tuesday"]
on = "today"
from = "12:00"
to = "09:00"

[[shifts]]
person = "omar"
days = ["monday"]
away = true
from = "09:00"

[[shifts]]
person = "lia"
on = "2026-13-01"
from = "09:00"
to = "10:00"
"""
    path = file(bad)
    with pytest.raises(Faults) as caught:
        rota.load(path, who="somebody")
    said = [fault.removeprefix(f"{path}: ") for fault in caught.value.faults]
    for wanted in (
        "holidays: unknown table; known is shifts",
        'shift 1 of "nobody": person: there is no "nobody" (or the account is disabled)',
        'shift 2 of "amina": days: "mon" is not one of the weekdays (monday … sunday)',
        'shift 2 of "amina": from: must be a time from "07:00" to "21:00", such as "09:30"',
        'shift 2 of "amina": to: must be a time from "07:00" to "21:00", such as "09:30"',
        'shift 2 of "amina": languages: "xx" is not one of the nine languages',
        'shift 2 of "amina": languages: "amina" does not speak ar',
        'shift 2 of "amina": colour: unknown',
        'shift 3 of "amina": days: either `days` (every week) or `on` (a date) must be given, and not both',
        'shift 3 of "amina": to: must be after from (a shift ends on the day on which it begins)',
        'shift 4 of "omar": away: needs `on`: who works no more on a weekday has no shift on it',
        'shift 4 of "omar": from: has no meaning together with away',
        'shift 5 of "lia": on: must be a date such as 2027-01-31, or "today", "today+400d", "today-300d"',
        'shift 5 of "lia": person: there is no "lia" (or the account is disabled)',
    ):
        assert said.count(wanted) == 1, (wanted, said)
    assert len(said) == 14
    with db.transaction() as session:
        assert shifts.listed(session) == []


def test_shifts_of_one_person_do_not_overlap(people, file):
    path = file(WEEK.replace("14:30:00", '"12:30"'))
    with pytest.raises(Faults) as caught:
        rota.load(path, who="somebody")
    assert caught.value.faults == [f'{path}: shift 2 of "amina": from: overlaps with shift 1 of "amina"']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "shifts: missing; write [[shifts]] for each"),
        ("shifts = 3", "shifts: must be written as [[shifts]]"),
        ("shifts = [3]", "shift 1: must be a table"),
        ("[[shifts", "is not TOML"),
    ],
)
def test_what_is_no_file_of_shifts_is_refused_in_a_sentence(people, file, text, said):
    with pytest.raises(Faults, match=r"shifts\.toml") as caught:
        rota.load(file(text), who="somebody")
    assert any(said in fault for fault in caught.value.faults)


def test_the_commands_load_and_list(people, file):
    path = file(WEEK)
    result = CliRunner().invoke(command, ["load", str(path)])
    assert result.output == f"{path}: loaded; shifts of 2 of 2 people changed\n"
    assert CliRunner().invoke(command, ["load", str(path)]).output == f"{path}: nothing changed\n"
    lines = CliRunner().invoke(command, ["list"]).output.splitlines()
    assert lines[:2] == ["when  from  to  person  languages", "monday  09:00  13:00  amina  bn"]
    assert lines[-1] == "2026-11-25  07:00  21:00  omar  AWAY"
    rows = json.loads(CliRunner().invoke(command, ["list", "--json"]).output)
    assert rows[-1] == {
        "person": "omar", "weekday": None, "day": "2026-11-25", "from": "07:00", "to": "21:00", "languages": []
    }  # fmt: skip


def test_nobody_is_there_outside_of_their_shift_or_without_a_telephone(people, file, at):
    rota.load(file(WEEK), who="somebody")
    at("2026-11-18 09:30")
    with db.transaction() as session, pytest.raises(presence.NotOnShift):
        presence.be_ready(session, people["omar"])
    with db.transaction() as session:
        session.get_one(Person, people["amina"]).phone = None
    with db.transaction() as session, pytest.raises(presence.NoTelephone):
        presence.be_ready(session, people["amina"])


def test_presence_says_now_and_nothing_else(people, file, at):
    rota.load(file(WEEK), who="somebody")
    at("2026-11-18 10:30")
    amina = people["amina"]
    with db.transaction() as session:
        assert presence.of(session, amina) is None
        presence.be_ready(session, amina)
        first = session.scalars(select(Presence.idle_since)).one()
    at("2026-11-18 11:30")
    with db.transaction() as session:
        presence.be_ready(session, amina)  # a second click
        assert session.scalars(select(Presence.idle_since)).one() == first
        assert presence.of(session, amina) == presence.Here(True, False, ("bn",))
        presence.pause(session, amina)
        assert presence.of(session, amina) == presence.Here(False, False, ("bn",))
        board = {row.language: row for row in presence.board(session)}
        assert board["bn"] == presence.Staffed("bn", on_shift=1, there=1, free=0)
        presence.leave(session, amina)
        assert presence.of(session, amina) is None
        assert {column.name for column in Presence.__table__.columns} == {
            "id", "person_id", "ready", "idle_since", "doubtful"
        }  # fmt: skip
        assert session.scalars(select(AuditLine).where(AuditLine.what != "changed shifts")).all() == []


def test_who_is_disabled_works_no_more(people, file):
    rota.load(file(WEEK), who="somebody")
    with db.transaction() as session:
        session.get_one(Person, people["omar"]).disabled_at = clock.now()
    assert working("2026-11-18 10:30") == {people["amina"]: {"bn"}}


def test_a_language_that_is_not_spoken_any_more_is_not_worked_in(people, file):
    rota.load(file(WEEK), who="somebody")
    with db.transaction() as session:
        session.get_one(Person, people["amina"]).languages = ["en"]
    assert working("2026-11-18 15:00") == {people["amina"]: {"en"}}
