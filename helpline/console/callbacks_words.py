"""Words for what the callback queue calls by short names: reasons, states, causes, outcomes. Knows no page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from flask_babel import LazyString

from helpline import clock
from helpline.callbacks.values import Cause, Event, Outcome, Reason
from helpline.console import formats
from helpline.console.labels import language_name
from helpline.console.words import gettext, language, lazy_gettext
from helpline.intake import taking_back as taking_back_of
from helpline.languages import CODES
from helpline.telephony.models import Cause as Leg

WINDOWS: Mapping[str, LazyString] = {
    "morning": lazy_gettext("morning"),
    "afternoon": lazy_gettext("afternoon"),
    "evening": lazy_gettext("evening"),
    "any": lazy_gettext("any time"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("waiting"), "calm"),
    "claimed": (lazy_gettext("taken"), "busy"),
    "ringing": (lazy_gettext("ringing"), "busy"),
    "talking": (lazy_gettext("talking"), "busy"),
    "done": (lazy_gettext("done"), "good"),
    "unreachable": (lazy_gettext("not reached"), "warn"),
    "cancelled": (lazy_gettext("cancelled"), "calm"),
    "stopped": (lazy_gettext("stopped"), "warn"),
}
ASKS: Mapping[str, LazyString] = {
    "waiting": lazy_gettext("waiting"),
    "tried": lazy_gettext("tried, not reached yet"),
    "offered": lazy_gettext("offered to an organisation"),
    "accepted": lazy_gettext("accepted by an organisation"),
    "done": lazy_gettext("closed"),
    "cancelled": lazy_gettext("cancelled"),
}
KINDS: Mapping[str, LazyString] = {
    "callback": lazy_gettext("a call back"),
    "request": lazy_gettext("help to return"),
}
TOPICS: Mapping[str, LazyString] = {
    "office": lazy_gettext("calls for an office or an association"),
    "data": lazy_gettext("asks about their own data"),
    "other_person": lazy_gettext("asks for another person"),
}
CLIPS: Mapping[str, LazyString] = {
    "message": lazy_gettext("Spoken message"),
    "name": lazy_gettext("The name to use"),
    "country": lazy_gettext("The country"),
}
CAUSES: Mapping[str, LazyString] = {
    "": lazy_gettext("under way"),
    Cause.OPERATOR_NO_KEY: lazy_gettext("your telephone was answered, but nobody pressed 1"),
    Cause.OPERATOR_UNREACHED: lazy_gettext("your telephone did not answer"),
    Cause.TAKEN_BACK: lazy_gettext("taken back"),
    Cause.BUSY: lazy_gettext("busy"),
    Cause.NO_ANSWER: lazy_gettext("no answer"),
    Cause.MACHINE: lazy_gettext("an answering machine; no message was left"),
    Cause.REFUSED: lazy_gettext("refused"),
    Cause.WRONG_MOMENT: lazy_gettext("pressed 2: not now, or not asked for"),
    Cause.NETWORK: lazy_gettext("the network failed"),
    Cause.CONNECTED: lazy_gettext("connected"),
}
LEG_CAUSES: Mapping[str, LazyString] = {
    **CAUSES,
    Leg.COMPLETED: CAUSES[Cause.CONNECTED],
    Leg.FAILED: lazy_gettext("the number does not work"),
    Leg.CANCELED: CAUSES[Cause.TAKEN_BACK],
    Leg.GAVE_UP: lazy_gettext("answered, but nobody pressed a key"),
}
OUTCOMES: Mapping[Outcome, tuple[LazyString, LazyString]] = {
    Outcome.HELPED: (lazy_gettext("Helped"), lazy_gettext("They have what they asked for; it is closed.")),
    Outcome.NO_ANSWER: (lazy_gettext("Nobody there"), lazy_gettext("It counts as a try and is planned again.")),
    Outcome.WRONG_MOMENT: (lazy_gettext("Not now"), lazy_gettext("They asked for another time; no try is used.")),
    Outcome.WRONG_PERSON: (lazy_gettext("Somebody else"), lazy_gettext("Another person answered; nothing was said.")),
    Outcome.OTHER_LANGUAGE: (lazy_gettext("Another language"), lazy_gettext("Hand over to who speaks it.")),
    Outcome.REQUEST_MADE: (lazy_gettext("Request made"), lazy_gettext("They asked for help to return, and agreed.")),
    Outcome.STOP_CALLING: (lazy_gettext("Stop calling"), lazy_gettext("They do not want our calls; the number is barred.")),
}  # fmt: skip
CONCERNS: Mapping[str, LazyString] = {
    "no_window": lazy_gettext("no time in the next five working days"),
    "promise_passed": lazy_gettext("the promised day has passed"),
    "no_outcome": lazy_gettext("talked, and nobody said how it went"),
    "unreachable": lazy_gettext("closed after the last try"),
}
LEGS: Mapping[str, LazyString] = {
    "intended": lazy_gettext("about to ring"),
    "asked": lazy_gettext("about to ring"),
    "ringing": lazy_gettext("ringing"),
    "answered": lazy_gettext("on the line"),
    "ended": lazy_gettext("ended"),
}
_ENDINGS: Mapping[str, LazyString] = {
    "minor": lazy_gettext("under 18"),
    "urgent": lazy_gettext("marked urgent"),
    "followed_up": lazy_gettext("to be rung again today"),
    "turn": lazy_gettext("its turn"),
}


def reason(why: Reason) -> str:
    """Why a callback stands where it stands: `Bangla · asked 3 h ago · window morning · try 2`."""
    reader, today = language(), clock.in_rome().date()
    return " · ".join(part for code, value in why if (part := _part(code, value, reader, today)))


def why(why: Reason) -> str:
    """As `reason`, for where the language is said already."""
    return reason(tuple(part for part in why if part[0] != "language"))


@lru_cache(maxsize=2048)
def _part(code: str, value: str | int, reader: str, today: date) -> str:
    """One of the reasons in the reader's language, on this day: kept, since a list says few of them many times."""
    if code in _ENDINGS:
        return str(_ENDINGS[code])
    if code == "language":
        return language_name(str(value))
    if code in {"asked_minutes", "asked_hours", "asked_days"}:
        seconds = {"asked_minutes": 60, "asked_hours": 3600, "asked_days": 86_400}[code]
        return gettext("asked %(span)s ago", span=formats.span(int(value) * seconds))
    if code == "window":
        return gettext("window: %(window)s", window=str(WINDOWS.get(str(value), value)))
    if code == "try":
        return gettext("try %(number)s", number=value)
    if code == "promised":
        return gettext("promised by %(day)s", day=formats.day(date.fromisoformat(str(value))))
    if code == "late_days":
        return gettext("%(span)s late", span=formats.span(int(value) * 86_400))
    if code == "kept_for":
        return gettext("kept for %(language)s, which others do not speak", language=language_name(str(value)))
    return ""


