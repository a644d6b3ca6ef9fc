"""How long a file of a million rows takes to be made by the worker, and how much memory: CSV, JSON Lines, XLSX; and to be fetched.

Run by `make bench`, or `python -m bench.exports`, with another number of calls behind it if one wants.
"""

import gzip
import io
import os
import subprocess
import sys
import time
import zipfile

import psutil
from sqlalchemy import text

from bench.circumstances import alone
from bench.routing_commit import verdict
from helpline import clock, db
from helpline.config import Settings
from helpline.figures.exporting import asking
from helpline.figures.exporting.columns import What
from helpline.figures.exporting.forms import Form, Words
from helpline.figures.wanted import Wanted
from helpline.people import accounts
from helpline.people.roles import Role

CALLS = 1_000_000
AIMS = {Form.CSV: 60, Form.JSONL: 60, Form.XLSX: 180}
MEMORY = 200.0

_FILL = """
INSERT INTO calls (sid, status, language, outcome, from_hash, to_number, set_id, started_at, ended_at, seconds, finished)
SELECT 'CA' || md5(n::text), 'completed', (ARRAY['it','en','fr','es','ru','uk','ar','bn','hi', NULL])[1 + n % 10],
       (ARRAY['request','callback','live','information','gave_up','silent','information'])[1 + n % 7],
       md5((n % 300000)::text) || md5('x' || n % 300000), '+39800000000', 0,
       now() - (:count - n) * interval '31 seconds', now() - (:count - n) * interval '31 seconds' + interval '2 minutes',
       20 + n % 500, true
  FROM generate_series(:first, :last) n
"""
_SUMS = """
INSERT INTO call_sums (call_id, hour, language, number, outcome, seconds, last_step, keys, listened, useful_seconds,
                       useful_keys, wait_seconds, answered, nobody, turned_away)
SELECT id, date_trunc('hour', started_at), coalesce(language, ''), to_number, outcome, seconds,
       (ARRAY['main','info_what','callback_saved','hold','area_south'])[1 + id % 5], id % 23, id % 3 = 0,
       nullif(id % 60, 0), nullif(id % 9, 0), nullif(id % 300, 0), id % 4 = 0, id % 11 = 0, id % 13 = 0 FROM calls
ON CONFLICT DO NOTHING
"""
_STEPS = """
INSERT INTO steps (at, call_sid, turn, step, language, tries, heard, did, to_step, to_language, to_tries, says)
SELECT c.started_at + t * interval '11 seconds', c.sid, t, 'main', c.language, 0, 'key ' || t, 'told', 'info_what', c.language,
       0, '["!it/welcome"]' FROM calls c CROSS JOIN generate_series(0, 7) t WHERE c.id <= :most
ON CONFLICT DO NOTHING
"""


def fill(count: int) -> int:
    """Calls of a year and what each came to, until there are so many; how many there are."""
    with db.transaction() as session:
        there = session.scalar(text("SELECT count(*) FROM calls")) or 0
    for first in range(there + 1, count + 1, 200_000):
        with db.transaction() as session:
            session.execute(text("ALTER TABLE calls DISABLE TRIGGER USER"))  # they need not be counted
            last = min(count, first + 199_999)
            session.execute(text(_FILL), {"count": count, "first": first, "last": last})
            session.execute(text("ALTER TABLE calls ENABLE TRIGGER USER"))
    with db.transaction() as session:
        session.execute(text(_SUMS))
        session.execute(text(_STEPS), {"most": 125_000})
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE calls, call_sums, steps"))
    return max(there, count)


def made(by, what, form, worker) -> tuple[int, float, float]:
    """Have the worker make a file; its id, the seconds until it was there, and the most memory of the worker and its child."""
    began, most = time.perf_counter(), 0.0
    with db.transaction() as session:
        export_id = asking.ask(session, by, what=what, form=form, which=Wanted(), words=Words())
    assert isinstance(export_id, int), export_id
    while True:
        with db.transaction() as session:
            found = next(one for one in asking.mine(session, by) if one.id == export_id)
        if not found.alive:
            break
        most = max(most, _memory(worker))
        time.sleep(0.1)
    assert found.state == "done", found
    return export_id, time.perf_counter() - began, most


def _memory(worker: psutil.Process) -> float:
    """The most that any one process of the worker holds."""
    most = 0.0
    for process in (worker, *worker.children(recursive=True)):
        try:
            most = max(most, process.memory_info().rss / 2**20)
        except psutil.NoSuchProcess:
            continue
    return most


def fetched(by, export_id: int) -> tuple[bytes, float]:
    """The file and how many milliseconds it took to read it from the database: a web process does so at once."""
    with db.transaction() as session:
        began = time.perf_counter()
        file = asking.fetch(session, by, export_id)
        assert file is not None
        content = asking.content(session, file)
    return content, (time.perf_counter() - began) * 1000


def rows_in(form: Form, content: bytes) -> tuple[int, int]:
    """How many rows stand in a file, under its headings; and in how many sheets."""
    if form is not Form.XLSX:
        with gzip.open(io.BytesIO(content)) as lines:
            return sum(1 for _ in lines) - (form is Form.CSV), 1
    count = sheets = 0
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                sheets += 1
                with book.open(name) as sheet:
                    end = b""  # a closing tag may be cut in two
                    while part := sheet.read(2**20):
                        count += (end + part).count(b"</row>")
                        end = part[-5:]
    return count - sheets, sheets


def main(settings: Settings, environ: dict[str, str], calls: int = CALLS) -> None:
    """Fill, have each form made, and say what it took."""
    began = time.perf_counter()
    calls = fill(calls)
    print(
        f"exports of {calls:,} calls ({clock.now():%Y-%m-%d}); filled in {time.perf_counter() - began:.0f} s"
    )
    print(f"   beside it {psutil.getloadavg()[0]:.1f} processes wanted to run on {os.cpu_count()} cores")
    with db.transaction() as session:
        token = accounts.invite(
            session, login="exporter", name="Exporter", roles=[Role.COORDINATOR], by="bench"
        )
        by = accounts.invited(session, token)
    process = subprocess.Popen([sys.executable, "-m", "helpline", "worker", "slow"], env=os.environ | environ)
    try:
        worker = psutil.Process(process.pid)
        for what, form in [(What.CALLS, form) for form in AIMS] + [(What.STEPS, Form.CSV)]:
            export_id, seconds, most = made(by, what, form, worker)
            content, milliseconds = fetched(by, export_id)
            rows, sheets = rows_in(form, content)
            aim = verdict(seconds, AIMS[form], "s") if what is What.CALLS else ""
            print(f"{what} as {form}: {rows:,} rows in {sheets} sheets, {len(content) / 2**20:.1f} MB sent, in {seconds:.1f} s {aim},"
                  f" worker {most:.0f} MB {verdict(most, MEMORY, 'MB')}, read in {milliseconds:.0f} ms")  # fmt: skip
            with db.transaction() as session:
                asking.remove(session, by, export_id)
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    with alone() as (ours, environ):
        main(ours, environ, int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)
