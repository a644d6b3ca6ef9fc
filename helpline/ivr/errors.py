"""When something broke: the apology in the caller's language, and where the caller was whose document failed. Pure."""

import traceback
from urllib.parse import urlsplit

from helpline.ivr.engine import NO_LANGUAGE, Position
from helpline.ivr.flow import Flow, Step
from helpline.ivr.twiml import document
from helpline.languages import CODES
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Manifest
from helpline.voice.utterances import utterances

_PARTS = 7
_DIGITS = 6
_END = Step("sorry", "end")


def sorry(catalogue: Catalogue, language: str) -> bytes:
    """The last resort: an apology in the caller's language, or in Italian and English where none was chosen."""
    languages = [language] if language in CODES else ["it", "en"]
    manifest = Manifest(0, catalogue)
    return document(
        _END, [p for code in languages for p in utterances(manifest, code, "sorry")], [], action=""
    )


def trace(error: BaseException) -> str:
    """Where an error came from and of which type it is, without its message: that may name what a caller said."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])


def position_of(url: str, flow: Flow, *, newest_set: int) -> Position:
    """Where the caller was, from the address of the document that failed; the start for any other address.

    A step that this version does not know any more is given as it is: the engine knows where to go from there. Numbers
    beyond all bounds are as large as any of ours: nobody's language changes because of them.
    """
    start = Position(newest_set, NO_LANGUAGE, flow.start, 0, 0)
    parts = urlsplit(url).path.strip("/").split("/")
    if len(parts) != _PARTS or parts[:2] != ["voice", "heard"]:
        return start
    set_id, language, step, turn, tries = parts[2:]
    if not all(number.isascii() and number.isdigit() for number in (set_id, turn, tries)):
        return start
    known, turns, failures = (int(number[:_DIGITS]) for number in (set_id, turn, tries))
    return Position(known, language if language in CODES else NO_LANGUAGE, step, turns, failures)
