"""The form of a project: what was typed as fields of a settings file, and what a service refused, beside its field."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from helpline.console import offers_words
from helpline.console.forms import Form
from helpline.console.labels import language_name
from helpline.console.offers_places import LIMITS, limits_of, whole
from helpline.faults import Faults
from helpline.languages import CODES
from helpline.places import REGIONS, is_country
from helpline.routing import projects

GROUPS = ("self", "family")
_FAULT = re.compile(r'project "[^"]*": (\w+): ')
_WRONG = {
    "id": lazy_gettext("Use small letters, digits and hyphens, at most 60; no other project may have it."),
    "contact_phone": lazy_gettext("Give the digits to dial in Italy, such as 0655500000."),
    "ends_on": lazy_gettext("Choose a day that is not before the first."),
    "countries": lazy_gettext("Use codes of two letters, such as BD MA TN."),
}


def read(form: Form) -> dict[str, Any]:
    """The fields of a project as they were typed; what could not be read is a fault of the form.

    A list in which nothing is chosen is any. None: an optional field that is empty.
    """
    starts_on, ends_on = form.day("starts_on", required=True), form.day("ends_on", required=True)
    if starts_on and ends_on and ends_on < starts_on:
        form.fault("ends_on", str(_WRONG["ends_on"]))
    return {
        "name": form.text("name", most=120),
        "funder": form.text("funder", most=120),
        "starts_on": starts_on,
        "ends_on": ends_on,
        **{name: whole(form, name) for name in LIMITS},
        "regions": form.many("regions", [region.code for region in REGIONS]) or ["*"],
        "countries": _countries(form),
        "groups": form.many("groups", GROUPS) or ["*"],
        "languages": form.many("languages", CODES) or ["*"],
        "contact_phone": "".join(form.text("contact_phone", required=False, most=30).split()) or None,
    }


def _countries(form: Form) -> list[str]:
    typed = sorted(
        set(re.split(r"[\s,;]+", form.text("countries", required=False, most=2000).upper())) - {""}
    )
    unknown = [code for code in typed if not is_country(code)]
    if unknown and typed != ["*"]:
        form.fault(
            "countries",
            gettext("No country has the code %(code)s: use two letters, such as BD.", code=unknown[0]),
        )
    return typed or ["*"]


def values_of(row: projects.Row) -> dict[str, str | Sequence[str]]:
    """A project as the form shows it."""
    return {
        "name": row.name,
        "funder": row.funder,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "contact_phone": row.contact_phone or "",
        "countries": "" if row.countries == ("*",) else " ".join(row.countries),
        **limits_of(row),
        **{
            name: () if getattr(row, name) == ("*",) else getattr(row, name)
            for name in ("regions", "groups", "languages")
        },
    }


def refused(form: Form, faults: Faults) -> None:
    """Show what the service refused, beside its field."""
    for fault in faults.faults:
        found = _FAULT.match(fault)
        field = found[1] if found else ""
        form.fault(field, str(_WRONG.get(field, gettext("This is not right."))))


def version(changes: Sequence[projects.Change]) -> str:
    """A name for a project as it stands: the moment of its newest change."""
    return changes[0].at.isoformat() if changes else ""


def options() -> dict[str, Any]:
    """What the lists let one choose from, and the fields' names."""
    return {
        "words": {
            **offers_words.FIELDS,
            "id": gettext("Short name"),
            "why": gettext("Reason for the change"),
            "pause": gettext("Reason for the pause"),
        },
        "region_options": [(region.code, region.name, "") for region in REGIONS],
        "group_options": [(code, str(offers_words.GROUPS[code]), "") for code in GROUPS],
        "language_options": [(code, language_name(code), "") for code in CODES],
    }
