"""Entities and people for the benches of routing, made as ROUTING §3.1 describes them.

One in ten entities is an office with several regions, many languages, all groups and many places; the others have one
to three regions, one to four languages, half of them only some countries or groups, and places by a log-normal law.
Regions, languages and countries of people follow Zipf's law; 45 % also speak the language that most entities speak
(written as a language of its own, `bn+`); 12 % are urgent. Nothing of this is anybody's.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from helpline.routing.policy import Limits, Project, Wanted

REGIONS = [f"region{n:02}" for n in range(20)]
LANGUAGES = [f"l{n:02}" for n in range(15)]
COUNTRIES = [f"c{n:02}" for n in range(40)]
GROUPS = ["alone", "family", "ill", "trafficked"]
GROUP_WEIGHTS = [60, 25, 10, 5]
LINGUA, ALSO = "l00", "+"
BEGAN = datetime(2026, 1, 11, 23, tzinfo=UTC)
"""A Monday's midnight in Rome; ten weeks later the clocks have not changed yet."""

TODAY = date(2026, 1, 12)


OFFICE_SIZE, SPREAD = 6, 0.8
"""How many times larger an office is, and how much sizes differ (the log-normal law's sigma)."""

ENTITIES_FOLLOW, PEOPLE_FOLLOW = 0.6, 1.3
"""Zipf's exponent by which entities choose regions, languages and countries, and people come from them."""


def likely(values: list[str], exponent: float) -> list[float]:
    """Cumulative weights after Zipf: the first value the likeliest."""
    return list(accumulate(1 / (place + 1) ** exponent for place in range(len(values))))


def some(dice: Random, values: list[str], count: int) -> list[str]:
    """So many different values, the likely ones likelier."""
    found: dict[str, None] = {}
    weights = likely(values, ENTITIES_FOLLOW)
    while len(found) < count:
        found[dice.choices(values, cum_weights=weights)[0]] = None
    return sorted(found)


def projects(dice: Random, count: int, places: int, *, weekly: bool = False) -> list[Project]:
    """So many entities with a project each, and so many places among them all."""
    drawn = []
    for n in range(count):
        office = n % 10 == 0
        regions = some(dice, REGIONS, dice.randint(3, 6) if office else dice.randint(1, 3))
        spoken = some(dice, LANGUAGES, dice.randint(5, 10) if office else dice.randint(1, 4))
        countries = ["*"] if office or dice.random() > 0.55 else some(dice, COUNTRIES, dice.randint(3, 12))
        groups = ["*"] if office or dice.random() > 0.45 else some(dice, GROUPS, dice.randint(1, 2))
        spoken += [one + ALSO for one in (LANGUAGES if LINGUA in spoken else spoken)]
        size = dice.lognormvariate(0, SPREAD) * (OFFICE_SIZE if office else 1)
        drawn.append((size, regions, countries, groups, spoken))
    whole = sum(size for size, *_ in drawn)
    # What rounding down leaves over goes to those who lost most by it, so that the places are exactly so many.
    sizes = [int(size / whole * places) for size, *_ in drawn]
    by_loss = sorted(range(count), key=lambda n: sizes[n] - drawn[n][0] / whole * places)
    for n in by_loss[: places - sum(sizes)]:
        sizes[n] += 1
    return [
        Project(
            id=f"p{n:03}",
            entity_id=f"e{n:03}",
            starts_on=date(2025, 1, 1),
            ends_on=date(2027, 12, 31),
            limits=Limits(per_week=size) if weekly else Limits(total=size),
            regions=tuple(regions),
            countries=tuple(countries),
            groups=tuple(groups),
            languages=tuple(spoken),
        )
        for n, (size, (_, regions, countries, groups, spoken)) in enumerate(zip(sizes, drawn, strict=True))
    ]


def people(dice: Random, count: int, *, hours: float, first: int = 1) -> list[Wanted]:
    """So many requests, spread over so many hours from the beginning, in the order in which they come."""
    came = sorted(dice.random() * hours for _ in range(count))
    regions, languages, countries = (likely(of, PEOPLE_FOLLOW) for of in (REGIONS, LANGUAGES, COUNTRIES))
    return [
        Wanted(
            id=first + n,
            language=dice.choices(LANGUAGES, cum_weights=languages)[0]
            + (ALSO if dice.random() < 0.45 else ""),
            region=dice.choices(REGIONS, cum_weights=regions)[0],
            country=dice.choices(COUNTRIES, cum_weights=countries)[0],
            group=dice.choices(GROUPS, GROUP_WEIGHTS)[0],
            waiting_since=BEGAN + timedelta(hours=hour),
            urgent=dice.random() < 0.12,
        )
        for n, hour in enumerate(came)
    ]
