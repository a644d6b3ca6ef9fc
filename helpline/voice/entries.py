"""What the open draft says of each prompt, and so which text holds once it is published. Changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from helpline.voice import newest
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Key
from helpline.voice.models import PromptDraftEntry, PromptText

_TEXT, _CONFLICT = aliased(PromptText), aliased(PromptText)


@dataclass(frozen=True)
class Entry:
    """What the draft changes about one prompt in one language. With `changes` false it changes nothing.

    `text`: the new text, None where the draft leaves it; `drops_text`: the repository's shall hold again. `clip`: the
    new recording's hash; `drops_clip`: no recording shall be played. `conflict`: the repository's new text, while
    another one of ours holds: somebody has to `decide`. `revision` 0: nobody ever changed it.
    """

    language: str
    prompt: str
    text: str | None = None
    text_id: int | None = None
    drops_text: bool = False
    clip: str | None = None
    drops_clip: bool = False
    conflict: str | None = None
    conflict_id: int | None = None
    revision: int = 0
    by_id: int | None = None
    at: datetime | None = None

    @property
    def changes(self) -> bool:
        """Whether publishing it would change what callers hear."""
        return bool(self.text_id or self.drops_text or self.clip or self.drops_clip)


def entries(session: Session, languages: Collection[str] = ()) -> list[Entry]:
    """All that the draft changes, and all conflicts, by language and prompt; of some languages where they are named."""
    row = PromptDraftEntry
    something = or_(
        row.text_id.is_not(None), row.drops_text, row.clip_hash.is_not(None), row.drops_clip,
        row.conflict_id.is_not(None),
    )  # fmt: skip
    wanted = _select().where(something).order_by(row.language, row.prompt)
    if languages:
        wanted = wanted.where(row.language.in_(languages))
    return [_entry(*found) for found in session.execute(wanted)]


def entry(session: Session, language: str, prompt: str) -> Entry:
    """What the draft says of one prompt; its `revision` goes into the form that may change it."""
    wanted = _select().where(PromptDraftEntry.language == language, PromptDraftEntry.prompt == prompt)
    found = session.execute(wanted).one_or_none()
    return _entry(*found) if found else Entry(language, prompt)


def wanted_text(session: Session, repository: Catalogue, language: str, prompt: str) -> str:
    """What holds once the draft is published. Raises `KeyError` for an unknown prompt."""
    base = repository.text(language, prompt)
    drafted = entry(session, language, prompt)
    if drafted.text is not None or drafted.drops_text:
        return drafted.text or base
    own = newest.text(session, language, prompt)
    return own.text if own and not own.gives_way(prompt, base) else base


def wanted_texts(session: Session, repository: Catalogue) -> dict[Key, str]:
    """What holds for every prompt once the draft is published."""
    base = {(code, name): text for code, own in repository.texts.items() for name, text in own.items()}
    own = newest.texts(session)
    said = base | {key: one.text for key, one in own.items() if not one.gives_way(key[1], base.get(key))}
    for one in entries(session):
        key = one.language, one.prompt
        if key in base and (one.text is not None or one.drops_text):
            said[key] = one.text if one.text is not None else base[key]
    return said


def _select() -> Select[PromptDraftEntry, str, str]:
    return (
        select(PromptDraftEntry, _TEXT.text, _CONFLICT.text)
        .outerjoin(_TEXT, _TEXT.id == PromptDraftEntry.text_id)
        .outerjoin(_CONFLICT, _CONFLICT.id == PromptDraftEntry.conflict_id)
    )


def _entry(row: PromptDraftEntry, text: str | None, conflict: str | None) -> Entry:
    return Entry(
        language=row.language,
        prompt=row.prompt,
        text=text,
        text_id=row.text_id,
        drops_text=row.drops_text,
        clip=row.clip_hash,
        drops_clip=row.drops_clip,
        conflict=conflict,
        conflict_id=row.conflict_id,
        revision=row.revision,
        by_id=row.changed_by_id,
        at=row.changed_at,
    )
