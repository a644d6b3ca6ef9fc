"""How fast the callback queue answers with 100,000 callbacks in its table: what is next, each query of its pages, and the
pages themselves, from the request to the last word of HTML. Beside the clock on the wall, which says little where others work
too: statements, and the processor's time, ours and the database's. Run by `make bench`, or `python -m bench.queue`.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Engine, event, insert, text

from bench.circumstances import alone
from bench.routing_commit import Processor
from helpline import cli, clock, create_app, db, line
from helpline.callbacks import desk
from helpline.callbacks.models import Callback, Plan
from helpline.config import Settings
from helpline.intake.models import Ask
from helpline.languages import CODES
from helpline.people import sessions
from helpline.people.accounts import Who
from helpline.people.models import Person

CALLBACKS = 100_000
ROUNDS = 100
NEXT_AIM, PAGE_AIM = 20.0, 100.0  # milliseconds
OFTEN = {"it": 8, "en": 8, "fr": 5, "es": 4, "ru": 2, "uk": 2, "ar": 4, "bn": 2}
"""How often callers choose a language next to others; any other is as rare as can be."""

_CHUNK = 5_000
PATHS = ("/callbacks", "/callbacks?language=all", "/callbacks?language=hi", "/callbacks?language=all&state=done", "/callbacks/{}")  # fmt: skip


def fill(waiting: float) -> None:
    """So many callbacks, of which a share waits: a third of these was tried before and rests, some are due."""
    dice = random.Random(7)
    now = clock.now()
    with db.transaction() as session:
        session.execute(
            text("TRUNCATE callbacks, asks, plans, attempts, callback_notes, at_desks, moves CASCADE")
        )
    for start in range(0, CALLBACKS, _CHUNK):
        ids = range(start + 1, start + _CHUNK + 1)
        plans, asks, rows = [], [], []
        for one in ids:
            owed = dice.random() < waiting
            asked = now - timedelta(hours=dice.random() * (14 * 24 if owed else 365 * 24))
            resting = owed and dice.random() < 1 / 3
            closed = None if owed else asked + timedelta(days=2)
            window = dice.choice(("morning", "afternoon", "evening", "any"))
            language = dice.choices(CODES, weights=[OFTEN.get(code, 1) for code in CODES])[0]
            plans.append({"id": one, "created_at": asked, "closed_at": closed, "number": f"+39333{one:07}",
                          "number_hash": f"{one:064x}", "number_proved": True})  # fmt: skip
            asks.append({"id": one, "created_at": asked, "closed_at": closed, "plan_id": one, "slot": 1,
                         "call_sid": f"CA{one:032x}", "kind": "callback", "language": language,
                         "window": window})  # fmt: skip
            rows.append({
                "id": one, "created_at": asked, "ask_id": one, "plan_id": one, "call_sid": f"CA{one:032x}",
                "language": language, "window": window, "queued_since": asked,
                "state": "waiting" if owed else dice.choice(("done", "done", "done", "unreachable", "cancelled")),
                "priority": dice.choices(("normal", "urgent", "minor"), weights=(95, 4, 1))[0],
                "attempts": int(resting), "due_on": (asked + timedelta(days=1)).date(),
                "promised_on": (asked + timedelta(days=1)).date(),
                "next_at": now + timedelta(hours=dice.random() * 40) if resting else asked,
            })  # fmt: skip
        with db.transaction() as session:
            for table, made in ((Plan, plans), (Ask, asks), (Callback, rows)):
                session.execute(insert(table), made)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE callbacks, asks, plans, moves"))


class Meter:
    """What so many rounds of something cost: each one's time on the wall, its statements, the processor's time."""

    def __init__(self, settings: Settings) -> None:
        self.cluster = settings.data_dir / "postgres"
        self.statements = 0
        event.listen(Engine, "before_cursor_execute", self._count)

    def _count(self, *_) -> None:
        self.statements += 1

    def line(self, name: str, act, aim: float, *, rounds: int) -> str:
        """Do it so often, and say what it cost."""
        _times(act, rounds=2)
        self.statements, processor = 0, Processor(self.cluster)
        times = _times(act, rounds=rounds)
        ours, theirs = processor.each(rounds)
        return (
            _said(name, times, aim)
            + f"   processor {ours:4.1f} + {theirs:4.1f} ms, {self.statements / rounds:4.1f} statements"
        )


def _times(act, *, rounds: int = ROUNDS) -> list[float]:
    found = []
    for number in range(rounds):
        with db.transaction() as session:
            began = time.perf_counter()
            act(session, number)
            found.append((time.perf_counter() - began) * 1000)
    return found


def _said(name: str, times: list[float], aim: float) -> str:
    late = sorted(times)[int(len(times) * 0.99) - 1]
    verdict = "" if late < aim else "   MISSED"
    return f"   {name:<44} median {statistics.median(times):6.1f} ms   99th {late:6.1f} ms   (aim: under {aim:.0f}){verdict}"


def main(settings: Settings) -> None:
    """Measure on the database that this process is connected to (its callbacks are thrown away), and print it."""
    with db.transaction() as session:
        session.execute(text("DELETE FROM hours WHERE kind = 'callback'"))
        session.execute(
            text(
                "INSERT INTO hours (kind, weekday, opens, closes) SELECT 'callback', d, 9, 21 FROM generate_series(0, 6) d"
            )
        )
        person = Person(login="bench", name="Bench", roles=["operator"], languages=["bn", "it", "en"])
        session.add(person)
        session.flush()
        who = Who(person.id, "Bench", "bench", ("operator",), ("bn", "it", "en"), None, "it")
    line.forget()
    offset = clock.offset()
    noon = clock.in_rome().replace(hour=11, minute=0)
    clock.set_offset(offset + (noon - clock.now()))
    for share in (0.05, 1.0):
        fill(share)
        print(f"{CALLBACKS} callbacks, {share:.0%} of them waiting, a third of those resting after a try:")
        _measure(who, _reader(settings, who), Meter(settings))
    clock.set_offset(offset)


def _reader(settings: Settings, who: Who) -> Callable[[str], None]:
    """Asks for a page of the console as this person's browser does; the application runs in this process."""
    app = create_app(settings)
    client, jar = app.test_client(), app.extensions["console_jar"]
    with db.transaction() as session:
        token = sessions.begin(session, who.id)
    host = urlsplit(settings.public_url).hostname or ""
    client.set_cookie(jar.name("session"), token, domain=host, secure=jar.secure)

    def read(path: str) -> None:
        answer = client.get(path, base_url=settings.public_url)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    return read


