"""What may go wrong on the way between carrier and application: switched on by a test, off by default. Holds values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Fields = list[tuple[str, str]]


@dataclass
class Mischief:
    """Every field may be changed while calls run.

    duplicate: every webhook is sent twice, `sequential` (the second after the first's answer) or `parallel`.
    drop: kinds of callback (`status recording`), or a function (kind, fields) -> True for what gets lost.
    reorder: status callbacks wait until `Carrier.settle()` and then arrive last first.
    recording_delay: virtual seconds until a recording can be fetched and its callback is sent.
    recording_lost: the recording comes to nothing: its callback says `absent`.
    saves_silence: a `<Record>` in which nobody spoke is kept and its action asked for (Twilio's default for silent
        recordings), instead of falling through to the next verb.
    wrong_signature: webhooks carry a signature made with another token.
    rest: what becomes of the next REST requests, one word each: `429`, `500`, `lost` (done, but the answer is a 502),
        `cut` (done, but the line is cut instead of an answer), `late` (done, but the answer comes `rest_delay` real
        seconds later), `fine`. retry_after: what a 429 says in that header. list_delay: virtual seconds until a new call is found in lists.
    """

    duplicate: str = ""
    drop: frozenset[str] | set[str] | Callable[[str, Fields], bool] = field(default_factory=frozenset)
    reorder: bool = False
    recording_delay: float = 2.0
    recording_lost: bool = False
    saves_silence: bool = False
    wrong_signature: bool = False
    rest: list[str] = field(default_factory=list)
    rest_delay: float = 30.0
    retry_after: str = ""
    list_delay: float = 0.0

    def loses(self, kind: str, fields: Fields) -> bool:
        """Whether this callback never leaves."""
        return self.drop(kind, fields) if callable(self.drop) else kind in self.drop
