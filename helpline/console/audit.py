"""The audit, for administrators: its days, whether their chain is whole, and the lines of a day."""

from datetime import date, timedelta

from flask import abort, request
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.people import accounts, audit
from helpline.people.access import allowed
from helpline.people.links import Head, Line
from helpline.people.roles import Role

SHOWN = 500
_DAYS = 31

pages = Pages("audit")
administrators = allowed(Role.ADMINISTRATOR)


@pages.get("/audit")
@administrators
def days() -> Response:
    """The days, newest first."""
    return _days(check=False)


@pages.get("/audit/check")
@administrators
def check() -> Response:
    """The same, after the chains of the days shown have been gone through; `helpline audit check` goes through all."""
    return _days(check=True)


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


def _days(*, check: bool) -> Response:
    try:
        number = max(1, int(request.args.get("page", "1")))
    except ValueError:
        number = 1
    begin = (number - 1) * _DAYS
    with db.transaction() as session:
        heads = audit.heads(session)[::-1]
        shown = heads[begin : begin + _DAYS]
        faults = audit.check(session, first=_until(heads, begin), last=_since(heads, begin)) if check else []
    wrong: dict[date, list[str]] = {}
    for fault in faults:
        wrong.setdefault(fault.day, []).append(fault.reason)
    return page(
        "audit/days.html",
        heads=shown,
        number=number,
        earlier=f"/audit?page={number - 1}" if number > 1 else None,
        later=f"/audit?page={number + 1}" if begin + _DAYS < len(heads) else None,
        checked=check,
        faults=faults,
        wrong=wrong,
    )


def _since(heads: list[Head], begin: int) -> date | None:
    """The last day to be checked with a page: the day before the page above it; None on the first page."""
    return heads[begin - 1].day - timedelta(days=1) if 0 < begin <= len(heads) else None


def _until(heads: list[Head], begin: int) -> date | None:
    """The first day to be checked with a page: the day after the page below it, so that no day lies between two pages."""
    below = begin + _DAYS
    return heads[below].day + timedelta(days=1) if below < len(heads) else None
