"""`GET /audio/<hash>.wav`: our own prompts, open to anyone (the carrier fetches them without a signature), under a name
that never changes its content. Knows no set and no text."""

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from helpline.db import tallies
from helpline.mishaps import Mishap
from helpline.people.access import anyone
from helpline.voice import dictating, tone
from helpline.voice.library import HASH, Library
from helpline.voice.storage import StorageDown

FOR_EVER = "public, max-age=31536000, immutable"


def audio_blueprint(library: Library) -> Blueprint:
    """The pages that serve this library's clips."""
    blueprint = Blueprint("audio", __name__)

    @blueprint.get("/audio/<digest>.wav")
    @anyone
    def clip(digest: str) -> Response:
        try:
            content = tone.WAV if digest == tone.HASH else library.wav(digest)
        except (SQLAlchemyError, StorageDown):  # not in the folder, and the database or the storage is down
            tallies.count(Mishap.CLIP)
            abort(503)
        if content is None:
            if HASH.fullmatch(digest):  # else it is nobody's of ours
                tallies.count(Mishap.CLIP)
            abort(404)
        response = Response(content, mimetype="audio/wav")
        response.headers["Cache-Control"] = FOR_EVER
        response.set_etag(digest)
        response.make_conditional(request)
        return response

    @blueprint.get("/audio/spoken/<token>.wav")
    @anyone  # the carrier signs no request for a sound; nobody else knows the token, and it opens for a minute
    def spoken(token: str) -> Response:
        try:
            content = dictating.sound(token)
        except SQLAlchemyError:
            abort(503)
        if content is None:
            abort(404)
        response = Response(content, mimetype="audio/wav")
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
