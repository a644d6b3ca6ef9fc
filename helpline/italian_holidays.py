"""The holidays of all Italy, by law (260 of 1949, 54 of 1977, 336 of 2000, 151 of 2025), with their names; pure.

The `holidays` package knows them too, and the tests hold these against it, so that a change of the law arrives with its
next version (it writes ' where Italian sets ’). It is not asked here: for Italy's dozen days it reads those of 250
countries, 14 MB in every process.
"""

from collections import defaultdict
from datetime import date, timedelta

FIRST_YEAR = 2001
"""Since then Republic Day is on its date again."""

_SAINT_FRANCIS_SINCE = 2026

_ON_A_DATE = {
    (1, 1): ("Capodanno", "New Year's Day"),
    (1, 6): ("Epifania", "Epiphany"),
    (4, 25): ("Anniversario della Liberazione", "Liberation Day"),
    (5, 1): ("Festa del Lavoro", "Labor Day"),
    (6, 2): ("Festa della Repubblica", "Republic Day"),
    (8, 15): ("Assunzione della Beata Vergine Maria", "Assumption Of Mary Day"),
    (11, 1): ("Ognissanti", "All Saints' Day"),
    (12, 8): ("Immacolata Concezione", "Immaculate Conception"),
    (12, 25): ("Natale", "Christmas Day"),
    (12, 26): ("Santo Stefano", "Saint Stephen's Day"),
}
_EASTER = ("Pasqua", "Easter Sunday")
_EASTER_MONDAY = ("Lunedì dell’Angelo", "Easter Monday")
_UNITY = ("Giorno dell’unità nazionale", "National Unity Day")
_UNIFICATION = ("Anniversario dell’Unità d’Italia", "Anniversary of the Unification of Italy")
_SAINT_FRANCIS = (
    "Festa nazionale di San Francesco d’Assisi, patrono d’Italia",
    "Saint Francis of Assisi, Patron Saint of Italy",
)


def easter(year: int) -> date:
    """Easter Sunday in the western churches (Meeus, Jones and Butcher)."""
    century, within = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (within // 4) - moon - within % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def italian_holidays(year: int) -> dict[date, tuple[str, str]]:
    """The holidays of a year (from 2001 on), in their order, each with its name in Italian and in English.

    Where two fall on one day, both are named, as in "Easter Monday; Liberation Day".
    """
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for (month, day), names in _ON_A_DATE.items():
        found[date(year, month, day)].append(names)
    found[easter(year)].append(_EASTER)
    found[easter(year) + timedelta(days=1)].append(_EASTER_MONDAY)
    november = date(year, 11, 1)
    found[november + timedelta(days=6 - november.weekday())].append(_UNITY)  # its first Sunday
    if year >= _SAINT_FRANCIS_SINCE:
        found[date(year, 10, 4)].append(_SAINT_FRANCIS)
    if year == 2011:  # a hundred and fifty years, that once
        found[date(year, 3, 17)].append(_UNIFICATION)
    return {
        day: ("; ".join(sorted(it for it, _ in names)), "; ".join(sorted(en for _, en in names)))
        for day, names in sorted(found.items())
    }
