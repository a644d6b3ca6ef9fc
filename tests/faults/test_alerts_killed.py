"""The clock that tells of alerts is killed between sending and hearing the answer: the same is sent again under the same id,
so that whoever keeps to ids was told once."""

from collections.abc import Iterator

import pytest

from helpline.alerts import telling
from helpline.alerts.kinds import Kind
from helpline.config import Settings
from tests import servers
from tests.faults.receiving import PATIENCE, Receivers, receiving, started
from tests.integration.alert_deeds import endpoint, later, mailbox, messages, only, silent

pytestmark = pytest.mark.faults


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize("way", ["webhook", "mail"])
def test_what_a_killed_clock_was_telling_is_told_again_under_the_same_id(
    way: str, database: servers.Servers, environ: dict[str, str], receivers: Receivers
) -> None:
    known = receivers.known_to(environ, database)
    settings = Settings.from_env(known)
    only(Kind.PROBE_SILENT)
    if way == "mail":
        mailbox()
    else:
        endpoint(receivers.web.server_port, settings)
    silent(settings, "milan")
    clock = started(known, "clock")
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
