"""Small groups in a report: no hidden number is found, or nearly, by whoever solves all the sums at once."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpline.figures.concluding import Sum
from helpline.figures.suppression import WIDTH, veiled


def attacked(values, sums, hidden, unseen=()):
    """What somebody with a solver of linear programs finds of each hidden number: from where to where it may be."""
    order = sorted({*hidden, *unseen}, key=repr)
    place = {key: at for at, key in enumerate(order)}
    rows, rights = [], []
    for one in sums:
        row, right = [0] * len(order), 0
        for sign, keys in ((1, one.parts), (-1, (one.total,))):
            for key in keys:
                if key in place:
                    row[place[key]] += sign
                else:
                    right -= sign * values[key]
        if any(row):
            rows.append(row)
            rights.append(right)
    found = {}
    bounds = [(0 if key in unseen else 1, None) for key in order]
    for key in hidden:
        at, ends = place[key], []
        for sign in (1, -1):
            aim = [0] * len(order)
            aim[at] = sign
            told = linprog(aim, A_eq=rows or None, b_eq=rights or None, bounds=bounds)
            assert told.status in {0, 3}, told.message
            ends.append(sign * told.fun if told.status == 0 else sign * float("-inf"))
        found[key] = tuple(ends)
    return found


def unguessable(values, sums, people, **before):
    """Judge what is hidden of these; gives it."""
    found = veiled(values, sums, people, **before)
    assert all(
        key in found.hidden for key in people if 0 < values[key] < 5 and key not in before.get("told", ())
    )
    assert all(values[key] > 0 for key in found.hidden)
    if not found.bare:
        for key, (least, most) in attacked(values, sums, found.hidden, before.get("unseen", ())).items():
            assert least - 1e-6 <= values[key] <= most + 1e-6
            assert most - least >= WIDTH - 1e-6, (key, least, most)
    return found


def crossed(counts, name=""):
    """A table of two sides with the sums of its rows and columns, and of all."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    values = {(name, row, column): counts[row][column] for row in rows for column in columns}
    sums = [Sum((name, row, "all"), tuple((name, row, column) for column in columns)) for row in rows]
    sums += [Sum((name, "all", column), tuple((name, row, column) for row in rows)) for column in columns]
    for one in sums:
        values[one.total] = sum(values[part] for part in one.parts)
    both = [Sum((name, "all", "all"), tuple((name, row, "all") for row in rows))]
    both += [Sum((name, "all", "all"), tuple((name, "all", column) for column in columns))]
    values[name, "all", "all"] = sum(map(sum, counts))
    return values, [*sums, *both]


COUNT = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda wide: st.lists(st.lists(COUNT, min_size=wide, max_size=wide), min_size=1, max_size=5)
    )
)
def test_in_a_table_with_its_sums_no_hidden_number_is_found_by_solving_all_of_them(counts):
    values, sums = crossed(counts)
    unguessable(values, sums, values.keys())


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=1, max_size=7))
def test_neither_are_those_of_three_months_and_their_quarter_in_whatever_order_they_are_issued(counts):
    """Each month is issued by itself, as what is known then; the quarter after them, with what they told and hid."""
    regions = range(len(counts))
    values, sums, told, hidden = {}, [], set(), set()
    for month in range(3):
        own = {(month, region): counts[region][month] for region in regions}
        own[month, "all"] = sum(own.values())
        adding = [Sum((month, "all"), tuple((month, region) for region in regions))]
        found = unguessable(own, adding, own.keys())
        told |= own.keys() - found.hidden
        hidden |= found.hidden
        values |= own
        sums += adding
    for region in (*regions, "all"):
        values["quarter", region] = sum(values[month, region] for month in range(3))
        sums.append(Sum(("quarter", region), tuple((month, region) for month in range(3))))
    sums.append(Sum(("quarter", "all"), tuple(("quarter", region) for region in regions)))
    found = unguessable(values, sums, values.keys(), told=told, kept=hidden)
    assert not found.bare, "who hides all of the quarter tells nothing new"


