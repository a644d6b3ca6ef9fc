"""The menu as a tree: every step hangs on one, arrows cross nothing and are as thick as their traffic; what is unusual is told."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.figures import menu_svg, traffic, tree, unusual, way_svg
from helpline.figures.traffic import Gone, Stay
from helpline.figures.unusual import Part
from helpline.ivr import flow

MENU = flow.load()
STOPS = [step.name for step in tree.stops(MENU)]
GROUPS = tree.grouped(MENU)
SHAPE = tree.shape(MENU)
NAMES = sorted({GROUPS.get(name, name) for name in STOPS})
counts = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda two: two[0] != two[1]),
    st.integers(1, 10**6),
    max_size=60,
)


def drawn(weights, shown=None):
    reached = {}
    for (_, there), count in (shown if shown is not None else weights).items():
        reached[there] = reached.get(there, 0) + count
    return tree.drawn(SHAPE, weights, weights if shown is None else shown, reached)


@settings(max_examples=30)
@given(counts)
def test_every_step_hangs_on_exactly_one_that_stands_above_it_whatever_the_traffic(weights):
    found = drawn(weights)
    places = {stop.name: place for place, stop in enumerate(found.stops)}
    assert sorted(name for stop in found.stops for name in stop.members) == sorted(
        set(STOPS) - ({"sorry"} - {target for _, target in weights})
    )
    for stop in found.stops[1:]:
        assert places[stop.parent] < places[stop.name]
        parent = found.stops[places[stop.parent]]
        assert parent.x < stop.lane < stop.x and stop.depth == parent.depth + 1
    assert found.stops[0].name == "language" and found.stops[0].parent is None


@settings(max_examples=30)
@given(counts)
def test_no_arrow_lies_on_another_or_leaves_the_picture(weights):
    found = drawn(weights)
    by_parent = {}
    for stop in found.stops[1:]:
        by_parent.setdefault(stop.parent, []).append(stop)
    for children in by_parent.values():
        for above, below in pairwise(children):
            assert above.y < below.y and below.lane + below.wide / 2 < above.lane - above.wide / 2
    assert all(stop.x + tree.BOX <= found.width and stop.y < found.height for stop in found.stops)
    rows = [(stop.y - stop.tall / 2, stop.y + stop.tall / 2) for stop in found.stops]
    assert all(above[1] < below[0] for above, below in pairwise(rows))


def test_a_step_hangs_on_the_one_from_which_most_came_and_its_arrow_is_as_thick_as_that():
    busy = {
        ("language", "welcome"): 1000,
        ("welcome", "hold"): 50,
        ("welcome", "about"): 400,
        ("welcome", "callback"): 100,
    }
    busy |= {("callback", "number_safe"): 90, ("closed", "number_safe"): 30, ("number_safe", "callback"): 95}
    found = {stop.name: stop for stop in drawn(busy).stops}
    assert found["number_safe"].parent == "callback", "a way back makes no step hang on what comes after it"
    assert found["welcome"].wide == tree.WIDEST and found["about"].wide == pytest.approx(0.4 * tree.WIDEST)
    assert found["about"].key == "1" and found["callback"].key == "2" and found["number_safe"].key == "1"
    assert found["hold"].key == "0", "the shortest way there, though help to return leads there too"
    assert found["office"].wide == tree.THINNEST and found["office"].arrow == 0
    assert len(found["area_north_west"].members) == 6 and "area_south" not in found


def test_who_hears_a_step_again_does_not_come_anew_and_who_leaves_or_hangs_up_came():
    went = [Gone("", "about", 9, 0), Gone("about", "about", 3, 30), Gone("about", "info_who", 6, 60), Gone("about", "", 3, 12)]  # fmt: skip
    found = traffic.added_up(went)
    stay = found.at("about")
    assert (stay.reached, stay.ended, stay.went_on, stay.seconds) == (9, 3, 6, 102)
    assert stay.share == pytest.approx(1 / 3) and stay.mean_ended == 4
    assert found.arrows == {("about", "info_who"): 6} and found.at("nowhere") == Stay()


def test_whoever_came_from_no_other_step_came_from_the_choice_of_the_language():
    own = traffic.added_up([Gone("welcome", "main", 4, 0), Gone("welcome", "", 6, 0), Gone("main", "welcome", 3, 0), Gone("main", "", 1, 0)])  # fmt: skip
    found = traffic.begun_at(own, "language", ["welcome", "redial"])
    assert found.arrows["language", "welcome"] == 7 and ("language", "redial") not in found.arrows
    assert found.at("language").reached == 7


def test_steps_of_a_group_are_one_and_ways_within_it_are_no_arrows():
    went = [Gone("area", "area_south", 5, 0), Gone("area_south", "area_far_south", 2, 0), Gone("area_south", "country", 3, 0), Gone("area_far_south", "country", 2, 0)]  # fmt: skip
    found = traffic.together(traffic.added_up(went), GROUPS)
    assert found.arrows == {("area", "area_north_west"): 5, ("area_north_west", "country"): 5}
    assert found.at("area_north_west").reached == 5


@pytest.mark.parametrize(
    ("now", "usual", "told"),
    [
        (Part(24, 30), Part(3, 40), True),
        (Part(6, 60), Part(60, 600), False),  # as usual
        (Part(4, 5), Part(3, 40), False),  # too few
        (Part(140, 1000), Part(100, 1000), False),  # more than chance, and not twice as many
        (Part(27, 30), Part(60, 100), True),  # it cannot double: a quarter as many go on
        (Part(18, 30), Part(15, 30), False),
        (Part(9, 10), Part(0, 0), True),  # never seen before
        (Part(0, 0), Part(3, 40), False),
    ],
)
def test_hanging_up_is_told_where_it_is_much_more_than_usual(now, usual, told):
    assert bool(unusual.above(now, usual)) is told


parts = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda two: Part(min(two), max(two)))


@given(parts, parts)
def test_what_is_told_is_more_than_usual_by_at_least_five_and_one_more_is_told_too(now, usual):
    more = unusual.above(now, usual)
    if more:
        assert more >= unusual.MORE and now.share > usual.share
        if now.some < now.of:
            assert unusual.above(Part(now.some + 1, now.of), usual) >= more
    assert not unusual.above(Part(usual.some, usual.of), usual), "the same again is usual"


def test_how_long_people_stay_is_told_of_those_who_hung_up_where_many_did():
    usual = Stay(reached=100, ended=8, seconds=2100, ended_seconds=100)
    silent = unusual.compared(Stay(30, 24, 24 * 4 + 6 * 21, 24 * 4), usual)
    assert silent.more > 20 and silent.stayed == "shorter"
    endless = unusual.compared(Stay(30, 24, 24 * 80, 24 * 80), usual)
    assert endless.stayed == "longer"
    slow = unusual.compared(Stay(30, 2, 30 * 60, 60), usual)
    assert slow.odd and not slow.more and slow.stayed == "longer"
    assert not unusual.compared(Stay(30, 2, 30 * 25, 60), usual).odd
    assert not unusual.compared(Stay(30, 30, 30, 30), usual, ends=True).odd, "where calls end as they should"
    assert not unusual.compared(Stay(9, 0, 900, 0), usual).odd, "of few nothing is told"


WORDS = menu_svg.Words("The <menu>", "about", "came", "hung up", "the end", "odd", {name: f"{name} & co" for name in NAMES}, str, lambda share: f"{share:.0%}")  # fmt: skip


@settings(max_examples=30)
@given(counts)
def test_the_picture_is_well_formed_has_a_link_for_each_step_and_says_its_figure(weights):
    found = drawn(weights)
    shown = {stop.name: menu_svg.Shown(Stay(stop.reached, stop.reached // 2, 0, 0), f"/calls?a=1&step={stop.name}", odd=True) for stop in found.stops}  # fmt: skip
    picture = menu_svg.picture(found, shown, WORDS)
    root = ET.fromstring(picture)
    links = [one for one in root if one.tag == "a"]
    assert [one.get("href") for one in links] == [shown[stop.name].address for stop in found.stops]
    assert all("style" not in one.attrib for one in root.iter()), "the console's policy allows none"
    assert all(f"came {stop.reached}" in one.get("aria-label") for one, stop in zip(links, found.stops, strict=True))  # fmt: skip
    dashed = [one for one in root if one.tag == "path" and one.get("class") == "way none"]
    assert len(dashed) == sum(stop.arrow == 0 for stop in found.stops[1:])


def test_the_shades_rise_with_the_share_of_those_who_hang_up():
    shares = [None, 0.0, 0.049, 0.05, 0.1, 0.2, 0.39, 0.4, 1.0]
    assert [menu_svg.colour(share) for share in shares] == [0, 0, 0, 1, 2, 3, 3, 4, 4]


def test_the_way_is_drawn_with_a_line_for_each_language_and_without_any_as_well():
    picture = way_svg.lines("Way", "about", [way_svg.Line("বাংলা", 40, 90), way_svg.Line("<it>", 20, 45)])
    rects = [one for one in ET.fromstring(picture).iter() if one.tag == "rect"]
    assert len(rects) == 2 and float(rects[0].get("width")) == pytest.approx(
        2 * float(rects[1].get("width")), abs=0.2
    )
    ET.fromstring(way_svg.lines("Way", "about", []))


def test_what_is_told_of_a_million_calls_stands_whole_beside_the_tree():
    """Letters of 12 pixels, of which a digit is seven wide."""
    room = menu_svg._BESIDE - (menu_svg._BAR + menu_svg._MOST_BAR + 8)
    assert room >= 7 * len("100,0 % (99.999)") and room >= 6.4 * len("12,4 % (1.234.567)")
