"""Writes down who did or saw what, and finds what was changed in it. Knows no page; holds no number, name or code."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, event, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapper, Session, SessionTransaction, object_session

from helpline import clock, personal
from helpline.db import Base, keyed_hash
from helpline.db.states import Moved
from helpline.people.links import Fault, Head, Line, faults_between_days, faults_of_day, link, to_sign
from helpline.people.models import AuditLine

KEPT = timedelta(days=730)
"""How long lines are kept; retention then drops whole days."""

SAME_LOOK = timedelta(minutes=30)
"""Who looks at the same thing again within so long has looked once: the page of a talk is opened many times."""

_ANSWERABLE = re.compile(r"(?:person|token) \d+")
_KIND_AND_ID = re.compile(
    r"[a-z_]+ [1-9]\d{0,7}"
)  # no telephone number is written so: short, alone, without + or 0
_SOMEBODY = re.compile(r"\b(?:person|token) [1-9]\d{0,7}(?! ?\d)")
_UNCHAINED = "audit lines without a place in the chain"
_MOVES = "changes of state by people, of which no line was written yet"
_LOCK = 0x61756469  # "audi" in ASCII; the day is the second half of the lock's key
Scalar = str | int | float | bool | None

_LINES, _DAYS = Base.metadata.tables["audit"], Base.metadata.tables["audit_days"]
_LINE, _DAY = _LINES.c, _DAYS.c
_LINE_COLUMNS = (
    _LINE.id, _LINE.day, _LINE.position, _LINE.at, _LINE.who, _LINE.what, _LINE.about, _LINE.details, _LINE.hash,
)  # fmt: skip
_HEAD_COLUMNS = (_DAY.day, _DAY.before, _DAY.lines, _DAY.head, _DAY.signature)


class Appended(TypeError):
    """An audit line is never changed."""


def record(session: Session, who: str, what: str, about: str, **details: Scalar) -> AuditLine:
    """Append a line in this transaction; at its very end the line gets its place in the day's chain.

    `who`: a person's or a process's name in the system; `what`: a word (`revealed`, `listened`); `about`: what it
    concerns, by name and id (`callback 12`). Details are scalars; what looks like a telephone number is refused with
    `ValueError`, other values with `TypeError`.
    """
    for name, value in details.items():
        if not isinstance(value, str | int | float | bool | None):
            raise TypeError(f"detail {name} is a {type(value).__name__}, not a scalar")
    named = [_holds_number(text, id_alone=True) for text in (who, about)]
    said = [_holds_number(text) for text in (what, *details.values()) if isinstance(text, str)]
    if any(named + said):
        raise ValueError("a line of the audit does not hold telephone numbers")
    at = clock.now()
    line = AuditLine(at=at, day=_rome(at), who=who, what=what, about=about, details=dict(details))
    session.add(line)
    session.flush()
    session.info.setdefault(_UNCHAINED, []).append(line.id)
    return line


def looked(
    session: Session, who: str, what: str, about: str, *, newest: datetime | None = None, **details: Scalar
) -> bool:
    """Append, as `record` does, that somebody looked at something, once in a while; False where that is written already.

    `newest`: when the newest of what was seen came to be; a look before it was another one.
    """
    since = max(filter(None, (newest, clock.now() - SAME_LOOK)))
    same = (_LINE.who == who, _LINE.what == what, _LINE.about == about, _LINE.at >= since)
    if session.execute(select(_LINE.id).where(*same).limit(1)).first() is not None:
        return False
    record(session, who, what, about, **details)
    return True


def check(session: Session, *, first: date | None = None, last: date | None = None) -> list[Fault]:
    """Everything that does not fit in the chains that must still be whole; empty when nothing was tampered with.

    Days whose time has passed are left out: retention may be dropping them. `first`, `last`: these days alone, both
    among them, for whoever cannot wait until all of them are read.
    """
    due = max(_rome(clock.now() - KEPT), first or date.min)
    faults: list[Fault] = []
    heads: list[Head] = []
    days: set[date] = set()
    for day, rows in groupby(_stored(session, due, last or date.max), key=lambda row: row[0]):
        of_day = list(rows)
        head = of_day[0][2]
        faults += faults_of_day(day, [line for _, line, _ in of_day if line], head, _signature)
        days.add(day)
        if head:
            heads.append(head)
    return sorted(faults + list(faults_between_days(heads, days, due=due)), key=lambda fault: fault.day)


def heads(session: Session) -> list[Head]:
    """The signed head of each day that is kept, in order. Kept elsewhere, they prove what stood here."""
    rows = session.execute(select(*_HEAD_COLUMNS).order_by(_DAY.day))
    return [Head(*row) for row in rows]


def listed(
    session: Session,
    *,
    who: str | None = None,
    about: str | None = None,
    what: str | None = None,
    day: date | None = None,
    limit: int = 100,
) -> list[Line]:
    """The newest lines, newest first; those of one `who`, `what`, `about` or day in Rome where that is given."""
    wanted = select(*_LINE_COLUMNS).order_by(_LINE.at.desc(), _LINE.id.desc()).limit(limit)
    for column, value in ((_LINE.who, who), (_LINE.about, about), (_LINE.what, what), (_LINE.day, day)):
        if value is not None:
            wanted = wanted.where(column == value)
    return [Line(*row) for row in session.execute(wanted)]


def _holds_number(text: str, *, id_alone: bool = False) -> bool:
    """Whether something in it looks like a telephone number. Ids do not: what they belong to stands before them."""
    if id_alone and _KIND_AND_ID.fullmatch(text):
        return False
    return personal.holds_number(_SOMEBODY.sub("", text))


def _rome(moment: Any) -> date:
    found: date = moment.astimezone(clock.ROME).date()
    return found


def _signature(said: str) -> str:
    """HMAC under a key derived from HELPLINE_SECRET_KEY, which the database does not hold."""
    return keyed_hash("head of a day of the audit", said)


def _stored(session: Session, due: date, last: date) -> Iterator[tuple[date, Line | None, Head | None]]:
    """Days, lines and their day's head, by day and place; one statement, so that nothing is appended in between."""
    day = func.coalesce(_LINE.day, _DAY.day)
    both = _LINES.outerjoin(_DAYS, _LINE.day == _DAY.day, full=True)
    wanted = (
        select(*_LINE_COLUMNS, *_HEAD_COLUMNS)
        .select_from(both)
        .where(day.between(due, last))
        .order_by(day, _LINE.position.asc().nulls_last(), _LINE.id)
        .execution_options(yield_per=1000)
    )
    middle = len(_LINE_COLUMNS)
    for row in session.execute(wanted):
        line = Line(*row[:middle]) if row[0] is not None else None
        head = Head(*row[middle:]) if row[middle] is not None else None
        yield row[1] or row[middle], line, head


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Give this transaction's lines their places.

    The lock on the day is taken last of all, after everything was flushed: whoever holds it waits for nothing but the
    disk. Lines that a rolled-back savepoint took away are not found any more.
    """
    if session.in_nested_transaction():
        return
    if session.info.get(_UNCHAINED) or session.info.get(_MOVES) or _moves_are_pending(session):
        session.flush()
    _record_moves(session)
    if not session.info.get(_UNCHAINED):
        return
    ids = session.info.pop(_UNCHAINED)
    wanted = select(*_LINE_COLUMNS).where(_LINE.id.in_(ids)).order_by(_LINE.day, _LINE.id)
    lines = [Line(*row) for row in session.execute(wanted)]
    for day, of_day in groupby(lines, key=lambda line: line.day):
        _append(session, day, of_day)


@event.listens_for(Moved, "after_insert")
def _moved(mapper: Mapper[Any], connection: Connection, move: Moved) -> None:
    """What a person, or another organisation's program, moved is told in the audit too, whatever room it belongs to."""
    session = object_session(move)
    if session is not None and move.from_state is not None and _ANSWERABLE.fullmatch(move.who):
        session.info.setdefault(_MOVES, []).append(move.id)


