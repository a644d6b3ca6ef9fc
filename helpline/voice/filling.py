"""Files that came together are looked through and taken beside the page that brought them: a process that answers callers
has few threads, and none of them may be held for as long as a ZIP takes. What is not finished is not taken, and told."""

import io
import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from sqlalchemy import exists, select

from helpline import clock, db
from helpline.voice import takes
from helpline.voice.batches import Contents
from helpline.voice.catalogue import Catalogue
from helpline.voice.measured import Remark, Unusable
from helpline.voice.takes_models import BatchState, PromptBatch, PromptTake

log = logging.getLogger(__name__)

LONGEST = timedelta(minutes=15)
"""What is not looked through by then never will be: its process has ended."""
NAME = "filling"
_one = threading.Lock()  # one at a time in a process

Files = Sequence[tuple[str, BinaryIO]]


def begin(
    files: Sequence[tuple[str, IO[bytes]]],
    look: Callable[[Files], Contents],
    *,
    name: str,
    speaker: str | None,
    by_id: int,
    repository: Catalogue,
) -> int:
    """Begin to take these files; the batch's id, at once. `look` says what of them is a recording of what, or raises
    `Unusable`. The files may be closed when this has returned."""
    own = [(file, _kept(opened)) for file, opened in files]
    with db.transaction() as session:
        batch_id = takes.begin_batch(session, name=name, by_id=by_id)

    def fill() -> None:
        with _one, ExitStack() as closing:
            for _file, opened in own:
                closing.enter_context(opened)
            _fill(batch_id, name, lambda: look(own), speaker, by_id, repository)

    threading.Thread(target=fill, name=NAME, daemon=True).start()
    return batch_id


def sweep() -> int:
    """End batches whose process did not live to take them; how many."""
    empty = ~exists().where(PromptTake.batch_id == PromptBatch.id)
    owed = select(PromptBatch.id, PromptBatch.name).where(
        PromptBatch.state == BatchState.WORKING, PromptBatch.made_at < clock.now() - LONGEST, empty
    )
    with db.transaction() as session:
        found = session.execute(owed).all()
        for batch_id, name in found:
            takes.end_batch(session, batch_id, name, Remark("broke_off"))
    return len(found)


def _fill(
    batch_id: int,
    name: str,
    look: Callable[[], Contents],
    speaker: str | None,
    by_id: int,
    repository: Catalogue,
) -> None:
    """Take all of it, or nothing, and then say why."""
    try:
        contents = look()
        with db.transaction() as session:
            takes.fill_batch(session, batch_id, contents, speaker=speaker, by_id=by_id, repository=repository)
        return
    except Unusable as unusable:
        why = unusable.remark
    except Exception as error:
        log.error("files that came together were not taken: %s", type(error).__name__)
        why = Remark("broke_off")
    try:
        with db.transaction() as session:
            takes.end_batch(session, batch_id, name, why)
    except Exception as error:
        log.error("a batch of recordings is left to the sweep: %s", type(error).__name__)


def _kept(opened: IO[bytes]) -> BinaryIO:
    """The same file, which stays open when the request that brought it ends."""
    if isinstance(opened, SpooledTemporaryFile):
        opened.rollover()
        return os.fdopen(os.dup(opened.fileno()), "rb")
    opened.seek(0)
    return cast("BinaryIO", io.BytesIO(opened.read()))
