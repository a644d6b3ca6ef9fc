"""The page of those who answer: being there, and what the person on the line asks for, saved from the sheet."""

import re

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.callbacks.models import Callback
from helpline.calls import journeys
from helpline.intake import asks as asks_of
from helpline.intake import conversion, taking_back
from helpline.intake.models import Agreement, Ask
from helpline.live.models import Hold, HoldState
from helpline.people import audit
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
FROM = "+393330000001"


@pytest.fixture
def amina(settings, at, database):
    at(rows.TUESDAY)
    rows.always()
    return Visitor(application(settings)).sign_in(
        "amina", roles=[Role.OPERATOR], languages=["ar"], locale="en"
    )


def in_a_call(who, *, sid="CA1", number=FROM, language="ar", minor=False):
    """A call that somebody has taken; the hold's id."""
    with db.transaction() as session:
        journeys.begin(session, sid, PhoneNumber(number) if number else None, "+39800000000")
        hold = Hold(
            call_sid=sid, language=language, minor=minor, state=HoldState.TALKING, person_id=who.who.id,
            queued_since=clock.now(), room="room",
        )  # fmt: skip
        session.add(hold)
        session.flush()
        return hold.id


def asks():
    with db.transaction() as session:
        return [(ask.kind, ask.window, ask.language) for ask in session.scalars(select(Ask))]


def test_outside_of_ones_shift_nobody_is_rung_and_the_page_says_so(amina):
    assert "You have no shift now" in words_of(amina.get("/live"))
    amina.post("/live/ready")
    assert "calls are offered only during" in words_of(amina.get("/live"))


def test_the_page_shows_the_call_one_is_in_and_no_number(amina):
    in_a_call(amina)
    page = amina.get("/live")
    assert "Your call" in words_of(page) and "3330000001" not in page.text
    assert "They rang us: for information" in words_of(page) and "why we call" not in words_of(page)


def code_of(ask_id):
    with db.transaction() as session:
        return session.get_one(Ask, ask_id).code


def ask_of(callback):
    return rows.of(callback).ask_id


def lines(*what):
    with db.transaction() as session:
        found = [(line.who, line.what, line.about) for line in audit.listed(session) if line.what in what]
        return found[::-1]


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


def over(hold):
    with db.transaction() as session:
        row = session.get_one(Hold, hold)
        row.state, row.ended_at = HoldState.DONE, clock.now()


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


# ------------------------------------------------------------ who is on the line


def recognised(hold):
    with db.transaction() as session:
        return session.get_one(Hold, hold).recognised


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


# ------------------------------------------------------------ notes, and how it went


def note_of(hold):
    with db.transaction() as session:
        return session.get_one(Hold, hold).note


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


def test_a_call_back_in_the_talk_can_be_handed_over_to_another_language(amina):
    hold = in_a_call(amina)
    given = {"where": "own", "window": "any", "language": "fr"}
    assert amina.post(f"/live/{hold}/ask/callback", given).status_code == 200
    assert asks() == [("callback", "any", "fr")]
