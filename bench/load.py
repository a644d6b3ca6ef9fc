"""Sends webhooks and times them: as many as a server takes, or so many a second whatever it takes (open loop)."""

import asyncio
import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.calls import Script, Webhook

CONNECTIONS = 16
LONGEST_HEAD_START = 15  # webhooks; as many as the longest call has


@dataclass
class Measured:
    """What came back: seconds for each answer, and how many were not what they had to be."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    asks: int = 0
    took: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took if self.took else 0.0

    def percentile(self, part: float) -> float:
        """Milliseconds within which this part of all answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    @property
    def median(self) -> float:
        """Milliseconds."""
        return 1000 * statistics.median(self.seconds) if self.seconds else 0.0


class _Line:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, webhook: Webhook, measured: Measured, since: float | None = None) -> None:
        began = since if since is not None else time.perf_counter()
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(webhook.request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await self.reader.readexactly(length)
        measured.seconds.append(time.perf_counter() - began)
        measured.asks += webhook.asks
        if b" 200 " not in head[:20] or not webhook.is_right(body):
            measured.wrong += 1

    def close(self) -> None:
        if self.writer:
            self.writer.close()


@contextmanager
def _unswept() -> Iterator[None]:
    """No garbage of ours is collected meanwhile.

    All webhooks are made before anything is timed: half a million objects, which a full collection looks through for
    some tenths of a second, and nobody would tell that from a slow server.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


async def as_many_as_it_takes(port: int, calls: list[list[Webhook]], connections: int) -> Measured:
    """All calls, `connections` of them at once, each webhook as soon as the one before was answered."""
    measured, left = Measured(), iter(calls)
    with _unswept():
        began = time.perf_counter()
        await asyncio.gather(*(_worker(_Line(port), left, measured) for _ in range(connections)))
        measured.took = time.perf_counter() - began
    return measured


async def _worker(line: _Line, left: Iterator[list[Webhook]], measured: Measured) -> None:
    for call in left:
        for webhook in call:
            await line.send(webhook, measured)
    line.close()


async def open_loop(
    port: int, calls: list[list[Webhook]], *, every: float, open_calls: int, lasts: float
) -> tuple[Measured, Measured]:
    """`open_calls` callers at once, each of whom does something every `every` seconds, answered or not, for a while.

    The time of an answer counts from the moment at which the webhook was due, so that a slow server cannot hide.
    Each caller's first call has come some way before the clock starts, one a step further than the next: or all
    calls would begin, save and end in the same five seconds. Gives that head start and what was timed. `lasts` is in
    seconds, and every caller needs calls enough for it.
    """
    measured, pool = Measured(), asyncio.Queue[_Line]()
    for _ in range(64):
        pool.put_nowait(_Line(port))
    shares = [[w for call in calls[n::open_calls] for w in call] for n in range(open_calls)]
    ways = [share[: n % LONGEST_HEAD_START] for n, share in enumerate(shares)]
    head_start = await as_many_as_it_takes(port, ways, CONNECTIONS)
    rests = [iter(share[len(way) :]) for share, way in zip(shares, ways, strict=True)]
    with _unswept():
        began = time.perf_counter()
        timing = _Timing(every, began + lasts, pool, measured)
        await asyncio.gather(
            *(_caller(rest, began + every * n / open_calls, timing) for n, rest in enumerate(rests))
        )
        measured.took = time.perf_counter() - began
    while not pool.empty():
        pool.get_nowait().close()
    return head_start, measured


@dataclass
class _Timing:
    every: float
    until: float
    pool: "asyncio.Queue[_Line]"
    measured: Measured


async def _caller(share: Iterator[Webhook], due: float, timing: _Timing) -> None:
    for webhook in share:
        if due > timing.until:
            return
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        line = await timing.pool.get()
        try:
            await line.send(webhook, timing.measured, due)
        finally:
            timing.pool.put_nowait(line)
        due += timing.every


def make(script: Script, number: int) -> list[list[Webhook]]:
    """So many calls, made before anything is timed."""
    return [list(script.call()) for _ in range(number)]
