"""The words and values in which the callback queue speaks to pages, to dialling and to commands; decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How it went, as whoever rang says. `other_language` needs the language it is handed over to."""

    HELPED = "helped"
    NO_ANSWER = "no_answer"
    WRONG_MOMENT = "wrong_moment"
    WRONG_PERSON = "wrong_person"
    STOP_CALLING = "stop_calling"
    OTHER_LANGUAGE = "other_language"
    REQUEST_MADE = "request_made"


class Cause(StrEnum):
    """Why an attempt to ring ended. `connected`: both were there, and a person says how it went (`finish`).

    `taken_back`: the operator stopped it from the page, and keeps the claim.
    """

    OPERATOR_NO_KEY = "operator_no_key"
    OPERATOR_UNREACHED = "operator_unreached"
    TAKEN_BACK = "taken_back"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    REFUSED = "refused"
    WRONG_MOMENT = "wrong_moment"
    NETWORK = "network"
    CONNECTED = "connected"


Reason = tuple[tuple[str, str | int], ...]
"""Why a callback stands where it stands: codes with values, which pages turn into words. In this order, as they apply:

`minor` 1 · `urgent` 1 · `language` code · `asked_minutes|asked_hours|asked_days` n · `window` word · `try` n (from the
second on) · `promised` ISO day · `late_days` n · `followed_up` 1 · `kept_for` code (others serve the other languages) ·
`turn` n (every n-th claim goes to one that is due).
"""


@dataclass(frozen=True, repr=False)
class Row:
    """One callback as lists show it; never with its number.

    `next_at`: the next moment at which it may be rung (None: no slot within two weeks). `holder`: a person's id.
    `state` is a word of `CallbackState`, `priority` of `Priority`. `number_masked` is None once it is forgotten.
    """

    id: int
    language: str
    window: str
    state: str
    priority: str
    topic: str | None
    attempts: int
    asked_at: datetime
    next_at: datetime | None
    promised_on: date | None
    number_masked: str | None
    holder: int | None
    reason: Reason
    urgent_reason: str | None


@dataclass(frozen=True)
class Claim:
    """Somebody holds a callback until a moment, unless they `beat` before. Every later word carries `claim_no`."""

    callback_id: int
    claim_no: int
    until: datetime


@dataclass(frozen=True)
class Held:
    """Somebody else has it: the person's id and name, and until when unless they go on."""

    by: int
    name: str
    until: datetime


@dataclass(frozen=True)
class Finished:
    """What became of a callback: its state, when it is rung next (waiting again), the callback that follows it."""

    state: str
    next_at: datetime | None = None
    follow_up_id: int | None = None


@dataclass(frozen=True, repr=False)
class Note:
    """What somebody wrote about a callback. `by`: a person's id; None for what was written in the live call in which it
    was asked for: who took that is soon forgotten."""

    id: int
    at: datetime
    by: int | None
    text: str


@dataclass(frozen=True, repr=False)
class Event:
    """One line of a callback's history, as pages turn it into words.

    `kind`: `moved` (`before`, `after`, `why`), `attempt` (`why`: its cause, None while it lasts; `ended_at`), `note`
    (`text`). `who` is as in the audit (`person 7`, `caller`, `queue`), None for attempts.
    """

    at: datetime
    kind: str
    who: str | None
    before: str | None = None
    after: str | None = None
    why: str | None = None
    ended_at: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, repr=False)
class Concern:
    """A line of the coordinators' list: the callback, why it is there, and since when.

    `kind`: `no_window` (no slot in the next five working days), `promise_passed` (nobody has tried by the promised
    day), `no_outcome` (they have talked, and nobody said how it went), `unreachable` (closed after the last attempt).
    """

    kind: str
    row: Row
    since: datetime | None


class Stale(Exception):
    """This claim is no longer good: it ran out, or the callback moved on. `holder`: the person who has it now, or None."""

    def __init__(self, callback_id: int, holder: int | None) -> None:
        super().__init__(f"callback {callback_id}: this claim is no longer good")
        self.callback_id, self.holder = callback_id, holder


class Occupied(Exception):
    """A call is under way. `callback_id`: the callback of which that is true; `holder`: who has it.

    Raised when somebody wants another callback while their own rings or awaits its outcome, and when somebody would
    take over one that is being rung.
    """

    def __init__(self, callback_id: int, holder: int) -> None:
        super().__init__(f"callback {callback_id}: a call is under way")
        self.callback_id, self.holder = callback_id, holder


class NotNow(Exception):
    """The person may not be rung at this moment (their window, our hours, quiet hours). `next_at`: when, if ever."""

    def __init__(self, callback_id: int, next_at: datetime | None) -> None:
        super().__init__(f"callback {callback_id}: not at this time of the day")
        self.callback_id, self.next_at = callback_id, next_at


class Engaged(NotNow):
    """Whoever would call talks with somebody of the live line at this moment, or their telephone rings for one."""

    def __init__(self, callback_id: int) -> None:
        super().__init__(callback_id, None)


class Elsewhere(NotNow):
    """The telephone is in the hands of an organisation's call at this moment: one ringing plan per number."""
