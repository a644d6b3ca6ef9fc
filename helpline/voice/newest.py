"""What the newest published set says and plays of its own: texts and recordings, by language and prompt. Changes nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from helpline.voice import menus
from helpline.voice.manifest import Key, gives_way
from helpline.voice.models import PromptSet, PromptSetClip, PromptSetText, PromptText


@dataclass(frozen=True, slots=True)
class Own:
    """A text of a set's own: its row's id, and the hash of what the repository said when it was written."""

    id: int
    text: str
    repository_hash: str | None

    def gives_way(self, prompt: str, ours: str | None) -> str:
        """Why the repository's text (`ours`) is said in its place (`manifest.gives_way`); empty where it is not."""
        return gives_way(self.text, self.repository_hash, ours, told=prompt in menus.said())


def number(session: Session) -> int:
    """The number of the newest set; 0 when nothing was ever published."""
    return session.scalar(select(func.coalesce(func.max(PromptSet.id), 0))) or 0


def before(session: Session, set_id: int) -> int:
    """The number of the set before this one; 0 when there is none."""
    return session.scalar(select(func.coalesce(func.max(PromptSet.id), 0)).where(PromptSet.id < set_id)) or 0


def exists(session: Session, set_id: int) -> bool:
    """Whether there is such a set; 0, the repository, always is."""
    return set_id == 0 or session.get(PromptSet, set_id) is not None


def text(session: Session, language: str, prompt: str, set_id: int | None = None) -> Own | None:
    """The text of its own that the newest set (or another) has for one prompt, or None: the repository's holds."""
    wanted = _texts(number(session) if set_id is None else set_id).where(
        PromptSetText.language == language, PromptSetText.prompt == prompt
    )
    found = session.execute(wanted).one_or_none()
    return _own(found) if found else None


def texts(session: Session, set_id: int | None = None) -> dict[Key, Own]:
    """All texts of its own that the newest set (or another) has."""
    wanted = _texts(number(session) if set_id is None else set_id)
    return {(row.language, row.prompt): _own(row) for row in session.execute(wanted)}


def clip(session: Session, language: str, prompt: str) -> str | None:
    """The hash of the newest set's recording of one prompt, heard or not; None where it has none."""
    row = PromptSetClip
    wanted = select(row.clip_hash).where(
        row.set_id == number(session), row.language == language, row.prompt == prompt
    )
    return session.scalar(wanted)


def clips(session: Session, set_id: int | None = None) -> dict[Key, tuple[str, str]]:
    """All recordings of the newest set (or another): the clip's hash, and the hash of the text it was read from."""
    row = PromptSetClip
    wanted = select(row.language, row.prompt, row.clip_hash, row.text_hash).where(
        row.set_id == (number(session) if set_id is None else set_id)
    )
    return {
        (found.language, found.prompt): (found.clip_hash, found.text_hash)
        for found in session.execute(wanted)
    }


def _own(row: Any) -> Own:
    return Own(row.id, row.text, row.repository_hash)


def _texts(set_id: int) -> Select[str, str, int, str, str | None]:
    return (
        select(
            PromptSetText.language,
            PromptSetText.prompt,
            PromptText.id,
            PromptText.text,
            PromptText.repository_hash,
        )
        .join(PromptText, PromptText.id == PromptSetText.text_id)
        .where(PromptSetText.set_id == set_id)
    )
