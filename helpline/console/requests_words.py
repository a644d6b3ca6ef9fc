"""Words for why requests wait, what would help them, and what needs a look. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.console.countries import to_country
from helpline.console.labels import language_name, region_name
from helpline.console.offers_words import REQUESTS, iso_day, place
from helpline.routing.values import Reason

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
SORTS: Mapping[str, LazyString] = {
    "turn": lazy_gettext("as places are given"),
    "oldest": lazy_gettext("longest waiting first"),
    "newest": lazy_gettext("newest first"),
    "promise": lazy_gettext("by the promised day"),
}
REFUSED: Mapping[str, LazyString] = {
    "full": lazy_gettext("the project has no further place"),
    "not_running": lazy_gettext("the project does not run now"),
    "paused": lazy_gettext("the project, or its organisation, is paused"),
    "said_full": lazy_gettext("the organisation said that it has no place now"),
    "gone": lazy_gettext("there is no such request"),
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
    "given_back": lazy_gettext(
        "given back after the number was seen, and without a word that they were reached"
    ),
    "closed_at_once": lazy_gettext(
        "closed for good after the number was seen, and without a word before that they were reached"
    ),
    "entity_silent": lazy_gettext("paused: it let three offers pass without an answer"),
    "entity_gave_back": lazy_gettext(
        "paused: it gave back three people after seeing their numbers. Speak with them"
    ),
    "not_told": lazy_gettext(
        "nobody there is told of offers: it has neither a confirmed mailbox nor an address for webhooks"
    ),
    "told_in_vain": lazy_gettext(
        "nobody there hears of offers: for a day nothing that we send has arrived. Ring them, and send a test under Programs"
    ),
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
    "region_known": lazy_gettext("when filling in the region"),
    "country_known": lazy_gettext("when filling in the country"),
}


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
        return gettext("%(day)s: they are parked until then", day=iso_day(value))
    if kind == "region":
        if not value:
            return gettext("somebody who asks them where they are, or a project for all regions")
        return gettext("a project that covers %(region)s", region=region_name(value))
    if kind == "country":
        if not value:
            return gettext("somebody who asks them where they want to go, or a project for all countries")
        return gettext("a project that takes people who return %(to_country)s", to_country=to_country(value))
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


def refused(word: str) -> str:
    """Why one of several requests was left out: its state by now, or what is against its project."""
    if word in REFUSED:
        return str(REFUSED[word])
    known = REQUESTS.get(word)
    return gettext("it is %(state)s by now", state=str(known[0]) if known else word)


FILTERS = {
    "refused_word": refused,
    "filter_word": lambda word: str(FILTERED.get(word, word)),
    "waits_word": lambda word: str(WAITS.get(word, word)),
    "concern_of_requests": lambda word: str(CONCERNS.get(word, word)),
    "note_word": lambda word: str(NOTES.get(word, word)),
}
