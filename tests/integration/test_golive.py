"""The go-live check of an installation: by command, on its page, at a release, and from outside as the carrier fetches."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask, Response
from sqlalchemy import select
from werkzeug.serving import make_server

from helpline import clock, db
from helpline.line import notices
from helpline.people.roles import Role
from helpline.processes import releasing
from helpline.voice import checking, commands, fetching, golive, tone
from helpline.voice.catalogue import load
from helpline.voice.library import Library
from helpline.voice.manifest import Clips, Manifest
from helpline.voice.models import PromptClip
from helpline.voice.serving import audio_blueprint
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application
from tests.integration.people_deeds import do
from tests.integration.prompt_rows import CATALOGUE

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def editor():
    return prompt_rows.editor()


@pytest.fixture
def published(editor):
    """A set in which one prompt is recorded; the clip."""
    clip = prompt_rows.clip(by=editor)
    prompt_rows.put(clip, editor)
    prompt_rows.publish(editor)
    return clip


@pytest.fixture
def served():
    """Serves an application on this machine; its address."""
    servers = []

    def serve(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def report(which="live"):
    with db.transaction() as session:
        return checking.report(session, CATALOGUE, which)


def names(findings):
    return sorted((one.name, one.language, one.prompt) for one in findings)


def test_the_newest_set_and_the_draft_are_judged(published, editor):
    prompt_rows.put(prompt_rows.clip("goodbye", by=editor, hertz=500), editor, "goodbye")
    live, draft = report()[0], report("draft")[0]
    assert [one.recorded for one in live.voiced if one.language == "bn"] == [1]
    assert [one.recorded for one in draft.voiced if one.language == "bn"] == [2]


def test_what_was_published_under_another_name_is_found(published):
    with db.transaction() as session:
        session.scalars(select(PromptClip)).one().language = "en"
    assert ("other_language", "bn", "welcome") in names(report()[0].of(golive.NEVER))


def library(tmp_path):
    ours = Library(CATALOGUE, tmp_path / "clips", prompts=tmp_path / "none")
    ours.refresh()
    return ours


def test_every_clip_is_fetched_as_the_carrier_does(published, tmp_path, served):
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(audio_blueprint(library(tmp_path)))
    asked = []

    @app.before_request
    def note() -> None:
        from flask import request

        asked.append((request.path, dict(request.headers)))

    assert fetching.fetched(report()[1], served(app) + "/") == []
    assert {path for path, _ in asked} == {f"/audio/{published}.wav", f"/audio/{tone.HASH}.wav"}
    for _, headers in asked:
        assert not {"Cookie", "Authorization", "X-Twilio-Signature"} & headers.keys()
    assert sum("If-None-Match" in headers for _, headers in asked) == 2


def answer(
    content: bytes = tone.WAV, *, status: int = 200, known: bool = True, **headers: str
) -> Callable[..., Response]:
    def view(digest: str) -> Response:
        from flask import request

        response = Response(content, status=status, mimetype="audio/wav")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.set_etag(digest)
        for name, value in headers.items():
            response.headers[name.replace("_", "-")] = value
        return response.make_conditional(request) if known else response

    return view


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (answer(), None),
        (answer(Content_Type="text/html"), "wrong_type"),
        (answer(b"RIFF other"), "wrong_content"),
        (answer(status=404, known=False), "wrong_status"),
        (answer(status=302, known=False, Location="/elsewhere"), "wrong_status"),
        (answer(Cache_Control="no-store"), "not_cached"),
        (answer(Cache_Control="public, max-age=60"), "not_cached"),
        (answer(Set_Cookie="a=b"), "cookie"),
        (answer(known=False), "no_304"),
    ],
)
def test_each_fault_of_an_answer_is_named(served, view, name):
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/audio/<digest>.wav", view_func=view)
    found = fetching.fetched(Manifest(0, CATALOGUE, Clips({})), served(app))
    assert [one.name for one in found] == ([name] if name else [])
    assert all("/audio/" in str(one) for one in found)


@pytest.mark.parametrize(
    "wire",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 90\r\n\r\nRIFF",
        b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nRIFF",
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\nContent-Length: 4\r\n\r\nRIFF",
        b"good day\r\n\r\n",
        b"",
    ],
    ids=[
        "broken off",
        "bad chunk",
        "not packed as it says",
        "two lengths",
        "no answer of the web",
        "nothing",
    ],
)
def test_an_answer_that_breaks_off_or_is_none_is_told_and_ends_nothing(wire):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            with suppress(OSError):  # closed: the test is over
                while True:
                    with listening.accept()[0] as caller:
                        caller.recv(4096)
                        caller.sendall(wire)

        threading.Thread(target=speak, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        found = fetching.fetched(Manifest(0, CATALOGUE, Clips({})), address)
    assert [one.name for one in found] == ["not_fetched"]


def test_an_address_that_does_not_answer_is_told_for_each_clip():
    found = fetching.fetched(Manifest(0, CATALOGUE, Clips({})), "http://127.0.0.1:9")
    assert [one.name for one in found] == ["not_fetched"]


@pytest.fixture
def run(database, environ, monkeypatch, settings):
    """Run `helpline prompts …` in this installation."""
    for name, value in {
        **environ, "DATABASE_URL": database.database_url.replace("postgresql+psycopg", "postgresql"),
        "REDIS_URL": database.redis_url,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run_command(*words):
        result = CliRunner().invoke(commands.prompts, words)
        db.connect(settings, database_url=database.database_url, redis_url=database.redis_url)
        return result

    return run_command


def test_the_command_says_what_is_not_ready(run, served, tmp_path):
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(audio_blueprint(library(tmp_path)))
    seen = run("check", "--url", served(app))
    said = seen.exception.faults
    assert "bn: said by the carrier's own voice: 271 of 271 prompts" in said
    assert len(said) == 9  # a line for each language, and nothing about what was fetched
    assert "must be an address" in str(run("check", "--url", "https://line.example.org/path").exception)


def test_the_clips_of_notices_are_fetched_too_but_of_those_that_are_over(run, served, tmp_path):
    now, gone = clock.now(), "a" * 64
    for hours in (-3, 3):
        given = notices.Given(
            {"it": "Oggi siamo chiusi."}, now - timedelta(hours=4), now + timedelta(hours=hours)
        )
        notice_id, _ = do(notices.save, given, who="test")
        do(notices.put_clip, notice_id, "it", gone, given.texts["it"], who="test")
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(audio_blueprint(library(tmp_path)))
    said = run("check", "--url", served(app)).exception.faults
    (told,) = [one for one in said if gone in one]
    assert told.startswith(f"it/notice_{notice_id}: /audio/{gone}.wav: it was answered with")


def test_the_page_says_it_in_ones_own_language(settings, published):
    visitor = Visitor(application(settings)).sign_in(roles=(Role.EDITOR,))
    page = visitor.get("/prompts/check")
    assert page.status_code == 200
    assert "Non ancora pronto" in page.text
    assert "con la voce del gestore telefonico: 271 messaggi su 271" in page.text
    assert '<bdi dir="ltr">0655500222</bdi>' in page.text  # among the longest sentences
    draft = visitor.get("/prompts/check?set=draft")
    assert draft.status_code == 200
    assert "come sarebbe pubblicata" in draft.text


def test_a_release_warns_of_what_is_not_ready_and_refuses_what_must_never_be_heard(database, editor):
    never, others = releasing.live_check(database.database_url)
    assert never == []
    assert "prompts: bn: said by the carrier's own voice: 271 of 271 prompts" in others
    prompt_rows.put(prompt_rows.clip(text=load().text("bn", "welcome"), by=editor), editor)
    prompt_rows.publish(editor)
    with db.transaction() as session:
        session.scalars(select(PromptClip)).one().seconds = 25.0
    never, others = releasing.live_check(database.database_url)
    assert never == ["prompts: bn/welcome: its clip lasts 25 seconds, more than 20"]


def test_recordings_are_moved_by_a_command(run, published, tmp_path):
    done = run("move", "--from", "database:", "--to", f"file://{tmp_path}/kept")
    assert (done.exit_code, done.output) == (0, "moved 1, missing 0\n")
    assert (tmp_path / "kept" / "clips" / published[:2] / published).is_file()
    assert run("move", "--from", "database:", "--to", "ftp://x").exception.faults == [
        "ftp://x: must be database:, file:///folder or s3://bucket/prefix"
    ]
