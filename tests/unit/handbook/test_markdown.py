"""The handbook's Markdown: what it can say, and that nothing written in it becomes a script."""

import time

import pytest

from helpline.handbook import house, markdown
from helpline.handbook.markdown import render


def html(text, **words):
    return "".join(block.html for block in render(text, **words).blocks)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "[x](http://evil.example)",
        '[x](/a "onclick=alert(1)")',
        '## a {#x" onclick=alert(1)}',
        '> [!never" onclick=alert(1)] x',
        "[x]: javascript:alert(1)\n\n[x]",
        "| <b onclick=1> |\n|---|\n| <svg onload=alert(1)> |",
        "<https://evil.example>",
        '[[article:x"><script>]]',
    ],
)
@pytest.mark.parametrize("outside", [False, True])
def test_nothing_that_is_written_becomes_a_script_or_leads_away(text, outside):
    made = html(text, outside=outside).lower()
    for tag in ("<script", "<img", "<svg", "<b ", "<iframe"):
        assert tag not in made
    assert (
        'href="j' not in made
        and 'href="data' not in made
        and 'href="//' not in made
        and 'evil.example"' not in made
    )
    assert ' onclick="' not in made and " onclick=1" not in made.replace("&lt;b onclick=1&gt;", "")


def test_links_lead_into_the_console_and_from_pages_of_the_house_also_to_https_and_mail():
    within = "[a](/callbacks) [b](/handbook/minors#do) [c](#do)"
    assert html(within).count("<a href=") == 3
    outer = "[a](https://www.example.org/x?y=1) [b](mailto:ufficio@example.org)"
    assert html(outer).count("<a ") == 0
    assert html(outer, outside=True).count('rel="noopener noreferrer nofollow"') == 2


def test_boxes_headings_tables_and_steps():
    made = render(
        "## Una cosa {#one}\n\n> [!talk]\n> **Lei:** ciao\n> **Chi chiama:** ciao\n\n1. a\n2. b\n\n| x | y |\n|---|---|\n| 1 | 2 |"
    )
    said = "".join(block.html for block in made.blocks)
    assert '<h2 id="one">Una cosa</h2>' in said
    assert '<blockquote class="box talk">\n<p><strong>Lei:</strong> ciao<br>' in said.replace(
        "<br />", "<br>"
    )
    assert "<ol>" in said and "<td>2</td>" in said and "[!talk]" not in said and "{#" not in said
    assert [(one.anchor, one.text) for one in made.headings] == [("one", "Una cosa")]
    assert made.passages[0].text == "Lei: ciao Chi chiama: ciao a b x y 1 2"


def test_an_article_is_shown_where_it_is_named_alone_and_nowhere_else():
    made = render("prima\n\n[[article:amounts]]\n\ndopo [[article:who]]")
    assert made.articles == ("amounts",)
    assert "[[article:who]]" in made.blocks[-1].html


def test_on_a_page_with_others_headings_are_lower_and_anchors_carry_a_name():
    made = render("# A {#a}\n\n### B", prefix="minors-", deeper=1)
    assert '<h3 id="minors-a">' in made.blocks[0].html and '<h4 id="minors-part-2">' in made.blocks[0].html


def test_a_name_is_taken_off_a_heading_with_the_space_before_it_and_nothing_else_is():
    made = render("## Una {#one} cosa\t  {#two}\n\n## **B** {#three}\n\n## C {#Four}")
    assert [(one.anchor, one.text) for one in made.headings] == [
        ("two", "Una {#one} cosa"), ("three", "B"), ("part-3", "C {#Four}"),
    ]  # fmt: skip


@pytest.mark.parametrize("sign", [" ", "\t", " {#", "{#a"])
def test_a_heading_takes_no_longer_than_its_length_wants(sign):
    began = time.process_time()
    made = render("## a" + sign * 30_000 + "b")
    assert len(made.headings) == 1 and time.process_time() - began < 3, "tried from every place: a minute"


def test_a_page_of_the_house_has_headings_of_a_line_and_links_that_somebody_wrote():
    def judged(text: str) -> dict[str, house.Wrong]:
        return house.wrong(house.Given({"it": "A", "en": ""}, {"it": text, "en": ""}))

    too_long = {"text_it": house.Wrong.TOO_LONG}
    assert judged("## " + "a" * 200) == {} == judged("[a](/callbacks) " * 100)
    assert judged("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 200) == {}
    assert judged("## " + "a" * 201) == too_long == judged("[" * 601)


def table(columns: int, rows: int, row: str = "x\n") -> str:
    """A table in as few letters as it can have."""
    return "|a" * columns + "\n" + "|-" * columns + "\n" + row * rows


@pytest.mark.parametrize(
    "text",
    [table(2000, 3000), table(21, 1), table(20, 25), table(1, 500), ("> " + table(20, 1)).replace("\n", "\n> ") * 13,
     table(20, 10) + "\n" + table(20, 16), "-a|b\n-|-\n" + "x\n" * 250, "a|b\n --|-- \n" + "x\n" * 250],
)  # fmt: skip
def test_a_table_of_the_house_is_one_that_can_be_read(text):
    began = time.process_time()
    found = house.wrong(house.Given({"it": "A", "en": ""}, {"it": text, "en": ""}))
    assert found == {"text_it": house.Wrong.TABLE}
    assert time.process_time() - began < 0.5, "it is judged before it is made, which takes seconds"


@pytest.mark.parametrize(
    "text", [table(20, 23), table(20, 11) + "\n" + table(20, 11), "a|b\n\n---\n\n" + "x\n" * 600]
)
def test_tables_of_a_page_are_counted_by_their_cells(text):
    assert house.wrong(house.Given({"it": "A", "en": ""}, {"it": text, "en": ""})) == {}
    assert sum(block.html.count("<t") for block in render(text).blocks) < 1000


@pytest.mark.parametrize(
    "text", [table(3, 4), "> " + table(2, 3).replace("\n", "\n> "), "a|b\n-|-\n1|2", "a|b\n\n-|-\n"]
)
def test_no_table_has_more_cells_than_are_counted(text):
    made = "".join(block.html for block in render(text).blocks)
    assert made.count("<th") - made.count("<thead") + made.count("<td") <= markdown.tables(text)[1]
