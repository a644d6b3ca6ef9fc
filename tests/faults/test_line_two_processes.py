"""Hours that are saved on a page are heard in calls that other web processes answer, moments later and without a restart."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest

from helpline import db
from helpline.config import Settings
from helpline.line.current import FRESH_FOR
from helpline.line.models import WeeklyHours
from helpline.people.roles import Role
from helpline.telephony.signature import sign
from helpline.voice import catalogue
from tests import servers
from tests.conftest import ENVIRONMENT
from tests.faults.race import REPOSITORY
from tests.integration.console_visits import Visitor, application
from tests.integration.test_console_line import changed
from tests.ports import free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
TUESDAY = "2026-11-24T10:00+01:00"


@pytest.fixture
def lines(database: Any, environ: dict[str, str]) -> Iterator[list[int]]:
    """The ports of two web processes, each with an application of its own."""
    given = {
        "DATABASE_URL": servers.plain(database.database_url),
        "REDIS_URL": database.redis_url,
        "HELPLINE_NOW": TUESDAY,
    }
    with ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port in ports:
            words = [sys.executable, "-m", "helpline", "serve", "--host", "127.0.0.1"]
            process = subprocess.Popen(
                words,
                env=dict(os.environ) | environ | given | {"PORT": str(port)},
                cwd=REPOSITORY,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        for port in ports:
            _until_it_answers(port)
        yield ports


def test_new_hours_are_heard_in_the_calls_of_two_other_processes_within_seconds(
    lines: list[int], settings: Settings, at: Any
) -> None:
    at("2026-11-24 10:00")
    with db.transaction() as session:
        session.add(WeeklyHours(kind="opening", weekday=1, language=None, opens=9, closes=18))
    texts = catalogue.load().texts["bn"]
    marta = Visitor(application(settings)).sign_in("marta", roles=(Role.COORDINATOR,), locale="en")
    assert changed(marta, "/line/hours/opening/*", {"tuesday": "8-18"}).status_code == 303
    time.sleep(FRESH_FOR.total_seconds())  # what the processes believed before; real time is the matter here
    assert [texts["nobody_free"] in _asks_for_a_person(port) for port in lines] == [True, True]
    assert changed(marta, "/line/hours/opening/*", {"tuesday": "14-18"}).status_code == 303
    saved = time.monotonic()
    heard = set()
    while heard != set(lines):
        heard |= {port for port in lines if texts["closed"] in _asks_for_a_person(port)}
        assert time.monotonic() - saved < FRESH_FOR.total_seconds() + 2, "a process still tells the old hours"
        time.sleep(0.2)


def _asks_for_a_person(port: int) -> str:
    """What a call that has chosen Bangla hears after 0."""
    sid = "CA" + os.urandom(16).hex()
    fields = {
        "CallSid": sid,
        "From": "+393330000123",
        "To": ENVIRONMENT["HELPLINE_TOLL_FREE_NUMBER"],
        "Digits": "0",
    }
    target = "/voice/heard/0/bn/welcome/1/0"
    address = ENVIRONMENT["HELPLINE_PUBLIC_URL"] + target
    headers = {
        "X-Twilio-Signature": sign(ENVIRONMENT["TWILIO_AUTH_TOKEN"], address, fields.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    status, said = _ask(port, "POST", target, urlencode(fields), headers)
    assert status == 200
    return said


def _ask(port: int, *request: Any) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(*request)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while _ask(port, "GET", "/health/live")[0] != 200:
        assert time.monotonic() < deadline, "a web process does not answer"
        time.sleep(0.1)
