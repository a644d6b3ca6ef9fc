"""An organisation's pages, on a real database: what a member sees of an offer, answers, reports, and says of its places."""

import pytest
from sqlalchemy import select

from helpline import db
from helpline.people import accounts
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing import offers, projects, waiting
from helpline.routing.models import Offer, OfferState
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.intake_rows import save_request

pytestmark = pytest.mark.usefixtures("database")
DIGITS = "3330000001"
SURE = {"sure": "yes"}


@pytest.fixture
def app(settings, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=3)
    return application(settings)


@pytest.fixture
def member(app):
    return sign_in(app, "miriam", "ente")


def sign_in(app, login, entity_id):
    return Visitor(app).sign_in(login, roles=(Role.ENTITY_MEMBER,), entity_id=entity_id, locale="en")


def offered():
    """Somebody asked for help to return by telephone, and was offered; the offer's id."""
    save_request("CA1")
    offers.sweep_waiting()
    with db.transaction() as session:
        return session.scalars(select(Offer.id)).one()


def of(offer_id):
    with db.transaction() as session:
        return session.get_one(Offer, offer_id)


def audit():
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).order_by(AuditLine.id))
        return [
            (line.what, line.about) for line in lines if line.what in ("revealed", "declined", "reported")
        ]


def test_before_it_is_accepted_an_offer_leads_to_nobody_and_others_never_see_it(app, member):
    one = offered()
    page = member.get(f"/offers/{one}")
    assert page.status_code == 200 and f"/offers/{one}" in member.get("/offers").text
    said = words_of(page)
    assert all(word in said for word in ("Lombardia", "Bangladesh", "morning", "answer by", "one person"))
    assert DIGITS not in page.text and "Show code and number" not in said
    with db.transaction() as session:
        routing_rows.entity(session, "other")
    other = sign_in(app, "otto", "other")
    assert f"/offers/{one}" not in other.get("/offers").text
    for answer in (
        other.get(f"/offers/{one}"),
        other.post(f"/offers/{one}/accept", SURE),
        other.post(f"/offers/{one}/decline", {"reason": "no_place_now"}),
        other.post(f"/offers/{one}/number"),
        other.post(f"/offers/{one}/outcome", {"outcome": "contacted"}),
        other.get("/places/ente-0"),
        other.post("/places/ente-0/limits", {"places_total": "0"}),
    ):
        assert answer.status_code == 404
    assert of(one).state == OfferState.PENDING


def test_accepted_shows_how_to_call_and_the_number_each_time_with_a_line_of_the_audit(member):
    one = offered()
    assert member.post(f"/offers/{one}/number").status_code == 409
    assert audit() == []
    asked = member.post(f"/offers/{one}/accept")
    assert "Do you take this person?" in words_of(asked) and of(one).state == OfferState.PENDING
    assert member.post(f"/offers/{one}/accept", SURE).location == f"/offers/{one}"
    assert member.post(f"/offers/{one}/accept", SURE).status_code == 303  # again: the same
    page = member.get(f"/offers/{one}")
    assert DIGITS not in page.text
    said = words_of(page)
    assert all(
        word in said for word in ("Say nothing to others", "Leave no message", "only at this time", "code")
    )
    for times in (1, 2):
        shown = member.post(f"/offers/{one}/number")
        assert "+39" + DIGITS in shown.text and "Their code ends with" in words_of(shown)
        assert audit() == [("revealed", f"offer {one}")] * times


def test_the_person_is_rung_through_the_line_when_they_may_be_and_ones_telephone_is_known(app, member, at):
    one = offered()
    member.post(f"/offers/{one}/call")
    assert "not yours to call" in words_of(member.get(f"/offers/{one}"))  # not accepted yet
    member.post(f"/offers/{one}/accept", SURE)
    member.post(f"/offers/{one}/call")
    assert "no telephone number" in words_of(member.get(f"/offers/{one}"))
    with db.transaction() as session:
        accounts.change(session, member.who.id, by="test", phone="+393330000567")
    member.post(f"/offers/{one}/call")
    page = member.get(f"/offers/{one}")
    assert "Answer your telephone and press 1" in words_of(page) and DIGITS not in page.text
    assert "about to ring" in words_of(member.get(f"/offers/{one}/call"))
    member.post(f"/offers/{one}/stop")
    assert "Call through the line" in words_of(member.get(f"/offers/{one}/call"))
    at("2026-11-24 14:00")  # asked for the morning; by now one has to sign in again
    later = sign_in(app, "mara", "ente")
    with db.transaction() as session:
        accounts.change(session, later.who.id, by="test", phone="+393330000568")
    later.post(f"/offers/{one}/call")
    page = words_of(later.get(f"/offers/{one}"))
    assert (
        page.count("The line may ring them again: tomorrow 09:00") == 2
    )  # said on the panel, and as the answer
    assert "Call through the line" not in page


def test_a_no_has_a_reason_and_where_it_must_a_note(member):
    one = offered()
    assert member.post(f"/offers/{one}/decline", {"reason": ""}).status_code == 422
    page = member.post(f"/offers/{one}/decline", {"reason": "other", "note": " "})
    assert page.status_code == 422 and "Fill this in" in words_of(page)
    member.post(f"/offers/{one}/decline", {"reason": "other", "note": "we know the family"})
    assert (of(one).state, of(one).declined_for) == ("declined", "other")
    assert audit() == [("declined", f"offer {one}")]
    assert "we know the family" not in member.get(f"/offers/{one}").text
    with db.transaction() as session:
        assert [note.text for note in waiting.one(session, of(one).request_id).notes] == [
            "we know the family"
        ]


