"""Whether this installation works, for monitors: alive, ready, and figures. Shows nobody's data."""

import logging
from collections.abc import Callable, Iterable
from math import inf
from threading import Lock
from time import monotonic

from flask import Blueprint, Response, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from rq import Queue
from sqlalchemy import Connection, text

from helpline import clock, db
from helpline.config import Settings
from helpline.people.access import anyone
from helpline.voice.library import Library

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0
QUEUES = ("ring", "slow")

# What is counted, by words of which there are few: a statement whose columns are the labels, then the count. Calls that are
# over are read from their sums by day: to count a million of them takes most of a second, in a process that answers callers.
COUNTED = {
    "helpline_calls": (
        "Calls, by language and outcome: those that are over, as the figures count them, and those that go on",
        ("language", "outcome"),
        """
        SELECT coalesce(nullif(language, ''), 'none'), coalesce(nullif(outcome, ''), 'open'), sum(calls) FROM (
            SELECT language, outcome, calls FROM call_days
            UNION ALL SELECT language, outcome, 1 FROM calls WHERE NOT finished
        ) counted GROUP BY 1, 2
        """,
    ),
    "helpline_requests": (
        "Requests for help to return, by state",
        ("state",),
        "SELECT state, count(*) FROM requests GROUP BY 1",
    ),
    "helpline_callbacks": (
        "Callbacks, by state and language",
        ("state", "language"),
        "SELECT state, language, count(*) FROM callbacks GROUP BY 1, 2",
    ),
    "helpline_offers": ("Offers, by state", ("state",), "SELECT state, count(*) FROM offers GROUP BY 1"),
    "helpline_deliveries": (
        "What organisations are told by webhook and mail, by state",
        ("state",),
        "SELECT state, count(*) FROM deliveries GROUP BY 1",
    ),
    "helpline_clips": (
        "What callers said after a tone, by kind and state",
        ("kind", "state"),
        "SELECT kind, state, count(*) FROM clips GROUP BY 1, 2",
    ),
}

# The oldest thing that somebody waits for: when it began.
OLDEST = {
    "requests": "SELECT min(waiting_since) FROM requests WHERE state IN ('waiting', 'needs_person')",
    "callbacks": "SELECT min(created_at) FROM callbacks WHERE state IN ('waiting', 'claimed')",
    "clips": "SELECT min(at) FROM clips WHERE state = 'announced'",
    "untold": "SELECT min(at) FROM outbox WHERE sent_at IS NULL",
    "deliveries": "SELECT min(at) FROM deliveries WHERE state = 'due'",
    "unfinished_calls": "SELECT min(started_at) FROM calls WHERE NOT finished",
}

SWEEPINGS = "SELECT function, good_at, failed_at FROM sweepings ORDER BY function"


def health_blueprint(settings: Settings, library: Library | None = None) -> Blueprint:
    """The pages `/health/live`, `/health/ready` and `/metrics`; `library` holds the prompts that would be played."""
    pages = Blueprint("health", __name__)
    parts: dict[str, Callable[[], object]] = {"database": _ask_database, "queue": _ask_queue}
    if library is not None:
        parts["prompts"] = library.manifest
    figures = _kept(lambda: _figures(parts))

    @pages.get("/health/live")
    @anyone
    def live() -> Response:
        return _unkept(jsonify(status="alive"))

    @pages.get("/health/ready")
    @anyone
    def ready() -> Response:
        down = [name for name, ask in parts.items() if not _works(ask)]
        answer = _unkept(jsonify(status="down" if down else "ready", down=down))
        answer.status_code = 503 if down else 200
        return answer

    @pages.get("/metrics")
    @anyone
    def metrics() -> Response:
        return _unkept(Response(figures(), content_type=CONTENT_TYPE_PLAIN_0_0_4))

    return pages


def _kept(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """`make`, whose answer this process gives again for `KEPT_SECONDS`: asking often must not keep the database busy."""
    lock, last = Lock(), (-inf, b"")

    def give() -> bytes:
        nonlocal last
        with lock:
            made, answer = last
            if monotonic() - made >= KEPT_SECONDS:
                answer = make()
                last = (monotonic(), answer)
            return answer

    return give


def _figures(parts: dict[str, Callable[[], object]]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(parts))
    return generate_latest(registry)


class _Figures:
    """The figures of the whole installation, asked for when they are read: they are the same from every web process."""

    def __init__(self, parts: dict[str, Callable[[], object]]) -> None:
        self.parts = parts

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("helpline_up", "Whether a part works (1) or not (0)", labels=["part"])
        works = {name: _works(ask) for name, ask in self.parts.items()}
        for name, working in works.items():
            up.add_metric([name], float(working))
        yield up
        if works["queue"]:
            yield _depths()
        if works["database"]:
            yield from _counts()


def _depths() -> Metric:
    depths = GaugeMetricFamily(
        "helpline_queue_jobs", "Jobs that wait or have failed", labels=["queue", "state"]
    )
    for name in QUEUES:
        queue = Queue(name, connection=db.redis())
        depths.add_metric([name, "waiting"], queue.count)
        depths.add_metric([name, "failed"], queue.failed_job_registry.count)
    return depths


def _counts() -> Iterable[Metric]:
    with db.engine().connect() as connection:
        for name, (description, labels, statement) in COUNTED.items():
            family = GaugeMetricFamily(name, description, labels=list(labels))
            for *values, count in connection.execute(text(statement)):
                family.add_metric(values, count)
            yield family
        oldest = GaugeMetricFamily("helpline_oldest_seconds", "Age of the oldest that waits", labels=["what"])
        for what, statement in OLDEST.items():
            began = connection.execute(text(statement)).scalar()
            oldest.add_metric([what], (clock.now() - began).total_seconds() if began else 0.0)
        yield oldest
        yield from _sweepings(connection)


def _sweepings(connection: Connection) -> Iterable[Metric]:
    since = GaugeMetricFamily(
        "helpline_sweep_good_seconds", "Seconds since a sweep last did its work", labels=["sweep"]
    )
    failing = GaugeMetricFamily(
        "helpline_sweep_failing", "Whether a sweep failed the last time it ran", labels=["sweep"]
    )
    for function, good_at, failed_at in connection.execute(text(SWEEPINGS)):
        name = function.removeprefix("helpline.")
        if good_at is not None:
            since.add_metric([name], (clock.now() - good_at).total_seconds())
        failing.add_metric([name], float(failed_at is not None))
    yield since
    yield failing


def _ask_database() -> None:
    with db.engine().connect() as connection:
        connection.execute(text("SELECT 1"))


def _ask_queue() -> None:
    db.redis().ping()


def _works(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Exception as error:
        log.warning("not ready: %s", type(error).__name__)
        return False
    return True


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
