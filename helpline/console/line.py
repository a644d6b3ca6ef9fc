"""The line as it is now: open or closed, hours, days off, notices, numbers, projects, limits; and every change of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours, line, phone
from helpline.console import line_saving, line_words
from helpline.console.access import person, settings
from helpline.console.forms import Form, number
from helpline.console.line_words import ALL, KINDS
from helpline.console.offers_words import by_whom
from helpline.console.pages import Pages
from helpline.console.rendering import locale, page
from helpline.languages import CODES
from helpline.line import Line, editing, notices, versions, week
from helpline.line.limits import USUAL
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.phone import PhoneNumber

AHEAD = timedelta(days=120)
ENDS_SOON = timedelta(days=60)
pages = Pages("line")
keepers = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
readers = allowed(Role.OPERATOR, Role.COORDINATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Stands:
    """How the line stands for a language: until when it is open, or when it opens again."""

    language: str
    status: hours.Status
    until: datetime | None
    again: hours.Opening | None


def may_change() -> bool:
    """Whether whoever reads the page may change it too."""
    return bool({Role.COORDINATOR, Role.ADMINISTRATOR} & set(person().roles))


def tabs() -> list[tuple[str, str, bool, None]]:
    """The pages of this room, as `ui.chips` takes them."""
    rooms = (
        ("line.shown", gettext("As it is now")),
        ("line_days.shown", gettext("Days off")),
        ("line_numbers.shown", gettext("Numbers")),
        ("line_limits.shown", gettext("Limits")),
        ("line_heard.shown", gettext("What is heard when")),
        ("line.history", gettext("Changes")),
    )
    return [(text, url_for(endpoint), request.endpoint == endpoint, None) for endpoint, text in rooms]


@pages.get("/line")
@readers
def shown() -> Response:
    """All of it on one page, as the next call finds it."""
    now = clock.now()
    with db.transaction(durable=False) as session:
        here = line.read(session.connection())
        told = [one for one in notices.listed(session) if one.standing(now) is not notices.Standing.OVER]
    today = hours.today(now)
    return page(
        "line/now.html",
        stands=[_stands(here, code, now) for code in CODES],
        weeks={name: _weeks(here, name, today) for name in KINDS},
        coming={name: coming(here, name, today) for name in KINDS},
        kinds=KINDS,
        others={name: _others(here, name, today) for name in KINDS},
        days=days_off(here, today, today + AHEAD),
        news=told,
        notice_now=lambda one: one.standing(now) is notices.Standing.NOW,
        numbers=numbers(here),
        projects=[one for one in here.projects if one.ends_on >= today],
        runs=lambda one: one.starts_on <= today,
        soon=today + ENDS_SOON,
        limits=[
            (*line_words.LIMITS[name], getattr(here.limits, name), usual) for name, usual in USUAL.items()
        ],
        changes_it=may_change(),
        coordinates=Role.COORDINATOR in person().roles,
        tabs=tabs() if may_change() else [],
        words=line_words,
        today=today,
    )


@pages.get("/line/history")
@keepers
def history() -> Response:
    """Every change, newest first, of one kind or of all."""
    kind = request.args.get("kind", "")
    before = number(request.args.get("before", ""))
    with db.transaction(durable=False) as session:
        rows = versions.listed(session, kind=kind, before=before)
        names = _names(session, rows)
    return page(
        "line/history.html",
        rows=rows[: versions.PAGE],
        more=rows[versions.PAGE - 1].id if len(rows) > versions.PAGE else None,
        kind=kind if kind in versions.KINDS else "",
        kinds=line_words.CHANGES,
        by=lambda who: by_whom(who, names),
        lines=_lines,
        tabs=tabs(),
    )


@pages.get("/line/history/<int:version_id>")
@keepers
def version(version_id: int) -> Response:
    """One change, and what putting it back would change now."""
    return _version(version_id, Form())


@pages.post("/line/history/<int:version_id>")
@keepers
def put_back(version_id: int) -> Response:
    """Let it be as it was before this change: a change of its own, with its own reason."""
    form = Form(request.form.copy())
    _, wanted = _before(version_id)
    if not wanted:
        abort(404)
    done = line_saving.save(form, wanted, to=url_for("line.history"))
    if isinstance(done, Response):
        return done
    if done is None:
        return line_saving.nothing(url_for("line.version", version_id=version_id))
    return _version(version_id, form)


def _version(version_id: int, form: Form) -> Response:
    found, wanted = _before(version_id)
    with db.transaction(durable=False) as session:
        names = _names(session, [found])
    proposal = line_saving.proposal(wanted) if wanted else None
    if "seen" not in form.values:
        form.fill(seen=line_saving.marked(*wanted))
    return page(
        "line/version.html",
        line_saving.status_of(form),
        row=found,
        form=form,
        proposal=proposal if proposal and proposal.lines else None,
        begun=any(map(editing.has_begun, found.changes)),
        by=lambda who: by_whom(who, names),
        lines=_lines,
        tabs=tabs(),
        words=line_words,
    )


def _before(version_id: int) -> tuple[versions.Version, dict[str, Any]]:
    with db.transaction(durable=False) as session:
        try:
            found = versions.one(session, version_id)
        except LookupError:
            abort(404)
        return found, versions.before(found, editing.state(session))


def _lines(row: versions.Version) -> list[tuple[str, str, str]]:
    return [told for what, change in row.changes.items() for told in line_words.noted(what, change)]


def _names(session: Any, rows: list[versions.Version]) -> dict[int, str]:
    return accounts.names_of(session, (row.who for row in rows))


def _stands(here: Line, language: str, now: datetime) -> Stands:
    return Stands(
        language,
        hours.status(here.calendar, language, now),
        hours.open_until(here.calendar, language, now),
        hours.next_opening(here.calendar, language, now),
    )


def _weeks(here: Line, kind: str, today: date) -> list[tuple[str, week.Week]]:
    """The hours of all languages that hold today, then of those that have their own."""
    held = here.calendar.on(today)
    spans = held.opening if kind == "opening" else held.callback
    own = [code for code in CODES if week.of(spans, code) != week.EMPTY]
    return [(ALL, week.of(spans, None)), *((code, week.of(spans, code)) for code in own)]


def coming(here: Line, kind: str, today: date) -> list[tuple[date, str, week.Week]]:
    """The hours that begin after today: from which day, whose, and which."""
    later = here.calendar.opening_from if kind == "opening" else here.calendar.callback_from
    return [
        (one.first, one.language or ALL, week.of(one.spans, one.language))
        for one in later
        if one.first > today
    ]


def _others(here: Line, kind: str, today: date) -> list[str]:
    """The languages that follow the hours of all."""
    own = {code for code, _ in _weeks(here, kind, today)}
    return [code for code in CODES if code not in own]


def days_off(here: Line, first: date, last: date) -> list[dict[str, Any]]:
    """Holidays and closures from a day until another, in their order."""
    found: list[dict[str, Any]] = [
        {
            "first": day,
            "last": day,
            "name": name,
            "kind": "worked" if day in here.calendar.open_days else "holiday",
        }
        for year in range(first.year, last.year + 1)
        for day, name in hours.holiday_names(year, locale()).items()
        if first <= day <= last
    ]
    found += [
        {"first": one.first, "last": one.last, "name": "", "kind": "closure"}
        for one in here.calendar.closures
        if one.last >= first and one.first <= last
    ]
    return sorted(found, key=lambda one: (one["first"], one["kind"]))


def numbers(here: Line) -> list[dict[str, Any]]:
    """Every number of ours: the two of the installation, which are no settings, then the others."""
    free, back = settings().toll_free_number, settings().callback_number
    installed = [
        {"number": free, "greeting": line.WELCOME, "free": True, "fixed": True, "back": False},
        {"number": back, "greeting": line.NEUTRAL, "free": False, "fixed": True, "back": True},
    ]
    others = [
        {"number": one, "greeting": greeting, "free": is_free(one), "fixed": False, "back": False}
        for one, greeting in sorted(here.greetings.items())
        if one not in {free, back}
    ]
    return [one | {"digits": PhoneNumber(str(one["number"])).digits} for one in installed + others]


def is_free(number: str) -> bool:
    """Whether calling this number costs nothing."""
    return phone.judge(number).verdict is phone.Verdict.TOLL_FREE
