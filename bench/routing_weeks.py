"""Ten weeks of routing, as ROUTING §3.3 describes them: 60 entities with places by the week, 600 requests a week.

Who is not placed within four weeks gives up; every offer is accepted. Four rules see the same weeks: two without a plan,
the plan every hour, and the plan with look-ahead, whose forecast comes from eight weeks of the same process that were
before. Beside them stands what somebody who knew all arrivals could have placed (`bound`, a maximum flow).
"""

import os
import statistics
from bisect import bisect
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from bench import routing_market
from bench.routing_market import BEGAN
from helpline.hours import today
from helpline.routing.filters import Market, bits, profile_of
from helpline.routing.lookahead import Arrived, expected
from helpline.routing.policy import Expected, Used, fit, plan

WEEKS, A_WEEK, PATIENCE = 10, 600, 4
HOURS = 7 * 24
ENTITIES = 60
SEEDS = tuple(range(1, 1 + int(os.environ.get("BENCH_SEEDS", "4"))))
LOADS = tuple(float(load) for load in os.environ.get("BENCH_LOADS", "1.0").split())
BASELINE, BASELINE_MARGIN, URGENT_AIM, BOUND_AIM = 43.0, 4.0, 18.0, 99.2
EARLIER = 8


@dataclass
class Weeks:
    """One seed's weeks: who comes when (hours from the beginning), and to whom they may go."""

    market: list
    coming: list
    hours: list
    masks: list
    earlier: list
    waits: dict = field(default_factory=dict)


def weeks(seed, load):
    """The weeks of one seed, and the eight weeks before them."""
    dice = Random(seed)
    market = routing_market.projects(dice, ENTITIES, round(A_WEEK / load), weekly=True)
    coming = routing_market.people(dice, WEEKS * A_WEEK, hours=WEEKS * HOURS)
    before = routing_market.people(dice, EARLIER * A_WEEK, hours=EARLIER * HOURS)
    shift = timedelta(weeks=EARLIER)
    earlier = [
        _arrived(replace(one, waiting_since=one.waiting_since - shift)) for one in before if one.urgent
    ]
    seen = Market(market, today(BEGAN))
    return Weeks(
        market,
        coming,
        [(one.waiting_since - BEGAN) / timedelta(hours=1) for one in coming],
        [seen.open_to(profile_of(one)) for one in coming],
        earlier,
    )


def _arrived(one):
    return Arrived(one.waiting_since, Expected(one.language, one.region, one.country, one.group))


def at_once(these, choose):
    """Each when it comes, and all who wait when a week begins, the urgent and the oldest first; nobody is moved."""
    rooms = [project.limits.per_week for project in these.market]
    used, waiting, waits, week = [0] * len(rooms), [], {}, 0
    free = sum(1 << n for n, room in enumerate(rooms) if room)

    def place(n, hour):
        nonlocal free
        able = these.masks[n] & free
        if not able:
            return False
        at = choose(able, used, rooms)
        used[at] += 1
        free ^= (used[at] == rooms[at]) << at
        waits[n] = hour - these.hours[n]
        return True

    for n, hour in enumerate(these.hours):
        while hour >= (week + 1) * HOURS:
            week += 1
            used[:] = [0] * len(rooms)
            free = sum(1 << n for n, room in enumerate(rooms) if room)
            begins = week * HOURS
            waiting = [one for one in waiting if these.hours[one] + PATIENCE * HOURS >= begins]
            waiting.sort(key=lambda one: (not these.coming[one].urgent, one))
            waiting = [one for one in waiting if not place(one, begins)]
        if not place(n, hour):
            waiting.append(n)
    return waits


def first_by_id(able, used, rooms):
    """The first project by id."""
    return (able & -able).bit_length() - 1


def least_used(able, used, rooms):
    """The least used project."""
    return min(bits(able), key=lambda n: (used[n] / rooms[n], n))


