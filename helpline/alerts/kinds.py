"""What may be wrong with the line: each kind, how pressing it is, its limit, how long it must hold, when it is over. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Severity(StrEnum):
    """`urgent`: callers are not answered, or will not be: told by night, too. `warning`: told between seven and nine."""

    URGENT = "urgent"
    WARNING = "warning"


class Kind(StrEnum):
    """What may be wrong. What an alert is about (its subject) is a language, an organisation, a part of ours, or nothing."""

    NOBODY_ON_SHIFT = "nobody_on_shift"
    NOBODY_SOON = "nobody_soon"
    NOBODY_THERE = "nobody_there"
    HELD_LONG = "held_long"
    CALLBACKS_MANY = "callbacks_many"
    CALLBACKS_OLD = "callbacks_old"
    PROMISES_PASSED = "promises_passed"
    REQUESTS_UNDECIDED = "requests_undecided"
    OFFERS_EXPIRING = "offers_expiring"
    ENTITY_SILENT = "entity_silent"
    ENTITY_NOT_TOLD = "entity_not_told"
    CALLS_STOPPED = "calls_stopped"
    LEGS_FAILING = "legs_failing"
    CARRIER_ERRORS = "carrier_errors"
    DOCUMENTS_FAILING = "documents_failing"
    WEBHOOKS_REFUSED = "webhooks_refused"
    WEBHOOKS_FAILING = "webhooks_failing"
    CLIPS_FAILING = "clips_failing"
    CLIPS_MISSING = "clips_missing"
    FIGURES_STOPPED = "figures_stopped"
    SWEEP_FAILING = "sweep_failing"
    QUEUE_DOWN = "queue_down"
    QUEUE_LONG = "queue_long"
    WORKER_SILENT = "worker_silent"
    PAGES_SILENT = "pages_silent"
    MESSAGES_STUCK = "messages_stuck"
    DISK_FULL = "disk_full"
    PROBE_SILENT = "probe_silent"


class Unit(StrEnum):
    """What a limit counts."""

    COUNT = "count"
    MINUTES = "minutes"
    HOURS = "hours"
    PERCENT = "percent"


@dataclass(frozen=True)
class Meaning:
    """How a kind of alert works unless somebody chose otherwise. `limit` None: it has none, it holds or does not.

    It is raised once it has held for `holds`, and over once it has not held for `clears`: what comes and goes faster is
    one alert, and is told once. What was an alert lately must be gone for longer (`episodes.patience`).
    """

    severity: Severity
    limit: int | None = None
    unit: Unit | None = None
    holds: timedelta = timedelta(minutes=2)
    clears: timedelta = timedelta(minutes=10)

    @property
    def most(self) -> int:
        """The highest limit that makes sense."""
        return 100 if self.unit is Unit.PERCENT else 1440 if self.unit is Unit.MINUTES else 10_000


_URGENT, _WARNING = Severity.URGENT, Severity.WARNING
_AT_ONCE, _SOON, _LATER = timedelta(0), timedelta(minutes=5), timedelta(minutes=10)

MEANINGS: Mapping[Kind, Meaning] = {
    Kind.NOBODY_ON_SHIFT: Meaning(_URGENT),
    Kind.NOBODY_SOON: Meaning(_WARNING, 2, Unit.HOURS, _SOON),
    Kind.NOBODY_THERE: Meaning(_WARNING, holds=_LATER),
    Kind.HELD_LONG: Meaning(_URGENT, 5, Unit.MINUTES, _AT_ONCE),
    Kind.CALLBACKS_MANY: Meaning(_WARNING, 50, Unit.COUNT, _SOON, timedelta(minutes=30)),
    Kind.CALLBACKS_OLD: Meaning(_WARNING, 72, Unit.HOURS, _SOON, timedelta(minutes=30)),
    Kind.PROMISES_PASSED: Meaning(_WARNING, 0, Unit.COUNT, _SOON, timedelta(minutes=30)),
    Kind.REQUESTS_UNDECIDED: Meaning(_WARNING, 24, Unit.HOURS, _SOON),
    Kind.OFFERS_EXPIRING: Meaning(_WARNING, 2, Unit.HOURS, _AT_ONCE),
    Kind.ENTITY_SILENT: Meaning(_WARNING, holds=_AT_ONCE),
    Kind.ENTITY_NOT_TOLD: Meaning(_WARNING, holds=_LATER),
    Kind.CALLS_STOPPED: Meaning(_URGENT, 10, Unit.COUNT, _SOON, _AT_ONCE),
    Kind.LEGS_FAILING: Meaning(_URGENT, 30, Unit.PERCENT),
    Kind.CARRIER_ERRORS: Meaning(_URGENT, 3, Unit.COUNT, _AT_ONCE),
    Kind.DOCUMENTS_FAILING: Meaning(_URGENT, 3, Unit.COUNT, _AT_ONCE),
    Kind.WEBHOOKS_REFUSED: Meaning(_URGENT, 5, Unit.COUNT, _AT_ONCE),
    Kind.WEBHOOKS_FAILING: Meaning(_URGENT, 3, Unit.COUNT, _AT_ONCE),
    Kind.CLIPS_FAILING: Meaning(_WARNING, 5, Unit.COUNT, _AT_ONCE),
    Kind.CLIPS_MISSING: Meaning(_WARNING, 0, Unit.COUNT, _SOON, _AT_ONCE),
    Kind.FIGURES_STOPPED: Meaning(_WARNING, 15, Unit.MINUTES),
    Kind.SWEEP_FAILING: Meaning(_WARNING, 10, Unit.MINUTES),
    Kind.QUEUE_DOWN: Meaning(_URGENT),
    Kind.QUEUE_LONG: Meaning(_WARNING, 200, Unit.COUNT, _SOON),
    Kind.WORKER_SILENT: Meaning(_URGENT),
    Kind.PAGES_SILENT: Meaning(_URGENT),
    Kind.MESSAGES_STUCK: Meaning(_WARNING, 30, Unit.MINUTES),
    Kind.DISK_FULL: Meaning(_URGENT, 10, Unit.PERCENT),
    Kind.PROBE_SILENT: Meaning(_URGENT, 10, Unit.MINUTES, _AT_ONCE, _AT_ONCE),
}

WINDOW = timedelta(minutes=10)
"""Of what is counted as it happens (refused webhooks, the carrier's errors) so much is looked at."""


@dataclass(frozen=True)
class Setting:
    """How a kind works in this installation."""

    kind: Kind
    on: bool
    limit: int


def usual(kind: Kind) -> Setting:
    """How a kind works where nobody chose otherwise."""
    return Setting(kind, True, MEANINGS[kind].limit or 0)
