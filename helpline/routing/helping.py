"""What would help somebody who waits: a project that also takes one more code, a place, a day, or a person. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

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
_LISTS = {
    Reason.REGION: "regions",
    Reason.COUNTRY: "countries",
    Reason.GROUP: "groups",
    Reason.LANGUAGE: "languages",
}
_ORDER = {reason: place for place, reason in enumerate(Reason)}
_LATER = {
    Reason.FULL: ("place", "a free place"),
    Reason.HELD: ("place", "a free place"),
    Reason.SAID_FULL: ("place", "a free place"),
    Reason.PAUSED: ("resume", "a project that is paused"),
    Reason.COOLING: ("answer", "the day after which an entity that did not answer is asked again"),
    Reason.NOT_RUNNING: ("begin", "a project that begins"),
    Reason.DECLINED: ("entity", "another entity: those that fit have declined"),
}


class Helping:
    """What would help each of those who wait, on one day; what is the same for many of them is looked up once."""

    def __init__(self, projects: Sequence[Project], here: date) -> None:
        """`projects`: all there are; those that are over by `here` help nobody."""
        self._here = here
        self._alive = tuple(project for project in projects if project.ends_on >= here)
        self._refusing: dict[tuple[Reason, str | None], int] = {}

    def of(self, row: Row, one: Wanted | None) -> Help:
        """What would help whoever waits: `one` is the request as the policy sees it, None when a person holds it back."""
        if row.held_for:
            return Help(row.held_for, "", f"{'an' if row.held_for == 'operator' else 'a'} {row.held_for}")
        if row.parked_until and one is not None and one.parked:
            day = today(row.parked_until).isoformat()
            return Help("wait", day, f"{day}: they are parked until then")
        if not self._alive or one is None:
            return Help("open_project", "", "a project that is open")
        lists = {reason: self._refused(reason, getattr(one, field)) for reason, field in _SOLE.items()}
        later = self._later(one, (1 << len(self._alive)) - 1 & ~reduce(or_, lists.values()))
        if later:
            return later
        sole = {reason: _alone(reason, lists).bit_count() for reason in lists}
        best = max(sole, key=lambda reason: (sole[reason], -_ORDER[reason]))
        if sole[best]:
            return _one_code(row, _SOLE[best])
        value = " ".join((row.region or "?", row.country or "?", row.language))
        return Help(
            "project",
            value,
            f"a project for {_place(row.region)}, {row.country or 'any country'}, {row.language}",
        )

    def _later(self, one: Wanted, fitting: int) -> Help | None:
        """What else is missing of the projects whose lists all let somebody in; None where there is none of these."""
        reasons = {
            why_not(one, project, self._here) or Reason.FULL
            for place, project in enumerate(self._alive)
            if fitting >> place & 1
        }
        return next(
            (Help(kind, "", says) for reason, (kind, says) in _LATER.items() if reason in reasons), None
        )

    def _refused(self, reason: Reason, value: str | None) -> int:
        """The projects, as bits, whose list of this kind leaves this value out."""
        if (reason, value) not in self._refusing:
            named = _LISTS[reason]
            self._refusing[reason, value] = sum(
                1 << place
                for place, project in enumerate(self._alive)
                if not {ANY, value} & set(getattr(project, named))
            )
        return self._refusing[reason, value]


def _alone(reason: Reason, lists: Mapping[Reason, int]) -> int:
    """The projects that only this list keeps away."""
    return lists[reason] & ~reduce(or_, (mask for other, mask in lists.items() if other != reason))


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
