"""A plan of many parts: which of its commits wait for the disk, who is told of it, and what is counted before each."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from rq import Queue
from sqlalchemy import event, func, select

from helpline import db
from helpline.db import outbox
from helpline.db.outbox import Leaving
from helpline.routing import committing, keeping, offers, snapshot
from helpline.routing.models import Offer, Project, Request
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
    monkeypatch.setattr(committing, "LARGEST", 2)
    wanted(12, one=6, two=6)
    assert offers.sweep_waiting() == 12
    assert (waits.count(True), waits.count(False)) == (2, 4)
    assert waits[-1]


def test_parts_grow_while_the_locks_are_short_and_are_as_small_as_ever_where_they_are_not() -> None:
    assert committing.size_after(250, 0.05) == 300
    assert committing.size_after(300, 0.01) == committing.LARGEST
    assert committing.size_after(committing.LARGEST, 0.08) == 300
    assert committing.size_after(committing.LARGEST, 5.0) == committing.CHUNK


def test_a_large_plan_makes_its_offers_and_notes_why_the_others_wait(monkeypatch: Any) -> None:
    monkeypatch.setattr(committing, "CHUNK", 2)
    wanted(9, one=3, two=3)
    assert offers.sweep_waiting() == 6
    with db.transaction() as session:
        found = session.execute(select(Request.state, Request.reason.is_(None)).order_by(Request.id)).all()
    assert found == [("offered", True)] * 6 + [("waiting", False)] * 3


@pytest.mark.parametrize("count", [1, 4])
def test_a_reason_that_cannot_be_noted_is_an_error_however_large_the_plan(
    count: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(committing, "CHUNK", 2)
    monkeypatch.setattr(committing, "_keep_reasons", Mock(side_effect=OSError("no disk")))
    wanted(count + 1, one=count)
    with pytest.raises(OSError, match="no disk"):
        offers.sweep_waiting()
    with db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Offer)) == count


def test_a_record_that_an_earlier_version_kept_is_read_as_one_of_today() -> None:
    wanted(1, one=1)
    offers.sweep_waiting()
    with db.transaction() as session:
        kept = session.scalars(select(Offer)).one().why
        counts = [int(word) for word in kept["left"].split()]
        earlier = kept | {"left": counts, "forecast": None, "declined_on": []}
        assert len(counts) == len(keeping.FILTERS)
        assert keeping.read(session, earlier) == keeping.read(session, kept)
        assert keeping.read(session, kept)["declined_on"] == []


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
