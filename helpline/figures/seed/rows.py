"""A call and all that it led to, as rows: the call, its steps, its wait, what was asked and what became of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from helpline import db, hours
from helpline.callbacks import queue
from helpline.calls import journeys as calls
from helpline.figures.seed.after import Move, Places, rung, taken
from helpline.figures.seed.journeys import Journey
from helpline.figures.seed.lines import Ids, fields
from helpline.figures.seed.reported import reported
from helpline.figures.seed.year import Begun
from helpline.hours import Calendar
from helpline.intake import asks
from helpline.intake.wishes import wish_of
from helpline.phone import PhoneNumber
from helpline.places import REGION_CODES
from helpline.routing.values import Wanted

_KEPT = timedelta(days=29)
"""Numbers and codes are forgotten a month after what they were for: older rows have none."""
_NUMBERS = 1000
_WITHHELD = 0.1
_NOTHING = ("silent", "gave_up", "refused")


@dataclass(frozen=True)
class _Number:
    number: PhoneNumber
    sealed: bytes | None
    found_by: str
    caller: dict[int, str]


class Numbers:
    """The telephones of callers that never were: +39 333 0000000 and the 999 that follow, each encrypted once."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._known: dict[int, _Number] = {}

    def one(self, place: int) -> _Number:
        """The number of this place."""
        if place not in self._known:
            number = PhoneNumber(f"+39333{place:07}")
            pseudonyms = dict(zip((self._year, self._year - 1), calls.caller_hashes(number), strict=True))
            found_by = queue.hash_of(number)
            self._known[place] = _Number(number, db.sealed(number.e164), found_by, pseudonyms)
        return self._known[place]


@dataclass
class Line:
    """What the rows of all calls share."""

    dice: Random
    calendar: Calendar
    places: Places
    now: datetime
    to_number: str
    set_id: int
    versions: dict[str, str]
    series: str


