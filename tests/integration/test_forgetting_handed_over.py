"""What an organisation was given is forgotten ninety days after its yes; what ended long ago loses its last words."""

from datetime import date

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Plan
from helpline.intake import asks, endings, offer_calls
from helpline.intake.models import Agreement, Ask
from helpline.line.models import LineVersion
from helpline.people.roles import Role
from helpline.privacy import retention
from helpline.routing import focal_points, information, ledger, offers
from helpline.routing.models import Offer, Request
from helpline.routing.network_models import FocalPoint, InformationSession
from tests.integration import queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.intake_rows import NUMBER, agree, save, save_request, state_of

pytestmark = pytest.mark.usefixtures("database")
DIGITS = NUMBER.removeprefix("+39")


@pytest.fixture(autouse=True)
def tuesday(at):
    at(queue_rows.TUESDAY)


def accepted():
    """Somebody asked, an organisation was offered it and said yes; the offer's id."""
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=3)
    save_request("CA1")
    offers.sweep_waiting()
    with db.transaction() as session:
        id = session.scalars(select(Offer.id)).one()
        offers.accept(session, id, who="person 1", entity_id="ente")
        return id


def days_on(days):
    """Days later, with what the clock does every hour."""
    queue_rows.later(days=days)
    endings.close_handed_over_asks()
    retention.purge_all()


def one(wanted):
    with db.transaction() as session:
        return session.scalars(wanted).one()


def seen(offer_id):
    with db.transaction() as session:
        return offers.seen_by_entity(session, offer_id, "ente")


def kept():
    return one(select(Plan.number)), one(select(Ask.code)) is not None, one(select(Ask.window))


def test_number_code_and_time_of_day_are_forgotten_ninety_days_after_the_yes_for_the_entity_and_for_us():
    offer_id = accepted()
    days_on(89.9)
    assert kept() == (NUMBER, True, "morning")
    assert (seen(offer_id)["number"], seen(offer_id)["window"]) == (NUMBER, "morning")
    days_on(0.2)
    assert kept() == (None, False, "any")
    assert (seen(offer_id)["number"], seen(offer_id)["code_ends_with"]) == (None, None)
    assert one(select(Offer.state)) == "accepted", "the case goes on"
    with db.transaction() as session:
        assert offers.report(session, offer_id, "returned", who="person 1", entity_id="ente").ended_at


def test_who_asked_for_something_else_on_the_same_telephone_keeps_that_and_the_entity_sees_nothing():
    offer_id = accepted()
    other = save("CA2")
    days_on(90.1)
    assert one(select(Plan.number)) == NUMBER
    assert state_of(other) == "waiting"
    assert seen(offer_id)["number"] is None
    with db.transaction() as session:
        who = queue_rows.person("Miriam", roles=(Role.ENTITY_MEMBER,))
        with pytest.raises(offers.Late):
            offer_calls.call(session, offer_id, type(who)(**(vars(who) | {"entity_id": "ente"})))
        codes = dict(session.execute(select(Ask.call_sid, Ask.code)).all())
        assert codes == {"CA1": None, "CA2": other.code}
        asks.cancel(session, asks.by_id(session, other.ask_id))
    days_on(29)
    assert one(select(Plan.number)) == NUMBER, "thirty days after the other was closed"
    days_on(2)
    assert one(select(Plan.number)) is None


def test_a_case_given_back_after_that_goes_to_nobody_else_and_before_it_does():
    offer_id = accepted()
    days_on(90.1)
    with db.transaction() as session:
        routing_rows.entity(session, "other", places=3)
        offers.decline(session, offer_id, reason="no_place_now", who="person 1", entity_id="ente")
    offers.sweep_waiting()
    assert one(select(Request.state)) == "cancelled"


def test_the_same_case_pulled_back_by_a_coordinator_is_cancelled_too():
    offer_id = accepted()
    days_on(90.1)
    with db.transaction() as session:
        offers.withdraw(session, offer_id, who="person 1", why="they do nothing")
    assert one(select(Request.state)) == "cancelled"


