"""Small charts: bars side by side and lying, described, with every word escaped and nothing hidden drawn."""

from helpline.figures.charts import Bar, grouped, stacked
from helpline.figures.charts_lying import LONGEST, Lying, lying
from helpline.figures.way_svg import Line, lines


def test_bars_stand_side_by_side_and_each_says_what_it_is():
    svg = grouped("Title", "About", ["one", "<two>"], [Bar("2026-10", [4, 2]), Bar("2026-11", [0, 8])])
    assert svg.count("<rect") == 3 and 'class="s1"' in svg and "2026-11: &lt;two&gt; 8" in svg
    assert "<title>Title</title><desc>About</desc>" in svg and 'role="img"' in svg


def test_a_hidden_number_has_a_word_and_no_bar():
    bars = [
        Lying("Marocco", 1707, "1.707"),
        Lying("Perù & co", None, "nascosto"),
        Lying("Nowhere", 0, "0"),
        Lying("x" * 40, 3, "3"),
    ]
    svg = lying("T", "A", bars)
    assert svg.count("<rect") == 2 and "nascosto" in svg and "Perù &amp; co" in svg and ">0<" in svg
    assert svg.count('class="unsaid"') == 1 and "Marocco: 1.707" in svg and ">1.707<" in svg
    assert ">" + "x" * (LONGEST - 1) + "…<" in svg and f"{'x' * 40}: 3" in svg


def test_numbers_are_written_as_the_reader_writes_them():
    bars = [Bar("2026", [1500, 2600])]
    for draw in (stacked, grouped):
        svg = draw("T", "A", ["one", "two"], bars, lambda number: f"{number:,}".replace(",", "."))
        assert "2026: two 2.600" in svg and ">1.000<" in svg and "1000" not in svg
    svg = lines("T", "A", [Line("it", 1200, 2600)], lambda number: f"<{number}>")
    assert "it: &lt;1200&gt;, &lt;2600&gt;" in svg and ">&lt;1000&gt;<" in svg


def test_nothing_is_a_chart_too():
    assert "<rect" not in grouped("T", "A", [], []) + lying("T", "A", [])
