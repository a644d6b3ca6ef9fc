"""What leads to somebody is found in a reason; days, hours and places are not taken for it."""

import time

import pytest

from helpline import personal

LEADS = ("333 0000001", "+393330000001", "333-000-0001", "333.0000.001", "06/55500000", "(06) 5550 0000",
         "write to anna@ente.example", "٣٣٣٠٠٠٠٠٠١",
         "333\u00a0123\u00a04567", "333\u202f123\u202f4567", "333\u2003123\u20034567", "333\u2011123\u20114567", "333\u2013123\u20134567",
         "333\u2212123\u22124567", "333\t123\t4567", "333\n123\n4567", "333\u200b123\u200b4567", "333\u00ad123\u00ad4567", "333, 123, 4567", "333_123_4567",
         "(333) 12-34-567", "+39(333)123(4567)", "333 12-34-567", "333 - 123 - 4567", "333 / 1234567", "333\uff0e123\uff0e4567",
         "𝟛𝟛𝟛 𝟙𝟚𝟛 𝟜𝟝𝟞𝟟", "０３３３１２３４５６７", "anna\uff20ente.example")  # fmt: skip
DOES_NOT = ("until 24/12/2026", "until 2026-12-24 10:00", "9-13 15-18", "12 places instead of 30", "from 1.1.2027 on",
            "a colleague @ the desk", "2,500 places", "law 47/2017",
            "from 24/12/2026 to 06/01/2027", "24/12/2026 – 06/01/2027", "until 24.12.2026, 10.00-13.00", "9-13, 15-18, 20-22",
            "09.00-13.00, 15.00-18.00", "(2026-12-24, 10:00)", "articles 12, 13, 14", "12,000 places, then 2,500", "€ 1.500, € 2.000",
            "24-12-2026 9–13")  # fmt: skip


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
