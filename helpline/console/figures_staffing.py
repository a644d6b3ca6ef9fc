"""How many people the line needs in each hour of a week, for coordinators, against who is on the rota. Shows no worker."""

from datetime import date, timedelta
from typing import Any

from babel import Locale
from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db, line
from helpline.console import formats
from helpline.console.forms import Form
from helpline.console.labels import languages_to_choose, name_and_own
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.console.words import language
from helpline.figures import demand, heat
from helpline.figures.demand import Week
from helpline.figures.heat import Cell, Row
from helpline.figures.staffing import EVERY, RARE, Slot, Target
from helpline.figures.svg import Drawn
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role

WEEKS = (4, 8, 13, 26)
USUAL = {"weeks": "8", "share": "80", "seconds": "60"}
LONGEST = timedelta(days=3 * 366)
pages = Pages("figures_staffing")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@pages.get("/staffing")
@coordinators
def shown() -> Response:
    """A week, next week unless another is chosen; what is aimed at stands in the URL."""
    form = Form(request.args.to_dict())
    here = clock.in_rome().date()
    chosen = _chosen(form, here)
    found = None
    if form:
        with db.transaction(durable=False) as session:
            found = demand.week(session, line.current().calendar, today=here, **chosen)
    code = form.values.get("language", EVERY)
    return page(
        "figures_staffing/shown.html",
        200 if form else 422,
        form=form,
        found=found,
        today=here,
        codes=CODES,
        weeks=[(one, one) for one in WEEKS],
        language=code,
        languages_to_choose=languages_to_choose(),
        weekdays=_weekdays("wide"),
        monday=demand.monday_of(chosen["day"]),
        chart=_chart(found, code) if found else None,
        rare=RARE,
        assumed=demand.ASSUMED,
        writing=demand.WRITING,
    )


def _chosen(form: Form, here: date) -> dict[str, Any]:
    """Which week, from how many weeks, and what is aimed at; faults are said beside their fields."""
    for name, value in USUAL.items():
        form.values.setdefault(name, value)
    day = form.day("day") or demand.monday_of(here) + demand.WEEK
    if abs(day - here) > LONGEST:
        form.fault("day", gettext("Choose a day within three years."))
        day = here
    form.fill(day=day.isoformat())
    weeks = form.choice("weeks", [str(one) for one in WEEKS])
    form.choice("language", ("", *CODES), required=False)
    share, seconds = _number(form, "share", 1, 99), _number(form, "seconds", 0, 3600)
    minutes = _number(form, "minutes", 1, 120) if form.typed("minutes") else None
    return {
        "day": day,
        "weeks": int(weeks) if form else WEEKS[1],
        "target": Target(share=share / 100, seconds=seconds),
        "minutes": minutes,
    }


def _number(form: Form, field: str, least: int, most: int) -> int:
    typed = form.typed(field)
    if typed.isascii() and typed.isdecimal() and len(typed) < 6 and least <= int(typed) <= most:
        return int(typed)
    form.fault(field, gettext("Give a whole number from %(least)s to %(most)s.", least=least, most=most))
    return least


def _weekdays(width: str) -> list[str]:
    names = Locale(language()).days["stand-alone"][width]
    return [str(names[day])[:1].upper() + str(names[day])[1:] for day in range(7)]


def _chart(found: Week, code: str) -> Drawn:
    """The week of one language, or of all, as a picture: how many ask for a person, and where people are missing."""
    slots = {slot.hour: slot for slot in found.slots[code]}
    hours = sorted({hour for _, hour in slots}) or [9]
    hours = list(range(hours[0], hours[-1] + 1))
    names, days = _weekdays("abbreviated"), _weekdays("wide")
    rows = [
        Row(names[day], [_cell(slots.get((day, hour)), days[day], hour) for hour in hours])
        for day in range(7)
    ]
    whose = name_and_own(code) if code else gettext("all languages")
    title = gettext("Callers an hour who ask for a person: %(whose)s", whose=whose)
    about = gettext(
        "Each cell is an hour of a weekday; the darker, the more callers. A corner and a frame mark hours with too few people on the rota. The table below says the same."
    )
    return heat.drawn(title, about, [f"{hour}" for hour in hours], rows)


def _cell(slot: Slot | None, day: str, hour: int) -> Cell:
    when = f"{day} {hour}–{hour + 1}"
    if slot is None:
        return Cell(0, "", gettext("%(when)s: closed", when=when), shut=True)
    mean = slot.asked.mean
    about = gettext(
        "%(when)s: %(asked)s callers an hour (%(low)s to %(high)s), %(need)s needed, %(staffed)s on the rota",
        when=when,
        asked=formats.tenths(mean),
        low=slot.asked.low,
        high=slot.asked.high,
        need=slot.need,
        staffed=formats.number(slot.staffed),
    )
    told = formats.number(round(mean)) if mean >= 10 else formats.tenths(mean) if mean >= 0.05 else ""
    return Cell(mean, told, about, marked=slot.missing > 0, shut=not slot.open and mean == 0)
