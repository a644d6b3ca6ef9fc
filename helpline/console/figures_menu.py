"""The menu as a picture: how many came to each step, where they went and where they hung up, and what was not as usual."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import request, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import figures_menu_words, flow_words, formats, periods
from helpline.console.forms import Form
from helpline.console.labels import language_name, languages_to_choose, name_and_own
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.figures import funnel, menu_svg, noticing, wanted, way_svg
from helpline.figures.funnel import Menu
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role

MOST_FOUND = noticing.CLOSELY
"""So many of the unusual things are told; how many more there are, in a sentence."""
_ANY = "any-step"
pages = Pages("figures_menu")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/figures/menu")
@coordinators
def shown() -> Response:
    """The menu of a period; of the last seven days unless another is chosen."""
    form = Form(request.args.to_dict())
    first, last = periods.chosen(form, periods.before(7))
    language = form.choice("language", ("", *CODES), required=False)
    values: dict[str, Any] = {"found": None}
    if form:
        with db.transaction(durable=False) as session:
            found = funnel.menu(session, first, last, language)
        values = _values(found, language)
    return page(
        "figures/menu.html",
        200 if form else 422,
        form=form,
        first=first,
        last=last,
        chosen=language,
        languages_to_choose=languages_to_choose(),
        periods=_periods((first, last), language),
        shades=figures_menu_words.SHADES,
        **values,
    )


def _periods(now: periods.Days, language: str) -> list[tuple[str, str, bool, None]]:
    """What is often asked for, and each day of the last week and of today."""
    address = partial(url_for, ".shown", language=language)
    here = clock.in_rome().date()
    days = [here - timedelta(days=n) for n in range(8)]
    return periods.links(address, now, "week", "thirty", "last_month", "year") + [
        periods.link(format_date(day, "EEE d/M"), address, now, (day, day)) for day in days
    ]


def _values(found: Menu, language: str) -> dict[str, Any]:
    tree, stays = funnel.grouped(found)
    odd = {one.step for one in found.found if one.step}
    words = menu_svg.Words(
        title=gettext("The menu as a tree, %(language)s", language=_language(language)),
        about=gettext("Each arrow is as thick as its traffic. The table below says the same."),
        reached=gettext("Came here"),
        hung_up=gettext("Hung up here"),
        ended=gettext("the end of the call"),
        odd=gettext("not as usual"),
        labels={stop.name: flow_words.group_word(stop.name, len(stop.members)) for stop in tree.stops},
        number=figures_menu_words.number,
        percent=formats.percent,
    )
    address = _address(ended_at(found, _ANY, language))
    shown = {
        stop.name: menu_svg.Shown(
            stays[stop.name],
            f"#group-{stop.name}" if len(stop.members) > 1 else address(stop.name),
            bool(odd & {*stop.members}),
            bare=bool(language) and stop.parent is None,
        )
        for stop in tree.stops
    }
    ways = [
        way_svg.Line(
            name_and_own(way.language) if way.language else gettext("none chosen"),
            way.seconds.median or 0,
            way.seconds.ninth or 0,
        )
        for way in found.ways
        if way.seconds.count
    ]
    about = gettext("A bar to the median, a line to what nine in ten needed at most; in seconds.")
    return {
        "found": found,
        "picture": menu_svg.picture(tree, shown, words),
        "chart": way_svg.lines(gettext("Seconds to the first useful message"), about, ways, formats.number),
        "tree": tree,
        "told": [figures_menu_words.Told.of(found, one) for one in found.found[:MOST_FOUND]],
        "more": max(0, len(found.found) - MOST_FOUND),
        "steps": _in_order(found, tree.stops),
        "older": (older := _older(found)),
        "at_older": sum(found.steps[name].now.reached for name in older),
        "arrows": sorted(found.now.arrows.items(), key=lambda each: (-each[1], each[0])),
        "ended_at": address,
        "came_to": _came_to(found, language),
    }


def ended_at(found: Menu, step: str, language: str) -> Mapping[str, Any]:
    """What the log of calls is to be asked for: the calls of the period that ended at a step."""
    asked = {"from": found.first.isoformat(), "to": found.last.isoformat(), "step": step}
    return asked | {"language": language} if language else asked


def _address(asked: Mapping[str, Any]) -> Callable[[str], str]:
    """The address of the log that asks for this, with a step in the place of `_ANY`: put together once, not for every step."""
    before, _, after = url_for("calls.listed", **asked).partition(_ANY)
    return lambda step: f"{before}{quote(step, safe='')}{after}"


def _came_to(found: Menu, language: str) -> Callable[[str], str] | None:
    """Which address of the log holds the calls that came to a step; None where the period is too long to look for them."""
    if (found.last - found.first).days >= wanted.PASSED:
        return None
    return _address({**ended_at(found, "", language), "step": None, "passed": _ANY})


def _in_order(found: Menu, stops: Any) -> list[tuple[str, bool]]:
    """Every step in the order of the picture, the members of a group one after another; with whether it begins a group."""
    return [
        (name, len(stop.members) > 1 and name == stop.name)
        for stop in stops
        for name in stop.members
        if found.steps[name].now.reached or found.steps[name].usual.reached
    ]


def _older(found: Menu) -> list[str]:
    """Every step that the menu does not have any more: where most came first."""
    known = [name for name in found.older if found.steps[name].now.reached or found.steps[name].usual.reached]
    return sorted(known, key=lambda name: (-found.steps[name].now.reached, name))


def _language(code: str) -> str:
    return language_name(code) if code else gettext("all languages")
