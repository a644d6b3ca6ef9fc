"""Where a command finds its installation: the variables, the running demo's, and the servers they name or embed."""

import os
from collections.abc import Mapping
from pathlib import Path

from helpline.config import Settings

DEMO = Path("var/demo")
DEMO_FILE = "demo.env"
LOOK_EVERY = 5.0

# Whoever sets one of these means an installation of their own; then the demo's file is not read.
_OWN = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "HELPLINE_PUBLIC_URL",
    "HELPLINE_SECRET_KEY",
    "HELPLINE_DATA_KEYS",
    "HELPLINE_TOLL_FREE_NUMBER",
    "HELPLINE_CALLBACK_NUMBER",
)


def environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of this installation.

    As given; and where none of the needed ones is given, as the demo wrote them into its data folder
    (`HELPLINE_DATA_DIR`, else `var/demo`), so that a second terminal finds the demo that runs in the first.
    """
    given = dict(os.environ if environ is None else environ)
    if any(given.get(name) for name in _OWN):
        return given
    file = Path(given.get("HELPLINE_DATA_DIR") or DEMO) / DEMO_FILE
    return read(file) | given if file.is_file() else given


def read(file: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; what else stands in it is left out."""
    pairs = (line.partition("=") for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this installation. Raises `Faults`."""
    return Settings.from_env(environment(environ))


def addresses(settings: Settings) -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` as given, else of the embedded servers, which are started where they do not run."""
    database_url, redis_url = settings.database_url, settings.redis_url
    if not database_url or not redis_url:
        from helpline.db import embedded  # only who embeds servers pays for loading what starts them

        database_url = database_url or embedded.postgres(settings.data_dir)
        redis_url = redis_url or embedded.valkey(settings.data_dir)
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


def look_after_servers(settings: Settings) -> None:
    """Start an embedded server again that died; its address stays the same. Called every `LOOK_EVERY` seconds."""
    addresses(settings)


def connect(settings: Settings) -> None:
    """Make this process one of the installation's: its database, its queue, its time.

    Embedded servers are started where none are named; a database or a queue that does not answer is no error here.
    """
    from helpline import db
    from helpline.db import pretence

    found = addresses(settings)
    db.connect(settings, database_url=found["DATABASE_URL"], redis_url=found["REDIS_URL"])
    pretence.apply(settings.pretend_now)


def connect_with_carrier(settings: Settings) -> None:
    """The same for a process that also asks things of the carrier: never one that answers webhooks."""
    from helpline.telephony import carrier, twilio

    connect(settings)
    carrier.use(twilio.Twilio(settings))
