"""In a live call: the code first, then what was asked earlier; what they want no longer; a note, and how it went."""

import pytest
from sqlalchemy import select, text

from helpline import db
from helpline.callbacks.models import Callback
from helpline.intake import asks as asks_of
from helpline.intake import taking_back
from helpline.intake.models import Ask
from helpline.live.models import Hold
from helpline.people.roles import Role
from helpline.privacy import retention
from helpline.routing.models import Request
from tests.integration import intake_rows
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, words_of
from tests.integration.live_deeds import FROM, ask_of, code_of, in_a_call, lines, note_of, over, recognised

pytestmark = pytest.mark.usefixtures("database")


def test_a_right_code_says_what_may_be_spoken_about_and_a_wrong_one_says_nothing(amina):
    one, other = rows.asked("ar", number=FROM), rows.asked("bn", number=FROM, call="CA9")
    hold = in_a_call(amina)
    assert "Of what was asked before say nothing yet" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/code", {"code": "0000"})
    assert "The code is not right" in words_of(amina.get("/live")) and recognised(hold) == {}
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(other))})
    page = words_of(amina.get("/live"))
    assert "you may speak about what is marked" in page and "by code" in page
    assert recognised(hold) == {str(ask_of(other)): "code"} and ask_of(one) != ask_of(other)
    by = (amina.who.in_audit, "code_tried", f"hold {hold}")
    assert lines("code_tried") == [by, by]


def test_wrong_codes_of_a_talk_are_counted_and_then_no_code_is_right(amina):
    one = rows.asked("ar", number=FROM)
    hold = in_a_call(amina)
    for _ in range(3):
        amina.post(f"/live/{hold}/code", {"code": "0000"})
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(one))})
    assert "The code is not right" in words_of(amina.get("/live")) and recognised(hold) == {}


def test_a_hidden_number_has_no_code(amina):
    one = rows.asked("ar", number=FROM)
    hold = in_a_call(amina, number=None)
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(one))})
    assert recognised(hold) == {}


def test_who_says_unprompted_what_they_asked_is_known_and_that_is_written_down(amina):
    one = rows.asked("ar", number=FROM)
    elsewhere = rows.asked("ar", number="+393330000099", call="CA8")
    hold = in_a_call(amina)
    amina.post(f"/live/{hold}/recognised", {"ask": ask_of(elsewhere)})
    assert recognised(hold) == {}, "what another telephone asked is nobody's here"
    amina.post(f"/live/{hold}/recognised", {"ask": ask_of(one)})
    assert recognised(hold) == {str(ask_of(one)): "words"}
    assert "by their words" in words_of(amina.get("/live"))
    assert lines("recognised_without_code") == [
        (amina.who.in_audit, "recognised_without_code", f"hold {hold}")
    ]


def test_before_and_after_the_talk_nobody_is_recognised(amina):
    one = rows.asked("ar", number=FROM)
    hold = in_a_call(amina)
    over(hold)
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(one))})
    assert "You are not talking" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/recognised", {"ask": ask_of(one)})
    assert recognised(hold) == {} and lines("code_tried") == []


# ------------------------------------------------------------ what they want no longer


def test_what_somebody_asked_is_taken_back_once_they_are_known_and_not_before(amina):
    one = rows.asked("ar", number=FROM)
    hold, given = in_a_call(amina), {"ask": ask_of(one), "why": "found work"}
    amina.post(f"/live/{hold}/take-back", given)
    assert "First the code" in words_of(amina.get("/live")) and rows.of(one).state == "waiting"
    amina.post(f"/live/{hold}/code", {"code": code_of(ask_of(one))})
    page = amina.get("/live")
    assert "They want this no longer" in words_of(page) and taking_back.words("ar") in page.text
    amina.post(f"/live/{hold}/take-back", given | {"why": " "})
    assert "Write how they said so" in words_of(amina.get("/live")) and rows.of(one).state == "waiting"
    amina.post(f"/live/{hold}/take-back", given)
    assert "It is taken back" in words_of(amina.get("/live")) and rows.of(one).state == "cancelled"
    assert lines("took_back") == [(amina.who.in_audit, "took_back", f"ask {ask_of(one)}")]
    amina.post(f"/live/{hold}/take-back", given)
    assert "That was over already" in words_of(amina.get("/live"))


