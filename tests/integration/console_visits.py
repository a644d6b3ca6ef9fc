"""Somebody who visits the console in tests: signed in or not, with the tokens that forms carry."""

import csv
import io
import re
from dataclasses import dataclass, field
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpline import console, db, web
from helpline.ivr import start
from helpline.people import sessions
from helpline.voice import catalogue, library
from tests import servers
from tests.integration import people_rows

HTTPS = "https://line.example.org"


def application(settings):
    """The console alone: what it needs of the whole application, without the menu and the prompts."""
    app = Flask("helpline", static_folder=None)
    app.extensions |= heard()
    web.prepare(app)
    console.register(app, settings)
    return app


@cache
def heard():
    """The menu and what it plays, as the whole application has them; made once, since nothing is published into it."""
    folder = servers.new_folder() / "clips"
    ours = library.Library(catalogue.load(), folder, every=1e9)
    return {"flow": start.ready_flow(ours.catalogue), "library": ours}


@dataclass
class Visitor:
    """A browser at the console."""

    app: Flask
    client: FlaskClient = field(init=False)
    who: object = None

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def jar(self):
        return self.app.extensions["console_jar"]

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(self.jar.name(name), domain="line.example.org")
        return found.value if found else None

    def get(self, path: str, **words) -> TestResponse:
        return self.client.get(path, base_url=HTTPS, **words)

    def post(self, path: str, data=None, *, token: str | None = None, **words) -> TestResponse:
        """A form of ours, with its token (or with `token` instead)."""
        given = dict(data or {}) | {"csrf": self.token() if token is None else token}
        return self.client.post(path, base_url=HTTPS, data=given, **words)

    def token(self) -> str:
        """What a form of ours would carry now."""
        bound = self.cookie("session") or self.cookie("pending") or self.cookie("visitor")
        if not bound:
            self.get("/sign-in")
            bound = self.cookie("visitor") or ""
        return self.jar.sign("form", bound)

    def sign_in(self, login="anna", **person) -> "Visitor":
        """Signed in as somebody who was made for it, past the page for signing in."""
        self.who = people_rows.make(login, **({"password": None} | person))
        with db.transaction() as session:
            token = sessions.begin(session, self.who.id)
        self.client.set_cookie(self.jar.name("session"), token, domain="line.example.org", secure=True)
        return self


def cells_of(response: TestResponse, between: str) -> list[list[str]]:
    """The rows of a CSV file as a spreadsheet that expects this between cells opens it."""
    assert response.mimetype == "text/csv" and response.data.startswith(b"\xef\xbb\xbf")
    told = response.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(told, newline=""), delimiter=between, strict=True))


def words_of(response: TestResponse) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<script.*?</script>|<svg.*?</svg>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)
