"""Alerts: what is wrong on the line now, what was, what to do; that somebody knows; limits. Asks `alerts`, decides nothing."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.alerts import limits, reading, standing, wording
from helpline.alerts.kinds import MEANINGS, Kind, Setting, Severity, Unit
from helpline.alerts.reading import Standing
from helpline.console import alerts_recipients
from helpline.console import forms as parsing
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.offers_words import by_whom
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.console.words import language
from helpline.faults import Faults
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role

UNITS = {
    Unit.COUNT: lazy_gettext("number"),
    Unit.MINUTES: lazy_gettext("minutes"),
    Unit.HOURS: lazy_gettext("hours"),
    Unit.PERCENT: lazy_gettext("percent"),
}
TONES = {Severity.URGENT: "bad", Severity.WARNING: "warn"}
pages = Pages("alerts")
keepers = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
administrators = allowed(Role.ADMINISTRATOR)


@pages.get("/alerts")
@keepers
def now() -> Response:
    """What stands now, and what was."""
    before = parsing.number(request.args.get("before", ""))
    with db.transaction(durable=False) as session:
        standing_now, past = reading.standing(session), reading.past(session, before=before)
        probes = reading.probes(session)
    return page(
        "alerts/now.html",
        alerts=standing_now,
        past=past,
        earlier=past[-1].id if len(past) == reading.PAGE else None,
        probes=probes,
        is_administrator=Role.ADMINISTRATOR in person().roles,
        **_words(),
    )


@pages.get("/alerts/part")
@keepers
def now_part() -> Response:
    """What stands now, for the page that looks by itself."""
    with db.transaction(durable=False) as session:
        return part("alerts/rows.html", alerts=reading.standing(session), **_words())


@pages.get("/alerts/help")
@keepers
def what_to_do() -> Response:
    """What each kind means, and what to do."""
    return page("alerts/help.html", kinds=list(Kind), meanings=MEANINGS, **_words())


@pages.get("/alerts/<int:alert_id>")
@keepers
def one(alert_id: int) -> Response:
    """One alert: what it means, what to do, who knows."""
    return _one(alert_id, Form())


@pages.post("/alerts/<int:alert_id>")
@keepers
def acknowledged(alert_id: int) -> Response:
    """Somebody knows of it, and says what is being done."""
    form = Form(request.form)
    note = form.reason("note")
    if not form:
        return _one(alert_id, form, 422)
    with db.transaction() as session:
        try:
            standing.acknowledge(session, alert_id, who=person().in_audit, note=note)
        except LookupError:
            abort(404)
        except standing.Over:
            return notice(_to(alert_id), gettext("It is over already."), kind="info")
    return notice(_to(alert_id), gettext("Noted: nobody is reminded of it any more."))


@pages.post("/alerts/probes/forget")
@administrators
def forget_probe() -> Response:
    """Nobody looks from there any more."""
    with db.transaction() as session:
        try:
            reading.forget_probe(session, request.form.get("place", ""), who=person().in_audit)
        except LookupError:
            abort(404)
    return notice(redirect(url_for("alerts.now"), 303), gettext("Forgotten."))


@pages.get("/alerts/limits")
@keepers
def limits_shown() -> Response:
    """How each kind works, and who changed that."""
    with db.transaction(durable=False) as session:
        chosen, changes = limits.now(session), limits.history(session)
        names = accounts.names_of(session, (change.who for change in changes))
    return page(
        "alerts/limits.html",
        settings=list(chosen.values()),
        meanings=MEANINGS,
        units=UNITS,
        changes=changes,
        by=lambda who: by_whom(who, names),
        **_words(),
    )


@pages.get("/alerts/limits/<kind>")
@keepers
def limit(kind: str) -> Response:
    """The form of one kind."""
    which = _kind(kind)
    with db.transaction(durable=False) as session:
        setting = limits.now(session)[which]
    return _limit(which, Form({"limit": str(setting.limit), "on": "on" if setting.on else "off"}))


@pages.post("/alerts/limits/<kind>")
@keepers
def limit_chosen(kind: str) -> Response:
    """Another limit, or off, and why."""
    which, form = _kind(kind), Form(request.form)
    on, why = form.choice("on", ("on", "off")), form.reason("why")
    typed = form.text("limit", most=6) if MEANINGS[which].limit is not None else "0"
    if typed and not (typed.isascii() and typed.isdecimal()):
        form.fault("limit", _range(which))
    if not form:
        return _limit(which, form, 422)
    setting = Setting(which, on == "on", int(typed))
    with db.transaction() as session:
        try:
            changed = limits.choose(session, setting, who=person().in_audit, why=why)
        except Faults:
            form.fault("limit", _range(which))
    if not form:
        return _limit(which, form, 422)
    said = (
        gettext("Saved: it holds from the next look on, within half a minute.")
        if changed
        else gettext("Nothing was changed.")
    )
    return notice(redirect(url_for("alerts.limits_shown"), 303), said, kind="good" if changed else "info")


def _one(alert_id: int, form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        try:
            alert = reading.one(session, alert_id)
        except LookupError:
            abort(404)
        names = accounts.names_of(session, [alert.acknowledged_by])
    return page(
        "alerts/one.html",
        status,
        alert=alert,
        form=form,
        by=lambda who: by_whom(who, names),
        **_words(),
    )


def _limit(kind: Kind, form: Form, status: int = 200) -> Response:
    return page(
        "alerts/limit.html",
        status,
        kind=kind,
        meaning=MEANINGS[kind],
        unit=UNITS.get(MEANINGS[kind].unit or Unit.COUNT),
        form=form,
        **_words(),
    )


def _range(kind: Kind) -> str:
    return gettext("Give a whole number from 0 to %(most)s.", most=MEANINGS[kind].most)


def _kind(kind: str) -> Kind:
    if kind not in tuple(Kind):
        abort(404)
    return Kind(kind)


def _to(alert_id: int) -> Response:
    return redirect(url_for("alerts.one", alert_id=alert_id), 303)


def _words() -> dict[str, Any]:
    """An alert in the reader's language, for templates."""
    reader = language()

    def title(alert: Standing) -> str:
        return wording.title(alert.kind, alert.subject, alert.about, alert.facts, reader)

    return {
        "title": title,
        "kind_of": lambda kind: wording.kind_of(kind, reader),
        "meaning_of": lambda kind: wording.meaning(kind, reader),
        "steps": lambda kind: wording.steps(kind, reader),
        "pressing": lambda severity: wording.severity(severity, reader),
        "tones": TONES,
        "tabs": alerts_recipients.tabs(),
    }


for method, rule, view in alerts_recipients.VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
