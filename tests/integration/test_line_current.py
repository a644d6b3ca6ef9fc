"""The settings that each process holds: fresh within seconds, and still there when the database is not."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from helpline import clock, db, line
from helpline.config import Settings
from helpline.line import loading
from helpline.line.models import ClosedDays
from tests.servers import Servers

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    line.forget()
    yield
    line.forget()


def close(name: str, day: date) -> None:
    with db.transaction() as session:
        session.add(ClosedDays(name=name, first=day, last=day))
        loading.new_version(session, {name: "added"}, who="tester", source="test")


def later(seconds: float) -> None:
    clock.set_offset(clock.offset() + timedelta(seconds=seconds))


def test_a_change_is_seen_within_five_seconds(database: Servers) -> None:
    assert line.current().calendar.closures == ()
    close("patron", TODAY)
    later(4)
    assert line.current().calendar.closures == ()
    later(1.5)
    assert [closure.first for closure in line.current().calendar.closures] == [TODAY]


def test_what_did_not_change_is_the_same_value(database: Servers) -> None:
    close("patron", TODAY)
    first = line.current()
    later(6)
    assert line.current() is first


def test_without_the_database_the_last_known_settings_stay(database: Servers, monkeypatch: Any) -> None:
    close("patron", TODAY)
    known = line.current()
    dialled = 0

    def dead() -> Any:
        nonlocal dialled
        dialled += 1
        from sqlalchemy.exc import OperationalError

        raise OperationalError("select", {}, Exception("gone"))

    with monkeypatch.context() as patched:
        patched.setattr(db, "quick", dead)
        for _ in range(20):
            later(1)
            assert line.current() is known
        assert 1 < dialled <= 4, "asks now and then, with a growing pause"
    close("another", TODAY)
    later(31)
    assert len(line.current().calendar.closures) == 2


def test_a_new_process_without_a_database_tells_nobody_that_no_project_is_open(settings: Settings) -> None:
    db.connect(
        settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/x", redis_url="redis://127.0.0.1:9"
    )
    try:
        unknown = line.current()
        assert not unknown.known
        assert unknown.open_project_exists(TODAY)
        assert unknown.notices_at(clock.now()) == ()
    finally:
        db.disconnect()
