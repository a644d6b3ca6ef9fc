"""Which counts of a report on returns are told, and which are hidden, because they are of few people. Pure.

Everything that is told of countries and kinds is judged together, so that no hidden number is found by adding and taking
away (`suppression`). The largest countries stand for themselves, the others in one line: who reads thirty lines of hidden
numbers learns nothing, and to judge them takes seconds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from helpline.figures.concluding import Sum
from helpline.figures.suppression import veiled
from helpline.routing.counts_values import KINDS, REINTEGRATED, STEPS
from helpline.small_cells import FEWEST

Ways = Mapping[tuple[str, str], int]
"""People by country and what is counted."""
OTHERS = "*"
"""All countries that do not stand for themselves."""
LARGEST = 12
_ALL = "all"


@dataclass(frozen=True)
class CountryLine:
    """One country of return (empty: not known; `OTHERS`: all others), its people by figure and kind; None: hidden."""

    country: str
    people: Mapping[str, int | None]


def by_country(
    counts: Ways, *, leaves: bool = False
) -> tuple[tuple[CountryLine, ...], dict[str, int | None]]:
    """The lines of the largest countries, in an order that says nothing of their size, and the sums of each kind over all countries.

    Sums of steps over all countries are told beside it, also small ones unless it `leaves` the console.
    """
    lines, sums = _judged(tuple(sorted(counts.items())), leaves)
    return lines, dict(sums)


@lru_cache(maxsize=64)
def _judged(
    counts: tuple[tuple[tuple[str, str], int], ...], leaves: bool
) -> tuple[tuple[CountryLine, ...], tuple[tuple[str, int | None], ...]]:
    people: dict[str, Counter[str]] = {}
    for (country, what), count in counts:
        people.setdefault(country, Counter())[what] += count
    lines = _gathered(people)
    values: dict[tuple[str, str], int] = {}
    sums: list[Sum[tuple[str, str]]] = []
    for country, own in lines.items():
        values |= {(country, str(what)): own[what] for what in (*STEPS, *KINDS)}
        values[country, REINTEGRATED] = sum(own[kind] for kind in KINDS)
        sums.append(Sum((country, REINTEGRATED), tuple((country, str(kind)) for kind in KINDS)))
    figures = (*map(str, STEPS), REINTEGRATED)
    for what in (*figures, *map(str, KINDS)):
        values[_ALL, what] = sum(values[country, what] for country in lines)
        sums.append(Sum((_ALL, what), tuple((country, what) for country in lines)))
    sums.append(Sum((_ALL, REINTEGRATED), tuple((_ALL, str(kind)) for kind in KINDS)))
    told = {(_ALL, what) for what in figures if not leaves or values[_ALL, what] >= FEWEST}
    hidden = veiled(values, sums, values.keys(), told=told).hidden

    def shown(country: str, what: str) -> int | None:
        return None if (country, what) in hidden else values[country, what]

    return (
        tuple(
            CountryLine(country, {what: shown(country, what) for what in (*figures, *map(str, KINDS))})
            for country in lines
        ),
        tuple((what, shown(_ALL, what)) for what in (*figures, *map(str, KINDS))),
    )


def _gathered(people: Mapping[str, Counter[str]]) -> dict[str, Counter[str]]:
    """The countries of which something may be told, at most so many, by their code; then the unknown one, and all others as one."""
    ranked = sorted(people, key=lambda country: (-people[country].total(), country))
    own = [country for country in ranked if max(people[country].values(), default=0) >= FEWEST][:LARGEST]
    rest = sum((people[country] for country in ranked if country not in own), Counter[str]())
    found = {country: people[country] for country in sorted(own, key=lambda country: (not country, country))}
    return found | ({OTHERS: rest} if rest else {})


def by_project(values: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, str, str], int | None]:
    """People by figure, project and period, and their sums (empty for all), those of small groups as None.

    What can be told of a figure over all projects and periods is told, if it is of five people or more: the table by
    country says it too.
    """
    found: dict[tuple[str, str, str], int | None] = {}
    for figure in dict.fromkeys(figure for figure, _, _ in values):
        found |= _of_figure(tuple((key, count) for key, count in values.items() if key[0] == figure))
    return found


@lru_cache(maxsize=64)
def _of_figure(
    counts: tuple[tuple[tuple[str, str, str], int], ...],
) -> dict[tuple[str, str, str], int | None]:
    values = dict(counts)
    figure = next(iter(values))[0]
    projects = dict.fromkeys(project for _, project, _ in values)
    periods = dict.fromkeys(period for _, _, period in values)
    sums: list[Sum[tuple[str, str, str]]] = []

    def add(total: tuple[str, str, str], parts: tuple[tuple[str, str, str], ...]) -> None:
        values[total] = sum(values[part] for part in parts)
        sums.append(Sum(total, parts))

    for project in projects:
        add((figure, project, ""), tuple((figure, project, period) for period in periods))
    for period in periods:
        add((figure, "", period), tuple((figure, project, period) for project in projects))
    add((figure, "", ""), tuple((figure, project, "") for project in projects))
    sums.append(Sum((figure, "", ""), tuple((figure, "", period) for period in periods)))
    whole = (figure, "", "")
    told = {whole} if values[whole] >= FEWEST else set()
    hidden = veiled(values, sums, values.keys(), told=told).hidden
    return {key: None if key in hidden else count for key, count in values.items()}
