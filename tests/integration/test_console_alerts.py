"""The pages of alerts: what stands and what to do about it, who knows, limits with a reason, who is told."""

import re

import pytest
from sqlalchemy import select

from helpline import db
from helpline.alerts import reading, telling
from helpline.alerts.kinds import Kind
from helpline.alerts.models import AlertSetting
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.alert_deeds import back, later, messages, only, silent
from tests.integration.console_visits import Visitor, application, words_of


@pytest.fixture
def cora(settings, at, database):
    at(queue_rows.TUESDAY)
    only(Kind.PROBE_SILENT)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


@pytest.fixture
def ada(here, at, database):
    at(queue_rows.TUESDAY)
    return Visitor(application(here)).sign_in("ada", roles=(Role.ADMINISTRATOR,), locale="en")


def standing():
    with db.transaction() as session:
        return reading.standing(session)


def audited(what):
    with db.transaction() as session:
        return list(
            session.scalars(select(AuditLine.about).where(AuditLine.what == what).order_by(AuditLine.id))
        )


def test_what_stands_is_said_with_what_to_do_and_then_as_what_was(cora, settings):
    assert "All is well" in words_of(cora.get("/alerts"))
    silent(settings, "milan")
    page = words_of(cora.get("/alerts"))
    assert "The probe “milan” last reached the line 11 minutes ago" in page
    (alert,) = standing()
    assert "Does helpline probe still run there?" in words_of(cora.get(f"/alerts/{alert.id}"))
    assert "milan" in words_of(cora.get("/alerts/part"))
    back(settings, "milan")
    page = words_of(cora.get("/alerts"))
    assert "All is well" in page
    assert "over" in page


def test_who_knows_of_it_says_what_is_being_done_and_no_number(cora, settings):
    silent(settings, "milan")
    (alert,) = standing()
    refused = cora.post(f"/alerts/{alert.id}", {"note": "ring +39 333 0000001"})
    assert refused.status_code == 422
    assert cora.post(f"/alerts/{alert.id}", {"note": "the machine is being moved"}).status_code == 303
    page = words_of(cora.get(f"/alerts/{alert.id}"))
    assert "the machine is being moved" in page
    assert audited("acknowledged") == [f"alert {alert.id}"]
    back(settings, "milan")
    cora.post(f"/alerts/{alert.id}", {"note": "too late"})
    assert "too late" not in words_of(cora.get(f"/alerts/{alert.id}"))


def test_a_limit_is_changed_with_a_reason_and_stays_in_the_history(cora):
    path = "/alerts/limits/callbacks_old"
    assert cora.post(path, {"on": "on", "limit": "many", "why": "x"}).status_code == 422
    assert cora.post(path, {"on": "on", "limit": "999999", "why": "x"}).status_code == 422
    assert cora.post(path, {"on": "on", "limit": "96", "why": ""}).status_code == 422
    assert cora.post(path, {"on": "on", "limit": "96", "why": "the feast of Eid"}).status_code == 303
    page = words_of(cora.get("/alerts/limits"))
    assert "the feast of Eid" in page
    assert "96" in page
    with db.transaction() as session:
        newest = session.scalars(select(AlertSetting).order_by(AlertSetting.id.desc())).first()
    assert (newest.kind, newest.limit, newest.who) == ("callbacks_old", 96, cora.who.in_audit)
    assert (
        cora.post("/alerts/limits/nobody_on_shift", {"on": "off", "why": "no live calls"}).status_code == 303
    )


def test_a_mailbox_is_added_confirmed_by_its_link_tried_and_ended(ada, here, postbox):
    given = {"way": "mail", "name": "coordination", "address": "desk", "locale": "en", "least": "warning"}
    assert "Give a mail address" in words_of(ada.post("/alerts/recipients", given))
    named = given | {"address": "desk@example.org", "name": "Anna, 333\u00a0000\u00a00001"}
    assert "Write no telephone number" in words_of(ada.post("/alerts/recipients", named)), "all read the name"
    assert ada.post("/alerts/recipients", given | {"address": "desk@example.org"}).status_code == 303
    assert "not confirmed yet" in words_of(ada.get("/alerts/recipients"))
    telling.tell(here)
    body = postbox.mails[0][1].get_payload(decode=True).decode()
    link = re.search(r"https://line\.example\.org(/alerts/mailbox/\S+)", body)[1]
    stranger = Visitor(application(here))
    assert "Yes, it is ours" in words_of(stranger.get(link)) or "Sì" in words_of(stranger.get(link))
    assert stranger.post(link).status_code == 303
    id = messages()[0].recipient_id
    later(minutes=1)
    assert ada.post(f"/alerts/recipients/{id}/link").status_code == 404, "it is confirmed"
    assert ada.post(f"/alerts/recipients/{id}/test").status_code == 303
    telling.tell(here)
    assert len(postbox.mails) == 2
    assert ada.post(f"/alerts/recipients/{id}/end").status_code == 303
    assert "desk@example.org" not in ada.get("/alerts/recipients").text
    assert stranger.get(link).status_code == 410


def test_the_secret_of_a_webhook_is_shown_once_and_its_address_never_whole(ada):
    given = {"way": "webhook", "name": "pager", "locale": "en", "least": "urgent"}
    inside = ada.post("/alerts/recipients", given | {"address": "https://10.0.0.1/hooks"})
    assert inside.status_code == 422
    made = ada.post("/alerts/recipients", given | {"address": "https://pager.example.org/hooks/secret"})
    assert "whsec_" in made.text
    page = ada.get("/alerts/recipients").text
    assert "pager.example.org" in page
    assert "/hooks/secret" not in page
    assert "whsec_" not in page


def test_a_probe_that_was_given_up_is_forgotten(ada, here):
    silent(here, "milan")
    assert ada.post("/alerts/probes/forget", {"place": "milan"}).status_code == 303
    assert "milan" not in words_of(ada.get("/alerts")).replace("The probe “milan”", "")


def test_the_help_has_a_place_for_every_kind(cora):
    page = cora.get("/alerts/help").text
    assert all(f'id="{kind}"' in page for kind in Kind)
