"""Words for what routing calls by short names: states, reasons, outcomes, fields. Knows no page."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import LazyString, get_locale, gettext, lazy_gettext, ngettext

from helpline.console import formats, offers_hours
from helpline.console.labels import language_name, region_name
from helpline.routing.models import CaseOutcome, DeclineReason

GROUPS: Mapping[str, LazyString] = {
    "self": lazy_gettext("one person"),
    "family": lazy_gettext("a family"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "pending": (lazy_gettext("to be answered"), "warn"),
    "accepted": (lazy_gettext("accepted"), "good"),
    "declined": (lazy_gettext("declined"), "calm"),
    "expired": (lazy_gettext("not answered in time"), "warn"),
    "withdrawn": (lazy_gettext("pulled back"), "calm"),
    "closed": (lazy_gettext("closed"), "calm"),
}
REQUESTS: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("waits for a place"), "warn"),
    "needs_person": (lazy_gettext("needs a person"), "bad"),
    "offered": (lazy_gettext("offered"), "busy"),
    "accepted": (lazy_gettext("accepted"), "good"),
    "closed": (lazy_gettext("closed"), "calm"),
    "cancelled": (lazy_gettext("taken back by the person"), "calm"),
}
PROJECTS: Mapping[str, tuple[LazyString, str]] = {
    "open": (lazy_gettext("open"), "good"),
    "full": (lazy_gettext("full"), "warn"),
    "said_full": (lazy_gettext("no place now, they say"), "warn"),
    "paused": (lazy_gettext("paused"), "bad"),
    "coming": (lazy_gettext("not begun"), "busy"),
    "over": (lazy_gettext("over"), "calm"),
}
DECLINES: Mapping[str, tuple[LazyString, LazyString]] = {
    DeclineReason.NO_PLACE_NOW: (
        lazy_gettext("No place now"),
        lazy_gettext(
            "The next organisation is asked. You get no more offers until you say that you have places again."
        ),
    ),
    DeclineReason.NOT_OUR_TERRITORY: (
        lazy_gettext("Not our territory"),
        lazy_gettext("The next organisation is asked; you are not asked about this person again."),
    ),
    DeclineReason.NOT_ELIGIBLE_HERE: (
        lazy_gettext("Not eligible in our project"),
        lazy_gettext("The next organisation is asked; you are not asked about this person again."),
    ),
    DeclineReason.CANNOT_REACH: (
        lazy_gettext("We cannot reach the person"),
        lazy_gettext("An operator of the line calls them."),
    ),
    DeclineReason.OTHER: (
        lazy_gettext("Another reason"),
        lazy_gettext("A coordinator looks at it: write below why."),
    ),
}
OUTCOMES: Mapping[str, tuple[LazyString, LazyString]] = {
    CaseOutcome.CONTACTED: (
        lazy_gettext("Contacted"),
        lazy_gettext("You have spoken with the person."),
    ),
    CaseOutcome.COUNSELLING_BEGUN: (
        lazy_gettext("Counselling begun"),
        lazy_gettext("From now on the case counts among the places of the project."),
    ),
    CaseOutcome.PLAN_MADE: (
        lazy_gettext("Plan made"),
        lazy_gettext("The plan for return and reintegration is agreed."),
    ),
    CaseOutcome.RETURNED: (
        lazy_gettext("Returned"),
        lazy_gettext("The person has left; the case is closed."),
    ),
    CaseOutcome.WITHDREW: (
        lazy_gettext("The person does not want it any more"),
        lazy_gettext("The case is closed. They may ask again at any time."),
    ),
    CaseOutcome.NOT_ELIGIBLE: (
        lazy_gettext("Not eligible"),
        lazy_gettext("For no project, not only for yours: the case is closed."),
    ),
    CaseOutcome.UNREACHABLE: (
        lazy_gettext("Not reached"),
        lazy_gettext(
            "After several tries on different days: the case is closed for good. If our operators shall try, give the "
            "case back instead."
        ),
    ),
}
CALLS: Mapping[str, LazyString] = {
    "completed": lazy_gettext("talked with the person"),
    "busy": lazy_gettext("busy"),
    "no_answer": lazy_gettext("no answer"),
    "failed": lazy_gettext("the number cannot be reached"),
    "canceled": lazy_gettext("hung up before anybody answered"),
    "machine": lazy_gettext("an answering machine; no message was left"),
    "refused": lazy_gettext("somebody answered, and did not want the call"),
    "gave_up": lazy_gettext("somebody answered, and hung up"),
    "network": lazy_gettext("the network failed"),
}
FIELDS: Mapping[str, LazyString] = {
    "name": lazy_gettext("Name"),
    "funder": lazy_gettext("Funder"),
    "starts_on": lazy_gettext("First day"),
    "ends_on": lazy_gettext("Last day"),
    "places_total": lazy_gettext("Places in all"),
    "open_cases": lazy_gettext("Open cases at a time"),
    "per_week": lazy_gettext("Offers in a week"),
    "regions": lazy_gettext("Regions"),
    "countries": lazy_gettext("Countries of return"),
    "groups": lazy_gettext("Groups"),
    "languages": lazy_gettext("Languages spoken"),
    "contact_phone": lazy_gettext("Public telephone"),
    "paused_reason": lazy_gettext("Pause"),
    "full": lazy_gettext("No place now"),
    "contact": lazy_gettext("Contact"),
    "email": lazy_gettext("E-mail"),
    "hours": lazy_gettext("Working hours"),
    "expires_at": lazy_gettext("Answer by"),
    "entity_id": lazy_gettext("Organisation"),
}
_SILENT = re.compile(r"did not answer (\d+) offers in a row")
_LOOKED = re.compile(r"gave back (\d+) people after seeing their number, in (\d+) days")
_LISTS: Mapping[str, Any] = {
    "regions": region_name,
    "languages": language_name,
    "groups": lambda code: str(GROUPS.get(code, code)),
}


def iso_day(value: Any) -> str:
    """A day that is kept as text (`2026-11-23`), for people."""
    return formats.day(date.fromisoformat(str(value)))


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Countries as a form offers them, by their names."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda one: one[1])


def country_name(code: str | None) -> str:
    """A country in the reader's language; the code where there is no name."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale and code else (code or "")


