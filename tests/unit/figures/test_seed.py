"""A made-up year: its shape, its walks along the flow, what becomes of what was asked."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from helpline.calls.steps import UNPLAYED
from helpline.figures.seed import after, causes, manners, year
from helpline.figures.seed.causes import Cause
from helpline.figures.seed.walking import NOT_FOUND, ROUND, World, walk
from helpline.hours import ROME, Calendar, Span, Status, at_hour, today
from helpline.ivr import flow, outcomes
from helpline.ivr.engine import Heard, answer
from helpline.languages import CODES
from helpline.routing.values import Limits, Project, Used, Wanted
from helpline.voice import tone

FLOW = flow.load()
DAYS = date(2025, 11, 27), date(2026, 11, 26)
CALENDAR = Calendar(
    tuple(Span(day, 9, 18) for day in range(5)), tuple(Span(day, 8, 22) for day in range(6))
)  # as somebody may write them: later than anybody is rung


def world(language="bn", status=Status.OPEN, met=None):
    return World(FLOW, lambda prompt, language: 6.0, 3, language, status, met)


def walks(count, **more):
    dice = Random(1)
    return [walk(dice, world(**more)) for _ in range(count)]


def test_a_year_has_so_many_calls_as_were_wanted_in_order_and_on_its_days():
    days = list(year.calls(Random(1), *DAYS, 2000, None))
    moments = [one.at for day in days for one in day]
    assert len(moments) == 2000 and moments == sorted(moments)
    assert {today(at) for at in moments} <= {DAYS[0] + timedelta(days=n) for n in range(365)}
    assert list(year.calls(Random(1), *DAYS, 2000, None)) == days


def test_people_call_on_weekdays_by_day_and_less_on_holidays_and_in_august():
    calls = [one for day in year.calls(Random(1), *DAYS, 20_000, None) for one in day]
    local = [one.at.astimezone(ROME) for one in calls]
    weekday = Counter(at.weekday() for at in local)
    assert weekday[0] > 2 * weekday[6] and min(weekday.values()) > 0
    hour = Counter(at.hour for at in local)
    assert hour[10] > 4 * hour[6] > 0 and hour[18] > 4 * hour[3]
    month = Counter(at.month for at in local)
    assert month[8] < 0.8 * month[10]
    day = Counter(at.date() for at in local)
    assert day[date(2025, 12, 25)] < 0.6 * day[date(2026, 1, 15)]


def test_languages_have_their_shares_and_some_choose_none():
    calls = [one for day in year.calls(Random(1), *DAYS, 10_000, None) for one in day]
    share = {
        language: count / len(calls) for language, count in Counter(one.language for one in calls).items()
    }
    assert set(share) == {*CODES, None}
    assert share[None] == pytest.approx(year.UNCHOSEN, abs=0.015)
    assert share["bn"] == pytest.approx(0.12 * (1 - year.UNCHOSEN), abs=0.015)
    assert sum(year.LANGUAGES.values()) == pytest.approx(1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_on_which_the_clock_changes_have_their_hours(day, hours):
    (calls,) = year.calls(Random(1), day, day, 4000, None)
    assert len({one.at.replace(minute=0, second=0) for one in calls}) == hours
    assert {today(one.at) for one in calls} == {day}


@pytest.mark.parametrize(
    ("now", "tuesday"), [(date(2026, 11, 24), date(2026, 11, 17)), (date(2026, 11, 25), date(2026, 11, 24))]
)
def test_last_tuesday_is_before_today(now, tuesday):
    assert year.last_tuesday(now) == tuesday


def test_on_the_day_of_the_cause_enough_callers_meet_it_however_few_there_are():
    planted = year.Planted(date(2026, 11, 24))
    calls = [one for day in year.calls(Random(1), *DAYS, 300, planted) for one in day]
    met = [one for one in calls if one.planted]
    assert len(calls) == 300 and len(met) >= planted.least - 1
    assert {(today(one.at), one.language) for one in met} == {(planted.day, "bn")}


@pytest.mark.parametrize("status", list(Status))
def test_each_turn_of_a_walk_is_what_the_menu_answers_to_something_that_was_heard(status):
    for done in walks(150, status=status):
        before = None
        for passed in done.turns:
            assert passed.asked.turn == (before.turn.position.turn if before else 0)
            assert before is None or (passed.asked == before.turn.position and passed.at >= before.at)
            assert passed.turn.position.step in FLOW.steps and passed.turn.step.kind != "do"
            assert _may_follow(passed)
            before = passed
        assert done.seconds >= before.at


def _may_follow(passed):
    """Whether the engine itself comes to this step, by what the journey says was heard and done."""
    turn, event = passed.turn, passed.turn.event
    kind, _, word = event.partition(" ")
    heard = {
        "start": Heard("start"), "silence": Heard("silence"), "skip": Heard("keys", "#"), "recorded": Heard("recorded"),
        "nothing": Heard("nothing"), "key": Heard("keys", word),
        "language": Heard("keys", str(CODES.index(word) + 1) if kind == "language" else ""),
        "digits": Heard("keys", "0" * int(word) if kind == "digits" else ""),
    }.get(kind)  # fmt: skip
    if heard is None:
        return event == "wrong"
    went = answer(FLOW, passed.asked, heard)
    for did in turn.did:
        action, _, outcome = did.partition("=")
        assert went.step.action == action and outcome in outcomes.ACTIONS[action]
        went = answer(FLOW, went.position, Heard("outcome", outcome), went.says)
    return went.position == turn.position and went.says == turn.says


def test_walks_lead_to_all_that_calls_lead_to():
    done = walks(600) + walks(200, status=Status.CLOSED)
    assert {one.ask for one in done} == {"callback", "request", None}
    assert {one.waited.end for one in done if one.waited} == {"done", "left", "kept", "nobody"}
    assert any(one.message_at is not None for one in done)
    assert all(one.kept.get("window") and one.agreed_at is not None for one in done if one.ask == "request")
    seen = {passed.turn.step.name for one in done for passed in one.turns}
    assert len(seen) > 45


def test_nobody_waits_for_a_person_where_the_line_is_closed_and_who_chooses_no_language_says_little():
    assert not any(one.waited for one in walks(200, status=Status.CLOSED))
    silent = walks(100, language=None)
    assert {passed.turn.step.kind for one in silent for passed in one.turns} <= {"language", "record", "end"}
    assert all(passed.turn.position.language == "-" for one in silent for passed in one.turns)


def test_the_numbers_of_what_people_do_name_steps_keys_and_outcomes_that_there_are():
    assert set(manners.PRESSED) <= set(FLOW.steps)
    for name, odds in manners.PRESSED.items():
        step = FLOW.steps[name]
        skip = {"#"} if step.skip else set()
        assert set(odds) <= {
            *step.keys,
            *skip,
            "0",
            "8",
            "9",
            manners.SILENT,
            manners.WRONG,
            manners.HANGS_UP,
        }, name
    for action, odds in manners.DONE.items():
        assert set(odds) <= outcomes.ACTIONS[action], action
    assert ROUND == tone.SECONDS


@pytest.mark.parametrize("cause", list(Cause))
def test_who_meets_a_cause_gives_up_as_it_makes_people_give_up(cause):
    met = causes.met(Random(4), cause)
    for done in walks(60, met=met):
        last = done.turns[-1]
        stayed = done.seconds - last.at
        assert last.turn.step.name == met.step and done.ask is None
        assert met.stays[0] - 0.2 <= stayed <= met.stays[1] + 0.2
        assert last.turn.says or met.hold, (
            "what should have been heard is written down, also where it was not"
        )
        unplayed = f"{UNPLAYED}={NOT_FOUND}" in last.turn.did
        assert unplayed == (cause is Cause.MISSING_CLIP)
        assert (done.waited is not None and done.waited.end == "nobody") == (cause is Cause.SHIFT_GAP)


NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def asked(n):
    return NOW - timedelta(hours=3 + n * 5)


def test_nobody_is_rung_at_night_on_a_day_off_or_outside_of_their_part_of_the_day():
    dice = Random(1)
    for n in range(200):
        found = after.rung(dice, CALENDAR, "bn", "evening", asked(n), NOW)
        assert all(17 <= one.began.astimezone(ROME).hour < 21 for one in found.tries)
        assert all(today(one.began).weekday() < 6 for one in found.tries)
        assert len({today(one.began) for one in found.tries}) == len(found.tries) <= 3


def test_what_becomes_of_a_callback_is_over_in_order_and_allowed():
    from helpline.callbacks.models import Callback

    dice, states = Random(1), Counter()
    for n in range(200):
        found = after.rung(dice, CALENDAR, "bn", "any", asked(n), NOW)
        states[found.state] += 1
        assert all(before[2] == move[1] and before[0] <= move[0] for before, move in zip(found.moves, found.moves[1:], strict=False))  # fmt: skip
        assert all(move[2] in Callback.MOVES[move[1]] for move in found.moves[1:])
        assert asked(n) <= found.closed_at <= NOW
    assert states["done"] > states["unreachable"] > 0 and set(states) <= {"done", "unreachable", "cancelled"}


def project(id="p", total=10, used=0, **more):
    return Project(
        id, f"of {id}", date(2020, 1, 1), date(2099, 1, 1), Limits(total), Used(total=used), **more
    )


def test_requests_go_to_projects_that_take_them_end_and_leave_room():
    from helpline.routing.models import Offer, Request

    dice = Random(1)
    held = after.places(
        [project("p", 20), project("q", 10, countries=("MA",))], at_hour(date(2026, 11, 23), 0)
    )
    outcomes_seen = Counter()
    for n in range(150):
        wanted = Wanted(n, "bn", None, "BD", "self", asked(n))
        found = after.taken(dice, held, wanted, NOW)
        assert all(before[2] == move[1] and before[0] <= move[0] for before, move in zip(found.moves, found.moves[1:], strict=False))  # fmt: skip
        assert all(move[2] in Request.MOVES[move[1]] for move in found.moves[1:])
        for one in found.offers:
            assert one.project.id == "p" and one.state in Offer.MOVES["pending"]
            assert one.state != "accepted" or one.answered <= one.ended <= NOW
            assert one.state != "accepted" or one.made < held.this_week
        assert found.state in {"closed", "cancelled"} and found.closed_at <= NOW
        outcomes_seen[found.outcome] += 1
    assert held.left == {"p": 0, "q": 5}
    assert outcomes_seen["returned"] <= 10 and outcomes_seen["withdrew"] > 10
