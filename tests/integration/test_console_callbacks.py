"""The callback queue's pages, on a real database: what an operator does from opening the list to closing an item."""

import re

import pytest
from sqlalchemy import select, text

from helpline import db
from helpline.callbacks import desk, queue, recognising
from helpline.calls.models import Clip
from helpline.intake import asks, conversion, reaching
from helpline.intake.models import Ask
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.routing.models import Request
from tests.integration import intake_rows
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.queue_rows import asked, do, later, of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


@pytest.fixture
def app(settings):
    return application(settings)


def visitor(app, login="amina", *, roles=(Role.OPERATOR,), languages=("bn",), **more):
    return Visitor(app).sign_in(login, roles=roles, languages=languages, locale="en", **more)


def claim_no(page):
    return int(re.search(r'name="claim_no" value="(\d+)"', page.text)[1])


def taken(one, who):
    """The sheet of a callback that somebody has just taken, and the number of the claim."""
    who.post(f"/callbacks/{one}/claim")
    page = who.get(f"/callbacks/{one}")
    return page, claim_no(page)


def audit():
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).order_by(AuditLine.id))
        return [(line.who, line.what, line.about) for line in lines]


def test_the_list_shows_ones_own_languages_with_reasons_and_no_number(app):
    mine, other = asked("bn", number="+393330000001"), asked("hi")
    page = visitor(app).get("/callbacks")
    assert f'id="row-{mine}"' in page.text and f'id="row-{other}"' not in page.text
    assert "window: any time" in words_of(page)
    assert "•••• 001" in page.text and "3330000001" not in page.text
    assert f'id="row-{other}"' in visitor(app, "second").get("/callbacks?language=all").text


def test_who_is_in_somebodys_hands_is_counted_with_the_others_and_not_said_to_have_no_time(app):
    taken(asked(), visitor(app))
    cora = visitor(app, "cora", roles=(Role.COORDINATOR,), languages=())
    for page in map(words_of, (cora.get("/callbacks"), cora.get("/callbacks?language=all"))):
        assert "My languages 1 All 1" in page and "Bangla 1" in page
        assert "no time soon" not in page


def test_next_for_me_opens_the_sheet_of_the_next_one(app):
    one, amina = asked(), visitor(app)
    answer = amina.post("/callbacks/next")
    assert answer.status_code == 303 and answer.location == f"/callbacks/{one}"
    assert of(one).holder_id == amina.who.id
    sheet = amina.get(f"/callbacks/{one}")
    assert "Before you say anything" in words_of(sheet)
    assert 'href="/handbook/callback"' in sheet.text and 'href="/handbook/outcomes"' in sheet.text


def test_with_nobody_to_ring_next_says_so(app):
    amina = visitor(app)
    amina.post("/callbacks/next")
    assert "Nobody can be rung now" in words_of(amina.get("/callbacks"))


def test_whoever_comes_second_is_told_who_has_it(app):
    one = asked()
    visitor(app, "amina").post(f"/callbacks/{one}/claim")
    basma = visitor(app, "basma")
    basma.post(f"/callbacks/{one}/claim")
    page = words_of(basma.get(f"/callbacks/{one}"))
    assert "Amina has it" in page and "How it went" not in page


def test_how_it_went_closes_the_item_and_leads_to_the_next(app):
    one, amina = asked(), visitor(app)
    _, number = taken(one, amina)
    answer = amina.post(
        f"/callbacks/{one}/outcome", {"outcome": "helped", "claim_no": number, "note": "a note"}
    )
    assert (answer.status_code, answer.location) == (303, "/callbacks")
    assert of(one).state == "done"
    assert "a note" in words_of(amina.get(f"/callbacks/{one}"))


def test_an_outcome_that_comes_too_late_is_refused_and_says_who_has_it(app):
    one, amina, basma = asked(), visitor(app), visitor(app, "basma")
    _, number = taken(one, amina)
    later(minutes=5)
    taken(one, basma)
    amina.post(f"/callbacks/{one}/outcome", {"outcome": "helped", "claim_no": number})
    assert of(one).state == "claimed"
    assert "Not noted: Basma has it by now" in words_of(amina.get(f"/callbacks/{one}"))


def test_an_outcome_without_its_word_is_asked_for_again_and_keeps_what_was_typed(app):
    one, amina = asked(), visitor(app)
    _, number = taken(one, amina)
    answer = amina.post(
        f"/callbacks/{one}/outcome", {"claim_no": number, "note": "typed already", "follow_up": "soon"}
    )
    assert answer.status_code == 422
    assert "Choose one of these" in words_of(answer) and "Choose a day" in words_of(answer)
    assert "typed already" in answer.text


