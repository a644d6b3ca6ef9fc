"""Numbers in addresses: those that an id can be, and no others."""

import re

import pytest

from helpline.web import LARGEST_ID, up_to


@pytest.mark.parametrize("most", [10, 99, 105, 999, 1000, 2047])
def test_the_pattern_takes_every_number_up_to_the_largest_and_none_above(most):
    takes = re.compile(up_to(most)).fullmatch
    assert [number for number in range(most * 2 + 20) if takes(str(number))] == list(range(most + 1))


def test_so_it_is_with_ids():
    takes = re.compile(up_to(LARGEST_ID)).fullmatch
    for number in (0, 1, 999_999_999, 1_000_000_000, 2_147_483_646, LARGEST_ID):
        assert takes(str(number))
    for wrong in (
        LARGEST_ID + 1,
        2_147_483_650,
        2_200_000_000,
        3_000_000_000,
        10**10,
        "-1",
        "٣",
        "",
        "1.5",
        "9" * 5000,
    ):
        assert not takes(str(wrong))
