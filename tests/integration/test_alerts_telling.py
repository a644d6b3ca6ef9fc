"""Who is told of alerts gets few messages, each with all there is to say: signed webhooks and mails, with an all-clear."""

import json

import pytest
from sqlalchemy import text

from helpline import clock, db
from helpline.alerts import recipients, standing, telling
from helpline.alerts.kinds import Kind, Severity
from helpline.alerts.models import AlertRecipient, MessageState, Way
from helpline.api import signing
from helpline.faults import Faults
from tests.integration import queue_rows
from tests.integration.alert_deeds import back, endpoint, later, mailbox, messages, only, silent


@pytest.fixture(autouse=True)
def _day(at, database):
    at(queue_rows.TUESDAY)
    only(Kind.PROBE_SILENT)


def said(postbox):
    return [mail.get_payload(decode=True).decode() for _, mail in postbox.mails]


def raised(here):
    """How many are raised in six minutes."""
    found = 0
    for _ in range(3):
        found += standing.work(here)
        later(minutes=3)
    return found


def test_a_hundred_alerts_are_one_mail_and_their_end_is_one_more(here, postbox):
    mailbox()
    places = [f"probe-{n}" for n in range(100)]
    silent(here, *places)
    for _ in range(5):
        telling.tell(here)
    (mail,) = said(postbox)
    assert mail.count("La sonda") == 100
    assert "(dalle " in mail
    assert "https://line.example.org/alerts" in mail
    assert postbox.mails[0][1]["Subject"] == "URGENTE: Linea, allarmi: nuovi: 100"
    back(here, *places)
    assert telling.tell(here) == 0, "it rests"
    later(minutes=5)
    assert telling.tell(here) == 1
    assert postbox.mails[1][1]["Subject"] == "Linea, allarmi: finiti: 100"
    assert telling.tell(here) == 0


def test_a_webhook_is_signed_and_says_what_is_new_still_so_and_over(here, receiver):
    _, secret = endpoint(receiver.server_port, here)
    silent(here, "milan", "rome")
    telling.tell(here)
    later(minutes=6)
    back(here, "rome")
    silent(here, "bari")
    telling.tell(here)
    (_, headers, first), (_, _, second) = receiver.taken
    assert signing.fits(
        [secret], headers["webhook-id"], int(headers["webhook-timestamp"]), first,
        headers["webhook-signature"], now=int(headers["webhook-timestamp"]) + 60,
    )  # fmt: skip
    data = json.loads(second)["data"]
    shown = {section: [one["subject"] for one in data[section]] for section in ("new", "still", "over")}
    assert shown == {"new": ["bari"], "still": ["milan"], "over": ["rome"]}
    assert data["new"][0]["title"] == "The probe “bari” last reached the line 11 minutes ago"


def test_what_did_not_arrive_is_told_later_as_it_is_by_then_and_nobody_is_asked_in_between(here, receiver):
    endpoint(receiver.server_port, here)
    receiver.answers += [500, 500]
    silent(here, "milan")
    assert telling.tell(here) == 0
    assert telling.tell(here) == 0
    assert len(receiver.taken) == 1
    silent(here, "rome")
    later(minutes=1)
    telling.tell(here)
    later(minutes=1)
    telling.tell(here)
    assert len(receiver.taken) == 2, "it is left alone for longer"
    back(here, "milan")
    later(minutes=1)
    assert telling.tell(here) == 1
    data = json.loads(receiver.taken[2][2])["data"]
    assert ([one["subject"] for one in data["new"]], data["over"]) == (["rome"], [])
    states = [row.state for row in messages()]
    assert states == [MessageState.FAILED, MessageState.FAILED, MessageState.DELIVERED]