def test_nobody_fails_to_reach_a_person_whose_number_they_never_had(member):
    one = offered()
    assert "cannot reach the person" not in words_of(member.get(f"/offers/{one}"))
    page = member.post(f"/offers/{one}/decline", {"reason": "cannot_reach"})
    assert page.status_code == 422 and "you had no number to call" in words_of(page)
    assert of(one).state == OfferState.PENDING and audit() == []
    member.post(f"/offers/{one}/accept", SURE)
    assert "cannot reach the person" in words_of(member.get(f"/offers/{one}"))
    member.post(f"/offers/{one}/decline", {"reason": "cannot_reach"})
    assert (of(one).state, of(one).declined_for) == ("declined", "cannot_reach")


def test_a_yes_that_comes_too_late_is_a_conflict_that_says_what_happened(app, member):
    one = offered()
    assert "HX-Refresh" not in member.get(f"/offers/{one}/standing?was=pending").headers
    queue_rows.later(days=7)
    member = sign_in(app, "mara", "ente")
    assert member.get(f"/offers/{one}/standing?was=pending").headers["HX-Refresh"] == "true"
    for sweep in (False, True):
        if sweep:
            offers.expire_due()
        late = member.post(f"/offers/{one}/accept", SURE)
        assert late.status_code == 409
        assert "Your yes came too late" in words_of(late) and "The time to answer ended" in words_of(late)
        assert "We accept" not in words_of(late)
    assert of(one).state == OfferState.EXPIRED


def test_what_was_pulled_back_is_a_conflict_too_and_its_number_is_gone(member):
    one = offered()
    member.post(f"/offers/{one}/accept", SURE)
    with db.transaction() as session:
        offers.withdraw(session, one, who="person 1", why="moves to another town")
    for answer in (
        member.post(f"/offers/{one}/number"),
        member.post(f"/offers/{one}/outcome", {"outcome": "contacted"}),
        member.post(f"/offers/{one}/accept", SURE),
    ):
        assert answer.status_code == 409 and "was pulled back" in words_of(answer)
        assert DIGITS not in answer.text and "moves to another town" not in answer.text


def test_the_case_goes_on_step_by_step_to_its_end(member):
    one = offered()
    member.post(f"/offers/{one}/accept", SURE)
    assert member.post(f"/offers/{one}/outcome", {"outcome": "flown"}).status_code == 422
    for end in ("returned", "withdrew", "not_eligible", "unreachable"):
        refused = member.post(f"/offers/{one}/outcome", {"outcome": end})
        assert refused.status_code == 422 and "This ends the case for good." in words_of(refused)
    for step, sure in (("contacted", ""), ("counselling_begun", ""), ("returned", "yes")):
        assert member.post(f"/offers/{one}/outcome", {"outcome": step, "sure": sure}).status_code == 303
        under_way = words_of(member.get("/offers")).split("Under way")[1]
        assert ("No case is open" in under_way) == (step == "returned")
    page = words_of(member.get(f"/offers/{one}"))
    assert "The case is closed: Returned" in page and "Counselling begun" in page and "Miriam" in page
    assert member.post(f"/offers/{one}/outcome", {"outcome": "contacted"}).status_code == 409
    assert [what for what, _ in audit()] == ["reported"] * 3


def test_an_organisation_says_that_it_is_full_pauses_and_sets_its_limits_with_a_history(member):
    member.post("/places/full", {"full": "yes"})
    assert "no new offers come" in words_of(member.get("/offers"))
    member.post("/places/full", {"full": "no"})
    assert member.post("/places/pause", {"pause": " "}).status_code == 422
    member.post("/places/pause", {"pause": "we move"})
    assert "we move" in words_of(member.get("/places"))
    member.post("/places/resume")
    wrong = member.post("/places/ente-0/limits", {"places_total": "-1", "open_cases": "many"})
    assert wrong.status_code == 422 and 'value="many"' in wrong.text
    given = {"places_total": "", "open_cases": "4", "per_week": "2", "why": "a new colleague"}
    assert member.post("/places/ente-0/limits", given).status_code == 303
    with db.transaction() as session:
        (row,) = projects.listed(session, entity_id="ente")
    assert (row.places_total, row.open_cases, row.per_week) == (None, 4, 2)
    page = words_of(member.get("/places/ente-0"))
    assert "Open cases at a time: — → 4" in page and "a new colleague" in page and "Miriam" in page
    member.post("/places/ente-0/pause", {"pause": "holidays"})
    assert "holidays" in words_of(member.get("/places/ente-0"))
    member.post("/places/ente-0/resume")
    with db.transaction() as session:
        assert projects.listed(session, entity_id="ente")[0].state == "open"


def test_limits_that_somebody_else_changed_meanwhile_are_not_undone(member):
    seen = member.get("/places/ente-0").text.split('name="version" value="')[1].split('"')[0]
    with db.transaction() as session:
        projects.change(session, "ente-0", who="person 9", why="agreed by telephone", open_cases=1)
    stale = {"version": seen, "places_total": "3", "open_cases": "", "per_week": "4"}
    page = member.post("/places/ente-0/limits", stale)
    assert page.status_code == 409 and "Somebody changed it meanwhile" in words_of(page)
    assert 'name="open_cases" type="text" autocomplete="off" value="1"' in page.text, (
        "saving again undoes nothing"
    )
    with db.transaction() as session:
        (row,) = projects.listed(session, entity_id="ente")
    assert (row.open_cases, row.per_week) == (1, None)


def test_a_day_in_a_sentence_is_a_day_and_not_today(member):
    member.post("/places/full", {"full": "yes"})
    assert "You said so on Tuesday 24 November 2026" in words_of(member.get("/places"))
