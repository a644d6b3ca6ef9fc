"""The coordinators' list of requests: looked for in the address, sorted, a page at a time; and one deed for several."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpline import clock, db
from helpline.console.requests_list import PAGE
from helpline.people.roles import Role
from helpline.routing import finding, offers
from helpline.routing.finding import Asked
from helpline.routing.models import Offer, Request
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import HTTPS, Visitor, application, words_of
from tests.integration.routing_deeds import WHO, act, market, request

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def wait(count=1, *, days=0, urgent=False, planned=False, **fields):
    """Requests that wait, the last ones since so many days."""
    with db.transaction() as session:
        ids = [one.id for one in routing_rows.requests(session, count, **fields)]
        since = clock.now() - timedelta(days=days)
        session.execute(update(Request).where(Request.id.in_(ids)).values(urgent=urgent, waiting_since=since))
    if planned:
        offers.sweep_waiting()
    return ids


def found(**words):
    return act(finding.page, Asked(**words))


def test_requests_are_found_by_everything_that_is_known_of_them():
    (bangla,) = wait(language="bn", region="lazio", country="BD", days=40)
    (arabic,) = wait(language="ar", region=None, country="MA", group="family", urgent=True)
    assert found(language="bn") == found(region="lazio") == found(country="BD") == [bangla]
    assert found(days=30) == found(group="self") == [bangla]
    assert found(region="-") == found(urgent=True) == found(group="family") == [arabic]
    assert found() == [arabic, bangla] and found(sort="oldest") == [bangla, arabic]
    assert found(sort="newest") == [arabic, bangla] and found(language="bn", urgent=True) == []
    assert found(why="new") == [arabic, bangla]
    assert act(finding.codes) == {"new": 2} and act(finding.countries) == ["BD", "MA"]


def test_the_reason_and_the_organisation_that_was_asked_are_found_too():
    market(one=1)
    ids = wait(2, planned=True)
    offered, waits = sorted(ids, key=lambda id: request(id).state != "offered")
    assert found(why="wait") == [waits] and found(why="nobody_fits") == []
    assert found(state="offered", entity="one") == [offered] and found(state="offered", entity="two") == []
    offer = act(lambda session: session.scalar(select(Offer.id).where(Offer.request_id == offered)))
    act(offers.withdraw, offer, who=WHO, why="a mistake")
    assert found(entity="one") == [offered]


@pytest.mark.parametrize("sort", finding.SORTS)
def test_pages_follow_each_other_without_gap_and_without_doubling(sort):
    for days, urgent in ((0, False), (3, True), (3, False), (9, False)):
        wait(3, days=days, urgent=urgent)
    whole, seen, after = found(sort=sort), [], None
    while page := act(finding.page, Asked(sort=sort), after=after, limit=5):
        seen += page
        after = page[-1]
    assert seen == whole and len(set(whole)) == 12
    assert act(finding.page, Asked(sort=sort), after=99_999) == []


def test_what_is_looked_for_stands_in_the_address_and_goes_on_to_the_next_page(cora):
    wait(PAGE + 1, region="lazio")
    (elsewhere,) = wait(region="sicilia")
    page = cora.get("/requests?state=waiting&region=lazio&sort=oldest")
    said = words_of(page)
    assert f"{PAGE + 1} found" in said and f'id="row-{elsewhere}"' not in page.text
    assert '<option value="lazio" selected>' in page.text and '<option value="oldest" selected>' in page.text
    onward = page.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "region=lazio" in onward and "sort=oldest" in onward
    assert cora.get(onward).text.count('id="row-') == 1
    assert cora.get("/requests?state=waiting&region=atlantis").status_code == 404
    assert cora.get("/requests?state=waiting&after=x").status_code == 200


def test_a_request_is_found_by_its_number(cora):
    (id,) = wait()
    assert cora.get(f"/requests/find?number=%23{id}").location == f"/requests/{id}"
    back = cora.get("/requests/find?number=99999")
    assert back.location == "/requests"
    assert "There is no request of this number" in words_of(cora.client.get(back.location, base_url=HTTPS))


def together(cora, ids, **fields):
    given = {"state": "waiting", "which": "chosen", "id": ids, "why_together": "moving house"} | fields
    return cora.post("/requests/together", given)


def test_parking_several_says_first_what_would_become_of_each_and_then_what_did(cora):
    fine, gone = wait(2)
    market(one=1)
    (offered,) = wait(planned=True, urgent=True, days=9)
    assert request(offered).state == "offered"
    ids = [fine, gone, offered]
    day = {"deed": "park", "day": "2026-12-24"}
    first = words_of(together(cora, ids, **day))
    assert "Nothing is done yet" in first and "park until" in first and "Do it for these 2" in first
    assert f"Request {offered} : it is offered by now" in first
    assert request(fine).parked_until is None
    with db.transaction() as session:
        session.get_one(Request, gone).state = "cancelled"
    said = words_of(together(cora, ids, sure="yes", **day))
    assert "1 request: done" in said and "2 requests were left as they are" in said
    assert f"Request {gone} : it is taken back by the person by now" in said
    assert request(fine).parked_until is not None and request(offered).parked_until is None
    assert "moving house" in words_of(cora.get(f"/requests/{fine}"))


def test_several_are_offered_by_hand_as_long_as_there_are_places_and_the_rest_is_named(cora):
    ids = wait(3, region="sicilia")
    (urgent,) = wait(urgent=True, region="sicilia")
    market(one=2)
    fields = {"deed": "assign", "project": "one-0"}
    said = words_of(together(cora, [*ids, urgent], **fields))
    assert "Do it for these 2" in said and said.count("the project has no further place") == 2
    said = words_of(together(cora, [*ids, urgent], sure="yes", **fields))
    assert "2 requests: done" in said and "2 requests were left as they are" in said
    assert request(urgent).state == request(ids[0]).state == "offered", (
        "those come first who are planned first"
    )
    assert request(ids[1]).state == request(ids[2]).state == "waiting"


def test_all_that_was_found_can_be_meant_and_every_fault_is_said_at_once(cora):
    wait(2, region="sicilia")
    (other,) = wait(region="lazio")
    meant = {"which": "found", "region": "sicilia", "deed": "park", "day": "2026-12-24"}
    assert "Do it for these 2" in words_of(together(cora, [], **meant))
    answer = together(cora, [], deed="park", day="2026-01-01", why_together="")
    said = words_of(answer)
    assert answer.status_code == 422 and "3 things are not right yet" in said
    assert "Choose one request at least." in said and "Choose a day after today" in said
    assert together(cora, [other], deed="assign", project="nowhere").status_code == 422
    assert together(cora, [other], deed="close").status_code == 422
    assert request(other).parked_until is None