def _measure(who: Who, read: Callable[[str], None], meter: Meter) -> None:
    pages = {
        "the list of all that are owed": lambda session, _: desk.waiting(session),
        "its thousandth row and on": lambda session, _: desk.waiting(session, after=deep),
        "the list of one rare language": lambda session, _: desk.waiting(session, languages=["hi"]),
        "the list of those who are done": lambda session, _: desk.waiting(session, state="done"),
        "the list of those nobody reached": lambda session, _: desk.waiting(session, state="unreachable"),
        "the counts above the list": lambda session, _: desk.owed(session),
        "the coordinators' list": lambda session, _: desk.coordinators_list(session),
        "one callback with its history": lambda session, n: (
            desk.row(session, n + 1),
            desk.history(session, n + 1),
        ),
    }
    with db.transaction() as session:
        rows = desk.waiting(session, limit=1000)
        deep = rows[-1].id if rows else None
    print(meter.line("what is next", lambda session, _: desk.next_for(session, who), NEXT_AIM, rounds=ROUNDS))
    claimed = []

    def claim(session, _):
        claim = desk.claim_next(session, who)
        claimed.append(claim)

    times = []
    for _ in range(ROUNDS):
        times += _times(claim, rounds=1)
        with db.transaction() as session:
            desk.finish(session, claimed[-1].callback_id, who, claimed[-1].claim_no, "helped")
    print(_said("claim the next one", times, NEXT_AIM))
    for name, act in pages.items():
        print(meter.line(name, act, PAGE_AIM, rounds=30))
    for path in PATHS:
        print(meter.line(f"GET {path}", partial(_nth, read, path), PAGE_AIM, rounds=30))


def _nth(read, path, _, n):
    """Ask for a page; where its address has room for a number, for that of a callback."""
    return read(path.format(n + 1))


def _alone() -> None:
    """Measure on a PostgreSQL and a Valkey of our own."""
    gc.set_threshold(*cli.COLLECT_AFTER)  # as in every process of ours
    with alone() as (settings, _environ):
        main(settings)


if __name__ == "__main__":
    _alone()
