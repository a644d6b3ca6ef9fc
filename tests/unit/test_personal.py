"""What leads to somebody is found in a reason; days, hours and places are not taken for it."""

import time

import pytest

from helpline import personal

LEADS = ("333 0000001", "+393330000001", "333-000-0001", "333.0000.001", "06/55500000", "(06) 5550 0000",
         "write to anna@ente.example", "٣٣٣٠٠٠٠٠٠١")  # fmt: skip
DOES_NOT = ("until 24/12/2026", "until 2026-12-24 10:00", "9-13 15-18", "12 places instead of 30", "from 1.1.2027 on",
            "a colleague @ the desk", "2,500 places", "law 47/2017")  # fmt: skip


@pytest.mark.parametrize("words", LEADS)
def test_a_number_or_an_address_is_found_however_it_is_written(words):
    with pytest.raises(personal.Telling) as refused:
        personal.reason(f"ask {words}, please")
    assert words not in str(refused.value)


@pytest.mark.parametrize("words", DOES_NOT)
def test_days_hours_and_places_are_no_number(words):
    assert personal.reason(words) == words


def test_a_reason_has_its_length():
    assert personal.reason("x" * 300)
    with pytest.raises(personal.TooLong):
        personal.reason("x" * 301)


@pytest.mark.parametrize("words", ["a" * 60_000, "a@" + "b" * 60_000, "1" + " a1" * 20_000, "a." * 30_000])
def test_the_longest_that_anybody_can_send_is_judged_at_once(words):
    began = time.process_time()
    personal.is_telling(words)
    assert time.process_time() - began < 1, (
        "a minute, were each sign looked at as the beginning of an address"
    )
