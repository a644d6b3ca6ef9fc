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

from helpline.routing.policy import Planned
from helpline.routing.records import ProjectList
from helpline.routing.values import Decision, Outcome, Reason


class Keeper:
    """Makes the records of one plan's decisions."""

    def __init__(self, planned: Planned) -> None:
        """In: the plan."""
        self.planned = planned
        self.ids = [project.id for project in planned.market.projects]
        self.list = list_hash(self.ids)
        self._reasons: dict[Any, tuple[str, dict[str, Any]]] = {}

    def keep_list(self, session: Session) -> None:
        """Keep the list of projects that the records refer to."""
        row = {"hash": self.list, "ids": self.ids}
        session.execute(insert(ProjectList).values(row).on_conflict_do_nothing())

    def of_offer(self, decision: Decision, says: str) -> dict[str, Any]:
        """How a project was chosen: the place in the order, the chain of filters with counts, the candidates."""
        return {
            "says": says,
            "rank": decision.rank,
            "how": str(decision.how),
            "project": decision.project_id,
            "total": decision.total,
            "chain": [[str(reason), left] for reason, left in decision.chain],
            "forecast": decision.forecast_id,
            "projects": self.list,
            "candidates": f"{self._free(decision.rank):x}",
        }

    def reason(self, decision: Decision, says: str) -> dict[str, Any]:
        """Why a request got no place: a code, counts that add up, the line for coordinators, the chain, the proof.

        It says nothing of the place in the order: that changes with everybody who comes and goes.
        """
        day = decision.may_free_on
        found = {
            "code": code_of(decision),
            "counts": {str(reason): count for reason, count in decision.refused},
            "total": decision.total,
            "says": says,
            "chain": [[str(reason), left] for reason, left in decision.chain],
            "may_free_on": day.isoformat() if day else None,
            "projects": self.list,
            "proof": f"{self.planned.closed(decision.rank):x}",
        }
        return found | {"key": key_of(found)}

    def shared_by(self, decision: Decision) -> Any:
        """What two refusals of this plan have in common when they are kept in the same words."""
        rank = decision.rank
        matching, profile = self.planned.matching, self.planned.profiles[rank]
        # The days on which entities said no are part of the words.
        days = self.planned.waiting[rank].declined_on
        room = self.planned.sieves[profile].open & (matching.free_at[rank] | matching.held_at[rank])
        return profile, decision.outcome, decision.how, days, room, room & matching.free_at[rank]

    def _free(self, rank: int) -> int:
        """The projects that fitted and had a place at this one's turn."""
        return self.planned.sieves[self.planned.profiles[rank]].open & self.planned.matching.free_at[rank]


def code_of(decision: Decision) -> str:
    """One word for why a request waits: `wait`, `no_project`, `nobody_fits`, `parked`, `held`."""
    if any(reason is Reason.PARKED for reason, _ in decision.refused):
        return "parked"
    if decision.outcome is Outcome.WAIT and decision.how:
        return str(decision.how)
    return str(decision.outcome)


def key_of(reason: dict[str, Any]) -> str:
    """A short hash of a reason: whether it is still the same is asked for everybody who waits, at every tick."""
    return hashlib.sha256(json.dumps(reason, sort_keys=True).encode()).hexdigest()[:16]


def list_hash(ids: Sequence[str]) -> str:
    """The name of a list of projects."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def read(session: Session, record: dict[str, Any] | None) -> dict[str, Any]:
    """A record as it was kept with an offer or a request, its sets of projects (`candidates`, `proof`) as lists of ids."""
    if not record:
        return {}
    found = {name: value for name, value in record.items() if name not in ("projects", "key")}
    if "projects" not in record:
        return found
    ids = session.scalar(select(ProjectList.ids).where(ProjectList.hash == record["projects"])) or []
    for name in ("candidates", "proof"):
        if name in record:
            mask = int(record[name], 16)
            found[name] = [id for place, id in enumerate(ids) if mask >> place & 1]
    return found
