"""A settings file: what it says holds from now on, twice is once, and what was before is kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.faults import Faults
from helpline.hours import Status, status
from helpline.languages import CODES
from helpline.line import editing, notices
from helpline.line.current import FocalPhone
from helpline.line.models import LineVersion
from helpline.routing import focal_points, loading, projects
from helpline.routing.commands import listed_entities
from helpline.routing.models import Project
from helpline.routing.offers import has_place
from tests.integration.loading_deeds import SMALL, faults_of, now

pytestmark = pytest.mark.usefixtures("database")
DEMO = Path(__file__).parents[2] / "samples" / "demo.toml"


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


@pytest.mark.parametrize("number", ["800004006", "0655500001", "3330000123"])
def test_the_number_of_a_project_s_office_can_be_dialled(file: Callable[[str], Path], number: str) -> None:
    loading.load(file(SMALL + f'contact_phone = "{number}"\n'), who="tester")
    assert now().contact_phone(clock.in_rome().date()) == number


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


def test_a_focal_point_that_the_console_changed_is_not_changed_back_unseen(
    file: Callable[[str], Path],
) -> None:
    loading.load(file(POINT), who="tester")
    with db.transaction() as session:
        fields = {"telephone": "0655500333"}
        focal_points.save(session, "lazio", fields, who="person 1")
    assert refused_by(file(POINT)) == ["focal point lazio: telephone"]
    assert now().focal_phone("lazio") == "0655500333"
    loading.load(file(POINT), who="tester", over=True)
    assert now().focal_phone("lazio") == "0655500222"


def in_the_console(what: str, value: object, why: str) -> None:
    with db.transaction() as session:
        seen = editing.mark(editing.state(session), [what])
        editing.save(session, {what: value}, who="person 1", why=why, seen=seen)


def test_what_was_changed_in_the_console_is_not_changed_back_unseen(file: Callable[[str], Path]) -> None:
    hours = (
        '[[hours]]\ndays = ["monday"]\nfrom = 9\nto = 13\n[[closures]]\nname = "feast"\nfrom = 2027-06-29\n'
    )
    loading.load(file(hours), who="tester")
    other = [{"weekday": 0, "opens": 10, "closes": 13, "language": "*"}]
    in_the_console(editing.OPENING, other, "too early")
    in_the_console("closure feast", {"first": "2027-06-28", "last": "2027-06-29"}, "the bridge")
    with pytest.raises(Faults) as refused:
        loading.load(file(hours), who="tester")
    assert [fault.partition(".toml: ")[2].partition(": was changed")[0] for fault in refused.value.faults] == [
        "closure feast", "opening hours",
    ]  # fmt: skip
    assert all('("too early")' in fault or '("the bridge")' in fault for fault in refused.value.faults)
    assert now().calendar.opening[0].opens == 10
    same = hours.replace("from = 9", "from = 10").replace("06-29\n", "06-28\nto = 2027-06-29\n")
    assert loading.load(file(same), who="tester").version is None  # it says the same: nothing to be asked
    assert loading.load(file(hours), who="tester", over=True).version is not None
    assert now().calendar.opening[0].opens == 9
    assert loading.load(file(hours), who="tester").version is None


def test_hours_that_were_planned_in_the_console_are_not_changed_back_once_their_day_has_come(
    file: Callable[[str], Path], at: Callable[[str], datetime]
) -> None:
    at("2026-12-10 10:00")
    given = '[[hours]]\ndays = ["monday"]\nfrom = 9\nto = 13\n'
    loading.load(file(given), who="tester")
    planned = editing.later(editing.OPENING, date(2027, 1, 1), "*")
    in_the_console(planned, [{"weekday": 0, "opens": 10, "closes": 13, "language": "*"}], "the new year")
    assert loading.load(file(given), who="tester").version is None, "until then the file says what holds"
    other = given.replace("from = 9", "from = 8")
    assert loading.load(file(other), who="tester").version is not None
    at("2027-01-01 00:00")
    assert refused_by(file(other)) == [planned]
    assert [span.opens for span in now().calendar.on(date(2027, 1, 1)).opening] == [10]
    assert loading.load(file(given.replace("from = 9", "from = 10")), who="tester").version is None
    loading.load(file(other), who="tester", over=True)
    assert [span.opens for span in now().calendar.on(date(2027, 1, 1)).opening] == [8]
    assert loading.load(file(other), who="tester").version is None


NOTICE = """
[[notices]]
name = "strike"
from = 2026-11-23T09:00:00
until = 2026-11-27
[notices.texts]
""" + "".join(f'{code} = "x"\n' for code in CODES)


def refused_by(path: Path) -> list[str]:
    """What the console changed since, by thing and field."""
    return [fault.partition(": was changed in the console on ")[0] for fault in faults_of(path)]


def test_a_notice_that_the_console_changed_is_not_changed_back_unseen(
    file: Callable[[str], Path], at: Callable[[str], datetime]
) -> None:
    at("2026-11-24 10:00")
    loading.load(file(NOTICE), who="tester")
    (before,) = now().notices
    given = notices.Given(before.texts | {"it": "Sciopero"}, before.starts_at, before.ends_at)
    with db.transaction() as session:
        notices.save(session, given, who="person 1", why="in plain words", notice_id=before.id, revision=1)
    assert refused_by(file(NOTICE)) == ["notice strike: texts"]
    later = NOTICE.replace("2026-11-27", "2026-11-28").replace('it = "x"', 'it = "Sciopero"')
    assert loading.load(file(later), who="tester").version is not None, "the file's own field, alike words"
    assert loading.load(file(NOTICE), who="tester", over=True).version is not None
    assert now().notices[0].texts["it"] == "x"
    assert loading.load(file(NOTICE), who="tester").version is None


def test_a_notice_that_somebody_ended_is_not_heard_again_by_a_changed_file_unseen(
    file: Callable[[str], Path], at: Callable[[str], datetime]
) -> None:
    at("2026-11-24 10:00")
    loading.load(file(NOTICE), who="tester")
    with db.transaction() as session:
        notices.end(session, now().notices[0].id, who="person 1", why="over")
    assert loading.load(file(NOTICE), who="tester").version is None, "the file is as it was: it stays ended"
    longer = NOTICE.replace("2026-11-27", "2026-11-28")
    assert refused_by(file(longer)) == ["notice strike: ended_at"]
    assert now().notices_at(clock.now() + timedelta(minutes=1)) == ()
    loading.load(file(longer), who="tester", over=True)
    assert len(now().notices_at(clock.now() + timedelta(minutes=1))) == 1


def test_projects_and_organisations_that_the_console_changed_are_all_named_at_once_with_field_and_reason(
    file: Callable[[str], Path],
) -> None:
    loading.load(file(SMALL), who="tester")
    with db.transaction() as session:
        projects.change(session, "first", who="person 1", why="two more rooms", places_total=5)
        projects.change_entity(session, "one", who="person 1", why="a new desk", contact="front desk")
    in_the_console("closure feast", {"first": "2027-06-28", "last": "2027-06-29"}, "the bridge")
    given = SMALL + '[[closures]]\nname = "feast"\nfrom = 2027-06-29\n'
    path = file(given)
    faults = faults_of(path)
    assert [fault.partition(": was changed")[0] for fault in faults] == [
        "closure feast", 'entity "one": contact', 'project "first": places_total',
    ]  # fmt: skip
    assert '("two more rooms")' in faults[2] and "--over" in faults[2]
    with db.transaction() as session:
        assert session.get_one(Project, "first").places_total == 5
        newest = projects.history(session, "project first")[0]
        assert (newest.who, newest.why) == ("person 1", "two more rooms"), "nothing of a refused file is kept"
    same = SMALL.replace("places_total = 3", "places_total = 5").replace('"desk"', '"front desk"')
    other = same.replace('funder = "AMIF"', 'funder = "FAMI"')
    assert set(loading.load(file(other), who="tester").changes) == {"project first"}, (
        "another field is the file's"
    )
    assert loading.load(file(SMALL), who="tester", over=True).changes == {
        "entity one": {"contact": ["front desk", "desk"]},
        "project first": {"funder": ["FAMI", "AMIF"], "places_total": [5, 3]},
    }
    assert loading.load(file(SMALL), who="tester").changes == {}
