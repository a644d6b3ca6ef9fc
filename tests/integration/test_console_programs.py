"""The pages of an organisation's programs: tokens, addresses for webhooks, what was told; for its own people and for ours."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.api import deliveries, egress, endpoints, telling, tokens
from helpline.api.models import Delivery, DeliveryState, Endpoint
from helpline.db import outbox
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing.models import Entity
from tests.integration import people_rows, queue_rows, routing_rows
from tests.integration.api_visits import offers
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
OURS = "/entities/ente/programs"
HOOK = "https://cases.example.org/hooks/very-private"


@pytest.fixture
def app(settings, at):
    at(queue_rows.TUESDAY)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5)
        routing_rows.entity(session, "other", places=5)
    return application(settings)


@pytest.fixture
def member(app):
    return Visitor(app).sign_in(
        "miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en", password=people_rows.PASSWORD
    )


SURE = {"password": people_rows.PASSWORD}


def secret(page):
    return re.search(r'id="f-secret" readonly value="([^"]+)"', page.text)[1]


def whose(token):
    with db.transaction() as session:
        return tokens.whose(session, token)


def rows(table):
    with db.transaction() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def audited(who):
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.who == who.in_audit).order_by(AuditLine.id))
        return [
            (line.what, line.about.rpartition(" ")[0] or line.about)
            for line in lines
            if line.what != "accepted_invitation"
        ]


def added(member):
    return secret(member.post(f"{OURS}/webhooks", {"address": HOOK}))


def told():
    """Something that happened to an offer of ours, on its way to every endpoint."""
    with db.transaction() as session:
        put = outbox.put(session, outbox.Kind.OFFER_MADE, offers(session, "ente-0")[0])
    telling.tell_entity(put)


def answering(monkeypatch, settings, error=None):
    """What the machine of the organisation does with the messages that are due."""

    def post(address, body, headers, **_):
        seen.append(body)
        if error:
            raise error

    seen = []
    monkeypatch.setattr(egress, "post", post)
    for row in rows(Delivery):
        deliveries.deliver(row.id, settings)
    return seen


def test_a_token_is_made_shown_once_used_and_ended(app, member, at):
    given = {"name": "case management", "scopes": ["offers:read", "places:read"], "days": "30"} | SURE
    token = secret(member.post(f"{OURS}/tokens", given))
    assert whose(token).scopes == {"offers:read", "places:read"}
    page = member.get(OURS)
    assert token not in page.text
    said = words_of(page)
    assert "case management" in said and "See offers, See places" in said and "Miriam" in said
    (row,) = rows(tokens.ApiToken)
    member.post(f"{OURS}/tokens/{row.id}/end")
    assert whose(token) is None and "1 token is over" in words_of(member.get(OURS))
    assert audited(member.who) == [("made", "token"), ("ended", "token")]


def test_a_token_is_made_only_with_the_password_of_who_makes_it(member):
    given = {"name": "x", "scopes": ["offers:read"], "days": "365"}
    for password in ("", "not mine at all"):
        page = member.post(f"{OURS}/tokens", given | {"password": password})
        assert (
            page.status_code == 422 and 'id="f-password-error"' in page.text and rows(tokens.ApiToken) == []
        )
    assert "not mine at all" not in page.text
    assert whose(secret(member.post(f"{OURS}/tokens", given | SURE)))
    assert member.post(f"{OURS}/tokens", given | SURE | {"days": ""}).status_code == 422, "each has an end"


def test_an_organisation_is_told_of_a_token_that_ends_within_a_month_once(app, member):
    member.post(f"{OURS}/tokens", {"name": "x", "scopes": ["offers:read"], "days": "365"} | SURE)
    member.post(f"{OURS}/tokens", {"name": "short", "scopes": ["offers:read"], "days": "30"} | SURE)
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    tokens.warn_of_ends()
    assert "It ends soon" in words_of(member.get(OURS))
    clock.set_offset(clock.offset() + timedelta(days=336))
    with db.transaction() as session:
        session.get_one(Entity, "ente").email_proved_at = None
    assert tokens.warn_of_ends() == 0, "nobody would hear of it, and it is told once"
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    assert (tokens.warn_of_ends(), tokens.warn_of_ends()) == (1, 0)
    telling.sweep_untold()
    clock.set_offset(clock.offset() + timedelta(minutes=1))
    telling.sweep_untold()
    with db.transaction() as session:
        kinds = [
            leaving.kind for leaving in session.scalars(select(outbox.Leaving).order_by(outbox.Leaving.id))
        ]
    assert kinds == ["token_ends"] and [row.entity_id for row in rows(Delivery)] == ["ente"]
    said = words_of(
        Visitor(app).sign_in("nora", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en").get(OURS)
    )
    assert "It ends soon" in said and "A token ends soon" in said


def test_a_token_opens_nothing_once_its_time_is_over(app, member):
    token = secret(
        member.post(f"{OURS}/tokens", {"name": "x", "scopes": ["offers:read"], "days": "30"} | SURE)
    )
    clock.set_offset(clock.offset() + timedelta(days=29, hours=23))
    assert whose(token) is not None
    clock.set_offset(clock.offset() + timedelta(hours=2))
    assert whose(token) is None


def test_everything_that_is_wrong_with_a_token_or_an_address_is_said_plainly(member):
    page = member.post(f"{OURS}/tokens", {"name": "", "days": "7"})
    assert page.status_code == 422
    for field in ("name", "scopes", "days"):
        assert f'href="#f-{field}"' in page.text
    page = member.post(f"{OURS}/webhooks", {"address": "http://me:x@10.0.0.1:22/#x"})
    assert '<option value="365" selected>' in page.text, (
        "a fault elsewhere makes no token that opens for ever"
    )
    said = words_of(page)
    assert page.status_code == 422 and rows(Endpoint) == []
    for words in (
        "must begin with https://", "must not hold a user", "must not hold a #", "Only the ports 443",
        "inside a private network",
    ):  # fmt: skip
        assert words in said


def test_an_address_is_added_renewed_paused_tried_and_removed(app, member, settings, monkeypatch):
    first = added(member)
    (row,) = rows(Endpoint)
    one = f"{OURS}/webhooks/{row.id}"
    page = member.get(OURS)
    assert "cases.example.org" in page.text and "very-private" not in page.text and first not in page.text
    second = secret(member.post(f"{one}/secret"))
    assert second.startswith("whsec_") and second != first
    member.post(f"{one}/test")
    assert "a moment ago" in words_of(member.get(member.post(f"{one}/test").location))  # not twice at once
    (message,) = answering(monkeypatch, settings)
    assert b'"type":"test"' in message and b"offer" not in message
    assert "Test" in words_of(member.get(f"{OURS}/deliveries")) and "arrived" in words_of(
        member.get(f"{OURS}/deliveries")
    )
    member.post(f"{one}/pause")
    told()
    assert answering(monkeypatch, settings) == []
    assert "paused when it was to be sent" in words_of(member.get(f"{OURS}/deliveries"))
    member.post(f"{one}/resume")
    member.post(f"{OURS}/deliveries/{rows(Delivery)[-1].id}")
    assert len(answering(monkeypatch, settings)) == 1
    member.post(f"{one}/end")
    assert member.post(f"{one}/test").status_code == 404
    assert audited(member.who) == [
        (what, "endpoint") for what in ("made", "changed", "tested", "paused", "resumed")
    ] + [("replayed", "deliveries"), ("ended", "endpoint")]  # fmt: skip


def test_what_did_not_arrive_is_seen_with_its_reason_and_sent_again_all_at_once(
    member, settings, monkeypatch
):
    added(member)
    told()
    told()
    answering(monkeypatch, settings, egress.Answered(503))
    said = words_of(member.get(f"{OURS}/deliveries"))
    assert "the program answered 503" in said and "next try" in said and "is tried" in said
    with db.transaction() as session:
        for row in session.scalars(select(Delivery)):
            row.state = DeliveryState.GIVEN_UP
    clock.set_offset(clock.offset() + timedelta(minutes=1))
    assert "2 messages did not arrive" in words_of(member.get(OURS))
    assert "2 are sent again" in words_of(member.get(member.post(f"{OURS}/deliveries/failed").location))
    with db.transaction() as session:
        session.scalars(select(Endpoint)).one().rests_until = None
    assert len(answering(monkeypatch, settings)) == 2


def test_what_was_sent_a_moment_ago_is_not_sent_again_whoever_presses_the_button(
    member, settings, monkeypatch
):
    added(member)
    told()
    assert len(answering(monkeypatch, settings)) == 1
    again = f"{OURS}/deliveries/{rows(Delivery)[0].id}"
    assert "a moment ago" in words_of(member.get(member.post(again).location))
    assert answering(monkeypatch, settings) == []
    clock.set_offset(clock.offset() + timedelta(seconds=31))
    member.post(again)
    assert len(answering(monkeypatch, settings)) == 1


def test_a_test_mail_needs_a_mailbox(member):
    assert member.post(f"{OURS}/mail/test").status_code == 404
    with db.transaction() as session:
        routing_rows.mailbox(session, "ente", "desk@ente.example.org")
    assert member.post(f"{OURS}/mail/test").status_code == 303
    assert [row.endpoint_id for row in rows(Delivery)] == [None]


def test_nobody_reaches_the_programs_of_another_organisation_but_coordinators_and_administrators(
    app, member, settings
):
    added(member)
    told()
    with db.transaction() as session:
        token_id, token = tokens.add(session, entity_id="ente", name="x", scopes=["offers:read"], by="test")
    endpoint_id, delivery_id = rows(Endpoint)[0].id, rows(Delivery)[0].id
    otto = Visitor(app).sign_in("otto", roles=(Role.ENTITY_MEMBER,), entity_id="other", locale="en")
    for where in (OURS, f"{OURS}/deliveries"):
        assert otto.get(where).status_code == 404
    mixed = "/entities/other/programs"  # one's own address with another's things
    for path in (
        f"tokens/{token_id}/end", f"webhooks/{endpoint_id}/secret", f"webhooks/{endpoint_id}/pause",
        f"webhooks/{endpoint_id}/end", f"webhooks/{endpoint_id}/test", f"deliveries/{delivery_id}",
    ):  # fmt: skip
        assert otto.post(f"{OURS}/{path}").status_code == otto.post(f"{mixed}/{path}").status_code == 404
    assert whose(token) and rows(Endpoint)[0].paused_at is None and audited(otto.who) == []
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        keeper = Visitor(app).sign_in(f"keeper-{role}", roles=(role,), locale="en")
        assert "cases.example.org" in keeper.get(OURS).text
        assert "1 token · 1 address" in words_of(keeper.get("/programs"))
    keeper.post(f"{OURS}/webhooks/{endpoint_id}/pause")
    with db.transaction() as session:
        assert endpoints.listed(session)[0].paused_at is not None


def test_whoever_needs_no_numbers_makes_no_token_that_shows_them(app, member):
    keeper = Visitor(app).sign_in(
        "marta", roles=(Role.ADMINISTRATOR,), locale="en", password=people_rows.PASSWORD
    )
    wanted = {"name": "cases", "scopes": "offers:answer", "days": "30"} | SURE
    assert "offers:answer" not in keeper.get(OURS).text and "offers:read" in keeper.get(OURS).text
    assert keeper.post(f"{OURS}/tokens", data=wanted).status_code == 422
    assert member.post(f"{OURS}/tokens", data=wanted).status_code == 200
