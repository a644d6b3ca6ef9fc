"""The embedded servers: started by the first, stopped after the last, found again when somebody was killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from helpline.db import embedded, passage, postgres_server, valkey_server
from tests import servers
from tests.servers import plain

pytestmark = pytest.mark.long
START_AND_WAIT = """
import sys
from pathlib import Path
from helpline.db import embedded
folder = Path(sys.argv[1])
print(embedded.postgres(folder), embedded.valkey(folder), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="embedded-") as name:
        Path(name).chmod(0o711)  # run by root, PostgreSQL is another account, which must get in
        yield Path(name)
        embedded.release(Path(name))  # a test may have used them in this very process
        embedded.stop(Path(name))


@pytest.fixture
def used_before(folder):
    """The servers were started here before, and stopped: making a new database is not what is tried."""
    servers.with_tables(folder)


@pytest.fixture
def somebody(folder):
    """Another process that uses the servers, from when it is called until its input is closed."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", START_AND_WAIT, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        process.addresses = process.stdout.readline().split()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def leave(process):
    process.communicate()
    assert process.returncode == 0


def server(folder):
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def works(addresses):
    database, queue = addresses
    with psycopg.connect(plain(database)) as connection, Redis.from_url(queue) as client:
        return connection.execute("SELECT 1").fetchone() == (1,) and client.ping()


def test_the_last_to_leave_stops_the_servers(folder, somebody):
    first, second = somebody(), somebody()
    assert first.addresses == second.addresses
    leave(first)
    assert works(second.addresses)
    leave(second)
    assert not (folder / "postgres" / "postmaster.pid").exists()
    with pytest.raises(psycopg.OperationalError):
        works(second.addresses)


@pytest.mark.usefixtures("used_before")
def test_servers_that_outlived_a_killed_process_are_used_and_then_stopped(folder, somebody):
    first = somebody()
    pid = server(folder)
    first.kill()
    first.wait()
    assert psutil.pid_exists(pid)
    second = somebody()
    assert server(folder) == pid
    assert works(second.addresses)
    leave(second)
    assert not psutil.pid_exists(pid)


@pytest.mark.usefixtures("used_before")
def test_what_was_saved_outlives_a_server_that_was_killed(folder, somebody):
    first = somebody()
    with psycopg.connect(plain(first.addresses[0]), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (what text)")
    os.kill(server(folder), signal.SIGKILL)
    second = somebody()
    assert second.addresses == first.addresses
    with psycopg.connect(plain(second.addresses[0])) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.usefixtures("used_before")
def test_a_number_left_by_a_server_and_now_anothers_does_no_harm(folder, somebody):
    leave(somebody())
    for file in (folder / "postgres" / "postmaster.pid", folder / "valkey" / "valkey.pid"):
        file.write_text(f"{os.getpid()}\n{folder}\n")
    assert works(somebody().addresses)


def test_a_start_that_was_cut_off_is_begun_again(folder, somebody):
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18")
    assert works(somebody().addresses)


def test_a_folder_with_a_very_long_name_works(folder, somebody):
    deep = folder / ("d" * 60) / ("e" * 60)
    address, queue = embedded.postgres(deep, lasting=False), embedded.valkey(deep)
    assert works((address, queue))
    assert embedded.release(deep)


@pytest.mark.usefixtures("used_before")
def test_only_its_owner_can_reach_the_servers(folder, somebody):
    somebody()
    for socket in (folder / "postgres" / ".s.PGSQL.5432", folder / "valkey" / "valkey.sock"):
        assert socket.stat().st_mode & 0o077 == 0


SHELLS = {"PWD", "OLDPWD", "SHLVL", "_"}  # what a shell on the way adds


@pytest.fixture
def secret(monkeypatch):
    """Secrets in this process's variables."""
    for name in ("HELPLINE_DATA_KEYS", "HELPLINE_SECRET_KEY", "TWILIO_AUTH_TOKEN", "DATABASE_URL"):
        monkeypatch.setenv(name, "told-to-us-alone")


@pytest.mark.usefixtures("used_before")
def test_postgresql_is_told_none_of_our_secrets(folder, secret):
    embedded.postgres(folder, lasting=False)
    told = psutil.Process(server(folder)).environ()
    assert {name for name in told if not name.startswith("PG")} <= {"PATH", "LC_ALL"} | SHELLS


def test_valkey_is_told_none_of_our_secrets(folder, secret, monkeypatch):
    """It writes over its variables once it runs; so a program in its place says what it was given."""
    program = folder / "instead"
    program.write_text("#!/bin/sh\nenv >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(valkey_server, "_program", lambda: program)
    with pytest.raises(valkey_server.CannotStart) as said:
        embedded.valkey(folder, lasting=False)
    told = {line.partition("=")[0] for line in str(said.value).splitlines()}
    assert "PATH" in told
    assert told <= {"PATH", "LC_ALL"} | SHELLS


@pytest.fixture
def closed(folder, monkeypatch):
    """A folder that nobody but us may enter, with a copy of PostgreSQL's programs; and a home for its account."""
    inside = folder / "closed"
    inside.mkdir(mode=0o700)
    package = postgres_server._BINARIES.parents[1]
    for part in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        shutil.copytree(package.parent / part, inside / part)
    monkeypatch.setattr(postgres_server, "_BINARIES", inside / package.name / "pginstall18" / "bin")
    monkeypatch.setattr(passage, "HOME", folder / "home")
    postgres_server._programs.cache_clear()
    yield inside
    postgres_server._programs.cache_clear()


def modes(folder):
    return {str(path): path.stat().st_mode for path in (folder, *folder.parents)}


def test_folders_that_are_not_ours_stay_as_closed_as_they_are(closed):
    """Also for root: then the database and the programs lie where PostgreSQL's account can go, and are found again."""
    data = closed / "var"
    before = modes(closed)
    for _ in range(2):
        assert works((embedded.postgres(data, lasting=False), embedded.valkey(data)))
        assert psutil.Process(server(data)).is_running()
        assert embedded.release(data)
        assert not (data / "postgres" / "postmaster.pid").exists()
    assert modes(closed) == before
    assert (data / "postgres" / "PG_VERSION").exists()