def _moves_are_pending(session: Session) -> bool:
    return any(isinstance(new, Moved) for new in session.new)


def _record_moves(session: Session) -> None:
    ids = session.info.pop(_MOVES, None)
    if not ids:
        return
    for move in session.scalars(select(Moved).where(Moved.id.in_(ids)).order_by(Moved.id)):
        states = {
            "from": move.from_state,
            "into": move.to_state,
        }  # JSON in PostgreSQL puts "to" before "from"
        record(session, move.who, "moved", f"{move.kind} {move.subject_id}", **states)


def _append(session: Session, day: date, lines: Iterable[Line]) -> None:
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, day.toordinal())))
    found = session.execute(select(*_HEAD_COLUMNS).where(_DAY.day == day)).one_or_none()
    head = Head(*found) if found else _new_head(session, day)
    chained = []
    for unplaced in lines:
        line = replace(unplaced, position=head.lines + 1)
        head = replace(head, lines=head.lines + 1, head=link(head.head, line))
        chained.append({"of": line.id, "place": line.position, "link": head.head})
    session.execute(
        _LINES.update()
        .where(_LINE.id == bindparam("of"))
        .values(position=bindparam("place"), hash=bindparam("link")),
        chained,
    )
    stands = {"lines": head.lines, "head": head.head, "signature": _signature(to_sign(head))}
    session.execute(
        insert(_DAYS)
        .values(day=day, before=head.before, **stands)
        .on_conflict_do_update(index_elements=["day"], set_=stands)
    )


def _new_head(session: Session, day: date) -> Head:
    """The beginning of a day. Where its head was taken away, the places go on but the hashes do not: `check` tells."""
    before = session.scalar(select(func.max(_DAY.day)).where(_DAY.day < day))
    places = session.scalar(select(func.max(_LINE.position)).where(_LINE.day == day)) or 0
    return Head(day, before, places, "")


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # a savepoint that is taken back leaves what was recorded before it
        session.info.pop(_UNCHAINED, None)
        session.info.pop(_MOVES, None)


@event.listens_for(AuditLine, "before_update")
@event.listens_for(AuditLine, "before_delete")
def _refuse(mapper: Mapper[Any], connection: Any, line: AuditLine) -> None:
    raise Appended("a line of the audit is never changed; retention alone removes it")
