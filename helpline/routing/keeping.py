"""What is kept of a decision: small, the same while nothing changes, and readable for ever after. Knows no lock.

Sets of projects are masks over a list of all projects of the plan, which is kept once (`ProjectList`): a plan has a
hundred thousand decisions, and most of them name the same few hundred projects.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.routing.policy import Planned
from helpline.routing.records import ProjectList
from helpline.routing.values import Decision, Outcome, Reason, Wanted


class Keeper:
    """Makes the records of one plan's decisions."""

    def __init__(self, planned: Planned) -> None:
        """In: the plan."""
        self.ids = [project.id for project in planned.market.projects]
        self.list = list_hash(self.ids)
        self._bits = {id: 1 << place for place, id in enumerate(self.ids)}

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
            "candidates": self._mask(decision.candidates),
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
            "proof": self._mask(decision.proof),
        }
        return found | {"key": key_of(found)}

    def _mask(self, ids: Iterable[str]) -> str:
        """A set of projects, as the bits of a number in hexadecimal."""
        mask = 0
        for id in ids:
            mask |= self._bits[id]
        return f"{mask:x}"


def shared_by(wanted: Wanted, decision: Decision) -> Any:
    """What two refusals of one plan have in common when they are kept in the same words."""
    one = (wanted.region, wanted.country, wanted.group, wanted.language, wanted.cooling, wanted.declined_on)
    return one, wanted.declined_by, wanted.parked, decision.outcome, decision.how, decision.chain


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