def place(region: str | None, country: str | None) -> str:
    """`Lazio → Bangladesh`; what is not known is said so."""
    here = region_name(region) or gettext("region not known")
    return f"{here} → {country_name(country) or gettext('country not known')}"


def codes(field: str, values: Iterable[str]) -> str:
    """A project's list for people: names, or `any`."""
    found = list(values)
    if found == ["*"]:
        return gettext("any")
    name = _LISTS.get(field, country_name)
    return ", ".join(str(name(code)) for code in found)


def plain(field: str, value: Any) -> str:
    """One side of a change, for people."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field in {*_LISTS, "countries"} and isinstance(value, list):
        return codes(field, value)
    if field in {"starts_on", "ends_on"}:
        return iso_day(value)
    if field == "expires_at":
        return formats.when(datetime.fromisoformat(str(value)))
    if field == "paused_reason":
        return pause(str(value))
    if field == "hours":
        return offers_hours.line(value)
    return str(value)


def pause(reason: str | None) -> str:
    """Why something is paused: somebody's own words, or those of routing in the reader's language."""
    silent = _SILENT.fullmatch(reason or "")
    if silent:
        count = int(silent[1])
        return ngettext("%(num)s offer was not answered", "%(num)s offers in a row were not answered", count)
    looked = _LOOKED.fullmatch(reason or "")
    if looked:
        return gettext(
            "%(num)s people were given back in %(days)s days after a look at their number",
            num=looked[1],
            days=looked[2],
        )
    return reason or ""


_WHYS: Mapping[str, LazyString] = {
    "said so": lazy_gettext("their own word"),
    "said by its own program": lazy_gettext("by its own program"),
    "said by the organisation": lazy_gettext("their own word"),
    "extended": lazy_gettext("more time was given"),
    "resumed": lazy_gettext("the pause is over"),
}
_DECLINED = re.compile(r"declined offer (\d+)")
_LOADED = re.compile(r"loaded from (.+)")


def why(words: str) -> str:
    """Why something was changed: somebody's own words, or those of routing in the reader's language."""
    declined = _DECLINED.fullmatch(words)
    if declined:
        return gettext("declined offer %(number)s", number=declined[1])
    loaded = _LOADED.fullmatch(words)
    if loaded:
        return gettext("loaded from %(file)s", file=loaded[1])
    return str(_WHYS.get(words, words))


def by_whom(who: str, names: Mapping[int, str], members: Iterable[int] | None = None) -> str:
    """Who did something. `members`: the people whom the reader may know by name; others are "the line"."""
    kind, _, number = who.partition(" ")
    if kind == "person" and number.isdigit():
        if members is not None and int(number) not in set(members):
            return gettext("the line’s coordination")
        return names.get(int(number), gettext("somebody"))
    if kind == "token":
        return gettext("the organisation’s program")
    if kind in {"router", "caller", "retention"}:
        return {
            "router": gettext("the line"),
            "caller": gettext("the person who asked"),
            "retention": gettext("the line"),
        }[kind]
    return gettext("the line’s coordination") if members is not None else who


def _first(table: Mapping[str, tuple[LazyString, Any]], word: str) -> str:
    return str(table[word][0]) if word in table else word


FILTERS = {
    "offer_word": lambda word: _first(STATES, word),
    "offer_tone": lambda word: STATES[word][1] if word in STATES else "calm",
    "request_word": lambda word: _first(REQUESTS, word),
    "request_tone": lambda word: REQUESTS[word][1] if word in REQUESTS else "calm",
    "project_word": lambda word: _first(PROJECTS, word),
    "project_tone": lambda word: PROJECTS[word][1] if word in PROJECTS else "calm",
    "outcome_word": lambda word: _first(OUTCOMES, word),
    "decline_word": lambda word: _first(DECLINES, word),
    "group_word": lambda word: str(GROUPS.get(word, word or "—")),
    "field_word": lambda word: str(FIELDS.get(word, word)),
    "pause_words": pause,
    "call_word": lambda word: str(CALLS.get(word, word)),
    "country_name": country_name,
    "iso_day": iso_day,
    "iso_long_day": lambda value: formats.long_day(date.fromisoformat(str(value))),
    "last_day": lambda moment: formats.day(moment - timedelta(seconds=1)),
}
