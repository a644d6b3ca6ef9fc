"""The caller of one webhook: which call, from where, in which language, with what was said so far; decides nothing."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import clock, line, phone
from helpline.config import Settings
from helpline.intake import drafts
from helpline.line import NEUTRAL, Line
from helpline.voice.catalogue import Catalogue

NOT_ASKED = "?"
"""Stands for a remembered language that nobody has looked up yet."""

log = logging.getLogger(__name__)


@dataclass(repr=False)
class Caller:
    """`sid` of the call, `from_` and `to` as the carrier gave them, the language at this moment.

    The draft (what was said so far) is read from the database when it is first needed. `broken`: the database does
    not answer, so nothing that needs it is tried. `pressed`: the key that led here, if one did. `recalled`: the
    language last used from this number, once somebody has asked for it.
    """

    settings: Settings
    catalogue: Catalogue
    sid: str
    from_: str
    to: str
    language: str
    broken: bool = False
    pressed: str = ""
    recalled: str | None = NOT_ASKED
    _held: drafts.Held | None = None
    _added: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def judged(self) -> phone.Judged:
        """What the number is good for from which the call comes."""
        return phone.judge(self.from_)

    @cached_property
    def dialled_from(self) -> phone.PhoneNumber | None:
        """The number from which the call comes, of whatever country; None when it is withheld."""
        return self.judged.number or phone.parse(self.from_)

    @property
    def hears_neutral(self) -> bool:
        """Whether the number that was dialled greets neutrally: the one from which we call people back, always."""
        ours = self.line().greetings.get(self._dialled)
        return ours == NEUTRAL or _same(self.to, self.settings.callback_number)

    @property
    def call_is_free(self) -> bool:
        """Whether the number that was dialled is a free one."""
        if _same(self.to, self.settings.toll_free_number):
            return True
        ours = self._dialled in self.line().greetings
        return ours and phone.judge(self._dialled).verdict is phone.Verdict.TOLL_FREE

    @cached_property
    def ours(self) -> frozenset[str]:
        """Every number of ours: as little to be called back as a free number."""
        installed = {self.settings.callback_number, self.settings.toll_free_number}
        return frozenset(installed | set(self.line().greetings))

    def now(self) -> datetime:
        """The moment at which the caller is answered."""
        return clock.now()

    def line(self) -> Line:
        """The line's settings, by which the caller is answered."""
        return line.current()

    def draft(self) -> Mapping[str, Any]:
        """What the caller has said so far; nothing when the database does not answer."""
        if self._held is None:
            self._held = self._looked_at_last()
        return {**self._held.fields, **self._added}

    def look(self) -> None:
        """Read what the caller has said so far. Raises `SQLAlchemyError`."""
        self._held = drafts.peek(self.sid)

    def open(self, session: Session) -> None:
        """Read what the caller has said so far, and let nobody else change it until the transaction ends."""
        self._held = drafts.opened(session, self.sid)

    def keep(self, **fields: Any) -> None:
        """Add to what the caller has said so far; written by `settle`, or together with the step."""
        self._added |= fields

    @cached_property
    def _dialled(self) -> str:
        number = None if self.to.startswith("+") else phone.parse(self.to)
        return number.e164 if number else self.to

    def settle(self, session: Session) -> None:
        """Write what was added to what the caller has said."""
        if self._added:
            drafts.write(session, self.sid, self.draft())
            self._held, self._added = drafts.Held(self.draft()), {}

    def settle_with(self, step: Sequence[Any]) -> bool:
        """Write what was added, and a step (values of `calls.steps.COLUMNS`), at once; False for a step that is old.

        Only after `look`. Raises `SQLAlchemyError`.
        """
        held = self._held or drafts.Held()
        return drafts.put_with_step(step, self.sid, held, self._added)

    @property
    def has_added(self) -> bool:
        """Whether anything was kept that is not written yet."""
        return bool(self._added)

    def forget(self) -> None:
        """Let the draft be read anew, after a transaction that failed."""
        self._held, self._added = None, {}

    def _looked_at_last(self) -> drafts.Held:
        if self.broken:
            return drafts.Held()
        try:
            return drafts.peek(self.sid)
        except SQLAlchemyError as error:
            log.warning("what a caller said so far could not be read: %s", type(error).__name__)
            return drafts.Held()


def _same(dialled: str, ours: str) -> bool:
    """Whether a number as the carrier wrote it is this one of ours; parsed only when it is not written as ours is."""
    if dialled == ours:
        return True
    number = None if dialled.startswith("+") else phone.parse(dialled)
    return number is not None and number.e164 == ours
