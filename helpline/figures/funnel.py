"""The menu of a period, read from the counts: what went on at each step, in which languages it was not as usual, and how long the
way to the first useful message was."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.figures import noticing, traffic, tree, unusual
from helpline.figures.models import CallDay, Spread, SpreadDay, StepDay
from helpline.figures.noticing import Found, People
from helpline.figures.overview import Told, told
from helpline.figures.traffic import Gone, Stay, Traffic
from helpline.figures.unusual import Compared
from helpline.ivr import flow
from helpline.ivr.flow import Flow

BEFORE = timedelta(days=28)
"""What is usual: the four weeks before the period."""
TALKED = "talked"
"""In the place of a step: the caller was joined with somebody of ours."""


@dataclass(frozen=True)
class Way:
    """How long it is to the first useful message in one language: seconds and keys."""

    language: str
    seconds: Told
    keys: Told


@dataclass(frozen=True)
class Menu:
    """The menu of a period. `usual`: the same steps in the weeks before; `steps`: each compared with it."""

    first: date
    last: date
    now: Traffic
    usual: Traffic
    steps: Mapping[str, Compared]
    found: Sequence[Found]
    ways: Sequence[Way]
    weights: Mapping[tuple[str, str], int]


def menu(session: Session, first: date, last: date, language: str = "") -> Menu:
    """The menu of these days, both included; of one language where that is chosen.

    Raises `ValueError` when the period ends before it begins.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    begins, ends = first - BEFORE, first - timedelta(days=1)
    people, people_usual = _people(session, first, last), _people(session, begins, ends)
    now = _by_language(session, first, last, people)
    usual = _by_language(session, begins, ends, people_usual)
    whole, whole_usual = _whole(now, language), _whole(usual, language)
    menu_ = _flow()
    steps = {
        step.name: unusual.compared(
            whole.at(step.name), whole_usual.at(step.name), ends=tree.ends_well(menu_, step)
        )
        for step in tree.stops(menu_)
    }
    found = noticing.found(
        session,
        (first, last),
        (now, usual),
        (people, people_usual),
        {step.name: tree.ends_well(menu_, step) for step in tree.stops(menu_)},
        language,
    )
    weights: dict[tuple[str, str], int] = defaultdict(int)
    for each in (_whole(now, ""), _whole(usual, "")):
        for arrow, count in each.arrows.items():
            weights[arrow] += count
    return Menu(first, last, whole, whole_usual, steps, found, _ways(session, first, last, language), weights)


@cache
def _flow() -> Flow:
    return flow.load()


def _by_language(
    session: Session, first: date, last: date, people: Mapping[str, People]
) -> dict[str, list[Gone]]:
    """The arrows that were gone, by language. Whoever talked with somebody while on hold did not hang up there: so many of
    the calls that ended on hold are taken as gone on."""
    columns = (StepDay.language, StepDay.step, StepDay.to_step)
    asked = (
        select(*columns, func.sum(StepDay.passed), func.sum(StepDay.seconds))
        .where(StepDay.day.between(first, last), StepDay.step != "")
        .group_by(*columns)
    )
    holds = {step.name for step in _flow().steps.values() if step.kind == "hold"}
    found: dict[str, list[Gone]] = defaultdict(list)
    for code, step, to_step, passed, seconds in session.execute(asked):
        one = Gone(step, to_step, int(passed), int(seconds))
        talked = (
            min(one.passed, people[code].talked) if step in holds and not to_step and code in people else 0
        )
        if talked:
            part = one.seconds * talked // one.passed
            found[code].append(Gone(step, TALKED, talked, part))
            one = Gone(step, to_step, one.passed - talked, one.seconds - part)
        found[code].append(one)
    return found


def _whole(gone: Mapping[str, list[Gone]], language: str) -> Traffic:
    """All languages together, or one of them with the arrows that lead into it."""
    if not language:
        return traffic.added_up(one for each in gone.values() for one in each)
    menu_ = _flow()
    own = traffic.added_up(gone.get(language, ()))
    targets = dict.fromkeys(stop for _, stop in tree.ways(menu_, menu_.steps[menu_.start]))
    return traffic.begun_at(own, menu_.start, targets)


def _people(session: Session, first: date, last: date) -> dict[str, People]:
    sums = (func.sum(column) for column in (CallDay.wanted_person, CallDay.nobody, CallDay.answered))
    asked = select(CallDay.language, *sums).where(CallDay.day.between(first, last)).group_by(CallDay.language)
    return {row[0]: People(int(row[1]), int(row[2]), int(row[3])) for row in session.execute(asked)}


def _ways(session: Session, first: date, last: date, language: str) -> list[Way]:
    wanted = (Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS)
    asked = (
        select(SpreadDay.language, SpreadDay.what, SpreadDay.value, func.sum(SpreadDay.count))
        .where(SpreadDay.day.between(first, last), SpreadDay.what.in_([str(one) for one in wanted]))
        .group_by(SpreadDay.language, SpreadDay.what, SpreadDay.value)
        .order_by(SpreadDay.value)
    )
    if language:
        asked = asked.where(SpreadDay.language == language)
    counts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for code, what, value, count in session.execute(asked):
        counts[code, what].append((value, int(count)))
    codes = sorted({code for code, _ in counts})
    found = [Way(code, *(told(counts[code, str(what)]) for what in wanted)) for code in codes]
    return sorted(found, key=lambda way: -(way.seconds.median or 0))


def grouped(menu_: Menu) -> tuple[tree.Tree, Mapping[str, Stay]]:
    """The tree as it is drawn, and what went on at each of its stops."""
    flow_ = _flow()
    groups = tree.grouped(flow_)
    now = traffic.together(menu_.now, groups)
    weights: dict[tuple[str, str], int] = defaultdict(int)
    for (step, to_step), count in menu_.weights.items():
        weights[groups.get(step, step), groups.get(to_step, to_step)] += count
    reached = {name: stay.reached for name, stay in now.stays.items()}
    drawn = tree.drawn(flow_, weights, now.arrows, reached)
    return drawn, {stop.name: now.at(stop.name) for stop in drawn.stops}
