"""Notices: what every caller hears right after the welcome, from a moment until another. Asks `line.notices` and
`voice.notices`; decides nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import formats, labels, notices_recording, prompts_words
from helpline.console import forms as parsing
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.offers_words import by_whom
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.languages import CODES
from helpline.line import notices
from helpline.line.notices import Given, Kept, Standing, Wrong
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import dictations, rights, spoken_notices
from helpline.voice import notices as wording
from helpline.voice.takes_models import TakeState

FIRST = notices.FIRST
WRONG = {
    Wrong.ORDER: lazy_gettext("It must end after it begins."),
    Wrong.PAST: lazy_gettext("This is over already: nobody would hear it."),
    Wrong.TOO_LONG: lazy_gettext("At most ninety days: what holds for longer is a text of the line."),
    Wrong.TOO_MANY: lazy_gettext(
        "Three other notices are heard then: a caller would wait too long for the menu."
    ),
}
STANDINGS = {
    Standing.NOW: (lazy_gettext("heard now"), "good"),
    Standing.COMING: (lazy_gettext("to come"), "busy"),
    Standing.OVER: (lazy_gettext("over"), "calm"),
}
FIELDS = {
    "texts": lazy_gettext("words"),
    "starts_at": lazy_gettext("beginning"),
    "ends_at": lazy_gettext("end"),
    "ended_at": lazy_gettext("ended early, or heard again"),
    "clips": lazy_gettext("recording"),
}
RECORDED = {
    TakeState.RECEIVED: (lazy_gettext("being checked"), "busy"),
    TakeState.READY: (lazy_gettext("heard"), "good"),
    TakeState.REFUSED: (lazy_gettext("refused"), "bad"),
}
_MOST = 600
keepers = allowed(Role.COORDINATOR, Role.EDITOR, Role.ADMINISTRATOR)


@keepers
def listed() -> Response:
    """What is heard now, what is to come, what is over."""
    now = clock.now()
    with db.transaction(durable=False) as session:
        rows = notices.listed(session)
    by = {standing: [row for row in rows if row.standing(now) is standing] for standing in Standing}
    return page(
        "notices/list.html",
        by=by,
        missing=lambda row: wording.missing(row.texts, row.clips),
        standings=STANDINGS,
    )


@keepers
def new() -> Response:
    """The form for a notice: empty, or with the words of an older one."""
    form = Form()
    now = formats.in_rome(clock.now())
    form.fill(starts_day=now.date().isoformat(), starts_time=now.strftime("%H:%M"))
    form.fill(ends_day=now.date().isoformat(), ends_time="23:59")
    like = parsing.number(request.args.get("like", ""))
    if like is not None:
        for code, text in _one(like).texts.items():
            form.fill(**{f"text_{code}": text})
    return _form(form)


@keepers
def made() -> Response:
    """A notice is made, once its words and times are right and whoever makes it knows where it is not heard."""
    form = Form(request.form)
    given, why = _given(form), form.reason("why")
    if given is None or not form or (missing := _unsaid(form, given)):
        return _form(form, 422, missing=[] if given is None or not form else missing)
    with db.transaction() as session:
        notice_id = wording.save(session, given, who=person().in_audit, why=why)
    said = gettext("Saved: the next caller hears it, from its beginning until its end.")
    return notice(redirect(url_for("notices.one", notice_id=notice_id), 303), said)


@keepers
def one(notice_id: int) -> Response:
    """A notice, to be changed or ended; who changed it when and why."""
    kept = _one(notice_id)
    form = Form({f"text_{code}": text for code, text in kept.texts.items()})
    for name, moment in (("starts", kept.starts_at), ("ends", kept.ends_at)):
        there = formats.in_rome(moment)
        form.fill(**{f"{name}_day": there.date().isoformat(), f"{name}_time": there.strftime("%H:%M")})
    form.fill(revision=str(kept.revision))
    return _form(form, kept=kept)


@keepers
def changed(notice_id: int) -> Response:
    """Other words or times, and why."""
    kept, form = _one(notice_id), Form(request.form.copy())
    given, why = _given(form, notice_id), form.reason("why")
    if given is None or not form or (missing := _unsaid(form, given)):
        return _form(form, 422, kept=kept, missing=[] if given is None or not form else missing)
    try:
        with db.transaction() as session:
            wording.save(
                session, given, who=person().in_audit, why=why, notice_id=notice_id, revision=form.revision()
            )
    except notices.Overtaken:
        form.fault(
            "",
            gettext(
                "Somebody else changed it meanwhile: below is what you wrote. Look at what holds, then decide."
            ),
        )
        fresh = _one(notice_id)
        form.fill(revision=str(fresh.revision))
        return _form(form, 409, kept=fresh, overtaken=True)
    return notice(
        redirect(url_for("notices.one", notice_id=notice_id), 303),
        gettext("Saved: the next caller hears it so."),
    )


@keepers
def ended(notice_id: int) -> Response:
    """It is heard no more from now on."""
    kept, form = _one(notice_id), Form(request.form)
    why = form.reason("end_why")
    if not form:
        return _ending(kept, form)
    with db.transaction() as session:
        done = wording.end(session, notice_id, who=person().in_audit, why=why)
    said = gettext("Ended: the next caller does not hear it.") if done else gettext("It was over already.")
    return notice(
        redirect(url_for("notices.one", notice_id=notice_id), 303), said, kind="good" if done else "info"
    )


def _ending(kept: Kept, typed: Form) -> Response:
    form = Form({f"text_{code}": text for code, text in kept.texts.items()})
    form.errors = typed.errors
    form.fill(revision=str(kept.revision), end_why=typed.typed("end_why"))
    for name, moment in (("starts", kept.starts_at), ("ends", kept.ends_at)):
        there = formats.in_rome(moment)
        form.fill(**{f"{name}_day": there.date().isoformat(), f"{name}_time": there.strftime("%H:%M")})
    return _form(form, 422, kept=kept)


def _one(notice_id: int) -> Kept:
    with db.transaction(durable=False) as session:
        try:
            return notices.one(session, notice_id)
        except LookupError:
            abort(404)


def _given(form: Form, notice_id: int | None = None) -> Given | None:
    """What the form says; None when anything in it is wrong."""
    texts = wording.tidy(
        {code: form.text(f"text_{code}", required=code == FIRST, most=_MOST) for code in CODES}
    )
    for code, reasons in wording.faults(texts).items():
        form.fault(f"text_{code}", " ".join(f"{prompts_words.fault(reason)}." for reason in reasons))
    starts, ends = _moment(form, "starts"), _moment(form, "ends")
    if starts is None or ends is None:
        return None
    given = Given(texts, starts, ends)
    with db.transaction(durable=False) as session:
        for field, wrong in notices.wrong(session, given, notice_id).items():
            form.fault(f"{field}_day", str(WRONG[wrong]))
    return given if form else None


def _moment(form: Form, name: str) -> datetime | None:
    """A day and a time as clocks in Rome show it. Faults: missing, none, an hour that the night of March leaves out."""
    day = form.day(f"{name}_day", required=True)
    typed = form.text(f"{name}_time", most=len("23:59:59"))
    try:
        hour = time.fromisoformat(typed) if typed else None
    except ValueError:
        hour = None
    if typed and (hour is None or hour.tzinfo is not None):
        form.fault(f"{name}_time", gettext("Give a time such as 14:30."))
    if day is None or hour is None:
        return None
    there = datetime.combine(day, hour, tzinfo=clock.ROME)
    moment = there.astimezone(UTC)
    if moment.astimezone(clock.ROME).replace(tzinfo=None) != there.replace(tzinfo=None):
        form.fault(f"{name}_time", gettext("There is no such time on this day: the clocks go forward."))
        return None
    return moment


def _unsaid(form: Form, given: Given) -> list[str]:
    """The languages in which nothing would be said, unless whoever saves it has said that they know of just these."""
    missing = wording.missing(given.texts)
    return [] if form.typed("without") == " ".join(missing) else missing


def _form(
    form: Form,
    status: int = 200,
    *,
    kept: Kept | None = None,
    missing: list[str] | None = None,
    overtaken: bool = False,
) -> Response:
    who, now = person(), clock.now()
    over = kept is not None and kept.standing(now) is Standing.OVER
    changes: list[notices.Change] = []
    names: dict[int, str] = {}
    engines: dict[str, str] = {}
    if kept is not None:
        with db.transaction(durable=False) as session:
            changes = notices.history(session, kept)
            names = accounts.names_of(session, (change.who for change in changes))
            engines = spoken_notices.engines(session, kept)
    texts = wording.tidy({code: form.values.get(f"text_{code}", "") for code in CODES})
    return page(
        "notices/one.html" if kept else "notices/new.html",
        status,
        form=form,
        kept=kept,
        standing=STANDINGS[kept.standing(now)] if kept else None,
        over=over,
        begins=f"{formats.in_rome(max(now, kept.starts_at)):%Y-%m-%dT%H:%M}" if kept else "",
        languages=[FIRST, *(code for code in CODES if code != FIRST)],
        first=FIRST,
        missing=missing or [],
        silent=wording.missing(kept.texts, kept.clips) if kept else [],
        engines=engines,
        overtaken=overtaken,
        seconds=wording.seconds(texts),
        changes=changes,
        by=lambda one: by_whom(one, names),
        words_of=lambda fields: ", ".join(str(FIELDS.get(field, field)) for field in fields),
        recorders=[] if kept is None or over else rights.languages_of(who),
        sent=notices_recording.sent(kept) if kept else [],
        recording_states=RECORDED,
        telephone_number=dictations.number_of(kept.prompt) if kept else None,
        labels={
            "starts_day": gettext("Begins"), "starts_time": gettext("Begins at"), "ends_day": gettext("Ends"),
            "ends_time": gettext("Ends at"), "why": gettext("Why"), "end_why": gettext("Why"),
        } | {f"text_{code}": labels.language_name(code) for code in CODES},
    )  # fmt: skip


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/notices", listed),
    ("GET", "/notices/new", new),
    ("POST", "/notices/new", made),
    ("GET", "/notices/<int:notice_id>", one),
    ("POST", "/notices/<int:notice_id>", changed),
    ("POST", "/notices/<int:notice_id>/end", ended),
    ("POST", "/notices/<int:notice_id>/recording", notices_recording.received),
)
pages = Pages("notices", largest=notices_recording.LARGEST)
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
