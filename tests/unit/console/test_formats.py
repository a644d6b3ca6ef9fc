"""Figures as they are written: the same way on every page, in the reader's language."""

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
