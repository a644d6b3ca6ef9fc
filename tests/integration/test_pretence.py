"""A pretended time begins once, for all processes, and runs on from there."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from helpline import clock, db
from helpline.db import pretence

MOMENT = datetime(2026, 12, 24, 16, 59, tzinfo=UTC)
SOON = timedelta(seconds=30)


@pytest.mark.usefixtures("database")
def test_a_process_that_starts_later_joins_the_time_that_runs():
    pretence.apply(MOMENT)
    assert MOMENT <= clock.now() < MOMENT + SOON
    first = clock.offset()
    time.sleep(0.05)
    clock.set_offset(timedelta(0))
    pretence.apply(MOMENT)
    assert clock.offset() == first


@pytest.mark.usefixtures("database")
def test_without_it_the_time_is_the_real_one():
    pretence.apply(MOMENT)
    pretence.apply(None)
    assert clock.offset() == timedelta(0)


def test_without_the_database_it_is_still_pretended(settings):
    db.connect(
        settings, database_url="postgresql+psycopg://nobody@/none?host=/none", redis_url="unix:///none"
    )
    pretence.apply(MOMENT)
    assert MOMENT <= clock.now() < MOMENT + SOON
    db.disconnect()
