"""Writes a plan down, chunk by chunk, each in a transaction of its own and under the locks of its entities.

Lock order everywhere: entity, then request, then offer. Any part of a plan is a good one: whatever dies in the middle,
the next plan ends with the same people placed. What changed since the plan was made is seen under the locks.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import outbox
from helpline.routing import blocks, deadlines, snapshot
from helpline.routing.keeping import Keeper, shared_by
from helpline.routing.models import RequestState
from helpline.routing.policy import Decision, Planned, Wanted, explain
from helpline.routing.requests import state_of
from helpline.routing.values import Project, Used

log = logging.getLogger(__name__)

ROUTER = "router"
CHUNK = 500
REASONS = 2000
"""So many rows at once: the longest that anybody waits for a lock of ours is a fifth of a second."""

Kept = Mapping[int, tuple[str, str | None]]

_ENTITIES = "SELECT id FROM entities WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"
_REQUESTS = """
SELECT id, state FROM requests
 WHERE id = ANY(%(ids)s) AND state IN ('waiting', 'needs_person') AND held_for IS NULL
   AND (parked_until IS NULL OR parked_until <= %(now)s)
 ORDER BY id FOR UPDATE SKIP LOCKED
"""
_OFFERS = """
INSERT INTO offers (made_at, remind_at, expires_at, request_id, project_id, entity_id, state, why)
SELECT %(now)s, u.remind_at, u.expires_at, u.request, u.project, u.entity, 'pending', u.why::jsonb
  FROM unnest(%(requests)s::int[], %(projects)s::text[], %(entities)s::text[], %(remind)s::timestamptz[],
              %(expires)s::timestamptz[], %(why)s::text[])
       AS u(request, project, entity, remind_at, expires_at, why)
RETURNING id, request_id
"""
_OFFERED = """
UPDATE requests r SET state = 'offered', entity_id = u.entity, reason = NULL, parked_until = NULL
  FROM unnest(%(requests)s::int[], %(entities)s::text[]) AS u(request, entity) WHERE r.id = u.request
"""
_MOVES = """
INSERT INTO moves (kind, subject_id, at, who, from_state, to_state, why)
SELECT u.kind, u.subject, %(at)s, %(who)s, u.before, u.after, u.why
  FROM unnest(%(kinds)s::text[], %(subjects)s::int[], %(before)s::text[], %(after)s::text[], %(why)s::text[])
       AS u(kind, subject, before, after, why)
"""
_KEPT = """
SELECT id, state, reason->>'key' FROM requests
 WHERE state IN ('waiting', 'needs_person') AND held_for IS NULL
"""
_WAITS = """
WITH was AS (
  SELECT r.id, r.state, u.after, u.reason
    FROM requests r JOIN unnest(%(ids)s::int[], %(after)s::text[], %(reasons)s::int[]) AS u(id, after, reason)
         ON u.id = r.id
   WHERE r.state IN ('waiting', 'needs_person') AND r.held_for IS NULL
   ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
), said AS (
  UPDATE requests r SET state = was.after, reason = (%(texts)s::text[])[was.reason]::jsonb
    FROM was WHERE r.id = was.id
)
INSERT INTO moves (kind, subject_id, at, who, from_state, to_state, why)
SELECT 'request', was.id, %(at)s, %(who)s, was.state, was.after, (%(says)s::text[])[was.reason]
  FROM was WHERE was.state <> was.after
