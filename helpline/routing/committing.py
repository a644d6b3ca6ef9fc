"""Writes a plan down, chunk by chunk, each in a transaction of its own and under the locks of its entities.

Lock order everywhere: entity, then request, then offer. Any part of a plan is a good one: whatever dies in the middle,
the next plan ends with the same people placed. What changed since the plan was made is seen under the locks.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import outbox
from helpline.routing import blocks, deadlines, snapshot
from helpline.routing.keeping import Keeper
from helpline.routing.matching import NOWHERE
from helpline.routing.models import RequestState
from helpline.routing.policy import Planned
from helpline.routing.requests import state_of
from helpline.routing.values import Project, Used

log = logging.getLogger(__name__)

ROUTER = "router"
CHUNK, REASONS = 400, 2000
"""So many rows at once: the longest that anybody waits for a lock of ours is a fifth of a second."""

AT_ONCE = 2

Kept = Mapping[int, tuple[str, str | None]]

_ENTITIES = "SELECT id FROM entities WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"
_REQUESTS = """
SELECT id, state FROM requests
 WHERE id = ANY(%(ids)s::int[]) AND state IN ('waiting', 'needs_person') AND held_for IS NULL
   AND (parked_until IS NULL OR parked_until <= %(now)s)
 ORDER BY id FOR UPDATE SKIP LOCKED
"""
_MAKE = """
WITH meant AS (
  SELECT m.*, c.remind, c.expires
    FROM json_to_recordset(%(meant)s::json) AS m(request int, before text, project text, entity text, why jsonb)
    JOIN json_to_recordset(%(clocks)s::json) AS c(entity text, remind timestamptz, expires timestamptz) USING (entity)
), made AS (
  INSERT INTO offers (made_at, remind_at, expires_at, request_id, project_id, entity_id, state, why)
  SELECT %(now)s, remind, expires, request, project, entity, 'pending', why FROM meant
  RETURNING id, request_id, project_id, entity_id
), offered AS (
  UPDATE requests r SET state = 'offered', entity_id = made.entity_id, reason = NULL, parked_until = NULL
    FROM made WHERE r.id = made.request_id
), written AS (
  INSERT INTO moves (kind, subject_id, at, who, from_state, to_state, why)
  SELECT 'offer', id, %(at)s, %(who)s, NULL, 'pending', 'offered for ' || project_id FROM made
  UNION ALL
  SELECT 'request', request_id, %(at)s, %(who)s, before, 'offered', 'offered for ' || project_id
    FROM made JOIN meant ON meant.request = made.request_id
)
SELECT id FROM made
"""
_KEPT = """
SELECT id, state, reason->>'key' FROM requests
 WHERE state IN ('waiting', 'needs_person') AND held_for IS NULL
"""
_WAITS = """
WITH words AS (
  SELECT w.key, w.after, w.says, r.reason
    FROM json_to_recordset(%(words)s::json) AS w(key text, after text, says text)
    JOIN (SELECT reason, reason->>'key' AS key FROM jsonb_array_elements(%(reasons)s::jsonb) AS reason) r USING (key)
), was AS (
  SELECT r.id, r.state, u.key
    FROM requests r JOIN json_to_recordset(%(ids)s::json) AS u(id int, key text) ON u.id = r.id
   WHERE r.state IN ('waiting', 'needs_person') AND r.held_for IS NULL
   ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
), said AS (
  UPDATE requests r SET state = words.after, reason = words.reason
    FROM was JOIN words USING (key) WHERE r.id = was.id
)
INSERT INTO moves (kind, subject_id, at, who, from_state, to_state, why)
SELECT 'request', was.id, %(at)s, %(who)s, was.state, words.after, words.says
  FROM was JOIN words USING (key) WHERE was.state <> words.after