def by_plan(these, *, ahead):
    """The plan every hour, and for an urgent one at once."""
    places = {project.id: n for n, project in enumerate(these.market)}
    numbers = {one.id: n for n, one in enumerate(these.coming)}
    past = list(these.earlier)
    waiting, waits, came = [], {}, 0
    kept_most = 0.0

    state = list(these.market)

    def take(decided, hour):
        for wanted, decision in decided:
            n = places[decision.project_id]
            state[n] = replace(state[n], used=Used(week=state[n].used.week + 1))
            waits[numbers[wanted.id]] = hour - these.hours[numbers[wanted.id]]

    for hour in range(WEEKS * HOURS):
        now = BEGAN + timedelta(hours=hour)
        if hour % HOURS == 0:
            state[:] = these.market
        waiting = [one for one in waiting if these.hours[numbers[one.id]] + PATIENCE * HOURS >= hour]
        forecast = expected(past, now, first_at=BEGAN - timedelta(weeks=EARLIER)) if ahead else None
        planned = plan(waiting, state, today(now), forecast=forecast)
        take(planned.offers(), hour)
        kept = {held.project_id: held.places / held.of for held in planned.held}
        kept_most = max([kept_most, *kept.values()])
        waiting = [one for one in waiting if numbers[one.id] not in waits]
        until = bisect(these.hours, hour + 1)
        for one in these.coming[came:until]:
            if one.urgent:
                past.append(_arrived(one))
                decision = fit(one, state, today(now))
                if decision.project_id:
                    take([(one, decision)], these.hours[numbers[one.id]])
                    continue
            waiting.append(one)
        came = until
    return waits, kept_most


def bound(these):
    """As many as somebody could have placed who knew everybody who was going to come; a week's places are one block."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    rooms = [project.limits.per_week for project in these.market]
    alike = Counter(
        (mask, int(hour // HOURS), min(WEEKS - 1, int((hour + PATIENCE * HOURS) // HOURS)))
        for mask, hour in zip(these.masks, these.hours, strict=True)
    )
    first = 1 + len(alike)
    sink = first + WEEKS * ENTITIES
    edges = [(0, 1 + n, count) for n, count in enumerate(alike.values())]
    for n, ((mask, begins, ends), count) in enumerate(alike.items()):
        for week in range(begins, ends + 1):
            edges += [(1 + n, first + week * ENTITIES + p, count) for p in bits(mask)]
    edges += [
        (first + week * ENTITIES + p, sink, room) for week in range(WEEKS) for p, room in enumerate(rooms)
    ]
    begins, ends, sizes = (np.array(column, dtype=np.int32) for column in zip(*edges, strict=True))
    return int(
        maximum_flow(csr_array((sizes, (begins, ends)), shape=(sink + 1, sink + 1)), 0, sink).flow_value
    )


def run(seed, load):
    """All rules on one seed's weeks: for each, the share of the bound, and how long urgent and other ones waited."""
    these = weeks(seed, load)
    most = bound(these)
    found = {
        "at once, fixed order": at_once(these, first_by_id),
        "at once, least used": at_once(these, least_used),
        "the plan every hour": by_plan(these, ahead=False)[0],
    }
    found["the plan with look-ahead"], kept = by_plan(these, ahead=True)
    rows = {}
    for rule, waits in found.items():
        urgent = sorted(wait for n, wait in waits.items() if these.coming[n].urgent)
        other = [wait for n, wait in waits.items() if not these.coming[n].urgent]
        late = urgent[int(len(urgent) * 0.95)]
        rows[rule] = (100 * len(waits) / most, statistics.mean(urgent), late, statistics.mean(other))
    return rows, kept


def main() -> None:
    """Simulate, and print the mean over the seeds."""
    for load in LOADS:
        print(f"{WEEKS} weeks, {ENTITIES} entities, {load:g} requests a place, {len(SEEDS)} seeds:")
        with ProcessPoolExecutor() as pool:
            found = list(pool.map(run, SEEDS, [load] * len(SEEDS)))
        for rule in found[0][0]:
            share, urgent, late, other = (
                statistics.mean(rows[rule][n] for rows, _ in found) for n in range(4)
            )
            print(
                f"   {rule:<26} {share:6.2f} % of the hindsight bound; urgent ones wait {urgent:5.1f} h,"
                f" 95th {late:5.1f} h; others {other:5.1f} h{_verdict(rule, load, share, urgent)}"
            )
        print(f"   kept at most: {100 * max(kept for _, kept in found):.0f} % of a project's week")


def _verdict(rule, load, share, urgent):
    if load == 1.0 and rule == "at once, least used":
        missed = abs(urgent - BASELINE) > BASELINE_MARGIN
        return f" (ROUTING: {BASELINE:g} ± {BASELINE_MARGIN:g} h)" + ("   MISSED" if missed else "")
    if load == 1.0 and rule == "the plan with look-ahead":
        missed = share < BOUND_AIM or urgent >= URGENT_AIM
        return f" (aim: {BOUND_AIM} %, under {URGENT_AIM:g} h)" + ("   MISSED" if missed else "")
    return ""


if __name__ == "__main__":
    main()
