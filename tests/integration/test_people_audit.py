"""The audit in PostgreSQL: its lines are chained as they are committed, and what is done to them shows."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.people import audit
from helpline.people.models import AuditDay, AuditLine
from helpline.privacy import retention
from helpline.routing import focal_points

pytestmark = pytest.mark.usefixtures("database")


def write(*abouts, who="person 1"):
    with db.transaction() as session:
        for about in abouts:
            audit.record(session, who, "revealed", about, field="number")


def run(statement):
    with db.transaction() as session:
        session.execute(text(statement))


def faults():
    with db.transaction() as session:
        return [str(fault) for fault in audit.check(session)]


def positions():
    with db.transaction() as session:
        return session.execute(select(AuditLine.day, AuditLine.position).order_by(AuditLine.id)).all()


@pytest.fixture
def three_days(database, at):
    """Two lines a day on three days; gives the days."""
    days = []
    for day in (1, 2, 3):
        moment = at(f"2026-12-0{day} 10:00")
        write(f"callback {day}", f"request {day}")
        days.append(moment.date())
    return days


def test_lines_are_numbered_and_chained_day_by_day(three_days):
    assert positions() == [(day, place) for day in three_days for place in (1, 2)]
    with db.transaction() as session:
        heads = audit.heads(session)
    assert [(head.day, head.before, head.lines) for head in heads] == [
        (day, before, 2) for before, day in zip([None, *three_days], three_days, strict=False)
    ]
    assert faults() == []


def test_the_day_is_the_one_in_rome(at):
    for moment in ("2026-12-01 23:50", "2026-12-02 00:00:01", "2026-10-25 02:30"):
        at(moment)
        write("callback 1")
    assert [str(day) for day, _ in positions()] == ["2026-12-01", "2026-12-02", "2026-10-25"]
    assert faults() == []


def test_a_transaction_over_midnight_writes_into_both_days(at):
    with db.transaction() as session:
        at("2026-12-01 23:50")
        audit.record(session, "person 1", "revealed", "callback 1")
        at("2026-12-02 00:00:01")
        audit.record(session, "person 1", "revealed", "callback 2")
    assert [place for _, place in positions()] == [1, 1]
    assert faults() == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (
            "DELETE FROM audit WHERE about = 'callback 2'",
            "2026-12-02, line with the id #: 1 before it are missing",
        ),
        ("DELETE FROM audit WHERE about = 'request 2'", "2026-12-02: 1 at the end are missing"),
        ("DELETE FROM audit WHERE day = '2026-12-02'", "2026-12-02: 2 at the end are missing"),
        (
            "UPDATE audit SET who = 'person 2' WHERE about = 'request 2'",
            "2026-12-02, line with the id #: does not",
        ),
        (
            "UPDATE audit SET details = '{}' WHERE about = 'request 3'",
            "2026-12-03, line with the id #: does not",
        ),
        (
            "UPDATE audit SET at = at + interval '1 microsecond' WHERE about = 'request 2'",
            "2026-12-02, line with",
        ),
        (
            "UPDATE audit SET day = '2026-12-03', position = 3 WHERE about = 'request 2'",
            "2026-12-03, line with",
        ),
        (
            "INSERT INTO audit (at, who, what, about, details, day) VALUES ('2026-12-02T12:00Z', 'person 1', 'left', 'callback 9', '{}', '2026-12-02')",
            "2026-12-02, line with the id #: is in no chain",
        ),
        (
            "UPDATE audit SET position = CASE WHEN position > 10 THEN 2 ELSE 1 END WHERE day = '2026-12-02'",
            "2026-12-02, line with",
        ),
        (
            "UPDATE audit_days SET lines = 1 WHERE day = '2026-12-02'",
            "2026-12-02: the head of the day is not signed",
        ),
        (
            "DELETE FROM audit_days WHERE day = '2026-12-02'",
            "2026-12-02: the signed head of the day is missing",
        ),
        (
            "WITH gone AS (DELETE FROM audit WHERE day = '2026-12-02') DELETE FROM audit_days WHERE day = '2026-12-02'",
            "2026-12-02: the whole day is missing",
        ),
    ],
)
@pytest.mark.usefixtures("three_days")
def test_what_is_done_to_the_tables_shows(harm, found):
    if "CASE" in harm:  # places are unique: two lines change theirs in two steps
        run("UPDATE audit SET position = 21 - 10 * position WHERE day = '2026-12-02'")
    run(harm)
    assert any(re.sub("id [0-9]+", "id #", fault).startswith(found) for fault in faults())


@pytest.mark.usefixtures("three_days")
def test_a_head_that_was_taken_away_is_not_made_good_by_the_next_line():
    run("DELETE FROM audit WHERE about = 'request 3'")
    run("DELETE FROM audit_days WHERE day = '2026-12-03'")
    write("callback 4")
    assert any("does not follow" in fault for fault in faults())


@pytest.mark.usefixtures("three_days")
def test_another_key_signs_other_heads(settings, database):
    from dataclasses import replace

    other = replace(settings, secret_key="another secret of more than 32 characters")
    db.connect(other, database_url=database.database_url, redis_url=database.redis_url)
    assert len(faults()) == 3
    assert all("not signed with the key" in fault for fault in faults())


def test_a_line_of_a_transaction_that_failed_leaves_no_gap():
    write("callback 1")
    with db.transaction() as session:
        audit.record(session, "person 1", "revealed", "callback 2")
        session.rollback()
    write("callback 3")
    assert [place for _, place in positions()] == [1, 2]
    assert faults() == []


def test_a_savepoint_that_is_taken_back_takes_only_its_own_lines():
    with db.transaction() as session:
        audit.record(session, "person 1", "revealed", "callback 1")
        with session.begin_nested() as savepoint:
            audit.record(session, "person 1", "revealed", "callback 2")
            savepoint.rollback()
        with session.begin_nested():
            audit.record(session, "person 1", "revealed", "callback 3")
    with db.transaction() as session:
        assert [line.about for line in audit.listed(session)] == ["callback 3", "callback 1"]
    assert faults() == []


def test_details_of_every_kind_are_read_back_as_they_were_chained():
    with db.transaction() as session:
        audit.record(
            session,
            "person 1",
            "set",
            "callback 1",
            a=1.0,
            b=1e22,
            c=-0.0,
            d=True,
            e=None,
            f="ق è",
            g=2**70,
            h=0.1,
        )
    assert faults() == []


def test_lines_that_many_write_at_once_make_one_chain(database):
    def several(n):
        for turn in range(5):
            write(f"callback {n}", f"request {turn}", who=f"person {n}")

    with ThreadPoolExecutor(6) as many:
        list(many.map(several, range(6)))
    assert sorted(place for _, place in positions()) == list(range(1, 61))
    assert faults() == []


def test_who_writes_a_line_holds_up_nobody_before_the_commit():
    with db.transaction() as slow:
        with slow.begin_nested():
            audit.record(slow, "person 1", "revealed", "callback 1")
        write("callback 2")
    assert [place for _, place in positions()] == [2, 1], "in the order of the commits"
    assert faults() == []


def test_a_check_while_others_write_finds_nothing(database):
    def write_some(_):
        for n in range(10):
            write(f"callback {n}")
            assert faults() == []

    with ThreadPoolExecutor(3) as many:
        list(many.map(write_some, range(3)))


def test_whole_days_are_dropped_at_the_end_of_their_time_and_the_rest_still_holds(three_days, at):
    at("2026-12-02 10:00")
    clock.set_offset(clock.offset() + timedelta(days=730))
    with db.transaction() as session:
        retention.purge(session, batch=1)
    assert faults() == [], "while a day is being dropped"
    retention.purge_all()
    with db.transaction() as session:
        assert sorted(set(session.scalars(select(AuditLine.day)))) == three_days[1:]
        assert session.scalars(select(AuditDay.day).order_by(AuditDay.day)).all() == three_days[1:]
    assert faults() == []


def test_lines_are_found_by_who_by_what_and_by_day(three_days):
    write("callback 7", who="person 7")
    with db.transaction() as session:
        assert [line.about for line in audit.listed(session, who="person 7")] == ["callback 7"]
        assert [line.about for line in audit.listed(session, about="request 2")] == ["request 2"]
        assert [line.about for line in audit.listed(session, day=three_days[0])] == [
            "request 1",
            "callback 1",
        ]
        assert len(audit.listed(session, what="revealed", limit=4)) == 4


def test_some_days_are_checked_alone_and_no_day_lies_between_two_of_them(three_days):
    first, second, third = three_days
    run(f"UPDATE audit SET who = 'person 2' WHERE about = 'request 2' AND day = '{second}'")

    def found(since, until):
        with db.transaction() as session:
            return [fault.day for fault in audit.check(session, first=since, last=until)]

    assert found(second, second) == [second] and found(first, first) == [] == found(third, None)
    run(f"DELETE FROM audit WHERE day = '{second}'")
    run(f"DELETE FROM audit_days WHERE day = '{second}'")
    assert found(second, None) == [second], "the day after it names it"
    assert found(third, None) == []


@pytest.mark.parametrize("about", ["offer 1000000", "person 98765432", "information_session 1234567"])
def test_a_long_id_after_what_it_is_of_is_no_telephone_number(about):
    write(about, who="person 1000000")
    with db.transaction() as session:
        assert [line.about for line in audit.listed(session, about=about)] == [about]
        audit.record(session, "token 1000000", "held", about, note="taken over from person 1000001")
    assert faults() == []


@pytest.mark.parametrize(
    ("about", "note"),
    [
        ("callback 3330000123", ""),
        ("callback 0655500000", ""),
        ("callback +393330000123", ""),
        ("callback 1000000 3330000123", ""),
        ("focal_point anna-0655500000", ""),
        ("person 1000000 2", ""),
        ("callback 1", "call 333 0000 123"),
        ("callback 1", "call 1234567"),
        ("callback 1", "person 1000000 2345"),
    ],
)
def test_a_telephone_number_is_refused_wherever_a_line_would_hold_it(about, note):
    with db.transaction() as session, pytest.raises(ValueError, match="telephone numbers"):
        audit.record(session, "person 1", "revealed", about, note=note)


def test_the_id_of_a_focal_point_takes_no_number_from_the_name():
    with db.transaction() as session:
        assert focal_points.new_id(session, "Desk Anna 06 5550000") == "desk-anna"
