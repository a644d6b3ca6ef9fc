"""One look at the line from outside, as the carrier sees it: does it live, does it answer a call with the language menu, is what
it plays a sound. Needs neither database nor settings of the line; makes no telephone ring."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree
from xml.parsers import expat

from helpline.calls import probes
from helpline.telephony import signature

SECONDS = 10.0
LARGEST = 4 * 1024 * 1024
LARGEST_DOCUMENT = 64 * 1024
"""The carrier takes no longer one."""

CLOCK_LATE = 60
_WAV = (b"RIFF", b"WAVE", 44)
Said = TypeVar("Said")


class Bad(Exception):
    """It is not as it should be; the message says how, in a few words."""


@dataclass(frozen=True)
class Check:
    """What came of one part of a look."""

    name: str
    good: bool
    ms: int
    why: str = ""


@dataclass(frozen=True, repr=False)
class Line:
    """The line that is looked at. `auth_token`: the carrier's, with which a call is made; `probe_token`: with which the line is
    told that it was reached from `place`."""

    url: str
    place: str
    auth_token: str = ""
    probe_token: str = ""
    to: str = ""


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes = field(repr=False)


def look(line: Line) -> list[Check]:
    """One look: each part, in order; after the first that is not good only what does not need it is tried."""
    checks = [_checked("live", lambda: _live(line))[0]]
    if line.auth_token:
        call, menu = _checked("call", lambda: _call(line))
        checks.append(call)
        if menu is not None:
            checks.append(_checked("clip", lambda: _clip(line, menu))[0])
    if line.probe_token and all(check.good for check in checks):
        took = sum(check.ms for check in checks)
        checks.append(_checked("report", lambda: _report(line, took))[0])
    return checks


def ask(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """Ask one address; redirects are not followed. Raises `Bad` when nothing usable comes within ten seconds."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    deadline = time.monotonic() + SECONDS
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method, target, body or None, {"User-Agent": "helpline-probe/1", **(headers or {})}
        )
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers.get("Content-Type", ""), _read(answer, deadline))
    except ssl.SSLError as error:
        raise Bad("certificate or TLS at fault") from error
    except TimeoutError as error:
        raise Bad("no answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Bad("no connection") from error
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    taken = bytearray()
    while piece := answer.read(65_536):
        taken += piece
        if len(taken) > LARGEST:
            raise Bad("the answer is too long")
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(taken)


def _checked(name: str, part: Callable[[], Said]) -> tuple[Check, Said | None]:
    began = time.monotonic()
    try:
        said = part()
    except Bad as bad:
        return Check(name, good=False, ms=_ms(began), why=str(bad)), None
    return Check(name, good=True, ms=_ms(began)), said


def _ms(began: float) -> int:
    return round(1000 * (time.monotonic() - began))


def _live(line: Line) -> None:
    _good(ask("GET", line.url + "/health/live"))


def _call(line: Line) -> ElementTree.Element:
    """A call begins: the document must be the language menu, in which a key can be pressed."""
    url = f"{line.url}/voice/incoming"
    fields = {
        "CallSid": probes.new_sid(),
        "AccountSid": "AC" + "0" * 32,
        "From": "anonymous",
        "To": line.to,
        "CallStatus": "ringing",
        "Direction": "inbound",
    }
    given = {
        "Content-Type": "application/x-www-form-urlencoded",
        signature.HEADER: signature.sign(line.auth_token, url, fields.items()),
    }
    answer = _good(ask("POST", url, urlencode(fields).encode(), given))
    if not answer.content_type.startswith(("text/xml", "application/xml")):
        raise Bad("the answer to a call is no document")
    document = _document(answer.body)
    if not any(said.tag in {"Play", "Say"} for gather in document.iter("Gather") for said in gather):
        raise Bad("the answer to a call has no language menu")
    return document


def _clip(line: Line, menu: ElementTree.Element) -> None:
    """The first sound of the menu can be fetched, and is one; a menu of the carrier's own voices alone has none."""
    plays = [(play.text or "").strip() for play in menu.iter("Play")]
    sounds = [url for url in plays if url]
    if not sounds:
        return
    url = sounds[0] if "://" in sounds[0] else line.url + sounds[0]
    if urlsplit(url).netloc != urlsplit(line.url).netloc:
        raise Bad("a clip is said to be at another address")
    sound = _good(ask("GET", url))
    riff, wave, head = _WAV
    if not (sound.body.startswith(riff) and sound.body[8:12] == wave and len(sound.body) > head):
        raise Bad("a clip is no sound")


def _report(line: Line, took_ms: int) -> None:
    given = {"Content-Type": "application/json", "Authorization": f"Bearer {line.probe_token}"}
    said = json.dumps({"place": line.place, "took_ms": took_ms}).encode()
    answer = _good(ask("POST", f"{line.url}/health/probed", said, given))
    try:
        seconds = json.loads(answer.body)["clock_seconds"]
    except (ValueError, KeyError, TypeError) as error:
        raise Bad("the line did not note the probe") from error
    if not isinstance(seconds, int) or seconds > CLOCK_LATE:
        raise Bad("the line's clock does not run")


def _good(answer: Answer) -> Answer:
    if answer.status != http.HTTPStatus.OK:
        raise Bad(f"answered {answer.status}")
    return answer


def _document(body: bytes) -> ElementTree.Element:
    """The document's elements. It may be anybody's: one that declares something is refused before that is read, in whatever
    encoding, so that there is nothing to expand and nothing to fetch."""
    if len(body) > LARGEST_DOCUMENT:
        raise Bad("the answer to a call is too long")
    no_document = Bad("the answer to a call is no document")

    def declared(*_: object) -> None:
        raise no_document

    builder, parser = ElementTree.TreeBuilder(), expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(body, True)
    # The last two are of an encoding that nobody can read.
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise no_document from error
    root = builder.close()
    if root.tag != "Response":
        raise no_document
    return root
