"""How fast a plan is made of the tables and written down, how long anybody waits for a lock of it, on a real PostgreSQL.

The market is that of `routing_market`; groups are folded to the two that a request may have. Run by `make bench`, or
`python -m bench.routing_commit`.
"""

import gc
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psutil
from sqlalchemy import event, text

from bench import routing_market
from bench.circumstances import alone
from bench.memory import most_memory
from helpline import cli, clock, db
from helpline.db import postgres_server
from helpline.routing import offers, ticking

WHOLE_AIM, LOCK_AIM, TICK_AIM, ONE_AIM, MEMORY_AIM = 8.0, 0.2, 0.5, 0.1, 500.0
ONES = 30
_LOCKS = re.compile(r"\b(FOR UPDATE|INSERT|UPDATE)\b")

# Each with an ask, an agreement and a call of its own, as it is: indexes of equal values would be another measure.
_FILL = """
WITH plan AS (INSERT INTO plans (created_at, closed_at, number_proved) VALUES (now(), now(), false) RETURNING id),
people AS (SELECT * FROM unnest(%(language)s::text[], %(region)s::text[], %(country)s::text[], %(family)s::text[],
                                %(urgent)s::bool[], %(since)s::timestamptz[])
                         WITH ORDINALITY AS u(language, region, country, family, urgent, since, nth)),
agreed AS (INSERT INTO agreements (at, call_sid, text_version, language, key)
           SELECT now(), 'CA' || md5(random()::text), 'r2', 'it', '1' FROM people RETURNING id, call_sid),
asked AS (INSERT INTO asks (created_at, closed_at, plan_id, agreement_id, call_sid, slot, kind, language, "window",
                            waits_without_place, number_changes, source)
          SELECT now(), now(), plan.id, agreed.id, agreed.call_sid, 1, 'request', 'it', 'any', false, 0, 'call'
            FROM plan, agreed RETURNING id, agreement_id, call_sid),
numbered AS (SELECT asked.*, row_number() OVER () AS nth FROM asked)
INSERT INTO requests (created_at, ask_id, agreement_id, call_sid, language, region, country, "group", urgent, waiting_since,
                      state)
SELECT now(), n.id, n.agreement_id, n.call_sid, u.language, u.region, u.country, u.family, u.urgent, u.since, 'waiting'
  FROM people u JOIN numbered n USING (nth) ORDER BY nth
RETURNING requests.id
"""


def _group(name):
    return "self" if name == "alone" else "family"


def fill(entities, count, load, seed=7):
    """Rows of so many entities, and of so many requests with so many of them for each place; the requests' ids."""
    dice = Random(seed)
    market = routing_market.projects(dice, entities, round(count / load))
    with db.transaction() as session:
        run = session.connection().exec_driver_sql
        run("TRUNCATE outbox, moves, offers, pair_blocks, free_places, requests, projects, entities CASCADE")
        for project in market:
            run(
                "INSERT INTO entities (id, name, contact, unanswered) VALUES (%s, %s, 'desk', 0)",
                (project.entity_id, project.id),
            )
            groups = sorted({_group(name) for name in project.groups} if project.groups != ("*",) else {"*"})
            run(
                "INSERT INTO projects (id, entity_id, name, funder, starts_on, ends_on, places_total, regions, countries,"
                " groups, languages) VALUES (%s, %s, %s, 'AMIF', %s, %s, %s, %s, %s, %s, %s)",
                (project.id, project.entity_id, project.id, project.starts_on, project.ends_on, project.limits.total,
                 list(project.regions), list(project.countries), groups, list(project.languages)),
            )  # fmt: skip
    ids = come(routing_market.people(dice, count, hours=8 * 7 * 24))
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return ids


def come(people):
    """New requests in the tables, as these people make them."""
    columns = {
        "language": [one.language for one in people],
        "region": [one.region for one in people],
        "country": [one.country for one in people],
        "family": [_group(one.group) for one in people],
        "urgent": [one.urgent for one in people],
        "since": [one.waiting_since for one in people],
    }
    with db.transaction() as session:
        return [id for (id,) in session.connection().exec_driver_sql(_FILL, columns)]


@contextmanager
def locks_timed():
    """How long each transaction could make others wait: from its first lock, or row written, to its end."""
    times = []

    def asked(connection, cursor, statement, *_):
        if _LOCKS.search(statement):
            connection.info.setdefault("locked", time.perf_counter())

    def ended(_, record):
        if (since := record.info.pop("locked", None)) is not None:
            times.append(time.perf_counter() - since)

    event.listen(db.engine(), "before_cursor_execute", asked)
    event.listen(db.engine(), "checkin", ended)
    try:
        yield times
    finally:
        event.remove(db.engine(), "before_cursor_execute", asked)
        event.remove(db.engine(), "checkin", ended)


def verdict(value, aim, unit):
    """Whether it is what we want."""
    return f"(aim: under {aim:g} {unit})" + ("" if value < aim else "   MISSED")


