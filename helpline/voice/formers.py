"""What the repository said while a set was heard, where a release has changed it since: so that the set can be heard again,
and compared, as it was. Changes nothing."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.manifest import Key, OwnText
from helpline.voice.models import PromptFormer, PromptSet


def of(session: Session, repository: Catalogue, set_id: int) -> list[OwnText]:
    """The texts that the repository had when this set was last heard, and has no more, as if they were the set's own.

    None for the newest set, which goes on being heard, and for set 0, which always is what the repository holds. Whether
    one may be said again is for `manifest.gives_way`: what a menu says may not.
    """
    until = _heard_until(session, set_id)
    if until is None:
        return []
    row = PromptFormer
    wanted = select(row.language, row.prompt, row.text).where(row.until > until).order_by(row.until, row.id)
    said: dict[Key, str] = {}
    for language, prompt, text in session.execute(wanted):
        said.setdefault(
            (language, prompt), text
        )  # the first that ended after it: what was said at that moment
    return [
        OwnText(*key, text, text_hash(text))
        for key, text in said.items()
        if repository.texts.get(key[0], {}).get(key[1], text) != text
    ]


def _heard_until(session: Session, set_id: int) -> datetime | None:
    """When the next set took this one's place; None where none did."""
    if not set_id:
        return None
    return session.scalar(select(func.min(PromptSet.published_at)).where(PromptSet.id > set_id))
