"""What each figure is called and what it means: one definition for every figure, a click away from it. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

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
        lazy_gettext("Waited in the line for a person"),
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
        lazy_gettext("Nobody was there any more"),
        lazy_gettext(
            "Calls that waited in the line for a person until nobody was there any more for their language."
        ),
    ),
    "turned_away": (
        lazy_gettext("Turned away"),
        lazy_gettext(
            "Calls that asked for a person, were told that nobody is there now or that the line is closed, and never waited. They are not among those who asked for a person and waited."
        ),
    ),
    "closed": (
        lazy_gettext("Turned away, the line being closed"),
        lazy_gettext(
            "Of those turned away, the calls that were told that the line is closed: outside its hours, or on a day off. The others came in open hours, in which nobody for their language was there. Children and callers in distress hear other words, and are always counted among the others."
        ),
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
    "handling": (
        lazy_gettext("How long a talk takes"),
        lazy_gettext(
            "The mean of the last talks on the telephone, of all languages and of nobody in particular, and three minutes to write it down; where fewer than thirty are known, twelve minutes. Callbacks are reckoned with the same length."
        ),
    ),
    "staffing_demand": (
        lazy_gettext("Callers who ask for a person, by hour of the week"),
        lazy_gettext(
            "Calls that waited in the line for a person, and calls that were turned away because nobody was there, by the hour of Rome in which they began; the mean of whole weeks, without holidays and days off."
        ),
    ),
    "staffing_bounds": (
        lazy_gettext("Four weeks in five"),
        lazy_gettext(
            "Between these numbers the callers of such an hour will lie in four weeks of five: by the chance of calls that come by themselves, wider where the weeks differ more than that, and wider the fewer weeks are known."
        ),
    ),
    "staffing_need": (
        lazy_gettext("People needed"),
        lazy_gettext(
            "The fewest people with whom so many calls are answered in time as is aimed at (Erlang’s formula C: calls come by chance, callers wait), and with whom nobody is busy for more than 51 minutes of an hour (85 in a hundred). Callbacks are spread over the hours in which we ring, and counted as calls. Hours of people are the sum of it over the open hours: where hardly anybody asks, one person must still be there for whoever does."
        ),
    ),
    "staffing_rota": (
        lazy_gettext("On the rota"),
        lazy_gettext(
            "How many people the shifts of that week have for a language, on the average of the hour; whoever speaks three languages is counted in each of them, and once in all together. Who they are is not shown."
        ),
    ),
    "staffing_gap": (
        lazy_gettext("Gaps of the rota"),
        lazy_gettext(
            "Hours in which the line is open for a language, callers ask for a person, and the rota has fewer people than needed."
        ),
    ),
    "staffing_patience": (
        lazy_gettext("If callers hang up"),
        lazy_gettext(
            "How many people the busiest hour needs so that at most one caller in twenty hangs up while waiting, if callers wait five minutes on the average (Erlang’s formula A)."
        ),
    ),
    "staffing_thumb": (
        lazy_gettext("Rule of thumb"),
        lazy_gettext(
            "The people whom the calls of the busiest hour keep busy, and for chance nine tenths of the square root of that: to see whether the formulas say something sensible."
        ),
    ),
    "staffing_alone": (
        lazy_gettext("Every language by itself"),
        lazy_gettext(
            "What would be needed if everybody spoke one language only: each has somebody of its own waiting for its callers."
        ),
    ),
    "staffing_pooled": (
        lazy_gettext("Everybody speaks all of them"),
        lazy_gettext("What would be needed if everybody could answer every caller: the best that can be."),
    ),
    "staffing_spread": (
        lazy_gettext("Spread"),
        lazy_gettext(
            "How much more the same hour differs from week to week than chance alone makes it: 1 is chance, 2 is twice its variance."
        ),
    ),
    "staffing_trial": (
        lazy_gettext("Foretold for the last weeks"),
        lazy_gettext(
            "The callers of the last four weeks as they would have been reckoned from the weeks before them, beside those who came; and in how many of the hours these lay within the bounds."
        ),
    ),
    "step_reached": (
        lazy_gettext("Came to a step"),
        lazy_gettext(
            "How often callers came to a step of the menu from another one; hearing it again is not counted, coming back is."
        ),
    ),
    "step_ended": (
        lazy_gettext("Hung up at a step"),
        lazy_gettext(
            "Calls that ended there, as a part of those who came; who had talked with a person has not hung up on hold. After the last words of a call it is how it should end."
        ),
    ),
    "step_stayed": (
        lazy_gettext("Time at a step"),
        lazy_gettext("Seconds from the beginning of its words until the next step or the end, on average."),
    ),
    "step_went_on": (
        lazy_gettext("Went on from a step"),
        lazy_gettext(
            "Who came to a step and did not hang up there: they came to another step, or talked with a person."
        ),
    ),
    "step_usual": (
        lazy_gettext("Usual at a step"),
        lazy_gettext("The same figure of the four weeks before the period."),
    ),
    "unusual": (
        lazy_gettext("Different from usual"),
        lazy_gettext(
            "In one language, beside the four weeks before the period: at least five calls more than expected hung up at a step (or found nobody), more than chance explains, and their share is twice the usual or half as many go on as usual; or people stayed twice or half as long, by at least five seconds."
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
    "wall": (
        lazy_gettext("On the wallboard: the line"),
        lazy_gettext(
            "Calls on the line are those that go on now, in the language chosen so far; all of them together also count those who still choose. Who waits for a person is in the line and was not taken yet; the wait is counted from asking. News come every three seconds; where none come, the screen says since when."
        ),
    ),
    "wall_work": (
        lazy_gettext("On the wallboard: work that waits"),
        lazy_gettext(
            "Callbacks today are those that wait, may be rung now, and are due today; late ones were due on a day before. Offers expire soon when their time is over within two hours. Requests to look at are those that wait for somebody of ours. What is broken are the alerts that stand, the most pressing first."
        ),
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
        lazy_gettext(
            "Requests that wait now, and those that were taken back before any organisation was asked: by the reason, and by where a project is missing."
        ),
    ),
    "none_chosen": (
        lazy_gettext("No language chosen"),
        lazy_gettext(
            "Calls that ended in the menu of languages. People whose language the line does not have are among them; how many, nobody can know. Calls that were never answered are not."
        ),
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
