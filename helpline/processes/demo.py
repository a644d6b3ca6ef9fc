"""A line to try: its own secrets and data folder, sample people and entities, and a stand-in carrier to call it through."""

import os
import secrets
import socket
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import click

from helpline import clock, db, environment, hours, line
from helpline.callbacks import windows
from helpline.config import Settings
from helpline.figures.seed import returned
from helpline.live import rota
from helpline.processes import demo_people
from helpline.processes.supervisor import Child, own_command
from helpline.processes.up import must_be_free, up
from helpline.routing import loading, mailboxes, overview

SAMPLES = Path(__file__).parents[2] / "samples"
TOLL_FREE_NUMBER = "+39800000000"
CALLBACK_NUMBER = "+390655500000"
LONGEST_NAME = 40

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
    ours = prepare(folder, port, carrier_port, now=environ.get("HELPLINE_NOW", ""))
    ours |= {name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)}
    everything = {name: value for name, value in os.environ.items() if name != "HELPLINE_NOW"} | ours

    def with_samples_and_carrier(shared: Mapping[str, str]) -> list[Child]:
        environment.connect(Settings.from_env(shared))
        people = furnish(folder)
        click.echo(greeting(port, carrier_port, folder, people))
        db.disconnect()
        return [Child("carrier", own_command("carrier", "--port", str(carrier_port)), shared)]

    up("127.0.0.1", port, environ=everything, also=with_samples_and_carrier)


def prepare(folder: Path, port: int, carrier_port: int, *, now: str = "") -> dict[str, str]:
    """The demo's variables: secrets made once and kept, addresses and the pretended time as asked for now.

    Written for its owner's eyes only, so that commands in other terminals find this demo.
    """
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
        "HELPLINE_SMTP_URL": _catches_mail(kept.get("HELPLINE_SMTP_URL", "")),
        "HELPLINE_MAIL_FROM": "helpline@example.org",
        "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8",
    } | ({"HELPLINE_NOW": now} if now else {})
    demo_people.keep(file, values)
    return values


def _catches_mail(before: str) -> str:
    """Where the stand-in catches mail: where it did before, or at another free port if somebody has that one now."""
    for port in (urlsplit(before).port or 0, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as free:
            return f"smtp://127.0.0.1:{free.getsockname()[1]}"
    raise click.ClickException("This machine has no free port to catch mail at.")


def furnish(folder: Path) -> list[demo_people.Known]:
    """Load the samples into an empty installation, and let their people in; what was changed since then stays. Raises `Faults`.

    Shifts are of this week and the next: they are loaded each time.
    """
    with db.transaction() as session:
        is_new = not overview.entity_names(session)
    if is_new:
        loading.load(SAMPLES / "demo.toml", who=demo_people.BY)
        with db.transaction() as session:
            mailboxes.vouch_for_all(session)
            yesterday = clock.in_rome().date() - timedelta(days=1)
            returned.write(session, Random(1), yesterday, yesterday)  # noqa: S311 - nothing is kept secret with it
    rota.load(SAMPLES / "shifts.toml", who=demo_people.BY)
    with db.transaction() as session:
        return demo_people.let_in(session, folder)


def greeting(port: int, carrier_port: int, folder: Path, people: list[demo_people.Known]) -> str:
    """What to open, who to be, what to try; and when nobody can be rung, how to pretend another time."""
    console, telephone = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{carrier_port}/"
    now = clock.in_rome()
    theirs = [
        f"         {telephone}telephone?{urlencode({'number': known.row.phone.e164, 'name': known.row.name[:LONGEST_NAME]})}  {known.row.name}'s own telephone"
        for known in people
        if known.row.phone
    ]
    logins = [
        f"         {known.row.login:<9}{known.password or '(another password by now)':<21}{', '.join(known.row.roles)}"
        for known in people
    ]
    return "\n".join(
        [
            "",
            f"The demo line starts: {TOLL_FREE_NUMBER}. In Rome it is {now:%A} {now.day} {now:%B %Y}, {now:%H:%M}.",
            "",
            f"  Open   {telephone}  a caller's telephone",
            *theirs,
            f"         {console}  the console; {console}health/ready says whether all of it works",
            f"         {telephone}mail  what organisations were told by mail; {console}api/v1/openapi.json for their programs",
            *(["", f"  Be     (kept in {_short(folder / demo_people.FILE)}, which only you can read)", *logins] if logins else []),
            "",
            "  Try    Dial, 7 for Arabic, and ask to be called back (2). In the console as amina: Next for me, Call.",
            "         Answer Amina's telephone and press 1; answer the caller's, and press 1.",
            "         Or: Live calls, I am there; then dial, 7, and 0 for a person.",
            *_closed(now),
            "",
            "  Type   .venv/bin/helpline phone           a telephone in a second terminal",
            "         .venv/bin/helpline requests list   what callers asked for, and who takes it",
            "         .venv/bin/helpline callbacks list  who is to be called back",
            "         .venv/bin/helpline audit check     whether the trail of who did what is whole",
            "",
            "Ctrl-C stops everything; what was saved stays.",
            "",
        ]
    )  # fmt: skip


def _closed(now: datetime) -> list[str]:
    """That nobody can be rung now, and the next hour at which it could be rehearsed; nothing while people can be."""
    calendar = line.current().calendar
    if windows.may_give_out(calendar, "ar", hours.Window.ANY, now):
        return []
    slot = hours.next_slot(calendar, "ar", hours.Window.ANY, now + windows.MARGIN)
    if slot is None:
        return [
            "",
            "  Note   Nobody can be rung in the next two weeks: see [[callback_hours]] and [[closures]].",
        ]
    then = min(slot.begins + timedelta(hours=1), slot.ends - 2 * windows.MARGIN).astimezone(clock.ROME)
    return [
        "",
        "  Note   Nobody is rung from 21:00 to 9:00, on holidays, or while the line is closed: calls back wait.",
        f"         To rehearse them, stop this and type: HELPLINE_NOW={then.isoformat(timespec='minutes')} make demo",
    ]


def _short(file: Path) -> str:
    """The file as one would type it from here."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)
