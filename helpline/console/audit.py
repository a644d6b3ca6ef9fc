"""The audit, for administrators: its days, whether their chain is whole, and the lines of a day."""

from datetime import date

from flask import abort, request
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.people import accounts, audit
from helpline.people.access import allowed
from helpline.people.links import Fault, Line
from helpline.people.roles import Role

SHOWN = 500
_DAYS = 31

pages = Pages("audit")
administrators = allowed(Role.ADMINISTRATOR)


@pages.get("/audit")
@administrators
def days() -> Response:
    """The days, newest first."""
    return _days()


@pages.get("/audit/check")
@administrators
def check() -> Response:
    """The same, after every chain that is kept has been gone through."""
    with db.transaction() as session:
        faults = audit.check(session)
    return _days(faults=faults, checked=True)


@pages.get("/audit/<day>")
@administrators
def one(day: str) -> Response:
    """The lines of one day, of one person or about one thing where that is asked."""
    try:
        which = date.fromisoformat(day)
    except ValueError:
        abort(404)
    chosen = {name: request.args.get(name, "").strip() or None for name in ("who", "what", "about")}
    with db.transaction() as session:
        everything = audit.listed(session, day=which, limit=SHOWN)
        lines = (
            audit.listed(session, day=which, limit=SHOWN, **chosen) if any(chosen.values()) else everything
        )
        names = accounts.names(session, sorted(_ids(everything) | _ids(lines)))
    return page(
        "audit/day.html",
        day=which,
        lines=lines,
        whos=sorted({line.who for line in everything}),
        whats=sorted({line.what for line in everything}),
        chosen=chosen,
        most=SHOWN,
        names={f"person {person_id}": name for person_id, name in names.items()},
    )


def _ids(lines: list[Line]) -> set[int]:
    """The people that lines name."""
    named = [words.split() for line in lines for words in (line.who, line.about)]
    return {
        int(words[1]) for words in named if len(words) == 2 and words[0] == "person" and words[1].isdecimal()
    }


def _days(*, faults: list[Fault] | None = None, checked: bool = False) -> Response:
    try:
        number = max(1, int(request.args.get("page", "1")))
    except ValueError:
        number = 1
    with db.transaction() as session:
        heads = audit.heads(session)[::-1]
    first = (number - 1) * _DAYS
    wrong: dict[date, list[str]] = {}
    for fault in faults or []:
        wrong.setdefault(fault.day, []).append(fault.reason)
    return page(
        "audit/days.html",
        heads=heads[first : first + _DAYS],
        earlier=f"/audit?page={number - 1}" if number > 1 else None,
        later=f"/audit?page={number + 1}" if first + _DAYS < len(heads) else None,
        checked=checked,
        faults=faults or [],
        wrong=wrong,
    )
