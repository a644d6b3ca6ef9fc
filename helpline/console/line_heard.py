"""What a caller would hear at a moment, in a language, on a number of ours: by the engine, the actions and the settings of a
real call (`ivr.imagined`), also with a change that nobody has saved yet. Nothing is written; no call is made."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, hours, line
from helpline.console import formats, labels, line_saving, line_words
from helpline.console.access import jar, settings
from helpline.console.forms import Form
from helpline.console.line import may_change, numbers, tabs
from helpline.console.pages import Pages
from helpline.console.prompts_preview import flow, library
from helpline.console.rendering import page
from helpline.hours import QUIET_FROM, QUIET_UNTIL
from helpline.ivr import imagined
from helpline.ivr.imagined import Imagined
from helpline.languages import CODES
from helpline.line import Line, editing
from helpline.live import shifts
from helpline.live.plan import Standing
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role

pages = Pages("line_heard")
listeners = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)
_LONGEST_AT = len("2026-12-24T17:59:00")
_FURTHEST = 5 * 366  # days


@dataclass(frozen=True)
class Asked:
    """What somebody wants to hear: the moment (None: it is one of two), in which language, by which number."""

    at: datetime | None
    language: str
    number: str


@pages.get("/line/heard")
@listeners
def shown() -> Response:
    """What a caller hears at this moment, or at another one."""
    return _page(Form(request.args.copy()), {})


@pages.post("/line/heard")
@listeners
def supposed() -> Response:
    """The same with a change that is not saved, as its form sealed it."""
    form = Form(request.form.copy())
    wanted = jar().unsealed(line_saving.SUPPOSE, form.typed(line_saving.SUPPOSE))
    return _page(form, wanted if isinstance(wanted, dict) else {})


def _page(form: Form, wanted: dict[str, Any]) -> Response:
    with db.transaction(durable=False) as session:
        here = editing.supposed(session, wanted) if wanted else line.read(session.connection())
        now = clock.now()
        asked = _asked(form, here, now)
        on_shift: dict[int, frozenset[str]] = {}
        if asked and asked.at and _is_open(here, asked.language, asked.at):
            on_shift = shifts.at(session, asked.at)
        speakers = [person for person, languages in on_shift.items() if asked and asked.language in languages]
        names = accounts.names(session, speakers)
    heard = None
    if asked and asked.at:
        shelf = library()
        who = Imagined(
            settings(),
            shelf.manifest().catalogue,
            line=here,
            at=asked.at,
            to=asked.number,
            language=asked.language,
            standing=Standing.FREE if speakers else Standing.NOBODY,
        )
        heard = imagined.hearing(flow(), shelf.manifest(), who, shelf.ready)
    form.fill(**{line_saving.SUPPOSE: form.typed(line_saving.SUPPOSE) if wanted else ""})
    rows = numbers(here)
    return page(
        "line/heard.html",
        200 if form else 422,
        form=form,
        asked=asked,
        heard=heard,
        twice=_both(form) if asked and asked.at is None else [],
        past=bool(asked and asked.at and asked.at < now and hours.today(asked.at) < hours.today(now)),
        quiet=bool(asked and asked.at and _is_quiet(asked.at)),
        speakers=sorted(names.get(one, gettext("somebody")) for one in speakers),
        until=hours.open_until(here.calendar, asked.language, asked.at) if asked and asked.at else None,
        supposing=line_saving.told(wanted),
        languages=[(code, name) for code, name, _ in labels.language_choices()],
        rows=rows,
        options=[
            (row["number"], f"{row['digits']}, {line_words.GREETINGS[row['greeting']][0]}") for row in rows
        ],
        statuses=line_words.STATUSES,
        labels={
            "at": gettext("Day and time in Rome"),
            "language": gettext("Language"),
            "number": gettext("Number"),
        },
        tabs=tabs() if may_change() else [],
        words=line_words,
    )


def _is_open(here: Line, language: str, at: datetime) -> bool:
    """Only then a shift counts: nobody is rung for a caller while the line is closed, whatever the rota says."""
    return hours.status(here.calendar, language, at) is hours.Status.OPEN


def _asked(form: Form, here: Line, now: datetime) -> Asked | None:
    """What the form asks for, filled up with: now, Italian, the free number. None when anything is wrong."""
    ours = [str(row["number"]) for row in numbers(here)]
    form.fill(
        at=form.typed("at") or formats.in_rome(now).strftime("%Y-%m-%dT%H:%M"),
        language=form.typed("language") or "it",
        number=form.typed("number") or ours[0],
    )
    language, number = form.choice("language", CODES), form.choice("number", ours)
    local = _local(form)
    if local is None or not form:
        return None
    moment = local.astimezone(UTC)
    if moment.astimezone(clock.ROME).replace(tzinfo=None) != local.replace(tzinfo=None):
        form.fault("at", gettext("There is no such time on this day: the clocks go forward."))
        return None
    if abs((moment - now).days) > _FURTHEST:
        form.fault("at", gettext("Choose a moment within five years."))
        return None
    twice = local.utcoffset() != local.replace(fold=1).utcoffset()
    which = form.typed("which")
    if twice and which not in {"first", "second"}:
        return Asked(None, language, number)
    return Asked(local.replace(fold=int(which == "second")).astimezone(UTC), language, number)


def _local(form: Form) -> datetime | None:
    try:
        found = datetime.fromisoformat(form.typed("at")[:_LONGEST_AT])
    except ValueError:
        found = None
    known = found is not None and found.tzinfo is None and hours.is_reckoned(found.date())
    if found is None or not known or len(form.typed("at")) > _LONGEST_AT:
        form.fault("at", gettext("Give a day and a time such as 2026-12-24T17:59."))
        return None
    return found.replace(tzinfo=clock.ROME)


def _both(form: Form) -> list[tuple[str, str]]:
    """The two moments that clocks in Rome show alike on the day of 25 hours: (word, what it is)."""
    return [
        ("first", gettext("the first time, in summer time")),
        ("second", gettext("the second time, an hour later, in winter time")),
    ]


def _is_quiet(at: datetime) -> bool:
    hour = formats.in_rome(at).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL
