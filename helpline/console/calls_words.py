"""Words for what happened in calls: outcomes, what was pressed, what it led to. Knows no page."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.calls import steps
from helpline.console import live_talk, offers_words
from helpline.console.labels import language_name
from helpline.figures import searching
from helpline.live.models import Went

OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    "request": (lazy_gettext("asked for help to return"), "good"),
    "callback": (lazy_gettext("asked to be called back"), "good"),
    "live": (lazy_gettext("talked with a person"), "good"),
    "message": (lazy_gettext("left a message"), "good"),
    "information": (lazy_gettext("heard information"), "good"),
    "gave_up": (lazy_gettext("gave up"), "warn"),
    "silent": (lazy_gettext("pressed nothing"), "calm"),
    "refused": (lazy_gettext("never answered"), "calm"),
    searching.RUNNING: (lazy_gettext("goes on"), "busy"),
}
PERSON: Mapping[str, LazyString] = {
    "asked": lazy_gettext("asked for one"),
    "got": lazy_gettext("talked with one"),
    "left": lazy_gettext("hung up while waiting"),
    "nobody": lazy_gettext("nobody was there"),
}
WRONG: Mapping[str, LazyString] = {
    "date": lazy_gettext("Give a day, such as 24/11/2026."),
    "order": lazy_gettext("The last day is before the first."),
    "unknown": lazy_gettext("There is no such thing."),
    "number": lazy_gettext("Give whole seconds."),
    "days": lazy_gettext(
        "Choose its first and its last day, 31 days at most: which calls came to a step is read step by step."
    ),
}
LED_TO: Mapping[str, LazyString] = {
    "hold": lazy_gettext("Waited for a person"),
    "callback": lazy_gettext("Callback %(number)s"),
    "request": lazy_gettext("Request %(number)s"),
    "offer": lazy_gettext("Offer %(number)s"),
    "recording": lazy_gettext("Recording"),
}
STANDS: Mapping[str, LazyString] = {
    "waiting": lazy_gettext("waits"),
    "taken": lazy_gettext("somebody took it"),
    "talking": lazy_gettext("they are talking"),
    "done": lazy_gettext("they talked"),
    "kept": lazy_gettext("chose something else while waiting"),
    "left": lazy_gettext("hung up while waiting"),
    "nobody": lazy_gettext("nobody was there"),
    "announced": lazy_gettext("is being fetched"),
    "held": lazy_gettext("can be listened to"),
    "absent": lazy_gettext("nobody spoke in it"),
    "deleted": lazy_gettext("deleted"),
}
DID: Mapping[str, LazyString] = {
    "find_person=free": lazy_gettext("somebody of ours is free"),
    "find_person=busy": lazy_gettext("all who speak the language are in a call"),
    "find_person=closed": lazy_gettext("nobody is there: outside the hours of this language"),
    "find_person=holiday": lazy_gettext("nobody is there: a holiday"),
    "find_person=nobody_free": lazy_gettext("nobody is on shift for this language"),
    "join_hold=waiting": lazy_gettext("begins to wait for a person"),
    "join_hold=behind": lazy_gettext("begins to wait for a person, behind others"),
    "look_around=wait": lazy_gettext("still waiting"),
    "look_around=told": lazy_gettext("still waiting; the place in the line is said"),
    "look_around=offer": lazy_gettext("still waiting; a callback is offered"),
    "look_around=nobody": lazy_gettext("nobody is on shift for this language any more: the wait is over"),
    "keep_place=kept": lazy_gettext("would rather be called back"),
    "leave_hold=left": lazy_gettext("waits no more"),
    "save_callback=saved": lazy_gettext("a callback is saved"),
    "save_message=saved": lazy_gettext("a message is saved"),
    "save_message=nothing": lazy_gettext("nothing was said in the message"),
    "save_request=saved": lazy_gettext("a request is saved"),
    "save_request=no_place": lazy_gettext("there is no place"),
    "record_agreement=recorded": lazy_gettext("the agreement is written down"),
    "check_place=place": lazy_gettext("there is a place"),
    "check_place=no_place": lazy_gettext("there is no place"),
    "check_code=right": lazy_gettext("the code is right"),
    "check_code=wrong": lazy_gettext("the code is wrong"),
    "check_code=closed": lazy_gettext("what was asked is closed"),
    "check_code=blocked": lazy_gettext("too many wrong codes"),
    "know_number=known": lazy_gettext("the number that calls is known"),
    "know_number=unknown": lazy_gettext("the number that calls is withheld"),
    "check_number=callable": lazy_gettext("the number can be called"),
    "check_number=foreign": lazy_gettext("the number is not Italian"),
    "check_number=short": lazy_gettext("the number is too short"),
    "check_number=not_valid": lazy_gettext("there is no such number"),
    "greet=welcome": lazy_gettext("a new call"),
    "greet=redial": lazy_gettext("we had rung this number"),
    "change_window=changed": lazy_gettext("the time is changed"),
    "change_number=changed": lazy_gettext("the number is changed"),
    "cancel_ask=cancelled": lazy_gettext("what was asked is cancelled"),
    "unavailable": lazy_gettext("the database did not answer"),
    steps.TOLD: lazy_gettext("information was heard"),
}
"""What was done on the way to a step, by action and outcome; what has no words stands as it is written."""


def did_word(did: str) -> str:
    """What was done, in words. That the carrier could not play something is said elsewhere (`unplayed`)."""
    return str(DID.get(did) or DID.get(did.partition("=")[2]) or did.replace("_", " ").replace("=", ": "))


def unplayed(did: Sequence[str]) -> str | None:
    """The carrier's number of the error where it could not play what was sent; None where it could."""
    mark = f"{steps.UNPLAYED}="
    return next((each.removeprefix(mark) for each in did if each.startswith(mark)), None)


