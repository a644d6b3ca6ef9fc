"""The migrations make exactly the tables of the models, can be taken back, and may be run by two at once."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from helpline.db import commands, migrate
from helpline.db.all_models import Base
from helpline.faults import Faults
from tests import servers

# What a table is: its columns in order, its constraints, its indexes, in PostgreSQL's own words.
SHAPE = """
SELECT 'column', table_name, column_name, concat_ws(' ', data_type, udt_name, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


@pytest.fixture
def empty_database(database):
    """The address of a database without any table, beside the one of this process."""
    with servers.scratch(database.database_url) as address:
        yield address


def shape(address):
    with psycopg.connect(servers.plain(address)) as connection:
        rows = connection.execute(SHAPE).fetchall()
    return {row for row in rows if "alembic_version" not in row[1]}


def shape_of_the_models(address):
    engine = create_engine(address)
    Base.metadata.create_all(engine)
    engine.dispose()
    return shape(address)


def test_the_migrations_make_the_tables_of_the_models(empty_database, database):
    migrate.upgrade(empty_database)
    with servers.scratch(database.database_url) as other:
        assert shape(empty_database) == shape_of_the_models(other)
    assert migrate.differences(empty_database) == []


def test_the_migrations_can_be_taken_back_and_run_again(empty_database):
    migrate.upgrade(empty_database)
    made = shape(empty_database)
    migrate.downgrade(empty_database, "base")
    assert shape(empty_database) == set()
    assert not migrate.is_current(empty_database)
    migrate.upgrade(empty_database)
    assert shape(empty_database) == made
    assert migrate.is_current(empty_database)


def test_two_releases_at_once_take_turns(empty_database):
    with ThreadPoolExecutor(2) as both:
        list(both.map(migrate.upgrade, [empty_database] * 2))
    assert migrate.is_current(empty_database)


def stamped(address, number):
    with psycopg.connect(servers.plain(address)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [number])


@pytest.mark.parametrize(
    "act", [migrate.upgrade, migrate.differences, lambda to: migrate.downgrade(to, "base")]
)
def test_tables_of_a_newer_release_are_refused_in_one_sentence(empty_database, act):
    migrate.upgrade(empty_database)
    stamped(empty_database, "9999")
    with pytest.raises(Faults) as caught:
        act(empty_database)
    (fault,) = caught.value.faults
    assert fault.startswith(f"the tables are at 9999, newer than this release ({migrate.newest()}): ")
    assert f"helpline db downgrade {migrate.newest()}" in fault
    assert migrate.at(empty_database) == "9999"


def test_a_migration_that_does_not_exist_is_told_in_words(empty_database):
    with pytest.raises(Faults, match="8888: there is no such migration"):
        migrate.upgrade(empty_database, "8888")


def test_the_commands_say_what_they_did_and_found(empty_database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", servers.plain(empty_database))
    newest = migrate.newest()
    for words, said in (
        (["upgrade"], f"the tables are now at {newest}"),
        (["upgrade"], f"the tables are at {newest} already: nothing to do"),
        (["check"], f"the tables are at {newest}, and as this release wants them"),
    ):
        result = CliRunner().invoke(commands.db, words)
        assert (result.exit_code, result.output) == (0, said + "\n"), result.exception


def test_a_missing_table_is_told_as_a_difference(empty_database):
    assert any("calls" in difference for difference in migrate.differences(empty_database))
