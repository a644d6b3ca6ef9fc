"""Files of rows of the log: made piece by piece by whichever worker is there, whole and once; fetched by who asked; gone after a day."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from psycopg.adapt import Loader
from python_calamine import CalamineWorkbook
from redis import Redis
from rq import Queue
from sqlalchemy import func, insert, select, text, update

from helpline import clock, db
from helpline.calls.models import Call, Step
from helpline.figures import keeping
from helpline.figures.exporting import asking, making, packing, reading
from helpline.figures.exporting.columns import What
from helpline.figures.exporting.forms import Form, Words
from helpline.figures.exporting.models import Export, ExportPiece
from helpline.figures.models import CallSum
from helpline.figures.wanted import Wanted
from helpline.live.models import Hold
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.privacy import retention
from helpline.spreadsheet import Dialect
from tests.integration import calls_rows, people_rows, queue_rows
from tests.integration.queue_rows import later
from tests.servers import plain

pytestmark = pytest.mark.usefixtures("database")
ROOT = Path(__file__).parents[2]
NUMBER = b"3330000001"


@pytest.fixture
def cora(at):
    at(queue_rows.TUESDAY)
    return people_rows.make("cora", roles=(Role.COORDINATOR,), password=None)


def calls(count, *, steps=2, **fields):
    """So many finished calls, a minute apart, of ten callers."""
    with db.transaction() as session:
        session.execute(text("ALTER TABLE calls DISABLE TRIGGER USER"))
        rows = [
            {
                "sid": f"CX{number:05}", "status": "completed", "language": "bn", "outcome": "information",
                "from_hash": f"hash-{number % 10}", "to_number": "+39800000000", "seconds": number, "finished": True,
                "started_at": clock.now() - timedelta(minutes=count - number // 3), **fields,
            }
            for number in range(count)
        ]  # fmt: skip
        session.execute(insert(Call), rows)
        session.execute(
            insert(Step),
            [
                {"call_sid": row["sid"], "turn": turn, "step": "main", "heard": f"key {turn}", "to_step": "info_what",
                 "to_language": "bn", "at": row["started_at"] + timedelta(seconds=10 * turn), "tries": 0}
                for row in rows for turn in range(steps)
            ],
        )  # fmt: skip
        session.execute(text("ALTER TABLE calls ENABLE TRIGGER USER"))


def asked(who, *, what=What.CALLS, form=Form.JSONL, which=None, words=None):
    with db.transaction() as session:
        return asking.ask(session, who, what=what, form=form, which=which or Wanted(), words=words or Words())


def exported(who, **words):
    export_id = asked(who, **words)
    making.make(export_id)
    return export_id


def fetched(who, export_id):
    with db.transaction() as session:
        file = asking.fetch(session, who, export_id)
        if file is None:
            return None
        asking.taken(session, who, file, asking.Part.WHOLE)
        return asking.content(session, file)


def lines(content):
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


def one(export_id):
    with db.transaction() as session:
        return session.get(Export, export_id)


def test_every_call_is_in_the_file_once_in_order_and_of_each_form_the_same(cora, monkeypatch):
    monkeypatch.setattr(reading, "SEVERAL", {What.CALLS: 7, What.STEPS: 4})
    calls(30)
    with db.transaction() as session:
        wanted = [row.id for row in session.execute(select(Call.id).order_by(Call.started_at, Call.id))]
    found = lines(fetched(cora, first := exported(cora)))
    assert [line["call"] for line in found] == wanted
    assert (one(first).rows, one(first).calls, one(first).total, one(first).pieces) == (30, 30, 30, 5)
    table = list(
        csv.reader(
            io.StringIO(gzip.decompress(fetched(cora, exported(cora, form=Form.CSV))).decode("utf-8-sig"))
        )
    )
    assert [int(row[0]) for row in table[1:]] == wanted
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(cora, exported(cora, form=Form.XLSX))))
    assert [int(row[0]) for row in book.get_sheet_by_index(0).to_python()[1:]] == wanted
    steps = lines(fetched(cora, exported(cora, what=What.STEPS)))
    assert [(line["call"], line["turn"]) for line in steps] == [
        (call, turn) for call in wanted for turn in (0, 1)
    ]
    assert {line["seconds_into_call"] for line in steps} == {0, 10} and steps[0]["heard"] == "key 0"


def test_a_file_has_commas_or_semicolons_as_it_was_asked_for_and_one_asked_for_before_that_has_commas(cora):
    calls(3)
    italian = asked(cora, form=Form.CSV, words=Words(dialect=Dialect.SEMICOLON))
    making.make(italian)
    older = asked(cora, form=Form.CSV)
    with db.transaction() as session:
        row = session.get(Export, older)
        row.words = {name: said for name, said in row.words.items() if name != "dialect"}
    making.make(older)
    files = {
        between: gzip.decompress(fetched(cora, one)).decode("utf-8-sig")
        for between, one in ((";", italian), (",", older))
    }
    semicolons, commas = (
        list(csv.reader(io.StringIO(told), delimiter=between)) for between, told in files.items()
    )
    assert [len(row) for row in commas] == [17] * 4 == [len(row) for row in semicolons]
    assert [row[:3] + row[4:] for row in semicolons] == [row[:3] + row[4:] for row in commas], (
        "all but the caller's name in this file"
    )


def test_what_is_on_the_screen_is_what_is_in_the_file(cora):
    calls(9)
    calls_rows.begin(sid="CA1")
    which = Wanted(language="bn", outcome="information", number="+39800000000")
    assert len(lines(fetched(cora, exported(cora, which=which)))) == 9
    assert lines(fetched(cora, exported(cora, which=Wanted(outcome="silent")))) == []
    with db.transaction() as session:
        told = session.scalars(
            select(AuditLine).where(AuditLine.what == "asked").order_by(AuditLine.id)
        ).first()
    assert told.details["with_language"] == "bn" and told.details["with_number"] == "ours"


def test_callers_have_one_name_in_a_file_another_in_the_next_and_no_number_anywhere(cora):
    calls(20)
    calls_rows.begin(sid="CA1")
    first, second = (exported(cora) for _ in range(2))
    names = [[line["caller"] for line in lines(fetched(cora, which))][:20] for which in (first, second)]
    assert len(set(names[0])) == 10 == len(set(names[1])) and not set(names[0]) & set(names[1])
    assert names[0][0] == names[0][10]
    assert one(first).key is None
    for form in Form:
        content = fetched(cora, exported(cora, form=form)) if form is not Form.JSONL else fetched(cora, first)
        content = content if form is Form.XLSX else gzip.decompress(content)
        assert NUMBER not in content and b"hash-" not in content and b"CA1" not in content
        with db.transaction() as session:
            asking.remove(session, cora, session.scalar(select(func.max(Export.id))))


def test_the_keys_of_a_call_do_not_tell_in_which_part_of_italy_somebody_is(cora):
    """The regions of the south stand in two menus: whoever is in the second pressed one key more."""

    def way(*places):
        begun = [("language", "language bn", "main", None), ("main", "key 4", "office", None)]
        through = [
            (step, "key 4", to_step, None) for step, to_step in pairwise(("office", *places, "office_call"))
        ]
        return [
            *begun,
            *through,
            ("office_call", None, "info_what", "told"),
            ("info_what", "key 1", "main", None),
        ]

    def walked(sid, steps):
        calls_rows.begin(sid=sid)
        with db.transaction() as session:
            for turn, (step, heard, to_step, did) in enumerate(steps):
                session.add(Step(call_sid=sid, turn=turn, step=step, heard=heard, to_step=to_step, did=did))
        calls_rows.finish(sid=sid)

    walked("CS1", way("office_south"))
    walked("CS2", way("office_south", "office_far_south"))
    walked("CS3", [("main", "key 4", "office", None), ("office", "key 4", "office_far_south", None)])
    keeping.count_changes()
    rows = lines(fetched(cora, exported(cora)))
    with db.transaction() as session:
        kept = session.execute(select(CallSum.keys, CallSum.useful_keys).order_by(CallSum.call_id)).all()
    assert [tuple(row) for row in kept] == [(5, 4), (6, 5), (2, None)]
    assert [(row["keys"], row["useful_after_keys"], row["ended_at_step"]) for row in rows] == [
        (4, 3, "main"),
        (4, 3, "main"),
        (2, None, "office"),
    ]
    steps = lines(fetched(cora, exported(cora, what=What.STEPS)))
    first, second = ([row["step"] for row in steps if row["call"] == one["call"]] for one in rows[:2])
    assert first == second == ["language", "main", "office", "info_what"]


@pytest.mark.parametrize("word", ["step", "passed"])
@pytest.mark.parametrize("step", ["area_islands", "office_far_south"])
@pytest.mark.parametrize("what", What)
def test_the_calls_of_a_step_for_one_part_of_italy_are_no_file(cora, what, step, word):
    calls(1)
    assert asked(cora, what=what, which=Wanted(**{word: step})) is asking.Refused.PLACES
    assert isinstance(asked(cora, what=what, which=Wanted(**{word: "area"})), int)


def test_who_leaves_nothing_behind_has_no_name_in_a_file_either(cora):
    calls(3, outcome="gave_up")
    calls_rows.begin(sid="CB1")
    with db.transaction() as session:
        session.execute(update(Call).where(Call.sid == "CB1").values(outcome="live", from_hash="hash-77"))
        session.add(
            Hold(call_sid="CB1", language="it", state="done", outcome="not_for_us", queued_since=clock.now())
        )
    assert {line["caller"] for line in lines(fetched(cora, exported(cora)))} == {None}


def test_a_worker_goes_on_where_another_stopped_and_two_at_once_make_one_file(cora, monkeypatch):
    monkeypatch.setattr(reading, "SEVERAL", {What.CALLS: 10, What.STEPS: 10})
    calls(45)
    export_id = asked(cora, form=Form.XLSX)
    making.make(export_id, at_a_time=0)
    assert (one(export_id).pieces, one(export_id).state) == (1, "running")
    stale = making._next(export_id)
    with db.transaction() as session:
        piece = making._made(session, stale)
    making.make(export_id, at_a_time=0)
    assert not making._keep(stale, piece), "the same piece was made by another worker meanwhile"
    calls(1, sid="CZ-later", started_at=clock.now())
    while one(export_id).state == "running":
        making.make(export_id, at_a_time=0)
    making.make(export_id)
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(cora, export_id)))
    rows = book.get_sheet_by_index(0).to_python()[1:]
    assert len(rows) == 45 == len({row[0] for row in rows}), "who called after it was asked for is not in it"
    with db.transaction() as session:
        assert session.scalar(select(func.count()).select_from(ExportPiece)) == one(export_id).pieces == 5


def test_a_lost_bell_is_found_and_what_no_worker_lives_through_is_given_up(cora):
    calls(3)
    export_id = asked(cora)
    db.redis().flushdb()
    later(minutes=2)
    assert making.sweep() == 1 and Queue("slow", connection=db.redis()).count == 1
    for _ in range(making.MOST_TRIES):
        later(minutes=2)
        making._begin(export_id)
    assert making.sweep() == 0, "somebody has just taken it up"
    later(minutes=2)
    making.make(export_id)
    assert (one(export_id).state, one(export_id).why, one(export_id).key) == ("failed", "given_up", None)
    assert asked(cora) != asking.Refused.RUNNING


def test_a_bell_that_rings_again_and_again_gives_up_no_file_that_a_worker_is_at(cora):
    calls(3)
    export_id = asked(cora)
    following = making._begin(export_id)
    for _ in range(making.MOST_TRIES):
        making.make(export_id)  # by others: they leave it to the one who is at it
    assert one(export_id).state == "running"
    with db.transaction() as session:
        piece = making._made(session, following)
    assert making._keep(following, piece) and one(export_id).state == "done"


def test_one_at_a_time_a_few_to_keep_and_no_more_than_there_is_room_for(cora, monkeypatch):
    calls(2)
    other = people_rows.make("carl", roles=(Role.COORDINATOR,), password=None)
    first = asked(cora)
    assert asked(cora) is asking.Refused.RUNNING
    assert isinstance(asked(other), int)
    making.make(first)
    for _ in range(asking.MOST_KEPT - 1):
        exported(cora)
    assert asked(cora) is asking.Refused.KEPT
    with db.transaction() as session:
        assert not asking.remove(session, other, first) and asking.remove(session, cora, first)
    monkeypatch.setattr(asking, "MOST_BYTES", 1)
    assert asked(cora) is asking.Refused.ROOM


def test_a_file_that_grows_too_large_is_not_finished_and_leaves_nothing(cora, monkeypatch):
    calls(5)
    monkeypatch.setattr(making, "MOST_BYTES", 50)
    export_id = exported(cora)
    assert (one(export_id).state, one(export_id).why, one(export_id).bytes) == ("failed", "too_large", 0)
    monkeypatch.setattr(making, "MOST_BYTES", 10**9)
    monkeypatch.setattr(packing, "_MOST", 50)
    assert one(exported(cora)).why == "too_large"


def test_only_who_asked_fetches_it_which_is_written_down_and_after_a_day_it_is_gone(cora):
    calls(4)
    other = people_rows.make("carl", roles=(Role.COORDINATOR,), password=None)
    export_id = asked(cora)
    assert fetched(cora, export_id) is None, "it is not made yet"
    making.make(export_id)
    assert fetched(other, export_id) is None and fetched(cora, export_id)
    with db.transaction() as session:
        found = session.execute(
            select(AuditLine.what, AuditLine.who)
            .where(AuditLine.about == f"export {export_id}")
            .order_by(AuditLine.id)
        )
        assert [tuple(row) for row in found] == [
            (what, cora.in_audit) for what in ("asked", "exported", "downloaded")
        ]
    later(hours=25)
    assert fetched(cora, export_id) is None
    retention.purge_all()
    with db.transaction() as session:
        assert (
            session.scalar(select(func.count()).select_from(ExportPiece)) == 0
            and asking.mine(session, cora) == []
        )


def test_a_file_that_is_taken_away_or_forgotten_while_somebody_fetches_it_is_fetched_whole(cora):
    calls(4)
    export_id = exported(cora)

    def remove(_):
        with db.transaction() as session:
            assert asking.remove(session, cora, export_id)

    with ThreadPoolExecutor(1) as other:
        with db.transaction() as session:
            file = asking.fetch(session, cora, export_id)
            removed = other.submit(remove, None)
            with pytest.raises(TimeoutError):
                removed.result(0.2)
            content = asking.content(session, file)
        removed.result(60)
    assert len(content) == file.bytes and len(lines(content)) == 4
    assert fetched(cora, export_id) is None


def test_a_file_is_read_as_it_is_and_not_as_text_since_meanwhile_nobody_is_answered(cora):
    class AsText(Loader):
        def load(self, data):
            raise AssertionError("bytes written out as text take five times as long")

    calls(4)
    export_id = exported(cora)
    with db.transaction() as session:
        own = session.connection()
        own.detach()  # what is changed here is nobody else's
        own.connection.dbapi_connection.adapters.register_loader("bytea", AsText)
        file = asking.fetch(session, cora, export_id)
        assert len(asking.content(session, file)) == file.bytes


def test_one_that_is_taken_away_stops_wherever_its_worker_is(cora):
    calls(4)
    export_id = asked(cora)
    following = making._begin(export_id)
    with db.transaction() as session:
        piece = making._made(session, following)
        assert asking.remove(session, cora, export_id)
    assert not making._keep(following, piece)
    making.make(export_id)
    assert one(export_id) is None
    with db.transaction() as session:
        (moved,) = session.scalars(select(AuditLine).where(AuditLine.what == "moved"))
        assert moved.details["into"] == "cancelled"


def test_the_calls_of_today_are_those_that_the_log_counts(cora):
    calls(6)
    keeping.count_changes()
    with db.transaction() as session:
        day = clock.in_rome().date()
        there = reading.how_many(session, Wanted(day, day), reading.newest(session))
    assert (
        len(
            lines(fetched(cora, exported(cora, which=Wanted(clock.in_rome().date(), clock.in_rome().date()))))
        )
        == there
    )


@pytest.mark.faults
def test_a_worker_killed_in_the_middle_leaves_a_file_that_the_next_one_finishes(cora, database, environ):
    """Killed with its child after some pieces, by a signal that nobody can catch."""
    calls(900, steps=1)
    variables = {"DATABASE_URL": plain(database.database_url), "REDIS_URL": database.redis_url}
    code = (
        "from helpline.processes import worker\nfrom helpline.figures.exporting import reading\n"
        "from helpline.figures.exporting.columns import What\n"
        "reading.SEVERAL = {What.CALLS: 5, What.STEPS: 5}\nworker.work('slow')"
    )

    def begin():
        return subprocess.Popen(
            [sys.executable, "-c", code], env=dict(os.environ) | environ | variables, cwd=ROOT,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    export_id = asked(cora, form=Form.CSV)
    worker = begin()
    until(lambda: one(export_id).pieces > 3)
    with Redis.from_url(database.redis_url) as queue:
        children = [int(line.split()[0]) for line in ps(worker.pid)]
        for process in (worker.pid, *children):
            os.kill(process, signal.SIGKILL)
        worker.wait()
        assert one(export_id).state == "running" and one(export_id).calls < 900
        queue.flushdb()
    later(minutes=2)
    making.sweep()
    worker = begin()
    try:
        until(lambda: one(export_id).state == "done")
    finally:
        worker.terminate()
        worker.wait(30)
    found = list(csv.reader(io.StringIO(gzip.decompress(fetched(cora, export_id)).decode("utf-8-sig"))))[1:]
    assert len(found) == 900 == len({row[0] for row in found}) and len({row[3] for row in found}) == 10


def until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ps(parent):
    """The children of a process."""
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    return told.stdout.splitlines()
