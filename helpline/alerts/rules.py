"""From how the line stands to which alerts hold. Pure: told the facts, the moment and the limits; remembers nothing.

Whether what holds is told is decided elsewhere (`episodes`, `planning`).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpline.alerts.facts import Facts
from helpline.alerts.kinds import MEANINGS, Kind, Setting, Severity
from helpline.mishaps import Mishap

FEWEST_LEGS = 5
"""Of fewer calls that we placed no share is told."""

WEB_LATE = timedelta(seconds=60)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Limits = Mapping[Kind, Setting]


@dataclass(frozen=True)
class Found:
    """Something that holds now. `since`: from when, where the facts say so (None: from when we saw it first)."""

    kind: Kind
    subject: str = ""
    about: str = ""
    since: datetime | None = None
    severity: Severity | None = None
    facts: Mapping[str, int] = field(default_factory=dict)

    @property
    def pressing(self) -> Severity:
        """How pressing it is."""
        return self.severity or MEANINGS[self.kind].severity


def found(facts: Facts, limits: Limits) -> list[Found]:
    """Everything that holds, of the kinds that are on, each (kind, subject) once."""
    holding = [one for rule in _RULES for one in rule(facts, limits)]
    return [one for one in holding if limits[one.kind].on and one.kind not in facts.unknown]


def none_by_chance(expected: float) -> float:
    """How probable it is that no call comes where so many are expected: the lowest tail of Poisson's distribution."""
    return math.exp(-expected)


def expected(usual: Mapping[datetime, float], since: datetime, until: datetime) -> float:
    """How many calls usually begin between two moments; of an hour that is not known none."""
    total = 0.0
    for hour, calls in usual.items():
        seconds = (min(until, hour + HOUR) - max(since, hour)).total_seconds()
        total += calls * max(0.0, seconds) / HOUR.total_seconds()
    return total


def _staff(facts: Facts, limits: Limits) -> Iterator[Found]:
    for one in facts.tongues:
        if one.is_open and not one.on_shift:
            yield Found(Kind.NOBODY_ON_SHIFT, one.code)
        elif one.is_open and not one.there:
            yield Found(Kind.NOBODY_THERE, one.code, facts={"count": one.on_shift})
        if one.ahead == 0 and not (one.is_open and not one.on_shift):
            yield Found(Kind.NOBODY_SOON, one.code, facts={"hours": limits[Kind.NOBODY_SOON].limit})


def _held(facts: Facts, limits: Limits) -> Iterator[Found]:
    limit = limits[Kind.HELD_LONG].limit * MINUTE
    for one in facts.tongues:
        long = [since for since in one.held if facts.now - since >= limit]
        if long and one.there:
            count, minutes = len(long), _ago(facts.now, min(long), MINUTE)
            yield Found(Kind.HELD_LONG, one.code, since=min(long), facts={"count": count, "minutes": minutes})


def _callbacks(facts: Facts, limits: Limits) -> Iterator[Found]:
    for one in facts.tongues:
        if one.callbacks > limits[Kind.CALLBACKS_MANY].limit:
            yield Found(Kind.CALLBACKS_MANY, one.code, facts={"count": one.callbacks})
        hours = _ago(facts.now, one.oldest, HOUR) if one.oldest else 0
        if one.oldest and hours >= limits[Kind.CALLBACKS_OLD].limit:
            yield Found(Kind.CALLBACKS_OLD, one.code, facts={"hours": hours})
    if facts.promises_passed > limits[Kind.PROMISES_PASSED].limit:
        yield Found(Kind.PROMISES_PASSED, facts={"count": facts.promises_passed})


def _requests(facts: Facts, limits: Limits) -> Iterator[Found]:
    since = facts.undecided_since
    if since and (hours := _ago(facts.now, since, HOUR)) >= limits[Kind.REQUESTS_UNDECIDED].limit:
        yield Found(Kind.REQUESTS_UNDECIDED, facts={"count": facts.undecided, "hours": hours})


def _organisations(facts: Facts, limits: Limits) -> Iterator[Found]:
    soon = facts.deadline_now + limits[Kind.OFFERS_EXPIRING].limit * HOUR
    for one in facts.organisations:
        expiring = [at for at in one.expiring if facts.deadline_now < at <= soon]
        if expiring:
            minutes = int((min(expiring) - facts.deadline_now) / MINUTE)
            told = {"count": len(expiring), "minutes": minutes}
            yield Found(Kind.OFFERS_EXPIRING, one.id, one.name, facts=told)
        if one.unanswered:
            yield Found(Kind.ENTITY_SILENT, one.id, one.name, facts={"count": one.unanswered})
        if one.not_told:
            yield Found(Kind.ENTITY_NOT_TOLD, one.id, one.name)


