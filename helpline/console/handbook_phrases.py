"""Key phrases in the nine languages: to read aloud, to listen to, to print. Asks `handbook.phrases` and `handbook.sound`."""

from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.access import person
from helpline.console.labels import own_name
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.handbook import phrases, sound
from helpline.languages import CODES
from helpline.people.access import signed_in

_AN_HOUR = "private, max-age=3600, immutable"


@signed_in
def tongues() -> Response:
    """All phrases by what they mean, each with its nine languages."""
    return page("handbook/phrases.html", book=phrases.book(), codes=CODES, mine=person().languages)


@signed_in
def one(tongue: str) -> Response:
    """The phrases of one language. What has no sound yet is spoken beside the page, by the worker."""
    if tongue not in CODES:
        abort(404)
    book = phrases.book()
    with db.transaction(durable=False) as session:
        sounds = sound.of_language(session, tongue)
        if len(sounds) < len(book.names):
            sound.have_made(session, tongue)
    return page(
        "handbook/tongue.html",
        book=book,
        tongue=tongue,
        said=book.said[tongue],
        sounds=sounds,
        missing=len(book.names) - len(sounds),
        chips=[
            (own_name(code), url_for("handbook_phrases.one", tongue=code), code == tongue, None)
            for code in CODES
        ],
        back=url_for("handbook_phrases.tongues"),
    )


@signed_in
def clip(digest: str) -> Response:
    """How a phrase sounds; a player may ask for a part of it."""
    with db.transaction(durable=False) as session:
        content = sound.wav_of(session, digest)
    if content is None:
        abort(404)
    response = Response(content, mimetype="audio/wav")
    response.headers["Cache-Control"] = _AN_HOUR
    response.set_etag(digest)
    return response.make_conditional(request, accept_ranges=True, complete_length=len(content))


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/handbook/phrases", tongues),
    ("GET", "/handbook/phrases/<tongue>", one),
    ("GET", "/handbook/sound/<digest>.wav", clip),
)
pages = Pages("handbook_phrases")
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
