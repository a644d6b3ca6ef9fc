"""What coordinators are told beside the list: people given back after a look at the number, promises before answers, the deaf."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from helpline import clock, db
from helpline.api.commands import webhooks
from helpline.callbacks.models import Callback
from helpline.console import requests
from helpline.intake.models import Ask
from helpline.people.roles import Role
from helpline.routing import concerns, ledger, offers, projects, waiting
from helpline.routing.models import Offer
from tests.integration import intake_rows
from tests.integration import routing_rows as rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.routing_deeds import WHO, act, entity, market, offered, told

pytestmark = pytest.mark.usefixtures("database")


def kinds():
    return [(one.kind, one.id) for one in act(concerns.found)]


def looked_and_gave_back(*, reason="not_our_territory", contacted=False):
    ((_, id),) = offered()
    act(offers.accept, id, who=WHO)
    if contacted:
        act(offers.report, id, "contacted", who=WHO)
    act(offers.decline, id, reason=reason, who=WHO)
    return id


def test_whom_an_organisation_gives_back_after_a_look_is_shown_and_the_third_pauses_it():
    market(one=9)
    first = looked_and_gave_back()
    assert kinds() == [("given_back", str(first))]
    looked_and_gave_back(contacted=True)
    looked_and_gave_back(reason="cannot_reach")
    assert [kind for kind, _ in kinds()] == ["given_back"], (
        "who was reached, or could not be, is no look alone"
    )
    looked_and_gave_back(reason="other")
    assert entity("one").paused_reason is None
    last = looked_and_gave_back()
    assert entity("one").paused_reason == "gave back 3 people after seeing their number, in 30 days"
    assert told(last)[-1] == "entity_paused" and ("entity_gave_back", "one") in kinds()
    here = clock.in_rome().date()
    (line,) = act(ledger.ledger, here, here).entities
    assert (line.accepted, line.declined, line.given_back) == (5, 5, 5)
    act(projects.resume, who=WHO, entity_id="one")
    looked_and_gave_back()
    assert entity("one").paused_reason is None, "what was before the talk with them counts no more"


def test_whom_an_organisation_closes_for_good_by_its_first_word_after_a_look_is_shown_and_pauses_nobody(
    settings,
):
    market(one=9)
    for outcome in ("contacted", "unreachable", "not_eligible", "withdrew", "returned"):
        ((_, id),) = offered()
        act(offers.accept, id, who=WHO)
        act(offers.report, id, outcome, who=WHO)
    ((_, talked),) = offered()
    act(offers.accept, talked, who=WHO)
    act(offers.report, talked, "contacted", who=WHO)
    act(offers.report, talked, "not_eligible", who=WHO)
    assert [kind for kind, _ in kinds()] == ["closed_at_once"] * 3
    assert entity("one").paused_reason is None
    boss = Visitor(application(settings)).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    assert words_of(boss.get("/requests")).count("closed for good after the number was seen") == 3
    clock.set_offset(clock.offset() + concerns.GIVEN_BACK_SHOWN + timedelta(minutes=1))
    assert "closed_at_once" not in [kind for kind, _ in kinds()]


def test_a_long_list_of_those_who_were_closed_at_once_is_bounded_and_goes_on_page_by_page(
    settings, monkeypatch
):
    monkeypatch.setattr(requests, "MOST", 2)
    monkeypatch.setattr(requests, "PAGE", 3)
    market(one=9)
    closed = []
    for _ in range(5):
        ((request, id),) = offered()
        act(offers.accept, id, who=WHO)
        act(offers.report, id, "not_eligible", who=WHO)
        closed.append(request)
        clock.set_offset(clock.offset() + timedelta(seconds=1))
    boss = Visitor(application(settings)).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    said = words_of(boss.get("/requests"))
    assert f"Request {closed[-1]}" in said and f"Request {closed[0]}" not in said
    assert "3 more: closed for good after the number was seen" in said
    first = boss.get("/requests/closed-at-once")
    onward = re.search(r'rel="next" href="([^"]+)"', first.text)[1]
    seen = [int(id) for page in (first, boss.get(onward)) for id in re.findall(r'id="row-(\d+)"', page.text)]
    assert seen == closed[::-1]
    assert "None" in words_of(boss.get("/requests/closed-at-once?after=99999"))


def test_a_promise_that_ends_before_the_answer_is_due_is_told_and_one_deed_calls_them_all(settings):
    with db.transaction() as session:
        rows.entity(session, "ente", places=5)
    saved = [
        intake_rows.save_request(
            f"CA{number}",
            intake_rows.said(f"+3933300000{number:02}", whom="self", region="lazio", country="BD"),
        )
        for number in range(2)
    ]
    assert offers.sweep_waiting() == 2
    soon = clock.in_rome().date()
    with db.transaction() as session:
        session.execute(update(Ask).values(promised_on=soon + timedelta(days=30)))
    assert kinds() == []
    with db.transaction() as session:
        session.execute(update(Ask).values(promised_on=soon))
    found = kinds()
    assert [kind for kind, _ in found] == ["promise_before_answer"] * len(saved)
    boss = Visitor(application(settings)).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    assert "Have all 2 called" in words_of(boss.get("/requests"))
    assert boss.post("/requests/call-promised").status_code == 303
    with db.transaction() as session:
        assert len(session.scalars(select(Callback)).all()) == 2
    assert kinds() == []
    assert boss.post("/requests/call-promised").status_code == 303


def test_an_organisation_that_nobody_tells_of_offers_is_named_on_every_page_and_on_the_command_line(settings):
    with db.transaction() as session:
        rows.entity(session, "ente", paused_reason=None)
    app = application(settings)
    boss = Visitor(app).sign_in("chiara", roles=(Role.COORDINATOR,), locale="en")
    member = Visitor(app).sign_in("miriam", roles=(Role.ENTITY_MEMBER,), entity_id="ente", locale="en")
    assert "nobody there is told of offers" in words_of(boss.get("/requests"))
    assert "Nobody there is told of new offers" in words_of(boss.get("/entities/ente"))
    assert "Nobody here is told of new offers" in words_of(member.get("/places"))
    boss.post("/projects/ente-0/pause", {"pause": "moving"})
    said = words_of(
        boss.client.get(boss.post("/projects/ente-0/resume").location, base_url="https://line.example.org")
    )
    assert "The pause is over. But nobody at ENTE is told of offers" in said
    run = CliRunner().invoke(webhooks, ["check"])
    assert run.exit_code == 1 and "ente  ENTE" in run.stdout
    with db.transaction() as session:
        rows.mailbox(session, "ente", "desk@ente.example.org")
    assert CliRunner().invoke(webhooks, ["check"]).exit_code == 0
    assert "nobody there is told" not in words_of(boss.get("/requests"))
    assert "Nobody here is told" not in words_of(member.get("/places"))


def test_who_waits_for_a_place_that_an_unanswered_offer_holds_is_told_its_deadline():
    market(one=1)
    ((_, held),) = offered()
    with db.transaction() as session:
        until = session.get_one(Offer, held).expires_at
        id = rows.requests(session)[0].id
    offers.sweep_waiting()
    assert act(waiting.one, id).record["may_free_on"] == until.astimezone(clock.ROME).date().isoformat()
    act(offers.accept, held, who=WHO)
    offers.sweep_waiting()
    assert act(waiting.one, id).record["may_free_on"] is None
