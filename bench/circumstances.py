"""What benchmarks are run in: settings that lead to no real carrier, and a database of their own, ready to use."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline import db, environment
from helpline.config import Settings
from helpline.db import embedded, migrate

ENVIRONMENT = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-benchmark",
    "TWILIO_API_URL": "http://127.0.0.1:9",
    "HELPLINE_PUBLIC_URL": "https://line.example.org",
    "HELPLINE_TOLL_FREE_NUMBER": "+39800000000",
    "HELPLINE_CALLBACK_NUMBER": "+390655500000",
    "HELPLINE_SECRET_KEY": "a secret of the benchmark, which is long enough",
    "HELPLINE_DATA_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
}


def migrated(environ: dict[str, str]) -> Settings:
    """Start the servers of these settings, bring the database to the newest tables, load the sample entities, and connect
    this process."""
    settings = Settings.from_env(environ)
    known = environ | environment.addresses(settings)
    migrate.upgrade(known["DATABASE_URL"])
    load = ["-m", "helpline", "load", "samples/demo.toml"]
    subprocess.run([sys.executable, *load], env=os.environ | known, check=True, stdout=subprocess.DEVNULL)
    db.connect(settings, database_url=known["DATABASE_URL"], redis_url=known["REDIS_URL"])
    return settings


@contextmanager
def alone() -> Iterator[tuple[Settings, dict[str, str]]]:
    """A PostgreSQL and a Valkey of one benchmark's own, with our tables and nothing in them; this process is connected."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the database's own account has to pass
        environ = ENVIRONMENT | {"HELPLINE_DATA_DIR": folder}
        settings = Settings.from_env(environ)
        try:
            environ |= environment.addresses(settings)
            migrate.upgrade(environ["DATABASE_URL"])
            db.connect(settings, database_url=environ["DATABASE_URL"], redis_url=environ["REDIS_URL"])
            yield settings, environ
            db.disconnect()
        finally:
            embedded.stop(Path(folder))
