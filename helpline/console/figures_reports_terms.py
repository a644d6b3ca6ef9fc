"""What stands in a report beside its tables: what its sections are about, what the figures mean, what is hidden. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from helpline.console.figures_definitions import DEFINITIONS as FIGURES

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
DEFINED = ("offered", "listened")
"""What a report tells in the words of the pages of figures; the rest below, under the names that its tables have."""
DEFINITIONS: tuple[Term, ...] = (
    (
        lazy_gettext("Assisted voluntary return"),
        lazy_gettext("The law (legislative decree 286 of 1998, article 14-ter) calls it “rimpatrio volontario ed assistito”."),
    ),
    (
        lazy_gettext("Outcome of a call"),
        lazy_gettext("The first that applies of: request for assisted return, callback, talk with a person, voice message, information, abandoned, no key pressed, not answered. “With a request or a talk” gathers the first four, “without outcome” the last three. By language the first four and information are one figure: nobody can then take other tables from it and find a small group."),
    ),
    (
        lazy_gettext("Asked for a person"),
        lazy_gettext("All calls in which somebody asked to talk with a person: those that waited in the line, and those that were told at once that nobody was there or that the line was closed. It is the sum of “answered”, “nobody available” and “left the queue”."),
    ),
    (
        lazy_gettext("Nobody available"),
        lazy_gettext("Calls that asked for a person and were told at once that nobody was there or that the line was closed, and calls that waited until nobody was there any more for their language."),
    ),
    (
        lazy_gettext("Left the queue"),
        lazy_gettext("Calls whose wait ended before a person answered although somebody was there: the caller hung up or chose something else, or the longest wait was over."),
    ),
    (
        lazy_gettext("Answered within 60 seconds; abandoned after more than 10 seconds"),
        lazy_gettext("Shares of the calls that waited in the line while somebody was there for their language; calls with nobody available are not among them. The aims are at least 80 % and below 8 %."),
    ),
    (
        lazy_gettext("Wait for a person"),
        lazy_gettext("From asking for a person until the answer, or until the wait ended; of calls that waited in the line."),
    ),
    (
        lazy_gettext("Way to the first information"),
        lazy_gettext("From the answer of the line until an information message begins, in seconds and in keys pressed; of calls that came to one."),
    ),
    (
        lazy_gettext("Median, 90th percentile"),
        lazy_gettext("Half of the values are not above the median, nine in ten not above the 90th percentile. Values above a hundred are rounded to two significant digits."),
    ),
    (
        lazy_gettext("Callbacks"),
        lazy_gettext("Calls that the line promised to make, by the day on which they were asked for. The time to the first attempt includes nights and days on which nobody is called; the time to the talk runs until the two talked."),
    ),
    (
        lazy_gettext("Attempts to call"),
        lazy_gettext("How often the line called, whatever came of it. An attempt is late if it came after the day promised on the telephone."),
    ),
    (
        lazy_gettext("Requests"),
        lazy_gettext("Requests of adults to be passed on to an organisation, by the day on which they were made. The time to the first offer runs until the request was first offered to an organisation, the time to acceptance until an organisation first accepted it."),
    ),
    (
        lazy_gettext("Requests without a place"),
        lazy_gettext("Requests that waited for a place when the report was made, and those withdrawn before an organisation was asked, by reason and by place."),
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
        lazy_gettext("Both are calculated from figures that are shown. A change is told in per cent of the earlier figure; there is none where that is nought, nor where the line began only in the course of the earlier period."),
    ),
)  # fmt: skip
HIDDEN = lazy_gettext(
    "Figures of one to four people are not shown, and in their place stands “n.s.” (not shown). So that they cannot be found by adding and subtracting (also across months, quarters and reports that were issued before), other figures are not shown with them: for each figure that is not shown at least five values remain possible. Nought is shown. Counts of calls alone (by hour, day, language, part of the menu) are not counts of people: they are shown in full, except where these could be found from them. Medians are shown from ten observations."
)
SOURCES = lazy_gettext(
    "Source: the records of the line itself. The days are those of Italy (time of Rome). Calls count by the moment at which they began, callbacks and requests by the moment at which they were asked for. No telephone number, name or pseudonym stands in this report, and no figure of single workers."
)


def definitions() -> list[tuple[str, str]]:
    """What the figures mean, one after the other."""
    both = [FIGURES[name] for name in DEFINED] + list(DEFINITIONS)
    return [(f"{str(term)[:1].upper()}{str(term)[1:]}", str(meaning)) for term, meaning in both]
