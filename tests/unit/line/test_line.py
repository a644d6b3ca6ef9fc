"""The line's settings as a value: which notices are said, which projects run, whom else one may ring."""

from datetime import UTC, date, datetime, timedelta

from helpline.hours import Calendar
from helpline.line import Line, Notice, ProjectDates, limits

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def project(id: str, begins: int, ends: int, phone: str | None = None) -> ProjectDates:
    return ProjectDates(id, id, TODAY + timedelta(days=begins), TODAY + timedelta(days=ends), phone)


def notice(name: str, begins: int, ends: int) -> Notice:
    return Notice(name, NOON + timedelta(hours=begins), NOON + timedelta(hours=ends), {"it": name})


def the_line(*projects: ProjectDates, notices: tuple[Notice, ...] = ()) -> Line:
    return Line(version=1, calendar=Calendar(), notices=notices, projects=projects)


def test_a_project_runs_from_its_first_day_to_its_last() -> None:
    running = the_line(project("a", -9, -1), project("b", -9, 0), project("c", 0, 9), project("d", 1, 9))
    assert [found.id for found in running.running(TODAY)] == ["b", "c"]
    assert running.open_project_exists(TODAY)
    assert not the_line(project("a", -9, -1), project("d", 1, 9)).open_project_exists(TODAY)


def test_the_contact_is_of_a_project_that_runs_or_else_of_the_next_never_of_one_that_is_over() -> None:
    over, silent, now = project("over", -9, -1, "061"), project("silent", -1, 1), project("now", -1, 1, "062")
    next_year, soon = project("a", 300, 400, "063"), project("z", 5, 400, "064")
    assert the_line(over, silent, now, soon).contact_phone(TODAY) == "062"
    assert the_line(over, next_year, soon).contact_phone(TODAY) == "064"
    assert the_line(over).contact_phone(TODAY) is None


def test_a_notice_is_said_from_its_first_moment_until_just_before_its_last() -> None:
    line = the_line(
        notices=(notice("past", -2, 0), notice("now", -1, 1), notice("new", 0, 1), notice("later", 1, 2))
    )
    assert [found.name for found in line.notices_at(NOON)] == ["now", "new"]


def test_a_limit_that_is_not_safe_any_more_says_nothing_wherever_it_comes_from() -> None:
    least, most = limits.BOUNDS["hold_minutes"]
    usual = limits.Limits()
    assert limits.of({"hold_minutes": most}).hold_minutes == most
    for unsafe in (least - 1, most + 1, 0, -5):
        assert limits.of({"hold_minutes": unsafe, "of_another_release": 3}) == usual
