"""The migrations make exactly the tables of the models, can be taken back, and may be run by two at once."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import create_engine

from helpline.db import migrate
from helpline.db.all_models import Base
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


def test_a_missing_table_is_told_as_a_difference(empty_database):
    assert any("calls" in difference for difference in migrate.differences(empty_database))
