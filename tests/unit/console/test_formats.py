"""Figures as they are written: the same way on every page, in the reader's language."""

from datetime import date

import pytest

from helpline.console import formats
from helpline.console.figures_reports_pdf import speaking


@pytest.mark.parametrize(
    ("part", "italian", "english"),
    [
        (0.07, "7,0 %", "7.0 %"),
        (0.2266, "22,7 %", "22.7 %"),
        (1, "100,0 %", "100.0 %"),
        (0, "0,0 %", "0.0 %"),
        (0.0004, "0,0 %", "0.0 %"),
        (13.528, "1.352,8 %", "1,352.8 %"),
        (None, "–", "–"),
    ],
)
def test_a_part_of_something_has_one_decimal_wherever_it_stands(part, italian, english):
    for language, told in (("it", italian), ("en", english)):
        with speaking(language):
            assert formats.percent(part).replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("part", "told"),
    [(0.035, "+3,5 %"), (-0.5, "−50,0 %"), (0, "0,0 %"), (-0.0001, "0,0 %"), (0.0001, "0,0 %")],
)
def test_a_change_has_its_sign_unless_it_is_none(part, told):
    with speaking("it"):
        assert formats.change(part).replace("\u00a0", " ") == told


@pytest.mark.parametrize(
    ("minutes", "italian", "english"),
    [(89, "89 min", "89 min"), (90, "1 ora", "1 h"), (119, "1 ora", "1 h"), (120, "2 ore", "2 h")],
)
def test_one_hour_is_said_as_one(minutes, italian, english):
    for language, told in (("it", italian), ("en", english)):
        with speaking(language):
            assert formats.span(60 * minutes) == told


def test_a_column_of_numbers_has_the_same_decimals_in_each():
    with speaking("it"):
        assert [formats.decimals(value, 2) for value in (1, 1.034, 1234.5)] == ["1,00", "1,03", "1.234,50"]
        assert [formats.decimals(value) for value in (14, 14.9)] == ["14,0", "14,9"]


def test_the_first_of_a_month_is_written_as_italian_writes_it():
    for day, italian, english in (
        (date(2027, 1, 1), "venerdì 1º gennaio 2027", "Friday 1 January 2027"),
        (date(2027, 1, 11), "lunedì 11 gennaio 2027", "Monday 11 January 2027"),
    ):
        with speaking("it"):
            assert formats.long_day(day) == italian
        with speaking("en"):
            assert formats.long_day(day) == english
