"""How a request leaves the stand-in carrier: over HTTP, or straight into a WSGI application. Knows no TwiML, no call."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Budget:
    """Seconds allowed: to connect, until the first byte and between packets, and in all."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class NoAnswer(Exception):
    """Nothing usable came back. `why` is `ct` (no connection), `rt` (too slow) or `cut` (half an answer)."""

    def __init__(self, code: int, why: str, reason: str) -> None:
        self.code = code
        self.why = why
        super().__init__(reason)


Transport = Callable[[str, str, Headers, bytes, Budget], Answer]


def target_of(url: str) -> str:
    """The raw request target: path and query exactly as they stand in the URL."""
    rest = url.partition("#")[0].partition("://")[2]
    start = min((rest.find(mark) for mark in "/?" if mark in rest), default=-1)
    target = rest[start:] if start >= 0 else "/"
    return target if target.startswith("/") else "/" + target


def over_http(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
    """Send one request over the network. Raises NoAnswer."""
    parts = urlsplit(url)
    end = time.monotonic() + budget.total
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=min(budget.connect, budget.total))
    try:
        line.connect()
    except ssl.SSLError as wrong:
        raise NoAnswer(11220, "ct", f"no TLS connection: {wrong}") from None
    except socket.gaierror:
        raise NoAnswer(11210, "ct", "the host has no address") from None
    except OSError as wrong:
        raise NoAnswer(11205, "ct", f"no connection: {wrong}") from None
    try:
        return _exchange(line, method, target_of(url), headers, body, budget, end)
    except TimeoutError:
        raise NoAnswer(11205, "rt", "no answer in time") from None
    except (OSError, http.client.HTTPException) as wrong:
        raise NoAnswer(11206, "cut", f"no valid HTTP answer: {type(wrong).__name__}") from None
    finally:
        line.close()


def _exchange(
    line: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: Headers,
    body: bytes,
    budget: Budget,
    end: float,
) -> Answer:
    wire = line.sock

    def patience() -> None:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        wire.settimeout(min(budget.read, left))

    patience()
    line.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers:
        line.putheader(name, value)
    if method == "POST":
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body or None)
    answer = line.getresponse()
    parts = []
    while True:
        patience()
        part = answer.read1(65536)
        if not part:
            break
        parts.append(part)
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return Answer(answer.status, answer.getheaders(), b"".join(parts))


def into_wsgi(app: Callable[..., Iterable[bytes]]) -> Transport:
    """A transport that calls a WSGI application directly, as its server would.

    An exception in the application goes through to whoever is testing it. Time can only be judged afterwards.
    The raw target stands in `RAW_URI` and `REQUEST_URI`, as servers that keep it say it.
    """

    def send(method: str, url: str, headers: Headers, body: bytes, budget: Budget) -> Answer:
        began = time.monotonic()
        started: list[Any] = []

        def start_response(status: str, sent: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
            if exc_info and started:
                raise exc_info[1].with_traceback(exc_info[2])
            started[:] = [int(status.split(" ", 1)[0]), list(sent)]
            return parts.append

        parts: list[bytes] = []
        result = app(_environ(method, url, headers, body), start_response)
        try:
            parts.extend(result)
        finally:
            close = getattr(result, "close", None)
            if close:
                close()
        if time.monotonic() - began > min(budget.read, budget.total):
            raise NoAnswer(11205, "rt", "no answer in time")
        return Answer(started[0], started[1], b"".join(parts))

    return send


def _environ(method: str, url: str, headers: Headers, body: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    target = target_of(url)
    path, _, query = target.partition("?")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in [("Host", parts.netloc.rpartition("@")[2]), *headers]:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ
