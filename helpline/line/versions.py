"""Every change of the line's settings, newest first, and what would put one back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from helpline.line import editing
from helpline.line.models import LineVersion

KINDS: Mapping[str, tuple[str, ...]] = {
    "hours": ("opening hours", "callback hours"),
    "closures": ("closure ", "open day "),
    "numbers": ("number ",),
    "limits": ("limit ",),
    "notices": ("notice ",),
    "projects": ("project ",),
}
"""The words by which changes may be told apart, and how the names of what they change begin."""

PAGE = 50


@dataclass(frozen=True)
class Version:
    """One change: who, when, why if that was said, from which source, and each thing as it was and as it became."""

    id: int
    at: datetime
    who: str
    source: str
    why: str | None
    changes: Mapping[str, Any]

    @property
    def may_be_put_back(self) -> bool:
        """Whether any of it is edited here."""
        return any(editing.parts(what)[0] for what in self.changes)


def listed(session: Session, *, kind: str = "", before: int | None = None) -> list[Version]:
    """Changes of a kind (empty: of all), newest first, at most a page and one; `before`: those before this version."""
    wanted = select(LineVersion).order_by(LineVersion.id.desc()).limit(PAGE + 1)
    if before is not None:
        wanted = wanted.where(LineVersion.id < before)
    if kind in KINDS:
        told = cast(LineVersion.changes, Text)
        wanted = wanted.where(_any(told, [f'"{begins}' for begins in KINDS[kind]]))
    return [_version(row) for row in session.scalars(wanted)]


def one(session: Session, version_id: int) -> Version:
    """One change. Raises `LookupError`."""
    row = session.get(LineVersion, version_id)
    if row is None:
        raise LookupError(f"no version {version_id}")
    return _version(row)


def before(version: Version, state: Mapping[str, Any]) -> dict[str, Any]:
    """What was before this change of the things that are edited here: what somebody wants who puts it back.

    Without a thing of which only a part was noted and that is gone since, and without a limit that is none any more.
    """
    found = {}
    # What was planned and has come is what holds: today's hours are changed instead, never those of days that are over. Nor is
    # half of a change put back: of a plan that was moved, it would leave none.
    begun = any(map(editing.has_begun, version.changes))
    for what, change in version.changes.items():
        kind, _ = editing.parts(what)
        if kind in editing.HOURS:
            if not begun:
                found[what] = change[0]
        elif kind:
            were = {field: pair[0] for field, pair in change.items()}
            gone = all(value is None for value in were.values())
            # A file notes only the fields that it changed: the others are as they are.
            value = None if gone else {**(state.get(what) or {}), **were}
            if editing.is_whole(what, value):
                found[what] = value
    return found


def last_of(session: Session, what: str, field: str | None = None) -> Version | None:
    """The newest change of one thing, or of one field of it, or None."""
    wanted = select(LineVersion).where(LineVersion.changes.has_key(what)).order_by(LineVersion.id.desc())
    if field is not None:
        wanted = wanted.where(LineVersion.changes[what].has_key(field))
    row = session.scalars(wanted.limit(1)).first()
    return None if row is None else _version(row)


def _any(told: Any, begins: list[str]) -> Any:
    found = told.contains(begins[0], autoescape=True)
    for one in begins[1:]:
        found = found | told.contains(one, autoescape=True)
    return found


def _version(row: LineVersion) -> Version:
    return Version(row.id, row.at, row.who, row.source, row.why, row.changes)
