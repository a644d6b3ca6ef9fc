"""What a release changes about the texts: compared with what the last one brought, and put before people where texts of
our own are concerned. Ours go on being said until somebody decides (ADR 20)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpline import clock
from helpline.voice import drafts, newest
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Key
from helpline.voice.models import PromptFormer, PromptSeen


@dataclass(frozen=True, slots=True)
class Change:
    """One text that a release changed: what the repository said before, and what it says since."""

    language: str
    prompt: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Released:
    """What a release changed. `conflicts`: where a text of ours holds or waits in the draft; they wait there."""

    at: datetime
    changes: tuple[Change, ...]
    conflicts: tuple[Key, ...] = ()


def note(session: Session, repository: Catalogue) -> Released:
    """Compare the texts of this release with those of the last one, and bring the conflicts into the draft.

    The first time there is nothing to compare with, and nothing is a change. Safe to run again: then nothing differs.
    """
    at = clock.now()
    session.execute(
        text("LOCK TABLE prompt_seen IN SHARE ROW EXCLUSIVE MODE")
    )  # two machines release at once
    seen = {(row.language, row.prompt): row for row in session.scalars(select(PromptSeen))}
    now = {
        (language, prompt): says for language, own in repository.texts.items() for prompt, says in own.items()
    }
    first = not seen
    changes = [
        Change(*key, seen[key].text if key in seen else None, says)
        for key, says in now.items()
        if not first and (key not in seen or seen[key].text != says)
    ]
    for key, says in now.items():
        row = seen.get(key)
        if row is None:
            changed_at = None if first else at
            session.add(PromptSeen(language=key[0], prompt=key[1], text=says, changed_at=changed_at))
        elif row.text != says:
            session.add(PromptFormer(language=key[0], prompt=key[1], text=row.text, until=at))
            row.before, row.text, row.changed_at = row.text, says, at
    for key in seen.keys() - now.keys():
        session.delete(seen[key])
    conflicts = _conflicts(session, changes)
    session.flush()
    return Released(at, tuple(changes), conflicts)


def latest(session: Session) -> Released | None:
    """What the last release that changed any text changed; None when none did."""
    at = session.scalar(select(func.max(PromptSeen.changed_at)))
    if at is None:
        return None
    rows = session.scalars(
        select(PromptSeen).where(PromptSeen.changed_at == at).order_by(PromptSeen.language, PromptSeen.prompt)
    )
    return Released(at, tuple(Change(row.language, row.prompt, row.before, row.text) for row in rows))


def _conflicts(session: Session, changes: list[Change]) -> tuple[Key, ...]:
    live = newest.texts(session)
    waiting = {(entry.language, entry.prompt): entry for entry in drafts.entries(session)}
    found = []
    for change in changes:
        key = change.language, change.prompt
        entry = waiting.get(key)
        ours = {live[key].text} if key in live else set()
        ours |= {each for each in (entry and entry.text, entry and entry.conflict) if each}
        if ours and ours != {change.after}:
            drafts.bring_conflict(session, *key, change.after)
            found.append(key)
    return tuple(found)