class Processor:
    """Seconds of the processor that this process and the database's have used: what counts where others work too."""

    def __init__(self, cluster):
        self.database = postgres_server._process(cluster)  # noqa: SLF001 - nobody else asks who it is
        self.ours, self.theirs = self._now()

    def _now(self):
        times = [one.cpu_times() for one in self.database.children() if one.is_running()]
        return time.process_time(), sum(each.user + each.system for each in times)

    def each(self, count):
        """Milliseconds of ours and of the database's since then, for each of so many."""
        ours, theirs = self._now()
        return (ours - self.ours) * 1000 / count, (theirs - self.theirs) * 1000 / count

    def __str__(self):
        ours, theirs = self._now()
        return f"processor: ours {ours - self.ours:.2f} s, the database's {theirs - self.theirs:.2f} s"


def whole(entities, count, load, cluster):
    """Plan for all and write it down."""
    fill(entities, count, load)
    with db.transaction() as session, db.transaction() as other:
        # Connections are there before it begins, as they are in the clock.
        session.connection(), other.connection()
    processor = Processor(cluster)
    with locks_timed() as times:
        began = time.perf_counter()
        made = offers.sweep_waiting()
        took = time.perf_counter() - began
    used = str(processor)
    chunks = sorted(times)
    memory = most_memory()
    print(
        f"   {entities} projects x {count}: read, planned and written down in {took:.2f} s {verdict(took, WHOLE_AIM, 's')};"
        f" {used}; {made} offers; locks: median {1000 * chunks[len(chunks) // 2]:.0f} ms, longest {1000 * max(times):.0f} ms {verdict(max(times), LOCK_AIM, 's')};"
        f" at most {memory:.0f} MB in this process {verdict(memory, MEMORY_AIM, 'MB')}"
    )


def tick(cluster):
    """100 new ones among 10,000 who wait and whom nobody has room for."""
    fill(200, 27_000, 1.6)
    offers.sweep_waiting()
    with db.transaction() as session:
        waiting = (
            session.connection()
            .exec_driver_sql("SELECT count(*) FROM requests WHERE state <> 'offered'")
            .scalar()
        )
    ticking.tick()
    times, processor = [], Processor(cluster)
    for number in range(5):
        come(routing_market.people(Random(100 + number), 100, hours=1))
        began = time.perf_counter()
        ticking.tick()
        times.append(time.perf_counter() - began)
    took = sorted(times)[2]
    print(
        f"   a tick, 100 new among {waiting} who wait: {took:.3f} s {verdict(took, TICK_AIM, 's')}, slowest {max(times):.3f} s;"
        f" five of them {processor}"
    )


def one(entities):
    """One request is offered as it comes in, from its commit to the offer's, without and with the queue's worker."""
    fill(entities, 10_000, 0.5)
    offers.sweep_waiting()
    times, before = [], time.process_time()
    for person in routing_market.people(Random(3), ONES, hours=1):
        person_ids = come([person])
        began = time.perf_counter()
        offers.offer_request(person_ids[0])
        times.append(time.perf_counter() - began)
    times.sort()
    middle, last = times[len(times) // 2], times[-1]
    print(
        f"   one request of {entities} projects, from its commit to the offer's: median {1000 * middle:.0f} ms"
        f" {verdict(middle, ONE_AIM, 's')}, slowest of {ONES} {1000 * last:.0f} ms; our processor"
        f" {1000 * (time.process_time() - before) / ONES:.0f} ms for each"
    )


def by_the_worker(environ):
    """The same through the queue, by the worker as production has it."""
    worker = subprocess.Popen([sys.executable, "-m", "helpline", "worker", "ring"], env=os.environ | environ)
    try:
        times = []
        for person in routing_market.people(Random(4), ONES, hours=1):
            (id,) = come([person])
            began = time.perf_counter()
            with db.transaction() as session:
                db.ring(session, "offer_request", id)
            times.append(_until_looked_at(id, began))
        times = sorted(times[5:])  # the first ones wait for the worker to start
        middle, last = times[len(times) // 2], times[-1]
        print(
            f"   the same through the queue: median {1000 * middle:.0f} ms {verdict(middle, ONE_AIM, 's')}, slowest {1000 * last:.0f} ms"
        )
    finally:
        worker.terminate()
        worker.wait(30)


def _until_looked_at(id, began):
    looked = "SELECT state = 'offered' OR reason IS NOT NULL FROM requests WHERE id = %s"
    while time.perf_counter() - began < 60:
        with db.transaction() as session:
            if session.connection().exec_driver_sql(looked, (id,)).scalar():
                return time.perf_counter() - began
        time.sleep(0.002)
    raise SystemExit("the worker does not offer")


def main() -> None:
    """Measure on a PostgreSQL and a Valkey of our own, and print; with sizes such as 200x20000, only such plans."""
    gc.set_threshold(*cli.COLLECT_AFTER)  # as in every process of ours
    sizes = [tuple(map(int, word.split("x"))) for word in sys.argv[1:]]
    with alone() as (_settings, environ):
        print(f"plans of the tables, written down ({clock.now():%Y-%m-%d}):")
        cluster = Path(environ["HELPLINE_DATA_DIR"]) / "postgres"
        print(f"   beside it {psutil.getloadavg()[0]:.1f} processes wanted to run on {os.cpu_count()} cores")
        for entities, count in sizes or [(200, 10_000), (500, 100_000)]:
            whole(entities, count, 1.0, cluster)
        if not sizes:
            tick(cluster)
            one(500)
            by_the_worker(environ)


if __name__ == "__main__":
    main()
