"""Words for what routing calls by short names: states, reasons, outcomes, what would help. Knows no page."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import LazyString, get_locale, gettext, lazy_gettext, ngettext

from helpline.console import formats, offers_hours
from helpline.console.labels import language_name, region_name
from helpline.routing.models import CaseOutcome, DeclineReason
from helpline.routing.values import Reason

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
FILTERED: Mapping[str, LazyString] = {
    Reason.REGION: lazy_gettext("takes people of other regions"),
    Reason.COUNTRY: lazy_gettext("takes people for other countries"),
    Reason.GROUP: lazy_gettext("takes other groups"),
    Reason.LANGUAGE: lazy_gettext("does not speak the language"),
    Reason.DECLINED: lazy_gettext("has declined"),
    Reason.NOT_RUNNING: lazy_gettext("does not run now"),
    Reason.PAUSED: lazy_gettext("is paused"),
    Reason.SAID_FULL: lazy_gettext("said that there is no place"),
    Reason.COOLING: lazy_gettext("did not answer lately, or was pulled back"),
    Reason.FULL: lazy_gettext("is full"),
    Reason.HELD: lazy_gettext("keeps its last places for urgent ones"),
    Reason.PARKED: lazy_gettext("parked by a coordinator"),
}
WAITS: Mapping[str, LazyString] = {
    "new": lazy_gettext("nobody has looked yet"),
    "wait": lazy_gettext("waits for a place"),
    "no_project": lazy_gettext("no project runs"),
    "nobody_fits": lazy_gettext("no project takes such a request"),
    "parked": lazy_gettext("parked"),
    "held": lazy_gettext("places are kept for urgent ones"),
    "cannot_reach": lazy_gettext("an organisation could not reach the person: an operator calls"),
    "other": lazy_gettext("declined for another reason: a coordinator decides"),
    "not_reached": lazy_gettext("our own calls did not reach the person either"),
}
FULL: Mapping[str, LazyString] = {
    "full": lazy_gettext("This project has no free place any more."),
    "not_running": lazy_gettext("This project does not run now."),
    "paused": lazy_gettext("This project, or its organisation, is paused."),
    "said_full": lazy_gettext("Its organisation said that it has no place now."),
}
CONCERNS: Mapping[str, LazyString] = {
    "not_contacted": lazy_gettext("accepted three working days ago, and nobody has reported a contact"),
    "promise_passed": lazy_gettext("the promised day has passed"),
    "promise_before_answer": lazy_gettext(
        "promised a call before the organisation must answer: one of ours can call"
    ),
    "given_back": lazy_gettext(
        "given back after the number was seen, and without a word that they were reached"
    ),
    "entity_silent": lazy_gettext("paused: it let three offers pass without an answer"),
    "entity_gave_back": lazy_gettext(
        "paused: it gave back three people after seeing their numbers. Speak with them"
    ),
    "not_told": lazy_gettext(
        "nobody there is told of offers: it has neither a mailbox nor an address for webhooks"
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
NOTES: Mapping[str, LazyString] = {
    "declined": lazy_gettext("when declining"),
    "withdrawn": lazy_gettext("when pulling the offer back"),
    "assigned": lazy_gettext("when assigning by hand"),
    "parked": lazy_gettext("when parking"),
    "unparked": lazy_gettext("when letting it be offered again"),
    "urgent": lazy_gettext("when marking urgent"),
    "extended": lazy_gettext("when giving more time"),
    "to_be_called": lazy_gettext("when having them called"),
    "taken_back": lazy_gettext("when taking it back for the person"),
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
_LISTS: Mapping[str, Any] = {
    "regions": region_name,
    "languages": language_name,
    "groups": lambda code: str(GROUPS.get(code, code)),
}


def _day(value: Any) -> str:
    return formats.day(date.fromisoformat(str(value)))


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
        return _day(value)
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


def helps(kind: str, value: str) -> str:
    """What would help those of a group, as the rest of "… wait for"."""
    said = {
        "place": gettext("a free place"),
        "resume": gettext("a paused project to go on"),
        "begin": gettext("a project that begins"),
        "answer": gettext("an organisation that did not answer to be asked again"),
        "entity": gettext("another organisation: those that fit have declined"),
        "open_project": gettext("a project that runs"),
        "coordinator": gettext("a coordinator"),
        "operator": gettext("an operator, who calls them"),
    }
    if kind in said:
        return said[kind]
    if kind == "wait":
        return gettext("%(day)s: they are parked until then", day=_day(value))
    if kind == "region":
        if not value:
            return gettext("somebody who asks them where they are, or a project for all regions")
        return gettext("a project that covers %(region)s", region=region_name(value))
    if kind == "country":
        if not value:
            return gettext("somebody who asks them where they want to go, or a project for all countries")
        return gettext("a project that takes people for %(country)s", country=country_name(value))
    if kind == "group":
        return (
            gettext("a project that takes families")
            if value == "family"
            else gettext("a project that takes single people")
        )
    if kind == "language":
        return gettext("a project that speaks %(language)s", language=language_name(value))
    region, country, language = ((*value.split(" "), "?", "?", "?"))[:3]
    return gettext(
        "a project for %(place)s, in %(language)s",
        place=place(region if region != "?" else None, country if country != "?" else None),
        language=language_name(language),
    )


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
    "filter_word": lambda word: str(FILTERED.get(word, word)),
    "waits_word": lambda word: str(WAITS.get(word, word)),
    "concern_of_requests": lambda word: str(CONCERNS.get(word, word)),
    "note_word": lambda word: str(NOTES.get(word, word)),
    "field_word": lambda word: str(FIELDS.get(word, word)),
    "pause_words": pause,
    "call_word": lambda word: str(CALLS.get(word, word)),
    "country_name": country_name,
    "iso_day": _day,
    "iso_long_day": lambda value: formats.long_day(date.fromisoformat(str(value))),
    "last_day": lambda moment: formats.day(moment - timedelta(seconds=1)),
}
