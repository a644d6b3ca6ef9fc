"""`helpline probe URL`: looks at a line from elsewhere, once or again and again, and tells who should know. Needs no settings of it."""

import json
import os
import re
import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import click

from helpline import clock
from helpline.alerts import probe, watching
from helpline.alerts.probe import Check, Line
from helpline.alerts.probed import PLACE
from helpline.alerts.watching import News, Watch
from helpline.api import egress, mail, signing
from helpline.api.messages import written
from helpline.config import Network, is_mailbox, is_origin, networks
from helpline.faults import raise_if_any

_SAID = {
    News.DOWN: (
        "URGENTE: la linea non si raggiunge",
        (
            "vista da «{place}» la linea non risponde come deve ({why}). Che cosa fare sta nel runbook, alla voce «Callers hear an "
            "error, or nothing»:"
        ),
        (
            "seen from “{place}” the line does not answer as it should ({why}). What to do stands in the runbook, under “Callers hear "
            "an error, or nothing”:"
        ),
    ),
    News.UP: (
        "La linea si raggiunge di nuovo",
        "vista da «{place}» la linea risponde di nuovo:",
        "seen from “{place}” the line answers again:",
    ),
}


@dataclass(frozen=True, repr=False)
class Whom:
    """Who is told, and by what."""

    mailboxes: tuple[str, ...]
    webhook: str
    secret: str
    smtp_url: str
    mail_from: str
    allow: tuple[Network, ...]
    heartbeat: str


@click.command("probe")
@click.argument("url")
@click.option(
    "--call/--no-call",
    default=None,
    help="Make a signed call too (default: when TWILIO_AUTH_TOKEN is given).",
)
@click.option("--to", default="", help="The number that the call is made to, as the carrier writes it.")
@click.option(
    "--place", default=socket.gethostname().split(".")[0].lower()[:40], help="What the line calls this probe."
)
@click.option(
    "--every",
    type=click.IntRange(10, 300),  # twice before the line takes the probe for silent (`Kind.PROBE_SILENT`)
    help="Look again every so many seconds, until told to stop.",
)
@click.option(
    "--mail", "mailboxes", multiple=True, help="A mailbox to tell (HELPLINE_SMTP_URL, HELPLINE_MAIL_FROM)."
)
@click.option(
    "--webhook", default="", help="An address to tell, signed with HELPLINE_PROBE_SECRET (whsec_…)."
)
@click.option("--heartbeat", default="", help="An address that is asked after each good look.")
def probe_line(
    url: str,
    call: bool | None,
    to: str,
    place: str,
    every: int | None,
    mailboxes: tuple[str, ...],
    webhook: str,
    heartbeat: str,
) -> None:
    """Look from this machine whether the line at URL can be reached, as its callers' carrier does.

    Prints a line of JSON for each part. Once: exit code 0 when all is well, 1 when not. With --every: after two bad looks in a
    row it tells, and once more when the line is back. The environment may hold TWILIO_AUTH_TOKEN (a call is made with it) and
    HELPLINE_PROBE_TOKEN (the line is told, and tells in turn when this probe falls silent).
    """
    line, whom = _given(url.rstrip("/"), call, to, place, mailboxes, webhook, heartbeat)
    watch = Watch()
    while True:
        checks = probe.look(line)
        for check in checks:
            said = {"at": clock.now().isoformat(timespec="seconds"), "check": check.name}
            click.echo(json.dumps(said | {"good": check.good, "ms": check.ms, "why": check.why}))
        good = all(check.good for check in checks)
        if good and whom.heartbeat:
            _post(whom, whom.heartbeat, b"", {})
        if every is None:
            raise SystemExit(0 if good else 1)
        watch = _tell(watch, line, whom, checks, good=good)
        _wait(every)


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


def _tell(watch: Watch, line: Line, whom: Whom, checks: list[Check], *, good: bool) -> Watch:
    watch, news = watching.after(watch, good=good)
    if news is None or not (whom.mailboxes or whom.webhook):
        return watch
    why = next((f"{check.name}: {check.why}" for check in checks if not check.good), "")
    at = clock.now()
    told = [_mailed(whom, mailbox, line, news, why, at) for mailbox in whom.mailboxes]
    if whom.webhook:
        data = {"place": line.place, "url": line.url, "why": why}
        body = json.dumps({"type": f"line.{news}", "timestamp": at.isoformat(), "data": data}).encode()
        signed = signing.headers(whom.secret, _id(line, news, at), int(at.timestamp()), body)
        told.append(_post(whom, whom.webhook, body, {"Content-Type": "application/json"} | signed))
    return watching.heard(watch, news) if any(told) else watch


