"""What stands in a report beside its tables: what its sections are about, what the figures mean, what is hidden. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from helpline.console.figures_words import DEFINITIONS as FIGURES

Term = tuple[LazyString, LazyString]

SECTIONS: Mapping[str, Term] = {
    "brief": (
        lazy_gettext("The period in brief"),
        lazy_gettext("The main figures, beside those of the period before and of the same period of the previous year."),
    ),
    "calls": (
        lazy_gettext("Calls"),
        lazy_gettext("Each call has exactly one outcome; the calls offered are the sum of the outcomes."),
    ),
    "languages": (
        lazy_gettext("Languages and answer by a person"),
        lazy_gettext("The language is the one that the caller chose. The second table compares it with the service that could be given in it."),
    ),
    "menu": (
        lazy_gettext("Use of the voice menu"),
        lazy_gettext("How far calls came in the menu, and in which part of it they ended."),
    ),
    "callbacks": (
        lazy_gettext("Callbacks"),
        lazy_gettext("Callbacks by the day on which they were asked for, as they stood when this report was made."),
    ),
    "requests": (
        lazy_gettext("Requests for assisted voluntary return"),
        lazy_gettext("Requests of adults who agreed that their answers be passed on to an organisation, by the day of the request, as they stood when this report was made."),
    ),
    "entities": (
        lazy_gettext("Referral to organisations and projects"),
        lazy_gettext("What organisations answered to the offers of the requests of the period. A request may be offered to several, one after the other."),
    ),
    "missing": (
        lazy_gettext("Unmet demand and other outcomes"),
        lazy_gettext("Requests of the period that waited for a place when this report was made, and what talks with a person came to."),
    ),
    "prompts": (
        lazy_gettext("Voice prompts"),
        lazy_gettext("How many of the texts that callers hear had a recording at the end of the period; the others are spoken by an engine."),
    ),
    "funding": (
        lazy_gettext("Funding periods"),
        lazy_gettext("The funds and projects that pay for the line. Where one of them begins or ends in the period, the figures are divided there."),
    ),
}  # fmt: skip
DEFINED = ("offered", "listened", "wanted_person", "in_time", "left_waiting", "nobody", "useful", "wait", "median",
           "callbacks", "first_try", "contact", "late", "attempts", "requests", "offer", "acceptance", "unplaced")  # fmt: skip
DEFINITIONS: tuple[Term, ...] = (
    (
        lazy_gettext("Outcome of a call"),
        lazy_gettext("The first that applies of: request for assisted return, callback, talk with a person, voice message, information, abandoned, no key pressed, not answered. “With a request or a talk” gathers the first four, “without outcome” the last three."),
    ),
    (
        lazy_gettext("Offer and answer"),
        lazy_gettext("A request is offered to one organisation at a time, without name or number. “No place”, “not eligible” and “other reason” are its refusals; “no answer” is an offer that expired; “withdrawn” one that the line pulled back, or the person."),
    ),
    (
        lazy_gettext("Figures returned by the organisations"),
        lazy_gettext(
            "The people of all cases of a project, also of those who did not come through the line, as the organisation returned them for the months of the period. Nobody stands in it twice for the same step."
        ),
    ),
    (
        lazy_gettext("Share, change"),
        lazy_gettext("Both are calculated from figures that are shown. A change is told in per cent of the earlier figure; of nought there is none."),
    ),
)  # fmt: skip
HIDDEN = lazy_gettext(
    "Figures of one to four people are not shown, and in their place stands “n.s.” (not shown). So that they cannot be found by adding and subtracting (also across months, quarters and reports that were issued before), other figures are not shown with them: for each figure that is not shown at least five values remain possible. Nought is shown. Medians are shown from ten observations."
)
SOURCES = lazy_gettext(
    "Source: the records of the line itself. The days are those of Italy (time of Rome). Calls count by the moment at which they began, callbacks and requests by the moment at which they were asked for. No telephone number, name or pseudonym stands in this report, and no figure of single workers."
)


def definitions() -> list[tuple[str, str]]:
    """What the figures mean, one after the other."""
    both = [FIGURES[name] for name in DEFINED if name in FIGURES] + list(DEFINITIONS)
    return [(f"{str(term)[:1].upper()}{str(term)[1:]}", str(meaning)) for term, meaning in both]
