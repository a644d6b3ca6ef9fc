"""Whom to ring for which language: the directory of interpreters. Shows numbers masked; rings nobody (`interpreting` does)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.languages import CODES
from helpline.phone import PhoneNumber
from helpline.telephony.models import Interpreter


@dataclass(frozen=True)
class Listed:
    """Somebody who interprets these languages; the number shows itself masked."""

    id: int
    name: str
    languages: tuple[str, ...]
    number: PhoneNumber
    note: str | None


def by_language(session: Session) -> list[tuple[str, list[Listed]]]:
    """Everybody who may be rung, under each language they speak: languages in their usual order, people by name."""
    wanted = select(Interpreter).where(Interpreter.disabled_at.is_(None)).order_by(Interpreter.name)
    everybody = [_listed(row) for row in session.scalars(wanted)]
    speaking = [(code, [one for one in everybody if code in one.languages]) for code in CODES]
    return [(code, people) for code, people in speaking if people]


def speaking(session: Session, interpreter_id: int, language: str) -> Listed | None:
    """One of them, if they may be rung for this language; None otherwise."""
    row = session.get(Interpreter, interpreter_id)
    return _listed(row) if row and row.disabled_at is None and language in row.languages else None


def put(
    session: Session,
    name: str,
    *,
    languages: Collection[str],
    number: PhoneNumber,
    note: str | None,
    disabled: bool,
) -> tuple[int, list[str]] | None:
    """Write down somebody of this name: new, or as they are now; the id, and the names of the fields that changed.

    None for somebody who is disabled and not known (any more): they are not kept.
    """
    wanted = {"languages": [code for code in CODES if code in languages], "phone": number.e164, "note": note}
    row = session.scalars(select(Interpreter).where(Interpreter.name == name).with_for_update()).one_or_none()
    if row is None and disabled:
        return None
    if row is None:
        row = Interpreter(name=name, **wanted)
        session.add(row)
        session.flush()
        return row.id, sorted(wanted)
    changed = [field for field, value in wanted.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, wanted[field])
    if disabled != (row.disabled_at is not None):
        row.disabled_at = clock.now() if disabled else None
        changed.append("disabled")
    session.flush()
    return row.id, sorted(changed)


def _listed(row: Interpreter) -> Listed:
    return Listed(row.id, row.name, tuple(row.languages), PhoneNumber(row.phone), row.note)
