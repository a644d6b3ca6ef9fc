"""What another organisation's program may do with its token; pure. Which address wants which is said on its view."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token may be for; a token has one or more."""

    OFFERS_READ = "offers:read"
    OFFERS_ANSWER = "offers:answer"
    PLACES_READ = "places:read"
    PLACES_WRITE = "places:write"
    COUNTS_READ = "counts:read"
    COUNTS_WRITE = "counts:write"


SCOPES: tuple[str, ...] = tuple(Scope)
MEANINGS = {
    Scope.OFFERS_READ: "see the organisation's own offers, without name or number",
    Scope.OFFERS_ANSWER: "accept, decline, see whom an accepted offer is about, and report how it went",
    Scope.PLACES_READ: "see the organisation's own projects and their places",
    Scope.PLACES_WRITE: "change the places of its projects, pause them and go on",
    Scope.COUNTS_READ: "see the counts of people that the organisation returned of its projects",
    Scope.COUNTS_WRITE: "return the counts of a project's month",
}
SHOWS_PEOPLE = frozenset({Scope.OFFERS_ANSWER})
"""Whoever holds a token for one of these can see a number: only the organisation's own people make it on a page."""
