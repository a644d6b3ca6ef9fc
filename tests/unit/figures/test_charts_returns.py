"""Charts of returns: bars side by side and lying, described, with every word escaped and nothing hidden drawn."""

from helpline.figures.charts import Bar, grouped
from helpline.figures.charts_returns import lying


def test_bars_stand_side_by_side_and_each_says_what_it_is():
    svg = grouped("Title", "About", ["one", "<two>"], [Bar("2026-10", [4, 2]), Bar("2026-11", [0, 8])])
    assert svg.count("<rect") == 3 and 'class="s1"' in svg and "2026-11: &lt;two&gt; 8" in svg
    assert "<title>Title</title><desc>About</desc>" in svg and 'role="img"' in svg


def test_a_hidden_number_has_a_word_and_no_bar():
    svg = lying("T", "A", [("Marocco", 9), ("Perù & co", None), ("Nowhere", 0), ("x" * 40, 3)], "nascosto")
    assert svg.count("<rect") == 2 and "nascosto" in svg and "Perù &amp; co" in svg and ">0<" in svg
    assert "x" * 25 + "…" in svg


def test_nothing_is_a_chart_too():
    assert "<rect" not in grouped("T", "A", [], []) + lying("T", "A", [], "h")
