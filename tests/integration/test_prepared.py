"""Statements straight on libpq: their values, their failures, and connections that are lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from helpline import clock, db

SUM = db.Statement("test_sum", "SELECT $1::int + $2::int")
NONSENSE = db.Statement("test_nonsense", "SELECT 1 / $1::int")
WHO = db.Statement("test_who", "SELECT pg_backend_pid()")
ECHO = db.Statement(
    "test_echo", "SELECT $1::timestamptz = $2::timestamptz, $3::bytea, $4::jsonb ->> 'a', $5::text"
)


def at_the_same_time(number):
    """The server's processes that answered so many threads at the same moment."""
    slow = db.Statement("test_slow", "SELECT pg_backend_pid() FROM pg_sleep(1)")
    with ThreadPoolExecutor(number) as threads:
        runs = [threads.submit(db.at_once, slow, []) for _ in range(number)]
        return [pid for [(pid,)] in (run.result() for run in runs)]


def kill_all_others():
    with db.engine().begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                 " AND datname = current_database()")
        )  # fmt: skip


def test_values_go_and_come_as_text(database):
    now = clock.now()
    assert db.at_once(SUM, [20, 22]) == [("42",)]
    assert db.at_once(ECHO, [now, now, b"\x00\xff", {"a": "è"}, None]) == [("t", "\\x00ff", "è", None)]


def test_one_connection_is_used_again_and_again(database):
    assert db.at_once(WHO, []) == db.at_once(WHO, [])


def test_a_statement_that_fails_says_so_and_the_connection_goes_on(database):
    [(before,)] = db.at_once(WHO, [])
    with pytest.raises(OperationalError) as failed:
        db.at_once(NONSENSE, [0])
    assert not failed.value.connection_invalidated and failed.value.statement == NONSENSE.name
    assert db.at_once(NONSENSE, [1]) == [("1",)] and db.at_once(WHO, []) == [(before,)]


def test_a_connection_that_was_lost_is_said_to_be_and_the_next_statement_has_a_fresh_one(database):
    at_the_same_time(3)  # however many are kept: all of them are lost with the server
    [(before,)] = db.at_once(WHO, [])
    kill_all_others()
    with pytest.raises(OperationalError) as failed:
        db.at_once(SUM, [1, 1])
    assert failed.value.connection_invalidated and failed.value.statement is None
    assert db.at_once(SUM, [1, 1]) == [("2",)] and db.at_once(WHO, []) != [(before,)]


def test_a_statement_whose_table_changed_is_a_lost_connection(database):
    star = db.Statement("test_star", "SELECT * FROM test_star")
    with db.engine().begin() as connection:
        connection.execute(text("CREATE TABLE test_star AS SELECT 1 AS a"))
    try:
        assert db.at_once(star, []) == [("1",)]
        with db.engine().begin() as connection:
            connection.execute(text("ALTER TABLE test_star ADD COLUMN b int DEFAULT 2"))
        with pytest.raises(OperationalError) as failed:
            db.at_once(star, [])
        assert failed.value.connection_invalidated
        assert db.at_once(star, []) == [("1", "2")]
    finally:
        with db.engine().begin() as connection:
            connection.execute(text("DROP TABLE test_star"))


def test_threads_at_once_have_a_connection_each(database):
    assert len(set(at_the_same_time(4))) == 4
