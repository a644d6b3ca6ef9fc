"""What each figure is called and what it means: one definition for every figure, a click away from it. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from helpline.figures.models import Spread

# In this order they stand on their page.
DEFINITIONS: Mapping[str, tuple[LazyString, LazyString]] = {
    "offered": (
        lazy_gettext("Calls offered"),
        lazy_gettext(
            "Every call that reached the line and has ended, by the moment at which it began. It is the sum of what came of them: each call has exactly one outcome, the first of the list that applies."
        ),
    ),
    "request": (
        lazy_gettext("asked for help to return"),
        lazy_gettext("A request was saved, with the caller’s own agreement."),
    ),
    "callback": (
        lazy_gettext("asked to be called back"),
        lazy_gettext("No request, but a callback was saved."),
    ),
    "live": (
        lazy_gettext("talked with a person"),
        lazy_gettext("None of those, but the caller was joined with somebody of ours."),
    ),
    "message": (
        lazy_gettext("left a message"),
        lazy_gettext("None of those, but a message in which somebody speaks for more than two seconds."),
    ),
    "information": (
        lazy_gettext("heard information"),
        lazy_gettext("None of those, but the caller came to one of the information topics."),
    ),
    "gave_up": (lazy_gettext("gave up"), lazy_gettext("Something was pressed, and nothing came of it.")),
    "silent": (
        lazy_gettext("pressed nothing"),
        lazy_gettext("The call was answered, and nothing was pressed."),
    ),
    "refused": (lazy_gettext("never answered"), lazy_gettext("The call ended before the line answered.")),
    "listened": (
        lazy_gettext("Listeners"),
        lazy_gettext(
            "Calls in which at least four fifths of one information message were heard, measured against the length of the recording of their set."
        ),
    ),
    "useful": (
        lazy_gettext("Way to the first useful message"),
        lazy_gettext(
            "Seconds since the call was answered, and keys, until an information message begins; of calls that came to one."
        ),
    ),
    "wanted_person": (
        lazy_gettext("Asked for a person"),
        lazy_gettext("Calls that waited in the line for a person, however briefly."),
    ),
    "in_time": (
        lazy_gettext("Answered within a minute"),
        lazy_gettext(
            "Of the calls that asked for a person while somebody was there, those joined with one within 60 seconds. The aim is 80 %."
        ),
    ),
    "left_waiting": (
        lazy_gettext("Hung up while waiting"),
        lazy_gettext(
            "Of the same calls, those whose caller hung up after more than 10 seconds in the line. The aim is below 8 %."
        ),
    ),
    "nobody": (
        lazy_gettext("Nobody there"),
        lazy_gettext("Calls that asked for a person while nobody was there for their language."),
    ),
    "wait": (
        lazy_gettext("Wait for a person"),
        lazy_gettext("From asking until somebody took the call, or until the wait ended."),
    ),
    "median": (
        lazy_gettext("Median and nine in ten"),
        lazy_gettext(
            "Half of them took no longer than the median, nine in ten no longer than the other figure. Lengths above a hundred are counted in two digits."
        ),
    ),
    "callbacks": (
        lazy_gettext("Callbacks"),
        lazy_gettext(
            "Calls that we owe somebody, by the day on which they were asked for, and where they stand now."
        ),
    ),
    "first_try": (
        lazy_gettext("Time to the first attempt"),
        lazy_gettext(
            "From asking until our first attempt to call; nights and days on which nobody rings are in it."
        ),
    ),
    "contact": (lazy_gettext("Time to contact"), lazy_gettext("From asking until the two talked.")),
    "late": (
        lazy_gettext("First attempt too late"),
        lazy_gettext("The first attempt came after the day that was promised on the telephone."),
    ),
    "attempts": (
        lazy_gettext("Attempts"),
        lazy_gettext("How often we rang, whatever the cause why it came to nothing."),
    ),
    "requests": (
        lazy_gettext("Requests"),
        lazy_gettext(
            "What adults asked to have passed on, by the day on which they asked, and where it stands now."
        ),
    ),
    "offer": (
        lazy_gettext("Time to the first offer"),
        lazy_gettext("From the request until it was first held out to an organisation."),
    ),
    "acceptance": (
        lazy_gettext("Time to acceptance"),
        lazy_gettext("From the request until an organisation first said yes."),
    ),
    "unplaced": (
        lazy_gettext("Without a place"),
        lazy_gettext("Requests that wait now, by the reason and by where a project is missing."),
    ),
    "returns_counselled": (
        lazy_gettext("Counselled"),
        lazy_gettext(
            "People with whom counselling was begun in the month, as the organisation counts them: of all cases of its project, also those who never rang the line. Each person counts once."
        ),
    ),
    "returns_plans": (
        lazy_gettext("Plans agreed"),
        lazy_gettext("People whose plan for return and reintegration was agreed in the month."),
    ),
    "returns_returned": (
        lazy_gettext("People returned"),
        lazy_gettext("People who left in the month with the project’s help."),
    ),
    "returns_reintegrated": (
        lazy_gettext("Helped after the return"),
        lazy_gettext(
            "People back in their country for whom something of their reintegration plan was given for the first time in the month. It is the sum of all kinds of plans."
        ),
    ),
    "returns_kinds": (
        lazy_gettext("Kinds of reintegration plans"),
        lazy_gettext(
            "What a plan mainly goes for; each person stands under one kind: own business, finding work, training for a trade, school and studies, housing, health care, other."
        ),
    ),
    "returns_cases": (
        lazy_gettext("Cases of the line"),
        lazy_gettext(
            "Requests that came through the line, by the month in which the organisation first reported the step; a later step stands for counselling too. A family is one case. Only months whose counts were returned are in it."
        ),
    ),
    "returns_due": (
        lazy_gettext("Months returned"),
        lazy_gettext(
            "Of the project’s months that are over, those whose counts the organisation returned. The newest version counts; older ones are kept."
        ),
    ),
    "small": (
        lazy_gettext("Hidden figures"),
        lazy_gettext(
            "Of fewer than five people by region or country nothing is told but that there are some, and as many others are hidden as it takes so that nobody can count those."
        ),
    ),
}
SPREADS: Mapping[Spread, tuple[str, LazyString]] = {
    Spread.USEFUL_SECONDS: ("useful", lazy_gettext("Way to the first useful message, seconds")),
    Spread.USEFUL_KEYS: ("useful", lazy_gettext("Way to the first useful message, keys")),
    Spread.WAIT_SECONDS: ("wait", lazy_gettext("Wait for a person, seconds")),
    Spread.FIRST_TRY_MINUTES: ("first_try", lazy_gettext("Time to the first attempt, minutes")),
    Spread.CONTACT_MINUTES: ("contact", lazy_gettext("Time to contact, minutes")),
    Spread.OFFER_MINUTES: ("offer", lazy_gettext("Time to the first offer, minutes")),
    Spread.ACCEPTANCE_MINUTES: ("acceptance", lazy_gettext("Time to acceptance, minutes")),
}
UNITS: Mapping[str, LazyString] = {
    "hour": lazy_gettext("hour"),
    "day": lazy_gettext("day"),
    "month": lazy_gettext("month"),
}
SOURCES: Mapping[str, LazyString] = {
    "call": lazy_gettext("callers themselves"),
    "signal": lazy_gettext("signalled by somebody"),
}
