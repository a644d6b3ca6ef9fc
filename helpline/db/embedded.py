"""PostgreSQL and Valkey out of Python packages, for machines that have neither; knows no table and no job.

Both live under one folder and answer on Unix sockets only. Whoever asks first starts them, whoever leaves last
stops them. A lock held by the kernel says who still uses them, so a killed process needs no tidying up: a server
that outlived everybody is found, and used, by the next to ask.
"""

import atexit
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from helpline.db import postgres_server, valkey_server

# What the smaller of Linux and macOS allows in the address of a Unix socket, less PostgreSQL's own file name.
_LONGEST_SOCKET_FOLDER = 100 - len("/.s.PGSQL.5432.lock")

_users: dict[Path, tuple[int, IO[str]]] = {}


def postgres(data_dir: Path, *, lasting: bool = True) -> str:
    """Make sure that PostgreSQL runs on `data_dir`; give its SQLAlchemy address.

    `lasting=False` leaves out the flushing to disk: quick, for tests only. Raises `postgres_server.CannotStart`.
    """
    folder = _folder(data_dir)
    with _one_at_a_time(folder):
        _use(folder)
        sockets = postgres_server.ensure(folder / "postgres", sockets=_socket_folder(folder), lasting=lasting)
    return (
        f"postgresql+psycopg://{postgres_server.ROLE}@/{postgres_server.DATABASE}?host={quote(str(sockets))}"
    )


def valkey(data_dir: Path, *, lasting: bool = True) -> str:
    """Make sure that Valkey runs on `data_dir`; give its address. Raises `valkey_server.CannotStart`."""
    folder = _folder(data_dir)
    with _one_at_a_time(folder):
        _use(folder)
        socket = valkey_server.ensure(folder / "valkey", sockets=_socket_folder(folder), lasting=lasting)
    return f"unix://{quote(str(socket))}"


def stop(data_dir: Path) -> None:
    """Stop both servers of `data_dir`, whoever uses them; nothing happens where none runs."""
    folder = _folder(data_dir)
    with _one_at_a_time(folder):
        _stop(folder)


def release(data_dir: Path) -> bool:
    """Say that this process needs the servers no more; stop them if nobody else does. Gives whether they stopped."""
    folder = _folder(data_dir)
    with _one_at_a_time(folder):
        owner, in_use = _users.pop(folder, (0, None))
        if owner != os.getpid():
            in_use = None  # inherited by a fork: that lock is the parent's
        file = in_use or (folder / "in-use").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            if in_use is None:
                file.close()
        try:
            _stop(folder)
        finally:
            file.close()
        return True


def _stop(folder: Path) -> None:
    postgres_server.stop(folder / "postgres")
    valkey_server.stop(folder / "valkey")


def _folder(data_dir: Path) -> Path:
    folder = data_dir.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the lock under which servers of one folder are started and stopped."""
    with (folder / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use(folder: Path) -> None:
    owner, _ = _users.get(folder, (0, None))
    if owner == os.getpid():
        return
    file = (folder / "in-use").open("w")
    fcntl.flock(file, fcntl.LOCK_SH)
    _users[folder] = (os.getpid(), file)
    atexit.register(_leave, folder, os.getpid())


def _leave(folder: Path, process: int) -> None:
    if process == os.getpid() and folder in _users and folder.exists():
        release(folder)


def _socket_folder(folder: Path) -> Path | None:
    """A folder for sockets when the data folder's own path is too long for one; otherwise None."""
    if len(str(folder / "postgres")) <= _LONGEST_SOCKET_FOLDER:
        return None
    short = (
        Path(tempfile.gettempdir())
        / f"helpline-{os.geteuid()}-{hashlib.sha256(bytes(folder)).hexdigest()[:12]}"
    )
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid not in postgres_server.owners():
        raise postgres_server.CannotStart(f"{short} belongs to somebody else")
    return short
