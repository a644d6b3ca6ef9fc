"""The README is true: what it says to type works, on a demo of its own, as far as a request in an entity's hands."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.environment import DEMO_FILE
from tests.ports import free_port
from tests.servers import new_folder

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
PATIENCE = 90


def helpline(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("HELPLINE_", "TWILIO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "helpline", *words],
        env=bare | {"HELPLINE_DATA_DIR": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def demo() -> Iterator[Path]:
    """The demo, as `make demo` starts it, on ports and data of its own, once its telephone works."""
    folder = new_folder()
    folder.mkdir(parents=True)
    ports = ["--port", str(free_port()), "--carrier-port", str(free_port())]
    process = subprocess.Popen(
        [sys.executable, "-m", "helpline", "demo", *ports],
        env=os.environ | {"HELPLINE_DATA_DIR": str(folder)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        silent = folder / "silent.call"
        silent.write_text("dial\nhangup\n", "utf-8")
        until(
            (folder / DEMO_FILE).is_file
        )  # without it the telephone would find whatever demo runs on this machine
        until(lambda: helpline("phone", "--script", str(silent), data=folder).returncode == 0)
        yield folder
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until(what, *, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.3)
    return found


def test_the_readme_names_these_commands_and_no_others() -> None:
    assert COMMANDS == [
        "make demo",
        ".venv/bin/helpline audit check",
        ".venv/bin/helpline phone",
        ".venv/bin/helpline requests list",
        ".venv/bin/helpline entities list",
        "make test",
    ]


@pytest.mark.parametrize(("target", "recipe"), [("demo", "helpline demo"), ("test", "-m pytest")])
def test_the_two_commands_are_targets_that_make_the_environment_first(target: str, recipe: str) -> None:
    shown = subprocess.run(
        ["make", "-n", "-W", "requirements.lock", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0
    assert shown.stdout.index("uv pip sync") < shown.stdout.index(recipe)


def test_what_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.timeout(240)
def test_a_newcomer_dials_in_bangla_and_sees_the_request_offered(demo: Path) -> None:
    called = helpline("phone", "--script", "samples/help-in-bangla.call", data=demo)
    assert called.returncode == 0, called.stdout + called.stderr

    def offered():
        listed = helpline("requests", "list", "--json", data=demo)
        assert listed.returncode == 0, listed.stderr
        return [row for row in json.loads(listed.stdout) if row["state"] == "offered"]

    [request] = until(offered)
    assert (request["language"], request["region"], request["country"]) == ("bn", "lazio", "BD")
    assert request["consent"]["language"] == "bn"
    assert "+39" not in json.dumps(request)
    entities = json.loads(helpline("entities", "list", "--json", data=demo).stdout)
    assert [row["taken"] for row in entities if row["id"] == request["entity"]] == [1]
    [call] = until(
        lambda: [
            row
            for row in json.loads(helpline("calls", "list", "--json", data=demo).stdout)
            if row["outcome"] == "request"
        ]
    )
    assert call["sid"] == request["call_sid"]
    assert request["entity"] in helpline("requests", "list", data=demo).stdout
    checked = helpline("audit", "check", data=demo)
    assert checked.returncode == 0 and checked.stdout.startswith("All lines fit."), checked.stdout
