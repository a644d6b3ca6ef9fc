"""Recordings brought from one storage to another, while the line plays; knows none of them by name."""

from collections.abc import Iterator

from sqlalchemy import select

from helpline import db
from helpline.voice import storage
from helpline.voice.models import PromptClip
from helpline.voice.storage import CLIPS, ORIGINALS, Storage
from helpline.voice.takes_models import PromptOriginal


def move(old: str, new: str) -> tuple[int, int]:
    """Bring all clips and originals from one storage (an address) to another: how many were moved, how many are missing.

    Each is put into the new one, read again there, and only then let go in the old one; stopped, it goes on where it
    was. Raises `storage.StorageDown`.
    """
    before, after = storage.opened(old), storage.opened(new)
    moved = missing = 0
    for key in list(_keys()):
        done = _move_one(key, before, after)
        moved, missing = moved + (done is True), missing + (done is False)
    return moved, missing


def _move_one(key: str, before: Storage, after: Storage) -> bool | None:
    """True: moved. False: nowhere. None: it was there already."""
    content = before.get(key)
    if content is None:
        return None if after.has(key) else False
    after.put(key, content)
    if after.get(key) != content:
        raise storage.StorageDown("the new storage does not give back what it was given")
    before.remove(key)
    return True


def _keys() -> Iterator[str]:
    with db.transaction() as session:
        for name in session.scalars(select(PromptClip.hash).order_by(PromptClip.id)):
            yield f"{CLIPS}/{name}"
        for name in session.scalars(select(PromptOriginal.sha).order_by(PromptOriginal.sha)):
            yield f"{ORIGINALS}/{name}"
