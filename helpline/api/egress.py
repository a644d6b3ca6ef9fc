"""Sends to addresses that others gave us, and to none inside our own network. Knows no message and no entity.

A name is looked up once, what was found is judged, and the connection goes to that very address: a name that answers
differently the second time gains nothing. Redirects are not followed, answers are not read, proxies are not asked.
A try has one deadline, from the look-up to the answer's status: who is told must not be able to hold us.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from helpline.api import exchange
from helpline.people.addresses import Address, parsed

TRY_SECONDS = 8.0
"""For so long a whole try may last: the look-up of the name, the connection, TLS, the answer."""

LONGEST_ADDRESS = 500
PORTS = frozenset({443, 8443})
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Addresses that carry another one inside, which could be ours; and private ones of old, which Python takes for public.
_TUNNELS = tuple(
    ipaddress.ip_network(net)
    for net in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "fec0::/10")
)
_THIS_MACHINE = ipaddress.IPv4Address("127.0.0.1")


class Refused(Exception):
    """We do not send there, now or later; the message says why, and holds no address."""


class NotReached(Exception):
    """Nothing usable came back; the message is a short word or two for operators."""


class Answered(Exception):
    """The other side answered, but not that it took the message; `status` is its word."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered {status}")
        self.status = status


@dataclass(frozen=True, repr=False)
class Place:
    """An address for webhooks, taken apart."""

    scheme: str
    host: str
    port: int
    target: str


def faults(address: str, *, allow: Sequence[Network] = ()) -> list[str]:
    """Everything that is wrong with an address for webhooks before anybody looks it up; empty when nothing is."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ["is no address"]
    found = []
    local = _allowed(parsed(parts.hostname or ""), allow)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        return ["must be an address such as https://cases.example.org/hooks/helpline"]
    if parts.scheme != "https" and not local:
        found.append("must begin with https://")
    if parts.username or parts.password:
        found.append("must not hold a user or a password")
    if parts.fragment:
        found.append("must not hold a #fragment")
    if port is not None and port not in PORTS and not local:
        found.append(f"must use one of the ports {', '.join(map(str, sorted(PORTS)))}")
    if (
        len(address) > LONGEST_ADDRESS
        or not address.isascii()
        or any(c.isspace() or not c.isprintable() for c in address)
    ):
        found.append(f"must be at most {LONGEST_ADDRESS} printable ASCII characters")
    return found


def is_inside(address: str, *, allow: Sequence[Network] = ()) -> bool:
    """Whether an address for webhooks names a machine of a private network by its number, or this machine; other names are
    judged when sent to. False for what is no address: `faults` says so.
    """
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
        written = _numbered(host)
    except ValueError:
        return False
    return written is not None and not (_allowed(written, allow) or is_public(written))


def post(address: str, body: bytes, headers: dict[str, str], *, allow: Sequence[Network] = ()) -> int:
    """Post a message; the status of the answer, which is from 200 to 299. It is over within `TRY_SECONDS`.

    Raises `Refused`, `NotReached` or `Answered` (any other status, a redirect too).
    """
    if faults(address, allow=allow):
        raise Refused("the address is not one that we send to")
    place = _place(address)
    deadline = time.monotonic() + TRY_SECONDS
    to = _judged(place, allow, deadline)
    status = _ask(place, to, body, headers, deadline)
    if not 200 <= status < 300:
        raise Answered(status)
    return status


def is_public(address: Address) -> bool:
    """Whether an address is on the open internet: not ours, not this machine's, not reserved, not many at once."""
    if any(address in net for net in _TUNNELS if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _place(address: str) -> Place:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, parts.hostname or "", port, quote(target, safe="%/?:@!$&'()*+,;=~[]"))


def _numbered(host: str) -> Address | None:
    """The address that a host is without being asked of anybody: `localhost`, and a number in whichever way a look-up would
    read it (`127.1`, `0x7f.1`, `2130706433`)."""
    if host == "localhost" or host.endswith(".localhost"):
        return _THIS_MACHINE
    written = parsed(host.partition("%")[0])
    if written is not None:
        return written
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _allowed(address: Address | None, allow: Iterable[Network]) -> bool:
    return address is not None and any(address in net for net in allow if net.version == address.version)


def _judged(place: Place, allow: Sequence[Network], deadline: float) -> str:
    """The one address that we connect to. All that the name stands for must be fit: one that is not spoils it."""
    known = [parsed(str(entry[4][0]).partition("%")[0]) for entry in _looked_up(place, deadline)]
    for address in known:
        local = _allowed(address, allow)
        if address is None or not (local or is_public(address)):
            raise Refused("the name stands for an address inside a private network")
        if place.scheme != "https" and not local:
            raise Refused("only https is used outside")
    if not known:
        raise NotReached("name not found")
    return str(known[0])


def _looked_up(place: Place, deadline: float) -> list[Any]:
    """What the name stands for. The look-up itself takes no time-out, so another thread waits for it, and may be left."""
    answer: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(list(socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=exchange.left(deadline))
    except (queue.Empty, TimeoutError) as error:
        raise NotReached("name not found in time") from error
    if isinstance(found, Exception):
        raise NotReached("name not found") from found
    return found


def _ask(place: Place, to: str, body: bytes, headers: dict[str, str], deadline: float) -> int:
    tls = place.scheme == "https"
    host = f"[{place.host}]" if ":" in place.host else place.host
    named = host if place.port == (443 if tls else 80) else f"{host}:{place.port}"
    try:
        message = exchange.request(place.target, named, headers, body)
        return exchange.post(to, place.port, message, deadline, tls_name=place.host if tls else None)
    except ssl.SSLError as error:
        raise NotReached("certificate or TLS at fault") from error
    except TimeoutError as error:
        raise NotReached("too slow") from error
    except OSError as error:
        raise NotReached("no connection") from error
    except ValueError as error:
        raise NotReached("no usable answer") from error
