"""Charts: every part is drawn in its proportion, names cannot be markup, the scale is round and holds the tallest."""

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from helpline.figures.charts import BOTTOM, HEIGHT, TOP, Bar, scale, stacked

PARTS = st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), max_size=40)


def drawn(bars):
    return ElementTree.fromstring(stacked("Calls", "of a week", ["a", "b", "c"], bars))


@given(PARTS)
def test_every_part_is_as_tall_as_its_number_on_the_scale_beside_it(parts):
    svg = drawn([Bar(str(place), each) for place, each in enumerate(parts)])
    top = max(int(one.text) for one in svg.iter("text") if one.get("class") == "scale")
    room = HEIGHT - TOP - BOTTOM
    tall = [float(one.get("height")) for one in svg.iter("rect")]
    wanted = [room * part / top for each in parts for part in each if part]
    assert len(tall) == len(wanted)
    assert all(abs(one - other) <= 0.06 for one, other in zip(tall, wanted, strict=True))
    assert all(float(one.get("y")) >= TOP - 0.1 for one in svg.iter("rect"))


@given(st.integers(0, 10**9))
def test_the_scale_is_round_and_short_and_holds_the_tallest(tallest):
    steps = scale(tallest)
    assert steps[0] == 0 and steps[-1] >= max(1, tallest) and 2 <= len(steps) <= 6
    assert len({later - sooner for sooner, later in pairwise(steps)}) == 1
    assert str(steps[1]).rstrip("0") in {"1", "2", "5", "25"} or steps[1] == 25


def test_a_name_is_never_markup_and_a_screen_reader_hears_what_it_is():
    svg = drawn([Bar("<b>&", (1, 0, 2))])
    assert svg.get("role") == "img" and svg[0].text == "Calls" and svg[1].text == "of a week"
    assert [one.find("title").text for one in svg.iter("rect")] == ["<b>&: a 1", "<b>&: c 2"]
