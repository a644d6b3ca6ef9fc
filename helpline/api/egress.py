"""Sends to addresses that others gave us, and to none inside our own network. Knows no message and no entity.

A name is looked up once, what was found is judged, and the connection goes to that very address: a name that answers
differently the second time gains nothing. Redirects are not followed, answers are not read, proxies are not asked.
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from helpline.people.addresses import Address, parsed

CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 8.0
LONGEST_ADDRESS = 500
PORTS = frozenset({443, 8443})
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Addresses that carry another one inside, which could be ours.
_TUNNELS = tuple(
    ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48")
)


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


def post(address: str, body: bytes, headers: dict[str, str], *, allow: Sequence[Network] = ()) -> int:
    """Post a message; the status of the answer, which is from 200 to 299.

    Raises `Refused`, `NotReached` or `Answered` (any other status, a redirect too).
    """
    if faults(address, allow=allow):
        raise Refused("the address is not one that we send to")
    place = _place(address)
    to = _judged(place, allow)
    status = _ask(place, to, body, headers)
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
    return Place(parts.scheme, parts.hostname or "", port, target)


def _allowed(address: Address | None, allow: Iterable[Network]) -> bool:
    return address is not None and any(address in net for net in allow if net.version == address.version)


def _judged(place: Place, allow: Sequence[Network]) -> str:
    """The one address that we connect to. All that the name stands for must be fit: one that is not spoils it."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("name not found") from error
    known = [parsed(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in known:
        local = _allowed(address, allow)
        if address is None or not (local or is_public(address)):
            raise Refused("the name stands for an address inside a private network")
        if place.scheme != "https" and not local:
            raise Refused("only https is used outside")
    if not known:
        raise NotReached("name not found")
    return str(known[0])


def _ask(place: Place, to: str, body: bytes, headers: dict[str, str]) -> int:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
    default = {"https": 443, "http": 80}[place.scheme] == place.port
    host = f"[{place.host}]" if ":" in place.host else place.host
    named = {"Host": host if default else f"{host}:{place.port}", "Connection": "close"}
    pool: urllib3.HTTPConnectionPool
    if place.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            to, place.port, timeout=timeout, maxsize=1, server_hostname=place.host, assert_hostname=place.host
        )
    else:
        pool = urllib3.HTTPConnectionPool(to, place.port, timeout=timeout, maxsize=1)
    try:
        answer = pool.urlopen(
            "POST", place.target, body=body, headers=headers | named,
            redirect=False, retries=False, preload_content=False, assert_same_host=False,
        )  # fmt: skip
        status = int(answer.status)
        answer.close()
    except urllib3.exceptions.SSLError as error:
        raise NotReached("certificate or TLS at fault") from error
    except (
        urllib3.exceptions.NewConnectionError
    ) as error:  # which urllib3 counts among those that are too slow
        raise NotReached("no connection") from error
    except urllib3.exceptions.TimeoutError as error:
        raise NotReached("too slow") from error
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise NotReached("no connection") from error
    finally:
        pool.close()
    return status
