"""What is done once for each release, before anything of it runs: the tables, and what it changes about the texts. Needs
the address of a database, not a whole installation."""

import importlib
import logging

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from helpline import db
from helpline.db import migrate
from helpline.ivr.start import tell_menus
from helpline.voice import checking, golive, releases, shipped, storage
from helpline.voice.catalogue import PROMPTS, load

log = logging.getLogger(__name__)


def release(address: str) -> list[str]:
    """Bring the tables up to date, if they are not, and the draft to know which texts the release changes.

    Sentences for whoever releases, on where recordings are kept too; they are in the log. Raises `Faults` for texts at fault.
    """
    repository = load()
    if not migrate.is_current(address):
        migrate.upgrade(address)
    importlib.import_module(db.ALL_TABLES)
    engine = create_engine(address)
    try:
        with Session(engine) as session, session.begin():
            said = list(_sentences(releases.note(session, repository)))
    finally:
        engine.dispose()
    if fault := storage.fault():
        said.append(f"{fault}; no recording can be kept")
    for sentence in said:
        log.warning("%s", sentence)
    return said


def live_check(address: str) -> tuple[list[str], list[str]]:
    """What callers would hear that must never be heard, and all else that the go-live check finds, in short."""
    tell_menus()
    importlib.import_module(db.ALL_TABLES)
    tell_menus()
    engine = create_engine(address)
    try:
        with Session(engine) as session:
            recordings = checking.lasting(shipped.read(PROMPTS)[0])
            found, _ = checking.report(session, load(), shipped=recordings)
    finally:
        engine.dispose()
    never = [f"prompts: {one}" for one in found.of(golive.NEVER)]
    return never, [f"prompts: {one}" for one in found.summed(golive.NOT_YET, golive.LOOK)]


def _sentences(found: releases.Released) -> list[str]:
    if not found.changes:
        return []
    said = [
        f"prompts: this release changes {len(found.changes)} texts; recordings of the old words are not played any more"
    ]
    said += [
        f"prompts: {language}/{prompt}: a text written in the console holds, or waits in the draft; decide there which one"
        for language, prompt in found.conflicts
    ]
    return said
