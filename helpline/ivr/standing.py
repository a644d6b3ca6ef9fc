"""The document that stands at the carrier, outside this application, for when all of it is down: an apology in nine
languages, and a message that the carrier keeps until reconciliation brings it in. Pure."""

from helpline.ivr import twiml
from helpline.ivr.flow import Step
from helpline.languages import CODES
from helpline.voice.catalogue import Catalogue
from helpline.voice.manifest import Manifest
from helpline.voice.utterances import Utterance, utterances

SECONDS = 120


def document(catalogue: Catalogue, thanks_url: str) -> bytes:
    """The TwiML of the apology, or (with an empty `thanks_url`) of what is said after the message."""
    words = Manifest(0, catalogue)
    if not thanks_url:
        thanks = _say(
            words, [(code, name) for code in ("it", "en") for name in ("message_thanks", "goodbye")]
        )
        return twiml.document(Step("thanks", "end"), thanks, [], action="")
    said = [(code, "sorry") for code in CODES] + [("it", "message_any"), ("en", "message_any")]
    return twiml.outage(_say(words, said), seconds=SECONDS, thanks=thanks_url)


def _say(words: Manifest, said: list[tuple[str, str]]) -> list[Utterance]:
    return [piece for code, name in said for piece in utterances(words, code, name)]
