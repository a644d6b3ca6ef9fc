"""Groups of one to four people are hidden in a table, and are not found by taking the others from its sum."""

from hypothesis import given
from hypothesis import strategies as st

from helpline.small_cells import FEWEST, told


def test_few_people_are_hidden_with_the_next_few_who_would_tell_them():
    assert told({"a": 9, "b": 2, "c": 7, "d": 0}) == {"a": 9, "b": None, "c": None, "d": 0}
    assert told({"a": 9, "b": 2, "c": 3}) == {"a": 9, "b": None, "c": None}
    assert told({"a": 9, "b": 2}, with_total=False) == {"a": 9, "b": None}
    assert told({"a": 4}) == {"a": None} and told({"a": 5}) == {"a": 5} and told({}) == {}


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 40)))
def test_what_is_hidden_is_never_found_from_the_sum(counts):
    found = told(counts)
    shown = [count for count in found.values() if count is not None]
    assert not [count for count in shown if 0 < count < FEWEST]
    by_the_sum = sum(counts.values()) - sum(shown)
    assert by_the_sum == 0 or by_the_sum >= FEWEST or not any(shown)
