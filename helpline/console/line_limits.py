"""The limits of the line: those that may be tuned, between safe bounds, and those that are no settings, with the reason."""

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db, line
from helpline.console import line_saving, line_words
from helpline.console.forms import Form
from helpline.console.line import keepers, tabs
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.line import editing, limits

pages = Pages("line_limits")


@pages.get("/line/limits")
@keepers
def shown() -> Response:
    """The limits as they are."""
    with db.transaction(durable=False) as session:
        now = line.read(session.connection()).limits
    form = Form()
    form.fill(**{name: str(getattr(now, name)) for name in limits.BOUNDS})
    return _page(form)


@pages.post("/line/limits")
@keepers
def changed() -> Response:
    """Other limits, within their bounds."""
    form = Form(request.form.copy())
    wanted = {}
    for name, (least, most) in limits.BOUNDS.items():
        typed = form.text(name, most=6)
        value = int(typed) if typed.isascii() and typed.isdecimal() else -1
        if not limits.fits(name, value):
            form.fault(name, gettext("A whole number from %(least)s to %(most)s.", least=least, most=most))
        usual = value == limits.USUAL[name]
        wanted[editing.named(editing.LIMIT, name)] = None if usual else {"value": value}
    if not form:
        return _page(form)
    done = line_saving.save(form, wanted, to=url_for("line_limits.shown"))
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line_limits.shown"))
    return _page(form, done)


def _page(form: Form, proposal: line_saving.Proposal | None = None) -> Response:
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(*(editing.named(editing.LIMIT, name) for name in limits.BOUNDS)))
    return page(
        "line/limits.html",
        line_saving.status_of(form),
        form=form,
        bounds=limits.BOUNDS,
        usual=limits.USUAL,
        names=line_words.LIMITS,
        safe=line_words.SAFE,
        proposal=proposal,
        words=line_words,
        labels={name: words[0] for name, words in line_words.LIMITS.items()} | {"why": gettext("Why")},
        tabs=tabs(),
    )