def happened(event: Event, names: Mapping[int, str]) -> str:
    """One line of a callback's history. `names`: people by id."""
    if event.kind == "attempt":
        return gettext("Rung: %(cause)s", cause=str(CAUSES[event.why or ""]))
    if event.kind == "note":
        return gettext("Note")
    state = STATES.get(event.after or "")
    return str(state[0]) if state else (event.after or "")


def by_whom(who: str | None, names: Mapping[int, str]) -> str:
    """Who did it, for people: a colleague's name, or the queue."""
    kind, _, number = (who or "").partition(" ")
    if kind == "person" and number.isdigit():
        return names.get(int(number), gettext("somebody"))
    return {"caller": gettext("the caller"), "queue": gettext("the queue"), "": ""}.get(who or "", who or "")


def taken_back() -> str:
    """What is said once something was taken back."""
    return gettext("It is taken back. Tell them so, in the words that were shown.")


def not_recognised() -> str:
    """What is said where something was to be taken back of somebody who is not known."""
    return gettext(
        "First the code, or that they say unprompted what they asked; and only in the talk, or ten minutes after."
    )


def over_already() -> str:
    """What is said where there was nothing to take back any more."""
    return gettext("That was over already: there is nothing to take back.")


def refused(faults: Iterable[str], outcome: str) -> Iterator[tuple[str, str]]:
    """What is wrong with how it went, by its field, for people. `faults`: as `desk.finish` tells them."""
    goes_with_no_day = outcome in {Outcome.STOP_CALLING, Outcome.REQUEST_MADE}
    words = {
        "outcome": gettext("No request has been saved: make it first, in the talk or within ten minutes after it."),
        "language": gettext("Choose another language than the one they were rung in."),
        "follow_up": gettext("With this, nobody is rung again: leave the day out.")
        if goes_with_no_day
        else gettext("On this day they cannot be rung at their time of day and in their language. Choose another one, at most 90 days ahead."),
    }  # fmt: skip
    for fault in faults:
        field = fault.partition(":")[0]
        yield field, words.get(field, fault)


def tongues() -> list[tuple[str, str]]:
    """The nine languages with their names for the reader."""
    return [(code, language_name(code)) for code in CODES]


FILTERS = {
    "ask_state": lambda word: str(ASKS.get(word, word)),
    "ask_kind": lambda word: str(KINDS.get(word, word)),
    "clip_kind": lambda word: str(CLIPS.get(word, word)),
    "cause_word": lambda word: str(LEG_CAUSES[word]),
    "concern_word": lambda word: str(CONCERNS.get(word, word)),
    "leg_word": lambda word: str(LEGS.get(word, word)),
    "reason_words": reason,
    "why_words": why,
    "state_tone": lambda word: STATES[word][1] if word in STATES else "calm",
    "state_word": lambda word: str(STATES[word][0]) if word in STATES else word,
    "topic_word": lambda word: str(TOPICS.get(word, word)),
    "window_word": lambda word: str(WINDOWS.get(word, word)),
    "words_of_taking_back": taking_back_of.words,
}
