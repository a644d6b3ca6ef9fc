"""In which state one prompt is in one language, as the matrix shows it; pure, and knows no database and no page."""

from dataclasses import dataclass
from enum import StrEnum

REJECTED_WORD = "rejected"


class State(StrEnum):
    """What somebody who looks after the prompts has to do about one cell, if anything."""

    LIVE = "live"
    REVIEW = "review"
    SPEECH = "speech"
    MISSING = "missing"
    STALE = "stale"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Recording:
    """A human recording: the hash of the text it was read from, and the newest verdict on it, if there is one."""

    text_hash: str
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the state of a cell depends on.

    `text_hash`: of the text that holds once the draft is published (the draft's, else the live one).
    `text_verdict`: the newest one on the draft's text. `drafted`: the recording in the draft. `live`: the recording of
    the newest set or of the repository, unless the draft takes it out. `speech`: an engine's clip of that very text.
    """

    text_hash: str
    text_verdict: str | None = None
    drafted: Recording | None = None
    live: Recording | None = None
    speech: bool = False


def state(facts: Facts) -> State:
    """The state of a cell: the first that applies of

    1. rejected: somebody said no to the draft's recording or text; it has to be made again
    2. stale: the newest recording was read from another text than the one that holds, or will
    3. review: a recording of the right text waits in the draft
    4. live: a recording of the right text is heard by callers
    5. speech: an engine says it
    6. missing: only the carrier's voice says it
    """
    newest = facts.drafted or facts.live
    if REJECTED_WORD in (facts.text_verdict, facts.drafted and facts.drafted.verdict):
        return State.REJECTED
    if newest is not None and newest.text_hash != facts.text_hash:
        return State.STALE
    if facts.drafted is not None:
        return State.REVIEW
    if facts.live is not None:
        return State.LIVE
    return State.SPEECH if facts.speech else State.MISSING
