"""What two sets say and play differently, and one set as a whole: the published ones, older ones as they were last heard,
the repository of today (0), the draft. Changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.voice import formers, menus, newest, publishing, sets
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.manifest import Key, Manifest, Offer, OwnText, choose, overlaid
from helpline.voice.models import PromptText

Which = int | Literal["draft"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one set says of a prompt, and the recording it plays (None: an engine or the carrier's voice says it).

    `own`: the text is not the repository's. `stale`: there is a recording, but of other words, so it is not played.
    """

    text: str
    clip: str | None
    own: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One prompt in one language that two sets say or play differently."""

    language: str
    prompt: str
    before: Heard
    after: Heard

    @property
    def says_otherwise(self) -> bool:
        """Whether the words differ."""
        return self.before.text != self.after.text

    @property
    def sounds_otherwise(self) -> bool:
        """Whether the recording differs."""
        return self.before.clip != self.after.clip


def differences(
    session: Session,
    repository: Catalogue,
    before: Which,
    after: Which,
    *,
    shipped: Collection[Offer] = (),
) -> list[Difference]:
    """All that callers hear differently in these two sets, in the order of the languages' keys and of the master.

    `shipped`: the recordings of the repository. Raises `LookupError` for a set that is not there.
    """
    one, other = (heard(session, repository, which, shipped=shipped) for which in (before, after))
    return [
        Difference(language, prompt, one[language, prompt], other[language, prompt])
        for language, own in repository.texts.items()
        for prompt in own
        if one[language, prompt] != other[language, prompt]
    ]


def manifest(
    session: Session, repository: Catalogue, which: Which, *, shipped: Collection[Offer] = ()
) -> Manifest:
    """A set as callers hear it, or would hear the draft; engines' speech is in it. Clips are named wherever they are.

    Raises `LookupError` for a set that is not there.
    """
    held = held_by(session, which)
    texts = overlaid(repository, _own(session, repository, which, held), menus.said())
    published = _offers(held)
    speech = sets.speech(session)
    return choose(
        texts,
        which if isinstance(which, int) else newest.number(session),
        published=published,
        shipped=shipped,
        speech=speech,
        held={offer.clip for offer in (*published, *shipped, *speech)},
    )


def held_by(session: Session, which: Which) -> publishing.Rows:
    """What a set holds of its own, or would hold with all that the draft changes. Raises `LookupError`."""
    if isinstance(which, int):
        if not newest.exists(session, which):
            raise LookupError(f"there is no set {which}")
        return publishing.rows(session, which)
    now = publishing.rows(session, newest.number(session))
    return publishing.applied(session, now, publishing.drafted(session))


def heard(
    session: Session, repository: Catalogue, which: Which, *, shipped: Collection[Offer] = ()
) -> dict[Key, Heard]:
    """What a set says and plays of every prompt, by language and prompt. Raises `LookupError`."""
    held = held_by(session, which)
    texts = overlaid(repository, _own(session, repository, which, held), menus.said())
    recordings = {(one.language, one.prompt): one for one in (*shipped, *_offers(held))}
    found = {}
    for language, own in texts.texts.items():
        for prompt, text in own.items():
            recording = recordings.get((language, prompt))
            current = recording is not None and recording.text_hash == text_hash(text)
            found[language, prompt] = Heard(
                text,
                recording.clip if recording and current else None,
                own=text != repository.text(language, prompt),
                stale=recording is not None and not current,
            )
    return found


def _offers(held: publishing.Rows) -> list[Offer]:
    return [Offer(*key, clip, read_from) for key, (clip, read_from) in held.clips.items()]


def _own(session: Session, repository: Catalogue, which: Which, held: publishing.Rows) -> list[OwnText]:
    """A set's own texts; of an older one also what the repository said while it was heard."""
    wanted = select(PromptText.language, PromptText.prompt, PromptText.text, PromptText.repository_hash)
    found = session.execute(wanted.where(PromptText.id.in_(held.texts.values())))
    own = [OwnText(*row) for row in found]
    if which == "draft":
        return own
    return own + [
        one for one in formers.of(session, repository, which) if (one.language, one.prompt) not in held.texts
    ]
