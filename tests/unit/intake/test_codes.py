"""Codes: hard to guess, easy to say, compared without telling; and when only a person can help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.intake import codes
from helpline.intake.codes import Tries


@pytest.mark.parametrize(
    "code", ["1234", "4321", "7890", "0987", "1123", "1213", "0000", "2580", "12", "12a4", "١٢٤٧"]
)
def test_a_code_that_is_guessed_or_misheard_easily_is_not_given(code):
    assert not codes.speakable(code)


@pytest.mark.parametrize("code", ["0192", "7305", "1243"])
def test_four_different_digits_out_of_order_are_a_code(code):
    assert codes.speakable(code)


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=50))
def test_what_is_drawn_is_a_code_and_not_one_in_use(numbers):
    given_first = iter([*numbers, 192, 7305, 1243])
    code = codes.draw({"0192", "7305"}, below=lambda _: next(given_first))
    assert codes.speakable(code)
    assert code not in {"0192", "7305"}


def test_a_thousand_codes_are_spread_over_the_whole_range():
    drawn = {codes.draw() for _ in range(1000)}
    assert len(drawn) > 800
    assert {code[0] for code in drawn} == set("0123456789")


@pytest.mark.parametrize(
    ("tries", "used_up"),
    [
        (Tries(0, 0, 0), False),
        (Tries(2, 4, 9), False),
        (Tries(3, 3, 3), True),
        (Tries(0, 5, 5), True),
        (Tries(0, 0, 10), True),
    ],
)
def test_three_wrong_in_a_call_five_a_day_ten_ever(tries, used_up):
    assert tries.used_up is used_up


def test_the_ask_whose_code_it_is_and_no_other():
    known = [(7, "0192"), (8, "7305"), (9, "1243")]
    assert codes.matching("7305", known) == 8
    assert codes.matching("7306", known) is None


@pytest.mark.parametrize("known", [[], [(1, "0192")], [(1, "0192"), (2, "7305"), (3, "1243")]])
def test_an_unknown_number_costs_as_many_comparisons_as_a_known_one(known, monkeypatch):
    compared = []
    compare = codes.hmac.compare_digest
    monkeypatch.setattr(codes.hmac, "compare_digest", lambda a, b: compared.append(a) or compare(a, b))
    codes.matching("5555", known)
    assert len(compared) == 3


@pytest.mark.parametrize("keyed", ["", "----", "é", "12345"])
def test_nonsense_is_no_code_even_of_an_unknown_number(keyed):
    assert codes.matching(keyed, []) is None
