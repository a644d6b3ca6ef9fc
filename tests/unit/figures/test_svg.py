"""Elements of SVG: no word becomes markup, whether it stands in an element or in an attribute; numbers are short."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from helpline.figures.svg import chart, element

WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)


@given(WORDS, WORDS)
def test_what_is_given_comes_out_as_it_was_and_adds_no_element(said, named):
    root = ElementTree.fromstring(element("g", element("title", said), element("a", href=named)))
    assert [one.tag for one in root.iter()] == ["g", "title", "a"]
    assert (root.findtext("title") or "", root[1].attrib) == (said, {"href": named})


def test_numbers_have_one_decimal_at_most_and_words_of_python_are_those_of_svg():
    drawn = element("rect", class_="s0", x=3, y=2.0, width=1 / 3, aria_hidden="true", rx=-0.26)
    assert drawn == '<rect class="s0" x="3" y="2" width="0.3" aria-hidden="true" rx="-0.3"/>'


def test_a_picture_says_first_what_it_is():
    drawn = chart("Calls <", "of a week", 100, 20.5, [element("g", "it's")])
    assert drawn.startswith(
        '<svg class="chart" viewBox="0 0 100 20.5" role="img"><title>Calls &lt;</title><desc>'
    )
    assert drawn.endswith("<g>it&#x27;s</g></svg>")


def test_a_page_takes_what_was_drawn_as_it_is_and_nothing_else():
    assert escape(element("g", "<b>")) == "<g>&lt;b&gt;</g>" and escape(element("g") + "<b>") != "<g/><b>"
