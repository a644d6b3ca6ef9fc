"""The pages of figures, side by side: which there are, in which order. Shows nothing by itself."""

from collections.abc import Mapping

from flask import current_app, request, url_for
from flask_babel import LazyString, lazy_gettext

TABS: Mapping[str, LazyString] = {
    "figures.shown": lazy_gettext("Figures"),
    "figures_menu.shown": lazy_gettext("The menu"),
    "figures_staffing.shown": lazy_gettext("Staffing"),
    "figures_reports.listed": lazy_gettext("Reports"),
    "figures_returns.shown": lazy_gettext("Returns"),
    "figures_exports.listed": lazy_gettext("Exports"),
    "figures_wall.shown": lazy_gettext("Wallboard"),
}


def tabs() -> list[tuple[str, str, bool, None]]:
    """The pages that there are, as `ui.chips` takes them: word, address, whether it is the one that is open."""
    there = current_app.view_functions
    return [
        (str(text), url_for(endpoint), request.endpoint == endpoint, None)
        for endpoint, text in TABS.items()
        if endpoint in there
    ]
