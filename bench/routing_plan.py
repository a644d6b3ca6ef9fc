"""How fast the plan is made in memory, how much memory it takes, and how many it places beside what simpler rules place.

What it costs to write a plan down is another file's (`routing_commit`): this one needs no database.
"""

import gc
import subprocess
import sys
import time
from collections import Counter
from random import Random

from bench import routing_market
from bench.memory import most_memory
from bench.routing_market import TODAY
from helpline.routing.filters import Market, bits, profile_of
from helpline.routing.policy import order, plan

SECONDS_AIM, TICK_AIM, MEMORY_AIM = 1.5, 0.5, 500.0
SIZES = ((20, 1_000, 1.0), (200, 1_000, 1.0), (200, 10_000, 1.0), (500, 100_000, 0.7), (500, 100_000, 1.0))
ROUNDS = 5
MEMORY = "memory"


def batch(entities, count, load, seed=7):
    """Projects and a shuffled list of requests, with so many requests for each place."""
    dice = Random(seed)
    market = routing_market.projects(dice, entities, round(count / load))
    waiting = routing_market.people(dice, count, hours=8 * 7 * 24)
    dice.shuffle(waiting)
    return waiting, market


def masks_of(waiting, market):
    """Who may take each request in the published order; and what each project has left."""
    seen = Market(market, TODAY)
    found = {}
    masks = [found.get(p) or found.setdefault(p, seen.open_to(p)) for p in map(profile_of, order(waiting))]
    return masks, [project.free for project in seen.projects]


def fixed_order(masks, rooms):
    """The first project by id that has room."""
    left, free, placed = list(rooms), sum(1 << n for n, room in enumerate(rooms) if room), 0
    for mask in masks:
        able = mask & free
        if able:
            place = (able & -able).bit_length() - 1
            left[place] -= 1
            placed += 1
            free ^= (not left[place]) << place
    return placed


def least_used(masks, rooms):
    """The least used of those with room, and nobody is ever moved."""
    gained, free, placed = [0] * len(rooms), sum(1 << n for n, room in enumerate(rooms) if room), 0
    for mask in masks:
        able = mask & free
        if able:
            place = min(bits(able), key=lambda n: (gained[n] / rooms[n], n))
            gained[place] += 1
            placed += 1
            free ^= (gained[place] == rooms[place]) << place
    return placed


def bound(masks, rooms):
    """As many as can be placed at all, by scipy's maximum flow over classes of requests."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    classes = Counter(masks)
    first = 1 + len(classes)
    sink = first + len(rooms)
    edges = [(0, 1 + n, count) for n, count in enumerate(classes.values())]
    edges += [(1 + n, first + p, classes[mask]) for n, mask in enumerate(classes) for p in bits(mask)]
    edges += [(first + p, sink, room) for p, room in enumerate(rooms)]
    begins, ends, sizes = (np.array(column, dtype=np.int32) for column in zip(*edges, strict=True))
    graph = csr_array((sizes, (begins, ends)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, 0, sink).flow_value)


def seconds(act, rounds=ROUNDS):
    """The middle of so many tries: by the clock on the wall, and of the processor alone."""
    times, busy = [], []
    for _ in range(rounds):
        gc.collect()
        began, worked = time.perf_counter(), time.process_time()
        act()
        times.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    return sorted(times)[rounds // 2], sorted(busy)[rounds // 2]


def _verdict(value, aim, unit):
    return f"(aim: under {aim:g} {unit})" + ("" if value < aim else "   MISSED")


def main() -> None:
    """Measure, and print."""
    print("plans in memory, best that can be placed by an independent maximum flow:")
    for entities, count, load in SIZES:
        waiting, market = batch(entities, count, load)
        masks, rooms = masks_of(waiting, market)
        planned = plan(waiting, market, TODAY)
        most = bound(masks, rooms)
        took, busy = seconds(lambda waiting=waiting, market=market: plan(waiting, market, TODAY))
        shares = ", ".join(
            f"{name} {100 * placed / most:.1f} %"
            for name, placed in (
                ("fixed order", fixed_order(masks, rooms)),
                ("least used", least_used(masks, rooms)),
                ("the plan", planned.placed),
            )
        )
        moved = 100 * len(planned.matching.moved) / planned.placed
        print(
            f"   {entities} projects x {count}, {load} requests a place: {took:.3f} s"
            f" (processor {busy:.3f}) {_verdict(took, SECONDS_AIM, 's')};"
            f" of {most} that can be placed: {shares}; {moved:.1f} % by moving"
            + ("" if planned.placed == most else "   MISSED")
        )
    waiting, market = batch(200, 10_000, 1.3)
    took, busy = seconds(lambda: [d.record() for _, d in plan(waiting, market, TODAY)][:0], rounds=3)
    print(f"   every decision of 10000 with its whole record: {took:.3f} s (processor {busy:.3f})")
    took, busy = seconds(lambda: plan(waiting, market, TODAY))
    print(
        f"   a tick, 100 new among 10000 who wait: {took:.3f} s (processor {busy:.3f}) to plan {_verdict(took, TICK_AIM, 's')}"
    )
    said = subprocess.run(
        [sys.executable, "-m", "bench.routing_plan", MEMORY], capture_output=True, check=True, text=True
    )
    print(f"   memory of a process that plans 500 x 100000: {said.stdout.strip()}")


def memory() -> None:
    """Plan the largest batch in this process, and print the most memory that it ever had."""
    waiting, market = batch(500, 100_000, 1.0)
    plan(waiting, market, TODAY)
    most = most_memory()
    print(f"{most:.0f} MB {_verdict(most, MEMORY_AIM, 'MB')}")


if __name__ == "__main__":
    memory() if sys.argv[1:] == [MEMORY] else main()
