"""What a settings file would change back of what somebody changed in the console since, told before it happens unseen."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.line import editing, versions, weekly
from helpline.line.models import NoticeRow
from helpline.line.notices import SOURCE
from helpline.people.models import AuditLine
from helpline.routing.records import EntityChange

NOTICE, FOCAL_POINT = "notice ", "focal point "
_PERSON = re.compile(r"person [0-9]+")
"""Who changes things in the console; a file is loaded by an account of the machine."""


@dataclass(frozen=True)
class Before:
    """How things stood before a load: notices that somebody ended early, which are heard again when a file changes them, and
    by kind the hours that were planned in the console and have begun: they hold now, whoever changed hours before."""

    ended: frozenset[str]
    begun: Mapping[str, list[str]]


def before(session: Session, notices: Collection[str], today: date) -> Before:
    """What must be known of the tables before they are written; `notices`: the names of those of the file."""
    wanted = select(NoticeRow.name).where(NoticeRow.name.in_(notices), NoticeRow.ended_at.is_not(None))
    begun = {
        what: [editing.later(what, *one) for one in weekly.begun(session, kind, today)]
        for what, kind in editing.HOURS.items()
    }
    return Before(frozenset(f"{NOTICE}{name}" for name in session.scalars(wanted)), begun)


def of_the_line(session: Session, changes: Mapping[str, Any], before: Before, *, source: str) -> list[str]:
    """Faults for hours, days off, notices and Focal Points that this load changes (`changes`) and the console changed last."""
    faults = []
    for what in sorted(changes):
        if editing.parts(what)[0]:
            for name in before.begun.get(what) or [what]:
                last = versions.last_of(session, name)
                if last and last.source == SOURCE:
                    faults.append(_fault(f"{source}: {name}", last.at, last.why))
        elif what.startswith((NOTICE, FOCAL_POINT)):
            early = {"ended_at"} if what in before.ended else set()
            for field in sorted({*changes[what], *early}):
                last = versions.last_of(session, what, field)
                if last and last.source == SOURCE:
                    faults.append(_fault(f"{source}: {what}: {field}", last.at, last.why))
    return faults


def of_fields(session: Session, about: str, fields: Collection[str], *, source: str) -> list[str]:
    """The same for fields of an entity or a project; asked before the load writes its own changes down."""
    of_these = EntityChange.about == about, EntityChange.field.in_(fields)
    last = select(func.max(EntityChange.id)).where(*of_these).group_by(EntityChange.field)
    newest = select(EntityChange).where(EntityChange.id.in_(last)).order_by(EntityChange.field)
    kind, _, name = about.partition(" ")
    return [
        _fault(f'{source}: {kind} "{name}": {row.field}', row.at, row.why)
        for row in session.scalars(newest)
        if _PERSON.fullmatch(row.who)
    ]


def of_person(
    session: Session, where: str, person_id: int, fields: Mapping[str, str], *, before: int
) -> list[str]:
    """The same for fields of an account, each with what a file calls it. The audit tells which fields were changed by whom;
    `before`: its lines until this id, which are not the load's own."""
    told = select(AuditLine).where(
        AuditLine.about == f"person {person_id}", AuditLine.what == "changed", AuditLine.id <= before
    )
    last: dict[str, AuditLine] = {}
    for line in session.scalars(told.order_by(AuditLine.id)):
        last |= dict.fromkeys(str(line.details.get("fields", "")).split(), line)
    return [
        _fault(f"{where}: {named}", last[field].at, None)
        for field, named in sorted(fields.items())
        if field in last and _PERSON.fullmatch(last[field].who)
    ]


def _fault(where: str, at: datetime, why: str | None) -> str:
    said = f' ("{why}")' if why else ""
    return (
        f"{where}: was changed in the console on {at.astimezone(clock.ROME):%Y-%m-%d at %H:%M}{said}, and is "
        "another in this file; write it into the file, or load it with --over"
    )
