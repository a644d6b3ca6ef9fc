"""The words of a report: what its sections, tables, columns and rows are called. As an office writes them. Knows no page."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import LazyString, get_locale, gettext, lazy_gettext

from helpline import languages
from helpline.console.labels import language_name, region_name
from helpline.console.offers_words import country_name
from helpline.figures import report_periods as periods
from helpline.figures.report_periods import Period
from helpline.ivr import formerly

TABLES: Mapping[str, LazyString] = {
    "indicators": lazy_gettext("Main figures"),
    "outcomes": lazy_gettext("Calls by outcome"),
    "months": lazy_gettext("Overview by month"),
    "weeks": lazy_gettext("Calls by week"),
    "days": lazy_gettext("Calls by day"),
    "hours": lazy_gettext("Calls by hour of the day (Rome)"),
    "numbers": lazy_gettext("Calls by number dialled"),
    "languages": lazy_gettext("Calls by language chosen"),
    "served": lazy_gettext("Calls that asked for a person, by language"),
    "waits": lazy_gettext("Wait for a person"),
    "stages": lazy_gettext("Parts of the menu"),
    "topics": lazy_gettext("Information heard, by topic"),
    "ways": lazy_gettext("Way to the first information"),
    "callbacks_state": lazy_gettext("Callbacks by state"),
    "attempts": lazy_gettext("Attempts to call"),
    "callbacks_source": lazy_gettext("Callbacks by origin of the signal"),
    "callbacks_topic": lazy_gettext("Callbacks by reason"),
    "callbacks_language": lazy_gettext("Callbacks by language"),
    "callbacks_late": lazy_gettext("Day promised for the first attempt"),
    "callback_times": lazy_gettext("Times of the callbacks"),
    "requests_state": lazy_gettext("Requests by state"),
    "requests_group": lazy_gettext("Requests by household"),
    "requests_language": lazy_gettext("Requests by language"),
    "requests_region": lazy_gettext("Requests by region of stay"),
    "requests_country": lazy_gettext("Requests by country of return"),
    "requests_outcome": lazy_gettext("Closed requests by outcome"),
    "request_times": lazy_gettext("Times of the requests"),
    "answers": lazy_gettext("Offers by organisation and answer"),
    "projects": lazy_gettext("Offers accepted, by project"),
    "unplaced_why": lazy_gettext("Requests without a place, by reason"),
    "unplaced_region": lazy_gettext("Requests without a place, by region of stay"),
    "unplaced_country": lazy_gettext("Requests without a place, by country of return"),
    "talks_went": lazy_gettext("Talks with a person, by outcome noted"),
    "prompts": lazy_gettext("Recordings by language"),
    "funds": lazy_gettext("Funds and projects of the line"),
    "pieces": lazy_gettext("Figures by funding period"),
    "returned_counts": lazy_gettext("Figures returned by the organisations"),
}
COLUMNS: Mapping[str, LazyString] = {
    "count": lazy_gettext("Number"),
    "share": lazy_gettext("Share"),
    "now": lazy_gettext("This period"),
    "before": lazy_gettext("Period before"),
    "year": lazy_gettext("A year before"),
    "change": lazy_gettext("Change"),
    "offered": lazy_gettext("Calls offered"),
    "asked": lazy_gettext("With a request or a talk"),
    "of_use": lazy_gettext("With information, a request or a talk"),
    "information": lazy_gettext("Information only"),
    "nothing": lazy_gettext("Without outcome"),
    "listened": lazy_gettext("Listeners"),
    "wanted_person": lazy_gettext("Asked for a person"),
    "answered": lazy_gettext("Answered"),
    "nobody": lazy_gettext("Nobody available"),
    "left": lazy_gettext("Left the queue"),
    "entered": lazy_gettext("Arrivals"),
    "ended": lazy_gettext("Calls ended here"),
    "ended_share": lazy_gettext("Share of arrivals"),
    "heard": lazy_gettext("Times played"),
    "median": lazy_gettext("Median"),
    "ninth": lazy_gettext("90th percentile"),
    "callbacks": lazy_gettext("Callbacks"),
    "requests": lazy_gettext("Requests"),
    "accepted": lazy_gettext("Accepted"),
    "no_place": lazy_gettext("No place"),
    "not_eligible": lazy_gettext("Not eligible"),
    "other": lazy_gettext("Other reason"),
    "no_answer": lazy_gettext("No answer"),
    "withdrawn": lazy_gettext("Withdrawn"),
    "pending": lazy_gettext("To be answered"),
    "all": lazy_gettext("All offers"),
    "counselled": lazy_gettext("People counselled"),
    "plans": lazy_gettext("Reintegration plans"),
    "returned": lazy_gettext("People returned"),
    "reintegrated": lazy_gettext("Helped in the country of return"),
    "entity": lazy_gettext("Implementing organisation"),
    "funder": lazy_gettext("Fund"),
    "dates": lazy_gettext("Period of activity"),
    "set": lazy_gettext("Set in force"),
    "prompts": lazy_gettext("Texts"),
    "recorded": lazy_gettext("Recorded"),
}
INDICATORS: Mapping[str, LazyString] = {
    "offered": lazy_gettext("Calls offered"),
    "listened": lazy_gettext("Listeners (at least four fifths of a message)"),
    "wanted_person": lazy_gettext("Calls that asked for a person"),
    "in_time": lazy_gettext("Answered within 60 seconds"),
    "left_waiting": lazy_gettext("Abandoned after more than 10 seconds"),
    "nobody": lazy_gettext("Nobody available in the language"),
    "callbacks": lazy_gettext("Callbacks requested"),
    "requests": lazy_gettext("Requests for assisted return"),
    "accepted": lazy_gettext("Requests accepted by an organisation"),
}
TOPICS: Mapping[str, LazyString] = {  # by their step: `helpline flow check` asks for each
    "info_what": lazy_gettext("What the help includes"),
    "info_who": lazy_gettext("Who can ask"),
    "info_steps": lazy_gettext("How it works, step by step"),
    "info_effects": lazy_gettext("What it changes"),
    "info_data": lazy_gettext("Data and privacy"),
    "data_notice": lazy_gettext("Full notice on personal data"),
}
_WORDS: Mapping[str, Mapping[str, LazyString]] = {
    "indicator": INDICATORS,
    "outcome": {
        "request": lazy_gettext("Request for assisted return"),
        "callback": lazy_gettext("Callback requested"),
        "live": lazy_gettext("Talk with a person"),
        "message": lazy_gettext("Voice message left"),
        "information": lazy_gettext("Information heard"),
        "gave_up": lazy_gettext("Abandoned in the menu"),
        "silent": lazy_gettext("No key pressed"),
        "refused": lazy_gettext("Not answered by the line"),
    },
    "stage": {
        "language": lazy_gettext("Choice of the language"),
        "main": lazy_gettext("Welcome and main menu"),
        "information": lazy_gettext("Information"),
        "person": lazy_gettext("Wait for a person"),
        "contact": lazy_gettext("Number and time for a callback"),
        "known": lazy_gettext("State of a request, with code"),
        "help": lazy_gettext("Request for assisted return"),
        "office": lazy_gettext("Offices and associations"),
        "other": lazy_gettext("Voice message, help, end of the call"),
        "outside": lazy_gettext("Before the menu"),
    },
    "topic": TOPICS,
    "spread": {
        "wait_seconds": lazy_gettext("Wait for a person"),
        "useful_seconds": lazy_gettext("From the answer to the first information"),
        "useful_keys": lazy_gettext("Keys pressed before the first information"),
        "first_try_minutes": lazy_gettext("From the request to the first attempt"),
        "contact_minutes": lazy_gettext("From the request to the talk"),
        "offer_minutes": lazy_gettext("From the request to the first offer to an organisation"),
        "acceptance_minutes": lazy_gettext("From the request to its acceptance by an organisation"),
    },
    "callbacks_state": {
        "waiting": lazy_gettext("Still waiting"),
        "claimed": lazy_gettext("Being handled"),
        "ringing": lazy_gettext("Being called"),
        "talking": lazy_gettext("Talk under way"),
        "done": lazy_gettext("Carried out"),
        "unreachable": lazy_gettext("Person not reached"),
        "cancelled": lazy_gettext("Cancelled by the person"),
        "stopped": lazy_gettext("Stopped"),
    },
    "source": {
        "call": lazy_gettext("The person’s own call"),
        "signal": lazy_gettext("Signalled by an office or an association"),
    },
    "callbacks_topic": {
        "": lazy_gettext("Ordinary callback"),
        "office": lazy_gettext("Office or association"),
        "data": lazy_gettext("Own personal data"),
        "other_person": lazy_gettext("For another person"),
    },
    "late": {
        "late": lazy_gettext("First attempt after the day promised"),
        "not": lazy_gettext("Within the day promised, or not attempted"),
    },
    "figure": {"attempts": lazy_gettext("Attempts made in all")},
    "requests_state": {
        "waiting": lazy_gettext("Waiting for a place"),
        "needs_person": lazy_gettext("To be looked at by a coordinator"),
        "offered": lazy_gettext("Offered to an organisation"),
        "accepted": lazy_gettext("Accepted by an organisation"),
        "closed": lazy_gettext("Closed by an organisation"),
        "cancelled": lazy_gettext("Taken back by the person"),
    },
    "group": {"self": lazy_gettext("One person"), "family": lazy_gettext("Family")},
    "requests_outcome": {
        "": lazy_gettext("Not stated"),
        "contacted": lazy_gettext("Person contacted"),
        "counselling_begun": lazy_gettext("Counselling begun"),
        "plan_made": lazy_gettext("Reintegration plan made"),
        "returned": lazy_gettext("Person returned"),
        "withdrew": lazy_gettext("Withdrawn by the person"),
        "not_eligible": lazy_gettext("Not eligible"),
        "unreachable": lazy_gettext("Person not reached"),
    },
    "why": {
        "": lazy_gettext("Not yet looked at"),
        "new": lazy_gettext("Not yet looked at"),
        "wait": lazy_gettext("No free place now"),
        "no_project": lazy_gettext("No project under way"),
        "nobody_fits": lazy_gettext("No project for this country, region, language or household"),
        "parked": lazy_gettext("Suspended by a coordinator"),
        "held": lazy_gettext("Places kept for urgent requests"),
        "cannot_reach": lazy_gettext("Person not reached by the organisation"),
        "other": lazy_gettext("Declined for another reason"),
        "not_reached": lazy_gettext("Person not reached by the line either"),
    },
    "went": {
        "helped": lazy_gettext("Helped in the talk"),
        "written_down": lazy_gettext("Callback or request noted"),
        "emergency": lazy_gettext("Emergency handed over"),
        "silent": lazy_gettext("Nobody spoke"),
        "not_for_us": lazy_gettext("Wrong number or other matter"),
    },
}
UNITS: Mapping[str, str] = {"seconds": "s", "keys": "", "minutes": "min"}


def unit(row: str) -> str:
    """In what the lengths of a row are measured; nothing for what is counted."""
    return next((unit for ending, unit in UNITS.items() if row.endswith(ending)), "")


def row_word(block: Mapping[str, Any], row: str, content: Mapping[str, Any]) -> str:
    """What a row is called."""
    by = block["by"]
    if block["name"] == "topics":
        row = formerly.now(row)  # a report that was issued keeps the names of its day
    for name in (block["name"], by):
        if row in _WORDS.get(name, {}):
            return str(_WORDS[name][row])
    named: dict[str, Callable[[str], str]] = {
        "language": lambda code: language_name(code) if code else gettext("No language chosen"),
        "region": lambda code: region_name(code) if code else gettext("Not stated"),
        "country": lambda code: country_name(code) if code else gettext("Not stated"),
        "entity": lambda id: str(content["entities"].get(id, id)),
        "project": lambda id: str(content["projects"].get(id, id)),
        "hour": lambda hour: f"{int(hour):02d}–{int(hour) + 1:02d}",
        "days": span,
        "month": span,
    }
    return named[by](row) if by in named else row


def own_language(block: Mapping[str, Any], row: str) -> languages.Language | None:
    """The language that a row is about, where it is about one."""
    return languages.by_code(row) if block["by"] == "language" and row else None


def first_column(block: Mapping[str, Any]) -> str:
    """What the rows of a table are."""
    words = {
        "language": gettext("Language"), "region": gettext("Region"), "country": gettext("Country"),
        "entity": gettext("Implementing organisation"), "project": gettext("Project"), "hour": gettext("Hour"),
        "month": gettext("Month"), "stage": gettext("Part of the menu"), "topic": gettext("Topic"),
        "outcome": gettext("Outcome"), "number": gettext("Number dialled"), "fund": gettext("Fund or project"),
        "indicator": gettext("Figure"), "spread": gettext("Interval"), "why": gettext("Reason"), "state": gettext("State"),
    }  # fmt: skip
    if block["by"] == "days":
        return gettext("Day") if block["name"] == "days" else gettext("Days")
    if block["name"] == "callbacks_topic":
        return gettext("Reason")
    return words.get(block["by"], gettext("Item"))


def span(days: str) -> str:
    """Days as one reads them: a month by its name, a day by its date, others from and to."""
    first, last = (date.fromisoformat(one) for one in days.split("/"))
    locale = get_locale() or "en"
    if Period(first, last).months == 1:
        return str(format_date(first, "LLLL y", locale))
    if first == last:
        return str(format_date(first, "EEE d/M", locale))
    if last.year >= 2099:  # a project without an end
        return gettext("since %(day)s", day=format_date(first, "d/M/y", locale))
    begins = format_date(first, "d/M" if first.year == last.year else "d/M/y", locale)
    return f"{begins} – {format_date(last, 'd/M/y', locale)}"


def period_name(name: str) -> str:
    """`October–December 2026 (4th quarter)`, `October 2026`."""
    period = periods.named(name)
    if period is None:
        return name
    locale = get_locale() or "en"
    if period.months == 1:
        return str(format_date(period.first, "LLLL y", locale))
    first, last = (format_date(day, "LLLL", locale) for day in (period.first, period.last))
    number = (period.last.month + 2) // 3
    quarter = (
        gettext("1st quarter"),
        gettext("2nd quarter"),
        gettext("3rd quarter"),
        gettext("4th quarter"),
    )[number - 1]
    return gettext(
        "%(quarter)s %(year)s (%(first)s–%(last)s)",
        quarter=quarter,
        year=period.first.year,
        first=first,
        last=last,
    )
