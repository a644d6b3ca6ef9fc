"""Italy's holidays, held against the `holidays` package, which follows the law and is not asked by the helpline itself."""

from datetime import date

import holidays
import pytest

from helpline.italian_holidays import FIRST_YEAR, easter, italian_holidays

LAST_YEAR_OF_THE_PACKAGE = 2100


@pytest.mark.parametrize(("language", "place", "apostrophe"), [("it_IT", 0, "’"), ("en_US", 1, "'")])
def test_every_year_has_the_holidays_and_their_names_that_the_package_knows(
    language: str, place: int, apostrophe: str
) -> None:
    for year in range(FIRST_YEAR, LAST_YEAR_OF_THE_PACKAGE + 1):
        theirs = {
            day: name.replace("'", apostrophe)
            for day, name in sorted(holidays.country_holidays("IT", years=year, language=language).items())
        }
        ours = {day: names[place] for day, names in italian_holidays(year).items()}
        assert list(ours.items()) == list(theirs.items())


def test_years_of_which_the_package_knows_nothing_have_their_holidays_too() -> None:
    assert not holidays.country_holidays("IT", years=LAST_YEAR_OF_THE_PACKAGE + 1)
    assert italian_holidays(2101)[date(2101, 4, 18)] == ("Lunedì dell’Angelo", "Easter Monday")
    assert easter(2199) == date(2199, 4, 14)
