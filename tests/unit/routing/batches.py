"""Batches of requests and projects, made to be hard; and, by another's algorithm, how many of them can be placed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from helpline.routing.policy import Expected, Limits, Project, Used, Wanted

TODAY = date(2026, 11, 23)
MONDAY = TODAY + timedelta(days=7)
SINCE = datetime(2026, 11, 20, tzinfo=UTC)
NORMAL, URGENT = False, True
Batch = tuple[list[Wanted], list[Project]]


def project(id: str, *, places: int = 2, taken: int = 0, **fields: Any) -> Project:
    """A project that takes anybody, in its life so many."""
    usual: dict[str, Any] = {
        "starts_on": date(2024, 1, 2),
        "ends_on": date(2027, 1, 1),
        "entity_id": f"of-{id}",
        "limits": Limits(total=places),
        "used": Used(total=taken),
    }
    return Project(id=id, **usual | fields)


def person(id: int = 1, **fields: Any) -> Wanted:
    """A Bangla speaker in Lazio, alone."""
    usual: dict[str, Any] = {
        "language": "bn",
        "region": "lazio",
        "country": "BD",
        "group": "self",
        "waiting_since": SINCE,
    }
    return Wanted(id=id, **usual | fields)


def _people(
    regions: st.SearchStrategy[str], most: int, **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[list[Wanted]]:
    some = st.builds(
        person,
        id=st.integers(1, 999),
        region=regions,
        waiting_since=st.integers(0, 5).map(lambda hours: SINCE + timedelta(hours=hours)),
        urgent=st.integers(0, 3).map(lambda dice: dice == 0),
        **fields,
    )
    return st.lists(some, min_size=1, max_size=most, unique_by=lambda one: one.id)


ANYWHERE = st.sampled_from("abcdef")


@st.composite
def tight(draw: st.DrawFn) -> Batch:
    """Few places, many who fit several projects."""
    lists = st.lists(ANYWHERE, min_size=1, max_size=3, unique=True).map(tuple)
    count = draw(st.integers(1, 6))
    market = [
        project(
            f"p{n}",
            regions=draw(lists),
            languages=draw(st.sampled_from([("*",), ("bn",), ("ar", "bn"), ("ar",)])),
            groups=draw(st.sampled_from([("*",), ("self",), ("family",)])),
            limits=Limits(
                draw(st.sampled_from([None, 2, 3])),
                draw(st.sampled_from([None, 2])),
                draw(st.sampled_from([None, 1, 4])),
            ),
            used=Used(draw(st.integers(0, 3)), draw(st.integers(0, 1)), draw(st.integers(0, 1))),
        )
        for n in range(count)
    ]
    fields = {"language": st.sampled_from(["ar", "bn"]), "group": st.sampled_from(["self", "family"])}
    return draw(_people(ANYWHERE, 12, **fields)), market


@st.composite
def chained(draw: st.DrawFn) -> Batch:
    """Each project shares a region with the next: room at one end is reached only by moving many."""
    length = draw(st.integers(2, 10))
    market = [
        project(f"p{n:02}", places=1, regions=(f"r{n}", f"r{n + 1}"), entity_id="one") for n in range(length)
    ]
    regions = [f"r{n}" for n in draw(st.permutations(range(length + 1)))]
    people = [
        person(n, region=region, waiting_since=SINCE + timedelta(hours=n)) for n, region in enumerate(regions)
    ]
    return people, market


@st.composite
def starred(draw: st.DrawFn) -> Batch:
    """One project that everybody fits, and a small one for each region."""
    market = [project("hub", places=draw(st.integers(0, 4)))]
    market += [
        project(f"p{region}", places=draw(st.integers(0, 2)), regions=(region,))
        for region in sorted(draw(st.sets(ANYWHERE)))
    ]
    return draw(_people(ANYWHERE, 12)), market


@st.composite
def disjoint(draw: st.DrawFn) -> Batch:
    """Projects that share nobody."""
    market = [project(region, places=draw(st.integers(0, 3)), regions=(region,)) for region in "abcd"]
    return draw(_people(ANYWHERE, 12)), market


@st.composite
def declining(draw: st.DrawFn) -> Batch:
    """Projects that said no, do not answer, pause, are full by their word, or are over; several of one entity."""
    market = [
        project(
            f"p{n}",
            places=draw(st.integers(0, 2)),
            entity_id=draw(st.sampled_from(["e1", "e2", "e3"])),
            regions=draw(st.sampled_from([("a",), ("b",), ("a", "b"), ("*",)])),
            starts_on=draw(st.sampled_from([date(2026, 1, 1), TODAY, date(2026, 12, 1)])),
            ends_on=draw(st.sampled_from([date(2026, 11, 22), TODAY, date(2027, 12, 1)])),
            paused=draw(st.integers(0, 4)) == 0,
            full_by_word=draw(st.integers(0, 4)) == 0,
        )
        for n in range(draw(st.integers(0, 7)))
    ]
    entities = st.frozensets(st.sampled_from(["e1", "e2", "e3"]), max_size=2)
    parked = st.integers(0, 5).map(lambda dice: dice == 0)
    return draw(
        _people(st.sampled_from("ab"), 10, declined_by=entities, cooling=entities, parked=parked)
    ), market


SHAPES = {
    "tight": tight(),
    "chained": chained(),
    "starred": starred(),
    "disjoint": disjoint(),
    "declining": declining(),
}
any_batch = st.one_of(*SHAPES.values())


def allows(wanted: Wanted | Expected, project: Project) -> bool:
    """Written a second time, from the words of the rules rather than from the code; but for room."""
    pairs = [
        (wanted.region, project.regions),
        (wanted.country, project.countries),
        (wanted.group, project.groups),
        (wanted.language, project.languages),
    ]
    fits = all(allowed == ("*",) or value in allowed for value, allowed in pairs)
    asked = isinstance(wanted, Wanted) and (
        wanted.parked or project.entity_id in wanted.declined_by | wanted.cooling
    )
    runs = project.starts_on <= TODAY <= project.ends_on
    return fits and runs and not asked and not project.paused and not project.full_by_word


def room(project: Project) -> int:
    """Written a second time: the least of what its limits leave; more than any batch holds without any."""
    limits, used = project.limits, project.used
    left = [
        1000 if limits.total is None else limits.total - used.total,
        1000 if limits.open_cases is None else limits.open_cases - used.open,
        1000 if limits.per_week is None else limits.per_week - used.week,
    ]
    return max(0, min(left))


def bound(
    people: Sequence[Wanted],
    market: Sequence[Project],
    expected: Sequence[Expected] = (),
    gates: Sequence[int] = (),
) -> int:
    """How many of these can be placed at once, by scipy's maximum flow; expected ones pass a gate of each project."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    everybody = [*people, *expected]
    first_gate, first_project = 1 + len(everybody), 1 + len(everybody) + len(market)
    sink = first_project + len(market)
    edges = [(0, 1 + n, 1) for n in range(len(everybody))]
    for n, one in enumerate(everybody):
        first = first_project if isinstance(one, Wanted) else first_gate
        edges += [(1 + n, first + p, 1) for p, project in enumerate(market) if allows(one, project)]
    edges += [(first_gate + p, first_project + p, gate) for p, gate in enumerate(gates)]
    edges += [(first_project + p, sink, room(project)) for p, project in enumerate(market)]
    begins, ends, sizes = (np.array(column, dtype=np.int32) for column in zip(*edges, strict=True))
    graph = csr_array((sizes, (begins, ends)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, 0, sink).flow_value)
