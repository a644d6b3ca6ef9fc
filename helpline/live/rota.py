"""Reads a file of shifts, with everything wrong with it at once, and loads it in one transaction."""

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.faults import raise_if_any
from helpline.hours import FIRST_HOUR, LAST_HOUR, WEEKDAYS
from helpline.languages import CODES
from helpline.line.reading import Table, tables
from helpline.live import plan, shifts
from helpline.people import audit
from helpline.people.models import Person

_LOGIN = re.compile(r"[^\s]{1,100}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_WHOLE_DAY = (FIRST_HOUR * 60, LAST_HOUR * 60)


@dataclass(frozen=True)
class Entry:
    """One table of the file: whose, on which weekdays or on which day, from when to when, in which languages.

    `languages` None: all that the person speaks; empty: away on that day. `where` names the table in a fault.
    """

    where: str
    login: str
    weekdays: tuple[int, ...]
    day: date | None
    begins: int
    ends: int
    languages: tuple[str, ...] | None


@dataclass(frozen=True)
class Loaded:
    """What a load did: how many people the file speaks of, and for how many something changed."""

    people: int
    changed: int


def load(path: Path, *, who: str) -> Loaded:
    """Load a file of shifts: all of it, or, with `Faults` that lists everything wrong with it, nothing.

    Safe to run again. The shifts of everybody it names are replaced as a whole; others keep theirs. A day such as
    `today+3d` is counted from the day of the load, in Rome.
    """
    faults: list[str] = []
    document = _document(path, faults)
    raise_if_any(faults)
    entries = read(document, source=str(path), today=clock.in_rome().date(), faults=faults)
    with db.transaction() as session:
        rota = _of_people(session, entries, faults)
        raise_if_any(faults)
        changed = shifts.replace(session, rota)
        for person_id in changed:
            audit.record(session, who, "changed shifts", f"person {person_id}", source=path.name)
        if changed:
            db.ring(session, "match_holds")
    return Loaded(len(rota), len(changed))


def _document(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.append(f"{path}: is not text in UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: is not TOML: {error}")
    return {}


def read(document: dict[str, Any], *, source: str, today: date, faults: list[str]) -> list[Entry]:
    """The entries of a document; what is wrong with them is added to `faults`."""
    faults += [
        f"{source}: {name}: unknown table; known is shifts" for name in sorted(set(document) - {"shifts"})
    ]
    if "shifts" not in document:
        faults.append(f"{source}: shifts: missing; write [[shifts]] for each")
    entries = []
    for number, values in enumerate(tables(document, "shifts", source=source, faults=faults), start=1):
        person = values.get("person") if isinstance(values, dict) else None
        called = f"shift {number}" + (f' of "{person}"' if isinstance(person, str) else "")
        table = Table(values, where=f"{source}: {called}", faults=faults, today=today)
        entries.append(_entry(table))
        table.done()
    return entries


def _entry(table: Table) -> Entry:
    login = table.text("person")
    if login and not _LOGIN.fullmatch(login):
        table.fault("person", "must be the login of a person")
    weekdays, day = _when(table)
    away = table.take("away", False)
    if not isinstance(away, bool):
        table.fault("away", "must be true or false")
    languages: tuple[str, ...] | None = ()
    begins, ends = _WHOLE_DAY
    if away is True:
        if day is None and "on" not in table.values:
            table.fault("away", "needs `on`: who works no more on a weekday has no shift on it")
        for field in ("from", "to", "languages"):
            if field in table.values:
                table.fault(field, "has no meaning together with away")
            table.take(field, None)
    else:
        begins, ends, languages = _minutes(table, "from"), _minutes(table, "to"), _languages(table)
        if table.sound("from", "to") and begins >= ends:
            table.fault("to", "must be after from (a shift ends on the day on which it begins)")
    return Entry(table.where, login, weekdays, day, begins, ends, languages)


def _when(table: Table) -> tuple[tuple[int, ...], date | None]:
    """The weekdays, or the one day; exactly one of the two must be there."""
    if ("days" in table.values) == ("on" in table.values):
        table.fault("days", "either `days` (every week) or `on` (a date) must be given, and not both")
        table.known |= {"days", "on"}
        return (), None
    if "on" in table.values:
        table.take("days", None)
        return (), table.day("on")
    table.take("on", None)
    days = table.words("days", WEEKDAYS, "weekdays (monday … sunday)")
    known = WEEKDAYS if days == ["*"] else [day for day in days if day in WEEKDAYS]
    return tuple(WEEKDAYS.index(day) for day in known), None


def _minutes(table: Table, field: str) -> int:
    value = table.take(field)
    if value is None:
        return 0
    if isinstance(value, time):
        value = value.isoformat("minutes") if not (value.second or value.microsecond) else ""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not FIRST_HOUR * 60 <= minutes <= LAST_HOUR * 60:
        table.fault(
            field, f'must be a time from "{FIRST_HOUR:02}:00" to "{LAST_HOUR:02}:00", such as "09:30"'
        )
        return 0
    return minutes


def _languages(table: Table) -> tuple[str, ...] | None:
    given = table.words("languages", CODES, "nine languages")
    return None if given == ["*"] else tuple(code for code in given if code in CODES)


def _of_people(session: Session, entries: list[Entry], faults: list[str]) -> dict[int, list[plan.Shift]]:
    """The shifts by person; what only the tables can tell, and shifts that overlap, are added to `faults`."""
    people = {
        person.login: person for person in session.scalars(select(Person).where(Person.disabled_at.is_(None)))
    }
    rota: dict[int, list[plan.Shift]] = {}
    written: dict[tuple[int, object], list[tuple[plan.Shift, str]]] = {}
    for entry in entries:
        person = people.get(entry.login.lower())
        if person is None:
            if entry.login:
                faults.append(
                    f'{entry.where}: person: there is no "{entry.login}" (or the account is disabled)'
                )
            continue
        shift = plan.Shift(person.id, _spoken(person, entry, faults), entry.begins, entry.ends)
        days: list[dict[str, Any]] = [{"weekday": weekday} for weekday in entry.weekdays]
        for at in days or [{"day": entry.day}]:
            one = replace(shift, **at)
            rota.setdefault(person.id, []).append(one)
            _overlaps(written.setdefault((person.id, *at.values()), []), one, entry.where, faults)
    return rota


def _spoken(person: Person, entry: Entry, faults: list[str]) -> frozenset[str]:
    if entry.languages is None:
        if not person.languages:
            faults.append(f'{entry.where}: languages: the account of "{entry.login}" names none')
        return frozenset(person.languages)
    faults += [
        f'{entry.where}: languages: "{entry.login}" does not speak {code}'
        for code in entry.languages
        if code not in person.languages
    ]
    return frozenset(entry.languages)


def _overlaps(there: list[tuple[plan.Shift, str]], shift: plan.Shift, where: str, faults: list[str]) -> None:
    for other, other_where in there:
        if other.begins < shift.ends and shift.begins < other.ends:
            faults.append(f"{where}: from: overlaps with {other_where.rpartition(': ')[2]}")
            break
    there.append((shift, where))
