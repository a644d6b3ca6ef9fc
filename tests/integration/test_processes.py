"""The processes as they are run: each line of the Procfile, all of them together, and killing any of them."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from redis import Redis
from sqlalchemy import select

from helpline import db
from helpline.db import embedded
from helpline.processes import beats
from helpline.routing.records import Heartbeat
from helpline.telephony.signature import sign
from tests import servers
from tests.ports import free_port

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
PATIENCE = 60
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def until(what, *, seconds=PATIENCE):
    """Wait until `what()` gives something true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.05)
    return found


def get(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return None, ""
    finally:
        connection.close()


def answers(port):
    return get(port, "/health/live")[0] == 200


def serves(process, port):
    """Wait until a process answers; give up at once when it has ended."""

    def answered():
        assert process.poll() is None, f"ended with {process.returncode}"
        return answers(port)

    until(answered)


def children(process):
    """The processes that one has started, by the last words of their command."""
    found = {}
    for child in psutil.Process(process.pid).children():
        try:
            words = child.cmdline()
        except psutil.Error:  # it ended while we looked
            continue
        if "helpline" in words:
            found[" ".join(words[words.index("helpline") + 1 :][:2])] = child
    return found


@pytest.fixture
def run(environ, tmp_path):
    """Start `helpline …` as another process; whatever still runs at the end is killed, with all it started."""
    started = []

    def start(*words, **variables):
        process = subprocess.Popen(
            [sys.executable, "-m", "helpline", *words],
            env=dict(os.environ) | environ | variables,
            stdout=log,
            stderr=log,
            cwd=ROOT,
        )
        started.append(process)
        return process

    log = (tmp_path / "log").open("wb")
    yield start
    for process in started:
        if process.poll() is None:
            family = [*psutil.Process(process.pid).children(recursive=True), process]
            for member in family:
                member.kill()
        process.wait()
    log.close()
    print((tmp_path / "log").read_text())  # shown when the test has failed


@pytest.fixture
def given(database):
    """The variables of a database with our tables and of a queue, as an installation on several machines has them."""
    return {"DATABASE_URL": servers.plain(database.database_url), "REDIS_URL": database.redis_url}


@pytest.fixture
def data_dir(environ):
    yield Path(environ["HELPLINE_DATA_DIR"])
    embedded.stop(Path(environ["HELPLINE_DATA_DIR"]))


def stop(process):
    process.terminate()
    return process.wait(PATIENCE)


def words(line):
    program, *rest = PROCFILE[line].split()
    assert program == "helpline"
    return rest


def beat(of):
    """When the clock, or the pages, last said that they are there."""
    with db.transaction() as session:
        return session.scalar(select(of))


def test_release_makes_the_tables(run, given):
    with servers.scratch(given["DATABASE_URL"]) as address:
        assert run(*words("release"), DATABASE_URL=address).wait(PATIENCE) == 0
        assert run(*words("release"), DATABASE_URL=address).wait(PATIENCE) == 0


def test_web_answers_on_the_port_it_is_given_and_knows_the_raw_target(run, given, environ):
    port = free_port()
    web = run(*words("web"), PORT=str(port), **given)
    serves(web, port)
    assert get(port, "/health/ready")[0] == 200
    assert 'helpline_up{part="database"} 1.0' in get(port, "/metrics")[1]

    body, fields = "CallSid=CA" + "1" * 32 + "&From=%2B393330000001&CallStatus=ringing", {
        "CallSid": "CA" + "1" * 32, "From": "+393330000001", "CallStatus": "ringing",
    }  # fmt: skip
    for target in ("/voice/incoming", "/voice/incoming?a=%2B1&b=c+d&c=%E0%A6%AC&d=~", "/voice/incoming?a="):
        signature = sign(
            environ["TWILIO_AUTH_TOKEN"], environ["HELPLINE_PUBLIC_URL"] + target, fields.items()
        )
        for given_signature, expected in ((signature, 200), (signature[::-1], 403)):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            headers = {
                "X-Twilio-Signature": given_signature,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request("POST", target, body, headers)
            assert connection.getresponse().status == expected, target
            connection.close()
    until(lambda: beat(Heartbeat.web_at) is not None)
    first = beat(Heartbeat.web_at)
    until(lambda: beat(Heartbeat.web_at) > first)  # again and again
    for worker in psutil.Process(web.pid).children():
        worker.suspend()  # all of them live, and none answers
    until(lambda: not beats.once("0.0.0.0", port))  # one may have been answering just then
    for worker in psutil.Process(web.pid).children():
        worker.resume()
    assert stop(web) == 0


def test_web_starts_and_answers_without_its_database_and_queue(run, environ):
    port = free_port()
    web = run(
        *words("web"),
        PORT=str(port),
        DATABASE_URL="postgresql://nobody@/none?host=/none",
        REDIS_URL="unix:///none",
    )
    serves(web, port)
    status, said = get(port, "/health/ready")
    assert status == 503
    assert '"down":["database","queue"]' in said
    assert stop(web) == 0


def test_worker_has_a_process_for_each_queue_and_replaces_one_that_was_killed(run, given):
    worker = run(*words("worker"), **given)
    with Redis.from_url(given["REDIS_URL"]) as client:
        until(lambda: client.scard("rq:workers:ring") == 1 and client.scard("rq:workers:slow") == 1)
        first = children(worker)["worker ring"]
        first.kill()
        second = until(lambda: (now := children(worker).get("worker ring")) and now.pid != first.pid and now)
        assert second.is_running()
    assert stop(worker) == 0
    assert not second.is_running()


def test_clock_runs_until_it_is_told_to_stop(run, given):
    clock = run(*words("clock"), **given)
    until(lambda: beat(Heartbeat.at) is not None)
    assert clock.poll() is None
    assert stop(clock) == 0


def test_up_runs_everything_replaces_what_was_killed_and_stops_it_all(run, data_dir):
    port = free_port()
    up = run("up", "--port", str(port))
    serves(up, port)
    assert get(port, "/health/ready")[0] == 200
    until(lambda: set(children(up)) == {"serve --host", "worker ring", "worker slow", "clock"})

    web = children(up)["serve --host"]
    workers = web.children()
    workers[0].kill()
    until(lambda: len(web.children()) == len(workers) and workers[0] not in web.children() and answers(port))
    web.kill()
    until(lambda: children(up).get("serve --host") not in (None, web) and answers(port))
    psutil.wait_procs(workers, timeout=PATIENCE)
    assert not any(worker.is_running() for worker in workers)

    postgres = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(postgres, signal.SIGKILL)
    until(lambda: get(port, "/health/ready")[0] == 200 and not psutil.pid_exists(postgres))

    everybody = psutil.Process(up.pid).children(recursive=True)
    assert stop(up) == 0
    _, alive = psutil.wait_procs(everybody, timeout=PATIENCE)
    assert alive == []
    assert not (data_dir / "postgres" / "postmaster.pid").exists()
    assert not answers(port)


def test_up_that_was_killed_leaves_nobody_answering_and_can_be_started_again(run, data_dir):
    servers.with_tables(data_dir)
    port = free_port()
    up = run("up", "--port", str(port))
    serves(up, port)
    family = psutil.Process(up.pid).children(recursive=True)
    postgres = (data_dir / "postgres" / "postmaster.pid").read_text().split()[0]
    up.kill()
    up.wait()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []
    again = run("up", "--port", str(port))
    serves(again, port)
    assert (data_dir / "postgres" / "postmaster.pid").read_text().split()[0] == postgres
    assert stop(again) == 0
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


def test_up_with_missing_settings_says_all_of_them_and_starts_nothing(environ, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "helpline", "up"],
        env={"PATH": os.environ["PATH"], "HELPLINE_DATA_DIR": str(tmp_path / "none"), "TWILIO_AUTH_TOKEN": "x"},
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2
    missing = {name for name in environ if name.startswith(("TWILIO_ACC", "HELPLINE_"))} - {
        "HELPLINE_DATA_DIR"
    }
    assert {line.split(":")[0] for line in done.stderr.splitlines()} == missing
    assert not (tmp_path / "none").exists()


def test_up_on_a_port_that_is_taken_says_so(run, environ):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("up", "--port", str(taken.getsockname()[1]))
        assert done.wait(PATIENCE) == 1


@pytest.mark.parametrize("option", ["--port", "--carrier-port"])
def test_the_demo_on_a_port_that_is_anothers_starts_nothing_and_tells_it_nothing(
    run, data_dir, tmp_path, option
):
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        ports = {"--port": free_port(), "--carrier-port": free_port()} | {option: other.getsockname()[1]}
        demo = run("demo", *(str(word) for pair in ports.items() for word in pair))
        assert demo.wait(PATIENCE) == 1
        with pytest.raises(BlockingIOError):
            other.accept()
    assert f"Choose another {option}." in (tmp_path / "log").read_text()
    assert not data_dir.exists()


def test_the_demo_needs_two_ports(run, data_dir):
    port = str(free_port())
    assert run("demo", "--port", port, "--carrier-port", port).wait(PATIENCE) == 1
    assert not data_dir.exists()
