"""Clips and published sets in the database: keep a clip, read what there is. Decides nothing about which clip is played
(that is `manifest`), publishes nothing (that is `publishing`) and holds nothing in memory (that is `library`)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.line import notices
from helpline.voice import newest, storage, wav
from helpline.voice.manifest import Offer, OwnText
from helpline.voice.models import PromptClip, PromptSet, PromptSetClip, PromptSetText, PromptText

LONGEST_CALL = timedelta(hours=5)  # the carrier ends a call after four
_SEVERAL = 20  # clips fetched at a time: a process holds two megabytes of them, not a hundred

Version = tuple[int, int]


@dataclass(frozen=True)
class Stored:
    """What the database holds for playing: the newest set, the sets that calls may still be in, all speech.

    `texts`: what each set says of its own. What is the same in several sets is one object.
    """

    version: Version
    current: int
    published: Mapping[int, tuple[Offer, ...]]
    speech: tuple[Offer, ...]
    texts: Mapping[int, tuple[OwnText, ...]] = field(default_factory=dict)


def keep_clip(
    session: Session,
    content: bytes,
    *,
    language: str,
    prompt: str,
    text_hash: str,
    source: str,
    engine: str,
    way: str | None = None,
    original_sha: str | None = None,
    speaker: str | None = None,
    made_by_id: int | None = None,
    measured: Mapping[str, Any] | None = None,
) -> str:
    """Keep a clip (WAV in our form) and return its hash; kept once, however often.

    Its bytes go where this installation keeps them. Raises `wav.NotAClip`, `storage.StorageDown`.
    """
    digest = storage.digest(content)
    row = {
        "hash": digest, "wav": storage.kept(f"{storage.CLIPS}/{digest}", content), "language": language, "prompt": prompt, "text_hash": text_hash,
        "source": source, "engine": engine, "seconds": wav.inspect(content).seconds, "made_at": clock.now(),
        "way": way, "original_sha": original_sha, "speaker": speaker, "made_by_id": made_by_id,
        "measured": dict(measured or {}),
    }  # fmt: skip
    session.execute(insert(PromptClip).values(row).on_conflict_do_nothing(index_elements=["hash"]))
    return digest


def version(session: Session) -> Version:
    """What changes whenever a set is published or speech is made; one cheap query.

    Recordings are not in it: while people record, nothing that is played changes.
    """
    spoken = select(func.count(PromptClip.id)).where(PromptClip.source == "speech")
    sets, clips = session.execute(
        select(select(func.coalesce(func.max(PromptSet.id), 0)).scalar_subquery(), spoken.scalar_subquery())
    ).one()
    return sets, clips


def read(session: Session) -> Stored:
    """All that a process needs to build its manifests, but for the clips' bytes."""
    seen = version(session)
    in_use = _sets_in_use(session)
    one: dict[
        Any, Any
    ] = {}  # a set differs little from the one before: processes hold many, and have little room
    return Stored(
        version=seen,
        current=newest.number(session),
        published={
            number: tuple(one.setdefault(offer, offer) for offer in _set(session, number))
            for number in in_use
        },
        speech=speech(session),
        texts={
            number: tuple(one.setdefault(text, text) for text in _texts(session, number)) for number in in_use
        },
    )


def speech(session: Session) -> tuple[Offer, ...]:
    """All clips of prompts that engines made, the oldest first."""
    columns = (
        PromptClip.language, PromptClip.prompt, PromptClip.hash, PromptClip.text_hash, PromptClip.engine,
    )  # fmt: skip
    of_prompts = PromptClip.prompt.not_like(f"{notices.PROMPT}%")
    wanted = select(*columns).where(PromptClip.source == "speech", of_prompts).order_by(PromptClip.id)
    return tuple(Offer(*row) for row in session.execute(wanted))


def fetch(session: Session, hashes: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The clips' bytes, (hash, WAV), a few at a time, from wherever they lie. Raises `storage.StorageDown`."""
    wanted = sorted(hashes)
    for start in range(0, len(wanted), _SEVERAL):
        several = wanted[start : start + _SEVERAL]
        rows = session.execute(select(PromptClip.hash, PromptClip.wav).where(PromptClip.hash.in_(several)))
        for digest, held in rows:
            content = held or storage.current().get(f"{storage.CLIPS}/{digest}")
            if content:
                yield digest, content


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


def _texts(session: Session, number: int) -> list[OwnText]:
    wanted = (
        select(PromptText.language, PromptText.prompt, PromptText.text, PromptText.repository_hash)
        .join(PromptSetText, PromptSetText.text_id == PromptText.id)
        .where(PromptSetText.set_id == number)
    )
    return [OwnText(*row) for row in session.execute(wanted)]


def _set(session: Session, number: int) -> list[Offer]:
    columns = (
        PromptSetClip.language,
        PromptSetClip.prompt,
        PromptSetClip.clip_hash,
        PromptSetClip.text_hash,
    )
    return [Offer(*row) for row in session.execute(select(*columns).where(PromptSetClip.set_id == number))]
