"""Tables for spreadsheets: nothing in them runs, and every letter arrives."""

from helpline import spreadsheet


def test_no_cell_is_a_formula_and_nothing_is_an_empty_cell():
    rows = [("=1+1", None, True), ("@x", -3, {"b": 2, "a": 1})]
    assert spreadsheet.written((["+x", "è", "c"], rows), yes="sì") == (
        "\ufeff'+x,è,c\n'=1+1,,sì\n'@x,-3,a=1 b=2\n"
    )
