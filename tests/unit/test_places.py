"""Regions, postal codes and countries, against DOMAIN §7.1 written out a second time."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.places import REGION_CODES, REGIONS, Area, is_country, region, region_of_cap

PREFIXES = {
    "lazio": "00 01 02 03 04",
    "umbria": "05 06",
    "sardegna": "07 08 09",
    "piemonte": "10 12 13 14 15 28",
    "valle_d_aosta": "11",
    "liguria": "16 17 18 19",
    "lombardia": "20 21 22 23 24 25 26 27 46",
    "emilia_romagna": "29 40 41 42 43 44 47 48",
    "veneto": "30 31 32 35 36 37 45",
    "friuli_venezia_giulia": "33 34",
    "trentino_alto_adige": "38 39",
    "toscana": "50 51 52 53 54 55 56 57 58 59",
    "marche": "60 61 62 63",
    "abruzzo": "64 65 66 67",
    "puglia": "70 71 72 73 74 76",
    "basilicata": "75 85",
    "campania": "80 81 82 83 84",
    "molise": "86",
    "calabria": "87 88 89",
    "sicilia": "90 91 92 93 94 95 96 97 98",
}
UNUSED = ["49", "68", "69", "77", "78", "79", "99"]


def test_every_prefix_is_of_the_region_that_the_post_gives_it() -> None:
    said = {f"{n:02}": region_of_cap(f"{n:02}123") for n in range(100)}
    expected = {prefix: code for code, prefixes in PREFIXES.items() for prefix in prefixes.split()}
    assert said == expected | dict.fromkeys(UNUSED)


def test_there_are_twenty_regions_in_five_areas() -> None:
    assert len(set(REGION_CODES)) == len(REGIONS) == 20
    assert set(PREFIXES) == set(REGION_CODES)
    assert Counter(region.area for region in REGIONS) == {
        Area.NORTH_WEST: 4, Area.NORTH_EAST: 4, Area.CENTRE: 4, Area.SOUTH: 6, Area.ISLANDS: 2,
    }  # fmt: skip


def test_a_region_is_found_by_its_code_and_carries_its_italian_name() -> None:
    found = region("friuli_venezia_giulia")
    assert found is not None and found.name == "Friuli-Venezia Giulia"
    assert region("padania") is None


@pytest.mark.parametrize(("cap", "code"), [("12071", "piemonte"), ("18025", "liguria"), ("00185", "lazio")])
def test_known_codes(cap: str, code: str) -> None:
    assert region_of_cap(cap) == code


@given(st.text(max_size=8))
def test_keyed_nonsense_is_of_no_region(keyed: str) -> None:
    if not (len(keyed) == 5 and keyed.isascii() and keyed.isdigit()):
        assert region_of_cap(keyed) is None


def test_countries_are_two_capital_letters_that_exist() -> None:
    assert all(map(is_country, ["BD", "NG", "MA", "UA", "PE", "XK"]))
    assert not any(map(is_country, ["bd", "XX", "ZZ", "ITA", "", "*", "001"]))