@settings(max_examples=12, deadline=None)
@given(st.lists(COUNT, min_size=1, max_size=4), st.lists(COUNT, min_size=1, max_size=4), st.integers(0, 9))
def test_nor_by_two_tables_that_share_their_sum(first, second, calls):
    gap = sum(first) - sum(second)
    (second if gap > 0 else first).append(abs(gap))
    values = {("a", at): value for at, value in enumerate(first)} | {
        ("b", at): value for at, value in enumerate(second)
    }
    values["all"] = sum(first)
    values["calls"], values["both"] = calls, calls + sum(first)
    sums = [
        Sum("all", tuple(key for key in values if isinstance(key, tuple) and key[0] == part)) for part in "ab"
    ]
    sums.append(Sum("both", ("all", "calls")))
    unguessable(values, sums, [key for key in values if key not in {"calls", "both"}])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(COUNT, COUNT), min_size=1, max_size=7))
def test_nor_by_a_table_of_some_of_those_who_stand_in_another(counts):
    """All requests by region, and those without a place: what is left over stands nowhere, and may be nought."""
    values, sums, left = {"all": 0, "none": 0}, [], []
    for region, (without, placed) in enumerate(counts):
        values |= {("none", region): without, ("all", region): without + placed, ("left", region): placed}
        sums.append(Sum(("all", region), (("none", region), ("left", region))))
        left.append(("left", region))
    for name in ("all", "none"):
        parts = tuple((name, region) for region in range(len(counts)))
        values[name] = sum(values[part] for part in parts)
        sums.append(Sum(name, parts))
    unguessable(values, sums, values.keys() - set(left), unseen=left)


def test_beside_one_small_number_the_fewest_others_are_hidden_and_the_smallest():
    values = {"lazio": 40, "molise": 2, "umbria": 9, "sicilia": 0, "all": 51}
    found = veiled(values, [Sum("all", ("lazio", "molise", "umbria", "sicilia"))], values)
    assert found.small == {"molise"} and found.beside == {"umbria"} and not found.bare


def test_two_small_numbers_need_no_third_when_five_values_stay_possible_for_each():
    values = {"one": 2, "two": 4, "three": 50, "all": 56}
    assert veiled(values, [Sum("all", ("one", "two", "three"))], values).hidden == {"one", "two"}
    values = {"one": 1, "two": 4, "three": 50, "all": 55}
    assert veiled(values, [Sum("all", ("one", "two", "three"))], values).hidden == {"one", "two", "three"}


def test_in_a_table_of_two_sides_a_rectangle_is_hidden():
    values, sums = crossed([[2, 30, 31], [32, 33, 34], [35, 36, 37]])
    assert len(veiled(values, sums, values).hidden) == 4


def test_what_counts_no_people_is_hidden_only_beside_what_does():
    values = {"information": 2, "request": 1, "gave_up": 30, "all": 33}
    sums = [Sum("all", ("information", "request", "gave_up"))]
    assert veiled(values, sums, ["request"]).hidden == {"request", "gave_up"}
    assert veiled(values, sums, []).hidden == frozenset()


def test_a_number_that_others_know_already_is_not_hidden_and_what_follows_from_it_is_said():
    values = {"one": 2, "two": 9, "all": 11}
    found = veiled(values, [Sum("all", ("one", "two"))], values, told=("two", "all"))
    assert found.small == found.bare == {"one"} and not found.beside


def test_sums_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="not the sum"):
        veiled({"one": 2, "all": 3}, [Sum("all", ("one",))], ())


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=2, max_size=4))
def test_none_of_those_hidden_beside_could_be_told(counts):
    """Telling one of them would open a hole: it is hidden for a reason."""
    values, sums = crossed(counts)
    found = veiled(values, sums, values)
    for key in sorted(found.beside, key=repr):
        ranges = attacked(values, sums, found.hidden - {key})
        assert any(most - least < WIDTH - 1e-6 for least, most in ranges.values()), key
    for one, other in pairwise(sorted(found.small, key=repr)):
        assert one != other
