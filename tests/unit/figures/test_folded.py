"""The figures that leave the console: nobody who takes what is told from its sums finds how few asked for something."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpline.figures import folded
from helpline.figures.overview import Calls, Moment, Overview
from helpline.small_cells import FEWEST

FREE = ("asked", "information", "gave_up")


def calls(request=0, information=0, gave_up=0, silent=0, live=0, in_time=0):
    outcomes = {
        "request": request, "information": information, "gave_up": gave_up, "silent": silent, "live": live,
    }  # fmt: skip
    return Calls(Counter(outcomes), Counter(in_time=in_time))


def together(table):
    whole = Calls()
    for one in table.values():
        whole.outcomes.update(one.outcomes)
        whole.sums.update(one.sums)
    return whole


def attacked(table):
    """From where to where the asks of each hidden row may be, for whoever reads the rows and the sums and has a solver."""
    whole = together(table)
    found = folded.folded([table], whole)
    order = sorted(found.rows[0])
    told = {name: folded.cells(one, in_part=name in order) for name, one in table.items()}
    below = folded.cells(whole, in_part=found.whole)
    place = {(name, what): at for at, (name, what) in enumerate((n, w) for n in order for w in FREE)}
    rows, rights = [], []
    for name in order:
        rows.append([int(key[0] == name) for key in place])
        rights.append(told[name]["offered"] - told[name]["silent"] - told[name]["refused"])
    for what in FREE:
        if below[what] is not None:
            rows.append([int(key[1] == what) for key in place])
            rights.append(below[what] - sum(each[what] or 0 for each in told.values()))
    ends = {}
    for name in order:
        aim = [0] * len(place)
        aim[place[name, "asked"]] = 1
        least = linprog(aim, A_eq=rows, b_eq=rights)
        most = linprog([-one for one in aim], A_eq=rows, b_eq=rights)
        assert least.status == most.status == 0
        ends[name] = (least.fun, -most.fun)
    return found, ends


def unguessable(table):
    found, ends = attacked(table)
    for name, one in table.items():
        few = folded.asked(one)
        assert not 0 < few < FEWEST or name in found.rows[0]
        if name in ends and few < FEWEST:
            least, most = ends[name]
            assert most - least >= min(folded.row(one).room, FEWEST) - 1e-6, (name, least, most)
    assert not 0 < folded.asked(together(table)) < FEWEST or found.whole
    return found


def test_few_asks_of_one_language_are_hidden_with_another_and_so_is_what_would_tell_them():
    table = {"it": calls(12, 30, 10), "ru": calls(2, 9, 4), "ar": calls(40, 60, 9)}
    found = unguessable(table)
    assert found.rows[0] == {"ru", "it"} and not found.whole
    told = folded.cells(table["ru"], in_part=True)
    assert told["offered"] == 15
    assert {name for name, count in told.items() if count is None} == set(folded.LEFT_OUT)
    assert folded.cells(table["ar"], in_part=False)["asked"] == 40


def test_a_call_that_is_alone_in_its_row_tells_nothing_whether_it_asked_or_not():
    big = {"it": calls(40, 60, 9)}
    one, none = (unguessable(big | {"ru": calls(asks, 1 - asks)}) for asks in (1, 0))
    assert one == none and "ru" in one.rows[0]


def test_of_many_calls_it_is_told_that_nobody_asked():
    found = unguessable({"it": calls(40, 60, 9), "ru": calls(0, 200, 9)})
    assert found.rows == (frozenset(),) and not found.whole


def test_where_everybody_asked_the_sum_would_tell_and_is_hidden_too():
    found = unguessable({f"{hour}": calls(2) for hour in range(4)})
    assert found.whole and len(found.rows[0]) == 4


def test_few_who_talked_at_once_are_hidden_as_those_who_asked():
    table = {"it": calls(30, 30, 9, live=30, in_time=25), "hi": calls(20, 30, 9, live=2, in_time=2)}
    assert unguessable(table).rows[0] == {"it", "hi"}


@trying(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 3)),
        min_size=1,
        max_size=7,
    )
)
def test_whatever_the_table_nobody_finds_few_who_asked(rows):
    unguessable({f"{at}": calls(*row) for at, row in enumerate(rows)})


@pytest.mark.parametrize(
    ("unit", "last", "languages", "apart"),
    [
        ("month", date(2026, 11, 30), ("it", "ar"), True),
        ("month", date(2026, 11, 29), ("it", "ar"), False),
        ("day", date(2026, 11, 30), ("it", "ar"), False),
        ("month", date(2026, 11, 30), ("it",), False),
    ],
)
def test_kinds_of_asks_are_told_apart_only_of_whole_months_and_of_more_than_one_language(
    unit, last, languages, apart
):
    table = {code: calls(40, 20, 9) for code in languages}
    whole = together(table)
    first = date(2026, 11, 1)
    found = Overview(
        first, last, unit, whole, (Moment("2026-11", first, last, whole),), table, {"": whole}, {}, {}, 0, 0, {}, {},
    )  # fmt: skip
    assert folded.as_they_came(found, ()) is apart
