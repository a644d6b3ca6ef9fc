"""Writes down who did or saw what. Knows no page; holds no number, name or code."""

import re
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session

from helpline import clock
from helpline.people.models import AuditLine

_NUMBER = re.compile(r"\+?\d[\d ]{6,}")
Scalar = str | int | float | bool | None


class Appended(TypeError):
    """An audit line is never changed."""


def record(session: Session, who: str, what: str, about: str, **details: Scalar) -> AuditLine:
    """Append a line in this transaction.

    `who`: a person's or a process's name in the system; `what`: a word (`revealed`, `listened`); `about`: what it
    concerns, by name and id (`callback 12`). Details are scalars; what looks like a telephone number is refused with
    `ValueError`, other values with `TypeError`.
    """
    for name, value in details.items():
        if not isinstance(value, str | int | float | bool | None):
            raise TypeError(f"detail {name} is a {type(value).__name__}, not a scalar")
    for text in (who, what, about, *details.values()):
        if isinstance(text, str) and _NUMBER.search(text):
            raise ValueError("a line of the audit does not hold telephone numbers")
    at = clock.now()
    line = AuditLine(
        at=at, day=at.astimezone(clock.ROME).date(), who=who, what=what, about=about, details=dict(details)
    )
    session.add(line)
    session.flush()
    return line


@event.listens_for(AuditLine, "before_update")
@event.listens_for(AuditLine, "before_delete")
def _refuse(mapper: Mapper[Any], connection: Any, line: AuditLine) -> None:
    raise Appended("a line of the audit is never changed; retention alone removes it")
