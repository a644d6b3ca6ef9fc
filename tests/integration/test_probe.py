"""`helpline probe`: a line that works is good, one that is down or answers wrongly is not, and who should know is told once."""

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from helpline import create_app, db
from helpline.alerts import commands, heartbeat, probe, reading, standing
from helpline.alerts.kinds import Kind
from helpline.alerts.probe import Line
from helpline.calls import probes
from helpline.calls.models import Call, Step
from helpline.config import Settings
from helpline.db import sweepings, tallies
from helpline.ivr import conduct
from helpline.processes import beats as process_beats
from helpline.routing import beats
from helpline.telephony import signature
from tests import ports
from tests.conftest import ENVIRONMENT
from tests.integration import queue_rows
from tests.integration.alert_deeds import later, only

TOKEN = "a token for probes of the tests, long enough"
AUTH = ENVIRONMENT["TWILIO_AUTH_TOKEN"]


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


@pytest.fixture
def line(environ, database, at):
    """The address of the line's own pages, answered over HTTP."""
    at(queue_rows.TUESDAY)
    tallies.taken()  # what other tests of this process counted
    port = ports.free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Settings.from_env(environ | {"HELPLINE_PUBLIC_URL": url, "HELPLINE_PROBE_TOKEN": TOKEN}))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wrong():
    """Another server, which answers what it is told to: (status, content type, body)."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, body = answers.get(self.path, (200, "text/plain", b"ok"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the server's words

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()
        thread.join()


def looked(line):
    return {check.name: check.why for check in probe.look(line)}


def rows():
    with db.transaction() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in (Call, Step)]


def test_a_line_that_works_is_good_and_the_call_leaves_no_trace(line):
    beats.beat_of_clock()
    found = looked(Line(line, "milan", AUTH, TOKEN))
    assert found == {"live": "", "call": "", "clip": "", "report": ""}
    assert rows() == [0, 0]
    with db.transaction() as session:
        (seen,) = reading.probes(session)
    assert seen.place == "milan"


def test_a_call_of_somebody_else_stays(line):
    answer = _called(line, "CA" + "1" * 32)
    assert answer.status == 200
    assert rows() == [1, 1]


def test_a_probe_does_not_ask_a_database_again_that_has_just_failed_to_answer(line, monkeypatch):
    monkeypatch.setattr(conduct.breaker, "until", time.monotonic() + 60)
    asked = []
    monkeypatch.setattr(probes, "forget", asked.append)
    assert _called(line, probes.new_sid()).status == 200
    assert asked == []


def test_what_a_process_left_is_forgotten_by_the_clock(database, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        session.add_all(Call(sid=sid, status="ringing") for sid in (probes.new_sid(), "CA" + "2" * 32))
    assert probes.forget_left() == 0
    later(minutes=2)
    assert probes.forget_left() == 1
    assert rows() == [1, 0]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"auth_token": "another"}, {"call": "answered 403"}),
        ({"auth_token": AUTH, "probe_token": "another"}, {"report": "answered 403"}),
        ({"probe_token": TOKEN}, {"report": "the line's clock does not run"}),
    ],
)
def test_what_does_not_fit_is_named(line, given, fault):
    found = looked(Line(line, "milan", **given))
    assert {name: why for name, why in found.items() if why} == fault


MENU = b"<Response><Gather><Play>/audio/a.wav</Play></Gather></Response>"
BOMB = '<!DOCTYPE a [<!ENTITY x "/audio/a.wav">]><Response><Gather><Play>&x;</Play></Gather></Response>'


@pytest.mark.parametrize(
    ("path", "answer", "fault"),
    [
        ("/health/live", (503, "text/plain", b""), {"live": "answered 503"}),
        ("/voice/incoming", (302, "text/xml", MENU), {"call": "answered 302"}),
        ("/voice/incoming", (200, "text/html", MENU), {"call": "the answer to a call is no document"}),
        ("/voice/incoming", (200, "text/xml", b"<Resp"), {"call": "the answer to a call is no document"}),
        (
            "/voice/incoming",
            (200, "text/xml", b"<!DOCTYPE a><Response/>"),
            {"call": "the answer to a call is no document"},
        ),
        (
            "/voice/incoming",
            (200, "text/xml", BOMB.encode("utf-16")),
            {"call": "the answer to a call is no document"},
        ),
        (
            "/voice/incoming",
            (200, "text/xml", b'<?xml version="1.0" encoding="of-nobody"?>' + MENU),
            {"call": "the answer to a call is no document"},
        ),
        (
            "/voice/incoming",
            (200, "text/xml", b'<?xml version="1.0" encoding="utf-7"?>' + MENU),
            {"call": "the answer to a call is no document"},
        ),
        (
            "/voice/incoming",
            (200, "text/xml", MENU + b" " * probe.LARGEST_DOCUMENT),
            {"call": "the answer to a call is too long"},
        ),
        (
            "/voice/incoming",
            (200, "text/xml", b"<Response><Say>sorry</Say></Response>"),
            {"call": "the answer to a call has no language menu"},
        ),
        ("/audio/a.wav", (404, "audio/wav", b""), {"clip": "answered 404"}),
        ("/audio/a.wav", (200, "audio/wav", b"<html>"), {"clip": "a clip is no sound"}),
    ],
)
def test_a_line_that_answers_wrongly_is_not_good(wrong, path, answer, fault):
    url, answers = wrong
    sound = b"RIFF\0\0\0\0WAVE" + b"\0" * 100
    answers |= {"/voice/incoming": (200, "text/xml", MENU), "/audio/a.wav": (200, "audio/wav", sound)}
    assert not any(looked(Line(url, "milan", AUTH)).values())
    answers[path] = answer
    found = looked(Line(url, "milan", AUTH))
    assert {name: why for name, why in found.items() if why} == fault


def test_a_line_that_is_down_is_said_in_json_and_by_the_exit_code(monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    url = f"http://127.0.0.1:{ports.free_port()}"
    result = CliRunner().invoke(commands.probe_line, [url, "--place", "milan"])
    assert result.exit_code == 1
    (said,) = map(json.loads, result.output.splitlines())
    assert (said["check"], said["good"], said["why"]) == ("live", False, "no connection")


def test_every_fault_in_what_is_given_is_told_at_once(monkeypatch):
    for name in ("HELPLINE_SMTP_URL", "HELPLINE_MAIL_FROM", "TWILIO_AUTH_TOKEN", "HELPLINE_PROBE_SECRET"):
        monkeypatch.setenv(name, "")
    result = CliRunner().invoke(
        commands.probe_line,
        ["line", "--call", "--place", "Mi lan", "--mail", "x", "--webhook", "https://a.example.org/x", "--heartbeat", "http://x"],
    )  # fmt: skip
    assert len(result.exception.faults) == 8


class Enough(Exception):
    """The test has seen enough looks."""


def test_it_tells_once_that_the_line_is_down_and_once_that_it_is_back(monkeypatch, wrong, receiver, postbox):
    url, answers = wrong
    states = iter([True, False, True, False, False, False, True, True])

    def next_look(_seconds):
        good = next(states, None)
        if good is None:
            raise Enough
        answers["/health/live"] = (200 if good else 500, "text/plain", b"")

    secret = "whsec_" + "A" * 43 + "="
    given = {
        "HELPLINE_SMTP_URL": f"smtp://127.0.0.1:{postbox.port}", "HELPLINE_MAIL_FROM": "probe@example.org",
        "HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8", "HELPLINE_PROBE_SECRET": secret, "TWILIO_AUTH_TOKEN": "",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(commands, "_wait", next_look)
    hook = f"http://127.0.0.1:{receiver.server_port}"
    words = [url, "--every", "10", "--place", "milan", "--mail", "desk@example.org"]
    words += ["--webhook", f"{hook}/told", "--heartbeat", f"{hook}/alive"]
    result = CliRunner().invoke(commands.probe_line, words)
    assert isinstance(result.exception, Enough)
    told = [json.loads(body)["type"] for path, _, body in receiver.taken if path == "/told"]
    assert told == ["line.down", "line.up"]
    assert [path for path, _, _ in receiver.taken].count("/alive") == 5
    assert [str(mail["Subject"]) for _, mail in postbox.mails] == [
        "URGENTE: la linea non si raggiunge",
        "La linea si raggiunge di nuovo",
    ]


def test_a_probe_that_falls_silent_is_an_alert_of_the_line(line, settings):
    only(Kind.PROBE_SILENT)
    beats.beat_of_clock()
    probe.look(Line(line, "milan", "", TOKEN))
    later(minutes=9)
    assert standing.work(settings) == 0
    later(minutes=1)
    assert standing.work(settings) == 1


def test_who_has_no_token_says_nothing(line, environ, database):
    refused = probe.ask("POST", f"{line}/health/probed", b"{}", {"Authorization": "Bearer x"})
    assert refused.status == 403
    good = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    for body in (b"{}", b'{"place": "A b", "took_ms": 1}', b'{"place": "a", "took_ms": "1"}', b"[]"):
        assert probe.ask("POST", f"{line}/health/probed", body, good).status == 400
    bare = create_app(Settings.from_env(environ)).test_client()
    assert bare.post("/health/probed").status_code == 404


def test_the_heartbeat_goes_out_only_while_everything_is_well(
    here, environ, receiver, database, at, monkeypatch
):
    at(queue_rows.TUESDAY)
    address = f"http://127.0.0.1:{receiver.server_port}/ping"
    alive = Settings.from_env(
        environ | {"HELPLINE_WEBHOOK_ALLOW": "127.0.0.0/8", "HELPLINE_HEARTBEAT_URL": address}
    )
    assert heartbeat.beat(alive) == 0, "nobody looks for alerts"
    with db.transaction() as session:
        sweepings.good(session, "helpline.alerts.standing.work")
    assert heartbeat.beat(alive) == 1
    assert heartbeat.beat(here) == 0, "no address is set"
    later(minutes=4)
    assert heartbeat.beat(alive) == 0
    assert len(receiver.taken) == 1


def test_the_carriers_errors_and_refused_webhooks_are_counted_and_nothing_else_of_them_is_kept(line):
    payload = '{"resource_sid": "CA1", "error_code": "11200", "more_info": {"From": "+393330000001"}}'
    for level in ("ERROR", "Error", "WARNING"):
        assert _posted(line, "debugger", {"Level": level, "Payload": payload}).status == 200
    assert probe.ask("POST", f"{line}/voice/incoming", b"CallSid=CA1").status == 403
    assert probe.ask("GET", f"{line}/audio/{'0' * 64}.wav").status == 404
    assert probe.ask("GET", f"{line}/audio/x.wav").status == 404
    process_beats.note()
    with db.transaction() as session:
        counted = tallies.lately(session, timedelta(minutes=10))
    assert counted == {"carrier 11200": 2, "webhook refused": 1, "clip": 1}


def _called(url, sid):
    return _posted(url, "incoming", {"CallSid": sid, "From": "anonymous", "To": ""})


def _posted(url, name, fields):
    signed = signature.sign(AUTH, f"{url}/voice/{name}", fields.items())
    given = {"Content-Type": "application/x-www-form-urlencoded", signature.HEADER: signed}
    return probe.ask("POST", f"{url}/voice/{name}", urlencode(fields).encode(), given)
