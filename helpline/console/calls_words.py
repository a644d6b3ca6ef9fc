"""Words for what happened in calls: outcomes, what was pressed, what it led to. Knows no page."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.calls import steps
from helpline.console import live_talk, offers_words
from helpline.console.labels import language_name
from helpline.figures import wanted
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
    wanted.RUNNING: (lazy_gettext("goes on"), "busy"),
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
    "one_day": lazy_gettext(
        "Choose one day, as its first and its last: the hours of several are not looked for."
    ),
    "days": lazy_gettext(
        "Choose its first and its last day, 14 days at most: which calls came to a step is read step by step."
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
    "cancel_draft=cancelled": lazy_gettext("nothing is saved, as the caller wishes"),
    "change_begins=begun": lazy_gettext("another telephone is to be called"),
    "check_number=premium": lazy_gettext("the number costs extra"),
    "check_number=toll_free": lazy_gettext("the number is a free one, which nobody can be called on"),
    "check_number=stuck": lazy_gettext("no number could be taken down"),
    "check_postal_code=found": lazy_gettext("the postal code is known"),
    "check_postal_code=not_valid": lazy_gettext("there is no such postal code"),
    "record_agreement=minor": lazy_gettext("under 18: nothing is passed on"),
    "remember_minor=minor": lazy_gettext("under 18: a person calls"),
    "use_keyed_number=kept": lazy_gettext("the keyed number is to be called"),
    "use_this_number=kept": lazy_gettext("the number that calls is to be called"),
    "window_purpose=not_offered": lazy_gettext("this time of day is not offered"),
    "change_window=not_offered": lazy_gettext("this time of day is not offered"),
    "gone": lazy_gettext("what was asked is closed"),
    "taken": lazy_gettext("somebody has just taken the call"),
    "too_many": lazy_gettext("the limit is reached"),
    "unavailable": lazy_gettext("the database did not answer"),
    steps.TOLD: lazy_gettext("information was heard"),
}
"""What was done on the way to a step, by action and outcome; what has no words stands as it is written."""
UNTOLD = frozenset(
    {
        "number_purpose=ask",
        "number_purpose=change",
        "remember_minor=ask",
        "window_purpose=callback",
        "window_purpose=help",
        "window_purpose=minor",
    }
)
"""What only says which way the menu goes on: the next step says it as well."""
SLOTS: Mapping[str, LazyString] = {
    "{languages}": lazy_gettext("the languages, each with its key"),
    "{notices}": lazy_gettext("notices of that day, where there were any"),
    "{free_call}": lazy_gettext("that the call is free, where it was"),
    "{project_state}": lazy_gettext("that no project is open, where none was"),
    "{office_contact}": lazy_gettext("the number of the Focal Point"),
    "{opening}": lazy_gettext("when somebody is there again"),
    "{call_by}": lazy_gettext("by which day we call"),
    "{ask_state}": lazy_gettext("where stands what was asked"),
    "{hold_place}": lazy_gettext("the place in the line"),
    "{hold_rough}": lazy_gettext("about how long it takes"),
    "{window_morning}": lazy_gettext("the key for the morning, where it was offered"),
    "{window_afternoon}": lazy_gettext("the key for the afternoon, where it was offered"),
    "{window_evening}": lazy_gettext("the key for the evening, where it was offered"),
    "{window_any}": lazy_gettext("the key for any time"),
}
"""What was said where the words depend on the day or on the call: those themselves are not written down."""


def did_word(did: str) -> str:
    """What was done, in words. That the carrier could not play something is said elsewhere (`unplayed`)."""
    return str(DID.get(did) or DID.get(did.partition("=")[2]) or did.replace("_", " ").replace("=", ": "))


def told(did: Sequence[str]) -> list[str]:
    """What was done, of that which is told, in words."""
    words = [
        did_word(each) for each in did if each not in UNTOLD and not each.startswith(f"{steps.UNPLAYED}=")
    ]
    return list(dict.fromkeys(words))


def slot_word(prompt: str) -> str | None:
    """What a slot of prompts said; None for a prompt, which has a text of its own."""
    return str(SLOTS[prompt]) if prompt in SLOTS else None


def unplayed(did: Sequence[str]) -> str | None:
    """The carrier's number of the error where it could not play what was sent; None where it could."""
    mark = f"{steps.UNPLAYED}="
    return next((each.removeprefix(mark) for each in did if each.startswith(mark)), None)


def outcome_word(outcome: str | None) -> str:
    """What came of a call; words for one that goes on."""
    return str(OUTCOMES[outcome or wanted.RUNNING][0])


def outcome_tone(outcome: str | None) -> str:
    """The colour of its tag."""
    return OUTCOMES[outcome or wanted.RUNNING][1]


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
        case "recorded":
            return gettext("spoke after the tone")
        case "nothing":
            return gettext("said nothing after the tone")
        case "skipped":
            return gettext("said nothing and went on by a key")
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


FILTERS: Mapping[str, Callable[..., object]] = {
    "told": told,
    "slot_word": slot_word,
    "unplayed": unplayed,
    "call_outcome": outcome_word,
    "call_tone": outcome_tone,
    "pressed_word": pressed_word,
    "led_to_word": led_to_word,
    "came_of_word": came_of_word,
    "stands_word": stands_word,
}