def test_what_cannot_be_noted_is_said_in_words_beside_its_field(app):
    one, amina = asked(), visitor(app)
    _, number = taken(one, amina)

    def said(**given):
        answer = amina.post(
            f"/callbacks/{one}/outcome", {"claim_no": number, "note": "typed already"} | given
        )
        assert answer.status_code == 422 and "typed already" in answer.text
        assert not [raw for raw in ("follow_up:", "language:", "outcome:") if raw in words_of(answer)]
        return words_of(answer)

    assert "On this day they cannot be rung" in said(outcome="helped", follow_up="2020-01-01")
    assert "leave the day out" in said(outcome="stop_calling", follow_up="2026-11-27")
    assert "Choose another language" in said(outcome="other_language", language="bn")
    assert "No request has been saved" in said(outcome="request_made")
    attempt = do(desk.attempt_began, one, number)
    assert "The telephone still rings" in said(outcome="no_answer")
    do(desk.attempt_ended, attempt, "taken_back")
    # Chosen in the dialog, which was closed again: it goes with "another language" alone.
    amina.post(f"/callbacks/{one}/outcome", {"claim_no": number, "outcome": "helped", "language": "hi"})
    assert of(one).state == "done"


def test_a_page_that_lost_its_claim_looks_again_by_itself(app):
    one, amina = asked(), visitor(app)
    _, number = taken(one, amina)
    assert "HX-Refresh" not in amina.post(f"/callbacks/{one}/beat", {"claim_no": number}).headers
    later(minutes=5)
    assert amina.post(f"/callbacks/{one}/beat", {"claim_no": number}).headers["HX-Refresh"] == "true"


def test_to_take_over_leaves_a_trace(app):
    one, amina, basma = asked(), visitor(app), visitor(app, "basma")
    taken(one, amina)
    basma.post(f"/callbacks/{one}/take-over")
    assert of(one).holder_id == basma.who.id
    assert (f"person {basma.who.id}", "took_over", f"callback {one}") in audit()


def test_the_number_is_shown_for_a_reason_that_is_written_down(app):
    one, amina = asked(number="+393330000001"), visitor(app)
    taken(one, amina)
    assert amina.post(f"/callbacks/{one}/number", {"why": ""}).status_code == 422
    for telling in ("anna@ente.example asked", "they are 333 0000001"):
        assert amina.post(f"/callbacks/{one}/number", {"why": telling}).status_code == 422
    assert audit()[-1][1] != "revealed"
    assert "+393330000001" in amina.post(f"/callbacks/{one}/number", {"why": "they dictated another"}).text
    assert audit()[-1] == (f"person {amina.who.id}", "revealed", f"callback {one}")


def test_only_who_handles_it_hears_what_was_said_and_each_listening_is_written_down(app):
    one = asked(call="CA1")
    with db.transaction() as session:
        clip = Clip(call_sid="CA1", recording_sid="RE1", state="held", audio=b"RIFF voice", seconds=4)
        session.add(clip)
        session.flush()
        where = f"/callbacks/{one}/clips/{clip.id}.wav"
    amina, basma = visitor(app), visitor(app, "basma")
    taken(one, amina)
    assert basma.get(where).status_code == 403
    heard = amina.get(where)
    assert (heard.data, heard.mimetype) == (b"RIFF voice", "audio/wav")
    assert heard.headers["Cache-Control"] == "no-store"
    assert audit()[-1] == (f"person {amina.who.id}", "listened", f"clip {clip.id}")


def test_marked_urgent_needs_a_reason_and_is_shown_with_it(app):
    one, amina = asked(), visitor(app)
    taken(one, amina)
    assert amina.post(f"/callbacks/{one}/urgent", {"why": " "}).status_code == 422
    amina.post(f"/callbacks/{one}/urgent", {"why": "leaves tomorrow"})
    assert "marked urgent" in words_of(amina.get("/callbacks"))
    assert "leaves tomorrow" in words_of(amina.get(f"/callbacks/{one}"))


def test_a_callback_that_there_is_not_is_not_found_but_only_for_those_who_may_look(app):
    assert visitor(app).get("/callbacks/999").status_code == 404
    assert Visitor(app).get("/callbacks/999").location.startswith("/sign-in")


def talking(one, who):
    _, number = taken(one, who)
    attempt = do(desk.attempt_began, one, number)
    do(desk.attempt_answered, attempt)
    return rows.on_the_line(one)


def test_the_questions_of_a_request_are_put_once_one_knows_whom_one_talks_with(app):
    one, amina = asked("ar"), visitor(app, languages=["ar"])
    attempt = talking(one, amina)
    assert '<p id="to-request" hidden>' in amina.get(f"/callbacks/{one}").text
    assert amina.get(f"/callbacks/{one}/request").status_code == 303
    assert "you do not know yet who it is" in words_of(amina.get(f"/callbacks/{one}"))
    amina.post(f"/callbacks/{one}/recognised")
    assert '<p id="to-request">' in amina.get(f"/callbacks/{one}").text
    page = amina.get(f"/callbacks/{one}/request")
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page.text)[1]
    rows.hung_up(attempt)
    again = amina.post(f"/callbacks/{one}/request", {"shown": shown})
    assert again.status_code == 422 and f'name="shown" value="{shown}"' in again.text


