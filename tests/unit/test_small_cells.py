"""Groups of one to four people are hidden in a table, and are not found by taking the others from its sum."""

from hypothesis import given
from hypothesis import strategies as st

from helpline.small_cells import ALL_FEW, FEWEST, in_order, told, without_names


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


def test_the_order_of_what_is_hidden_says_nothing_of_its_size():
    found = in_order({"umbria": 2, "lazio": 40, "molise": 3, "abruzzo": 1, "marche": 9})
    assert list(found.items()) == [
        ("lazio", 40), ("marche", 9), ("abruzzo", None), ("molise", None), ("umbria", None),
    ]  # fmt: skip


def test_where_all_together_are_few_no_name_is_told():
    assert in_order({"sardegna": 1}) == without_names({"ente": 1, "other": 3}) == {ALL_FEW: None}
    assert without_names({"ente": 1, "other": 4}) == {"other": 4, "ente": 1} and in_order({}) == {}
