"""Recordings as they arrive: the original kept untouched, a take of it written down, the worker rung; and what became
of takes. Opens no sound (that is `preparing`) and may so be used where callers are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.languages import CODES
from helpline.people import audit
from helpline.voice import catalogue as texts
from helpline.voice import drafts, forms, measured, newest, storage
from helpline.voice.batches import Contents
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.measured import Remark, Unusable
from helpline.voice.models import PromptText
from helpline.voice.takes_models import BatchState, PromptBatch, PromptOriginal, PromptTake, TakeState

QUEUE = "slow"
NOTICE = "notice_"
"""How the names of notices begin, which have takes as prompts have, and are in no draft."""
LONGEST_NAME = 120


@dataclass(frozen=True)
class Take:
    """A recording and what became of it. `clip` is None until it is ready, and for what was refused."""

    id: int
    state: TakeState
    language: str
    prompt: str
    text: str
    text_hash: str
    way: str
    speaker: str | None
    name: str
    original: str
    clip: str | None
    batch_id: int | None
    by_id: int | None
    refusals: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    measured: dict[str, Any]
    at: datetime
    judged_at: datetime | None


@dataclass(frozen=True)
class Batch:
    """Recordings that came together: their takes, and the files that were not taken, each with the reason."""

    id: int
    name: str
    done: bool
    by_id: int | None
    at: datetime
    takes: tuple[Take, ...]
    left_out: tuple[tuple[str, Remark], ...]


def receive(
    session: Session,
    raw: bytes,
    *,
    language: str,
    prompt: str,
    way: str,
    speaker: str | None,
    by_id: int | None,
    name: str = "",
    read_from: str | None = None,
    text: str | None = None,
    repository: Catalogue | None = None,
    batch_id: int | None = None,
) -> int:
    """Take a recording as it is: its original is kept, the worker is rung after the commit; the take's id.

    `way`: `browser`, `telephone`, `file`. `read_from`: the hash of the text that the speaker was shown; without it, the
    text that holds once the draft is published. `text`: the words themselves, for a notice, which is no prompt.
    `repository`: the texts that came with this release, if they are at hand. Raises `Unusable` (nothing in it, too
    large, no recording by its first bytes, read from a text that nobody knows), `LookupError` for what is no prompt,
    `storage.StorageDown`.
    """
    form = judge(raw)
    words = (
        text
        if text is not None
        else text_read(session, repository or texts.repository(), language, prompt, read_from)
    )
    sha = _original(session, raw, form)
    take = PromptTake(
        language=language,
        prompt=prompt,
        text=words,
        text_hash=text_hash(words),
        way=way,
        speaker=(speaker or "").strip()[:LONGEST_NAME] or None,
        name=name[:LONGEST_NAME],
        original_sha=sha,
        batch_id=batch_id,
        by_id=by_id,
    )
    session.add(take)
    states.begin(session, take, who=_who(by_id), why=way)
    db.ring(session, "prepare_recording", take.id, queue=QUEUE)
    return take.id


def receive_batch(
    session: Session,
    contents: Contents,
    *,
    name: str,
    speaker: str | None,
    by_id: int | None,
    repository: Catalogue | None = None,
) -> int:
    """Take all good files of a ZIP, or of several that were sent; the batch's id. Raises `storage.StorageDown`.

    Each becomes a take; those that the worker finds good go into the draft together, when all are judged.
    """
    batch_id = begin_batch(session, name=name, by_id=by_id)
    fill_batch(session, batch_id, contents, speaker=speaker, by_id=by_id, repository=repository)
    return batch_id


def begin_batch(session: Session, *, name: str, by_id: int | None) -> int:
    """Note that recordings came together, before they are looked through; the batch's id."""
    batch = PromptBatch(name=name[:LONGEST_NAME], by_id=by_id, left_out=[])
    session.add(batch)
    states.begin(session, batch, who=_who(by_id), why="file")
    return batch.id


def fill_batch(
    session: Session,
    batch_id: int,
    contents: Contents,
    *,
    speaker: str | None,
    by_id: int | None,
    repository: Catalogue | None = None,
) -> None:
    """Take what was found in it, as `receive_batch` does."""
    batch = session.get_one(PromptBatch, batch_id)
    batch.left_out = [{"file": file, **remark.as_row()} for file, remark in contents.left_out]
    for piece in contents.pieces:
        receive(
            session,
            piece.read(),
            language=piece.language,
            prompt=piece.prompt,
            way="file",
            speaker=speaker,
            by_id=by_id,
            name=piece.file,
            repository=repository,
            batch_id=batch_id,
        )
    if not contents.pieces:
        _end(session, batch, _who(by_id), "nothing to take")
    if by_id is not None:
        audit.record(
            session, f"person {by_id}", "sent_recordings", f"batch {batch_id}",
            taken=len(contents.pieces), left_out=len(contents.left_out),
        )  # fmt: skip
    session.flush()


