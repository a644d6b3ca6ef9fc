"""Writes a plan down, chunk by chunk, each in a transaction of its own and under the locks of its entities.

Lock order everywhere: entity, then request, then offer. Any part of a plan is a good one: whatever dies in the middle,
the next plan ends with the same people placed. What changed since the plan was made is seen under the locks.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import outbox
from helpline.hours import today
from helpline.routing import deadlines, snapshot
from helpline.routing.keeping import Keeper
from helpline.routing.matching import NOWHERE
from helpline.routing.models import RequestState
from helpline.routing.policy import Planned
from helpline.routing.requests import state_of
from helpline.routing.snapshot import Kept
from helpline.routing.values import Used

log = logging.getLogger(__name__)

ROUTER = "router"
LARGEST, LONG_ENOUGH = 400, 0.06
"""A chunk of offers has up to so many rows, as long as it holds its locks for no more than so many seconds."""

CHUNK, REASONS = 250, 500
"""So many rows at once: the longest that anybody waits for a lock of ours is a fifth of a second."""

_ENTITIES = "SELECT id FROM entities WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"

# One statement for a chunk: who is still wanted is held, each project is given as many as it has room for, in the
# plan's order, and the rows of the offers, of the requests and of the log are written.
_MAKE = f"""
WITH meant AS MATERIALIZED (
  SELECT request, at, why::jsonb AS why, place
    FROM ROWS FROM (unnest(%(requests)s::int[]), unnest(%(ats)s::int[]), string_to_table(%(whys)s, chr(10)))
         WITH ORDINALITY AS m(request, at, why, place)
), locked AS MATERIALIZED (
  SELECT id, state FROM requests
   WHERE id = ANY(%(requests)s::int[]) AND state IN ('waiting', 'needs_person') AND held_for IS NULL
     AND (parked_until IS NULL OR parked_until <= %(now)s)
   FOR UPDATE SKIP LOCKED
), fitting AS (
  SELECT meant.*, l.state AS before, r.project, r.entity, r.room, r.remind, r.expires,
         row_number() OVER (PARTITION BY at ORDER BY place) AS nth
    FROM meant JOIN locked l ON l.id = meant.request
    JOIN json_to_recordset(%(rooms)s::json)
         AS r(at int, project text, entity text, room int, remind timestamptz, expires timestamptz) USING (at)
   WHERE NOT EXISTS (SELECT FROM pair_blocks b WHERE b.request_id = meant.request AND b.entity_id = r.entity
                        AND (b.until IS NULL OR b.until > %(now)s))
), chosen AS MATERIALIZED (
  SELECT * FROM fitting WHERE room IS NULL OR nth <= room
), made AS (
  INSERT INTO offers (made_at, remind_at, expires_at, request_id, project_id, entity_id, state, why)
  SELECT %(now)s, remind, expires, request, project, entity, 'pending', why FROM chosen
  RETURNING id, project_id
), offered AS (
  UPDATE requests r SET state = 'offered', entity_id = chosen.entity, reason = NULL, parked_until = NULL
    FROM chosen WHERE r.id = chosen.request AND r.id = ANY(%(requests)s::int[])
), written AS (
  INSERT INTO moves (kind, subject_id, at, who, from_state, to_state, why)
  SELECT 'offer', id, %(at)s, %(who)s, NULL, 'pending', 'offered for ' || project_id FROM made
  UNION ALL
  SELECT 'request', request, %(at)s, %(who)s, before, 'offered', 'offered for ' || project FROM chosen
), told AS ({outbox.PUT_ALL})
SELECT count(*), (array_agg(id))[:{outbox.RUNG_AT_ONCE + 1}] FROM told
"""  # noqa: S608 - our own words alone
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


class _Plan(NamedTuple):
    """What every chunk of one plan is written with."""

    planned: Planned
    keeper: Keeper
    clocks: Mapping[str, deadlines.Clock]


def write_down(planned: Planned, before: Kept) -> int:
    """Make the offers of a plan, and note why the others wait; how many offers were made. `before`: what stood there.

    Of a large plan the reasons are noted beside the offers, since they are of other requests.
    """
    if len(planned) <= CHUNK:
        made = make_offers(planned)
        keep_waiting(planned, before)
        return made
    with ThreadPoolExecutor(1) as beside:
        noted = beside.submit(keep_waiting, planned, before)
        made = make_offers(planned)
        noted.result()
    return made


def make_offers(planned: Planned) -> int:
    """Make the offers of a plan, those of half the entities beside those of the other half; how many were made.

    Two chunks at a time, since most of it is the database's work: no entity is in both halves but the one in the middle,
    so that they do not wait for each other. In each half the urgent ones come first.
    """
    at, projects, waiting = planned.matching.at, planned.market.projects, planned.waiting
    ranks = [rank for rank in range(len(waiting)) if at[rank] != NOWHERE]
    if not ranks:
        return 0
    keeper = Keeper(planned)
    with db.transaction() as session:
        keeper.keep_list(session)
        clocks = deadlines.clocks(session, {projects[at[rank]].entity_id for rank in ranks})
        now = deadlines.moment(session)
    for one in set(clocks.values()):
        one.answer_by(now)  # the holidays of those days are looked up before anybody waits for it
    plan = _Plan(planned, keeper, clocks)
    ranks.sort(key=lambda rank: projects[at[rank]].entity_id)

    def made(half: Sequence[int]) -> int:
        urgent_first = sorted(half, key=lambda rank: not waiting[rank].urgent)
        count = start = 0
        size = CHUNK
        while start < len(urgent_first):
            chunk, start = urgent_first[start : start + size], start + size
            began = monotonic()
            count += _made(plan, chunk, wait=start >= len(urgent_first))
            size = size_after(size, monotonic() - began)
        return count

    middle = len(ranks) // 2
    if len(ranks) <= CHUNK:
        return made(ranks)
    with ThreadPoolExecutor(2) as both:
        return sum(both.map(made, (ranks[:middle], ranks[middle:])))


def size_after(size: int, seconds: float) -> int:
    """How many rows the next chunk has, after one of this size took so many seconds."""
    return max(CHUNK, min(LARGEST, int(size * LONG_ENOUGH / max(seconds, 0.001))))


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _made(plan: _Plan, chunk: Sequence[int], *, wait: bool) -> int:
    """Make those offers of a chunk (of ranks) that may still be made; how many.

    Unless it shall `wait`, its commit does not wait for the disk: nobody is told that a plan was written down, and what
    leaves this house leaves after a commit that waited, behind which none of the earlier ones can be lost.
    """
    planned = plan.planned
    ats = [planned.matching.at[rank] for rank in chunk]
    columns: dict[str, Any] = {
        "requests": outbox.ints(planned.waiting[rank].id for rank in chunk),
        "ats": outbox.ints(ats),
        # As text with a line for each: arrays of text and lists of objects cost more, here and in the database.
        "whys": "\n".join(map(plan.keeper.of_offer, chunk)),
        "who": ROUTER,
        "told": str(outbox.Kind.OFFER_MADE),
    }
    meant = {planned.market.projects[at].id: at for at in ats}
    entity_ids = sorted({planned.market.projects[at].entity_id for at in ats})
    with db.transaction() as session:
        run = session.connection().exec_driver_sql
        if not wait:
            db.need_not_wait(session)
        run(_ENTITIES, {"ids": entity_ids})
        now = deadlines.moment(session)
        rooms = list(_rooms(session, plan, meant, now))
        if not rooms:
            return 0
        columns |= {"now": now, "at": clock.now(), "rooms": json.dumps(rooms)}
        made, told = run(_MAKE, columns).one()
        outbox.ring_all(session, told or ())
    return int(made)


def _rooms(
    session: Session, plan: _Plan, meant: Mapping[str, int], now: datetime
) -> Iterator[dict[str, Any]]:
    """Of these projects, those that run today and are as they were planned with: their room, their time to answer."""
    day, answer_by = today(now), cache(deadlines.Clock.answer_by)  # many share a clock
    for project in snapshot.projects(session, project_ids=meant, now=now):
        at = meant[project.id]
        planned = plan.planned.market.projects[at]
        if project.runs_on(day) and replace(project, used=Used()) == replace(planned, used=Used()):
            remind, expires = answer_by(plan.clocks[project.entity_id], now)
            yield {
                "at": at, "project": project.id, "entity": project.entity_id, "room": project.free,
                "remind": remind.isoformat(), "expires": expires.isoformat(),
            }  # fmt: skip


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