def test_after_hanging_up_no_code_is_taken_and_nobody_is_recognised(app):
    one, amina = asked("ar"), visitor(app, languages=["ar"])
    attempt = talking(one, amina)
    deeds = (("code", {"code": "0000"}), ("recognised", {}))
    page = amina.get(f"/callbacks/{one}")
    assert all(f'action="/callbacks/{one}/{what}"' in page.text for what, _ in deeds)
    rows.hung_up(attempt)
    page = amina.get(f"/callbacks/{one}")
    assert "You have talked. Say how it went." in words_of(page)
    assert not any(f'action="/callbacks/{one}/{what}"' in page.text for what, _ in deeds)
    assert "Say nothing about the matter yet" not in words_of(page)
    for what, given in deeds:
        assert amina.post(f"/callbacks/{one}/{what}", given).status_code == 303
        assert "You are not talking with the person now" in words_of(amina.get(f"/callbacks/{one}"))
    with db.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM code_tries")).scalar() == 0
    assert not do(recognising.may_discuss, one)
    assert {"code_tried", "recognised_without_code"}.isdisjoint(what for _, what, _ in audit())


def test_a_request_is_made_with_words_read_in_the_callers_language(app):
    one, amina = asked("ar"), visitor(app, languages=["ar"])
    talking(one, amina)
    do(recognising.recognised_without_code, one, amina.who)
    page = amina.get(f"/callbacks/{one}/request")
    words = conversion.consent("ar")
    assert f'lang="ar" dir="rtl">{words.words[0]}' in page.text
    refused = amina.post(
        f"/callbacks/{one}/request",
        {"adult": "no", "whom": "other", "agreed": "no", "version": words.version},
    )
    assert refused.status_code == 422
    assert all(
        sentence in words_of(refused)
        for sentence in ("Under 18", "Nobody agrees for somebody else", "Without")
    )
    answers = {
        "adult": "yes",
        "whom": "self",
        "agreed": "yes",
        "waits": "yes",
        "country": "MA",
        "version": words.version,
    }
    assert amina.post(f"/callbacks/{one}/request", answers).status_code == 303
    assert of(one).state == "done"


def test_whoever_talks_with_somebody_fills_in_where_they_are_once_they_know_who_it_is(app):
    amina = visitor(app, languages=["bn"])
    saved = intake_rows.save_request("CA77", intake_rows.said("+393330000077", whom="self", country="BD"))
    with db.transaction() as session:
        request_id = session.scalars(select(Request.id)).one()
        reaching.call_them(session, request_id, amina.who, why="promised")
        one = queue.of_ask(session, saved.ask_id).id
    attempt = talking(one, amina)
    given = {"region": "veneto", "why": "they said so"}
    assert 'id="fill-in"' not in amina.get(f"/callbacks/{one}").text
    amina.post(f"/callbacks/{one}/fill-in", given)
    amina.post(f"/callbacks/{one}/recognised")
    page = amina.get(f"/callbacks/{one}").text
    assert 'id="fill-in-region"' in page and 'id="fill-in-country"' not in page, "only what is open"
    amina.post(f"/callbacks/{one}/fill-in", given | {"why": ""})
    with db.transaction() as session:
        assert session.get_one(Request, request_id).region is None
    amina.post(f"/callbacks/{one}/fill-in", given)
    assert "looked at again at once" in words_of(amina.get(f"/callbacks/{one}"))
    with db.transaction() as session:
        assert session.get_one(Request, request_id).region == "veneto"
    assert 'id="fill-in"' not in amina.get(f"/callbacks/{one}").text
    rows.hung_up(attempt)


def test_who_was_signalled_is_told_a_code_that_the_signaller_does_not_know(app):
    one, amina = asked("ar"), visitor(app, languages=["ar"])
    with db.transaction() as session:
        ask = session.scalars(select(Ask)).one()
        ask.source, old = "signal", ask.code
    talking(one, amina)
    do(recognising.recognised_without_code, one, amina.who)
    version = re.search(r'name="version" value="([^"]+)"', amina.get(f"/callbacks/{one}/request").text)[1]
    answers = {"adult": "yes", "whom": "self", "agreed": "yes", "waits": "yes", "version": version}
    shown = words_of(amina.post(f"/callbacks/{one}/request", answers))
    with db.transaction() as session:
        ask = session.scalars(select(Ask)).one()
        assert ask.code != old and " ".join(ask.code) in shown
        assert asks.state_of(session, ask) == "waiting"


def test_coordinators_see_what_needs_a_look_and_operators_do_not(app):
    asked(promised_on=None)
    assert visitor(app).get("/callbacks/concerns").status_code == 403
    assert visitor(app, "cora", roles=[Role.COORDINATOR]).get("/callbacks/concerns").status_code == 200
