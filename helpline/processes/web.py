"""The web process: a few workers of one thread each, all answering on one address."""

import os
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from helpline import create_app, environment
from helpline.processes.parents import die_with_parent

STOP_SECONDS = 10


def serve(host: str, port: int, workers: int | None = None) -> None:
    """Answer on `host:port` until told to stop. Raises `Faults` for bad settings before anything listens."""
    # Our children find the servers by these; so they never start, nor stop, any.
    os.environ.update(environment.addresses(environment.settings()))
    server = Server(
        "helpline",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or os.cpu_count() or 1,
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
    )
    server.serve(target_loader=_application, wrap_loader=False)


def _application() -> Any:
    """Make the application, in the process that will answer with it."""
    die_with_parent()
    settings = environment.settings()
    environment.connect(settings)
    return create_app(settings)
