"""Figures of a period: what was offered is the sum of its outcomes however it is divided; small groups are hidden; definitions."""

import html
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from helpline import db
from helpline.console.figures_definitions import DEFINITIONS
from helpline.db import states
from helpline.figures import keeping, overview
from helpline.figures.models import CallDay, CallHour, RequestDay
from helpline.figures.wanted import OUTCOMES
from helpline.live.models import HoldState
from helpline.people.roles import Role
from helpline.routing.models import Offer
from tests.integration import queue_rows, routing_deeds, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.test_figures import called, waited

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 24)
USUAL = {
    "day": DAY, "language": "bn", "group": "self", "entity_id": "", "project_id": "", "state": "waiting",
    "outcome": "", "why": "full", "country": "BD",
}  # fmt: skip


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def looked(first=DAY, last=DAY, **chosen):
    with db.transaction() as session:
        return overview.overview(session, first, last, **chosen)


def adds_up(found):
    """Whether what was offered is the sum of the outcomes, however it is divided."""
    parts = ((moment.calls for moment in found.moments), found.languages.values(), found.numbers.values())
    same = all(sum((each.outcomes for each in part), Counter()) == found.calls.outcomes for part in parts)
    return same and set(found.calls.outcomes) <= set(OUTCOMES)


@pytest.mark.parametrize("first", [DAY, date(2026, 11, 1), date(2026, 1, 1)])
def test_what_was_offered_is_the_sum_of_its_outcomes_by_hour_day_month_language_and_number(cora, first):
    called(1, "main")
    called(2, "main", "info_what")
    called(3, "main", language="ar")
    keeping.count_changes()
    found = looked(first)
    assert found.calls.offered == 3 and adds_up(found)
    assert found.unit == ("hour" if first == DAY else "day" if first.month == 11 else "month")
    assert {code: calls.offered for code, calls in found.languages.items()} == {"bn": 2, "ar": 1}
    assert looked(first, language="ar").calls.outcomes == {"gave_up": 1}
    assert looked(first, number="+39000").calls.offered == 0
    assert len(found.moments) == {"hour": 24, "day": 24, "month": 11}[found.unit]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2026-11-24", 24)])
def test_a_day_has_as_many_hours_as_it_has_in_rome(cora, day, hours):
    found = looked(date.fromisoformat(day), date.fromisoformat(day))
    assert len(found.moments) == hours == len({moment.name for moment in found.moments})


def test_the_page_shows_it_with_a_definition_for_every_figure_and_leads_to_the_calls(cora):
    called(1, "main", "info_what")
    keeping.count_changes()
    page = cora.get("/figures")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and '<svg class="chart"' in text and "heard information" in words_of(page)
    asked = set(re.findall(r"/figures/definitions#(\w+)", text))
    assert asked <= DEFINITIONS.keys() and len(asked) > 20
    told = cora.get("/figures/definitions").get_data(as_text=True)
    assert all(f'id="{name}"' in told for name in DEFINITIONS)
    assert "/calls?from=2026-11-24" in text or "/calls?from=" in text
    assert cora.get("/figures?first=2026-11-24&last=2026-11-01").status_code == 422
    assert cora.get("/figures?first=1999-01-01").status_code == 422


def test_of_small_groups_by_region_and_country_nothing_is_told(cora):
    with db.transaction() as session:
        rows = [
            USUAL | {"region": region, "requests": count}
            for region, count in (("lazio", 40), ("molise", 2), ("umbria", 9))
        ]
        session.execute(insert(RequestDay), rows)
    found = looked()
    assert found.requests["region"] == {"lazio": 40, "molise": None, "umbria": None}, (
        "or two could be counted"
    )
    assert found.unplaced["country"] == {"BD": 51}
    assert list(found.requests["region"]) == ["lazio", "molise", "umbria"], (
        "their order would tell their sizes"
    )
    words = words_of(cora.get("/figures?first=2026-11-24&last=2026-11-24"))
    assert "hidden" in words and "Molise, Umbria" in words


def test_where_all_of_a_breakdown_are_few_no_name_stands_on_the_page(cora):
    with db.transaction() as session:
        routing_rows.entity(session, "ente")
        row = USUAL | {"region": "sardegna", "country": "PE", "entity_id": "ente", "requests": 1}
        session.execute(insert(RequestDay), [row])
    words = words_of(cora.get("/figures?first=2026-11-24&last=2026-11-24"))
    assert words.count("too few people, all together") == 5
    assert not [name for name in ("Sardegna", "Peru", "ENTE") if name in words]


def test_hours_and_months_are_called_as_people_call_them_and_an_hour_that_comes_twice_says_which(cora, at):
    page = words_of(cora.get("/figures?first=2026-10-25&last=2026-10-25&by=hour"))
    assert "Sun 25 Oct 2026, 1–2 0" in page and "Sun 25 Oct 2026, 3–4 0" in page
    assert "Sun 25 Oct 2026, 2–3 (+02:00) 0" in page and "Sun 25 Oct 2026, 2–3 (+01:00) 0" in page
    page = cora.get("/figures?first=2026-10-01&last=2026-11-24&by=month")
    assert ">October 2026</a>" in page.text and ">October 2026</text>" in page.text
    page = cora.get("/figures?first=2026-11-23&last=2026-11-24&by=hour")
    assert ">23/11 00</text>" in page.text and "T00:00" not in page.text


