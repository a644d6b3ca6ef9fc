"""Words of exported files: headings by column, what stands in cells, where an export stands and why one was refused. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from helpline import spreadsheet
from helpline.console.calls_words import OUTCOMES
from helpline.console.labels import language_name
from helpline.console.words import language
from helpline.figures import wanted
from helpline.figures.exporting.asking import MOST_KEPT, Refused
from helpline.figures.exporting.columns import What
from helpline.figures.exporting.forms import Words
from helpline.languages import CODES

HEADINGS: Mapping[str, LazyString] = {
    "call": lazy_gettext("Number of the call"),
    "began_at": lazy_gettext("Began (Rome)"),
    "call_began_at": lazy_gettext("Call began (Rome)"),
    "utc_offset": lazy_gettext("Offset"),
    "caller": lazy_gettext("Caller, in this file"),
    "language": lazy_gettext("Language"),
    "outcome": lazy_gettext("What came of it"),
    "ended_at_step": lazy_gettext("Ended at step"),
    "seconds": lazy_gettext("Seconds"),
    "keys": lazy_gettext("Keys pressed"),
    "heard_message": lazy_gettext("Heard a key message"),
    "useful_after_seconds": lazy_gettext("Seconds to the first useful message"),
    "useful_after_keys": lazy_gettext("Keys to the first useful message"),
    "waited_seconds": lazy_gettext("Seconds waited for a person"),
    "answered": lazy_gettext("Talked with a person"),
    "nobody_there": lazy_gettext("Nobody there any more"),
    "turned_away": lazy_gettext("Told that nobody is there"),
    "number_dialled": lazy_gettext("Number dialled"),
    "turn": lazy_gettext("Turn"),
    "seconds_into_call": lazy_gettext("Seconds into the call"),
    "step": lazy_gettext("Step"),
    "heard": lazy_gettext("What was heard"),
    "to_step": lazy_gettext("Went to step"),
}
WHATS: Mapping[str, LazyString] = {
    What.CALLS: lazy_gettext("Calls, a row each"),
    What.STEPS: lazy_gettext("Steps of calls, a row each"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("waits for its turn"), "calm"),
    "running": (lazy_gettext("is being made"), "busy"),
    "done": (lazy_gettext("ready"), "good"),
    "failed": (lazy_gettext("was not made"), "bad"),
}
FAILED: Mapping[str, LazyString] = {
    "too_large": lazy_gettext(
        "There are too many rows for one file: choose a shorter period, or fewer calls."
    ),
    "given_up": lazy_gettext(
        "It was begun several times and did not come to an end. Tell whoever runs the service."
    ),
}


def refused(why: Refused) -> str:
    """Why an export is not begun, and what helps."""
    match why:
        case Refused.RUNNING:
            return gettext("Another file of yours is being made: wait until it is ready, or stop it.")
        case Refused.KEPT:
            return gettext("You have %(most)s files here already: delete one first.", most=MOST_KEPT)
        case Refused.PLACES:
            return gettext(
                "The calls of a step that asks for a region are not saved as a file: each row would say in which part of"
                " Italy somebody is. Choose the step before it, or another one."
            )
    return gettext(
        "All files together take up too much room now: delete what you need no more, or try again tomorrow."
    )


def file_words(what: What) -> Words:
    """What people read in a file, in the reader's language."""
    outcomes = {code: str(text) for code, (text, _) in OUTCOMES.items() if code != wanted.RUNNING}
    return Words(
        {name: str(text) for name, text in HEADINGS.items()},
        {
            "language": {"": gettext("none chosen"), **{code: language_name(code) for code in CODES}},
            "outcome": {"": str(OUTCOMES[wanted.RUNNING][0]), **outcomes},
        },
        gettext("yes"),
        gettext("no"),
        gettext("Calls") if what is What.CALLS else gettext("Steps"),
        spreadsheet.for_people(language()),
    )


def file_name(what: str, form: str, day: str) -> str:
    """`calls-2026-11-24.xlsx`, with our word for it in the reader's language."""
    name = gettext("calls") if what == What.CALLS else gettext("steps")
    return f"{name}-{day}.{form}"


def file_size(size: int) -> tuple[str, float]:
    """A length in kilobytes or megabytes, as unit and number."""
    return ("MB", round(size / 1e6, 1)) if size >= 1e6 else ("kB", float(-(-size // 1000)))
