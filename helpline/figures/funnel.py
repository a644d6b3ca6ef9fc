"""The menu of a period, read from the counts: what went on at each step, in which languages it was not as usual, and how long the
way to the first useful message was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from helpline.figures import noticing, spans, traffic, tree, unusual
from helpline.figures.models import Spread
from helpline.figures.noticing import Found, People
from helpline.figures.overview import SPREADS, Told, told
from helpline.figures.spans import Counts
from helpline.figures.traffic import Stay, Traffic
from helpline.figures.tree import Shape
from helpline.figures.unusual import Compared
from helpline.ivr import flow, formerly

BEFORE = timedelta(days=28)
"""What is usual: the four weeks before the period."""
TALKED = "talked"
"""In the place of a step: the caller was joined with somebody of ours."""
_STEPS = Counts("step_days", "step_months", ("language", "step", "to_step"), ("passed", "seconds"))
_OTHERS = "*"
"""In the place of a language: all those together that are not shown."""
_PEOPLE = """
SELECT language,
       coalesce(sum(wanted_person) FILTER (WHERE day >= :first), 0), coalesce(sum(nobody) FILTER (WHERE day >= :first), 0),
       coalesce(sum(answered) FILTER (WHERE day >= :first), 0),
       coalesce(sum(wanted_person) FILTER (WHERE day < :first), 0), coalesce(sum(nobody) FILTER (WHERE day < :first), 0),
       coalesce(sum(answered) FILTER (WHERE day < :first), 0)
  FROM call_days WHERE day BETWEEN :begins AND :last AND wanted_person > 0 GROUP BY language"""
Period = tuple[date, date]


@dataclass(frozen=True)
class Way:
    """How long it is to the first useful message in one language: seconds and keys."""

    language: str
    seconds: Told
    keys: Told


@dataclass(frozen=True)
class Menu:
    """The menu of a period. `usual`: the same steps in the weeks before; `steps`: each compared with it; `older`: those of them
    that the menu does not have any more, under no name (they stand in no picture)."""

    first: date
    last: date
    now: Traffic
    usual: Traffic
    steps: Mapping[str, Compared]
    older: Sequence[str]
    found: Sequence[Found]
    ways: Sequence[Way]
    weights: Mapping[tuple[str, str], int]


def menu(session: Session, first: date, last: date, language: str = "") -> Menu:
    """The menu of these days, both included; of one language where that is chosen.

    Raises `ValueError` when the period ends before it begins.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    people, people_usual = _people(session, first, last)
    rows = _arrows(session, (first, last), (first - BEFORE, first - timedelta(days=1)), language)
    now = _by_language([(*of, passed, seconds) for *of, passed, seconds, _, _ in rows], people)
    usual = _by_language([(*of, passed, seconds) for *of, _, _, passed, seconds in rows], people_usual)
    whole, whole_usual = _whole(now, language), _whole(usual, language)
    ends = _shape().ends
    older = sorted((whole.stays.keys() | whole_usual.stays.keys()) - ends.keys())
    steps = {
        name: unusual.compared(whole.at(name), whole_usual.at(name), ends=ends.get(name, False))
        for name in (*ends, *older)
    }
    found = noticing.found(
        session, (first, last), (now, usual), (people, people_usual), ends, _holds(), language
    )
    weights = traffic.gone([*now.values(), *usual.values()])
    spent = _ways(session, first, last, language)
    return Menu(first, last, whole, whole_usual, steps, older, found, spent, weights)


@cache
def _shape() -> Shape:
    return tree.shape(flow.load())


@cache
def _holds() -> frozenset[str]:
    """The steps at which callers wait for a person."""
    return frozenset(step.name for step in _shape().flow.steps.values() if step.kind == "hold")


