"""Lists of the queue: their order and pages, their counts, what a coordinator must see, and the command line's next."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from helpline import clock, db, line
from helpline.callbacks import commands, desk
from helpline.line.models import WeeklyHours
from tests.integration import queue_rows as rows
from tests.integration.queue_rows import asked, claimed, do, later, of, person, rung

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


def ids(**more):
    return [row.id for row in do(desk.waiting, **more)]


def test_the_list_has_the_order_of_the_queue_page_by_page():
    normal = [asked() for _ in range(5)]
    child = asked(minor=True)
    expected = [child, *normal]
    assert ids() == expected
    first = ids(limit=4)
    assert first + ids(limit=4, after=first[-1]) == expected
    assert (ids(after=10**6), ids(state="nonsense")) == ([], [])


def test_the_list_can_be_of_some_languages_or_one_state():
    one, two = asked("bn"), asked("hi")
    claimed(two, person(languages=["hi"]))
    assert (ids(languages=["bn"]), ids(languages=[]), ids(state="claimed")) == ([one], [], [two])


def test_closed_ones_come_newest_first():
    amina, closed = person(), []
    for _ in range(3):
        one = asked()
        do(desk.finish, one, amina, claimed(one, amina).claim_no, "helped")
        closed.append(one)
        later(minutes=1)
    assert ids(state="done") == closed[::-1]
    assert ids(state="done", after=closed[-1]) == closed[-2::-1]
    assert ids() == []


def test_a_row_shows_no_number_and_says_when_the_person_may_be_rung():
    one = asked(number="+393330000567", window="evening")
    (row,) = do(desk.waiting)
    assert (row.number_masked, row.holder, row.next_at.astimezone(clock.ROME).hour) == ("•••• 567", None, 17)
    assert "393330000567" not in repr(row)
    assert (row.reason[0], do(desk.row, one), do(desk.row, 10**6)) == (("language", "bn"), row, None)


def test_as_many_are_counted_in_each_language_as_are_listed_taken_ones_too():
    asked("bn"), asked("bn", window="evening"), asked("hi")
    claimed(asked("hi"), person(languages=["hi"])), claimed(asked("ar"), person("omar", languages=["ar"]))
    assert do(desk.owed) == {"bn": 2, "hi": 2, "ar": 1}
    assert sum(do(desk.owed).values()) == len(do(desk.waiting))


def test_a_window_that_empties_is_on_the_coordinators_list_at_once_and_off_it_again():
    one, other = asked(window="evening"), asked(window="morning")
    assert (do(desk.coordinators_list), desk.sweep_emptied_windows()) == ([], 0)
    with db.transaction() as session:
        session.execute(delete(WeeklyHours))
    rows.always(9, 13)
    (concern,) = do(desk.coordinators_list)
    assert (concern.kind, concern.row.id, concern.row.next_at) == ("no_window", one, None)
    assert desk.sweep_emptied_windows() == 1
    since = of(one).emptied_at
    later(hours=1)
    assert (desk.sweep_emptied_windows(), do(desk.coordinators_list)[0].since) == (0, since)
    rows.always(17, 19)
    assert (do(desk.coordinators_list), desk.sweep_emptied_windows(), of(other).emptied_at) == ([], 1, None)


def test_a_promise_that_passed_is_on_the_list_until_somebody_has_tried(at):
    one = asked(promised_on=clock.in_rome().date())
    assert do(desk.coordinators_list) == []
    at("2026-11-25 10:00")
    (concern,) = do(desk.coordinators_list)
    assert (concern.kind, concern.row.id) == ("promise_passed", one)
    assert ("late_days", 1) in concern.row.reason
    rung(one, person(), "no_answer")
    assert do(desk.coordinators_list) == []


def test_the_history_tells_all_in_the_order_of_time():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    later(seconds=5)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    later(seconds=5)
    do(desk.attempt_answered, attempt)
    do(desk.add_note, one, amina, "wants to hear about Dhaka")
    later(seconds=5)
    do(desk.attempt_ended, attempt, "connected")
    do(desk.finish, one, amina, claim.claim_no, "helped")
    told = [(event.kind, event.after or event.why or event.text) for event in do(desk.history, one)]
    assert told == [
        ("moved", "waiting"),
        ("moved", "claimed"),
        ("attempt", "connected"),
        ("moved", "ringing"),
        ("moved", "talking"),
        ("note", "wants to hear about Dhaka"),
        ("moved", "done"),
    ]
    assert do(desk.history, 10**6) == []


def run(environ, *words):
    result = CliRunner().invoke(commands.callbacks, words, env=environ)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_says_who_is_next_and_why_and_claims_nothing(environ):
    one = asked("bn")
    asked("hi")
    (row,) = json.loads(run(environ, "next", "--language", "bn", "--json"))
    assert (row["id"], row["language"], row["reason"]["window"], of(one).state) == (
        one,
        "bn",
        "any",
        "waiting",
    )
    said = run(environ, "next", "--language", "bn", "--language", "hi").splitlines()
    assert said[0].startswith("id  number") and said[1].startswith(f"{one}  •••• ")


def test_the_command_says_when_there_is_nobody(environ, at):
    asked("bn")
    at("2026-11-24 22:00")
    assert json.loads(run(environ, "next", "--language", "bn", "--json")) == []
    assert run(environ, "next") == "nobody may be rung now\n"
    line.forget()