def test_the_entity_is_told_beforehand_on_its_page_when_the_number_will_be_forgotten(settings):
    offer_id = accepted()
    member = Visitor(application(settings))

    def words(login):
        member.sign_in(login, roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en")
        return member.get(f"/offers/{offer_id}")

    assert "forgotten on Monday 22 February 2027" in words_of(words("miriam"))
    assert "notice warn" not in member.get(f"/offers/{offer_id}").text
    days_on(80)
    assert "notice warn" in words("mara").text
    days_on(10.1)
    last = words_of(words("mina"))
    assert "Ninety days have passed" in last and "Call through the line" not in last
    assert DIGITS not in member.post(f"/offers/{offer_id}/number").text


def test_two_years_after_the_end_a_request_loses_its_words_the_agreement_its_call_and_the_ledger_goes_on(
    settings,
):
    offer_id = accepted()
    with db.transaction() as session:
        offers.report(session, offer_id, "returned", who="person 1", entity_id="ente")
    endings.close_settled_asks()
    days_on(729)
    words = select(Request.language, Request.region, Request.country, Request.group, Request.call_sid)
    with db.transaction() as session:
        assert tuple(session.execute(words).one()) == ("bn", "lombardia", "BD", "self", "CA1")
        assert session.scalars(select(Agreement.call_sid)).one() == "CA1"
    days_on(2)
    with db.transaction() as session:
        assert tuple(session.execute(words).one()) == (None, None, None, None, None)
        left = session.scalars(select(Agreement)).one()
        assert (left.call_sid, left.language, left.heard_by) == (None, None, None)
        assert (left.text_version, left.key) == ("v1", "1")
        ask = session.scalars(select(Ask)).one()
        assert (ask.region, ask.whom, ask.call_sid) == (None, None, None)
        told = ledger.ledger(session, date(2026, 11, 1), date(2026, 11, 30))
        assert told.entities[0].returned == 1
        assert [(line.by, line.value) for line in told.groups] == [
            (by, "unknown") for by in ("language", "region", "country")
        ]
    member = Visitor(application(settings)).sign_in(
        "miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en"
    )
    assert "language not known" in words_of(member.get("/offers"))
    assert member.get(f"/offers/{offer_id}").status_code == 200
    coordinator = Visitor(application(settings)).sign_in("carla", roles=(Role.COORDINATOR,), locale="en")
    request_id = one(select(Request.id))
    assert "language not known" in words_of(coordinator.get(f"/requests/{request_id}"))
    assert coordinator.get("/requests?state=closed").status_code == 200


def test_words_that_were_heard_and_led_to_nothing_are_gone_after_a_year():
    agree("CA9", key="2")
    days_on(364)
    assert one(select(Agreement.key)) == "2"
    days_on(2)
    with db.transaction() as session:
        assert session.scalars(select(Agreement)).all() == []


def point(name, **more):
    fields = {
        "name": name, "organisation": "Sportello", "regions": ["lazio"], "telephone": "0655500000",
        "email": "desk@sportello.example", "hours": None, "person_id": None,
    } | more  # fmt: skip
    with db.transaction() as session:
        id = focal_points.new_id(session, name)
        focal_points.save(session, id, fields, who="person 1")
        return id


def test_a_focal_point_that_ended_is_forgotten_also_in_the_history_of_the_line():
    ended, stays = point("Anna Bianchi"), point("Carla Verdi")
    with db.transaction() as session:
        focal_points.end(session, ended, who="person 1")
    days_on(29)
    assert "0655500000" in str(one(select(LineVersion.changes).limit(1)))
    days_on(2)
    assert one(select(FocalPoint.id)) == stays
    with db.transaction() as session:
        history = [
            str(changes) for changes in session.scalars(select(LineVersion.changes).order_by(LineVersion.id))
        ]
    assert not any("Anna" in each or "anna" in each for each in history)
    assert any("Carla Verdi" in each for each in history)
    assert retention.purge_all() == 0


def test_who_held_an_information_session_is_forgotten_after_two_years_and_the_session_stays():
    noted = queue_rows.person()
    given = information.Given(
        date(2026, 11, 20), "information", "Roma", "lazio", "communities", 12, 30, "Anna B."
    )
    with db.transaction() as session:
        information.add(session, given, person_id=noted.id, who=noted.in_audit)
    days_on(720)
    assert one(select(InformationSession.held_by)) == "Anna B."
    days_on(20)
    assert one(select(InformationSession.held_by)) == ""
    assert one(select(InformationSession.people)) == 12


def test_a_case_that_was_given_back_is_not_forgotten_ninety_days_after_the_first_yes():
    offer_id = accepted()
    with db.transaction() as session:
        offers.decline(session, offer_id, reason="not_eligible_here", who="person 1", entity_id="ente")
    days_on(91)
    assert kept() == (NUMBER, True, "morning")
