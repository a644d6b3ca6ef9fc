"""Where people are and where they go: Italian regions, postal codes, countries; pure, knows nothing of projects."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers


class Area(StrEnum):
    """The five parts of Italy that a caller may choose from (ISTAT's `ripartizioni`)."""

    NORTH_WEST = "north_west"
    NORTH_EAST = "north_east"
    CENTRE = "centre"
    SOUTH = "south"
    ISLANDS = "islands"


@dataclass(frozen=True)
class Region:
    """One of the twenty: `code` as stored and as in the names of clips, Italian `name`, macro-`area`."""

    code: str
    name: str
    area: Area


REGIONS: tuple[Region, ...] = (
    Region("piemonte", "Piemonte", Area.NORTH_WEST),
    Region("valle_d_aosta", "Valle d’Aosta", Area.NORTH_WEST),
    Region("lombardia", "Lombardia", Area.NORTH_WEST),
    Region("liguria", "Liguria", Area.NORTH_WEST),
    Region("trentino_alto_adige", "Trentino-Alto Adige", Area.NORTH_EAST),
    Region("veneto", "Veneto", Area.NORTH_EAST),
    Region("friuli_venezia_giulia", "Friuli-Venezia Giulia", Area.NORTH_EAST),
    Region("emilia_romagna", "Emilia-Romagna", Area.NORTH_EAST),
    Region("toscana", "Toscana", Area.CENTRE),
    Region("umbria", "Umbria", Area.CENTRE),
    Region("marche", "Marche", Area.CENTRE),
    Region("lazio", "Lazio", Area.CENTRE),
    Region("abruzzo", "Abruzzo", Area.SOUTH),
    Region("molise", "Molise", Area.SOUTH),
    Region("campania", "Campania", Area.SOUTH),
    Region("puglia", "Puglia", Area.SOUTH),
    Region("basilicata", "Basilicata", Area.SOUTH),
    Region("calabria", "Calabria", Area.SOUTH),
    Region("sicilia", "Sicilia", Area.ISLANDS),
    Region("sardegna", "Sardegna", Area.ISLANDS),
)
REGION_CODES: tuple[str, ...] = tuple(region.code for region in REGIONS)
_BY_CODE = {region.code: region for region in REGIONS}

# The first two digits of a postal code give the region (DOMAIN §7.1), each range with both its ends.
_RANGES: tuple[tuple[str, int, int], ...] = (
    ("lazio", 0, 4),
    ("umbria", 5, 6),
    ("sardegna", 7, 9),
    ("piemonte", 10, 10),
    ("valle_d_aosta", 11, 11),
    ("piemonte", 12, 15),
    ("liguria", 16, 19),
    ("lombardia", 20, 27),
    ("piemonte", 28, 28),
    ("emilia_romagna", 29, 29),
    ("veneto", 30, 32),
    ("friuli_venezia_giulia", 33, 34),
    ("veneto", 35, 37),
    ("trentino_alto_adige", 38, 39),
    ("emilia_romagna", 40, 44),
    ("veneto", 45, 45),
    ("lombardia", 46, 46),
    ("emilia_romagna", 47, 48),
    ("toscana", 50, 59),
    ("marche", 60, 63),
    ("abruzzo", 64, 67),
    ("puglia", 70, 74),
    ("basilicata", 75, 75),
    ("puglia", 76, 76),
    ("campania", 80, 84),
    ("basilicata", 85, 85),
    ("molise", 86, 86),
    ("calabria", 87, 89),
    ("sicilia", 90, 98),
)
_BY_PREFIX = {f"{prefix:02}": code for code, first, last in _RANGES for prefix in range(first, last + 1)}

# Two codes are shared by villages of two regions: 12071 (Bagnasco in Piedmont, Massimino in Liguria) and 18025
# (Mendatica and Montegrosso in Liguria, Briga Alta in Piedmont). The prefix gives the larger side, and the caller
# is asked whether the region we say is right.


def region(code: str) -> Region | None:
    """The region with this code, or None."""
    return _BY_CODE.get(code)


def region_of_cap(cap: str) -> str | None:
    """The code of the region of a postal code (`00185` -> `lazio`).

    None for anything but five digits, and for the prefixes that are not in use (49 68 69 77 78 79 99).
    """
    if not re.fullmatch(r"[0-9]{5}", cap):
        return None
    return _BY_PREFIX.get(cap[:2])


def is_country(code: str) -> bool:
    """Whether this is the two-letter code (ISO 3166-1, capitals) of a country or territory that we know."""
    return code in phonenumbers.SUPPORTED_REGIONS
