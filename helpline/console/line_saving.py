"""How every change of the line's settings is saved: shown before and after with what follows from it, then saved with a reason.
Asks `line.editing`, `callbacks.foreseen`, `live.outside`; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours
from helpline.callbacks import foreseen
from helpline.console import line_words
from helpline.console.access import jar, person
from helpline.console.forms import Form
from helpline.console.rendering import notice
from helpline.languages import CODES
from helpline.line import editing
from helpline.line.notices import Overtaken
from helpline.live import outside, shifts
from helpline.people import audit

SUPPOSE = "suppose"


@dataclass(frozen=True)
class Proposal:
    """A change that nobody has saved: in words, what it does to those who wait and to shifts, and what stands for it in forms.

    `confirmed`: changes with anything in it; `suppose`: the same, sealed, for hearing it beforehand.
    """

    lines: list[tuple[str, str, str]]
    falls: list[foreseen.Falls]
    shifts: list[outside.Outside]
    confirmed: str
    suppose: str


def marked(*whats: str) -> str:
    """What a form carries so that two people do not overwrite each other: it changes with each of these things."""
    with db.transaction(durable=False) as session:
        return editing.mark(editing.state(session), whats)


def proposal(wanted: Mapping[str, Any]) -> Proposal:
    """What this change would do."""
    now = clock.now()
    with db.transaction(durable=False) as session:
        before = editing.state(session)
        calendars = editing.calendar(before), editing.calendar({**before, **wanted})
        found: tuple[list[Any], list[Any]] = [], []
        if calendars[0] != calendars[1]:
            found = (
                foreseen.falls(session, *calendars, now),
                outside.outside(shifts.listed(session), *calendars, _first(wanted, hours.today(now)), CODES),
            )
    lines = _told(before, wanted)
    sealed = jar().sealed(SUPPOSE, dict(wanted))
    return Proposal(lines, *found, confirmed=editing.digest(wanted), suppose=sealed)


def _first(wanted: Mapping[str, Any], today: date) -> date:
    """The day on which a change begins: today, unless all of it is hours that begin later."""
    return min(begun[0] if (begun := editing.begins(what)) else today for what in wanted)


def told(wanted: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What this change would make another, in words: (what, before, after)."""
    with db.transaction(durable=False) as session:
        return _told(editing.state(session), wanted)


def _told(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    lines = []
    for what, value in wanted.items():
        was, becomes = before.get(what), value
        if was == becomes:
            continue
        if editing.begins(what):  # where nothing begins on that day, what holds on it all the same
            held = editing.otherwise({**before, **wanted}, what)
            was, becomes = (held if one is None else one for one in (was, becomes))
        lines += line_words.changed(what, was, becomes)
    return lines


def save(form: Form, wanted: Mapping[str, Any], *, to: str) -> Response | Proposal | None:
    """Save what somebody has been shown and wants with a reason; otherwise show it, or (None) there is nothing to change.

    Faults of the form: no reason where the change was shown already; somebody else was quicker.
    """
    found = proposal(wanted)
    if not found.lines:
        return None
    if form.typed("confirmed") != found.confirmed:
        if form.typed("seen") != marked(*wanted):
            _overtaken(form, wanted)
        return found
    why = form.reason("why")
    if not form:
        return found
    try:
        with db.transaction() as session:
            version = editing.save(session, wanted, who=person().in_audit, why=why, seen=form.typed("seen"))
            if version:
                audit.record(session, person().in_audit, "changed_line", f"line {version}")
    except Overtaken:
        _overtaken(form, wanted)
        return found
    said = gettext("Saved: from now on calls hear it so, at most five seconds later.")
    if all(editing.begins(what) and value is None for what, value in wanted.items()):
        said = gettext("Taken back: nothing changes on its day, and all stays as it is.")
    elif all(map(editing.begins, wanted)):
        said = gettext("Saved: calls hear it so from its day on, and until then as it is now.")
    return notice(redirect(to, 303), said)


def _overtaken(form: Form, wanted: Mapping[str, Any]) -> None:
    said = gettext(
        "Somebody else changed this meanwhile. Nothing was saved: below is what you wrote; compare it with what holds now, then decide."
    )
    form.fault("", said)
    form.fill(seen=marked(*wanted))


def nothing(to: str) -> Response:
    """Back, when a form changes nothing."""
    return notice(redirect(to, 303), gettext("Nothing changed: it is so already."), kind="info")


def status_of(form: Form) -> int:
    """The status of a form that is shown again."""
    return 200 if form else 409 if "" in form.errors else 422