def test_a_process_that_dies_while_it_sends_leaves_the_same_message_to_be_sent_again(here, receiver):
    id, _ = endpoint(receiver.server_port, here)
    silent(here, "milan")
    message = telling.plan(id)
    assert telling._take(message, here) is not None  # and no more of it was heard
    back(here, "milan")
    assert telling.tell(here) == 0, "somebody may be sending it"
    assert telling.plan(id) is None
    later(seconds=61)
    assert telling.tell(here) == 1
    ((_, headers, body),) = receiver.taken
    assert headers["webhook-id"] == f"alert_{message}"
    assert [one["subject"] for one in json.loads(body)["data"]["new"]] == ["milan"]
    later(minutes=5)
    telling.tell(here)
    assert [one["subject"] for one in json.loads(receiver.taken[1][2])["data"]["over"]] == ["milan"]


def test_an_address_that_no_key_opens_keeps_nobody_else_from_being_told(here, postbox, caplog):
    broken = mailbox()
    mailbox("other@example.org")
    with db.transaction() as session:
        session.execute(
            text("UPDATE alert_recipients SET address = 'nothing of ours'::bytea WHERE id = :id"),
            {"id": broken},
        )
    silent(here, "milan")
    assert telling.tell(here) == 1
    assert len(postbox.mails) == 1
    assert "could not be told to one recipient" in caplog.text


def test_at_night_a_warning_waits_for_the_morning(here, postbox, at):
    mailbox(locale="en")
    only(Kind.PROMISES_PASSED)
    at("2026-11-24 22:00")
    queue_rows.asked(promised_on=clock.in_rome().date().replace(day=20))
    assert raised(here) == 1
    assert telling.tell(here) == 0
    at("2026-11-25 07:00")
    assert telling.tell(here) == 1
    (mail,) = said(postbox)
    assert "Callbacks whose promised day has passed without a try: 1 (since 24/11 22:00; to look at)" in mail


def test_who_wants_the_urgent_alone_hears_no_warning(here, postbox):
    mailbox(least=Severity.URGENT)
    only(Kind.ENTITY_NOT_TOLD, Kind.PROMISES_PASSED)
    queue_rows.asked(promised_on=clock.in_rome().date().replace(day=1))
    assert raised(here) == 1
    assert telling.tell(here) == 0
    assert postbox.mails == []


def test_a_mailbox_hears_nothing_before_it_has_proved_itself_by_its_link(here, postbox):
    id = mailbox(proved=False)
    silent(here, "milan")
    assert telling.tell(here) == 1
    (mail,) = said(postbox)
    link = next(line for line in mail.split() if line.startswith("https://"))
    token = link.rpartition("/")[2]
    with db.transaction() as session:
        assert recipients.to_prove(session, id, "0" * 32) is None
        assert not recipients.prove(session, id, "0" * 32)
        assert recipients.prove(session, id, token)
    assert telling.tell(here) == 1
    assert "milan" in said(postbox)[1]
    with db.transaction() as session:
        recipients.end(session, id, by="test")
        assert recipients.to_prove(session, id, token) is None
        assert session.get_one(AlertRecipient, id).address is None


def test_a_test_is_sent_and_not_twice_in_a_moment(here, postbox):
    id = mailbox(locale="en")
    with db.transaction() as session:
        recipients.send_test(session, id, by="test")
    with db.transaction() as session, pytest.raises(recipients.TooSoon):
        recipients.send_test(session, id, by="test")
    assert telling.tell(here) == 1
    assert postbox.mails[0][1]["Subject"] == "Helpline, alerts: a test"


def test_everything_that_is_wrong_with_a_recipient_is_told_at_once(here):
    with db.transaction() as session, pytest.raises(Faults) as mail:
        recipients.add(
            session, way=Way.MAIL, name="", address="nobody", locale="it", least=Severity.URGENT, by="test"
        )
    assert len(mail.value.faults) == 2
    with db.transaction() as session, pytest.raises(Faults) as webhook:
        recipients.add(
            session, way=Way.WEBHOOK, name="x", address="https://127.0.0.1/hooks", locale="it",
            least=Severity.URGENT, by="test",
        )  # fmt: skip
    assert webhook.value.faults == ["address: must not be inside a private network"]
