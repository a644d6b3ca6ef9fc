"""Who is on shift, who is rung for whom, and what somebody on hold is told: pure, from values to values."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from helpline.hours import ROME
from helpline.line.limits import USUAL

TELL_EVERY = timedelta(seconds=60)
"""A round of the hold takes a quarter of a minute, so what is told comes every 60 to 90 seconds."""

RING_AGAIN_AFTER = timedelta(seconds=60)
"""Who did not take a caller's call is left in peace for so long before being rung for the same caller again."""

LONGEST_HOLD = timedelta(minutes=USUAL["hold_minutes"])
GONE_AFTER = timedelta(seconds=120)
"""Whoever waits is heard of at every round; after so long a silence nobody is there any more."""

MINUTES_A_TALK = 6  # contacts of comparable lines last 270 to 410 seconds (DOMAIN §3.1)
SOON_BELOW, LONG_ABOVE = 5, 15
LAST_PLACE_SAID = 9


class Standing(StrEnum):
    """How it stands for a language at this moment."""

    FREE = "free"
    BUSY = "busy"
    NOBODY = "nobody"


class Wait(StrEnum):
    """How long it will be, roughly: each has its own words."""

    SOON = "soon"
    TEN = "ten"
    LONG = "long"


class Tell(StrEnum):
    """What a round of the hold begins with."""

    NOTHING = "wait"
    PLACE = "told"
    OFFER = "offer"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Shift:
    """A stretch of one weekday (0 = Monday), or of one day, in minutes of Rome's clock, end not included.

    A shift without languages says that the person is away on that day.
    """

    person_id: int
    languages: frozenset[str]
    begins: int
    ends: int
    weekday: int | None = None
    day: date | None = None


@dataclass(frozen=True)
class Mediator:
    """Somebody who is there: the languages of the shift that runs, idle since when, and whether in a call or rung now."""

    person_id: int
    languages: frozenset[str]
    idle_since: datetime
    ready: bool = True
    busy: bool = False

    @property
    def free(self) -> bool:
        """Whether this telephone may be rung."""
        return self.ready and not self.busy


@dataclass(frozen=True)
class Holding:
    """Somebody on hold. `tried`: whom we rang in vain for this caller, and when."""

    hold_id: int
    language: str
    since: datetime
    minor: bool = False
    being_rung: bool = False
    tried: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Ring:
    """Ring this person for this caller."""

    hold_id: int
    person_id: int


def on_shift(shifts: Iterable[Shift], at: datetime) -> dict[int, frozenset[str]]:
    """Who works at this moment, in which languages. A person with shifts of their own for a day follows those alone."""
    local = at.astimezone(ROME)
    minute = local.hour * 60 + local.minute
    found: dict[int, frozenset[str]] = {}
    for shift in _of_day(shifts, local.date()):
        if shift.languages and shift.begins <= minute < shift.ends:
            found[shift.person_id] = found.get(shift.person_id, frozenset()) | shift.languages
    return found


def _of_day(shifts: Iterable[Shift], day: date) -> Iterator[Shift]:
    shifts = list(shifts)
    own = {shift.person_id for shift in shifts if shift.day == day}
    for shift in shifts:
        weekly = shift.day is None and shift.weekday == day.weekday() and shift.person_id not in own
        if shift.day == day or weekly:
            yield shift


def standing(language: str, mediators: Iterable[Mediator]) -> Standing:
    """Whether somebody who speaks the language is free, or there but in a call, or nobody is there."""
    speakers = [one for one in mediators if language in one.languages and (one.ready or one.busy)]
    if any(one.free for one in speakers):
        return Standing.FREE
    return Standing.BUSY if speakers else Standing.NOBODY


def in_order(holding: Iterable[Holding]) -> list[Holding]:
    """Whose turn it is: children first, then who waits longest."""
    return sorted(holding, key=lambda one: (not one.minor, one.since, one.hold_id))


def next_rings(holding: Iterable[Holding], mediators: Iterable[Mediator], now: datetime) -> list[Ring]:
    """Which telephones to ring now: for each caller at most one, of who speaks the language and is idle longest.

    Nobody is rung for two callers, in a call, or again for a caller whose call was not taken a moment ago.
    """
    free = sorted((one for one in mediators if one.free), key=lambda one: (one.idle_since, one.person_id))
    rings: list[Ring] = []
    for caller in in_order(holding):
        if caller.being_rung:
            continue
        fits = (one for one in free if caller.language in one.languages and _may_ring(caller, one, now))
        chosen = next(fits, None)
        if chosen:
            free.remove(chosen)
            rings.append(Ring(caller.hold_id, chosen.person_id))
    return rings


def _may_ring(caller: Holding, mediator: Mediator, now: datetime) -> bool:
    tried_at = caller.tried.get(mediator.person_id)
    return tried_at is None or now - tried_at >= RING_AGAIN_AFTER


def place(hold_id: int, holding: Collection[Holding]) -> int:
    """The place in the line of one's language, from one; 0 for somebody who is not in it."""
    mine = next((one for one in holding if one.hold_id == hold_id), None)
    if mine is None:
        return 0
    line = in_order(one for one in holding if one.language == mine.language)
    return line.index(mine) + 1


def rough_wait(place: int, language: str, mediators: Iterable[Mediator]) -> Wait:
    """About how long: talks of six minutes before one, shared by all who speak the language."""
    there = [one for one in mediators if language in one.languages and (one.ready or one.busy)]
    if place <= sum(one.free for one in there):
        return Wait.SOON
    minutes = place * MINUTES_A_TALK / max(1, len(there))
    if minutes < SOON_BELOW:
        return Wait.SOON
    return Wait.TEN if minutes <= LONG_ABOVE else Wait.LONG


def tell(
    now: datetime,
    *,
    since: datetime,
    told_at: datetime,
    offer_due: bool,
    asked: bool,
    stands: Standing,
    being_rung: bool,
    longest: timedelta = LONGEST_HOLD,
) -> Tell:
    """What somebody on hold is told in this round.

    `offer_due`: a telephone was rung in vain since the last round. `asked`: the caller pressed a key. `being_rung`: a
    telephone rings for this caller, so somebody may still come although nobody else is there. `longest`: who has waited
    for so long is promised a call instead.
    """
    if now - since >= longest or (stands is Standing.NOBODY and not being_rung):
        return Tell.NOBODY
    if offer_due:
        return Tell.OFFER
    if asked or now - told_at >= TELL_EVERY:
        return Tell.PLACE
    return Tell.NOTHING
