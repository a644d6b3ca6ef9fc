"""Words for the counts that organisations return: what is counted, kinds of plans, periods, faults. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.console import offers_words
from helpline.figures.returns import Unit
from helpline.figures.returns_told import OTHERS
from helpline.routing.counts_values import MOST, REINTEGRATED, What, Why

# In this order they stand side by side; each has a definition under its word, `returns_` before it.
FIGURES: Mapping[str, LazyString] = {
    What.COUNSELLED: lazy_gettext("Counselled"),
    What.PLANS: lazy_gettext("Plans agreed"),
    What.RETURNED: lazy_gettext("People returned"),
    REINTEGRATED: lazy_gettext("Helped after the return"),
}
KINDS: Mapping[str, LazyString] = {
    What.BUSINESS: lazy_gettext("Own business"),
    What.EMPLOYMENT: lazy_gettext("Finding work"),
    What.TRAINING: lazy_gettext("Training for a trade"),
    What.EDUCATION: lazy_gettext("School and studies"),
    What.HOUSING: lazy_gettext("Housing"),
    What.HEALTH: lazy_gettext("Health care"),
    What.OTHER: lazy_gettext("Other"),
}
COUNTED: Mapping[str, LazyString] = {
    word: text for words in (FIGURES, KINDS) for word, text in words.items() if word != REINTEGRATED
}
UNITS: Mapping[Unit, LazyString] = {
    Unit.MONTH: lazy_gettext("By month"),
    Unit.QUARTER: lazy_gettext("By quarter"),
    Unit.YEAR: lazy_gettext("By year"),
}
_WRONG: Mapping[Why, LazyString] = {
    Why.NOT_BEGUN: lazy_gettext("The project had not begun in this month."),
    Why.OVER: lazy_gettext("The project was over in this month."),
    Why.FUTURE: lazy_gettext("This month has not begun."),
    Why.COUNTRY: lazy_gettext("There is no such country: give its name or its two letters."),
    Why.TWICE: lazy_gettext("This country stands in a line above: one line for each."),
    Why.NOTHING: lazy_gettext("Nobody is counted. If there was nothing in this month, say so below."),
}


def wrong(why: Why) -> str:
    """What is wrong with a count, a country or a month."""
    if why == Why.NUMBER:
        return gettext("Give a whole number from 0 to %(most)s.", most=MOST)
    return str(_WRONG[why])


def country(code: str) -> str:
    """A country of return in the reader's language."""
    if code == OTHERS:
        return gettext("all other countries")
    return offers_words.country_name(code) if code else gettext("not known")


def period(name: str) -> str:
    """A period's name as people write it: `2026-11` is `11/2026`, `2026-Q4` is `4º trim. 2026`."""
    year, _, rest = name.partition("-")
    if not rest:
        return year
    if rest.startswith("Q"):
        return gettext("Q%(number)s %(year)s", number=rest[1:], year=year)
    return f"{rest}/{year}"
