"""How fast a coordinator's pages answer on a year of the line: a million calls made up, every page she may open, and journeys.

`python -m bench.figures` alone, or last of `make bench`; `BENCH_FIGURES` says how many calls (a million)."""

import os
import random
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select, text

from bench.circumstances import ENVIRONMENT, migrated
from bench.memory import most_memory
from helpline import clock, create_app, db
from helpline.callbacks.models import Callback
from helpline.calls.models import Call
from helpline.config import Settings
from helpline.db import embedded
from helpline.figures import proving
from helpline.figures.seed import writing
from helpline.people import sessions
from helpline.people.models import Person
from helpline.routing.models import Entity, Project, Request

CALLS = int(os.environ.get("BENCH_FIGURES", "1000000"))
ROUNDS = 20
PAGE, JOURNEY = 150.0, 30.0  # milliseconds
JOURNEYS = 300


def filled(settings: Settings) -> None:
    """Make up a year where there is none yet, and say how long it took."""
    with db.transaction() as session:
        there = session.scalar(select(func.count()).where(func.starts_with(Call.sid, writing.MARK))) or 0
    if there >= CALLS:
        print(f"{there} made-up calls are there")
        return
    began, worked = time.perf_counter(), time.process_time()
    writing.seed(settings, calls=CALLS - there, again=True)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    print(
        f"{CALLS} calls of a year made up, counted and swept in {time.perf_counter() - began:.0f} s"
        f" ({time.process_time() - worked:.0f} s of our processor, {most_memory():.0f} MB)"
    )


def paths() -> list[str]:
    """Every address that is measured: the log in many ways, figures of a day to a year, and all other rooms of hers."""
    here = clock.in_rome().date()
    month, year = here - timedelta(days=29), here - timedelta(days=364)
    with db.transaction(durable=False) as session:
        middle = session.execute(
            select(Call.started_at, Call.id).order_by(Call.started_at).offset(CALLS // 2).limit(1)
        ).one()
    deep = f"{middle.started_at.isoformat()}~{middle.id}"

    def at(path: str, **words: object) -> str:
        return f"{path}?{urlencode(words)}" if words else path

    found = [
        at("/calls"),
        at("/calls", before=deep),
        at("/calls", language="bn", outcome="gave_up"),
        at("/calls", language="bn", outcome="gave_up", before=deep),
        at("/calls", **{"from": month, "to": here}, person="nobody"),
        at("/calls", step="number_safe"),
        at("/calls", longer=1200),
        at("/calls", step="no_such_step"),
        *(
            at("/calls", **{"from": here - timedelta(days=13), "to": here}, passed=step, **words)
            for step, words in (("about", {}), ("info_what", {"language": "bn"}), ("no_such_step", {}))
        ),
    ]
    for room in ("/figures", "/figures/menu"):
        found += [
            at(room),
            at(room, first=here - timedelta(days=1), last=here - timedelta(days=1)),
            at(room, first=month, last=here, language="bn"),
            at(room, first=year, last=here),
            at(room, first=year, last=here, language="ar"),
        ]
    found.append(at("/figures", first=here - timedelta(days=13), last=here, by="hour"))
    found.append(at("/calls", **{"from": here, "to": here, "hour": 10}))
    found.append(at("/calls", person="left"))
    found += [
        "/figures/definitions",
        "/staffing",
        "/wall",
        "/wall/events",
        "/reports",
        "/returns",
        "/exports",
    ]
    return [
        *found,
        "/line",
        "/line/heard",
        "/alerts",
        "/handbook",
        "/callbacks",
        "/requests",
        "/ledger",
        "/network",
    ]


def others(client, base: str) -> list[str]:
    """Every other page that she may open: all without a name in their address, and one each of what has one."""
    known = {path.partition("?")[0] for path in paths()}
    rules = [
        rule.rule
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    with db.transaction(durable=False) as session:
        named = [
            f"{room}/{one}"
            for room, column in (
                ("/callbacks", Callback.id),
                ("/requests", Request.id),
                ("/projects", Project.id),
                ("/entities", Entity.id),
            )
            for one in session.scalars(select(column).order_by(column.desc()).limit(1))
        ]
    found = []
    for path in sorted({*rules, *named} - known):
        answer = client.get(path, base_url=base)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append(path)
    return found


def main(settings: Settings) -> None:
    """Measure on the database that this process is connected to, and print it."""
    filled(settings)
    client = _signed_in(settings)
    base = settings.public_url
    late: dict[str, float] = {}
    for path in [*paths(), *others(client, base)]:
        status = client.get(path, base_url=base).status_code
        if status == 404:
            print(f"   GET {path}: there is no such page")
            continue
        times, worked = [], time.process_time()
        for _ in range(ROUNDS):
            began = time.perf_counter()
            status = client.get(path, base_url=base).status_code
            times.append((time.perf_counter() - began) * 1000)
        processor = (time.process_time() - worked) * 1000 / ROUNDS
        late[path] = statistics.median(times)
        print(
            f"   GET {path:<82} {status}   least {min(times):6.1f} ms   median {late[path]:6.1f} ms"
            f"   19 in 20 under {sorted(times)[int(ROUNDS * 0.95)]:6.1f} ms   longest {max(times):6.1f} ms"
            f"   of our processor {processor:6.1f} ms{'' if late[path] < PAGE else '   MISSED'}"
        )
    _journeys(client, base)
    print(f"   slowest page {max(late.values()):.1f} ms (aim: under {PAGE:.0f})")
    began = time.perf_counter()
    with db.transaction(durable=False) as session:
        here = clock.in_rome().date()
        differ = proving.differences(session, here - timedelta(days=31), here)
    print(
        f"   a month of counts proved from its rows in {time.perf_counter() - began:.1f} s; {len(differ)} differ"
    )


def _journeys(client, base: str) -> None:
    dice = random.Random(1)
    with db.transaction(durable=False) as session:
        first, last = session.execute(select(func.min(Call.id), func.max(Call.id))).one()
        asked = dice.sample(range(first, last + 1), JOURNEYS * 2)
        ids = list(session.scalars(select(Call.id).where(Call.id.in_(asked)).limit(JOURNEYS)))
    dice.shuffle(ids)
    times = []
    for id in ids:
        began = time.perf_counter()
        answer = client.get(f"/calls/{id}", base_url=base)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"/calls/{id} answered {answer.status_code}")
    times.sort()
    middle, ninth = statistics.median(times), times[int(len(times) * 0.9)]
    print(
        f"   {len(times)} journeys, each another call: median {middle:.1f} ms, nine in ten under {ninth:.1f} ms"
        f" (aim: under {JOURNEY:.0f}){'' if middle < JOURNEY else '   MISSED'}"
    )


def _signed_in(settings: Settings):
    with db.transaction() as session:
        person = session.scalar(select(Person).where(Person.login == "bench-figures"))
        if person is None:
            person = Person(login="bench-figures", name="Bench", roles=["coordinator", "administrator"])
            session.add(person)
            session.flush()
        token = sessions.begin(session, person.id)
    app = create_app(settings)
    client, jar = app.test_client(), app.extensions["console_jar"]
    client.set_cookie(
        jar.name("session"), token, domain=urlsplit(settings.public_url).hostname or "", secure=jar.secure
    )
    return client


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        folder = os.environ.get("BENCH_FOLDER", made)
        Path(folder).chmod(0o711)
        try:
            known = migrated(ENVIRONMENT | {"HELPLINE_DATA_DIR": folder})
            main(known)
            db.disconnect()
        finally:
            embedded.stop(Path(folder))
