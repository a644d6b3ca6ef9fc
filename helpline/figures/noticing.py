"""What was not as usual at the steps of the menu, language by language, with the day, the way and the reason where the rows say it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from helpline.calls.models import Call, Step
from helpline.calls.steps import UNPLAYED
from helpline.figures import counting, unusual
from helpline.figures.models import CallDay, CallSum, StepDay
from helpline.figures.traffic import Traffic
from helpline.figures.unusual import Compared, Part
from helpline.ivr.engine import NO_LANGUAGE

LOOKED_AT = 200
"""So many calls that ended at an unusual step are looked at, whether what was sent could be played."""
MOSTLY = 0.5
"""From where so much of the usual comes, more may well come."""
DAYS_TOLD = 31
"""In periods of so many days it is told on which of them most of it happened."""


@dataclass(frozen=True)
class Found:
    """Something that was not as usual, in one language. `step` empty: nobody was there for those who wanted a person (`now` and
    `usual` count them among those who did). `worst`: the day on which most of it happened, and what it was like then.
    `came_from`: the step from which many more came than usual, and how many of all that was. `unplayed`: of so many calls
    (of so many that were looked at) the carrier could not play what was sent there."""

    language: str
    step: str
    more: float
    now: Part
    usual: Part
    stayed: str = ""
    seconds: float | None = None
    usual_seconds: float | None = None
    worst: date | None = None
    worst_part: Part | None = None
    came_from: str = ""
    came: Part | None = None
    unplayed: Part | None = None


@dataclass(frozen=True)
class People:
    """Who asked for a person: how many waited for one, found nobody there any more, and talked with one."""

    asked: int
    nobody: int
    talked: int


def found(
    session: Session,
    days: tuple[date, date],
    steps: tuple[Mapping[str, Traffic], Mapping[str, Traffic]],
    people: tuple[Mapping[str, People], Mapping[str, People]],
    ends: Mapping[str, bool],
    holds: Collection[str],
    language: str = "",
) -> Sequence[Found]:
    """What was not as usual, most of it first; of one language where that is chosen.

    `steps`, `people`: of the period, and of the weeks before it; `ends`: at which steps calls end as they should; `holds`: at
    which callers wait for a person.
    """
    first, last = days
    told = _ordered([*_odd_steps(*steps, ends, language), *_odd_waits(*people, language)], holds)
    if (last - first).days >= DAYS_TOLD:
        return told
    if last > first:
        told = [*_with_worst(session, first, last, told)]
    return [_with_unplayed(session, first, last, one) for one in told]


def _ordered(told: Sequence[Found], holds: Collection[str]) -> Sequence[Found]:
    """Most of it first; but that nobody was there stands before the step to which those who waited in vain were sent on:
    who reads from above reads the cause first."""
    sent_on: dict[str, float] = {}
    for one in told:
        if one.came_from in holds:
            sent_on[one.language] = max(one.more, sent_on.get(one.language, 0))

    def rank(one: Found) -> tuple[float, str, str]:
        more = one.more if one.step else max(one.more, sent_on.get(one.language, 0))
        return -more, one.language, one.step

    return sorted(told, key=rank)


def _odd_steps(
    now: Mapping[str, Traffic], usual: Mapping[str, Traffic], ends: Mapping[str, bool], language: str
) -> list[Found]:
    found = list[Found]()
    for code, here in now.items():
        if language not in {"", code}:
            continue
        before = usual.get(code, Traffic())
        for step, stay in here.stays.items():
            each = unusual.compared(stay, before.at(step), ends=ends.get(step, True))
            if each.odd:
                found.append(
                    _told(
                        _code(code),
                        step,
                        each,
                        *(_came_from(step, here, before) if each.more else ("", None)),
                    )
                )
    return found


def _came_from(step: str, now: Traffic, usual: Traffic) -> tuple[str, Part | None]:
    """From where many more came to this step than usual, where there is such a one: not that from which most come anyway."""
    came, before = now.into(step), usual.into(step)
    above = {}
    for (source, target), count in now.arrows.items():
        then = Part(usual.arrows.get((source, step), 0), before)
        if target == step and then.share < MOSTLY:
            above[source] = unusual.above(Part(count, came), then)
    source = max(above, key=lambda each: above[each], default="")
    return (source, Part(now.arrows[source, step], came)) if source and above[source] else ("", None)


def _told(code: str, step: str, each: Compared, came_from: str, came: Part | None) -> Found:
    now, usual = each.now, each.usual
    return Found(
        code, step, each.more, Part(now.ended, now.reached), Part(usual.ended, usual.reached), each.stayed,
        now.mean_ended if each.more else now.mean, usual.mean, came_from=came_from, came=came,
    )  # fmt: skip


def _odd_waits(now: Mapping[str, People], usual: Mapping[str, People], language: str) -> list[Found]:
    found = []
    for code, people in now.items():
        before = usual.get(code, People(0, 0, 0))
        here, then = Part(people.nobody, people.asked), Part(before.nobody, before.asked)
        more = unusual.above(here, then)
        if more and language in {"", code}:
            found.append(Found(code, "", more, here, then))
    return found


def _with_worst(session: Session, first: date, last: date, found: Sequence[Found]) -> Sequence[Found]:
    """The same, with the day on which most of it happened, where that day alone holds half of what is above the usual."""
    ended, reached = defaultdict[tuple[str, str], dict[date, int]](dict), defaultdict[tuple[str, str], dict[date, int]](dict)  # fmt: skip
    steps = {one.step for one in found if one.step and one.more}
    if steps:
        hung_up = func.sum(StepDay.passed).filter(StepDay.to_step == "")
        asked = (
            select(StepDay.language, StepDay.step, StepDay.day, hung_up, func.sum(StepDay.passed))
            .where(StepDay.day.between(first, last), StepDay.step.in_(steps), StepDay.step != StepDay.to_step)
            .group_by(StepDay.language, StepDay.step, StepDay.day)
        )
        for code, step, day, some, of in session.execute(asked):
            ended[_code(code), step][day], reached[_code(code), step][day] = int(some or 0), int(of)
    waits = (
        select(CallDay.language, CallDay.day, func.sum(CallDay.nobody), func.sum(CallDay.wanted_person))
        .where(CallDay.day.between(first, last), CallDay.wanted_person > 0)
        .group_by(CallDay.language, CallDay.day)
    )
    for code, day, some, of in session.execute(waits):
        ended[code, ""][day], reached[code, ""][day] = int(some), int(of)
    return [_worst(one, ended[one.language, one.step], reached[one.language, one.step]) for one in found]


def _worst(one: Found, ended: Mapping[date, int], reached: Mapping[date, int]) -> Found:
    above = {day: some - one.usual.share * reached[day] for day, some in ended.items()}
    day = max(above, key=lambda each: above[each], default=None)
    if day is None or not one.more or above[day] < one.more / 2:
        return one
    return replace(one, worst=day, worst_part=Part(ended[day], reached[day]))


def _with_unplayed(session: Session, first: date, last: date, one: Found) -> Found:
    """The same, with of how many of the calls that ended there the carrier could not play what was sent: of the day on which
    most of it happened, or of the last of them."""
    if not (one.step and one.more):
        return one
    given = counting.moments(one.worst or first, one.worst or last)
    ended = (
        select(CallSum.call_id)
        .where(
            CallSum.last_step == one.step,
            CallSum.language == one.language,
            CallSum.hour >= given["begins"],
            CallSum.hour < given["ends"],
        )
        .order_by(CallSum.hour.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    unplayed = exists().where(
        Step.call_sid == Call.sid, Step.to_step == one.step, Step.did.like(f"%{UNPLAYED}=%")
    )
    asked = select(func.count(), func.count().filter(unplayed)).join_from(
        ended, Call, Call.id == ended.c.call_id
    )
    of, some = session.execute(asked).one()
    return replace(one, unplayed=Part(some, of)) if some else one


def _code(language: str) -> str:
    """A language as calls have it: of who chose none there is none."""
    return "" if language == NO_LANGUAGE else language