"""


class _Meant(NamedTuple):
    """One placement of a plan: who, at which project, with the record of why."""

    request: int
    urgent: bool
    project: Project
    record: str


def make_offers(planned: Planned) -> int:
    """Make the offers of a plan, the urgent ones first, then entity by entity; how many were made.

    Two chunks at a time: most of it is the database's work, and they seldom concern the same entity.
    """
    keeper = Keeper(planned)
    projects, at = planned.market.projects, planned.matching.at
    meant = [
        _Meant(wanted.id, wanted.urgent, projects[at[rank]], keeper.of_offer(rank))
        for rank, wanted in enumerate(planned.waiting)
        if at[rank] != NOWHERE
    ]
    if not meant:
        return 0
    with db.transaction() as session:
        keeper.keep_list(session)
    meant.sort(key=lambda one: (not one.urgent, one.project.entity_id))
    if len(meant) <= CHUNK:
        return _made(meant)
    with ThreadPoolExecutor(AT_ONCE) as both:
        return sum(both.map(_made, _chunks(meant, CHUNK)))


def _made(chunk: Sequence[_Meant]) -> int:
    with db.transaction() as session:
        return len(_make(session, chunk))


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _make(session: Session, chunk: Sequence[_Meant]) -> list[int]:
    """Make those offers of a chunk that may still be made; the ids of the offers."""
    run = session.connection().exec_driver_sql
    entity_ids = sorted({one.project.entity_id for one in chunk})
    run(_ENTITIES, {"ids": entity_ids})
    now = deadlines.moment(session)
    wanted = run(_REQUESTS, {"ids": outbox.ints(one.request for one in chunk), "now": now})
    states: dict[int, str] = {row.id: row.state for row in wanted}
    fitting = _with_room(session, [one for one in chunk if one.request in states], now)
    if not fitting:
        return []
    clocks = [
        {"entity": id, "remind": remind.isoformat(), "expires": expires.isoformat()}
        for id, (remind, expires) in deadlines.to_answer(session, entity_ids, now).items()
    ]
    meant = ",".join(
        f'{{"request":{one.request},"before":"{states[one.request]}","project":"{one.project.id}",'
        f'"entity":"{one.project.entity_id}","why":{one.record}}}'
        for one in fitting
    )
    columns = {
        "now": now,
        "at": clock.now(),
        "who": ROUTER,
        "meant": f"[{meant}]",
        "clocks": json.dumps(clocks),
    }
    ids = [id for (id,) in run(_MAKE, columns)]
    outbox.put_all(session, outbox.Kind.OFFER_MADE, ids)
    return ids


def _with_room(session: Session, chunk: Sequence[_Meant], now: datetime) -> list[_Meant]:
    """Those whose project is as it was planned with, and still has a place for them, in their order."""
    if not chunk:
        return []
    ids = {one.project.id for one in chunk}
    current = {project.id: project for project in snapshot.projects(session, project_ids=ids, now=now)}
    blocked = blocks.of_these(session, [one.request for one in chunk], now)
    taken = Counter[str]()
    fitting = []
    planned = {one.project.id: one.project for one in chunk}
    rooms = {
        id: project.free
        for id, project in current.items()
        if replace(project, used=Used()) == replace(planned[id], used=Used())
    }
    for one in chunk:
        id = one.project.id
        if id not in rooms or (one.request, one.project.entity_id) in blocked:
            continue
        room = rooms[id]
        if room is None or taken[id] < room:
            taken[id] += 1
            fitting.append(one)
    return fitting


def kept(session: Session) -> Kept:
    """The state of everybody who waits, and the key of the reason that is kept with each."""
    rows = session.connection().exec_driver_sql(_KEPT)
    return {id: (state, key) for id, state, key in rows}


def keep_waiting(planned: Planned, before: Kept) -> int:
    """Note why those wait who got no place, where that is not what stood there before; how many were noted."""
    keeper = Keeper(planned)
    stands: dict[Any, tuple[RequestState, str]] = {}
    words: dict[tuple[RequestState, str], _Words] = {}
    new: list[tuple[int, _Words]] = []
    for rank, place in enumerate(planned.matching.at):
        if place != NOWHERE:
            continue
        shared = keeper.shared_by(rank)
        if shared not in stands:
            stands[shared] = (state_of(planned.decision(rank)), keeper.key(rank))
        now, id = stands[shared], planned.waiting[rank].id
        if before.get(id) == now:
            continue
        if now not in words:
            reason = keeper.reason(rank)
            words[now] = _Words(now[0], now[1], json.dumps(reason), reason["says"])
        new.append((id, words[now]))
    if new:
        with db.transaction() as session:
            keeper.keep_list(session)
    for chunk in _chunks(new, REASONS):
        with db.transaction() as session:
            _keep_reasons(session, chunk)
    return len(new)


class _Words(NamedTuple):
    """Why some wait, and what that makes of them."""

    state: RequestState
    key: str
    reason: str
    says: str


def _keep_reasons(session: Session, chunk: Sequence[tuple[int, _Words]]) -> None:
    distinct = {words.key: words for _, words in chunk}
    columns = {
        "who": ROUTER,
        "at": clock.now(),
        "ids": json.dumps([{"id": id, "key": words.key} for id, words in chunk]),
        "words": json.dumps(
            [{"key": key, "after": str(words.state), "says": words.says} for key, words in distinct.items()]
        ),
        "reasons": "[" + ",".join(words.reason for words in distinct.values()) + "]",
    }
    session.connection().exec_driver_sql(_WAITS, columns)
