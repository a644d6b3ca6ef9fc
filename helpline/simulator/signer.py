"""How the carrier signs what it sends: written from TWILIO.md §5 alone, without Twilio's own package."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

Pairs = Iterable[tuple[str, str]]


def signed_address(url: str) -> str:
    """The address as it goes into the signature of a voice webhook.

    Without fragment and user name; over https without the port, over http with it; otherwise to the letter.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        head, colon, port = host.rpartition(":")
        if colon and port.isdigit():
            host = head
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    # urlunsplit forgets an empty query, and the signature is about the exact string
    return bare + "?" if not parts.query and url.partition("#")[0].endswith("?") else bare


def signature(auth_token: str, address: str, fields: Pairs = ()) -> str:
    """base64(HMAC-SHA1) of the address and the form's unique fields, by name and then value, name before each value."""
    unique = sorted({(name.encode(), value.encode()) for name, value in fields})
    said = address.encode() + b"".join(name + value for name, value in unique)
    return base64.b64encode(hmac.new(auth_token.encode(), said, hashlib.sha1).digest()).decode()


def sign_form(auth_token: str, url: str, fields: Pairs) -> str:
    """The header for a form that is posted to `url` (as it was configured)."""
    return signature(auth_token, signed_address(url), fields)


def sign_get(auth_token: str, url: str) -> str:
    """The header for what is not a form: a GET's parameters, or a JSON body's SHA-256, are in `url` already."""
    return signature(auth_token, signed_address(url))
