"""The clock process: calls each sweep when it is due, again and again. Knows no sweep by name.

Two clocks may run: each call is claimed in the database, so no sweep runs twice at once.
"""

import hashlib
import importlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import db, environment
from helpline.db import sweepings
from helpline.sweeps import SWEEPS, Sweep

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
NOTED_EVERY = 60.0
_noted: dict[str, tuple[float, object]] = {}


def tick_for_ever(every: float = TICK_SECONDS) -> None:
    """Call what is due every so many seconds, until told to stop; a sweep in hand is finished first."""
    settings = environment.settings()
    environment.connect_with_carrier(settings)
    asked_to_stop = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: asked_to_stop.set())
    lanes = lanes_of(SWEEPS)
    others = [
        threading.Thread(target=_go_round, args=(lane, every, asked_to_stop), name=lane[0].function)
        for lane in lanes[1:]
    ]
    for thread in others:
        thread.start()
    _go_round(lanes[0], every, asked_to_stop)
    for thread in others:
        thread.join()


def lanes_of(sweeps: Sequence[Sweep]) -> list[list[Sweep]]:
    """The sweeps that wait for each other, then each that must not, by itself."""
    return [[sweep for sweep in sweeps if not sweep.alone], *([sweep] for sweep in sweeps if sweep.alone)]


def _go_round(sweeps: Sequence[Sweep], every: float, asked_to_stop: threading.Event) -> None:
    due: dict[str, float] = {}
    while not asked_to_stop.is_set():
        tick(sweeps, due, time.monotonic())
        asked_to_stop.wait(every)


def tick(sweeps: Sequence[Sweep], due: dict[str, float], now: float) -> None:
    """Call every sweep that is due at `now`, and note in `due` when it is due next. No sweep stops another."""
    for sweep in sweeps:
        if now >= due.get(sweep.function, now):
            due[sweep.function] = now + sweep.every
            run(sweep)


def run(sweep: Sweep) -> int | None:
    """Call one sweep, unless another clock is at it; give how much it did, None when it did not run or failed."""
    try:
        with db.engine().connect() as claim:
            # Let go with this connection, however it ends.
            key = int.from_bytes(hashlib.sha256(sweep.function.encode()).digest()[:8], signed=True)
            if not claim.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}).scalar():
                return None
            done = _function(sweep.function)()
    except Exception as error:
        log.error("sweep %s failed: %s", sweep.function, type(error).__name__)
        _note(sweep, sweepings.failed)
        return None
    _note(sweep, sweepings.good)
    if done:
        log.info("sweep %s: %d", sweep.function, done)
    return done


def _note(sweep: Sweep, how: Callable[[Session, str], None]) -> None:
    """Let monitors know, once a minute at most while nothing changes."""
    last, before = _noted.get(sweep.function, (0.0, None))
    if how is before and time.monotonic() - last < NOTED_EVERY:
        return
    try:
        with db.transaction(durable=False) as session:
            how(session, sweep.function)
    except SQLAlchemyError as error:
        log.warning("how a sweep went was not noted: %s", type(error).__name__)
        return
    _noted[sweep.function] = time.monotonic(), how


def _function(name: str) -> Callable[[], int]:
    module, _, attribute = name.rpartition(".")
    function: Callable[[], int] = getattr(importlib.import_module(module), attribute)
    return function
