"""Tables as a file that somebody opens in a spreadsheet: in the dialect of the language in which they read. Knows no table."""

from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import spreadsheet
from helpline.console.words import language


def file(name: str, *tables: spreadsheet.Table) -> Response:
    """A file of these tables, one under the other. `name` goes without its ending."""
    told = spreadsheet.written(
        *tables, dialect=spreadsheet.for_people(language()), yes=gettext("yes"), no=gettext("no")
    )
    response = Response(told, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
