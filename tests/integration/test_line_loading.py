"""A settings file loads whole or not at all, and tells everything that is wrong with it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpline import clock, db, line
from helpline.console import knowledge
from helpline.faults import Faults
from helpline.hours import Status, status
from helpline.languages import CODES
from helpline.line.current import FocalPhone
from helpline.line.models import LineVersion
from helpline.people.roles import Role
from helpline.routing import focal_points, loading
from helpline.routing.commands import listed_entities
from helpline.routing.models import Entity, Project
from helpline.routing.offers import has_place
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
DEMO = Path(__file__).parents[2] / "samples" / "demo.toml"

SMALL = """
[[entities]]
id = "one"
name = "One"
contact = "desk"

[[projects]]
id = "first"
entity = "one"
name = "First"
funder = "AMIF"
starts_on = 2024-01-02
ends_on = "today+10d"
places_total = 3
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def now() -> line.Line:
    with db.quick() as connection:
        return line.read(connection)


def faults_of(path: Path) -> list[str]:
    with pytest.raises(Faults) as caught:
        loading.load(path, who="tester")
    return [fault.removeprefix(f"{path}: ") for fault in caught.value.faults]


def test_the_demonstration_loads_twice_and_the_second_time_changes_nothing(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 10:00")
    first = loading.load(DEMO, who="tester")
    assert first.version is not None and "project national-2026" in first.changes
    assert loading.load(DEMO, who="tester").version is None
    with db.transaction() as session:
        version = session.scalars(select(LineVersion)).one()
        assert (version.who, version.source) == ("tester", "demo.toml")
        entities = {row["id"]: (row["places"], row["taken"]) for row in listed_entities(session)}
    assert entities["national-office"] == (3, 0)
    assert len(entities) == 5
    loaded = now()
    assert [notice.name for notice in loaded.notices_at(clock.now())] == ["demonstration"]
    assert all(len(notice.texts) == 9 for notice in loaded.notices)
    assert status(loaded.calendar, "en", clock.now()) is Status.OPEN
    assert status(loaded.calendar, "uk", clock.now()) is Status.CLOSED
    assert "voluntary-return-2016" not in [project.id for project in loaded.running(date(2026, 11, 23))]
    assert loaded.contact_phone(date(2026, 11, 23)) == "0655500001"


@pytest.mark.parametrize("year", [2026, 2031])
def test_the_demonstration_has_open_projects_in_every_year(at: Callable[[str], datetime], year: int) -> None:
    at(f"{year}-11-24 10:00")
    loading.load(DEMO, who="tester")
    assert len(now().running(date(year, 11, 24))) == 5
    with db.transaction() as session:
        assert has_place(session, region=None, country=None, group="self", language="bn")


def test_relative_dates_are_those_of_the_roman_day(
    file: Callable[[str], Path], at: Callable[[str], datetime]
) -> None:
    at("2026-11-24 00:30")
    loading.load(file(SMALL), who="tester")
    with db.transaction() as session:
        project = session.get_one(Project, "first")
        assert (project.starts_on, project.ends_on) == (date(2024, 1, 2), date(2026, 12, 4))


def test_a_change_keeps_what_was_before(file: Callable[[str], Path]) -> None:
    loading.load(file(SMALL), who="tester")
    done = loading.load(file(SMALL.replace("places_total = 3", "places_total = 5")), who="another")
    assert done.changes == {"project first": {"places_total": [3, 5]}}
    with db.transaction() as session:
        assert session.get_one(Project, "first").places_total == 5
        newest = session.scalars(select(LineVersion).order_by(LineVersion.id.desc())).first()
        assert newest and (newest.who, newest.changes) == ("another", done.changes)


def test_hours_are_replaced_as_a_whole_and_the_rest_stays(file: Callable[[str], Path]) -> None:
    loading.load(file(SMALL + '[[hours]]\ndays = ["monday", "tuesday"]\nfrom = 9\nto = 13\n'), who="tester")
    loading.load(
        file('[[hours]]\ndays = ["monday"]\nlanguages = ["bn", "it"]\nfrom = 9\nto = 13\n'), who="tester"
    )
    loaded = now()
    assert [(span.weekday, span.language) for span in loaded.calendar.opening] == [(0, "bn"), (0, "it")]
    assert [project.id for project in loaded.projects] == ["first"]


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


@pytest.mark.parametrize("number", ["800004006", "0655500001", "3330000123"])
def test_the_number_of_a_project_s_office_can_be_dialled(file: Callable[[str], Path], number: str) -> None:
    loading.load(file(SMALL + f'contact_phone = "{number}"\n'), who="tester")
    assert now().contact_phone(clock.in_rome().date()) == number


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


def test_a_notice_ends_by_itself(file: Callable[[str], Path]) -> None:
    texts = "".join(f'{code} = "x"\n' for code in CODES)
    notice = (
        f'[[notices]]\nname = "n"\nfrom = 2026-11-23T09:00:00\nuntil = 2026-11-24\n[notices.texts]\n{texts}'
    )
    loading.load(file(notice), who="tester")
    loaded = now()
    for moment, said in [
        (datetime(2026, 11, 23, 7, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 23, tzinfo=UTC), 0),
    ]:
        assert len(loaded.notices_at(moment)) == said


POINT = """
[[focal_points]]
id = "lazio"
name = "Anna"
organisation = "Comune"
regions = ["lazio"]
telephone = "0655500222"
login = "anna"

[[people]]
login = "anna"
name = "Anna"
roles = ["focal_point"]
"""


def test_focal_points_are_loaded_with_their_accounts_and_said_at_once(file: Callable[[str], Path]) -> None:
    done = loading.load(file(POINT), who="tester")
    assert set(done.changes) == {"focal point lazio", "person anna"} and done.version
    assert (now().focal_phone("lazio"), now().focal_phone("umbria")) == ("0655500222", None)
    with db.transaction() as session:
        point = focal_points.one(session, "lazio")
    assert point and (point.login, point.email) == ("anna", None)
    assert loading.load(file(POINT), who="tester").changes == {}
    wrong = (
        POINT.replace("0655500222", "12")
        .replace("lazio", "Lazio")
        .replace('login = "anna"', 'login = "bo"', 1)
    )
    assert len(faults_of(file(wrong))) == 3, (
        "id, region and telephone; whose account it is comes after the people"
    )
    other = POINT.replace('id = "lazio"', 'id = "other"').replace('login = "anna"', 'login = "nobody"', 1)
    assert faults_of(file(other)) == [
        'focal point "other": login: there is no account "nobody" with the role focal_point'
    ]
    assert now().focal_points == (FocalPhone("lazio", ("lazio",), "0655500222"),)


AMOUNTS = """
[[articles]]
name = "amounts"
as_of = 2024-01-02
checked_on = "today-200d"
title = { it = "Gli importi", en = "The amounts" }
source = { it = "Il progetto", en = "The project" }
it = ["Prima sistemazione: 700 euro."]
en = ["First needs: 700 euros."]

[[articles]]
name = "consulates"
as_of = "today"
title = { it = "Consolati", en = "Consulates" }
source = { en = "Their sites", it = "I siti" }
it = ["Non li contattiamo noi."]
en = ["We do not contact them."]
"""


def test_an_installation_keeps_its_own_articles_in_the_place_of_those_that_come_with_the_code(file):
    assert [one.name for one in knowledge.articles()] == [one.name for one in knowledge.packaged()]
    loading.load(file(AMOUNTS), who="tester")
    line.forget()
    found = {one.name: one for one in knowledge.articles()}
    assert list(found)[-1] == "consulates" and len(found) == len(knowledge.packaged()) + 1
    assert found["amounts"].paragraphs["en"] == ["First needs: 700 euros."]
    today = clock.in_rome().date()
    assert found["amounts"].is_stale(today) and not found["consulates"].is_old(today)
    loading.load(file(AMOUNTS.replace("today-200d", "today")), who="tester")
    line.forget()
    assert not {one.name: one for one in knowledge.articles()}["amounts"].is_old(today)
    with db.transaction() as session:
        [line_of_it] = session.scalars(select(LineVersion.changes).order_by(LineVersion.id.desc()).limit(1))
    assert list(line_of_it) == ["article amounts"] and list(line_of_it["article amounts"]) == ["checked_on"]


def test_what_is_wrong_with_articles_is_told_with_all_the_rest_and_nothing_is_changed(file):
    broken = AMOUNTS.replace('en = ["First needs: 700 euros."]', "en = []").replace(
        'checked_on = "today-200d"', ""
    )
    broken = broken.replace('name = "consulates"', 'name = "amounts"').replace('en = "Their sites", ', "")
    assert faults_of(file(broken + '[[hours]]\nfrom = "nine"\nto = 18\n')) == [
        "hours 1: from: must be a whole number from 7 to 21",
        'article "amounts": en: must be a list of paragraphs',
        'article "amounts": source: en: missing',
        'article "amounts": stands more than once',
    ]
    line.forget()
    assert now().articles == ()


def test_the_page_says_what_was_checked_long_ago(file, settings):
    loading.load(file(AMOUNTS), who="tester")
    line.forget()
    amina = Visitor(application(settings)).sign_in(
        "amina", roles=[Role.OPERATOR], languages=["ar"], locale="en"
    )
    page = words_of(amina.get("/guide"))
    assert "First needs: 700 euros." in page and "615" not in page
    assert "This may be out of date: it was checked on" in page
