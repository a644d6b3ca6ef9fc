"""The console as a server, and a browser in front of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from helpline import db
from helpline.config import Settings
from helpline.people import sessions
from tests.browser import browsing
from tests.browser.browsing import CHROMIUM, Watched, chromium
from tests.browser.rehearsal import Demo, rehearsal
from tests.integration import people_rows
from tests.integration.console_visits import application
from tests.ports import free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.long)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return


@dataclass
class Console:
    """The console at an address of this machine, and people signed in to it."""

    app: Flask
    base: str

    def signed_in(self, login: str, **person: Any) -> list[Any]:
        """Somebody new, signed in: the cookies for a window."""
        who = people_rows.make(login, **({"password": None} | person))
        with db.transaction() as session:
            token = sessions.begin(session, who.id)
        return [{"name": "session", "value": token, "url": self.base}]


@pytest.fixture
def console(environ: dict[str, str], database: object) -> Iterator[Console]:
    """The console of an installation without https and without a demanded second factor, as in the demo."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    ours = environ | {"HELPLINE_PUBLIC_URL": base, "HELPLINE_SECOND_FACTOR": "optional"}
    app = application(Settings.from_env(ours))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Console(app, base)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")  # one at a time in a process: other modules have their own
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, console: Console) -> Iterator[Any]:
    """Open a window on the console, for the person of these cookies; nothing may have gone wrong in it at the end."""
    contexts, watched = [], []

    def open_window(cookies: list[Any] | None = None) -> Watched:
        context = browsing.window(browser, cookies or [])
        contexts.append(context)
        watched.append(Watched(context.new_page(), console.base))
        return watched[-1]

    yield open_window
    for context in contexts:
        context.close()
    assert [wrong for one in watched for wrong in one.wrong] == []


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo, as somebody who tries it starts it; none of its processes may have written down an error at the end."""
    with rehearsal() as running:
        yield running
        assert running.complaints() == []


@pytest.fixture
def window(browser: Browser, demo: Demo) -> Iterator[BrowserContext]:
    """A browser in front of the demo, with nobody signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="it-IT", reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    yield context
    context.close()