def outcome_word(outcome: str | None) -> str:
    """What came of a call; words for one that goes on."""
    return str(OUTCOMES[outcome or searching.RUNNING][0])


def outcome_tone(outcome: str | None) -> str:
    """The colour of its tag."""
    return OUTCOMES[outcome or searching.RUNNING][1]


def pressed_word(heard: str | None) -> str:
    """What the journey says was heard, in words: `key 8`, `digits 10`, `language bn`, `silence`, `wrong`, a recording."""
    if not heard:
        return gettext("hung up")
    word, _, rest = heard.partition(" ")
    match word:
        case "language":
            return gettext("chose the language: %(language)s", language=language_name(rest))
        case "key":
            return gettext("pressed %(key)s", key=rest)
        case "digits":
            return gettext("keyed %(count)s digits", count=rest) if rest else gettext("keyed digits")
        case "silence":
            return gettext("pressed nothing")
        case "wrong":
            return gettext("pressed a key that leads nowhere")
    return heard.replace("_", " ")


def led_to_word(kind: str, number: int) -> str:
    """What came of a call, by its kind and number."""
    return str(LED_TO[kind]) % {"number": number}


def came_of_word(outcome: str | None, kind: str) -> str | None:
    """How a talk, a request or an offer ended; None while it goes on, or where nobody said."""
    if not outcome:
        return None
    if kind == "hold":
        return str(live_talk.OUTCOMES[Went(outcome)][0])
    return offers_words.FILTERS["outcome_word"](outcome)


def stands_word(state: str) -> str:
    """Where a wait for a person, or a recording, stands."""
    return str(STANDS.get(state, state))


FILTERS: Mapping[str, Callable[..., str | None]] = {
    "did_word": did_word,
    "unplayed": unplayed,
    "call_outcome": outcome_word,
    "call_tone": outcome_tone,
    "pressed_word": pressed_word,
    "led_to_word": led_to_word,
    "came_of_word": came_of_word,
    "stands_word": stands_word,
}
