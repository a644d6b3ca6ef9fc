"""How long to wait after a "not now": longer each time, never less than was told, not all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.telephony import pace


@given(st.integers(1, 40), st.floats(0, 600), st.floats(0, 1))
def test_never_less_than_told_and_never_without_end(tries: int, told: float, chance: float) -> None:
    seconds = pace.back_off(tries, told, chance=chance)
    assert told <= seconds <= max(told, pace.LONGEST_BACK_OFF) + pace.LONGEST_BACK_OFF / 2


def test_twice_as_long_each_time() -> None:
    assert [pace.back_off(n, chance=0) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_chance_keeps_two_who_were_refused_together_apart() -> None:
    assert len({pace.back_off(3) for _ in range(20)}) > 1


@pytest.mark.parametrize("tries", [1, 5])
def test_a_share_of_the_wait_is_left_to_chance(tries: int) -> None:
    assert pace.back_off(tries, chance=1) == pytest.approx(1.5 * pace.back_off(tries, chance=0))
