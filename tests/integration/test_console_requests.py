"""Coordinators' pages of requests, on a real database: who waits and why, one decision, what is done by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing import holding, offers, waiting
from helpline.routing.models import Offer, Request
from helpline.routing.records import LookAhead
from helpline.routing.values import Held
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.routing_deeds import told

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def market(**entities):
    with db.transaction() as session:
        for id, fields in entities.items():
            routing_rows.entity(session, id, **fields)


def asked(count=1, **fields):
    """Requests that were planned for."""
    with db.transaction() as session:
        ids = [request.id for request in routing_rows.requests(session, count, **fields)]
    offers.sweep_waiting()
    return ids


def of(request_id):
    with db.transaction() as session:
        return session.get_one(Request, request_id)


def live(request_id):
    with db.transaction() as session:
        found = select(Offer).where(Offer.request_id == request_id).order_by(Offer.id.desc())
        return session.scalars(found).first()


def test_places_kept_for_urgent_ones_are_seen_where_people_wait(cora):
    market(one={"per_week": 4})
    assert "Kept for expected urgent ones" not in words_of(cora.get("/requests"))
    week = clock.in_rome().date() + timedelta(days=6)
    with db.transaction() as session:
        session.add(LookAhead(id=holding.ONLY, percent=25))
        holding.keep(session, (Held("one-0", 1, 4, week),))
    said = words_of(cora.get("/requests"))
    assert "Kept for expected urgent ones" in said
    assert "one-0 keeps 1 of 4 places for expected urgent ones, until" in said
    with db.transaction() as session:
        session.get_one(LookAhead, holding.ONLY).percent = 0
    assert "Kept for expected urgent ones" not in words_of(cora.get("/requests")), (
        "switched off, and nobody waits who would be planned for"
    )


def test_on_which_day_an_organisation_declined_is_said_beside_the_decision_and_the_plan(cora):
    market(one={"projects": 2})
    (waits,) = asked()
    with db.transaction() as session:
        offers.decline(session, live(waits).id, reason="not_our_territory", who="person 9")
    offers.sweep_waiting()
    assert "has declined (today) 2 0" in words_of(cora.get(f"/requests/{waits}"))
    assert "has declined (today): 2" in words_of(cora.get("/requests/plan"))


def test_who_waits_is_grouped_by_what_would_help(cora):
    market(one={"regions": ["lazio"]})
    asked(2, region="sardegna")
    asked(1, region="lazio")
    (full,) = asked(1, region="lazio")
    page = cora.get("/requests")
    said = words_of(page)
    assert "2 people wait for a project that covers Sardegna" in said
    assert "1 person waits for a free place" in said and f'id="row-{full}"' in page.text
    offered = cora.get("/requests?state=offered")
    assert "ONE" in words_of(offered) and f'id="row-{full}"' not in offered.text


def test_of_a_large_group_the_first_are_shown_and_the_list_of_all_is_near(cora, monkeypatch):
    monkeypatch.setattr(waiting, "SHOWN", 2)
    market(one={"regions": ["lazio"]})
    asked(5, region="sardegna")
    page = cora.get("/requests")
    assert "The first 2 of 5 are shown." in words_of(page) and page.text.count('id="row-') == 2
    assert page.text.count('href="/requests?state=waiting"') == 2


def test_a_decision_is_shown_with_a_chain_that_adds_up_and_with_its_proof(cora):
    market(north={"regions": ["lombardia"]}, south={"regions": ["lazio"]}, other={"countries": ["MA"]})
    (placed,) = asked()
    page = words_of(cora.get(f"/requests/{placed}"))
    assert "Offered to south-0: the least used of those that were free" in page
    assert "all 3 takes people of other regions 1 2 takes people for other countries 1 1" in page
    assert "Free and fitting at its turn: south-0" in page
    (waits,) = asked()
    page = words_of(cora.get(f"/requests/{waits}"))
    assert "is full 1 0" in page
    assert "Proof that no rearrangement helps" in page


def test_what_is_done_by_hand_has_a_reason_and_leaves_it(cora):
    market(one={"regions": ["lazio"]}, two={"regions": ["lombardia"]})
    (one,) = asked()
    first = live(one).id
    where = f"/requests/{one}"

    def post(deed, **fields):
        return cora.post(f"{where}/{deed}", fields).status_code

    assert post("withdraw", offer=first, why_withdraw="") == 422
    assert post("extend", offer=first, until="2026-11-24", why_extend="x") == 422
    assert post("extend", offer=first, until="2026-11-29", why_extend="x") == 422, "a Sunday"
    assert post("extend", offer=first, until="2026-12-04", why_extend="ill") == 303
    assert live(one).expires_at.isoformat() == "2026-12-04T17:00:00+00:00"
    assert post("withdraw", offer=first, why_withdraw="moved") == 303
    assert post("call", why_call="") == 422
    assert post("park", day="2026-11-23", why_park="later") == 422
    assert post("park", day="2026-12-01", why_park="in hospital") == 303
    assert "Parked until" in words_of(cora.get(where))
    assert post("unpark") == 303
    assert post("urgent", why_urgent="") == 422
    assert post("urgent", why_urgent="must leave the flat") == 303
    assert post("assign", project="nobody", why_assign="x") == 422
    assert post("assign", project="two-0", why_assign="they speak it") == 303
    assert (of(one).entity_id, of(one).urgent, live(one).project_id) == ("two", True, "two-0")
    page = words_of(cora.get(where))
    for reason in ("ill", "moved", "in hospital", "must leave the flat", "they speak it", "Chosen by hand"):
        assert reason in page
    assert "Cora , when parking" in page and "Offer to ONE : pulled back" in page


def test_what_was_not_known_is_filled_in_with_how_one_knows_and_the_request_is_planned_again(
    cora, monkeypatch
):
    bells = []
    market(one={"regions": ["lazio"]})
    (one,) = asked(region=None, country=None)
    where = f"/requests/{one}"
    assert (of(one).state, "Fill in what was not known" in words_of(cora.get(where))) == (
        "needs_person",
        True,
    )
    for wrong in (
        {},
        {"region": "nowhere", "why_fill_in": "x"},
        {"region": "lazio"},
        {"country": "XX", "why_fill_in": "x"},
    ):
        assert cora.post(f"{where}/fill-in", wrong).status_code == 422
    monkeypatch.setattr(db, "ring", lambda session, *words: bells.append(words))
    assert (
        cora.post(f"{where}/fill-in", {"region": "lazio", "why_fill_in": "told a colleague"}).status_code
        == 303
    )
    monkeypatch.undo()
    assert ("offer_request", one) in bells
    assert offers.offer_request(one) == live(one).id
    page = words_of(cora.get(where))
    assert "told a colleague" in page and "Cora , when filling in the region" in page
    assert cora.post(f"{where}/fill-in", {"region": "veneto", "why_fill_in": "x"}).status_code == 422, (
        "it is known"
    )
    assert cora.post(f"{where}/fill-in", {"country": "MA", "why_fill_in": "told us"}).status_code == 303
    assert (of(one).region, of(one).country) == ("lazio", "MA")
    assert "Fill in what was not known" not in words_of(cora.get(where))
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "filled_in").order_by(AuditLine.id))
        assert [line.details["value"] for line in lines] == ["lazio", "MA"]


def test_a_coordinator_takes_a_request_back_for_who_wants_it_no_more_with_a_reason(cora):
    market(one={})
    (one,) = asked()
    where, offer = f"/requests/{one}", live(one)
    assert "The person wants it no more" in words_of(cora.get(where))
    assert cora.post(f"{where}/take-back", {"why_take_back": " "}).status_code == 422
    assert of(one).state == "offered"
    assert cora.post(f"{where}/take-back", {"why_take_back": "stays with a cousin"}).status_code == 303
    assert (of(one).state, live(one).id, live(one).state) == ("cancelled", offer.id, "withdrawn")
    page = words_of(cora.get(where))
    assert "stays with a cousin" in page and "Cora , when taking it back for the person" in page
    assert "The person wants it no more" not in page
    with db.transaction() as session:
        (line,) = session.scalars(select(AuditLine).where(AuditLine.what == "took_back"))
        assert (line.about, "cousin" in str(line.details)) == (f"request {one}", False)
    assert "offer_withdrawn" in told(offer.id)
    assert cora.post(f"{where}/take-back", {"why_take_back": "again"}).status_code == 409
    assert cora.post("/requests/999999/take-back", {"why_take_back": "x"}).status_code == 404


def test_what_comes_too_late_or_finds_no_place_changes_nothing_and_says_so(cora):
    market(one={})
    (first,) = asked()
    offer = live(first)
    (second,) = asked()
    full = cora.post(f"/requests/{second}/assign", {"project": "one-0", "why_assign": "x"})
    assert full.status_code == 422 and "no free place any more" in words_of(full)
    with db.transaction() as session:
        offers.decline(session, offer.id, reason="not_eligible_here", who="person 9")
    late = cora.post(f"/requests/{first}/withdraw", {"offer": offer.id, "why_withdraw": "x"})
    assert late.status_code == 409 and "Too late, nothing was changed: it is declined by now" in words_of(
        late
    )
    other = cora.post(f"/requests/{second}/withdraw", {"offer": offer.id, "why_withdraw": "x"})
    assert other.status_code == 404  # the form was made for another request's offer


def test_a_plan_is_tried_and_nothing_is_written(cora):
    market(one={"regions": ["lazio"]})
    with db.transaction() as session:
        routing_rows.requests(session, 2)
    page = words_of(cora.get("/requests/plan"))
    assert "1 of 2 who wait would get an offer now" in page and "is full: 1" in page
    with db.transaction() as session:
        assert session.scalars(select(Offer)).all() == []
