"""Files of rows of the log, for whoever asked for them: ask for one, see how far it is, fetch it, delete it."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import calls_words, figures_exports_words, flow_words, formats
from helpline.console.access import from_our_pages, person
from helpline.console.forms import Form as Typed
from helpline.console.labels import language_name
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.figures import kept_searches, searching, wanted
from helpline.figures.exporting import asking
from helpline.figures.exporting.columns import What
from helpline.figures.exporting.forms import Form
from helpline.people.access import allowed
from helpline.people.roles import Role

ENOUGH = 286
"""By this a part that looks by itself knows that it need not any more."""
_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSONL: "application/x-ndjson; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
pages = Pages("figures_exports")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/exports")
@coordinators
def listed() -> Response:
    """One's own files: how far each is, how large, until when it can be fetched."""
    return page("figures_exports/list.html", **_seen())


@pages.get("/exports/rows")
@coordinators
def rows() -> Response:
    """The list alone, for the part of the page that looks by itself."""
    seen = _seen()
    response = part("figures_exports/rows.html", **seen)
    if not seen["alive"]:
        response.status_code = ENOUGH
    return response


@pages.post("/exports")
@coordinators
def ask() -> Response:
    """Have a file made of the calls that are chosen, as in the log's address or by a kept search."""
    form = Typed(request.form)
    what = form.choice("what", What)
    kind = form.choice("form", Form)
    words = {name: request.form.get(name, "") for name in wanted.WORDS}
    with db.transaction() as session:
        token = request.form.get("search", "")
        kept = kept_searches.kept(session, token) if token else None
        if token and kept is None:
            abort(404)
        which, wrong = wanted.read({**words, **kept.chosen} if kept else words)
        which = searching.of_ours(session, which, wrong)
        for field, word in wrong.items():
            form.fault(field, str(calls_words.WRONG[word]))
        if kept and kept.of_number:
            # A file of the calls of one telephone would be a file about one person.
            form.fault(
                "", gettext("The calls of one number are not saved as a file: it would be about one person.")
            )
        made = None
        if form:
            texts = figures_exports_words.file_words(What(what))
            made = asking.ask(session, person(), what=What(what), form=Form(kind), which=which, words=texts)
    if isinstance(made, asking.Refused):
        form.fault("", figures_exports_words.refused(made))
    if not form:
        return page("figures_exports/list.html", 422, **_seen(form))
    began = gettext("Your file is being made. You may go on working: it will be here for a day.")
    return notice(redirect(url_for(".listed"), 303), began)


@pages.get("/exports/<int:export_id>/file")
@coordinators
def fetch(export_id: int) -> Response:
    """The file itself, in one piece: the server's own threads send it, however slowly somebody takes it.

    Handed over piece by piece it would hold the thread that answers calls until the last of them (docs/adr: exports). What
    is packed is unpacked by the browser while it saves; whoever cannot do that gets it packed.

    That it was taken is written down where it was: not for what only asks about it (HEAD, 304).
    """
    from_our_pages()
    with db.transaction() as session:
        file = asking.fetch(session, person(), export_id)
        if file is None:
            abort(404)
        name = figures_exports_words.file_name(file.what, file.form, file.day)
        response = Response(asking.content(session, file), mimetype=_TYPES[file.form])
        if file.form is not Form.XLSX:
            if request.accept_encodings["gzip"]:
                response.headers["Content-Encoding"] = "gzip"
            else:
                name, response.mimetype = f"{name}.gz", "application/gzip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.set_etag(f"export-{file.id}-{response.headers.get('Content-Encoding', 'plain')}")
        response.make_conditional(request.environ, accept_ranges=True, complete_length=file.bytes)
        part = _part(response)
        if part:
            asking.taken(session, person(), file, part)
    return response


def _part(response: Response) -> asking.Part | None:
    """How much of a file goes out with an answer; None for nothing."""
    if request.method != "GET":
        return None
    if response.status_code == HTTPStatus.OK:
        return asking.Part.WHOLE
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return None
    return asking.Part.LATER if response.content_range.start else asking.Part.FIRST


@pages.post("/exports/<int:export_id>/remove")
@coordinators
def remove(export_id: int) -> Response:
    """Stop making a file, or delete it."""
    with db.transaction() as session:
        if not asking.remove(session, person(), export_id):
            abort(404)
    return notice(redirect(url_for(".listed"), 303), gettext("The file is deleted."))


def _seen(form: Typed | None = None) -> dict[str, Any]:
    with db.transaction(durable=False) as session:
        found = asking.mine(session, person())
    return {
        "form": Typed() if form is None else form,  # one with faults is false
        "exports": [(one, _about(one.chosen)) for one in found],
        "alive": any(one.alive for one in found),
        "what_words": figures_exports_words.WHATS,
        "state_words": figures_exports_words.STATES,
        "failed": figures_exports_words.FAILED,
        "size": figures_exports_words.file_size,
    }


def _about(chosen: Any) -> list[str]:
    """What was chosen, in words, in the order of the log's form; nothing for all calls."""
    told = {
        "from": lambda day: gettext("from %(day)s", day=_day(day)),
        "to": lambda day: gettext("to %(day)s", day=_day(day)),
        "hour": lambda hour: gettext("from %(hour)s to %(next)s o’clock", hour=hour, next=int(hour) + 1),
        "language": lambda code: gettext("none chosen") if code == wanted.UNCHOSEN else language_name(code),
        "outcome": calls_words.outcome_word,
        "step": lambda step: gettext("ended at %(step)s", step=flow_words.step_word(step)),
        "passed": lambda step: gettext("came to %(step)s", step=flow_words.step_word(step)),
        "person": lambda word: gettext("a person: %(word)s", word=calls_words.PERSON[word]),
        "longer": lambda seconds: gettext("at least %(seconds)s s", seconds=seconds),
        "shorter": lambda seconds: gettext("at most %(seconds)s s", seconds=seconds),
    }
    return [str(told.get(name, str)(chosen[name])) for name in wanted.WORDS if name in chosen]


def _day(plain: str) -> str:
    return formats.long_day(date.fromisoformat(plain))
