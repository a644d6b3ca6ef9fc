"""What the carrier posted: whether it was the carrier, and the fields it sent. Knows no view."""

from urllib.parse import parse_qsl

from flask import request

from helpline.config import Settings
from helpline.telephony import signature

_FIELDS = "helpline.fields"


def signed(settings: Settings) -> bool:
    """Whether the request at hand bears our carrier's good signature. Fails closed."""
    given = request.headers.get(signature.HEADER)
    if not given:
        return False  # before the body is read: whoever sends none shall not keep a thread waiting
    url = settings.public_url + signature.raw_target(request.environ)
    return signature.is_valid(settings.auth_token, url, _fields(), given)


def _fields() -> list[tuple[str, str]]:
    """The fields of the request in their order, parsed once: the toolkit's own form costs three times as much."""
    environ = request.environ
    if _FIELDS not in environ:
        is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
        body = request.get_data(cache=False).decode(errors="replace") if is_form else ""
        environ[_FIELDS] = parse_qsl(body, keep_blank_values=True)
    fields: list[tuple[str, str]] = environ[_FIELDS]
    return fields


def form() -> dict[str, str]:
    """The fields by name; of a name that comes twice, the first."""
    return dict(reversed(_fields()))


def whole(text: str | None) -> int | None:
    """A whole number as the carrier writes one; None for anything else, and for what is longer than any of ours."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= len("9999999") else None
