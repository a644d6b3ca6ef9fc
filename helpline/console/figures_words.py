"""Words of the pages of figures: outcomes, sums, lengths of time, units, reasons. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.console import requests_words
from helpline.console.calls_words import OUTCOMES
from helpline.console.figures_definitions import DEFINITIONS
from helpline.figures import wanted
from helpline.figures.models import NEVER_OFFERED, Spread

OUTCOMES_OF_CALLS: Mapping[str, LazyString] = {
    word: text for word, (text, _) in OUTCOMES.items() if word != wanted.RUNNING
}
SUMS: Mapping[str, LazyString] = {
    name: DEFINITIONS[name][0]
    for name in ("listened", "wanted_person", "in_time", "left_waiting", "nobody", "turned_away", "closed")
}
"""What is counted of calls beside their outcomes, each by the word of its definition."""
SPREADS: Mapping[Spread, tuple[str, LazyString]] = {
    Spread.USEFUL_SECONDS: ("useful", lazy_gettext("Way to the first useful message, seconds")),
    Spread.USEFUL_KEYS: ("useful", lazy_gettext("Way to the first useful message, keys")),
    Spread.WAIT_SECONDS: ("wait", lazy_gettext("Wait for a person, seconds")),
    Spread.FIRST_TRY_MINUTES: ("first_try", lazy_gettext("Time to the first attempt, minutes")),
    Spread.CONTACT_MINUTES: ("contact", lazy_gettext("Time to contact, minutes")),
    Spread.OFFER_MINUTES: ("offer", lazy_gettext("Time to the first offer, minutes")),
    Spread.ACCEPTANCE_MINUTES: ("acceptance", lazy_gettext("Time to acceptance, minutes")),
}
UNITS: Mapping[str, LazyString] = {
    "hour": lazy_gettext("hour"),
    "day": lazy_gettext("day"),
    "month": lazy_gettext("month"),
}
SOURCES: Mapping[str, LazyString] = {
    "call": lazy_gettext("callers themselves"),
    "signal": lazy_gettext("signalled by somebody"),
}


def missing_word(word: str) -> str:
    """Why a request has, or had, no place."""
    if word == NEVER_OFFERED:
        return gettext("taken back before any organisation was asked")
    return str(requests_words.WAITS.get(word or "new", word))
