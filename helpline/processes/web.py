"""The web process: a few workers of one thread each, all answering on one address."""

import gc
import multiprocessing
import os

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from helpline import create_app, db, environment
from helpline.processes import beats
from helpline.processes.parents import die_with_parent

STOP_SECONDS = 10


def serve(host: str, port: int, workers: int | None = None) -> None:
    """Answer on `host:port` until told to stop.

    The application is made once, before anything listens, and shared by the workers that are forked from here.
    Raises `Faults` for bad settings, menus and texts.
    """
    settings = environment.settings()
    # Our children find the servers by these; so they never start, nor stop, any.
    os.environ.update(environment.addresses(settings))
    environment.connect(settings)
    application = create_app(settings)
    db.disconnect()  # each worker opens its own
    gc.freeze()  # what is there by now stays: shared, and never looked through again

    def in_worker() -> Flask:
        die_with_parent()
        environment.connect(environment.settings())
        beats.begin(host, port)
        application.extensions["library"].keep_fresh()
        return application

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
    multiprocessing.set_start_method("fork", force=True)
    server.serve(target_loader=in_worker, wrap_loader=False)
