"""A week as a picture: the darker the more, numbers in the cells, what is missing is marked, and nothing can break out of it."""

from xml.etree import ElementTree

from helpline.figures import heat
from helpline.figures.heat import Cell, Row


def test_the_picture_says_every_number_marks_what_is_missing_and_is_sound_markup():
    rows = [
        Row("Mon <", [Cell(0, "", "none"), Cell(1, "1.0", "one & only")]),
        Row("Tue", [Cell(4, "4.0", "four", marked=True), Cell(0, "", "closed", shut=True)]),
    ]
    drawn = heat.drawn("Callers", "The darker, the more", ["9", "10"], rows)
    root = ElementTree.fromstring(drawn)
    assert root.findtext("title") == "Callers" and root.findtext("desc") == "The darker, the more"
    said = [group.findtext("title") for group in root.findall("g")]
    assert said == ["none", "one & only", "four", "closed"]
    classes = [[part.get("class") for part in group if part.get("class")] for group in root.findall("g")]
    assert classes == [["h0", "in h0"], ["h2", "in h2"], ["h5", "gap", "flag", "in h5"], ["shut", "in shut"]]
    assert "style=" not in drawn


def test_shades_are_equal_parts_and_only_nothing_is_blank():
    assert [heat.shade(value, 10) for value in (0, 0.1, 1.9, 2, 9.9, 10)] == [0, 1, 1, 2, 5, 5]
    assert heat.shade(1, 0) == 0
