"""Words for what happened in calls: outcomes, what was pressed, what it led to. Knows no page."""

from collections.abc import Callable, Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.figures import searching

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


def outcome_word(outcome: str | None) -> str:
    """What came of a call; words for one that goes on."""
    return str(OUTCOMES[outcome or searching.RUNNING][0])


def outcome_tone(outcome: str | None) -> str:
    """The colour of its tag."""
    return OUTCOMES[outcome or searching.RUNNING][1]


def pressed_word(heard: str | None) -> str:
    """What the journey says was heard, in words: `key 8`, `digits 10`, `language 8`, `silence`, `wrong`, a recording."""
    if not heard:
        return gettext("hung up")
    word, _, rest = heard.partition(" ")
    match word:
        case "key" | "language":
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


def stands_word(state: str) -> str:
    """Where a wait for a person, or a recording, stands."""
    return str(STANDS.get(state, state))


FILTERS: Mapping[str, Callable[..., str]] = {
    "call_outcome": outcome_word,
    "call_tone": outcome_tone,
    "pressed_word": pressed_word,
    "led_to_word": led_to_word,
    "stands_word": stands_word,
}
