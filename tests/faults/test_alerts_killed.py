"""The clock that tells of alerts is killed between sending and hearing the answer: the same is sent again under the same id,
so that whoever keeps to ids was told once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.alerts import telling
from helpline.alerts.kinds import Kind
from helpline.config import Settings
from tests import mail, servers
from tests.faults.test_telling_killed import PATIENCE, Receivers
from tests.integration.alert_deeds import endpoint, later, mailbox, messages, only, silent

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    found = Receivers()
    with mail.running(found.mail):
        yield found
        found.stop()


@pytest.mark.parametrize("way", ["webhook", "mail"])
def test_what_a_killed_clock_was_telling_is_told_again_under_the_same_id(
    way: str, database: servers.Servers, environ: dict[str, str], receivers: Receivers
) -> None:
    telling_here = {
        "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8",
        "HELPLINE_SMTP_URL": f"smtp://127.0.0.1:{receivers.mail.port}",
        "HELPLINE_MAIL_FROM": "helpline@line.example.org",
        "DATABASE_URL": servers.plain(database.database_url),
        "REDIS_URL": database.redis_url,
    }
    settings = Settings.from_env(environ | telling_here)
    only(Kind.PROBE_SILENT)
    if way == "mail":
        mailbox()
    else:
        endpoint(receivers.web.server_port, settings)
    silent(settings, "milan")
    clock = subprocess.Popen(
        [sys.executable, "-m", "helpline", "clock"], env=dict(os.environ) | environ | telling_here, cwd=ROOT
    )
    try:
        assert receivers.arrived.wait(PATIENCE), "the clock tells"
    finally:
        clock.kill()
        clock.wait(PATIENCE)
    assert [(row.state, row.attempts) for row in messages()] == [("due", 1)]
    later(seconds=61)
    assert telling.tell(settings) == 1
    assert len(receivers.ids) == 2
    assert len(set(receivers.ids)) == 1
    later(minutes=6)
    assert telling.tell(settings) == 0
