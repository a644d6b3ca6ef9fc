"""The settings that are edited in the console: read as they are, changed with who, when and why, and put back. Each thing
has a name (`opening hours`, `closure …`, `open day 2026-12-08`, `number +39…`, `limit …`) and a plain value, None for none."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.hours import Calendar, Closure, Span
from helpline.line import limits, loading
from helpline.line.current import Line, read
from helpline.line.models import ClosedDays, HoursKind, LimitRow, NumberRow, OpenDay, WeeklyHours
from helpline.line.notices import SOURCE, Overtaken

Plain = Any
OPENING, CALLBACK = f"{HoursKind.OPENING} hours", f"{HoursKind.CALLBACK} hours"
HOURS: Mapping[str, HoursKind] = {OPENING: HoursKind.OPENING, CALLBACK: HoursKind.CALLBACK}
CLOSURE, OPEN_DAY, NUMBER, LIMIT = "closure", "open day", "number", "limit"
_ROWS: Mapping[str, tuple[Any, str, tuple[str, ...]]] = {
    CLOSURE: (ClosedDays, "name", ("first", "last")),
    OPEN_DAY: (OpenDay, "day", ()),
    NUMBER: (NumberRow, "number", ("greeting",)),
    LIMIT: (LimitRow, "name", ("value",)),
}
_DATES = {"day", "first", "last"}
WORKED = {"worked": True}
"""The plain value of a day that has no other field."""


def named(kind: str, key: str) -> str:
    """The name of a thing of a kind: `closure summer`."""
    return f"{kind} {key}"


def parts(what: str) -> tuple[str, str]:
    """A thing's kind and key; hours have no key, and what is edited elsewhere (a notice, a project) has no kind here."""
    if what in HOURS:
        return what, ""
    kind = next((kind for kind in _ROWS if what.startswith(f"{kind} ")), "")
    return kind, what.removeprefix(f"{kind} ") if kind else ""


def state(session: Session) -> dict[str, Plain]:
    """Everything that is edited here, as it is now."""
    found: dict[str, Plain] = {what: _hours(session, kind) for what, kind in HOURS.items()}
    for kind, (model, key, fields) in _ROWS.items():
        for row in session.scalars(select(model).order_by(getattr(model, key))):
            values = {field: _plain(getattr(row, field)) for field in fields} or dict(WORKED)
            found[named(kind, str(_plain(getattr(row, key))))] = values
    return found


def calendar(state: Mapping[str, Plain]) -> Calendar:
    """The calendar of a state: of what is, or of what somebody wants."""
    closures = [value for what, value in state.items() if value and parts(what)[0] == CLOSURE]
    worked = [parts(what)[1] for what, value in state.items() if value and parts(what)[0] == OPEN_DAY]
    return Calendar(
        opening=spans(state.get(OPENING) or []),
        callback=spans(state.get(CALLBACK) or []),
        closures=tuple(
            Closure(date.fromisoformat(one["first"]), date.fromisoformat(one["last"])) for one in closures
        ),
        open_days=frozenset(map(date.fromisoformat, worked)),
    )


def spans(plain: list[dict[str, Any]]) -> tuple[Span, ...]:
    """Hours as they are kept in a version, as spans."""
    return tuple(
        Span(one["weekday"], one["opens"], one["closes"], None if one["language"] == "*" else one["language"])
        for one in plain
    )


def of_spans(some: list[Span]) -> list[dict[str, Any]]:
    """Spans as they are kept in a version, in the order of a settings file."""
    hours = [loading.Hours(one.weekday, one.opens, one.closes, one.language or "*") for one in some]
    return [asdict(one) for one in sorted(hours)]


def supposed(session: Session, wanted: Mapping[str, Plain]) -> Line:
    """The line's settings as they are now, with these things as somebody wants them; nothing is written."""
    now = state(session)
    after = {**now, **wanted}
    numbers, tuned = (
        {parts(what)[1]: value for what, value in after.items() if value and parts(what)[0] == kind}
        for kind in (NUMBER, LIMIT)
    )
    return replace(
        read(session.connection()),
        calendar=calendar(after),
        greetings={number: value["greeting"] for number, value in numbers.items()},
        limits=limits.of({name: value["value"] for name, value in tuned.items()}),
    )


def mark(state: Mapping[str, Plain], whats: Iterable[str]) -> str:
    """A short word that changes whenever any of these things does, or comes to be."""
    return digest({what: state[what] for what in whats if state.get(what) is not None})


def digest(wanted: Mapping[str, Plain]) -> str:
    """A short word for what somebody wants."""
    told = json.dumps(wanted, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def save(session: Session, wanted: Mapping[str, Plain], *, who: str, why: str, seen: str) -> int | None:
    """Let these things be so from the next call on; the new version, None when they were so already.

    `seen`: the `mark` of what whoever wants it was shown. Values were judged before. Raises `Overtaken` when somebody else
    changed one of them meanwhile; nothing is saved then.
    """
    loading.lock(session)
    before = state(session)
    if mark(before, wanted) != seen:
        raise Overtaken("changed meanwhile")
    changes = {}
    for what, value in wanted.items():
        if before.get(what) != value:
            _write(session, what, value)
            changes[what] = noted(what, before.get(what), value)
    session.flush()
    session.expire_all()
    return loading.new_version(session, changes, who=who, source=SOURCE, why=why)


def noted(what: str, before: Plain, after: Plain) -> Any:
    """A change as a version keeps it: hours as a whole, anything else field by field, before and after."""
    if what in HOURS:
        return [before or [], after or []]
    fields = sorted({*(before or {}), *(after or {})})
    return {field: [(before or {}).get(field), (after or {}).get(field)] for field in fields}


def _hours(session: Session, kind: HoursKind) -> list[dict[str, Any]]:
    rows = session.scalars(select(WeeklyHours).where(WeeklyHours.kind == kind))
    return of_spans([Span(row.weekday, row.opens, row.closes, row.language) for row in rows])


def _write(session: Session, what: str, value: Plain) -> None:
    if what in HOURS:
        session.execute(delete(WeeklyHours).where(WeeklyHours.kind == HOURS[what]))
        session.add_all(WeeklyHours(kind=HOURS[what], **asdict(span)) for span in spans(value or []))
        return
    kind, key = parts(what)
    model, column, fields = _ROWS[kind]
    found: Any = _value(column, key)
    session.execute(delete(model).where(getattr(model, column) == found))
    if value is not None:
        session.add(model(**{column: found}, **{field: _value(field, value[field]) for field in fields}))


def _value(field: str, plain: Any) -> Any:
    return date.fromisoformat(plain) if field in _DATES else plain


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
