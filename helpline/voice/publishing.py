"""Makes a new set of the draft, or of changes that were put off to a moment: one transaction, behind one lock, and never
anything that a set once held is changed. Older sets are heard again by `restoring`. Knows no page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from helpline import clock
from helpline.faults import Faults, raise_if_any
from helpline.languages import CODES
from helpline.people import audit
from helpline.voice import newest, verdicts
from helpline.voice.manifest import Key
from helpline.voice.models import PromptClip, PromptDraftEntry, PromptSet, PromptSetClip, PromptSetText

NOTHING = "nothing"
SENTENCES = {
    NOTHING: "nothing in the draft changes what callers hear",
    "same": "that set holds what callers hear now",
    "text_rejected": "the text was rejected",
    "recording_rejected": "the recording was rejected",
    "text_unapproved": "nobody else has approved the text",
    "recording_unapproved": "nobody else has approved the recording",
    "overtaken": "somebody else has published it meanwhile: it is left as it is",
}
"""Why something is not published: a word for programs and pages, a sentence for people."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why one change, or (without a prompt) all of them, may not be published: a word out of `SENTENCES`."""

    why: str
    language: str = ""
    prompt: str = ""

    def __str__(self) -> str:
        return f"{self.language}/{self.prompt}: {SENTENCES[self.why]}" if self.prompt else SENTENCES[self.why]


class Refused(Faults):
    """Nothing was published: `hindrances` says why, `faults` has an English sentence for each."""

    def __init__(self, hindrances: Iterable[Hindrance]) -> None:
        self.hindrances = tuple(hindrances)
        super().__init__([str(one) for one in self.hindrances])


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing does to one prompt in one language; the `revision` is that of the draft's entry it came from."""

    language: str
    prompt: str
    text_id: int | None = None
    drops_text: bool = False
    clip_hash: str | None = None
    drops_clip: bool = False
    revision: int = 0

    @property
    def key(self) -> Key:
        """Language and prompt."""
        return self.language, self.prompt


@dataclass(frozen=True, slots=True)
class Rows:
    """What a set holds: text ids, and clips with the hashes of the texts they were read from, by language and prompt."""

    texts: Mapping[Key, int]
    clips: Mapping[Key, tuple[str, str]]

    def of(self, languages: Collection[str]) -> "Rows":
        """The rows of these languages alone."""
        return Rows(
            {key: row for key, row in self.texts.items() if key[0] in languages},
            {key: row for key, row in self.clips.items() if key[0] in languages},
        )

    def without(self, languages: Collection[str]) -> "Rows":
        """The rows of all other languages."""
        return self.of([code for code in CODES if code not in languages])

    def plus(self, other: "Rows") -> "Rows":
        """Both, with what `other` says winning."""
        return Rows({**self.texts, **other.texts}, {**self.clips, **other.clips})


def publish(
    session: Session,
    *,
    by_id: int,
    note: str = "",
    languages: Collection[str] = (),
    four_eyes: bool = False,
) -> int:
    """Publish what the draft changes, in all languages or in some; the new set's number.

    Conflicts that nobody decided stay in the draft, with whatever else their entry changes. Calls in progress keep the
    set they began with. Raises `Refused`: nothing to publish, what was rejected, or, with `four_eyes`, what nobody but
    its maker has approved.
    """
    lock(session)
    changes = drafted(session, languages, locked=True)
    refuse_if_any(hindrances(session, changes, four_eyes=four_eyes))
    number = commit(session, changes, by_id=by_id, note=note)
    audit.record(session, f"person {by_id}", "published", f"prompt_set {number}", changes=len(changes))
    return number


def drafted(session: Session, languages: Collection[str] = (), *, locked: bool = False) -> list[Change]:
    """What the draft would publish: without conflicts that nobody decided, in the order of language and prompt."""
    row = PromptDraftEntry
    wanted = select(row).where(row.conflict_id.is_(None)).order_by(row.language, row.prompt)
    if languages:
        wanted = wanted.where(row.language.in_(languages))
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    changes = [
        Change(
            one.language, one.prompt, one.text_id, one.drops_text, one.clip_hash, one.drops_clip, one.revision
        )
        for one in session.scalars(wanted)
    ]
    return [one for one in changes if one.text_id or one.drops_text or one.clip_hash or one.drops_clip]


def refuse_if_any(found: Iterable[Hindrance]) -> None:
    """Raise `Refused` when there is any hindrance."""
    if found := list(found):
        raise Refused(found)


def hindrances(session: Session, changes: Iterable[Change], *, four_eyes: bool) -> list[Hindrance]:
    """Why these changes may not be published; empty when they may. Without any change there is nothing to publish."""
    changes = list(changes)
    if not changes:
        return [Hindrance(NOTHING)]
    standing = verdicts.standing(
        session,
        texts=[one.text_id for one in changes if one.text_id],
        clips=[one.clip_hash for one in changes if one.clip_hash],
    )
    found = []
    for one in changes:
        for thing, word in ((one.text_id, "text"), (one.clip_hash, "recording")):
            if thing is None:
                continue
            if standing[thing].verdict == verdicts.REJECTED:
                found.append(Hindrance(f"{word}_rejected", *one.key))
            elif four_eyes and not standing[thing].by_another:
                found.append(Hindrance(f"{word}_unapproved", *one.key))
    return found