def _arrows(session: Session, now: Period, usual: Period, language: str) -> Sequence[Sequence[Any]]:
    """By language, step and next step how often that was gone, for how many seconds; and then the same of usually.

    Where one language is chosen the others are one, since they only say on what a step hangs; but who talked with somebody
    is known by the language, so that it is told where callers wait for a person.
    """
    by = _STEPS.by
    given: dict[str, Any] = {}
    if language:
        own = f"CASE WHEN language = :language OR step = ANY(:holds) THEN language ELSE '{_OTHERS}' END"
        by = (own, *by[1:])
        given = {
            "language": language,
            "holds": [name for hold in sorted(_holds()) for name in formerly.every(hold)],
        }
    return _as_called_now(spans.added_up(session, _STEPS, (now, usual), "step <> ''", by, given))


def _as_called_now(rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """The same rows under the names that steps have now: what went on under a former name is added to them."""
    if not formerly.names():
        return rows
    found: dict[tuple[str, str, str], Sequence[int]] = {}
    for code, step, to_step, *sums in rows:
        arrow = code, formerly.now(step), formerly.now(to_step)
        found[arrow] = [
            some + more for some, more in zip(found.get(arrow, (0,) * len(sums)), sums, strict=True)
        ]
    return [(*arrow, *sums) for arrow, sums in found.items()]


def _by_language(rows: Iterable[tuple[Any, ...]], people: Mapping[str, People]) -> dict[str, Traffic]:
    """The arrows that were gone, by language. Whoever talked with somebody while on hold did not hang up there: so many of
    the calls that ended on hold are taken as gone on."""
    holds = _holds()
    found: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for code, step, to_step, passed, seconds in rows:
        if not to_step and step in holds and code in people and passed:
            talked = min(passed, people[code].talked)
            part = seconds * talked // passed
            if talked:
                found[code].append((step, TALKED, talked, part))
            found[code].append((step, to_step, passed - talked, seconds - part))
        elif passed:
            found[code].append((step, to_step, passed, seconds))
    return {code: traffic.added_up(gone) for code, gone in found.items()}


def _whole(each: Mapping[str, Traffic], language: str) -> Traffic:
    """All languages together, or one of them with the arrows that lead into it."""
    if not language:
        return traffic.merged(each.values())
    shape = _shape()
    return traffic.begun_at(each.get(language, Traffic()), shape.flow.start, shape.begins)


def _people(session: Session, first: date, last: date) -> tuple[dict[str, People], dict[str, People]]:
    """Who asked for a person, by language; and the same of usually."""
    given = {"begins": first - BEFORE, "first": first, "last": last}
    rows = session.execute(text(_PEOPLE), given).all()
    return {row[0]: People(*row[1:4]) for row in rows}, {row[0]: People(*row[4:7]) for row in rows}


def _ways(session: Session, first: date, last: date, language: str) -> list[Way]:
    wanted = (Spread.USEFUL_SECONDS, Spread.USEFUL_KEYS)
    which = "what = ANY(:wanted)" + (" AND language = :language" if language else "")
    given = {"wanted": [*wanted]} | ({"language": language} if language else {})
    counts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for code, what, value, count in spans.added_up(
        session, SPREADS, [(first, last)], which, ("language", "what", "value"), given
    ):
        counts[code, what].append((value, count))
    found = [
        Way(code, *(told(sorted(counts.get((code, str(what)), ()))) for what in wanted))
        for code in sorted({code for code, _ in counts})
    ]
    return sorted(found, key=lambda way: -(way.seconds.median or 0))


def grouped(menu_: Menu) -> tuple[tree.Tree, Mapping[str, Stay]]:
    """The tree as it is drawn, and what went on at each of its stops."""
    shape = _shape()
    groups = shape.groups
    now = traffic.together(menu_.now, groups)
    weights: dict[tuple[str, str], int] = defaultdict(int)
    for (step, to_step), count in sorted(menu_.weights.items()):
        weights[groups.get(step, step), groups.get(to_step, to_step)] += count
    reached = {name: stay.reached for name, stay in now.stays.items()}
    drawn = tree.drawn(shape, weights, now.arrows, reached)
    return drawn, {stop.name: now.at(stop.name) for stop in drawn.stops}
