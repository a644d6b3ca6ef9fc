"""The fields of entities and projects as a settings file and the console give them, judged; knows no session."""

import re
from itertools import pairwise
from typing import Any

from helpline import personal
from helpline.hours import WEEKDAYS
from helpline.languages import CODES
from helpline.line.reading import Table
from helpline.places import REGION_CODES, is_country
from helpline.routing.models import Entity, Project
from helpline.routing.values import GROUPS

LISTS = ("regions", "countries", "groups", "languages")
LIMITS = ("places_total", "open_cases", "per_week")
_PROJECT = ("name", "funder", "starts_on", "ends_on", *LIMITS, *LISTS, "contact_phone", "paused_reason")
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def project(table: Table, *, owner: str | None = None) -> dict[str, Any]:
    """A project's columns; what is wrong is noted in the table. `owner`: its entity, where the table must not say it."""
    read: dict[str, Any] = {
        "entity_id": table.text("entity") if owner is None else owner,
        "name": table.text("name"),
        "funder": table.text("funder"),
        "starts_on": table.day("starts_on"),
        "ends_on": table.day("ends_on"),
        **{name: limit(table, name) for name in LIMITS},
        "regions": table.words("regions", REGION_CODES, "twenty regions"),
        "countries": table.words("countries", is_country, "countries (two capital letters, ISO 3166-1)"),
        "groups": table.words("groups", GROUPS, f"groups ({', '.join(GROUPS)})"),
        "languages": table.words("languages", CODES, "nine languages"),
        "contact_phone": table.digits("contact_phone"),
        "paused_reason": _reason(table, "paused_reason"),
    }
    if table.sound("starts_on", "ends_on") and read["ends_on"] < read["starts_on"]:
        table.fault("ends_on", "must not be before starts_on")
    return read


def _reason(table: Table, name: str) -> str | None:
    """Somebody's words that are kept in plain."""
    words = table.text_or_none(name)
    try:
        return None if words is None else personal.reason(words)
    except personal.Telling:
        table.fault(name, "must hold no telephone number and no e-mail address")
    except personal.TooLong:
        table.fault(name, f"must have at most {personal.LONGEST_REASON} characters")
    return None


def limit(table: Table, name: str) -> int | None:
    """One of the three limits: a whole number from nought, or None when the table does not give it."""
    if name not in table.values:
        table.known.add(name)
        return None
    return table.whole(name, 0)


def entity(table: Table) -> dict[str, Any]:
    """An entity's columns; what is wrong is noted in the table."""
    email = table.text_or_none("email")
    too_long = (
        email is not None and len(email) > LONGEST_EMAIL
    )  # looked at no further: a pattern takes its time
    if email is not None and table.sound("email") and (too_long or not _EMAIL.fullmatch(email)):
        table.fault("email", "must be an address such as desk@office.example")
    return {
        "name": table.text("name"),
        "contact": table.text("contact"),
        "email": email,
        "hours": _hours(table),
        "paused_reason": _reason(table, "paused_reason"),
    }


def _hours(table: Table) -> list[dict[str, int]] | None:
    """When it answers: tables of `days`, `from`, `to` in whole hours of Rome; None when nothing is said of it."""
    given = table.take("hours", None)
    if given is None:
        return None
    if not isinstance(given, list) or not given:
        table.fault("hours", 'must be a list such as [{ days = ["monday"], from = 9, to = 17 }]')
        return None
    spans = []
    for number, values in enumerate(given, start=1):
        inner = Table(values, where=f"{table.where}: hours {number}", faults=table.faults, today=table.today)
        days = inner.words("days", WEEKDAYS, "days of the week")
        opens, closes = inner.whole("from", 0, 23), inner.whole("to", 1, 24)
        if inner.sound("from", "to") and opens >= closes:
            inner.fault("to", "must be after from")
        inner.done()
        for day in WEEKDAYS if days == ["*"] else days:
            if day in WEEKDAYS:
                spans.append({"weekday": WEEKDAYS.index(day), "opens": opens, "closes": closes})
    spans.sort(key=lambda span: (span["weekday"], span["opens"]))
    for one, other in pairwise(spans):
        if one["weekday"] == other["weekday"] and other["opens"] < one["closes"]:
            table.fault("hours", f"overlap on {WEEKDAYS[one['weekday']]}")
    return spans


def as_in_a_file(row: Project) -> dict[str, Any]:
    """A project's fields as a settings file would give them; what it has not, is not there."""
    return {name: value for name in _PROJECT if (value := getattr(row, name)) is not None}


def entity_as_in_a_file(row: Entity) -> dict[str, Any]:
    """An entity's fields as a settings file would give them; what it has not, is not there."""
    found = {
        name: value
        for name in ("name", "contact", "email", "paused_reason")
        if (value := getattr(row, name)) is not None
    }
    if row.hours:
        found["hours"] = [
            {"days": [WEEKDAYS[span["weekday"]]], "from": span["opens"], "to": span["closes"]}
            for span in row.hours
        ]
    return found
