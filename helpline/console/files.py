"""Styles, scripts and icons, held in memory, under an address that changes when one of them does."""

import mimetypes
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from helpline.people.access import anyone

FOLDER = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=60"

pages = Blueprint("console_files", __name__)


@lru_cache
def contents() -> dict[str, bytes]:
    """All files, by the name that pages know them by."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file() and path.suffix != ".md"
    }


@lru_cache
def version() -> str:
    """A name for the files as they are now."""
    digest = sha256()
    for name, content in contents().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


@pages.get("/static/<asked>/<path:name>")
@anyone
def file(asked: str, name: str) -> Response:
    """A file of ours; kept for ever where it was asked for by its present version."""
    content = contents().get(name)
    if content is None:
        abort(404)
    response = Response(content, mimetype=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = _FOR_EVER if asked == version() else _SHORTLY
    return response
