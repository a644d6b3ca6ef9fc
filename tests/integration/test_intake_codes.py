"""Finding an ask by its code: an unknown number and a wrong code are one and the same; the limits hold."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from helpline import db
from helpline.intake import asks
from helpline.intake.finding import Blocked, Found, Wrong, find
from helpline.phone import PhoneNumber

pytestmark = pytest.mark.usefixtures("database")

NUMBER = PhoneNumber("+393330000001")
NOBODYS = PhoneNumber("+393330000009")
NEVER = "9999"


@pytest.fixture
def saved(database):
    with db.transaction() as session:
        draft = {"number": NUMBER.e164, "number_proved": True, "window": "any"}
        return asks.save_callback(session, "CA1", draft, "ar", promised_on=None)


def tried(number, code, call="CA2"):
    with db.transaction() as session:
        return find(session, number, code, call)


def kinds(answers):
    return [type(answer) for answer in answers]


def test_number_and_code_find_the_ask(saved):
    found = tried(NUMBER, saved.code)
    assert isinstance(found, Found)
    assert found.ask.id == saved.ask_id


def test_each_of_those_who_share_a_telephone_finds_their_own(saved):
    with db.transaction() as session:
        draft = {"number": NUMBER.e164, "number_proved": True, "window": "any"}
        second = asks.save_callback(session, "CA2", draft, "uk", promised_on=None)
    assert tried(NUMBER, saved.code).ask.id == saved.ask_id
    assert tried(NUMBER, second.code).ask.id == second.ask_id


def test_a_code_with_another_number_finds_nothing(saved):
    assert tried(NOBODYS, saved.code) == Wrong()


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("number", [NUMBER, NOBODYS, None])
def test_known_unknown_and_nonsense_numbers_answer_alike(number):
    assert kinds(tried(number, NEVER) for _ in range(4)) == [Wrong, Wrong, Blocked, Blocked]


@pytest.mark.parametrize("number", [NUMBER, NOBODYS])
def test_known_and_unknown_numbers_are_counted_alike_by_day_and_for_ever(saved, number, at):
    at("2026-12-01 12:00")
    assert kinds(tried(number, NEVER, f"CA1{n}") for n in range(6)) == [Wrong] * 4 + [Blocked] * 2
    at("2026-12-02 00:01")
    assert kinds(tried(number, NEVER, f"CA2{n}") for n in range(5)) == [Wrong] * 4 + [Blocked]
    at("2026-12-20 12:00")
    assert tried(number, saved.code, "CA30") == Blocked()


def test_after_three_wrong_in_a_call_not_even_the_right_one_helps(saved):
    for _ in range(3):
        tried(NUMBER, NEVER)
    assert tried(NUMBER, saved.code) == Blocked()
    assert isinstance(tried(NUMBER, saved.code, "CA3"), Found)


def test_another_number_in_the_same_call_is_no_fresh_start(saved):
    assert kinds(tried(PhoneNumber(f"+39333000010{n}"), NEVER) for n in range(3)) == [Wrong, Wrong, Blocked]
    assert tried(NUMBER, saved.code) == Blocked()


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("number", [NUMBER, NOBODYS])
def test_tries_at_once_wait_for_each_other(number):
    for call in range(3):
        tried(number, NEVER, f"CA1{call}")
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            assert find(session, number, NEVER, "CA20") == Wrong()
            other = pool.submit(tried, number, NEVER, "CA21")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        assert other.result(timeout=60) == Blocked(), "it sees the try that was under way"


def test_the_state_of_a_cancelled_ask_can_still_be_heard(saved):
    with db.transaction() as session:
        asks.cancel(session, asks.by_id(session, saved.ask_id))
    with db.transaction() as session:
        found = find(session, NUMBER, saved.code, "CA2")
        assert asks.state_of(session, found.ask) == "cancelled"


def test_a_moved_ask_is_found_by_its_new_number_only(saved):
    with db.transaction() as session:
        asks.change_number(session, asks.by_id(session, saved.ask_id), NOBODYS, proved=False)
    assert tried(NUMBER, saved.code) == Wrong()
    assert isinstance(tried(NOBODYS, saved.code), Found)
