"""What would help somebody who waits: a project that also takes one more code, a place, a day, or a person. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from helpline.hours import today
from helpline.languages import CODES
from helpline.places import REGIONS
from helpline.routing.filters import why_not
from helpline.routing.values import ANY, Project, Reason, Wanted


@dataclass(frozen=True)
class Row:
    """One request that waits. `code`: why (`wait`, `no_project`, `nobody_fits`, `parked`, `held`, `cannot_reach`, `other`,
    `not_reached`, or `new` before anybody looked); `says`: the line with the counts. `late`: its promised day has passed.
    """

    id: int
    language: str
    region: str | None
    country: str | None
    group: str
    urgent: bool
    waiting_since: datetime
    promised_on: date | None
    state: str
    code: str
    says: str | None
    may_free_on: str | None
    held_for: str | None
    parked_until: datetime | None
    late: bool


@dataclass(frozen=True)
class Help:
    """What would help: `kind` and `value`, for pages to say in their language; `says` in English.

    Kinds: `region`, `country`, `group`, `language` (a project that also takes this code) · `project` (one for the region,
    country and language that `value` names) · `entity` (another one: all that fit have declined) · `place`, `resume`,
    `begin`, `answer` (for projects that fit, but are full, paused, not begun, or did not answer lately) ·
    `open_project` · `coordinator` · `operator` · `wait` (until a day: parked).
    """

    kind: str
    value: str
    says: str


_SOLE = {
    Reason.REGION: "region",
    Reason.COUNTRY: "country",
    Reason.GROUP: "group",
    Reason.LANGUAGE: "language",
}
_LATER = {
    Reason.FULL: ("place", "a free place"),
    Reason.HELD: ("place", "a free place"),
    Reason.SAID_FULL: ("place", "a free place"),
    Reason.PAUSED: ("resume", "a project that is paused"),
    Reason.COOLING: ("answer", "the day after which an entity that did not answer is asked again"),
    Reason.NOT_RUNNING: ("begin", "a project that begins"),
    Reason.DECLINED: ("entity", "another entity: those that fit have declined"),
}


def help_of(row: Row, one: Wanted | None, projects: Sequence[Project], here: date) -> Help:
    """What would help whoever waits: `one` is the request as the policy sees it, None when a person holds it back."""
    if row.held_for:
        return Help(row.held_for, "", f"{'an' if row.held_for == 'operator' else 'a'} {row.held_for}")
    if row.parked_until and one is not None and one.parked:
        day = today(row.parked_until).isoformat()
        return Help("wait", day, f"{day}: they are parked until then")
    alive = [project for project in projects if project.ends_on >= here]
    if not alive or one is None:
        return Help("open_project", "", "a project that is open")
    reasons = Counter(_first_two(one, project, here) for project in alive)
    for reason, (kind, says) in _LATER.items():
        if reasons[(reason,)]:
            return Help(kind, "", says)
    sole = [(count, reason) for reason, count in reasons.items() if len(reason) == 1]
    if sole:
        (reason,) = max(sole, key=lambda item: (item[0], -list(Reason).index(item[1][0])))[1]
        return _one_code(row, _SOLE[reason])
    value = " ".join((row.region or "?", row.country or "?", row.language))
    return Help(
        "project",
        value,
        f"a project for {_place(row.region)}, {row.country or 'any country'}, {row.language}",
    )


def _first_two(one: Wanted, project: Project, here: date) -> tuple[Reason, ...]:
    """Why a project cannot take somebody: all filters of its lists that refuse, or the first of the other reasons."""
    pairs = (
        (Reason.REGION, project.regions, one.region),
        (Reason.COUNTRY, project.countries, one.country),
        (Reason.GROUP, project.groups, one.group),
        (Reason.LANGUAGE, project.languages, one.language),
    )
    lists = tuple(reason for reason, allowed, value in pairs if ANY not in allowed and value not in allowed)
    return lists or ((why_not(one, project, here) or Reason.FULL),)


def _one_code(row: Row, field: str) -> Help:
    value = getattr(row, field)
    if value is None:
        unknown = "where they are" if field == "region" else "where they want to go"
        return Help(field, "", f"somebody who asks them {unknown}, or a project that takes any {field}")
    said = {
        "region": f"a project that covers {_place(value)}",
        "country": f"a project that takes people who return to {value}",
        "group": f"a project that takes {'families' if value == 'family' else 'people alone'}",
        "language": f"a project that speaks {value if value in CODES else 'their language'}",
    }
    return Help(field, value, said[field])


_NAMES = {region.code: region.name for region in REGIONS}


def _place(code: str | None) -> str:
    return _NAMES.get(code or "", "any region")
