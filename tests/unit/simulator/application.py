"""A tiny application for the stand-in carrier to talk to: documents by path, and a diary of what was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from helpline.simulator import Carrier, clips, into_wsgi
from helpline.simulator.signer import signature

SID = "AC" + "0" * 32
TOKEN = "a token of the tests"
SAY = '<Say voice="Google.it-IT-Standard-A" language="it-IT">{}</Say>'


def response(inside: str) -> str:
    """A whole document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def say(text: str) -> str:
    """An Italian sentence."""
    return SAY.format(text)


@dataclass
class Asked:
    """A request that the application got."""

    path: str
    form: dict[str, str]
    environ: dict[str, Any]

    @property
    def genuine(self) -> bool:
        """Whether the signature is the one that these fields and this address must have."""
        address = f"{self.environ['wsgi.url_scheme']}://{self.environ['HTTP_HOST']}{self.environ['RAW_URI']}"
        given = self.environ.get("HTTP_X_TWILIO_SIGNATURE")
        return given == signature(TOKEN, address, self.form.items())


@dataclass
class Application:
    """Answers each path with what stands in `documents`: a string (TwiML inside), bytes (a WAV), a
    (status, headers, body) or a function of the form that returns one of these."""

    documents: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read().decode()
        if environ["REQUEST_METHOD"] == "GET":
            body = environ["QUERY_STRING"]
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)))
        self.asked.append(Asked(environ["PATH_INFO"], form, environ))
        status, headers, answer = self._answer(environ["PATH_INFO"], form)
        start_response(f"{status} -", headers)
        return [answer]

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        found = self.documents.get(path, (404, [], b""))
        if callable(found):
            found = found(form)
        if isinstance(found, str):
            return 200, [("Content-Type", "text/xml; charset=utf-8")], response(found).encode()
        if isinstance(found, bytes):
            return 200, [("Content-Type", "audio/wav"), ("Cache-Control", "public, max-age=60")], found
        status, headers, body = found
        return status, headers, body

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms that came to one path."""
        return [asked.form for asked in self.asked if asked.path == path]


def carrier_for(documents: dict[str, Any], **options: Any) -> tuple[Carrier, Application]:
    """A carrier in front of an application whose calls begin at /voice/incoming."""
    application = Application({"/voice/status": (204, [], b""), **documents})
    carrier = Carrier(SID, TOKEN, "https://line.example", into_wsgi(application), seed=1, **options)
    return carrier, application


def clip(text: str, language: str, name: str, seconds: float = 2.0) -> bytes:
    """A clip that says what it is."""
    return clips.make(b"\1\0" * int(8000 * seconds), info={"INAM": name, "ILNG": language, "ICMT": text})
