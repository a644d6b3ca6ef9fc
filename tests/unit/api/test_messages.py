"""Whatever an entity is told holds the offer's id and a link, and nothing of anybody."""

import json
from datetime import UTC, datetime

import pytest

from helpline.api.messages import TYPES, Told
from helpline.db.outbox import Kind

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


@pytest.fixture(params=list(Kind))
def told(request):
    return Told(7, request.param, 12, AT, "https://line.example.org")


def test_a_webhook_says_what_happened_to_which_offer_and_where_to_read_more(told):
    said = json.loads(told.body())
    assert set(said) == {"type", "timestamp", "data"}
    assert said["type"] == TYPES[told.kind]
    assert said["timestamp"] == "2026-11-18T09:30:00+00:00"
    about = {"offer": 12, "api": "https://line.example.org/api/v1/offers/12"}
    assert said["data"] == {"link": told.link} | (about if told.kind != Kind.TEST else {})


def test_a_message_keeps_its_id_however_often_it_is_sent(told):
    again = Told(7, told.kind, 12, AT, "https://line.example.org")
    assert told.message_id == again.message_id == "msg_7"
    assert told.mail("a@line.example.org", "b@ente.example.org")["Message-ID"] == "<msg_7@line.example.org>"


def test_a_mail_says_it_in_italian_and_english_with_the_link(told):
    mail = told.mail("helpline@line.example.org", "desk@ente.example.org")
    text = mail.get_content()
    assert text.count(told.link) == 2
    assert "Buongiorno" in text and "Hello" in text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "desk@ente.example.org"


def test_the_link_leads_to_the_offer_or_to_the_entitys_first_page():
    links = {kind: Told(7, kind, 12, AT, "https://line.example.org").link for kind in Kind}
    assert links.pop(Kind.ENTITY_PAUSED) == links.pop(Kind.TEST) == "https://line.example.org/"
    assert set(links.values()) == {"https://line.example.org/offers/12"}