def replace(session: Session, now: Rows, after: Rows, *, by_id: int, note: str, restores: int | None) -> int:
    """Publish a set that holds these rows in the place of the newest one's (`now`), behind the `lock`; its number.

    The draft stays as it is. Raises `Refused` when nothing would change.
    """
    changed = _languages(now, after)
    refuse_if_any([] if changed else [Hindrance("same")])
    return _insert(session, after, by_id=by_id, note=note, languages=changed, restores=restores)


def commit(session: Session, changes: Iterable[Change], *, by_id: int | None, note: str) -> int:
    """Make a set of the newest one with these changes, and take them out of the draft; its number.

    Draft entries that were changed since stay. Raises `Refused` when callers would hear nothing new, `Faults` for clips
    that are not kept or were made for another prompt.
    """
    changes = list(changes)
    lock(session)
    now = rows(session, newest.number(session))
    after = applied(session, now, changes)
    changed = _languages(now, after)
    _done(session, changes, by_id)
    refuse_if_any([] if changed else [Hindrance(NOTHING)])
    return _insert(session, after, by_id=by_id, note=note, languages=changed)


def applied(session: Session, now: Rows, changes: Collection[Change]) -> Rows:
    """What a set would hold after these changes. Raises `Faults` for clips that are not kept, or of another prompt."""
    read_from = _read_from(session, changes)
    texts, clips = dict(now.texts), dict(now.clips)
    for one in changes:
        if one.text_id or one.drops_text:
            texts.pop(one.key, None)
        if one.text_id:
            texts[one.key] = one.text_id
        if one.clip_hash or one.drops_clip:
            clips.pop(one.key, None)
        if one.clip_hash:
            clips[one.key] = one.clip_hash, read_from[one.clip_hash]
    return Rows(texts, clips)


def rows(session: Session, set_id: int) -> Rows:
    """What a set holds of its own; nothing for set 0."""
    return Rows(
        {key: own.id for key, own in newest.texts(session, set_id).items()}, newest.clips(session, set_id)
    )


def lock(session: Session) -> None:
    """Wait for one's turn: sets are made one after the other, each on top of the one before."""
    session.execute(text("LOCK TABLE prompt_sets IN SHARE ROW EXCLUSIVE MODE"))


def _read_from(session: Session, changes: Collection[Change]) -> dict[str, str]:
    """The hash of the text that each clip of these changes was read from. Raises `Faults` for foreign clips."""
    wanted = [one.clip_hash for one in changes if one.clip_hash]
    kept = session.execute(
        select(PromptClip.hash, PromptClip.language, PromptClip.prompt, PromptClip.text_hash).where(
            PromptClip.hash.in_(wanted)
        )
    )
    found = {row.hash: row for row in kept}
    faults = []
    for digest, one in ((one.clip_hash, one) for one in changes if one.clip_hash):
        if digest not in found:
            faults.append(f"{one.language}/{one.prompt}: no such clip is kept")
        elif (made_for := (found[digest].language, found[digest].prompt)) != one.key:
            faults.append(f"{one.language}/{one.prompt}: the clip was made for {'/'.join(made_for)}")
    raise_if_any(faults)
    return {digest: row.text_hash for digest, row in found.items()}


def _done(session: Session, changes: Iterable[Change], by_id: int | None) -> None:
    """Empty the entries that were published as they are; one that was changed since stays in the draft."""
    for one in changes:
        row = session.get(PromptDraftEntry, one.key, populate_existing=True, with_for_update=True)
        if row is None or row.revision != one.revision:
            continue
        row.text_id, row.drops_text, row.clip_hash, row.drops_clip = None, False, None, False
        row.revision, row.changed_by_id, row.changed_at = row.revision + 1, by_id, clock.now()


def _insert(
    session: Session,
    held: Rows,
    *,
    by_id: int | None,
    note: str,
    languages: Collection[str],
    restores: int | None = None,
) -> int:
    made = PromptSet(
        published_by=f"person {by_id}" if by_id else "helpline",
        by_id=by_id,
        note=note,
        languages=list(languages),
        restores=restores,
    )
    session.add(made)
    session.flush()
    session.add_all(
        PromptSetText(set_id=made.id, language=language, prompt=prompt, text_id=text_id)
        for (language, prompt), text_id in held.texts.items()
    )
    session.add_all(
        PromptSetClip(set_id=made.id, language=language, prompt=prompt, clip_hash=digest, text_hash=read_from)
        for (language, prompt), (digest, read_from) in held.clips.items()
    )
    session.flush()
    return made.id


def _languages(before: Rows, after: Rows) -> list[str]:
    """The languages in which these two differ, in the order of the keys."""
    different = {
        key[0]
        for one, other in ((before.texts, after.texts), (before.clips, after.clips))
        for key in {*one, *other}
        if one.get(key) != other.get(key)
    }
    return [code for code in CODES if code in different]
