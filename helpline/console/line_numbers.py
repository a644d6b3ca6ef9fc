"""The numbers of ours, and how callers are greeted on each. Which two the installation has is no setting of the line."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db, line, phone
from helpline.console import line_saving, line_words
from helpline.console.access import settings
from helpline.console.forms import Form
from helpline.console.line import keepers, numbers, tabs
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.line import editing
from helpline.phone import Verdict

pages = Pages("line_numbers")


@pages.get("/line/numbers")
@keepers
def shown() -> Response:
    """All numbers, and the form for another one."""
    return _page(Form())


@pages.post("/line/numbers")
@keepers
def added() -> Response:
    """One more number of ours, and its greeting."""
    form = Form(request.form.copy())
    number = _number(form)
    return _save(form, number, None)


@pages.get("/line/numbers/<number>")
@keepers
def one(number: str) -> Response:
    """One number that may be changed."""
    form = Form()
    form.fill(greeting=_greeting(number))
    return _page(form, number)


@pages.post("/line/numbers/<number>")
@keepers
def changed(number: str) -> Response:
    """Another greeting of a number, or it is ours no longer."""
    _greeting(number)
    return _save(Form(request.form.copy()), number, number)


def _save(form: Form, number: str, known: str | None) -> Response:
    value = None
    if not (known and form.typed("gone")):
        value = {"greeting": form.choice("greeting", line_words.GREETINGS)}
    if not form:
        return _page(form, known)
    done = line_saving.save(
        form, {editing.named(editing.NUMBER, number): value}, to=url_for("line_numbers.shown")
    )
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line_numbers.shown"))
    return _page(form, known, done)


def _number(form: Form) -> str:
    """The number in E.164. Faults: none that people in Italy can dial, one of the installation, one that is there already."""
    typed = form.text("number", most=30)
    judged, parsed = phone.judge(typed), phone.parse(typed)
    if typed and (parsed is None or judged.verdict not in {Verdict.CALLABLE, Verdict.TOLL_FREE}):
        form.fault(
            "number",
            gettext("Give an Italian fixed, mobile or free number, such as 06 55500000 or 800 000000."),
        )
    elif parsed and parsed.e164 in {settings().toll_free_number, settings().callback_number}:
        form.fault("number", gettext("This is a number of the installation: its greeting is fixed."))
    elif parsed and _known(parsed.e164):
        form.fault("number", gettext("This number is ours already: change it below."))
    return parsed.e164 if parsed else ""


def _greeting(number: str) -> str:
    found = _known(number)
    return str(found["greeting"]) if found else abort(404)


def _known(number: str) -> dict[str, Any] | None:
    with db.transaction(durable=False) as session:
        found: dict[str, Any] | None = editing.state(session).get(editing.named(editing.NUMBER, number))
    return found


def _page(form: Form, number: str | None = None, proposal: line_saving.Proposal | None = None) -> Response:
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(editing.named(editing.NUMBER, number or "")))
    with db.transaction(durable=False) as session:
        here = line.read(session.connection())
    return page(
        "line/number.html" if number else "line/numbers.html",
        line_saving.status_of(form),
        form=form,
        number=number,
        rows=numbers(here),
        greetings=[(word, *words) for word, words in line_words.GREETINGS.items()],
        names=line_words.GREETINGS,
        proposal=proposal,
        words=line_words,
        labels={"number": gettext("Number"), "greeting": gettext("Greeting"), "why": gettext("Why")},
        tabs=tabs(),
    )
