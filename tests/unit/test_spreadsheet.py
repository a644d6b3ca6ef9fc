"""Tables for spreadsheets: nothing in them runs, every letter arrives, and each country's spreadsheet takes numbers for numbers."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline import spreadsheet
from helpline.spreadsheet import Dialect

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["=1+1", "+39", "-1.352,8 %", "@x", "\t=1", "\n=1", "a;b", "a,b", 'a"b', "a\nb", "'"]
)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def test_no_cell_is_a_formula_and_nothing_is_an_empty_cell():
    rows = [("=1+1", None, True), ("@x", -3, {"b": 2, "a": 1})]
    assert spreadsheet.written((["+x", "è", "c"], rows), yes="sì") == (
        "\ufeff'+x,è,c\n'=1+1,,sì\n'@x,-3,a=1 b=2\n"
    )


def test_in_italy_semicolons_stand_between_cells_and_a_comma_in_numbers_which_have_signs_and_no_guard():
    rows = [("1,5; due", 1352.8, -0.5), ("-1.352,8 %", -12, 1e-7)]
    told = spreadsheet.written((["a", "b", "c"], rows), dialect=Dialect.SEMICOLON)
    assert told == '\ufeffa;b;c\n"1,5; due";1352,8;-0,5\n\'-1.352,8 %;-12;0,0000001\n'
    assert spreadsheet.written((["b"], [[1352.8]])) == "\ufeffb\n1352.8\n"


@pytest.mark.parametrize(("language", "dialect"), [("it", Dialect.SEMICOLON), ("en", Dialect.COMMA)])
def test_whoever_reads_gets_what_their_spreadsheet_expects(language, dialect):
    assert spreadsheet.for_people(language) is dialect


@given(st.sampled_from(Dialect), st.lists(st.tuples(texts, numbers), max_size=6))
def test_whatever_is_written_is_read_back_and_no_text_begins_as_a_formula(dialect, rows):
    told = spreadsheet.written((["a", "b"], rows), dialect=dialect)
    found = list(
        csv.reader(io.StringIO(told.removeprefix(spreadsheet.MARK), newline=""), delimiter=dialect.between)
    )
    assert [float(number.replace(dialect.decimal, ".")) for _, number in found[1:]] == [
        float(number) for _, number in rows
    ]
    for (said, _), (text, _) in zip(found[1:], rows, strict=True):
        assert said in {text, f"'{text}"} and said[:1] not in set("=+-@\t\r\n")
