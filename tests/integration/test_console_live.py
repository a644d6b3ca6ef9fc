"""The page of those who answer: being there, and what the person on the line asks for, saved from the sheet."""

import re

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Callback
from helpline.intake import asks as asks_of
from helpline.intake import conversion
from helpline.intake.models import Agreement, Ask
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, words_of
from tests.integration.live_deeds import (
    FROM,
    ask_of,
    asks,
    code_of,
    in_a_call,
    lines,
    over,
)

pytestmark = pytest.mark.usefixtures("database")


def test_outside_of_ones_shift_nobody_is_rung_and_the_page_says_so(amina):
    assert "You have no shift now" in words_of(amina.get("/live"))
    amina.post("/live/ready")
    assert "calls are offered only during" in words_of(amina.get("/live"))


def test_the_page_shows_the_call_one_is_in_and_no_number(amina):
    in_a_call(amina)
    page = amina.get("/live")
    assert "Your call" in words_of(page) and "3330000001" not in page.text
    assert "They rang us: for information" in words_of(page) and "why we call" not in words_of(page)


def test_what_was_asked_before_with_this_telephone_is_shown_once_it_is_known_who_calls_and_leaves_a_line(
    amina,
):
    one = rows.asked("bn", number=FROM)
    with db.transaction() as session:
        asks_of.cancel(session, session.scalars(select(Ask)).one())
    other = rows.asked("ar", number=FROM, call="CA9")
    hold = in_a_call(amina)
    assert "Earlier from this number" not in words_of(amina.get("/live")) and lines("saw_history") == []
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(other))})
    page = amina.get("/live")
    assert "Earlier from this number" in words_of(page) and "Bangla" in words_of(page)
    assert "Earlier from this number" not in words_of(amina.get(f"/live/part?hold={hold}"))
    with db.transaction() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.what == "saw_history")).one()
        assert (line.who, line.about) == (f"person {amina.who.id}", f"hold {hold}")
    basma = Visitor(amina.app).sign_in("basma", roles=[Role.OPERATOR], languages=["bn"], locale="en")
    assert "Earlier from this number" not in words_of(basma.get("/live"))
    assert rows.of(one).state == "cancelled"


def test_what_was_asked_in_a_talk_is_written_down_until_ten_minutes_after_it(amina):
    hold = in_a_call(amina)
    over(hold)
    rows.later(minutes=9)
    assert f"/live/{hold}/ask/callback" in amina.get("/live").text
    rows.later(minutes=2)
    assert f"/live/{hold}/ask/callback" not in amina.get("/live").text
    assert amina.get(f"/live/{hold}/ask/request").location == "/live"
    given = {"where": "own", "window": "evening"}
    assert amina.post(f"/live/{hold}/ask/callback", given).status_code == 303
    assert "That talk is over for too long" in words_of(amina.get("/live"))
    assert asks() == []


def test_after_a_talk_nobody_agrees_to_words_that_were_not_there_in_it(amina):
    hold, words = in_a_call(amina), conversion.consent("ar")
    answers = {
        "where": "own", "window": "any", "adult": "yes", "whom": "self", "agreed": "yes", "waits": "yes",
        "country": "MA", "version": words.version,
    }  # fmt: skip
    form = amina.get(f"/live/{hold}/ask/request").text
    over(hold)
    refused = amina.post(f"/live/{hold}/ask/request", answers)
    assert refused.status_code == 422 and "nobody agrees afterwards" in words_of(refused)
    assert asks() == [] and 'name="shown" value=""' in refused.text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', form)[1]
    assert amina.post(f"/live/{hold}/ask/request", answers | {"shown": shown}).status_code == 200


def test_a_call_back_is_saved_in_the_talk_and_its_code_shown_once(amina):
    hold = in_a_call(amina)
    saved = amina.post(f"/live/{hold}/ask/callback", {"where": "own", "window": "evening"})
    assert saved.status_code == 200
    assert re.search(r'class="code">\d \d \d \d<', saved.text)
    assert asks() == [("callback", "evening", "ar")]


def test_a_request_is_saved_in_the_talk_with_the_words_that_were_read(amina):
    hold, words = in_a_call(amina), conversion.consent("ar")
    answers = {
        "where": "own", "window": "any", "adult": "yes", "whom": "self", "agreed": "yes", "waits": "yes",
        "country": "MA", "version": words.version,
    }  # fmt: skip
    assert amina.post(f"/live/{hold}/ask/request", answers).status_code == 200
    assert asks() == [("request", "any", "ar")]
    with db.transaction() as session:
        agreement = session.scalars(select(Agreement)).one()
        assert (agreement.text_version, agreement.heard_by) == (words.version, amina.who.id)
        assert session.scalars(select(Callback)).all() == [], (
            "that no place is free was explained in the talk"
        )


def test_nobody_agrees_for_a_child_or_without_a_yes(amina):
    hold, words = in_a_call(amina, minor=True), conversion.consent("ar")
    answers = {
        "where": "own", "window": "any", "adult": "yes", "whom": "self", "agreed": "no", "version": words.version,
    }  # fmt: skip
    refused = amina.post(f"/live/{hold}/ask/request", answers)
    assert refused.status_code == 422 and asks() == []
    assert "Under 18" in words_of(refused) and "Without their agreement" in words_of(refused)


def test_a_hidden_number_needs_another_one(amina):
    hold = in_a_call(amina, number=None)
    refused = amina.post(f"/live/{hold}/ask/callback", {"where": "own", "window": "any"})
    assert refused.status_code == 422 and "ask for an Italian one" in words_of(refused)
    given = {"where": "other", "telephone": "333 0000002", "window": "any"}
    assert amina.post(f"/live/{hold}/ask/callback", given).status_code == 200


def test_nobody_writes_into_a_call_of_somebody_else(amina, settings):
    hold = in_a_call(amina)
    basma = Visitor(amina.app).sign_in("basma", roles=[Role.OPERATOR], languages=["ar"])
    assert basma.get(f"/live/{hold}/ask/callback").status_code == 404
    assert basma.post(f"/live/{hold}/ask/callback", {"where": "own", "window": "any"}).status_code == 404
    assert asks() == []


def test_a_call_back_in_the_talk_can_be_handed_over_to_another_language(amina):
    hold = in_a_call(amina)
    given = {"where": "own", "window": "any", "language": "fr"}
    assert amina.post(f"/live/{hold}/ask/callback", given).status_code == 200
    assert asks() == [("callback", "any", "fr")]