def end_batch(session: Session, batch_id: int, file: str, why: Remark) -> None:
    """Nothing of a batch is taken, and why."""
    batch = session.get_one(PromptBatch, batch_id, with_for_update=True)
    if batch.state == BatchState.WORKING:
        batch.left_out = [{"file": file, **why.as_row()}]
        _end(session, batch, _who(batch.by_id), why.name)


def _end(session: Session, batch: PromptBatch, who: str, why: str) -> None:
    states.move(session, batch, BatchState.DONE, who=who, why=why)
    batch.done_at = clock.now()


def judge(raw: bytes) -> str:
    """What kind of file this is. Raises `Unusable` for one that cannot be a recording, or is too large."""
    if len(raw) > forms.LARGEST:
        raise Unusable("too_large", megabytes=forms.LARGEST // 1_000_000)
    form = forms.sound(raw)
    if form is None:
        raise Unusable("not_readable")
    return form


def find(session: Session, take_id: int) -> Take | None:
    """One take, or None."""
    row = session.get(PromptTake, take_id)
    return _take(row) if row else None


def of_prompt(session: Session, language: str, prompt: str, most: int = 20) -> list[Take]:
    """The takes of one prompt, newest first."""
    wanted = (
        select(PromptTake)
        .where(PromptTake.language == language, PromptTake.prompt == prompt)
        .order_by(PromptTake.id.desc())
        .limit(most)
    )
    return [_take(row) for row in session.scalars(wanted)]


def latest(session: Session, language: str) -> dict[str, Take]:
    """The newest take of each prompt of a language: where a sitting goes on."""
    wanted = (
        select(PromptTake)
        .ext(distinct_on(PromptTake.prompt))
        .where(PromptTake.language == language)
        .order_by(PromptTake.prompt, PromptTake.id.desc())
    )
    return {row.prompt: _take(row) for row in session.scalars(wanted)}


def batch(session: Session, batch_id: int) -> Batch | None:
    """What became of recordings that came together, or None."""
    row = session.get(PromptBatch, batch_id)
    if row is None:
        return None
    takes = session.scalars(select(PromptTake).where(PromptTake.batch_id == batch_id).order_by(PromptTake.id))
    return Batch(
        id=row.id,
        name=row.name,
        done=row.state == BatchState.DONE,
        by_id=row.by_id,
        at=row.made_at,
        takes=tuple(_take(one) for one in takes),
        left_out=tuple((one["file"], measured.remark(one, "file")) for one in row.left_out),
    )


def original(session: Session, sha: str) -> tuple[str, bytes] | None:
    """The form and the bytes of an untouched original, or None. Raises `storage.StorageDown`."""
    row = session.execute(
        select(PromptOriginal.form, PromptOriginal.content).where(PromptOriginal.sha == sha)
    ).one_or_none()
    if row is None:
        return None
    content = row.content or storage.current().get(f"{storage.ORIGINALS}/{sha}")
    return (row.form, content) if content else None


def _take(row: PromptTake) -> Take:
    return Take(
        id=row.id,
        state=TakeState(row.state),
        language=row.language,
        prompt=row.prompt,
        text=row.text,
        text_hash=row.text_hash,
        way=row.way,
        speaker=row.speaker,
        name=row.name,
        original=row.original_sha,
        clip=row.clip_hash,
        batch_id=row.batch_id,
        by_id=row.by_id,
        refusals=measured.remarks(row.refusals),
        warnings=measured.remarks(row.warnings),
        measured=row.measured,
        at=row.made_at,
        judged_at=row.judged_at,
    )


def text_read(
    session: Session, repository: Catalogue, language: str, prompt: str, read_from: str | None
) -> str:
    """The text that was read: the one that holds once the draft is published, else an earlier one of this hash.

    Raises `Unusable` when nobody knows it any more, `LookupError` for what is no prompt.
    """
    if language not in CODES:
        raise LookupError(f"no language {language}")
    wanted = drafts.wanted_text(session, repository, language, prompt)
    if read_from in {None, text_hash(wanted)}:
        return wanted
    own = newest.text(session, language, prompt)
    for known in (repository.text(language, prompt), own.text if own else ""):
        if text_hash(known) == read_from:
            return known
    earlier = select(PromptText.text).where(
        PromptText.language == language, PromptText.prompt == prompt, PromptText.text_hash == read_from
    )
    found = session.scalars(earlier.limit(1)).first()
    if found is None:
        raise Unusable("text_gone")
    return found


def _original(session: Session, raw: bytes, form: str) -> str:
    sha = storage.digest(raw)
    known = session.scalar(select(PromptOriginal.sha).where(PromptOriginal.sha == sha))
    if known is None:
        row = {
            "sha": sha, "size": len(raw), "form": form, "kept_at": clock.now(),
            "content": storage.kept(f"{storage.ORIGINALS}/{sha}", raw),
        }  # fmt: skip
        session.execute(insert(PromptOriginal).values(row).on_conflict_do_nothing())
    return sha


def _who(by_id: int | None) -> str:
    return f"person {by_id}" if by_id is not None else "system"
