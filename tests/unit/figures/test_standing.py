"""Counts of the same people divided in two ways: what one table hides is not found from the sum of the other."""

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from helpline.figures.standing import standing
from helpline.small_cells import ALL_FEW, FEWEST


def found_by_subtraction(told):
    """What somebody finds of hidden groups who takes what a table tells from the sum that another tells whole."""
    sums = [sum(table.values()) for table in told.values() if None not in table.values()]
    return [
        sums[0] - sum(count or 0 for count in table.values())
        for table in told.values()
        if sums and ALL_FEW not in table and list(table.values()).count(None) == 1
    ]


def test_a_small_group_is_hidden_with_another_since_the_other_table_tells_the_sum():
    told = standing({"state": {"waiting": 3, "done": 40}, "source": {"call": 43}})
    assert told["state"] == {"done": None, "waiting": None} and told["source"] == {"call": 43}


def test_of_fewer_than_five_together_no_group_is_named():
    told = standing({"state": {"waiting": 1, "done": 2}, "source": {"call": 3}})
    assert told == {"state": {ALL_FEW: None}, "source": {ALL_FEW: None}}


def test_what_another_table_of_the_file_tells_is_reckoned_with():
    table = {"state": {"waiting": 3, "done": 40}, "source": {"call": 40, "signal": 3}}
    # Forty stand elsewhere, so the three cannot be hidden beside them: no group is told.
    assert standing(table, told=40) == {"state": {ALL_FEW: None}, "source": {ALL_FEW: None}}
    assert standing({"state": {"waiting": 3, "done": 2}}, told=5) == {"state": {ALL_FEW: None}}


@trying(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=40))
def test_nobody_subtracts_his_way_to_a_few(people):
    tables = {"state": {}, "source": {}}
    for state, source in people:
        tables["state"][state] = tables["state"].get(state, 0) + 1
        tables["source"][source] = tables["source"].get(source, 0) + 1
    told = standing(tables)
    shown = [count for table in told.values() for count in table.values() if count is not None]
    assert not [count for count in shown if 0 < count < FEWEST] and found_by_subtraction(told) == []
