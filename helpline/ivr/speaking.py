"""A turn as bytes: its prompts chosen, filled and rendered, remembered where nothing in it varies by caller."""

import logging
from collections.abc import Hashable
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError

from helpline import db
from helpline.calls import memory
from helpline.ivr import twiml, values
from helpline.ivr.caller import NOT_ASKED, Caller
from helpline.ivr.conduct import breaker
from helpline.ivr.engine import Turn
from helpline.ivr.flow import Flow
from helpline.languages import CODES
from helpline.voice.library import Library
from helpline.voice.manifest import Manifest

log = logging.getLogger(__name__)

MOST_REMEMBERED = 4000
MOST_SETS = 2
"""Documents are remembered for the newest sets; calls that are still in an older one are few, and its are made anew."""
_TURN = "987654321987654321"  # stands for the turn in a remembered document


class Speaker:
    """Makes documents for one flow and one library."""

    def __init__(self, flow: Flow, library: Library) -> None:
        self.flow, self.library = flow, library
        self._remembered: dict[int, tuple[Manifest, dict[Hashable, bytes]]] = {}

    def document(self, turn: Turn, caller: Caller, *, plain: bool = False) -> bytes:
        """The TwiML of a turn; `plain`: with the carrier's voices alone, because our clips may be what failed."""
        manifest = self.library.manifest(turn.position.set_id)
        number = str(turn.position.turn)
        first = _remembered_language(caller) if turn.step.kind == "language" else None
        if plain:
            bare = Manifest(manifest.set_id, manifest.catalogue)
            return self._render(turn, bare, caller, number, first, plain=True)
        shape = values.shape(manifest, turn.whole + turn.says, caller, first, self.library.ready)
        if shape is None:
            return self._render(turn, manifest, caller, number, first)
        documents = self._documents(turn.position.set_id, manifest)
        place = turn.position
        key = (turn.step.name, place.language, place.tries, turn.whole, turn.says, turn.slow, shape)
        known = documents.get(key)
        if known is None:
            known = documents[key] = self._render(turn, manifest, caller, _TURN, first)
        return known.replace(_TURN.encode(), number.encode())

    def _documents(self, set_id: int, manifest: Manifest) -> dict[Hashable, bytes]:
        """What is remembered of this set, as long as its manifest is the same one."""
        known = self._remembered.get(set_id)
        if known is None or known[0] is not manifest or len(known[1]) > MOST_REMEMBERED:
            known = (manifest, {})
            newest = sorted({**self._remembered, set_id: known}.items())[-MOST_SETS:]
            self._remembered = dict(newest)
        return known[1]

    def _render(
        self,
        turn: Turn,
        manifest: Manifest,
        caller: Caller,
        number: str,
        first: str | None,
        *,
        plain: bool = False,
    ) -> bytes:
        place = turn.position
        action = (
            f"/voice/heard/{place.set_id}/{quote(place.language)}/{turn.step.name}/{number}/{place.tries}"
        )
        ready = _nothing if plain else self.library.ready
        return twiml.document(
            turn.step,
            values.speak(manifest, turn.whole, caller, remembered=first, ready=ready),
            values.speak(manifest, turn.says, caller, remembered=first, ready=ready),
            action=action,
            slow=turn.slow,
            plain=plain,
        )


def _nothing(clip: str) -> bool:
    """No clip may be played."""
    return False


def _remembered_language(caller: Caller) -> str | None:
    """The language this number used last; nobody's when the number is withheld or the database does not answer."""
    number = caller.judged.number
    if caller.recalled != NOT_ASKED:
        return caller.recalled if caller.recalled in CODES else None
    if number is None or caller.broken or breaker.open():
        return None
    try:
        with db.quick() as connection:
            return memory.recall(connection, number)
    except SQLAlchemyError as error:
        breaker.failed(error)
        return None
