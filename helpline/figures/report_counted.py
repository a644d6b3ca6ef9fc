"""What was counted of a period for its report, and of the periods beside it: values alone, read by `report_counts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from helpline.figures.models import Spread
from helpline.figures.overview import Calls, Told
from helpline.figures.report_periods import Period


@dataclass(frozen=True)
class Brief:
    """The totals of some days."""

    period: Period
    calls: Calls
    callbacks: int
    requests: int
    accepted: int


@dataclass(frozen=True)
class Row:
    """So many callbacks, requests or offers with these properties."""

    of: Mapping[str, str]
    count: int
    attempts: int = 0
    late: int = 0


@dataclass
class Stage:
    """How often a stage of the menu was come to from elsewhere, and how many calls ended in it."""

    entered: int = 0
    ended: int = 0


@dataclass(frozen=True)
class Fund:
    """A fund's or a project's dates, by its name."""

    name: str
    period: Period


@dataclass(frozen=True)
class ProjectFacts:
    """What a report says of a project beside its numbers."""

    name: str
    entity: str
    funder: str
    first: date
    last: date


@dataclass(frozen=True)
class Counts:
    """All that is counted of a period. `hours`: by the hour of the day in Rome; `returned`: the people of all their cases that
    organisations returned, by figure and project."""

    period: Period
    languages: Mapping[str, Calls]
    days: Mapping[str, Calls]
    hours: Mapping[str, Calls]
    numbers: Mapping[str, int]
    stages: Mapping[str, Stage]
    topics: Mapping[str, int]
    spreads: Mapping[Spread, Told]
    callbacks: Sequence[Row]
    requests: Sequence[Row]
    offers: Sequence[Row]
    talks: Mapping[str, int]
    sets: Mapping[str, int]
    prompts: Mapping[str, int]
    recorded: Mapping[str, int]
    entities: Mapping[str, str]
    projects: Mapping[str, ProjectFacts]
    returned: Mapping[str, Mapping[str, int]]