def _silence(facts: Facts, limits: Limits) -> Iterator[Found]:
    last = facts.calls.last
    if last is None or not facts.calls.usual:
        return
    missed = expected(facts.calls.usual, last, facts.now)
    # The limit is the exponent: ten calls that should have come, and did not, are one chance in twenty thousand.
    if none_by_chance(missed) <= none_by_chance(max(1, limits[Kind.CALLS_STOPPED].limit)):
        told = {"minutes": _ago(facts.now, last, MINUTE), "expected": int(missed)}
        yield Found(Kind.CALLS_STOPPED, since=last, facts=told)


def _carrier(facts: Facts, limits: Limits) -> Iterator[Found]:
    if facts.legs >= FEWEST_LEGS:
        percent = 100 * facts.legs_failed // facts.legs
        if facts.legs_failed and percent >= limits[Kind.LEGS_FAILING].limit:
            told = {"percent": percent, "count": facts.legs_failed, "all": facts.legs}
            yield Found(Kind.LEGS_FAILING, facts=told)
    errors = {
        what.removeprefix(Mishap.ERROR).strip(): number
        for what, number in facts.tallies.items()
        if what.startswith(Mishap.ERROR)
    }
    if _many(sum(errors.values()), Kind.CARRIER_ERRORS, limits):
        often = max(errors, key=lambda code: (errors[code], code))
        told = {"count": sum(errors.values()), "code": int(often) if often.isdecimal() else 0}
        yield Found(Kind.CARRIER_ERRORS, facts=told)
    for kind, what in (
        (Kind.DOCUMENTS_FAILING, Mishap.RESCUED),
        (Kind.WEBHOOKS_FAILING, Mishap.FAILED),
        (Kind.CLIPS_FAILING, Mishap.CLIP),
    ):
        if _many(facts.tallies.get(what, 0), kind, limits):
            yield Found(kind, facts={"count": facts.tallies[what]})
    refused = facts.tallies.get(Mishap.REFUSED, 0)
    if _many(refused, Kind.WEBHOOKS_REFUSED, limits):
        told = {"count": refused, "calls": facts.calls_lately}
        severity = Severity.WARNING if facts.calls_lately else Severity.URGENT
        yield Found(Kind.WEBHOOKS_REFUSED, severity=severity, facts=told)


def _clips(facts: Facts, limits: Limits) -> Iterator[Found]:
    for one in facts.tongues:
        # A language of which most is spoken by the carrier's voice was left so on purpose.
        if one.recorded > one.missing > limits[Kind.CLIPS_MISSING].limit:
            yield Found(Kind.CLIPS_MISSING, one.code, facts={"count": one.missing})


def _work(facts: Facts, limits: Limits) -> Iterator[Found]:
    counted, now = facts.counted_at, facts.now
    if counted and now - counted >= limits[Kind.FIGURES_STOPPED].limit * MINUTE:
        told = {"minutes": _ago(now, counted, MINUTE)}
        yield Found(Kind.FIGURES_STOPPED, since=counted, facts=told)
    for name, since in facts.failing.items():
        if now - since >= limits[Kind.SWEEP_FAILING].limit * MINUTE:
            minutes = _ago(now, since, MINUTE)
            yield Found(Kind.SWEEP_FAILING, name, since=since, facts={"minutes": minutes})
    if facts.queues is None:
        yield Found(Kind.QUEUE_DOWN)
    for name, queue in (facts.queues or {}).items():
        if queue.waiting > limits[Kind.QUEUE_LONG].limit:
            yield Found(Kind.QUEUE_LONG, name, facts={"count": queue.waiting})
        if not queue.workers:
            yield Found(Kind.WORKER_SILENT, name)


def _reach(facts: Facts, limits: Limits) -> Iterator[Found]:
    now = facts.now
    if facts.web_at and now - facts.web_at >= WEB_LATE:
        minutes = _ago(now, facts.web_at, MINUTE)
        yield Found(Kind.PAGES_SILENT, since=facts.web_at, facts={"minutes": minutes})
    since_stuck = facts.stuck_since
    if since_stuck and now - since_stuck >= limits[Kind.MESSAGES_STUCK].limit * MINUTE:
        told = {"count": facts.stuck, "minutes": _ago(now, since_stuck, MINUTE)}
        yield Found(Kind.MESSAGES_STUCK, facts=told)
    if facts.disk_free is not None and facts.disk_free < limits[Kind.DISK_FULL].limit:
        yield Found(Kind.DISK_FULL, facts={"percent": facts.disk_free})
    for place, good_at in facts.probes.items():
        if now - good_at >= limits[Kind.PROBE_SILENT].limit * MINUTE:
            minutes = _ago(now, good_at, MINUTE)
            yield Found(Kind.PROBE_SILENT, place, since=good_at, facts={"minutes": minutes})


_RULES: tuple[Callable[[Facts, Limits], Iterator[Found]], ...] = (
    _staff,
    _held,
    _callbacks,
    _requests,
    _organisations,
    _silence,
    _carrier,
    _clips,
    _work,
    _reach,
)


def _many(number: int, kind: Kind, limits: Limits) -> bool:
    return number > 0 and number >= limits[kind].limit


def _ago(now: datetime, moment: datetime, unit: timedelta) -> int:
    return max(0, int((now - moment) / unit))
