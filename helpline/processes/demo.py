"""A line to try: its own secrets and data folder, sample entities, and a stand-in carrier to call it through."""

import os
import secrets
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import click

from helpline import environment
from helpline.processes.supervisor import Child, own_command
from helpline.processes.up import must_be_free, up

CARRIER_PORT = 8101
SAMPLES = Path(__file__).parents[2] / "samples" / "demo.toml"
TOLL_FREE_NUMBER = "+39800000000"
CALLBACK_NUMBER = "+390655500000"

_MAKE_ONCE = {
    "TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
    "HELPLINE_SECRET_KEY": lambda: secrets.token_urlsafe(32),
    "HELPLINE_DATA_KEYS": lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}


def demo(port: int, carrier_port: int, environ: Mapping[str, str]) -> None:
    """Run the demonstration until told to stop. What it needs is written into its folder, for other terminals.

    Raises `click.ClickException` when a port is taken, before anything is written or started: whoever listens on the
    carrier's port would be told the account's token.
    """
    if port == carrier_port:
        raise click.ClickException("--port and --carrier-port must differ.")
    must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", carrier_port, option="--carrier-port")
    folder = Path(environ.get("HELPLINE_DATA_DIR") or environment.DEMO).resolve()
    ours = prepare(folder, port, carrier_port)
    ours |= {
        name: environ[name] for name in ("DATABASE_URL", "REDIS_URL", "HELPLINE_NOW") if environ.get(name)
    }
    everything = dict(os.environ) | ours

    def with_samples_and_carrier(shared: Mapping[str, str]) -> list[Child]:
        loaded = subprocess.run(
            own_command("load", str(SAMPLES)), env=dict(shared), check=False, stdout=subprocess.DEVNULL
        )
        if loaded.returncode:
            raise click.ClickException(f"{SAMPLES} could not be loaded.")
        _greet(port, carrier_port)
        return [Child("carrier", own_command("carrier", "--port", str(carrier_port)), shared)]

    up("127.0.0.1", port, environ=everything, also=with_samples_and_carrier)


def prepare(folder: Path, port: int, carrier_port: int) -> dict[str, str]:
    """The demo's variables: secrets made once and kept, addresses as asked for now; written for its owner's eyes only."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / environment.DEMO_FILE
    kept = environment.read(file) if file.is_file() else {}
    values = {name: kept.get(name) or make() for name, make in _MAKE_ONCE.items()}
    values |= {
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier_port}",
        "HELPLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HELPLINE_TOLL_FREE_NUMBER": TOLL_FREE_NUMBER,
        "HELPLINE_CALLBACK_NUMBER": CALLBACK_NUMBER,
        "HELPLINE_DATA_DIR": str(folder),
        "HELPLINE_SECOND_FACTOR": "optional",
    }
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    unfinished.replace(file)
    return values


def _greet(port: int, carrier_port: int) -> None:
    click.echo(
        f"""
The demo line starts: {TOLL_FREE_NUMBER}

  Open   http://127.0.0.1:{carrier_port}/        a telephone, to call it with
         http://127.0.0.1:{port}/health/ready   whether all of it works
  Type   .venv/bin/helpline phone           a telephone in a second terminal
         .venv/bin/helpline requests list   what callers asked for, and who takes it
         .venv/bin/helpline callbacks list  who is to be called back
         .venv/bin/helpline calls list      what happened in calls

Ctrl-C stops everything; what was saved stays.
"""
    )
