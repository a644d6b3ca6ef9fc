"""Where one lands after signing in, and the language of one's pages."""

from flask import request, url_for
from werkzeug.wrappers import Response

from helpline.console import nav
from helpline.console.access import jar, onward, person
from helpline.console.cookies import LANGUAGE
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.console.words import LOCALES
from helpline.people.access import anyone, signed_in

_YEAR = 31_536_000


pages = Pages("home")


@pages.get("/")
@signed_in
def first() -> Response:
    """To the first room that this person has use for."""
    rooms = nav.entries(person())
    if rooms:
        return onward(url_for(rooms[0].endpoint))
    return page("home/welcome.html")


@pages.get("/welcome")
@signed_in
def welcome() -> Response:
    """All rooms that this person may enter."""
    return page("home/welcome.html")


@pages.post("/language")
@anyone
def language() -> Response:
    """The language of pages in this browser, for who is not signed in."""
    wanted = request.form.get("language", "")
    response = onward(request.form.get("next", "/"))
    if wanted in LOCALES:
        jar().put(response, LANGUAGE, wanted, seconds=_YEAR)
    return response
