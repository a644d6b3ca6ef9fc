"""Who is next: the order, its reasons, and that it never leads outside a window, past a language, or past somebody for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline import hours
from helpline.callbacks import plan, windows
from helpline.callbacks.plan import Item, Operator
from helpline.hours import Calendar, Span, Window

ROME = ZoneInfo("Europe/Rome")
ALWAYS = Calendar(callback=tuple(Span(day, 7, 21) for day in range(7)))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ROME).astimezone(UTC)
TODAY = date(2026, 11, 24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BN = Operator(frozenset({"bn"}))


def item(id=1, **more):
    fields = {
        "language": "bn",
        "window": "any",
        "priority": "normal",
        "asked_at": NOW - HOUR,
        "queued_since": NOW - HOUR,
        "due_on": TODAY + DAY,
        "next_at": NOW - HOUR,
    }
    return Item(id, **fields | more)


def ids(items, operator=BN, others=(), now=NOW, calendar=ALWAYS):
    return [one.id for one in plan.order(items, operator, others, now, calendar)]


def test_children_come_before_urgent_ones_and_these_before_all_others():
    others = [item(1, due_on=TODAY - 5 * DAY), item(2, priority="urgent"), item(3, priority="minor")]
    assert ids(others) == [3, 2, 1]


def test_among_equals_the_promised_day_and_then_the_longest_wait_decides():
    waiting = [
        item(1, due_on=TODAY + DAY, queued_since=NOW - 3 * HOUR),
        item(2, due_on=TODAY, queued_since=NOW - HOUR),
        item(3, due_on=TODAY, queued_since=NOW - 2 * HOUR),
    ]
    assert ids(waiting) == [3, 2, 1]


def test_waiting_for_ones_own_window_is_no_wait():
    evening, morning = hours.Window.EVENING, hours.Window.MORNING
    asked = datetime(2026, 11, 23, 22, 0, tzinfo=ROME)
    assert windows.queued_since(ALWAYS, "bn", morning, asked).astimezone(ROME).hour == 9
    assert windows.queued_since(ALWAYS, "bn", evening, asked).astimezone(ROME).hour == 17
    assert windows.queued_since(ALWAYS, "bn", morning, NOW) == NOW


@pytest.mark.parametrize(
    "more",
    [
        {"language": "hi"},
        {"window": "afternoon"},
        {"next_at": NOW + timedelta(seconds=1)},
        {"engaged": True},
    ],
)
def test_who_may_not_be_rung_now_by_this_person_is_not_in_the_order(more):
    assert ids([item(**more)]) == []
    assert plan.next_for([item(**more)], BN, (), NOW, ALWAYS) is None


def test_nobody_is_given_out_in_the_last_minutes_of_their_window():
    late = datetime(2026, 11, 24, 12, 56, tzinfo=ROME)
    assert ids([item(window="morning", next_at=NOW)], now=late) == []
    assert ids([item(window="morning", next_at=NOW)], now=late - timedelta(minutes=2)) == [1]
    assert ids([item(window="any", next_at=NOW)], now=late) == [1], "their window goes on"


def test_hours_that_meet_are_no_end():
    met = Calendar(callback=(Span(1, 9, 13), Span(1, 13, 18)))
    assert ids([item()], now=datetime(2026, 11, 24, 12, 58, tzinfo=ROME), calendar=met) == [1]


def test_who_speaks_two_languages_is_kept_for_the_one_that_nobody_else_speaks():
    both = Operator(frozenset({"it", "bn"}))
    waiting = [item(1, language="it", queued_since=NOW - 9 * HOUR), item(2)]
    assert ids(waiting, both, others=[Operator(frozenset({"it"}))]) == [2, 1]
    assert ids(waiting, both, others=[]) == [1, 2], "nobody else can serve either"
    assert ids(waiting, both, others=[Operator(frozenset({"it", "bn"}))]) == [1, 2]
    urgent = [replace(waiting[0], priority="urgent"), waiting[1]]
    assert ids(urgent, both, others=[Operator(frozenset({"it"}))]) == [1, 2], "but urgent is urgent"


def test_a_rare_language_has_a_credit_of_up_to_half_an_hour():
    both = Operator(frozenset({"it", "bn"}))
    others = [Operator(frozenset({"it"}))] * 6 + [Operator(frozenset({"it", "bn"}))]
    waiting = [item(1, language="it", queued_since=NOW - HOUR), item(2, queued_since=NOW - HOUR * 0.7)]
    assert ids(waiting, both, others) == [2, 1]
    assert ids([waiting[0], replace(waiting[1], queued_since=NOW - HOUR * 0.5)], both, others) == [1, 2]


def test_every_fourth_claim_goes_to_who_is_due():
    waiting = [item(1, priority="minor"), item(2, due_on=TODAY), item(3, due_on=TODAY - DAY)]
    firsts = [ids(waiting, replace(BN, claims_made=made))[0] for made in range(8)]
    assert firsts == [1, 1, 1, 3, 1, 1, 1, 3]
    nobody_due = [item(1, priority="minor"), item(2)]
    assert ids(nobody_due, replace(BN, claims_made=3)) == [1, 2]


def test_the_reason_says_all_that_mattered():
    one = item(asked_at=NOW - 3 * HOUR, window="morning", attempts=1, priority="urgent")
    chosen = plan.next_for([one], BN, (), NOW, ALWAYS)
    assert chosen.reason == (
        ("urgent", 1),
        ("language", "bn"),
        ("asked_hours", 3),
        ("window", "morning"),
        ("try", 2),
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"asked_at": NOW - timedelta(minutes=59)}, ("asked_minutes", 59)),
        ({"asked_at": NOW - timedelta(hours=47)}, ("asked_hours", 47)),
        ({"asked_at": NOW - timedelta(hours=49)}, ("asked_days", 2)),
        ({"asked_at": NOW + HOUR}, ("asked_minutes", 0)),
        ({"promised_on": TODAY}, ("promised", "2026-11-24")),
        ({"promised_on": TODAY - 2 * DAY}, ("late_days", 2)),
        ({"followed_up": True}, ("followed_up", 1)),
    ],
)
def test_each_reason_has_its_code(more, code):
    assert code in plan.why(item(**more), NOW)


def test_what_made_it_this_persons_next_is_among_the_reasons():
    both = Operator(frozenset({"it", "bn"}))
    kept = plan.next_for([item()], both, [Operator(frozenset({"it"}))], NOW, ALWAYS)
    assert kept.reason[-1] == ("kept_for", "bn")
    turn = plan.next_for([item(due_on=TODAY)], replace(BN, claims_made=3), (), NOW, ALWAYS)
    assert turn.reason[-1] == ("turn", 4)


# ---------------------------------------------------------------------------------------------- for whatever may be

LANGUAGES = ("it", "bn", "hi")
DAYS = st.sampled_from(
    [date(2026, 10, 25), date(2027, 3, 28), date(2026, 10, 24), date(2027, 3, 27), TODAY, date(2026, 12, 8)]
)


@st.composite
def moments(draw):
    minutes = draw(st.integers(0, 24 * 60 - 1))
    day = datetime.combine(draw(DAYS), datetime.min.time(), tzinfo=ROME)
    return (day + timedelta(minutes=minutes)).astimezone(UTC)


@st.composite
def spans(draw):
    opens = draw(st.integers(7, 20))
    closes = draw(st.integers(opens + 1, 21))
    return Span(draw(st.integers(0, 6)), opens, closes, draw(st.sampled_from([None, None, *LANGUAGES])))


calendars = st.builds(
    Calendar, callback=st.lists(spans(), max_size=30).map(lambda some: tuple({*some, *ALWAYS.callback[:5]}))
)
operators = st.builds(
    Operator,
    st.frozensets(st.sampled_from(LANGUAGES), min_size=1),
    claims_made=st.integers(0, 7),
)


@st.composite
def items(draw, now=NOW):
    count = draw(st.integers(0, 12))
    return [
        Item(
            id,
            draw(st.sampled_from(LANGUAGES)),
            draw(st.sampled_from(tuple(Window))).value,
            draw(st.sampled_from(["normal", "normal", "minor", "urgent"])),
            asked_at=NOW - 9 * DAY,
            queued_since=NOW - draw(st.integers(0, 50)) * HOUR,
            due_on=TODAY + draw(st.integers(-3, 3)) * DAY,
            next_at=NOW + draw(st.integers(-400, 400)) * DAY,
            engaged=draw(st.booleans()) and draw(st.booleans()),
        )
        for id in range(count)
    ]


@settings(max_examples=80)
@given(items(), operators, st.lists(operators, max_size=4), moments(), calendars)
def test_nobody_is_ever_given_out_outside_window_hours_and_day(waiting, operator, others, now, calendar):
    for one in plan.order(waiting, operator, others, now, calendar):
        local = now.astimezone(ROME)
        first, last = {"morning": (9, 13), "afternoon": (13, 17), "evening": (17, 21), "any": (9, 21)}[
            one.window
        ]
        assert first <= local.hour < last and 9 <= local.hour < 21
        own = [span for span in calendar.callback if span.language == one.language]
        followed = own or [span for span in calendar.callback if span.language is None]
        assert any(
            span.weekday == local.weekday() and span.opens <= local.hour < span.closes for span in followed
        )
        assert not hours.is_holiday(local.date())
        assert one.language in operator.languages and one.next_at <= now and not one.engaged


@settings(max_examples=60)
@given(items(), operators, st.lists(operators, max_size=4), st.randoms())
def test_the_order_is_total_whatever_order_they_come_in(waiting, operator, others, dice):
    first = plan.order(waiting, operator, others, NOW, ALWAYS)
    assert len({one.id for one in first}) == len(first)
    dice.shuffle(waiting)
    assert plan.order(waiting, operator, others, NOW, ALWAYS) == first
    for one in first:  # what stands before whom does not hang on third ones
        rest = [other for other in waiting if other.id != one.id]
        assert plan.order(rest, operator, others, NOW, ALWAYS) == [o for o in first if o.id != one.id]


@settings(max_examples=40)
@given(items(), operators, st.lists(operators, max_size=3), st.integers(0, 3))
def test_nobody_starves_while_children_and_urgent_ones_never_end(waiting, operator, others, made):
    """Somebody who is due, at place p among those who are, is given out within 4p claims; new urgent ones come all the time."""
    now = NOW + 5 * DAY  # a Sunday, on which this line rings: by then everybody here is due
    assert hours.today(now) >= max((one.due_on for one in waiting), default=TODAY)
    ours = [replace(one, next_at=NOW, engaged=False) for one in waiting]
    able = [one for one in ours if plan.can_ring(one, operator, now, ALWAYS) and one.priority == "normal"]
    due = sorted(able, key=plan.due_key)
    served = {}
    for claim in range(1, 4 * len(due) + 1):
        language = min(operator.languages)
        ours.append(item(1000 + claim, priority="urgent", language=language, due_on=TODAY - 90 * DAY))
        who = replace(operator, claims_made=made + claim - 1)
        chosen = plan.next_for(ours, who, others, now, ALWAYS).item
        served[chosen.id] = claim
        ours = [one for one in ours if one.id != chosen.id]
    assert all(served[one.id] <= 4 * place for place, one in enumerate(due, start=1))
