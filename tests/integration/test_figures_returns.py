"""What organisations returned, told by period, project, kind and country: it adds up, small groups cannot be found, what is missing is named."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, text

from helpline import db
from helpline.figures import keeping, returns
from helpline.figures.models import CaseDay
from helpline.figures.returns import FIGURES, Unit
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing import closing
from tests.integration import queue_rows, routing_rows
from tests.integration.api_visits import offers
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.returns_rows import returned

pytestmark = pytest.mark.usefixtures("database")
FIRST, LAST = date(2026, 7, 1), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _projects(database, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", projects=2, starts_on=date(2026, 8, 20))
        routing_rows.entity(session, "other", starts_on=date(2019, 1, 1), ends_on=date(2026, 6, 30))
        routing_rows.entity(session, "third", starts_on=date(2026, 10, 5))


def report(**words):
    with db.transaction() as session:
        return returns.report(session, FIRST, LAST, **words)


def some():
    returned(
        "ente-0", "2026-09", ("MA", {"counselled": 20, "plans": 12, "returned": 9}), ("SN", {"counselled": 6})
    )
    returned(
        "ente-0",
        "2026-10",
        ("MA", {"returned": 3, "business": 8, "housing": 6, "health": 1}),
        ("SN", {"plans": 7}),
    )
    returned(
        "ente-1", "2026-10", ("MA", {"counselled": 8}), ("BD", {"counselled": 6, "business": 2, "other": 5})
    )
    returned("third-0", "2026-10", ("", {"counselled": 5}))


def test_whatever_it_is_divided_by_it_adds_up_to_the_same():
    some()
    for unit in Unit:
        found = report(unit=unit)
        assert found.people == {
            "counselled": 45,
            "plans": 19,
            "returned": 12,
            "reintegrated": 22,
            "business": 10,
            "housing": 6,
            "health": 1,
            "other": 5,
        }
        for figure in FIGURES:
            assert sum(one.people[figure] for one in found.periods) == found.people[figure]
            assert sum(line.people[figure] for line in found.projects) == found.people[figure]
    assert [one.name for one in report(unit=Unit.MONTH).periods] == [
        "2026-07",
        "2026-08",
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    assert [one.name for one in report(unit=Unit.QUARTER).periods] == ["2026-Q3", "2026-Q4"]
    assert report(unit=Unit.YEAR).first == date(2026, 1, 1)
    assert report(entity_id="third").people == {"counselled": 5}
    assert report(project_id="ente-1").people["counselled"] == 14


def test_only_the_newest_version_of_a_month_counts():
    some()
    returned("ente-1", "2026-10", ("MA", {"counselled": 2}))
    found = report()
    assert (found.people["counselled"], found.people["other"]) == (33, 0)


def test_months_that_are_over_and_were_not_returned_are_named_also_where_nothing_was_returned():
    some()
    found = {line.id: (line.due, line.missing) for line in report().projects}
    august, september = date(2026, 8, 1), date(2026, 9, 1)
    assert found == {"ente-0": (3, (august,)), "ente-1": (3, (august, september)), "third-0": (1, ())}
    returned("ente-0", "2026-08", empty=True)
    assert {line.id for line in report().missing} == {"ente-1"}


def test_small_groups_are_hidden_and_cannot_be_found_by_adding_and_taking_away():
    some()
    found = report()
    lines = {line.country: line.people for line in found.countries}
    assert lines["MA"]["health"] is None and found.kinds["health"] is None
    # Told of the one kind and of all kinds together, the hidden one would be what is left.
    assert sum(people is None for people in lines["MA"].values()) > 1
    assert lines["MA"]["counselled"] == 28 and lines["SN"]["counselled"] == 6
    assert {*lines} == {"MA", "BD", "SN", ""}
    # One of fewer than five is in the line of all others, and is hidden there, with something beside it.
    returned("ente-1", "2026-09", ("TN", {"counselled": 3}))
    others = {line.country: line.people for line in report().countries}
    assert others["*"]["counselled"] is None
    assert sum(people["counselled"] is None for people in others.values()) > 1


def test_countries_stand_by_name_since_their_order_would_tell_what_is_hidden(cora):
    some()
    returned("ente-1", "2026-09", ("SN", {"plans": 60}), ("", {"counselled": 9}))
    assert [line.country for line in report().countries] == ["BD", "MA", "SN", ""]
    page = cora.get("/returns?first=2026-07-01&last=2026-11-24").text
    table = page[page.index('aria-label="By country of return, as a table"') :]
    places = [table.index(f'<th scope="row">{name}') for name in ("Bangladesh", "Morocco", "Senegal")]
    file = cora.post("/returns/export", {"first": "2026-07-01", "last": "2026-11-24"}).text
    lines = [line.split(",")[0] for line in file[file.index("Country of return") :].splitlines()[1:-1]]
    assert places == sorted(places) and lines == sorted(lines) and "Senegal" in lines


def test_what_leaves_the_console_tells_no_small_number():
    some()
    with db.transaction() as session:
        found = returns.report(session, FIRST, LAST, leaves=True)
    told = found.exported()
    assert all(count is None or count == 0 or count >= 5 for count in told.values())
    assert told["returned", "ente-0", "2026-10"] is None and told["returned", "ente-0", ""] == 12
    assert told["returned", "ente-0", "2026-09"] is None  # or it would be twelve less nine


def test_cases_of_the_line_are_counted_by_the_day_of_their_first_report(at):
    with db.transaction() as session:
        ids = offers(session, "ente-0", 3)
        session.execute(text("UPDATE offers SET state = 'accepted', accepted_at = now()"))
        session.execute(text("UPDATE requests SET state = 'accepted'"))
        closing.report(session, ids[0], "counselling_begun", who="test")
        closing.report(session, ids[1], "plan_made", who="test")
        closing.report(session, ids[1], "contacted", who="test")
        closing.report(session, ids[1], "plan_made", who="test")
        closing.report(session, ids[2], "returned", who="test")
    keeping.count_changes()
    with db.transaction() as session:
        counted = {(one.what, one.country): one.cases for one in session.scalars(select(CaseDay))}
        by_hand = Counter({("counselled", "BD"): 3, ("plans", "BD"): 1, ("returned", "BD"): 1})
        assert counted == by_hand
        assert returns.known_cases(session, "ente-0", LAST) == {
            "BD": {"counselled": 3, "plans": 1, "returned": 1}
        }
    # Beside what was returned they stand in months that were returned alone.
    assert report().cases == {}
    returned("ente-0", "2026-11", ("BD", {"counselled": 2}))
    line = next(line for line in report().projects if line.id == "ente-0")
    assert line.cases["counselled"] == 3 and line.short == ("counselled", "plans", "returned")


@pytest.fixture
def cora(settings):
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def test_the_page_charts_it_and_names_what_is_missing(cora):
    some()
    page = cora.get("/returns?first=2026-07-01&last=2026-11-24&by=quarter&figure=counselled")
    assert page.status_code == 200 and page.text.count('<svg class="chart"') == 4
    said = words_of(page)
    assert (
        "Morocco" in said and "hidden" in said and "1 of 3" in said and "August 2026, September 2026" in said
    )
    assert "ente-0" in said and "other-0" not in said
    for wrong in (
        "first=2026-11-24&last=2026-01-01",
        "by=week",
        "entity=nobody",
        "figure=name",
        "first=2001-01-01",
    ):
        assert cora.get(f"/returns?{wrong}").status_code == 422, wrong
    assert cora.get("/returns?project=none").status_code == 200


def test_the_file_is_written_down_and_holds_nobody(cora):
    some()
    file = cora.post("/returns/export", {"first": "2026-07-01", "last": "2026-11-24", "by": "month"})
    assert file.mimetype == "text/csv" and "Morocco" in file.text and "hidden" in file.text
    numbers = {cell for line in file.text.splitlines() for cell in line.split(",") if cell.isdigit()}
    assert not numbers & {"1", "2", "3", "4"}
    with db.transaction() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.what == "exported")).one()
        assert line.about == "returns" and line.details["first"] == "2026-07-01"


def test_a_project_or_an_organisation_whose_short_name_looks_like_a_telephone_number_is_saved_as_a_file_too(
    cora,
):
    with db.transaction() as session:
        routing_rows.entity(session, "fondo-2024-202612", starts_on=date(2026, 7, 1))
    chosen = {"first": "2026-07-01", "last": "2026-11-24", "project": "fondo-2024-202612-0", "entity": "fondo-2024-202612"}  # fmt: skip
    file = cora.post("/returns/export", chosen)
    assert file.status_code == 200 and "fondo-2024-202612" in file.text
    with db.transaction() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.what == "exported")).one()
        assert line.details["project_id"] == line.details["entity_id"] == "(looks like a number)"
        assert line.details["first"] == "2026-07-01"
