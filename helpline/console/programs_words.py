"""Words for what the interface calls by short names: scopes, kinds of messages, states, refusals. Knows no page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.api import tokens
from helpline.api.models import DeliveryState
from helpline.console.forms import Form
from helpline.db.outbox import EntityKind, Kind
from helpline.faults import Faults
from helpline.people.scopes import SHOWS_PEOPLE, Scope

SCOPES: Mapping[Scope, tuple[LazyString, LazyString]] = {
    Scope.OFFERS_READ: (lazy_gettext("See offers"), lazy_gettext("Without name or number.")),
    Scope.OFFERS_ANSWER: (
        lazy_gettext("Answer offers"),
        lazy_gettext("Accept, decline, see whom an accepted offer is about, report how it goes."),
    ),
    Scope.PLACES_READ: (lazy_gettext("See places"), lazy_gettext("The projects and what is free in them.")),
    Scope.PLACES_WRITE: (
        lazy_gettext("Change places"),
        lazy_gettext("Limits, pauses, and the word that there is no place now."),
    ),
    Scope.COUNTS_READ: (
        lazy_gettext("See counts"),
        lazy_gettext(
            "How many people were counselled, had a plan, returned: what was returned of each month."
        ),
    ),
    Scope.COUNTS_WRITE: (
        lazy_gettext("Return counts"),
        lazy_gettext("How many people of a project’s month, never who."),
    ),
}
LASTS: Mapping[str, LazyString] = {
    "30": lazy_gettext("30 days"),
    "90": lazy_gettext("90 days"),
    "365": lazy_gettext("a year"),
}
USUAL = "365"
KINDS: Mapping[str, LazyString] = {
    Kind.OFFER_MADE: lazy_gettext("New offer"),
    Kind.OFFER_REMINDER: lazy_gettext("Reminder"),
    Kind.OFFER_EXPIRED: lazy_gettext("Not answered in time"),
    Kind.OFFER_WITHDRAWN: lazy_gettext("Offer pulled back"),
    Kind.OFFER_EXTENDED: lazy_gettext("More time"),
    Kind.ENTITY_PAUSED: lazy_gettext("The organisation is paused"),
    Kind.TEST: lazy_gettext("Test"),
    EntityKind.MAILBOX_TO_PROVE: lazy_gettext("Link to confirm the mailbox"),
    EntityKind.TOKEN_ENDS: lazy_gettext("A token ends soon"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    DeliveryState.DUE: (lazy_gettext("is tried"), "busy"),
    DeliveryState.DELIVERED: (lazy_gettext("arrived"), "good"),
    DeliveryState.GIVEN_UP: (lazy_gettext("given up"), "bad"),
    DeliveryState.DROPPED: (lazy_gettext("not sent"), "calm"),
}
# What the services say, as one reads it in logs and on the command line, and what a page says of it.
WRONG: Mapping[str, LazyString] = {
    "is no address": lazy_gettext("This is no address."),
    "must be an address such as": lazy_gettext(
        "Give a whole address, such as https://cases.example.org/hooks/helpline."
    ),
    "must begin with https://": lazy_gettext("It must begin with https://."),
    "must not hold a user or a password": lazy_gettext("It must not hold a user or a password."),
    "must not hold a #fragment": lazy_gettext("It must not hold a # and what follows it."),
    "must use one of the ports": lazy_gettext("Only the ports 443 and 8443 are reached."),
    "must be at most": lazy_gettext("It is too long, or holds characters that addresses do not have."),
    "must not be inside": lazy_gettext("It is inside a private network: we send only to the open internet."),
    "has 5 endpoints already": lazy_gettext("There are five addresses already: remove one first."),
    "must have 1 to": lazy_gettext("Use letters, digits and signs that can be printed."),
}
ERRORS: Mapping[str, LazyString] = {
    "too slow": lazy_gettext("no answer within eight seconds"),
    "no connection": lazy_gettext("nobody answers at that address"),
    "name not found": lazy_gettext("the address’s name is not known"),
    "name not found in time": lazy_gettext("the address’s name is not known"),
    "certificate or TLS at fault": lazy_gettext("its certificate is not valid"),
    "no usable answer": lazy_gettext("what answers there does not speak HTTP"),
    "the name stands for an address inside a private network": lazy_gettext(
        "the name stands for a machine inside a private network"
    ),
    "HELPLINE_SMTP_URL is not set": lazy_gettext("no mail server is set up here"),
    "the offer waits for no answer any more": lazy_gettext("the offer was no longer waiting for an answer"),
    "the offer is forgotten": lazy_gettext("the offer is forgotten"),
    "there is nobody to tell any more": lazy_gettext("the address was removed"),
    "paused when it was to be told": lazy_gettext("paused when it was to be sent"),
}


def refused(form: Form, faults: Faults) -> None:
    """Show what a service refused: all of it, in the reader's words, beside its field."""
    said: dict[str, list[str]] = {}
    for fault in faults.faults:
        field, _, words = fault.partition(": ")
        text = next((str(text) for begin, text in WRONG.items() if words.startswith(begin)), "")
        said.setdefault("address" if field == "entity" else field, []).append(
            text or gettext("This is not right.")
        )
    for field, texts in said.items():
        form.fault(field, " ".join(texts))


def error(words: str | None) -> str:
    """Why something did not arrive, for people."""
    if words is None:
        return ""
    if words.startswith("answered "):
        return gettext("the program answered %(status)s", status=words.removeprefix("answered "))
    if words.startswith("the mail server answered "):
        return gettext(
            "the mail server answered %(status)s", status=words.removeprefix("the mail server answered ")
        )
    if words.startswith("a fault of ours"):
        return gettext("a fault of ours; it is tried again")
    return str(ERRORS.get(words, words))


def scopes(*, member: bool) -> list[Scope]:
    """What a token that is made on the page may be for; one that shows people only for the organisation's own."""
    return [scope for scope in SCOPES if member or scope not in SHOWS_PEOPLE]


def options(*, member: bool) -> dict[str, Any]:
    """What the forms let one choose from."""
    offered = scopes(member=member)
    return {
        "scopes": [(str(scope), f"{SCOPES[scope][0]} ({scope})", SCOPES[scope][1]) for scope in offered],
        "lasts": list(LASTS.items()),
        "longest": tokens.LONGEST_NAME,
    }


FILTERS = {
    "scope_word": lambda scope: str(SCOPES[Scope(scope)][0]),
    "message_word": lambda kind: str(KINDS.get(kind, kind)),
    "delivery_word": lambda state: str(STATES[state][0]),
    "delivery_tone": lambda state: STATES[state][1],
    "delivery_error": error,
}
