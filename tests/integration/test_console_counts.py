"""An organisation returns the counts of a month in its own room: what is missing, every fault beside its cell, versions, other people's work."""

from datetime import date

import pytest
from babel import Locale

from helpline import db
from helpline.console import offers_counts
from helpline.people.roles import Role
from helpline.places import is_country
from helpline.routing import counts
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.returns_rows import returned

pytestmark = pytest.mark.usefixtures("database")
OCTOBER = "/returns/mine/ente-0/2026-10"
MOROCCO = {"deed": "save", "version": "0", "country-0": "MA"}


@pytest.fixture
def elena(settings, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", starts_on=date(2026, 9, 15))
        routing_rows.entity(session, "other")
    return Visitor(application(settings)).sign_in(
        "elena", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en"
    )


def versions(month=10):
    with db.transaction() as session:
        return counts.versions(session, "ente-0", date(2026, month, 1))


def test_the_months_of_ones_own_projects_are_listed_with_what_is_missing(elena):
    returned("ente-0", "2026-09", ("MA", {"plans": 1}))
    said = words_of(elena.get("/returns/mine"))
    assert (
        "1 month is over and was not returned yet" in said and "October 2026" in said and "version 1" in said
    )
    assert "other-0" not in said and "August" not in said
    assert elena.get("/returns/mine/other-0/2026-10").status_code == 404
    for month in ("2026-13", "2026-1", "october", "2026-10٣"):
        assert elena.get(f"/returns/mine/ente-0/{month}").status_code == 404


def test_counts_are_returned_shown_again_and_put_right(elena):
    given = MOROCCO | {
        "counselled-0": "9",
        "plans-0": " 5 ",
        "returned-0": "3",
        "business-0": "2",
        "country-1": "SN",
        "plans-1": "",
    }
    assert elena.post(OCTOBER, given).status_code == 303
    page = elena.get(OCTOBER)
    assert (
        'name="plans-0"' in page.text
        and 'value="5"' in page.text
        and "Return these counts instead" in page.text
    )
    again = given | {"version": "1", "plans-0": "6", "why": "one came late"}
    assert elena.post(OCTOBER, again).status_code == 303
    assert [(one.version, one.why, one.lines[0].people) for one in versions()] == [
        (2, "one came late", {"business": 2, "counselled": 9, "returned": 3, "plans": 6}),
        (1, None, {"business": 2, "counselled": 9, "returned": 3, "plans": 5}),
    ]  # fmt: skip
    assert "one came late" in words_of(elena.get(OCTOBER)) and elena.who.name in words_of(elena.get(OCTOBER))


def test_every_fault_stands_beside_its_cell_and_nothing_is_kept(elena):
    given = MOROCCO | {
        "counselled-0": "-1", "plans-0": "x", "country-1": "SN", "country-2": "MA", "returned-2": "1", "country-3": "XX",
        "health-3": "1e3", "why": "ring 333 0000 123",
    }  # fmt: skip
    page = elena.post(OCTOBER, given)
    assert page.status_code == 422 and versions() == []
    for field in ("counselled-0", "plans-0", "country-2", "country-3", "health-3", "why"):
        assert f'href="#f-{field}"' in page.text, field
    assert page.text.count('aria-invalid="true"') == 4
    late = elena.post("/returns/mine/ente-0/2026-08", MOROCCO | {"plans-0": "1"})
    assert late.status_code == 422 and "had not begun" in words_of(late)


def test_what_looks_odd_is_asked_once_more_and_then_taken(elena):
    odd = MOROCCO | {"returned-0": "3"}
    asked = elena.post(OCTOBER, odd)
    assert asked.status_code == 422 and "Morocco: People returned 3, but Plans agreed 0" in words_of(asked)
    assert versions() == []
    assert elena.post(OCTOBER, odd | {"sure": "yes"}).status_code == 303 and len(versions()) == 1


def test_nothing_is_said_and_never_meant(elena):
    assert elena.post(OCTOBER, MOROCCO).status_code == 422
    assert elena.post(OCTOBER, MOROCCO | {"nothing": "yes", "plans-0": "1"}).status_code == 422
    assert elena.post(OCTOBER, MOROCCO | {"nothing": "yes"}).status_code == 303
    assert versions()[0].lines == ()


def test_what_somebody_else_returned_meanwhile_is_shown_before_it_is_replaced(elena):
    returned("ente-0", "2026-10", ("MA", {"counselled": 1}), who="token 7")
    mine = MOROCCO | {"counselled-0": "2"}
    late = elena.post(OCTOBER, mine)
    assert late.status_code == 409 and len(versions()) == 1
    assert 'name="version" value="1"' in late.text and 'value="2"' in late.text
    assert elena.post(OCTOBER, mine | {"version": "1"}).status_code == 303 and len(versions()) == 2


def test_a_country_is_added_and_rows_are_pasted_without_returning_anything(elena):
    added = elena.post(OCTOBER, MOROCCO | {"deed": "add", "another": "BD", "plans-0": "4"})
    assert 'value="BD"' in added.text and 'value="4"' in added.text
    assert elena.post(OCTOBER, MOROCCO | {"deed": "add", "another": "MA"}).status_code == 422
    pasted = elena.post(OCTOBER, MOROCCO | {"deed": "paste", "pasted": "Country\tA\nSenegal\t3\t2\nBD\t1"})
    assert (
        pasted.status_code == 200
        and 'name="counselled-1"' in pasted.text
        and "Senegal, Counselled" in pasted.text
    )
    wrong = elena.post(OCTOBER, MOROCCO | {"deed": "paste", "pasted": "Nowhere\t3\nBD\tx"})
    assert wrong.status_code == 422 and wrong.text.count('href="#f-co') == 2
    assert elena.post(OCTOBER, MOROCCO | {"deed": "paste", "pasted": ""}).status_code == 422
    assert versions() == []


def test_many_pasted_rows_are_put_into_the_form_without_going_through_all_of_it_for_each(elena, monkeypatch):
    looks, look = [], offers_counts._places
    monkeypatch.setattr(offers_counts, "_places", lambda form: looks.append(1) or look(form))
    codes = sorted(code for code in Locale("en").territories if is_country(code))[:200]
    pasted = elena.post(OCTOBER, {"deed": "paste", "pasted": "\n".join(f"{code}\t1" for code in codes)})
    assert pasted.status_code == 200 and 'name="counselled-199"' in pasted.text
    assert len(looks) < 20
