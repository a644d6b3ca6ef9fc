"""The one open draft: what is changed about each prompt before it is published, by whom, and who has it open. Nothing
is lost: every text stays (`PromptText`), every clip too, and whoever saves over somebody else's work is told."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.faults import Faults, raise_if_any
from helpline.people import audit
from helpline.voice import menus, newest, wording
from helpline.voice.catalogue import MASTER, Catalogue, text_hash
from helpline.voice.entries import Entry, entries, entry, wanted_text, wanted_texts
from helpline.voice.models import PromptClip, PromptDraftEntry, PromptEditing, PromptText

__all__ = [
    "OPEN_FOR", "Entry", "Overtaken", "bring_conflict", "closed", "decide", "drop_clip", "entries", "entry", "opened",
    "put_clip", "take_out", "wanted_text", "write_text",
]  # fmt: skip

OPEN_FOR = timedelta(minutes=2)
"""So long after the last sign of a page somebody counts as having a prompt open."""


class Overtaken(Exception):
    """Somebody else changed this prompt since it was shown: `by_id` (None: a release) and `at`; nothing was saved."""

    def __init__(self, entry: "Entry") -> None:
        super().__init__(f"{entry.language}/{entry.prompt} was changed meanwhile")
        self.entry, self.by_id, self.at = entry, entry.by_id, entry.at


def write_text(
    session: Session,
    repository: Catalogue,
    language: str,
    prompt: str,
    text: str,
    *,
    by_id: int | None,
    revision: int | None,
    origin: str = "console",
) -> Entry:
    """Put a text into the draft; the entry as it is now.

    `repository`: the texts that come with this release. `revision`: of the entry that the writer saw; None writes over
    whatever is there. The text that holds anyway takes the draft's text out again. A conflict is decided by it.
    Raises `Faults` with every reason why it may not be said, `LookupError` for an unknown prompt, `Overtaken`.
    """
    base = repository.text(language, prompt)
    row = _locked(session, language, prompt, revision)
    text = wording.tidy(text)
    english = text if language == MASTER else wanted_text(session, repository, MASTER, prompt)
    found = wording.faults(language, text, master=english)
    different = wording.placeholder_fault(text, base)
    found += [different] if different else []
    if prompt in menus.said() and not found:
        found += _against_menus(session, repository, language, prompt, text)
    raise_if_any([f"{language}/{prompt}: {fault}" for fault in found])
    own = newest.text(session, language, prompt)
    said = own is not None and text == own.text and not own.gives_way(prompt, base)
    row.text_id, row.drops_text = None, False
    if text == base:
        row.drops_text = own is not None
    elif not said or row.conflict_id is not None:
        written = PromptText(
            language=language,
            prompt=prompt,
            text=text,
            text_hash=text_hash(text),
            repository_hash=text_hash(base),
            master_hash=text_hash(english),
            origin=origin,
            by_id=by_id,
        )
        session.add(written)
        session.flush()
        row.text_id = written.id
    row.conflict_id = None
    return _changed(session, row, by_id, "wrote_text")


def put_clip(
    session: Session,
    language: str,
    prompt: str,
    clip_hash: str,
    *,
    by_id: int | None,
    revision: int | None = None,
) -> Entry:
    """Put a kept clip into the draft; it is heard once it is published. Writes the line of the audit.

    `revision` as in `write_text`; a take that was prepared in the meantime gives None. Raises `Faults` for a clip that
    is not kept or was made for another prompt, `Overtaken`.
    """
    kept = session.execute(
        select(PromptClip.language, PromptClip.prompt).where(PromptClip.hash == clip_hash)
    ).one_or_none()
    if kept is None:
        raise Faults([f"{language}/{prompt}: no such clip is kept"])
    if tuple(kept) != (language, prompt):
        raise Faults([f"{language}/{prompt}: the clip was made for {kept.language}/{kept.prompt}"])
    row = _locked(session, language, prompt, revision)
    row.clip_hash, row.drops_clip = clip_hash, False
    return _changed(session, row, by_id, "put_recording")


def drop_clip(session: Session, language: str, prompt: str, *, by_id: int | None, revision: int) -> Entry:
    """Let the draft take away the recording that callers hear: an engine or the carrier's voice says it then.

    Raises `Overtaken`.
    """
    row = _locked(session, language, prompt, revision)
    row.clip_hash, row.drops_clip = None, True
    return _changed(session, row, by_id, "dropped_recording")


def take_out(
    session: Session,
    language: str,
    prompt: str,
    *,
    by_id: int | None,
    revision: int,
    text: bool = True,
    clip: bool = True,
) -> Entry:
    """Take what is changed about one prompt (its `text`, its `clip`) out of the draft. Raises `Overtaken`."""
    row = _locked(session, language, prompt, revision)
    if text:
        row.text_id, row.drops_text = None, False
    if clip:
        row.clip_hash, row.drops_clip = None, False
    return _changed(session, row, by_id, "took_out_of_draft")


def decide(
    session: Session,
    repository: Catalogue,
    language: str,
    prompt: str,
    *,
    keep: bool,
    by_id: int | None,
    revision: int,
) -> Entry:
    """Decide a conflict: `keep` our text, or follow the repository's new one. The decision is published as any change.

    Raises `Faults` when our text may not be said in the new one's place, `Overtaken`.
    """
    seen = entry(session, language, prompt)
    own = newest.text(session, language, prompt)
    ours = seen.text or (own.text if own else None)
    text = ours if keep and ours is not None else repository.text(language, prompt)
    return write_text(session, repository, language, prompt, text, by_id=by_id, revision=revision)


def bring_conflict(session: Session, language: str, prompt: str, text: str) -> Entry:
    """A release brought this text for a prompt, while another one of ours holds or waits: somebody has to `decide`."""
    row = _locked(session, language, prompt, None)
    brought = PromptText(
        language=language,
        prompt=prompt,
        text=text,
        text_hash=text_hash(text),
        repository_hash=text_hash(text),
        origin="repository",
    )
    session.add(brought)
    session.flush()
    row.conflict_id = brought.id
    return _changed(session, row, None, "")


def opened(session: Session, language: str, prompt: str, person_id: int) -> list[int]:
    """Note that somebody has this prompt open; the ids of the others who have it open now."""
    now = clock.now()
    session.execute(delete(PromptEditing).where(PromptEditing.seen_at < now - OPEN_FOR))
    here = {"language": language, "prompt": prompt, "person_id": person_id}
    session.execute(
        insert(PromptEditing)
        .values(**here, seen_at=now)
        .on_conflict_do_update(index_elements=list(here), set_={"seen_at": now})
    )
    others = select(PromptEditing.person_id).where(
        PromptEditing.language == language,
        PromptEditing.prompt == prompt,
        PromptEditing.person_id != person_id,
    )
    return list(session.scalars(others.order_by(PromptEditing.seen_at)))


def closed(session: Session, language: str, prompt: str, person_id: int) -> None:
    """Somebody has this prompt open no more."""
    session.execute(
        delete(PromptEditing).where(
            PromptEditing.language == language,
            PromptEditing.prompt == prompt,
            PromptEditing.person_id == person_id,
        )
    )


def _against_menus(
    session: Session, repository: Catalogue, language: str, prompt: str, text: str
) -> list[str]:
    """Why a menu may not say this text: it tells other keys than there are, or the whole takes too long to keep in mind."""
    own = repository.texts[language]
    digits = [own[name] for n in range(10) if (name := f"digit_{n}") in own]
    other_keys = wording.keys_fault(text, own[prompt], digits)
    if other_keys:
        return [other_keys]
    now = {key[1]: said for key, said in wanted_texts(session, repository).items() if key[0] == language}
    too_long = menus.too_long(language, now)
    return [fault for fault in menus.too_long(language, now | {prompt: text}) if fault not in too_long]


def _locked(session: Session, language: str, prompt: str, revision: int | None) -> PromptDraftEntry:
    """The row, made if it is missing, held until the transaction ends. Raises `Overtaken`."""
    session.execute(
        insert(PromptDraftEntry)
        .values(language=language, prompt=prompt, drops_text=False, drops_clip=False, revision=0)
        .on_conflict_do_nothing()
    )
    row = session.scalars(
        select(PromptDraftEntry)
        .where(PromptDraftEntry.language == language, PromptDraftEntry.prompt == prompt)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if revision is not None and revision != row.revision:
        raise Overtaken(entry(session, language, prompt))
    return row


def _changed(session: Session, row: PromptDraftEntry, by_id: int | None, what: str) -> Entry:
    row.revision += 1
    row.changed_by_id, row.changed_at = by_id, clock.now()
    session.flush()
    if by_id is not None:
        audit.record(
            session, f"person {by_id}", what, f"prompt {row.language}/{row.prompt}", revision=row.revision
        )
    return entry(session, row.language, row.prompt)
