"""A browser at the console, as far as a race needs one: a session of its own, the token of forms, buttons over HTTP.

Knows addresses and what pages show; no service and no table of the application. Every request has a connection of its own, so
that two clicks at once are two requests at once.
"""

import base64
import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

LONGEST = 60.0
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
_CLAIM = re.compile(r'name="claim_no" value="([0-9]+)"')
_SHEET = re.compile(r"/callbacks/([0-9]+)$")


class Broken(Exception):
    """The console answered what it never should: an error of its own, or a page for signing in."""


@dataclass(frozen=True)
class Answer:
    """What came back: where it leads (empty: nowhere), what is said on the next page, and of which kind that is."""

    status: int
    body: str
    leads_to: str
    kind: str
    words: str

    @property
    def callback_id(self) -> int | None:
        """Whose sheet it leads to, if to one."""
        found = _SHEET.search(self.leads_to)
        return int(found[1]) if found else None

    @property
    def refused(self) -> bool:
        """Whether the page says that this was not done."""
        return self.kind == "bad" or self.status == 422


@dataclass
class Browser:
    """One person's browser, at the console on this port."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def sign_in(self, login: str, password: str) -> "Browser":
        """By the page for it. Raises `Broken` when that does not lead in."""
        self.open("/sign-in")
        answer = self.press("/sign-in", login=login, password=password, next="")
        if "session" not in self.cookies:
            raise Broken(f"signing in: {answer.status}")
        self.open("/callbacks")  # forms of who is signed in carry another token
        return self

    def open(self, path: str) -> Answer:
        """A page; the token of its forms is that of the next button."""
        answer = self._ask("GET", path)
        if found := _TOKEN.search(answer.body):
            self.token = found[1]
        return answer

    def look(self, path: str) -> Answer:
        """What a page asks by itself, as htmx does."""
        return self._ask("GET", path, headers={"HX-Request": "true", "X-Live": "1"})

    def press(self, path: str, **fields: object) -> Answer:
        """A button of a form of ours."""
        body = urlencode({"csrf": self.token} | fields)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def claim_no(self, callback_id: int) -> int | None:
        """The number of one's claim, as the sheet's own forms carry it; None when it shows none."""
        found = _CLAIM.search(self.open(f"/callbacks/{callback_id}").body)
        return int(found[1]) if found else None

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            given = {"Cookie": cookies, "Sec-Fetch-Site": "same-origin"} | (headers or {})
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            text = answer.read().decode()
            kind, words = self._keep(answer.headers.get_all("Set-Cookie") or [])
            leads_to = answer.headers.get("Location", "")
        finally:
            connection.close()
        if answer.status >= 500 or answer.status in {400, 401, 403} or leads_to.startswith("/sign-in"):
            raise Broken(f"{method} {re.sub('[0-9]+', 'N', path)}: {answer.status} {leads_to}")
        return Answer(answer.status, text, leads_to, kind, words)

    def _keep(self, set_cookies: list[str]) -> tuple[str, str]:
        """Keep what is to be kept; what the next page would say is read at once, and its kind."""
        said = ("", "")
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                if name == "notice":
                    said = _said(morsel.value) or said
                elif morsel.value:
                    self.cookies[name] = morsel.value
        return said


def _said(sealed: str) -> tuple[str, str] | None:
    text = sealed.rpartition(".")[0]
    if not text:
        return None
    [(kind, words)] = json.loads(base64.urlsafe_b64decode(text))
    return kind, words
