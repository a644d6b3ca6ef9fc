"""What the carrier posted: whether it was the carrier, and the fields it sent. Knows no view."""

from urllib.parse import unquote_plus

from flask import request

from helpline.config import Settings
from helpline.telephony import signature

_FIELDS = "helpline.fields"
_SIGNATURE = f"HTTP_{signature.HEADER.upper().replace('-', '_')}"


def signed(settings: Settings) -> bool:
    """Whether the request at hand bears our carrier's good signature. Fails closed."""
    given = request.environ.get(_SIGNATURE)
    if not given:
        return False  # before the body is read: whoever sends none shall not keep a thread waiting
    url = settings.public_url + signature.raw_target(request.environ)
    return signature.is_valid(settings.auth_token, url, _fields(), given)


def _fields() -> list[tuple[str, str]]:
    """The fields of the request in their order, parsed once: the toolkit's own form costs five times as much."""
    environ = request.environ
    if _FIELDS not in environ:
        is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
        body = request.get_data(cache=False).decode(errors="replace") if is_form else ""
        environ[_FIELDS] = pairs(body)
    fields: list[tuple[str, str]] = environ[_FIELDS]
    return fields


def pairs(body: str) -> list[tuple[str, str]]:
    """The names and values of a form-encoded body, as `urllib.parse.parse_qsl` gives them with blank values kept.

    Most fields of the carrier hold nothing that is encoded, and then nothing is decoded.
    """
    found = []
    for field in body.split("&"):
        if field:
            name, _, value = field.partition("=")
            if "%" in field or "+" in field:
                name, value = unquote_plus(name), unquote_plus(value)
            found.append((name, value))
    return found


def form() -> dict[str, str]:
    """The fields by name; of a name that comes twice, the first."""
    return dict(reversed(_fields()))


def whole(text: str | None) -> int | None:
    """A whole number as the carrier writes one; None for anything else, and for what is longer than any of ours."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= len("9999999") else None
