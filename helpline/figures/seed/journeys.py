"""A walk as it is written down, made once for the many calls that go the same way: its steps, its sums, its outcome."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from helpline.calls.journeys import Facts, outcome
from helpline.calls.steps import COLUMNS, TOLD
from helpline.figures.seed.lines import fields
from helpline.figures.seed.walking import Walk, World, walk
from helpline.figures.summing import LEFT_BY_KEY, Length, Passed, came_to, summed
from helpline.intake.endings import PRESSED
from helpline.ivr import journal
from helpline.languages import CODES

POOL = 500
"""So many different walks there are for one language at one standing of the line; more calls go one of them again."""

STEP_COLUMNS = ("at", "call_sid", *(name for name in COLUMNS if name not in {"at", "call_sid"}))
UNANSWERED = 0.05
"""So many of those who choose no language hung up before the line answered: one in a hundred and fifty of all calls."""
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Journey:
    """A walk with what is written of it. `steps`: how long after the beginning, and the rest of the line; `sums`: what
    `call_sums` holds of each such call beside its id and hour."""

    walk: Walk
    steps: tuple[tuple[timedelta, str], ...]
    sums: str
    outcome: str
    language: str | None

    @property
    def lasts(self) -> timedelta:
        """From the first step to the end."""
        return timedelta(seconds=self.walk.seconds)


class Journeys:
    """Walks by language, standing of the line and cause."""

    def __init__(self, dice: Random, length: Length, to_number: str) -> None:
        self.dice, self.length, self.to_number = dice, length, to_number
        self.known: dict[object, list[Journey]] = {}

    def one(self, world: World) -> Journey:
        """A walk in this world: a new one until there are enough."""
        met = world.met.step if world.met else ""
        known = self.known.setdefault((world.language, world.status, met), [])
        if len(known) < POOL:
            known.append(self._made(world))
            return known[-1]
        return known[self.dice.randrange(POOL)]

    def _made(self, world: World) -> Journey:
        unanswered = world.language is None and self.dice.random() < UNANSWERED
        done = Walk() if unanswered else walk(self.dice, world)
        rows = [(passed.at, journal.row_of("", passed.asked, passed.turn)) for passed in done.turns]
        way = [
            Passed(
                _NEVER + timedelta(seconds=at), row["heard"], row["did"], row["to_step"], row["to_language"]
            )
            for at, row in rows
        ]
        chosen = [row["to_language"] for _, row in rows if row["to_language"] in CODES]
        language, result = chosen[-1] if chosen else None, _outcome(done, way)
        return Journey(
            done,
            tuple((timedelta(seconds=at), _line(row)) for at, row in rows),
            self._sums(done, way, result, language),
            result,
            language,
        )

    def _sums(self, done: Walk, way: list[Passed], outcome: str, language: str | None) -> str:
        waited = done.waited
        found = summed(way, _NEVER + timedelta(seconds=done.seconds), self.length)
        return fields(
            language or "", self.to_number, outcome, round(done.seconds), found.last_step or "", found.keys, found.listened,
            found.useful_seconds, found.useful_keys, waited.seconds if waited else None,
            waited is not None and waited.end == "done", waited is not None and waited.end == "nobody",
            waited is not None and waited.end == "left" and not any(LEFT_BY_KEY in (row.did or "").split() for row in way),
            waited is None and found.turned_away, f"{{{','.join(came_to(way))}}}",
        )  # fmt: skip


def _outcome(done: Walk, way: list[Passed]) -> str:
    return outcome(
        Facts(
            request=done.ask == "request",
            callback=done.ask == "callback",
            live=done.waited is not None and done.waited.end == "done",
            message=done.message_at is not None,
            information=any(TOLD in (row.did or "").split() for row in way),
            pressed=any((row.heard or "").startswith(PRESSED) for row in way),
            answered=bool(done.turns),
        )
    )


def _line(row: dict[str, object]) -> str:
    row = row | {"says": json.dumps(row["says"], separators=(",", ":")), "kept": None}
    return fields(*(row[name] for name in STEP_COLUMNS[2:]))
