"""The information sheet of a language, as a page that prints on one sheet of A4 and as PDF. Public; says what the line says."""

from datetime import date

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from helpline import clock, hours, line
from helpline.console import leaflet
from helpline.console.access import settings
from helpline.console.leaflet import Leaflet
from helpline.console.public import around, pages, reader
from helpline.console.rendering import dress, page
from helpline.languages import CODES
from helpline.people.access import anyone
from helpline.phone import PhoneNumber

__all__ = ["pages"]


@pages.get("/sheet")
@anyone
def sheet_somewhere() -> Response:
    """To the sheet in the reader's language."""
    return redirect(url_for("public.sheet", tongue=reader()), 303)


@pages.get("/sheet/<tongue>")
@anyone
def sheet(tongue: str) -> Response:
    """The sheet as a page."""
    what, _today = _leaflet(tongue)
    return page("public/sheet.html", it=what, **around(tongue))


@pages.get("/sheet/<tongue>.pdf")
@anyone
def sheet_pdf(tongue: str) -> Response:
    """The sheet as PDF, with today's date."""
    what, today = _leaflet(tongue)
    response = dress(Response(leaflet.pdf(what, today), mimetype="application/pdf"))
    response.headers["Content-Disposition"] = f'inline; filename="helpline-{tongue}.pdf"'
    return response


def _leaflet(tongue: str) -> tuple[Leaflet, date]:
    if tongue not in CODES:
        abort(404)
    today = hours.today(clock.now())
    number = PhoneNumber(settings().toll_free_number).digits
    return leaflet.leaflet(tongue, number, line.current(), today), today
