"""Styles, scripts and icons, under an address that changes when one of them does."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, send_from_directory
from werkzeug.wrappers import Response

from helpline.people.access import anyone

FOLDER = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=60"


@lru_cache
def version() -> str:
    """A name for the files as they are now."""
    digest = sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


pages = Blueprint("console_files", __name__)


@pages.get("/static/<asked>/<path:name>")
@anyone
def file(asked: str, name: str) -> Response:
    """A file of ours; kept for ever where it was asked for by its present version."""
    response = send_from_directory(FOLDER, name)
    response.headers["Cache-Control"] = _FOR_EVER if asked == version() else _SHORTLY
    return response
