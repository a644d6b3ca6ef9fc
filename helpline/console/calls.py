"""The log of calls, for coordinators: which there were, by what one chooses; one call step by step; searches that are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import calls_words, flow_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.figures import kept_searches, reading, searching, wanted
from helpline.hours import is_reckoned
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role

PAGE = 50
pages = Pages("calls")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/calls")
@coordinators
def listed() -> Response:
    """The log, the newest call first."""
    return _listed(Form())


@pages.post("/calls")
@coordinators
def search() -> Response:
    """Search for a number, or keep what is chosen under a name: then the address holds a random word and no more."""
    form = Form(request.form)
    number = form.number("caller") if form.typed("caller") else None
    why = form.reason("why") if number else ""
    name = form.reason("name", required=False)  # all coordinators read it: no number, no address
    form.text("name", required=False, most=60)
    if not number and not name:
        form.fault("caller", gettext("Fill this in."))
    which, wrong = wanted.read({key: request.form.get(key, "") for key in wanted.WORDS})
    if not form:
        return _listed(form)
    with db.transaction() as session:
        which = searching.of_ours(session, which, wrong)
        if wrong:  # what is kept is what was typed, and nothing wider
            return _listed(form)
        try:
            token = kept_searches.keep(session, which, by=person(), name=name, number=number, why=why)
        except kept_searches.TooMany:
            form.fault("caller", _too_many())
            return _listed(form, 429)
    return redirect(url_for("calls.listed", search=token), 303)


def _too_many() -> str:
    in_an_hour, in_a_day = kept_searches.OF_NUMBERS.values()
    return gettext(
        "You searched for as many numbers as one person may: %(hour)s in an hour, %(day)s in a day. Try again later.",
        hour=in_an_hour,
        day=in_a_day,
    )


@pages.post("/calls/searches/<int:search_id>/end")
@coordinators
def drop(search_id: int) -> Response:
    """Keep a search no more."""
    with db.transaction() as session:
        if not kept_searches.drop(session, search_id):
            abort(404)
    return notice(redirect(url_for("calls.listed"), 303), gettext("The search is not kept any more."))


@pages.get("/calls/<int:call_id>")
@coordinators
def one(call_id: int) -> Response:
    """One call as it went."""
    with db.transaction(durable=False) as session:
        found = reading.journey(session, call_id)
        if found is None:
            abort(404)
        return page(
            "calls/one.html", call=found, longest=max((stop.seconds or 0 for stop in found.stops), default=0)
        )


def _listed(form: Form, refused: int = 422) -> Response:
    """`refused`: what is answered to a form with faults."""
    words: Mapping[str, str] = {name: request.values.get(name, "") for name in wanted.WORDS}
    token = request.args.get("search", "")
    with db.transaction(durable=False) as session:
        kept = kept_searches.kept(session, token) if token else None
        if token and kept is None:
            abort(404)
        if kept:
            words = {**words, **kept.chosen}
        which, wrong = wanted.read(words)
        which = searching.of_ours(session, which, wrong)
        callers = kept.callers if kept else ()
        found = searching.listed(session, which, callers=callers, before=_before(), limit=PAGE + 1)
        shown = found[:PAGE]
        values: dict[str, Any] = {
            "calls": shown,
            "count": searching.how_many(session, which, callers=callers),
            "most": searching.MOST_COUNTED,
            "kept": kept,
            "named": kept_searches.named(session),
            "numbers": searching.numbers_of_ours(session),
        }
    chosen = which.as_words()
    own: dict[str, Any] = {"search": token} if kept else {**chosen}
    last = shown[-1] if len(found) > PAGE else None
    for field, word in wrong.items():
        form.fault(field, str(calls_words.WRONG[word]))
    return page(
        "calls/list.html",
        200 if form else refused,
        form=form,
        chosen=chosen,
        later=url_for("calls.listed", **own, before=f"{last.at.isoformat()}~{last.id}") if last else None,
        came_to=_came_to(which) if not kept else None,
        newest=url_for("calls.listed", **own) if request.args.get("before") else None,
        codes=CODES,
        outcomes=calls_words.OUTCOMES,
        persons=calls_words.PERSON,
        hours=wanted.HOURS,
        steps=flow_words.STEPS,
        older=flow_words.OLDER,
        **values,
    )


def _came_to(which: wanted.Wanted) -> str | None:
    """Where those stand that came to the step at which these ended; None where they cannot be looked for."""
    words = which.as_words()
    words |= {"passed": words.pop("step", "")}
    wider, _ = wanted.read(words)
    asked: dict[str, Any] = {**wider.as_words()}
    return url_for("calls.listed", **asked) if wider.passed else None


def _before() -> searching.Cursor | None:
    """Where the page before this one ended; None for what is none."""
    at, _, id = request.args.get("before", "").partition("~")
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        return None
    known = moment.tzinfo and is_reckoned(moment.date())
    return (moment, int(id)) if known and id.isdecimal() and len(id) < len(str(2**31)) else None


for name, function in {**calls_words.FILTERS, **flow_words.FILTERS}.items():
    pages.app_template_filter(name)(function)
