"""Clips and published sets in the database: keep a clip, publish a set, read what there is. Decides nothing about
which clip is played (that is `manifest`) and holds nothing in memory (that is `library`)."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.faults import Faults
from helpline.voice import wav
from helpline.voice.manifest import Key, Offer
from helpline.voice.models import PromptClip, PromptSet, PromptSetClip

LONGEST_CALL = timedelta(hours=5)  # the carrier ends a call after four
_SEVERAL = 20  # clips fetched at a time: a process holds two megabytes of them, not a hundred

Version = tuple[int, int]


@dataclass(frozen=True)
class Stored:
    """What the database holds for playing: the newest set, the sets that calls may still be in, all speech."""

    version: Version
    current: int
    published: Mapping[int, tuple[Offer, ...]]
    speech: tuple[Offer, ...]


def keep_clip(
    session: Session,
    content: bytes,
    *,
    language: str,
    prompt: str,
    text_hash: str,
    source: str,
    engine: str,
) -> str:
    """Keep a clip (WAV in our form) and return its hash; kept once, however often. Raises `wav.NotAClip`."""
    digest = hashlib.sha256(content).hexdigest()
    row = {
        "hash": digest, "wav": content, "language": language, "prompt": prompt, "text_hash": text_hash,
        "source": source, "engine": engine, "seconds": wav.inspect(content).seconds, "made_at": clock.now(),
    }  # fmt: skip
    session.execute(insert(PromptClip).values(row).on_conflict_do_nothing(index_elements=["hash"]))
    return digest


def publish(session: Session, changes: Mapping[Key, str | None], *, who: str) -> int:
    """Publish a new set: the newest one with these changes, (language, prompt) -> clip hash, or None to take one out.

    Returns the new set's number. Calls in progress keep the set they began with. Raises `Faults` naming every clip
    that is not kept or was made for another prompt. Publishing is serialised by the database.
    """
    session.execute(text("LOCK TABLE prompt_sets IN SHARE ROW EXCLUSIVE MODE"))
    wanted = [digest for digest in changes.values() if digest]
    rows = session.execute(
        select(
            PromptClip.hash,
            PromptClip.language,
            PromptClip.prompt,
            PromptClip.text_hash,
        ).where(PromptClip.hash.in_(wanted))
    )
    kept = {row.hash: row for row in rows}
    faults = []
    for (language, prompt), digest in changes.items():
        if digest and digest not in kept:
            faults.append(f"{language}/{prompt}: no such clip is kept")
        elif digest and (kept[digest].language, kept[digest].prompt) != (
            language,
            prompt,
        ):
            faults.append(
                f"{language}/{prompt}: the clip was made for {kept[digest].language}/{kept[digest].prompt}"
            )
    if faults:
        raise Faults(faults)
    newest = _newest(session)
    entries = {
        (offer.language, offer.prompt): (offer.clip, offer.text_hash) for offer in _set(session, newest)
    }
    for key, digest in changes.items():
        entries.pop(key, None)
        if digest:
            entries[key] = (digest, kept[digest].text_hash)
    made = PromptSet(published_by=who)
    session.add(made)
    session.flush()
    session.add_all(
        PromptSetClip(
            set_id=made.id,
            language=language,
            prompt=prompt,
            clip_hash=digest,
            text_hash=read_from,
        )
        for (language, prompt), (digest, read_from) in entries.items()
    )
    return made.id


def version(session: Session) -> Version:
    """What changes whenever a set is published or a clip is kept; one cheap query."""
    sets, clips = session.execute(
        select(
            select(func.coalesce(func.max(PromptSet.id), 0)).scalar_subquery(),
            select(func.count(PromptClip.id)).scalar_subquery(),
        )
    ).one()
    return sets, clips


def read(session: Session) -> Stored:
    """All that a process needs to build its manifests, but for the clips' bytes."""
    seen = version(session)
    speech = session.execute(
        select(
            PromptClip.language,
            PromptClip.prompt,
            PromptClip.hash,
            PromptClip.text_hash,
            PromptClip.engine,
        )
        .where(PromptClip.source == "speech")
        .order_by(PromptClip.id)
    )
    return Stored(
        version=seen,
        current=_newest(session),
        published={number: tuple(_set(session, number)) for number in _sets_in_use(session)},
        speech=tuple(Offer(*row) for row in speech),
    )


def fetch(session: Session, hashes: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The clips' bytes, (hash, WAV), a few at a time."""
    wanted = sorted(hashes)
    for start in range(0, len(wanted), _SEVERAL):
        several = wanted[start : start + _SEVERAL]
        rows = session.execute(select(PromptClip.hash, PromptClip.wav).where(PromptClip.hash.in_(several)))
        yield from ((row.hash, row.wav) for row in rows)


def _newest(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.max(PromptSet.id), 0))) or 0


def _sets_in_use(session: Session) -> list[int]:
    """The newest set, and those that a call still open may have begun with: published lately, and the one before."""
    rows = session.execute(
        select(PromptSet.id, PromptSet.published_at).order_by(PromptSet.id.desc()).limit(100)
    )
    numbers = []
    for number, published_at in rows:
        numbers.append(number)
        if published_at < clock.now() - LONGEST_CALL:
            break
    return numbers


def _set(session: Session, number: int) -> list[Offer]:
    columns = (
        PromptSetClip.language,
        PromptSetClip.prompt,
        PromptSetClip.clip_hash,
        PromptSetClip.text_hash,
    )
    return [Offer(*row) for row in session.execute(select(*columns).where(PromptSetClip.set_id == number))]
