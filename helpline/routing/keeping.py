"""What is kept of a decision: small, the same while nothing changes, and readable for ever after. Knows no lock.

Sets of projects are masks over a list of all projects of the plan, which is kept once (`ProjectList`): a plan has a
hundred thousand decisions, and most of them name the same few hundred projects.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.routing.filters import Profile, profile_of
from helpline.routing.policy import Planned, explain
from helpline.routing.records import ProjectList
from helpline.routing.values import Decision, Forecast, How, Outcome, Reason, Wanted


class Keeper:
    """Makes the records of one plan's decisions."""

    def __init__(self, planned: Planned) -> None:
        """In: the plan."""
        self.planned = planned
        self.ids = [project.id for project in planned.market.projects]
        self.list = list_hash(self.ids)
        self._lefts: dict[Profile, tuple[str, int]] = {}
        self._same = f'{_forecast(planned.forecast)}"projects":"{self.list}"'

    def keep_list(self, session: Session) -> None:
        """Keep the list of projects that the records refer to."""
        row = {"hash": self.list, "ids": self.ids}
        session.execute(insert(ProjectList).values(row).on_conflict_do_nothing())

    def of_offer(self, rank: int) -> str:
        """How a project was chosen for the request of this rank, as JSON: the counts after each filter, the candidates.

        A hundred thousand are written at once, so what is not is left out, and the counts are one word (`read`).
        """
        planned, wanted = self.planned, self.planned.waiting[rank]
        left, open_to = self._left(wanted)
        free, held = planned.matching.at_turn(rank)
        free &= open_to
        in_room = (free | held & open_to).bit_count() if held else free.bit_count()
        project = self.ids[planned.matching.at[rank]]
        how = _REARRANGED if rank in planned.matching.moved else _DIRECT
        return (
            f'{{"rank":{rank},{how},"project":"{project}",{left} {in_room} {free.bit_count()}",'
            f'{_days(wanted)}{self._same},"candidates":"{free:x}"}}'
        )

    def reason(self, rank: int) -> dict[str, Any]:
        """Why a request got no place: a code, counts that add up, the line for coordinators, the chain, the proof.

        It says nothing of the place in the order: that changes with everybody who comes and goes.
        """
        decision = self.planned.decision(rank)
        day = decision.may_free_on
        found = {
            "code": code_of(decision),
            "counts": {str(reason): count for reason, count in decision.refused},
            "total": decision.total,
            "says": explain(decision),
            "chain": [[str(reason), left] for reason, left in decision.chain],
            "may_free_on": day.isoformat() if day else None,
            "declined_on": [on.isoformat() for on in decision.declined_on],
            "projects": self.list,
            "proof": f"{self.planned.closed(rank):x}",
        }
        return found | {"key": self.key(rank)}

    def key(self, rank: int) -> str:
        """A short hash of all that a reason is made of: whether it is still the same is asked for everybody who waits.

        It is another one on another day; a proof by other projects alone does not change it.
        """
        sieve, planned = self.planned.sieve(rank), self.planned
        wanted = planned.waiting[rank]
        made_of = (
            [left for _, left in sieve.left], sieve.later, self._room(rank), wanted.parked, wanted.declined_on,
            planned.matching.held, planned.market.today.isoformat(), planned.may_free_on(rank), self.list,
        )  # fmt: skip
        return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]

    def shared_by(self, rank: int) -> Any:
        """What two refusals of this plan have in common when they are kept in the same words."""
        wanted = self.planned.waiting[rank]
        return profile_of(wanted), wanted.declined_on, self._room(rank)

    def _room(self, rank: int) -> tuple[int, int]:
        """The projects that fitted and had a place at this one's turn, kept ones among them and not."""
        free, held = self.planned.matching.at_turn(rank)
        in_room = self.planned.sieve(rank).open & (free | held)
        return in_room, in_room & free

    def _left(self, wanted: Wanted) -> tuple[str, int]:
        """How many projects each filter leaves that is not about room, one after the other; and which all of them."""
        profile = profile_of(wanted)
        if profile not in self._lefts:
            sieve = self.planned.market.sieve(profile)
            counts = " ".join(str(mask.bit_count()) for _, mask in sieve.left)
            self._lefts[profile] = f'"total":{len(self.ids)},"left":"{counts}', sieve.open
        return self._lefts[profile]


_DIRECT, _REARRANGED = (f'"how":"{how}"' for how in (How.DIRECT, How.REARRANGED))


def _forecast(forecast: Forecast | None) -> str:
    """The forecast that was planned with, if there was one, as a part of an object in JSON."""
    return f'"forecast":{json.dumps(forecast.id)},' if forecast else ""


def _days(wanted: Wanted) -> str:
    """On which days entities said no to somebody, if any did, as a part of an object in JSON."""
    if not wanted.declined_on:
        return ""
    return f'"declined_on":{json.dumps(sorted(day.isoformat() for _, day in wanted.declined_on))},'


def code_of(decision: Decision) -> str:
    """One word for why a request waits: `wait`, `no_project`, `nobody_fits`, `parked`, `held`."""
    if any(reason is Reason.PARKED for reason, _ in decision.refused):
        return "parked"
    if decision.outcome is Outcome.WAIT and decision.how:
        return str(decision.how)
    return str(decision.outcome)


def list_hash(ids: Sequence[str]) -> str:
    """The name of a list of projects."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


FILTERS = (
    Reason.REGION, Reason.COUNTRY, Reason.GROUP, Reason.LANGUAGE, Reason.DECLINED, Reason.NOT_RUNNING, Reason.PAUSED,
    Reason.SAID_FULL, Reason.COOLING, Reason.FULL, Reason.HELD,
)  # fmt: skip
"""What the numbers of `left` in an offer's record count, in their order."""


def read(session: Session, record: dict[str, Any] | None) -> dict[str, Any]:
    """A record as it was kept with an offer or a request, in full.

    Its sets of projects (`candidates`, `proof`) as lists of ids; always with `says`, the line for coordinators, and,
    for what was planned, `chain`: each filter with how many projects it left.
    """
    if not record:
        return {}
    found = {name: value for name, value in record.items() if name not in ("projects", "key", "left")}
    if "projects" not in record:
        return found
    ids = session.scalar(select(ProjectList.ids).where(ProjectList.hash == record["projects"])) or []
    for name in ("candidates", "proof"):
        if name in record:
            mask = int(record[name], 16)
            found[name] = [id for place, id in enumerate(ids) if mask >> place & 1]
    if "left" in record:
        found = {"forecast": None, "declined_on": []} | found
        left = record["left"]  # a list in records of earlier versions
        counts = [int(word) for word in left.split()] if isinstance(left, str) else left
        chain = list(zip(FILTERS, counts, strict=True))
        found["chain"] = [[str(reason), left] for reason, left in chain]
        found["says"] = _says(record, chain)
    return found


def _says(record: dict[str, Any], chain: list[tuple[Reason, int]]) -> str:
    """The line of an offer: whom it was given, and why not others."""
    before, gone = record["total"], []
    for reason, left in chain:
        if left < before:
            gone.append((before - left, reason))
        before = left
    gone.sort(key=lambda item: -item[0])
    chosen = "the least used of" if record["how"] == How.DIRECT else "by moving others of the same plan,"
    head = f"{record['project']}, {chosen} {chain[-1][1]} of {record['total']}"
    said = ", ".join(f"{count} {reason}" for count, reason in gone)
    return f"{head}: {said}" if said else head
