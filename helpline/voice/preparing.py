"""What the worker does with a recording: opened, made into a clip, judged, put into the draft. Safe to run twice, and
found by a sweep when the bell was lost. Not for processes that answer callers: it loads what opens sounds."""

import importlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.people import audit
from helpline.voice import catalogue, drafts, notices, sets, takes
from helpline.voice.measured import Remark, Verdict, judge
from helpline.voice.takes_models import BatchState, PromptBatch, PromptTake, TakeState

if TYPE_CHECKING:
    from helpline.voice.audio import Made

log = logging.getLogger(__name__)

MOST_TRIES = 3
"""What a worker did not live through so often is not opened again."""
OVERDUE = timedelta(minutes=1)
TRIED = timedelta(minutes=3)
SEVERAL = 20
_WHO = "worker"


@dataclass(frozen=True)
class _Begun:
    """A take that a worker has in hand."""

    id: int
    raw: bytes
    language: str
    prompt: str
    text: str


def get_ready() -> None:
    """Load what opens sounds, before there is one to open: a process that begins others then loads it once for all."""
    importlib.import_module("helpline.voice.audio")


def prepare(take_id: int) -> None:
    """Make a clip of a recording and put it into the draft, or refuse it with sentences.

    Nothing happens for a take that is judged already. No lock is held while the sound is worked on. Raises
    `storage.StorageDown` when the original cannot be had now: the sweep tries again.
    """
    begun = _begin(take_id)
    if begun is None:
        return
    _settle(take_id, *judged(begun.raw, prompt=begun.prompt, language=begun.language, text=begun.text))


def judged(raw: bytes, *, prompt: str, language: str, text: str) -> "tuple[Made | None, Verdict]":
    """The clip of a recording, None when there is no sound to be had of it, and whether it may say this text.

    The same recording of the same text gives the same clip, byte for byte.
    """
    from helpline.voice import audio  # slow to load, and most jobs and sweeps need it not

    try:
        made = audio.make(raw, prompt=prompt, language=language, text=text, engine="recording")
    except audio.NotAudio as error:
        return None, Verdict((error.remark,))
    return made, judge(made.before, made.after, catalogue.stem(text), language)


def sweep() -> int:
    """Ring again for recordings whose bell was lost, or whose worker died; for how many.

    What opens sounds never runs here: a file that ends its process would end the clock.
    """
    now = clock.now()
    owed = select(PromptTake.id).where(
        PromptTake.state == TakeState.RECEIVED,
        PromptTake.made_at < now - OVERDUE,
        or_(PromptTake.tried_at.is_(None), PromptTake.tried_at < now - TRIED),
    )
    with db.transaction() as session:
        ids = list(session.scalars(owed.order_by(PromptTake.id).limit(SEVERAL)))
        for take_id in ids:
            db.ring(session, "prepare_recording", take_id, queue="slow")
    return len(ids)


def _begin(take_id: int) -> _Begun | None:
    """Note that a worker begins with it; None when there is nothing to do."""
    with db.transaction() as session:
        seen = session.get(PromptTake, take_id)
        if seen is None or seen.state != TakeState.RECEIVED:
            return None
        found = takes.original(session, seen.original_sha)
    with db.transaction() as session:
        take = _locked(session, take_id)
        if take.state != TakeState.RECEIVED:
            return None
        take.tries, take.tried_at = take.tries + 1, clock.now()
        if take.tries <= MOST_TRIES:
            if found is None:  # a folder that is not mounted, a bucket that is behind: it may be there soon
                return None
            return _Begun(take.id, found[1], take.language, take.prompt, take.text)
    _settle(take_id, None, Verdict((Remark("given_up"),)))
    return None


def _settle(take_id: int, made: "Made | None", verdict: Verdict) -> None:
    """Write down what became of a take; of a batch, when it was the last."""
    good = made is not None and not verdict.refusals
    with db.transaction() as session:
        batch = _batch(session, take_id)  # before the take: all takes of a batch wait in one place
        take = _locked(session, take_id)
        if take.state != TakeState.RECEIVED:
            return
        take.refusals = [remark.as_row() for remark in verdict.refusals]
        take.warnings = [remark.as_row() for remark in verdict.warnings]
        take.judged_at = clock.now()
        if made is not None:
            take.measured = {"before": made.before.as_row(), "after": made.after.as_row()}
        if made is not None and good:
            take.clip_hash = _keep(session, take, made)
        states.move(session, take, TakeState.READY if good else TakeState.REFUSED, who=_WHO, why="judged")
        _note(session, take)
        session.flush()
        if batch is None:
            _into_draft(session, take)
        else:
            _finish_batch(session, batch)


def _keep(session: Session, take: PromptTake, made: "Made") -> str:
    return sets.keep_clip(
        session,
        made.clip,
        language=take.language,
        prompt=take.prompt,
        text_hash=take.text_hash,
        source="published",
        engine="recording",
        way=take.way,
        original_sha=take.original_sha,
        speaker=take.speaker,
        made_by_id=take.by_id,
        measured={**take.measured, "warnings": take.warnings},
    )


def _into_draft(session: Session, take: PromptTake) -> None:
    """Put a good take into the draft, unless a newer one of the same prompt was quicker."""
    if take.state != TakeState.READY or take.clip_hash is None:
        return
    if take.prompt.startswith(takes.NOTICE):  # it is in no draft: it is heard while it holds
        notices.recorded(session, take.prompt, take.language, take.text, take.clip_hash, by_id=take.by_id)
        return
    newer = select(PromptTake.id).where(
        PromptTake.language == take.language,
        PromptTake.prompt == take.prompt,
        PromptTake.state == TakeState.READY,
        PromptTake.id > take.id,
    )
    if session.scalars(newer.limit(1)).first() is None:
        drafts.put_clip(session, take.language, take.prompt, take.clip_hash, by_id=take.by_id)


def _batch(session: Session, take_id: int) -> PromptBatch | None:
    """The batch that a take came in, held until the transaction ends; None for a take by itself."""
    of_take = select(PromptTake.batch_id).where(PromptTake.id == take_id).scalar_subquery()
    return session.scalars(
        select(PromptBatch).where(PromptBatch.id == of_take).with_for_update()
    ).one_or_none()


def _finish_batch(session: Session, batch: PromptBatch) -> None:
    """When all takes of a batch are judged, put the good ones into the draft, together."""
    of_it = select(PromptTake).where(PromptTake.batch_id == batch.id)
    of_it = of_it.order_by(
        PromptTake.language, PromptTake.prompt
    )  # two batches wait for each other in one order
    found = list(session.scalars(of_it.execution_options(populate_existing=True)))
    if any(take.state == TakeState.RECEIVED for take in found):
        return
    for take in found:
        _into_draft(session, take)
    states.move(session, batch, BatchState.DONE, who=_WHO, why="all judged")
    batch.done_at = clock.now()


def _note(session: Session, take: PromptTake) -> None:
    """The line of the audit; who sent it is answerable for it."""
    if take.by_id is None:
        return
    what = "kept_recording" if take.state == TakeState.READY else "refused_recording"
    why: dict[str, Any] = {"why": take.refusals[0]["name"]} if take.refusals else {}
    about = f"prompt {take.language}/{take.prompt}"
    audit.record(session, f"person {take.by_id}", what, about, take=take.id, way=take.way, **why)


def _locked(session: Session, take_id: int) -> PromptTake:
    return session.get_one(PromptTake, take_id, with_for_update=True, populate_existing=True)
