"""What was not as usual in the menu, in sentences, and what it may come from. Knows no page."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext

from helpline.console import flow_words, formats
from helpline.figures.funnel import Menu
from helpline.figures.noticing import Found
from helpline.figures.unusual import Part

SHADES = (
    lazy_gettext("below 5 %"),
    lazy_gettext("5 to 10 %"),
    lazy_gettext("10 to 20 %"),
    lazy_gettext("20 to 40 %"),
    lazy_gettext("40 % and more"),
)
"""What each shade of the picture says (`menu_svg.SHARES`)."""


@dataclass(frozen=True)
class Told:
    """Something unusual as it is told: `where`, what happened, what it may come from, and where one looks further."""

    language: str
    where: str
    sentence: str
    hint: str
    calls: str
    listen: str | None
    shifts: str | None
    day: str | None

    @classmethod
    def of(cls, menu: Menu, one: Found) -> "Told":
        """One thing in words."""
        where = flow_words.step_word(one.step) if one.step else gettext("Nobody for who wanted a person")
        first, last = (one.worst, one.worst) if one.worst else (menu.first, menu.last)
        asked: dict[str, Any] = {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "language": one.language or "none",
        }
        asked |= {"step": one.step} if one.step else {"person": "nobody"}
        listen = (
            url_for("prompts_preview.heard", language=one.language, step=one.step)
            if one.step and one.language and one.stayed and one.step not in menu.older
            else None
        )
        shifts = (
            None
            if one.step
            else url_for("figures_staffing.shown", day=first.isoformat(), language=one.language)
        )
        day = (
            None
            if (first, last) == (menu.first, menu.last)
            else url_for(
                "figures_menu.shown", first=first.isoformat(), last=last.isoformat(), language=one.language
            )
        )
        return cls(
            one.language, where, _sentence(one), _hint(one), url_for("calls.listed", **asked), listen, shifts, day
        )  # fmt: skip


def number(value: int) -> str:
    """A count as the reader writes it."""
    return formats.number(value)


def _sentence(one: Found) -> str:
    told = []
    if one.more and one.step:
        told.append(
            gettext("hung up here: %(now)s, usually %(usual)s", now=_part(one.now), usual=_part(one.usual))
        )
    elif one.more:
        told.append(
            gettext(
                "wanted a person and found nobody: %(now)s, usually %(usual)s",
                now=_part(one.now),
                usual=_part(one.usual),
            )
        )
    if one.stayed and one.seconds is not None and one.usual_seconds is not None:
        now, usual = round(one.seconds), round(one.usual_seconds)
        told.append(
            gettext("they hung up after %(now)s s; usually people stay %(usual)s s", now=now, usual=usual)
            if one.more
            else gettext("stayed %(now)s s, usually %(usual)s s", now=now, usual=usual)
        )
    if one.unplayed:
        told.append(
            gettext(
                "what we sent could not be played: %(part)s of these calls that were looked at",
                part=_part(one.unplayed),
            )
        )
    if one.came_from and one.came:
        told.append(
            gettext(
                "many more than usual came from “%(step)s”: %(part)s",
                step=flow_words.step_word(one.came_from),
                part=_part(one.came),
            )
        )
    if one.worst and one.worst_part:
        told.append(
            gettext(
                "most of it on %(day)s: %(part)s",
                day=formats.long_day(one.worst),
                part=_part(one.worst_part),
            )
        )
    whole = "; ".join(told)
    return f"{whole[:1].upper()}{whole[1:]}."


def _part(part: Part) -> str:
    return gettext("%(some)s of %(of)s", some=number(part.some), of=number(part.of))


def _hint(one: Found) -> str:
    """What it may come from: to be looked for, never sure."""
    if not one.step:
        return gettext("Look at the shifts of that time; how it went, a call tells step by step.")
    if one.unplayed:
        return gettext(
            "The carrier did not get our recording, and callers heard nothing at first: check that it is there."
        )
    if one.came_from:
        return gettext("What happened before matters here more than the step itself: open a call.")
    if one.more and one.stayed == "shorter":
        return gettext(
            "Who hangs up so soon may have heard nothing, or the wrong thing: open a call and see what was played."
        )
    if one.stayed == "longer":
        return gettext("People stay where much is said or nothing happens: listen to how long this step is.")
    if one.more:
        return gettext("Open a call and see what came before.")
    return ""
