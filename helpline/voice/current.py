"""What the line says now, for those who read it aloud or print it: the newest set's texts, held in each process. What
a caller hears is in the manifest of the call's own set, not here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from helpline import clock, db
from helpline.voice import menus, newest
from helpline.voice.catalogue import Catalogue, repository
from helpline.voice.manifest import OwnText, overlaid

FRESH_FOR = timedelta(seconds=5)


@dataclass(frozen=True)
class _Held:
    texts: Catalogue
    set_id: int
    look_again_at: datetime
    source: Engine


_held: _Held | None = None


def texts() -> Catalogue:
    """The texts of the newest set on top of the repository's, at most five seconds old.

    While the database does not answer, what was last read goes on being true; a process that has none says what the
    repository says. Raises `Faults` for texts at fault.
    """
    global _held
    try:
        now, source = clock.now(), db.engine()
    except RuntimeError:
        return repository()
    held = _held if _held and _held.source is source else None
    if held and now < held.look_again_at <= now + FRESH_FOR:
        return held.texts
    try:
        found, number = _read(held)
    except SQLAlchemyError:
        found, number = (held.texts, held.set_id) if held else (repository(), -1)
    _held = _Held(found, number, now + FRESH_FOR, source)
    return found


def forget() -> None:
    """Let the next `texts()` read them anew."""
    global _held
    _held = None


def _read(held: _Held | None) -> tuple[Catalogue, int]:
    with db.transaction() as session:
        number = newest.number(session)
        if held and held.set_id == number:
            return held.texts, number
        own = [
            OwnText(language, prompt, one.text, one.repository_hash)
            for (language, prompt), one in newest.texts(session, number).items()
        ]
    return overlaid(repository(), own, menus.said()), number