def _mailed(whom: Whom, mailbox: str, line: Line, news: News, why: str, at: datetime) -> bool:
    subject, italian, english = _SAID[news]
    said = (italian.format(place=line.place, why=why), english.format(place=line.place, why=why))
    message = written(_id(line, news, at), at, whom.mail_from, mailbox, subject, said, line.url)
    try:
        mail.send(whom.smtp_url, message)
    except egress.NotReached as error:
        click.echo(json.dumps({"check": "mail", "good": False, "why": str(error)}))
        return False
    return True


def _post(whom: Whom, address: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        egress.post(address, body, {"User-Agent": "helpline-probe/1"} | headers, allow=whom.allow)
    except (egress.Refused, egress.NotReached, egress.Answered) as error:
        click.echo(json.dumps({"check": "told", "good": False, "why": str(error)}))
        return False
    return True


def _id(line: Line, news: News, at: datetime) -> str:
    return f"probe_{line.place}_{news}_{int(at.timestamp())}"


def _given(
    url: str, call: bool | None, to: str, place: str, mailboxes: tuple[str, ...], webhook: str, heartbeat: str
) -> tuple[Line, Whom]:
    """What was given, judged whole. Raises `Faults`."""
    given = {name: os.environ.get(name, "").strip() for name in _VARIABLES}
    faults, allow = [], networks(given["HELPLINE_WEBHOOK_ALLOW"])
    if not is_origin(url):
        faults.append("URL: must be an origin alone, such as https://line.example.org")
    if not PLACE.fullmatch(place):
        faults.append("--place: must be small letters, digits and hyphens, 40 at most")
    if call and not given["TWILIO_AUTH_TOKEN"]:
        faults.append("--call: TWILIO_AUTH_TOKEN is missing")
    if allow is None:
        faults.append(
            "HELPLINE_WEBHOOK_ALLOW: must be addresses or networks such as 127.0.0.1, 10.1.0.0/16, with commas between"
        )
    faults += [f"--mail: {one}: must be a mail address" for one in mailboxes if not is_mailbox(one)]
    if mailboxes and urlsplit(given["HELPLINE_SMTP_URL"]).scheme not in {"smtp", "smtps"}:
        faults.append(
            "HELPLINE_SMTP_URL: must be an address such as smtps://user:password@mail.example.org, because --mail is given"
        )
    if mailboxes and not is_mailbox(given["HELPLINE_MAIL_FROM"]):
        faults.append("HELPLINE_MAIL_FROM: must be a mail address, because --mail is given")
    for name, address in (("--webhook", webhook), ("--heartbeat", heartbeat)):
        faults += [f"{name}: {fault}" for fault in egress.faults(address, allow=allow or ()) if address]
        if egress.is_inside(address, allow=allow or ()):
            faults.append(f"{name}: must not be inside a private network; allow it by HELPLINE_WEBHOOK_ALLOW")
    if webhook and not re.fullmatch(r"whsec_[A-Za-z0-9+/]{16,}={0,2}", given["HELPLINE_PROBE_SECRET"]):
        faults.append("HELPLINE_PROBE_SECRET: must be whsec_ and base64, because --webhook is given")
    raise_if_any(faults)
    token = "" if call is False else given["TWILIO_AUTH_TOKEN"]
    line = Line(url, place, token, given["HELPLINE_PROBE_TOKEN"], to)
    smtp, sender, secret = (
        given[name] for name in ("HELPLINE_SMTP_URL", "HELPLINE_MAIL_FROM", "HELPLINE_PROBE_SECRET")
    )
    return line, Whom(mailboxes, webhook, secret, smtp, sender, allow or (), heartbeat)


_VARIABLES = (
    "TWILIO_AUTH_TOKEN",
    "HELPLINE_PROBE_TOKEN",
    "HELPLINE_PROBE_SECRET",
    "HELPLINE_SMTP_URL",
    "HELPLINE_MAIL_FROM",
    "HELPLINE_WEBHOOK_ALLOW",
)
COMMANDS = [probe_line]
