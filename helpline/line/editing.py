"""The settings that are edited in the console: read as they are, changed with who, when and why, and put back. Each thing
has a name (`opening hours`, `opening hours from 2027-01-01 uk`, `closure …`, `open day 2026-12-08`, `number +39…`, `limit …`)
and a plain value, None for none."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline import clock, hours
from helpline.hours import Calendar, Closure, From, Span
from helpline.line import limits, loading, weekly
from helpline.line.current import Line, read
from helpline.line.models import ClosedDays, HoursKind, LimitRow, NumberRow, OpenDay
from helpline.line.notices import SOURCE, Overtaken
from helpline.line.weekly import ALL, Hours

Plain = Any
OPENING, CALLBACK = f"{HoursKind.OPENING} hours", f"{HoursKind.CALLBACK} hours"
HOURS: Mapping[str, HoursKind] = {OPENING: HoursKind.OPENING, CALLBACK: HoursKind.CALLBACK}
_FROM = " from "
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
    """A thing's kind and key; what is edited elsewhere (a notice, a project) has no kind here. Of hours, those that hold now
    have no key, and those that begin later their day and scope."""
    for kind in HOURS:
        if what == kind or what.startswith(f"{kind}{_FROM}"):
            return kind, what.removeprefix(kind).removeprefix(_FROM)
    kind = next((kind for kind in _ROWS if what.startswith(f"{kind} ")), "")
    return kind, what.removeprefix(f"{kind} ") if kind else ""


def is_whole(what: str, value: Plain) -> bool:
    """Whether this is all of a thing that can be kept, or nothing: of a limit that this program knows, with all its fields."""
    kind, key = parts(what)
    if kind == LIMIT and key not in limits.BOUNDS:
        return False
    return value is None or set(value) == set(_ROWS[kind][2] or WORKED)


def later(kind: str, first: date, scope: str) -> str:
    """The name of hours of a kind that a scope (a language, or `*` for all) has from a later day on."""
    return f"{kind}{_FROM}{first.isoformat()} {scope}"


def begins(what: str) -> tuple[date, str] | None:
    """The day and the scope of hours that begin on a day; None for any other thing."""
    kind, key = parts(what)
    if kind not in HOURS or not key:
        return None
    first, _, scope = key.partition(" ")
    return date.fromisoformat(first), scope


def has_begun(what: str) -> bool:
    """Whether these are hours of a day that has come: then they are no plan any more, but what holds."""
    begun = begins(what)
    return begun is not None and begun[0] <= _today()


def otherwise(state: Mapping[str, Plain], what: str) -> Plain:
    """What a scope would have from a day on if its hours did not begin then (`what`): what holds on it without them."""
    found = begins(what)
    if found is None:
        return None
    first, scope = found
    without = calendar({**state, what: None})
    held = without.opening_on(first) if parts(what)[0] == OPENING else without.callback_on(first)
    return of_spans([span for span in held if (span.language or ALL) == scope])


def state(session: Session) -> dict[str, Plain]:
    """Everything that is edited here, as it is now: of hours those of today, and each that begins later."""
    found: dict[str, Plain] = {}
    today = _today()
    for what, hours_kind in HOURS.items():
        found[what] = [asdict(one) for one in weekly.holding(session, hours_kind, today)]
        for (first, scope), some in weekly.coming(session, hours_kind, today).items():
            found[later(what, first, scope)] = [asdict(one) for one in some]
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
        opening_from=_later(state, OPENING),
        callback_from=_later(state, CALLBACK),
    )


def _later(state: Mapping[str, Plain], kind: str) -> tuple[From, ...]:
    coming = [
        (*begun, value)
        for what, value in state.items()
        if value is not None and parts(what)[0] == kind and (begun := begins(what))
    ]
    return tuple(
        From(first, None if scope == ALL else scope, spans(value))
        for first, scope, value in sorted(coming, key=lambda one: one[:2])
    )


def spans(plain: list[dict[str, Any]]) -> tuple[Span, ...]:
    """Hours as they are kept in a version, as spans."""
    return tuple(
        Span(one["weekday"], one["opens"], one["closes"], None if one["language"] == ALL else one["language"])
        for one in plain
    )


def of_spans(some: list[Span]) -> list[dict[str, Any]]:
    """Spans as they are kept in a version, in the order of a settings file."""
    plain = [Hours(one.weekday, one.opens, one.closes, one.language or ALL) for one in some]
    return [asdict(one) for one in sorted(plain)]


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
    """A short word that changes whenever any of these things does, or comes to be. Hours of a kind are one thing, whenever
    they begin."""
    whats = set(whats)
    kinds = {parts(what)[0] for what in whats} & set(HOURS)
    whats |= {what for what in state if parts(what)[0] in kinds}
    return digest({what: state[what] for what in whats if state.get(what) is not None})


def digest(wanted: Mapping[str, Plain]) -> str:
    """A short word for what somebody wants."""
    told = json.dumps(wanted, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def save(session: Session, wanted: Mapping[str, Plain], *, who: str, why: str, seen: str) -> int | None:
    """Let these things be so from the next call on; the new version, None when they were so already.

    `seen`: the `mark` of what whoever wants it was shown. Values were judged before. Raises `Overtaken` when somebody else
    changed one of them meanwhile, or the day has come from which hours should hold; nothing is saved then.
    """
    loading.lock(session)
    before = state(session)
    if mark(before, wanted) != seen or any(map(has_begun, wanted)):
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
    """A change as a version keeps it: hours as a whole (those that begin later may be none), anything else field by field,
    before and after."""
    if begins(what):
        return [before, after]
    if what in HOURS:
        return [before or [], after or []]
    fields = sorted({*(before or {}), *(after or {})})
    return {field: [(before or {}).get(field), (after or {}).get(field)] for field in fields}


def _today() -> date:
    return hours.today(clock.now())


def _write(session: Session, what: str, value: Plain) -> None:
    kind, key = parts(what)
    if kind in HOURS:
        begun, some = begins(what), None if value is None else [Hours(**one) for one in value]
        if begun:
            weekly.hold_from(session, HOURS[kind], *begun, some)
        else:
            weekly.hold(session, HOURS[kind], some or [], _today())
        return
    model, column, fields = _ROWS[kind]
    found: Any = _value(column, key)
    session.execute(delete(model).where(getattr(model, column) == found))
    if value is not None:
        session.add(model(**{column: found}, **{field: _value(field, value[field]) for field in fields}))


def _value(field: str, plain: Any) -> Any:
    return date.fromisoformat(plain) if field in _DATES else plain


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
