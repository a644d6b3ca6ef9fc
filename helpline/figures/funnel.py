"""The menu of a period, read from the counts: what went on at each step, in which languages it was not as usual, and how long the
way to the first useful message was."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.figures import noticing, traffic, tree, unusual
from helpline.figures.models import CallDay, Spread, SpreadDay, SpreadMonth, StepDay, StepMonth
from helpline.figures.noticing import Found, People
from helpline.figures.overview import Told, told
from helpline.figures.periods import parts
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
        _holds(),
        language,
    )
    weights = traffic.merged([*now.values(), *usual.values()]).arrows
    return Menu(first, last, whole, whole_usual, steps, found, _ways(session, first, last, language), weights)


@cache
def _flow() -> Flow:
    return flow.load()


def _holds() -> set[str]:
    """The steps at which callers wait for a person."""
    return {step.name for step in _flow().steps.values() if step.kind == "hold"}


def _by_language(
    session: Session, first: date, last: date, people: Mapping[str, People]
) -> dict[str, Traffic]:
    """The arrows that were gone, by language. Whoever talked with somebody while on hold did not hang up there: so many of
    the calls that ended on hold are taken as gone on."""
    holds = _holds()
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for table, when, span in _spans(first, last, (StepDay, StepDay.day), (StepMonth, StepMonth.month)):
        columns = (table.language, table.step, table.to_step)
        asked = select(*columns, func.sum(table.passed), func.sum(table.seconds))
        for row in session.execute(asked.where(when.between(*span), table.step != "").group_by(*columns)):
            passed, seconds = sums[row[0], row[1], row[2]]
            sums[row[0], row[1], row[2]] = [passed + int(row[3]), seconds + int(row[4])]
    found: dict[str, list[Gone]] = defaultdict(list)
    for (code, step, to_step), (passed, seconds) in sums.items():
        one = Gone(step, to_step, passed, seconds)
        talked = min(passed, people[code].talked) if step in holds and not to_step and code in people else 0
        if talked:
            part = seconds * talked // passed
            found[code].append(Gone(step, TALKED, talked, part))
            one = Gone(step, to_step, passed - talked, seconds - part)
        found[code].append(one)
    return {code: traffic.added_up(gone) for code, gone in found.items()}


def _spans(
    first: date, last: date, by_day: tuple[Any, Any], by_month: tuple[Any, Any]
) -> Iterator[tuple[Any, Any, tuple[date, date]]]:
    """From which tables a period is read, each with its column of days and the span of them: whole months by the month."""
    chosen = parts(first, last)
    yield from ((*by_day, span) for span in chosen.days)
    if chosen.months:
        yield (*by_month, chosen.months)


def _whole(each: Mapping[str, Traffic], language: str) -> Traffic:
    """All languages together, or one of them with the arrows that lead into it."""
    if not language:
        return traffic.merged(each.values())
    menu_ = _flow()
    own = each.get(language, Traffic())
    targets = dict.fromkeys(stop for _, stop in tree.ways(menu_, menu_.steps[menu_.start]))
    return traffic.begun_at(own, menu_.start, targets)


def _people(session: Session, first: date, last: date) -> dict[str, People]:
    sums = (func.sum(column) for column in (CallDay.wanted_person, CallDay.nobody, CallDay.answered))
    asked = select(CallDay.language, *sums).where(CallDay.day.between(first, last)).group_by(CallDay.language)
    return {row[0]: People(int(row[1]), int(row[2]), int(row[3])) for row in session.execute(asked)}


def _ways(session: Session, first: date, last: date, language: str) -> list[Way]:
    wanted = (Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS)
    sums: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for table, when, span in _spans(
        first, last, (SpreadDay, SpreadDay.day), (SpreadMonth, SpreadMonth.month)
    ):
        columns = (table.language, table.what, table.value)
        asked = select(*columns, func.sum(table.count)).where(when.between(*span), table.what.in_(wanted))
        if language:
            asked = asked.where(table.language == language)
        for code, what, value, count in session.execute(asked.group_by(*columns)):
            sums[code, what][value] += int(count)
    counts = {key: sorted(values.items()) for key, values in sums.items()}
    codes = sorted({code for code, _ in counts})
    found = [Way(code, *(told(counts.get((code, str(what)), ())) for what in wanted)) for code in codes]
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
