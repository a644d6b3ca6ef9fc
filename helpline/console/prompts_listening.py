"""Clips and untouched originals for the ears of those who look after prompts; never under the type that was uploaded.
Asks the library and `voice.takes`."""

from flask import abort, current_app, request
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.pages import Pages
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import takes
from helpline.voice.forms import TYPES
from helpline.voice.library import Library
from helpline.voice.storage import StorageDown

pages = Pages("prompts_listening")
listeners = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)
_AN_HOUR = "private, max-age=3600, immutable"


@pages.get("/prompts/clip/<digest>.wav")
@listeners
def clip(digest: str) -> Response:
    """A clip as callers would hear it, published or not."""
    library: Library = current_app.extensions["library"]
    try:
        content = library.wav(digest)
    except StorageDown:
        abort(503)
    if content is None:
        abort(404)
    return _sound(content, "audio/wav", digest)


@pages.get("/prompts/original/<sha>")
@listeners
def original(sha: str) -> Response:
    """A recording as it came."""
    try:
        with db.transaction(durable=False) as session:
            found = takes.original(session, sha)
    except StorageDown:
        abort(503)
    if found is None:
        abort(404)
    form, content = found
    return _sound(content, TYPES[form], sha)


def _sound(content: bytes, kind: str, name: str) -> Response:
    """A sound, of which a player may ask for a part."""
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = _AN_HOUR
    response.set_etag(name)
    return response.make_conditional(request, accept_ranges=True, complete_length=len(content))
