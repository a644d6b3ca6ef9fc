"""What every `… list` command does: rows printed for people or for programs, and each look at a number written down.

Decides nothing, and knows no table: the commands of the rooms bring their rows.
"""

import getpass
import json
from collections.abc import Callable, Iterable
from typing import Any

import click
from sqlalchemy.orm import Session

from helpline.people import audit
from helpline.phone import PhoneNumber

Row = dict[str, Any]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
REVEAL_NUMBERS = click.option("--reveal", is_flag=True, help="Show whole numbers; this is logged.")


def number_shown(number: str | None, *, reveal: bool) -> str | None:
    """A number as a list shows it: masked unless revealed, None when there is none (or no more)."""
    if number is None:
        return None
    return number if reveal else str(PhoneNumber(number))


def seen(session: Session, about: str, **details: audit.Scalar) -> None:
    """Write down, in this transaction, that whoever runs the command saw what lists hide. Raises as `audit.record`."""
    audit.record(session, getpass.getuser(), "revealed", about, **details)


def numbers_seen(session: Session, kind: str, rows: Iterable[Row]) -> None:
    """Write down a look at every number in these rows: a line each, about `<kind> <id>`; rows without one leave none."""
    for row in rows:
        if row["number"]:
            seen(session, f"{kind} {row['id']}", field="number")


def show(rows: list[Row], *, as_json: bool, header: str, line: Callable[[Row], str]) -> None:
    """Print the rows: as JSON, whole; or the header and a line for each, and nothing at all when there is none."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if rows:
        click.echo(header)
    for row in rows:
        click.echo(line(row))
