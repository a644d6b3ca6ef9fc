"""The caller of one webhook: which call, from where, in which language, with what was said so far; decides nothing."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import db, phone
from helpline.config import Settings
from helpline.intake import drafts
from helpline.voice.catalogue import Catalogue

log = logging.getLogger(__name__)


@dataclass(repr=False)
class Caller:
    """`sid` of the call, `from_` and `to` as the carrier gave them, the language at this moment.

    The draft (what was said so far) is read from the database when it is first needed. `broken`: the database does
    not answer, so nothing that needs it is tried. `pressed`: the key that led here, if one did.
    """

    settings: Settings
    catalogue: Catalogue
    sid: str
    from_: str
    to: str
    language: str
    broken: bool = False
    pressed: str = ""
    _draft: dict[str, Any] | None = field(default=None)

    @cached_property
    def judged(self) -> phone.Judged:
        """What the number is good for from which the call comes."""
        return phone.judge(self.from_)

    @property
    def on_callback_number(self) -> bool:
        """Whether the number was dialled from which we call people back."""
        return _same(self.to, self.settings.callback_number)

    @property
    def call_is_free(self) -> bool:
        """Whether the number that was dialled is the free one."""
        return _same(self.to, self.settings.toll_free_number)

    def draft(self, session: Session | None = None) -> Mapping[str, Any]:
        """What the caller has said so far; nothing when no session is given and the database does not answer."""
        if self._draft is None:
            self._draft = drafts.read(session, self.sid) if session else self._read_alone()
        return self._draft

    def _read_alone(self) -> dict[str, Any]:
        if self.broken:
            return {}
        try:
            with db.transaction(durable=False) as session:
                return drafts.read(session, self.sid)
        except SQLAlchemyError as error:
            log.warning("what a caller said so far could not be read: %s", type(error).__name__)
            return {}

    def keep(self, session: Session, **fields: Any) -> None:
        """Add to what the caller has said so far."""
        self._draft = drafts.keep(session, self.sid, **fields)

    def forget(self) -> None:
        """Let the draft be read anew, after a transaction that failed."""
        self._draft = None


def _same(dialled: str, ours: str) -> bool:
    """Whether a number as the carrier wrote it is this one of ours; parsed only when it is not written as ours is."""
    if dialled == ours:
        return True
    number = None if dialled.startswith("+") else phone.parse(dialled)
    return number is not None and number.e164 == ours