def test_where_somebody_is_can_be_filled_in_once_they_are_known_and_not_before(amina):
    saved = intake_rows.save_request("CA77", intake_rows.said(FROM, whom="self", country="BD"))
    hold = in_a_call(amina)
    given = {"ask": saved.ask_id, "region": "veneto", "why": "they said so"}
    amina.post(f"/live/{hold}/fill-in", given)
    assert "First the code" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/code", {"code": saved.code})
    page = amina.get("/live").text
    assert (
        f'id="fill-in-{saved.ask_id}-region"' in page and f'id="fill-in-{saved.ask_id}-country"' not in page
    )
    amina.post(f"/live/{hold}/fill-in", given | {"region": ""})
    assert "Choose a region or a country" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/fill-in", given)
    assert "looked at again at once" in words_of(amina.get("/live"))
    with db.transaction() as session:
        assert session.scalars(select(Request.region)).one() == "veneto"
    amina.post(f"/live/{hold}/fill-in", given)
    assert "It is known by now" in words_of(amina.get("/live"))
    assert f"fill-in-{saved.ask_id}" not in amina.get("/live").text


# ------------------------------------------------------------ notes, and how it went


def test_a_note_is_kept_encrypted_whatever_is_pressed_and_stands_with_what_was_asked(amina):
    hold = in_a_call(amina)
    amina.post(f"/live/{hold}/note", {"note": "speaks French too"}, headers={"HX-Request": "true"})
    amina.post(f"/live/{hold}/code", {"code": "0000"})
    assert "speaks French too" in amina.get("/live").text
    with db.engine().connect() as connection:
        held = connection.execute(text("SELECT note FROM holds")).scalar_one()
    assert b"French" not in bytes(held)
    assert lines("wrote_note") == [(amina.who.in_audit, "wrote_note", f"hold {hold}")]
    amina.post(f"/live/{hold}/ask/callback", {"where": "own", "window": "any"})
    over(hold)
    amina.post(f"/live/{hold}/close", {"outcome": "written_down", "note": "speaks French well"})
    with db.transaction() as session:
        row = session.scalars(select(Hold)).one()
        assert (row.outcome, row.person_id, row.note) == ("written_down", None, "speaks French well")
        callback = session.scalars(select(Callback.id)).one()
    cora = Visitor(amina.app).sign_in("cora", roles=[Role.COORDINATOR], locale="en")
    page = cora.get(f"/callbacks/{callback}")
    assert "speaks French well" in page.text and "in the live call" in words_of(page)
    assert lines("read_notes") == [(cora.who.in_audit, "read_notes", f"callback {callback}")]
    bruno = Visitor(amina.app).sign_in("bruno", roles=[Role.OPERATOR], languages=["ar"], locale="en")
    assert "speaks French well" not in bruno.get(f"/callbacks/{callback}").text


def test_how_it_went_is_said_after_the_talk_and_what_was_not_saved_is_not_written_down(amina):
    hold = in_a_call(amina)
    amina.post(f"/live/{hold}/close", {"outcome": "helped"})
    assert "You are still talking" in words_of(amina.get("/live"))
    over(hold)
    amina.post(f"/live/{hold}/close", {"outcome": "written_down"})
    assert "Nothing was saved in this talk" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/close", {"outcome": "everything"})
    assert "Say how it went" in words_of(amina.get("/live"))
    amina.post(f"/live/{hold}/close", {"outcome": "helped"})
    assert "Your call" not in words_of(amina.get("/live"))


def test_a_note_of_a_call_is_forgotten_a_month_after_what_was_asked_in_it_is_closed(amina):
    asked_in, without = in_a_call(amina), None
    amina.post(f"/live/{asked_in}/note", {"note": "one"})
    amina.post(f"/live/{asked_in}/ask/callback", {"where": "own", "window": "any"})
    over(asked_in)
    without = in_a_call(amina, sid="CA2", number="+393330000077")
    amina.post(f"/live/{without}/note", {"note": "two"})
    over(without)
    rows.later(days=31)
    retention.purge_all()
    assert (note_of(asked_in), note_of(without)) == ("one", None)
    with db.transaction() as session:
        asks_of.cancel(session, session.scalars(select(Ask)).one())
    rows.later(days=31)
    retention.purge_all()
    assert note_of(asked_in) is None
