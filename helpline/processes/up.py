"""Everything on one machine: the tables brought up to date, then web, workers and clock, kept running until stopped."""

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import click

from helpline import environment
from helpline.config import Settings
from helpline.db import embedded
from helpline.processes.beats import answers
from helpline.processes.releasing import release
from helpline.processes.supervisor import Child, own_command, run
from helpline.processes.worker import QUEUES

_PATIENCE = 20.0


def up(
    host: str, port: int, *, environ: Mapping[str, str], also: Callable[[Mapping[str, str]], Sequence[Child]]
) -> None:
    """Run everything until told to stop. `also`: more children, given the variables that all of them get.

    Raises `Faults` for bad settings and `click.ClickException` when the port is taken, before anything is started.
    """
    settings = Settings.from_env(environ)
    must_be_free(host, port)
    try:
        shared = dict(environ) | environment.addresses(settings)
        for sentence in release(shared["DATABASE_URL"]):
            click.echo(sentence)
        children = [
            Child("web", own_command("serve", "--host", host, "--port", str(port)), shared),
            *(Child(f"worker {queue}", own_command("worker", queue), shared) for queue in QUEUES),
            Child("clock", own_command("clock"), shared),
            *also(shared),
        ]
        for child in children[1:]:
            child.put_off(
                _PATIENCE
            )  # who calls now is answered first; the others would take half of the machine
        waiting = threading.Thread(
            target=_when_it_answers, args=(host, port, settings, children[1:]), daemon=True
        )
        waiting.start()
        run(
            children,
            now_and_then=lambda: environment.look_after_servers(settings),
            every=environment.LOOK_EVERY,
        )
    finally:
        if not settings.database_url or not settings.redis_url:
            embedded.release(settings.data_dir)


def must_be_free(host: str, port: int, *, option: str = "--port") -> None:
    """Raise `click.ClickException`, which names the option to change, when nobody can listen on `host:port`."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another {option}."
            ) from None


def _when_it_answers(host: str, port: int, settings: Settings, others: Sequence[Child]) -> None:
    """Wait for the web process; then start the others, and say that the line answers."""
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE:
        if answers(host, port):
            for child in others:
                child.put_off(0)
            click.echo(
                f"The line answers at {settings.public_url} (webhook: {settings.public_url}/voice/incoming)."
            )
            return
        time.sleep(0.05)
