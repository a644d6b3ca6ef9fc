"""A plan of many parts: which of its commits wait for the disk, who is told of it, and what is counted before each."""

from collections.abc import Iterator
from typing import Any

import pytest
from rq import Queue
from sqlalchemy import event, select

from helpline import db
from helpline.db import outbox
from helpline.db.outbox import Leaving
from helpline.routing import committing, offers, snapshot
from helpline.routing.models import Offer, Project
from tests.integration import routing_rows as rows

pytestmark = pytest.mark.usefixtures("database")


def wanted(count: int, **places: int) -> None:
    with db.transaction() as session:
        for id, room in places.items():
            rows.entity(session, id, places=room)
        rows.requests(session, count)


def told_of() -> list[int]:
    with db.transaction() as session:
        return list(session.scalars(select(Leaving.offer_id).order_by(Leaving.offer_id)))


@pytest.fixture
def waits() -> Iterator[list[bool]]:
    """For each transaction that takes the lock of an entity: whether its commit waits for the disk."""
    heard: list[bool] = []
    hurried: set[int] = set()

    def hears(connection: Any, _: Any, statement: str, *rest: Any) -> None:
        if statement == "SET LOCAL synchronous_commit TO off":
            hurried.add(id(connection))
        elif statement == committing._ENTITIES:
            heard.append(id(connection) not in hurried)
            hurried.discard(id(connection))

    event.listen(db.engine(), "before_cursor_execute", hears)
    yield heard
    event.remove(db.engine(), "before_cursor_execute", hears)


def test_of_many_parts_only_the_last_of_each_half_waits_for_the_disk(
    waits: list[bool], monkeypatch: Any
) -> None:
    monkeypatch.setattr(committing, "CHUNK", 2)
    wanted(12, one=6, two=6)
    assert offers.sweep_waiting() == 12
    assert (waits.count(True), waits.count(False)) == (2, 4)
    assert waits[-1]


def test_a_plan_of_one_part_waits_for_the_disk(waits: list[bool]) -> None:
    wanted(3, one=3)
    assert offers.sweep_waiting() == 3
    assert waits == [True]


@pytest.mark.parametrize("count", [outbox.RUNG_AT_ONCE, outbox.RUNG_AT_ONCE + 1])
def test_every_offer_of_a_plan_is_written_down_to_be_told_and_few_are_rung_at_once(
    count: int, valkey: Any
) -> None:
    wanted(count, one=count)
    offers.sweep_waiting()
    with db.transaction() as session:
        made = list(session.scalars(select(Offer.id).order_by(Offer.id)))
    assert len(made) == count
    assert told_of() == made
    rung = [
        job for job in Queue(outbox.QUEUE, connection=valkey).get_jobs() if "tell_entity" in job.func_name
    ]
    assert len(rung) == (count if count <= outbox.RUNG_AT_ONCE else 0)


def test_what_a_session_has_changed_and_not_written_yet_is_counted() -> None:
    wanted(1, one=3)
    with db.transaction() as session:
        session.get_one(Project, "one-0").places_total = 1
        (project,) = snapshot.projects(session)
        assert project.free == 1
