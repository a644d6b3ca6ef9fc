"""`helpline shifts …`: load the rota, list it. Says who is planned, never who is or was there."""

import getpass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from helpline import listing
from helpline.db import transaction
from helpline.hours import WEEKDAYS
from helpline.live import plan, rota
from helpline.live import shifts as planned
from helpline.people.models import Person


@click.group("shifts")
def shifts() -> None:
    """When mediators work, and in which languages."""


@shifts.command()
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load shifts from a file; safe to run again. Whoever it names gets these shifts alone, others keep theirs.

    A file with any fault changes nothing: every fault is listed, and the exit code is 2.
    """
    done = rota.load(file, who=getpass.getuser())
    if not done.changed:
        click.echo(f"{file}: nothing changed")
        return
    click.echo(f"{file}: loaded; shifts of {done.changed} of {done.people} people changed")


@shifts.command("list")
@listing.AS_JSON
def list_(as_json: bool) -> None:
    """List the rota: the week, then single days."""
    with transaction() as session:
        rows = listed(session)
    header = "when  from  to  person  languages"
    listing.show(rows, as_json=as_json, header=header, line=_line)


def _line(row: listing.Row) -> str:
    when = row["day"] or row["weekday"]
    languages = " ".join(row["languages"]) or "AWAY"
    return f"{when}  {row['from']}  {row['to']}  {row['person']}  {languages}"


def listed(session: Session) -> list[listing.Row]:
    """The rota as the command prints it; a person whose login is forgotten is shown by id."""
    found = planned.listed(session)
    people = {
        person.id: person.login or f"person {person.id}"
        for person in (session.get_one(Person, one) for one in {shift.person_id for shift in found})
    }
    return [_row(shift, people[shift.person_id]) for shift in found]


def _row(shift: plan.Shift, person: str) -> listing.Row:
    return {
        "person": person,
        "weekday": None if shift.weekday is None else WEEKDAYS[shift.weekday],
        "day": shift.day.isoformat() if shift.day else None,
        "from": _clock(shift.begins),
        "to": _clock(shift.ends),
        "languages": sorted(shift.languages),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


COMMANDS = [shifts]
