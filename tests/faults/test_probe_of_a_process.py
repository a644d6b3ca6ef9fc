"""`helpline probe`, a process of its own without any settings of the line, against a web process that runs and then does not."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpline.alerts import probe
from helpline.routing import beats
from tests import servers
from tests.ports import free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]
ROOT = Path(__file__).parents[2]
TOKEN = "a token for probes of the tests, long enough"


def probed(url: str, auth_token: str) -> tuple[int, dict[str, str]]:
    """The exit code of a probe, and why each part was not good."""
    given = {"PATH": os.environ["PATH"], "TWILIO_AUTH_TOKEN": auth_token, "HELPLINE_PROBE_TOKEN": TOKEN}
    ended = subprocess.run(
        [sys.executable, "-m", "helpline", "probe", url, "--place", "milan"],
        env=given, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    said = [json.loads(line) for line in ended.stdout.splitlines()]
    return ended.returncode, {one["check"]: one["why"] for one in said}


def test_a_web_process_is_reached_and_then_is_not(database: servers.Servers, environ: dict[str, str]) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    given = {
        "DATABASE_URL": servers.plain(database.database_url),
        "REDIS_URL": database.redis_url,
        "HELPLINE_PUBLIC_URL": url,
        "HELPLINE_PROBE_TOKEN": TOKEN,
    }
    words = [sys.executable, "-m", "helpline", "serve", "--port", str(port), "--workers", "1"]
    web = subprocess.Popen(words, env=dict(os.environ) | environ | given, cwd=ROOT)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                probe.ask("GET", f"{url}/health/live")
                break
            except probe.Bad:
                time.sleep(0.2)
        beats.beat_of_clock()
        assert probed(url, environ["TWILIO_AUTH_TOKEN"]) == (
            0,
            {"live": "", "call": "", "clip": "", "report": ""},
        )
        assert probed(url, "another")[0] == 1
    finally:
        web.terminate()
        web.wait(30)
    assert probed(url, environ["TWILIO_AUTH_TOKEN"]) == (
        1,
        {"live": "no connection", "call": "no connection"},
    )
