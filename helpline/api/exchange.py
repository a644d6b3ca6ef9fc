"""One POST on one connection, which is over by its deadline whatever the other side does. Judges no address.

Nothing of an answer is wanted but its status. Every wait is given what is left until the deadline, so neither bytes
that come one by one nor answers "100 Continue" without end keep us; what is too long is not read to its end.
"""

import re
import socket
import ssl
import time
from contextlib import suppress

CONNECT_SECONDS = 4.0
LONGEST_HEAD = 16_384
MOST_INTERIM = 5
"""So many answers of the kind "go on" may come before the one that counts."""

_CHUNK = 4096
_SWITCHING = 101
_STATUS = re.compile(rb"HTTP/1\.[01] +([1-9][0-9]{2})(?=[ \r\n]|$)")
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_LONGEST_END = 4


def left(deadline: float) -> float:
    """Seconds until a deadline of `time.monotonic()`. Raises `TimeoutError` when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the deadline has passed")
    return seconds


def request(target: str, host: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of a POST after which the connection is closed. Raises `ValueError` for what would break a line."""
    lines = {"Host": host, "Content-Length": str(len(body)), "Connection": "close"} | headers
    head = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    if any(not line.isprintable() for line in head):
        raise ValueError("a header holds what no line may hold")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def post(to: str, port: int, message: bytes, deadline: float, *, tls_name: str | None) -> int:
    """Send a whole request to an address and give the answer's status; with TLS when `tls_name` is given.

    Raises `TimeoutError` at the deadline at the latest, `ssl.SSLError`, other `OSError`, and `ValueError` for an answer
    that is none, too long, or comes after too many that only say "go on".
    """
    with socket.create_connection((to, port), timeout=min(CONNECT_SECONDS, left(deadline))) as plain:
        if tls_name is None:
            return _exchanged(plain, message, deadline)
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        plain.settimeout(left(deadline))  # which holds for the handshake as a whole
        with context.wrap_socket(plain, server_hostname=tls_name) as wrapped:
            return _exchanged(wrapped, message, deadline)


def _exchanged(connection: socket.socket, message: bytes, deadline: float) -> int:
    unsent = memoryview(message)
    with suppress(BrokenPipeError):  # it may have answered before it read all
        while unsent:
            connection.settimeout(left(deadline))
            unsent = unsent[connection.send(unsent) :]
    return _status(connection, deadline)


def _status(connection: socket.socket, deadline: float) -> int:
    """The status of the first answer that counts, once its head is here."""
    unread, taken, seen, interim = bytearray(), 0, 0, 0
    while True:
        end = _HEAD_ENDS.search(unread, max(0, seen - _LONGEST_END + 1))
        if end:
            status = _read(unread)
            if status >= 200 or status == _SWITCHING:
                return status
            interim += 1
            if interim > MOST_INTERIM:
                raise ValueError("too many answers before the one that counts")
            del unread[: end.end()]
            seen = 0
            continue
        if taken > LONGEST_HEAD:
            raise ValueError("the answer's head is too long")
        seen = len(unread)
        connection.settimeout(left(deadline))
        more = connection.recv(_CHUNK)
        if not more:
            return _read(unread)
        taken += len(more)
        unread += more


def _read(head: bytearray) -> int:
    found = _STATUS.match(head)
    if not found:
        raise ValueError("what came is no answer of HTTP")
    return int(found[1])
