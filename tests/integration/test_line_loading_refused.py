"""A settings file loads whole or not at all, and tells everything that is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpline import db
from helpline.line.models import LineVersion
from helpline.routing import loading
from helpline.routing.models import Entity, Project
from tests.integration.loading_deeds import SMALL, faults_of, now

pytestmark = pytest.mark.usefixtures("database")


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_changed(file: Callable[[str], Path]) -> None:
    path = file(
        """
people = 3
colours = 3
[[entities]]
id = "Two Words"
name = ""
[[entities]]
id = "one"
name = "One"
contact = "desk"
colour = "red"
[[entities]]
id = "one"
name = "One again"
contact = "desk"
[[projects]]
id = "friuli-2026"
entity = "nobody"
name = "Friuli"
funder = "AMIF"
starts_on = "yesterday"
ends_on = 2026-13
places_total = -1
""".replace("ends_on = 2026-13", "ends_on = 5")
        + """
regions = ["friuli", "lazio", "lazio"]
countries = ["bd", "*"]
groups = []
languages = ["de"]
contact_phone = "06 555"
[[projects]]
id = "late"
entity = "one"
name = "Late"
funder = "AMIF"
starts_on = 2027-01-01
ends_on = 2026-01-01
places_total = true
[[hours]]
days = ["monday", "someday"]
from = 6
to = 25
[[hours]]
days = ["tuesday"]
from = 12
to = 12
[[hours]]
days = ["friday"]
from = 9
to = 13
[[hours]]
days = ["friday"]
from = 12
to = 14
[[callback_hours]]
days = ["friday"]
from = 8
to = 13
[[closures]]
name = "patron"
from = 2027-06-29
to = 2027-06-28
[[notices]]
name = "news"
from = 2027-01-02
until = 2027-01-01T10:00:00
texts = { it = "Avviso.", de = "Nein." }
"""
    )
    assert sorted(faults_of(path)) == sorted([
        "people: must be written as [[people]]",
        f"colours: unknown table; known are {', '.join(loading.KNOWN)}",
        'entity "Two Words": id: must be small letters, digits and hyphens',
        'entity "Two Words": name: must be some words',
        'entity "Two Words": contact: missing',
        'entity "one": colour: unknown',
        'entity "one": stands more than once',
        'project "friuli-2026": starts_on: must be a date such as 2027-01-31, or "today", "today+400d", "today-300d"',
        'project "friuli-2026": ends_on: must be a date such as 2027-01-31, or "today", "today+400d", "today-300d"',
        'project "friuli-2026": places_total: must be a whole number ≥ 0',
        'project "friuli-2026": regions: "friuli" is not one of the twenty regions',
        'project "friuli-2026": regions: names something twice',
        'project "friuli-2026": countries: "bd" is not one of the countries (two capital letters, ISO 3166-1)',
        'project "friuli-2026": countries: "*" stands alone',
        'project "friuli-2026": groups: must be a list of groups (self, family), or ["*"]',
        'project "friuli-2026": languages: "de" is not one of the nine languages',
        'project "friuli-2026": contact_phone: must be the digits to dial, such as "0655500000"',
        'project "friuli-2026": entity: there is no entity "nobody"',
        'project "late": ends_on: must not be before starts_on',
        'project "late": places_total: must be a whole number ≥ 0',
        'hours 1: days: "someday" is not one of the days of the week',
        "hours 1: from: must be a whole number from 7 to 21",
        "hours 1: to: must be a whole number from 7 to 21",
        "hours 2: to: must be after from",
        "hours 4: from: overlaps other hours of friday for all languages",
        "callback_hours 1: from: must be a whole number from 9 to 21",
        'closure "patron": to: must not be before from',
        'notice "news": until: must be after from',
        'notice "news": texts: de: unknown',
        *(f'notice "news": texts: {code}: missing' for code in ("en", "fr", "es", "ru", "uk", "ar", "bn", "hi")),
    ])  # fmt: skip
    with db.transaction() as session:
        for table in (Entity, Project, LineVersion):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert now().calendar.opening == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "[[entities]",
            "is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 11)",
        ),
        ("entities = 3", "entities: must be written as [[entities]]"),
        ("entities = [3]", "entity 1: must be a table"),
        ("[[people]]", "person 1: login: missing"),
    ],
)
def test_what_is_no_settings_file_is_told_in_words(
    file: Callable[[str], Path], text: str, fault: str
) -> None:
    assert faults_of(file(text))[0] == fault


@pytest.mark.parametrize(
    "name", ["hours", "callback_hours", "closures", "notices", "entities", "projects", "people"]
)
def test_an_empty_list_deletes_nothing_in_silence(file: Callable[[str], Path], name: str) -> None:
    loading.load(file('[[hours]]\ndays = ["monday"]\nfrom = 9\nto = 13\n'), who="tester")
    assert faults_of(file(f"{name} = []")) == [
        f"{name}: is empty; leave it out and all stays as it is, or use [[closures]] to close the line"
    ]
    assert len(now().calendar.opening) == 1


@pytest.mark.parametrize("number", ["123", "112", "06555", "999999", "06 555", "3330000"])
def test_what_is_no_number_to_dial_is_no_contact(file: Callable[[str], Path], number: str) -> None:
    assert faults_of(file(SMALL + f'contact_phone = "{number}"\n')) == [
        'project "first": contact_phone: must be the digits to dial, such as "0655500000"'
    ]


def test_a_file_that_is_not_there_or_not_text_is_told_in_words(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "nowhere.toml") == ["cannot be read: No such file or directory"]
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00")
    assert faults_of(tmp_path / "noise.toml") == ["is not text in UTF-8"]


def test_a_project_stays_with_its_entity(file: Callable[[str], Path]) -> None:
    loading.load(file(SMALL), who="tester")
    moved = SMALL.replace('id = "one"', 'id = "two"').replace('entity = "one"', 'entity = "two"')
    assert faults_of(file(moved)) == ['project "first": entity: is "one" and cannot be changed']
    with db.transaction() as session:
        assert session.get(Entity, "two") is None


def test_the_dates_of_funds_are_in_order_and_each_has_a_title(file: Callable[[str], Path]) -> None:
    path = file(
        '[[funding]]\nname = "fami"\nfrom = 2027-01-01\nto = 2021-01-01\n[[funding]]\nname = "fami"\ntitle = "F"\nfrom = 2027-01-01\n'
    )
    told = faults_of(path)
    assert any('funding "fami": to: must not be before from' in fault for fault in told)
    assert any("title: missing" in fault for fault in told) and any("to: missing" in fault for fault in told)