class Rows:
    """Lines by table, until they are written."""

    def __init__(self, line: Line, numbers: Numbers, ids: Ids) -> None:
        self.line, self.numbers, self.ids = line, numbers, ids
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.calls = 0

    def taken(self) -> dict[str, list[str]]:
        """What was gathered; it begins anew."""
        found, self.lines = self.lines, defaultdict(list)
        return found

    def add(self, begun: Begun, journey: Journey) -> None:
        """The rows of one call."""
        line, at, done = self.line, begun.at, journey.walk
        self.calls += 1
        sid = f"seed{line.series}{self.calls:026}"
        number = None if line.dice.random() < _WITHHELD else self.numbers.one(line.dice.randrange(_NUMBERS))
        call_id, ends = self.ids.of("calls"), at + journey.lasts
        seconds = round(done.seconds)
        nameless = number is None or (journey.outcome in _NOTHING and line.now - at > timedelta(days=1))
        young = number is not None and not nameless and line.now - at < _KEPT
        self.lines["calls"].append(
            fields(
                call_id, sid, "completed" if done.turns else "canceled", journey.language, journey.outcome, number.sealed if number and young else None,
                None if number is None or nameless else number.caller[at.astimezone(hours.ROME).year], line.to_number,
                line.set_id, at, ends, seconds, True,
            )
        )  # fmt: skip
        steps = self.lines["steps"]
        for after, rest in journey.steps:
            steps.append(f"{(at + after).isoformat()}\t{sid}\t{rest}")
        self.lines["call_sums"].append(
            f"{call_id}\t{at.replace(minute=0, second=0).isoformat()}\t{journey.sums}"
        )
        self._hold(sid, begun, journey)
        if done.message_at is not None:
            when = at + timedelta(seconds=done.message_at)
            self._put("clips", when, sid, f"RE{sid}", "message", "deleted", line.dice.randrange(4, 50), False)
        if done.ask or done.agreed_at is not None:
            self._asked(sid, begun, journey, number)

    def _put(self, table: str, *values: object) -> None:
        self.lines[table].append(fields(*values))

    def _moves(self, kind: str, of: int, moves: list[Move]) -> None:
        for at, before, after, who, why in moves:
            self._put("moves", kind, of, at, who, before, after, why)

    def _hold(self, sid: str, begun: Begun, journey: Journey) -> None:
        waited = journey.walk.waited
        if waited is None:
            return
        hold = self.ids.of("holds")
        since = begun.at + timedelta(seconds=waited.since)
        met = since + timedelta(seconds=waited.seconds)
        ends = begun.at + journey.lasts if waited.end == "done" else met
        minor = journey.walk.kept.get("age") == "minor"
        self._put(
            "holds", hold, sid, journey.language, minor, waited.end, since, since, ends, since, False, "{}", ends, "{}",
            waited.went,
        )  # fmt: skip
        moves: list[Move] = [(since, None, "waiting", "caller", "wants a person")]
        if waited.end == "done":
            moves += [
                (met - timedelta(seconds=1), "waiting", "taken", "mediator", "pressed 1"),
                (met, "taken", "talking", "caller", "came into the room"),
                (ends, "talking", "done", "caller", "the call is over"),
            ]
        else:
            moves.append((met, "waiting", waited.end, "caller", _WHY[waited.end]))
        self._moves("hold", hold, moves)

    def _asked(self, sid: str, begun: Begun, journey: Journey, number: _Number | None) -> None:
        line, done, language = self.line, journey.walk, journey.language or ""
        agreement = None
        if done.agreed_at is not None:
            agreement = self.ids.of("agreements")
            agreed = begun.at + timedelta(seconds=done.agreed_at)
            self._put("agreements", agreement, agreed, sid, line.versions[language], language, "1")
        if not done.ask:
            return
        asked_at = begun.at + timedelta(seconds=done.asked_at)
        wish = wish_of(done.kept | {"number": "-", "window": done.kept.get("window", "any")})
        region = wish["region"]
        if region is None and done.kept.get("region_said") == "right":
            region = line.dice.choice(REGION_CODES)
        plan, ask = self.ids.of("plans"), self.ids.of("asks")
        promised = hours.promise(line.calendar, language, wish["window"], asked_at)
        if done.ask == "callback":
            closed = self._callback(sid, language, wish, asked_at, promised, plan, ask)
        else:
            closed = self._request(sid, language, wish | {"region": region}, asked_at, ask, agreement)
        young = line.now - closed < _KEPT
        known = (number or self.numbers.one(line.dice.randrange(_NUMBERS))) if young else None
        self._put(
            "plans",
            plan,
            asked_at,
            closed,
            known.sealed if known else None,
            known.found_by if known else None,
            True,
        )
        code = f"{line.dice.randrange(10_000):04}"
        self._put(
            "asks", ask, asked_at, closed, plan, agreement, sid, 1, db.sealed(code) if young else None, done.ask, language,
            wish["window"], wish["whom"], promised, False, 0, "call",
            region if done.ask == "request" or wish["topic"] == asks.OFFICE else None,
        )  # fmt: skip

    def _callback(
        self, sid: str, language: str, wish: dict[str, object], asked_at: datetime, promised: object, plan: int, ask: int
    ) -> datetime:  # fmt: skip
        line, callback = self.line, self.ids.of("callbacks")
        found = rung(line.dice, line.calendar, language, str(wish["window"]), asked_at, line.now)
        priority = "minor" if wish["minor"] else "normal"
        self._put(
            "callbacks", callback, asked_at, ask, plan, sid, language, wish["window"], found.state, len(found.tries),
            priority, wish["topic"], promised, len(found.tries), asked_at, found.closed_at,
            hours.today(asked_at + timedelta(days=14)), False, found.closed_at,
        )  # fmt: skip
        for n, tried in enumerate(found.tries, 1):
            self._put("attempts", callback, n, tried.began, tried.ended, tried.cause)
        self._moves("callback", callback, found.moves)
        return found.closed_at

    def _request(
        self, sid: str, language: str, wish: dict[str, object], asked_at: datetime, ask: int, agreement: int | None
    ) -> datetime:  # fmt: skip
        line, request = self.line, self.ids.of("requests")
        region, country = wish["region"], wish["country"]
        group = "family" if wish["whom"] == "family" else "self"
        wanted = Wanted(
            request,
            language,
            str(region) if region else None,
            str(country) if country else None,
            group,
            asked_at,
        )
        found = taken(line.dice, line.places, wanted, line.now)
        entity = found.offers[-1].project.entity_id if found.offers else None
        self._put(
            "requests", request, asked_at, ask, agreement, sid, language, region, country, group, False, asked_at,
            found.state, entity, found.outcome,
        )  # fmt: skip
        self._moves("request", request, found.moves)
        for one in found.offers:
            offer = self.ids.of("offers")
            contact_by = one.accepted + timedelta(days=7) if one.accepted else None
            self._put(
                "offers", offer, one.made, one.made + timedelta(days=2), one.accepted, contact_by, one.contacted, one.begun,
                one.ended, request, one.project.id, one.project.entity_id, one.state, one.declined_for, one.outcome, "{}",
            )  # fmt: skip
            self._moves("offer", offer, one.moves)
            for at, outcome in reported(one):
                self._put("case_reports", offer, at, "entity", outcome)
        return found.closed_at


_WHY = {"left": "hung up", "kept": "wants to be called back", "nobody": "nobody can answer"}
