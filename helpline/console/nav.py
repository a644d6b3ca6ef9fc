"""What stands in the bar at the top, for whom. Each page that belongs there adds a line; it shows nothing by itself."""

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import LazyString, lazy_gettext

from helpline.people.accounts import Who
from helpline.people.roles import Role


@dataclass(frozen=True)
class Entry:
    """A link to a room: the view it opens, its word, its icon, and the roles that have use for it."""

    endpoint: str
    label: LazyString
    icon: str
    roles: frozenset[Role]
    about: LazyString

    @property
    def current(self) -> bool:
        """Whether the page that is open belongs to this room: to its blueprint, or to one named after it."""
        own = self.endpoint.partition(".")[0]
        return request.blueprint is not None and f"{request.blueprint}_".startswith(f"{own}_")


FIT = (1, 2, 3, 4, 5)
"""So many rooms stand in the bar itself, by the width of the window (`.rooms` in console.css says which); what does not fit
is behind "More", also without JavaScript."""


@dataclass(frozen=True)
class Bar:
    """The rooms of one person, and what the bar's classes say of them: `over-3`, three are too few to hold all;
    `far-3`, where three fit the room that is open is not among them."""

    rooms: list[Entry]

    @property
    def classes(self) -> str:
        """For the bar as a whole."""
        open_ = next((place for place, room in enumerate(self.rooms, 1) if room.current), 0)
        over = [f"over-{fit}" for fit in FIT if len(self.rooms) > fit]
        return " ".join([*over, *(f"far-{fit}" for fit in FIT if open_ > fit)])


# In this order they are offered, and the first stand in the bar itself; the first that somebody may open is where she lands after signing in.
ENTRIES = (
    Entry(
        "callbacks.listed",
        lazy_gettext("Callbacks"),
        "phone",
        frozenset({Role.OPERATOR, Role.COORDINATOR}),
        lazy_gettext("Who is to be called back, in which order, and why."),
    ),
    Entry(
        "live.now",
        lazy_gettext("Live calls"),
        "sound",
        frozenset({Role.OPERATOR, Role.COORDINATOR}),
        lazy_gettext("Being there for those who ask for a person now."),
    ),
    Entry(
        "offers.listed",
        lazy_gettext("Offers"),
        "note",
        frozenset({Role.ENTITY_MEMBER}),
        lazy_gettext("The requests that your organisation may take, its cases and its places."),
    ),
    Entry(
        "requests.listed",
        lazy_gettext("Requests"),
        "note",
        frozenset({Role.COORDINATOR}),
        lazy_gettext("Who waits for an organisation, why, and what would help."),
    ),
    Entry(
        "projects.listed",
        lazy_gettext("Projects"),
        "star",
        frozenset({Role.COORDINATOR}),
        lazy_gettext("Who may be offered requests: places, dates, lists, pauses."),
    ),
    Entry(
        "ledger.shown",
        lazy_gettext("Fairness"),
        "check",
        frozenset({Role.COORDINATOR}),
        lazy_gettext("What each organisation was offered, and how long people waited."),
    ),
    Entry(
        "calls.listed",
        lazy_gettext("Calls"),
        "phone",
        frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
        lazy_gettext("What happened on the line, call by call."),
    ),
    Entry(
        "figures.shown",
        lazy_gettext("Figures"),
        "star",
        frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
        lazy_gettext("How many called, what they wanted, what became of it, what was missing."),
    ),
    Entry(
        "alerts.now",
        lazy_gettext("Alerts"),
        "warn",
        frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
        lazy_gettext("What is wrong on the line now, what to do about it, and who is told."),
    ),
    Entry(
        "network.listed",
        lazy_gettext("Network"),
        "globe",
        frozenset({Role.COORDINATOR, Role.FOCAL_POINT}),
        lazy_gettext("Who signals people, the Focal Points of the regions, information sessions."),
    ),
    Entry(
        "signalling.mine",
        lazy_gettext("Signals"),
        "globe",
        frozenset({Role.NETWORK_MEMBER}),
        lazy_gettext("Tell us of people who would like a call, and see whether they were called."),
    ),
    Entry(
        "prompts.matrix",
        lazy_gettext("Prompts"),
        "sound",
        frozenset({Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR}),
        lazy_gettext("What callers hear, in nine languages: texts, recordings, what is missing."),
    ),
    Entry(
        "line.shown",
        lazy_gettext("The line"),
        "clock",
        frozenset({Role.OPERATOR, Role.COORDINATOR, Role.ADMINISTRATOR}),
        lazy_gettext("Hours, days off, numbers, limits, and what a caller hears when."),
    ),
    Entry(
        "notices.listed",
        lazy_gettext("Notices"),
        "info",
        frozenset({Role.COORDINATOR, Role.EDITOR, Role.ADMINISTRATOR}),
        lazy_gettext("What every caller hears after the welcome, for a day or a week."),
    ),
    Entry(
        "handbook.contents",
        lazy_gettext("Handbook"),
        "book",
        frozenset(Role),
        lazy_gettext("How we work with those who call: what is said, what never, what to do when."),
    ),
    Entry(
        "people.listed",
        lazy_gettext("People"),
        "people",
        frozenset({Role.ADMINISTRATOR}),
        lazy_gettext("Who works here: invite, change, end access."),
    ),
    Entry(
        "programs.listed",
        lazy_gettext("Programs"),
        "key",
        frozenset({Role.ADMINISTRATOR}),
        lazy_gettext("Which programs of organisations may ask ours, and where they are told."),
    ),
    Entry(
        "audit.days",
        lazy_gettext("Audit"),
        "shield",
        frozenset({Role.ADMINISTRATOR}),
        lazy_gettext("Who did or saw what, and whether a line is missing."),
    ),
)


def entries(who: Who | None) -> list[Entry]:
    """The rooms that this person may enter, among those that there are."""
    if who is None:
        return []
    there = current_app.view_functions
    return [entry for entry in ENTRIES if entry.endpoint in there and entry.roles & set(who.roles)]


def bar(who: Who | None) -> Bar:
    """The same, as the bar at the top shows them."""
    return Bar(entries(who))