"""


@dataclass(frozen=True, slots=True)
class _Meant:
    """One placement of a plan: who, at which project, with the record of why."""

    wanted: Wanted
    project: Project
    says: str
    record: dict[str, Any]


def make_offers(planned: Planned) -> int:
    """Make the offers of a plan, the urgent ones first, then entity by entity; how many were made."""
    keeper = Keeper(planned)
    meant = [_meant(keeper, wanted, decision) for wanted, decision in planned.offers()]
    if not meant:
        return 0
    with db.transaction() as session:
        keeper.keep_list(session)
    meant.sort(key=lambda one: (not one.wanted.urgent, one.project.entity_id))
    made = 0
    for chunk in _chunks(meant, CHUNK):
        with db.transaction() as session:
            made += len(_make(session, chunk))
    return made


def _meant(keeper: Keeper, wanted: Wanted, decision: Decision) -> _Meant:
    says = explain(decision)
    project = decision.chosen
    if project is None:
        raise ValueError("an offer needs a project")
    return _Meant(wanted, project, says, keeper.of_offer(decision, says))


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _make(session: Session, chunk: Sequence[_Meant]) -> list[int]:
    """Make those offers of a chunk that may still be made; the ids of the offers."""
    run = session.connection().exec_driver_sql
    entity_ids = sorted({one.project.entity_id for one in chunk})
    run(_ENTITIES, {"ids": entity_ids})
    now = deadlines.moment(session)
    rows = run(_REQUESTS, {"ids": [one.wanted.id for one in chunk], "now": now})
    states: dict[int, str] = {row.id: row.state for row in rows}
    fitting = _with_room(session, [one for one in chunk if one.wanted.id in states], now)
    if not fitting:
        return []
    answer_by = deadlines.to_answer(session, entity_ids, now)
    columns: dict[str, Any] = {
        "now": now,
        "requests": [one.wanted.id for one in fitting],
        "projects": [one.project.id for one in fitting],
        "entities": [one.project.entity_id for one in fitting],
        "remind": [answer_by[one.project.entity_id][0] for one in fitting],
        "expires": [answer_by[one.project.entity_id][1] for one in fitting],
        "why": [json.dumps(one.record) for one in fitting],
    }
    offers: dict[int, int] = {request: id for id, request in run(_OFFERS, columns)}
    run(_OFFERED, {name: columns[name] for name in ("requests", "entities")})
    _write_moves(session, fitting, offers, states)
    ids = [offers[one.wanted.id] for one in fitting]
    outbox.put_all(session, outbox.Kind.OFFER_MADE, ids)
    return ids


def _with_room(session: Session, chunk: Sequence[_Meant], now: datetime) -> list[_Meant]:
    """Those whose project is as it was planned with, and still has a place for them, in their order."""
    if not chunk:
        return []
    ids = {one.project.id for one in chunk}
    current = {project.id: project for project in snapshot.projects(session, project_ids=ids, now=now)}
    blocked = blocks.of_these(session, [one.wanted.id for one in chunk], now)
    taken = Counter[str]()
    fitting = []
    for one in chunk:
        project = current.get(one.project.id)
        if project is None or replace(project, used=Used()) != replace(one.project, used=Used()):
            continue
        if (one.wanted.id, project.entity_id) in blocked:
            continue
        room = project.free
        if room is None or taken[project.id] < room:
            taken[project.id] += 1
            fitting.append(one)
    return fitting


def _write_moves(
    session: Session, fitting: Sequence[_Meant], offers: Mapping[int, int], states: Mapping[int, str]
) -> None:
    lines: list[tuple[str, int, str | None, str, str]] = []
    for one in fitting:
        id = one.wanted.id
        lines.append(("offer", offers[id], None, "pending", one.says))
        lines.append(("request", id, states[id], "offered", one.says))
    kinds, subjects, before, after, why = (list(column) for column in zip(*lines, strict=True))
    columns = {"kinds": kinds, "subjects": subjects, "before": before, "after": after, "why": why}
    session.connection().exec_driver_sql(_MOVES, columns | {"at": clock.now(), "who": ROUTER})


def kept(session: Session) -> Kept:
    """The state of everybody who waits, and the key of the reason that is kept with each."""
    rows = session.connection().exec_driver_sql(_KEPT)
    return {id: (state, key) for id, state, key in rows}


def keep_waiting(planned: Planned, before: Kept) -> int:
    """Note why those wait who got no place, where that is not what stood there before; how many were noted."""
    keeper = Keeper(planned)
    reasons: dict[Any, tuple[RequestState, str, str, str]] = {}
    new: list[tuple[int, tuple[RequestState, str, str, str]]] = []
    for wanted, decision in planned:
        if decision.project_id is not None:
            continue
        shared = shared_by(wanted, decision)
        if shared not in reasons:
            says = explain(decision)
            reason = keeper.reason(decision, says)
            reasons[shared] = (state_of(decision), reason["key"], json.dumps(reason), says)
        state, key, _, _ = reasons[shared]
        if before.get(wanted.id) != (state, key):
            new.append((wanted.id, reasons[shared]))
    if new:
        with db.transaction() as session:
            keeper.keep_list(session)
    for chunk in _chunks(new, REASONS):
        with db.transaction() as session:
            _keep_reasons(session, chunk)
    return len(new)


def _keep_reasons(session: Session, chunk: Sequence[tuple[int, tuple[RequestState, str, str, str]]]) -> None:
    distinct = {reason[1]: reason for _, reason in chunk}
    place = {key: number for number, key in enumerate(distinct, start=1)}
    columns: dict[str, Any] = {
        "ids": [id for id, _ in chunk],
        "after": [str(reason[0]) for _, reason in chunk],
        "reasons": [place[reason[1]] for _, reason in chunk],
        "texts": [reason[2] for reason in distinct.values()],
        "says": [reason[3] for reason in distinct.values()],
        "at": clock.now(),
        "who": ROUTER,
    }
    session.connection().exec_driver_sql(_WAITS, columns)