def test_it_is_told_by_the_unit_that_is_chosen_unless_that_is_too_fine(cora):
    called(1, "main")
    keeping.count_changes()
    for unit, first, moments in (("hour", 11, 14 * 24), ("day", 1, 24), ("month", 1, 1)):
        found = looked(date(2026, 11, first), unit=unit)
        assert (len(found.moments), found.calls.offered) == (moments, 1) and adds_up(found)
    assert cora.get("/figures?first=2026-11-11&last=2026-11-24&by=hour").status_code == 200
    assert cora.get("/figures?first=2026-11-10&last=2026-11-24&by=hour").status_code == 422
    assert cora.get("/figures?by=minute").status_code == 422


def test_whoever_took_a_request_back_before_anybody_was_asked_is_told_as_without_a_place(cora):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", countries=["MA"])
        one, two = routing_rows.requests(session, 2, country="BD")
        (three,) = routing_rows.requests(session, country="MA")
        states.move(session, three, "offered", who="test", why="test")
        session.add(
            Offer(request_id=three.id, project_id="ente-0", entity_id="ente", why={}, state="withdrawn")
        )
        session.flush()
        for request in (one, two, three):
            states.move(session, request, "cancelled", who="caller", why="wants it no more")
    keeping.count_changes()
    found = looked()
    assert found.unplaced["why"] == {"never_offered": 2} and found.requests["state"] == {"cancelled": 3}
    assert "taken back before any organisation was asked" in words_of(cora.get("/figures"))


def test_each_number_of_ours_has_its_line_and_every_heading_of_a_figure_its_definition(cora):
    called(1, "main")
    called(2, "main", language="ar")
    keeping.count_changes()
    page = cora.get("/figures?first=2026-11-24&last=2026-11-24").text
    assert "By number dialled" in page and "العربية" in page and page.count('<svg class="chart"') == 2
    headings = [
        one for one in re.findall(r"<th scope=\"col\" class=\"num\">.*?</th>", page) if "How many" not in one
    ]
    assert len(headings) > 30 and all("/figures/definitions#" in one for one in headings)
    assert all(
        "/figures/definitions#" in one
        for one in re.findall(r"<h3>.*?</h3>", page)
        if "By language" not in one and "By number" not in one
    )


def test_callbacks_and_requests_stand_in_it_by_where_they_are_now(cora):
    routing_deeds.market(ente=1)
    routing_deeds.offered(2)
    queue_rows.asked("ar")
    keeping.count_changes()
    found = looked()
    assert found.callbacks["state"] == {"waiting": 1} and found.requests["state"] == {
        "offered": 1,
        "waiting": 1,
    }
    assert found.requests["entity_id"] == {"*": None}, "of one person no organisation is named"
    assert looked(language="ar").requests["state"] == {}
    assert cora.get("/figures?language=ar").status_code == 200


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_median_and_nine_in_ten_are_values_that_were_seen_with_as_many_below(values):
    told = overview.told(sorted(Counter(values).items()))
    assert told.count == len(values)
    if not values:
        assert (told.median, told.ninth) == (None, None)
        return
    for value, part in ((told.median, 0.5), (told.ninth, 0.9)):
        assert value in values
        assert sum(one <= value for one in values) >= part * len(values)
        assert sum(one < value for one in values) < part * len(values)


def test_hours_and_days_count_the_same_calls(cora):
    called(1, "main")
    called(2, "main", language="ar")
    keeping.count_changes()
    with db.transaction() as session:
        hours, days = (
            Counter({row.language: row.calls for row in session.scalars(select(table))})
            for table in (CallHour, CallDay)
        )
    assert hours == days == {"bn": 1, "ar": 1}


def test_a_figure_of_those_who_wanted_a_person_leads_to_as_many_calls_as_it_says(cora):
    called(1, "main")
    waited(called(2, "main", "nobody_free"), 30, HoldState.NOBODY)
    waited(called(3, "main", "nobody_free", language="ar"), 30, HoldState.NOBODY, language="ar")
    waited(called(4, "main"), 30, HoldState.LEFT)
    keeping.count_changes()
    page = cora.get("/figures?first=2026-11-24&last=2026-11-24").text
    links = re.findall(r'<a href="(/calls\?[^"]*person=(\w+)[^"]*)">(\d+)</a>', page)
    assert {"nobody", "asked", "left"} == {person for _, person, _ in links} and len(links) >= 8
    for address, _, count in links:
        calls = cora.get(html.unescape(address))
        assert len(re.findall(r'href="/calls/\d+"', calls.text)) == int(count), address
