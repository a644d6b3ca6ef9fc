"""What belongs to a call belongs to whoever holds it: a colleague is refused everywhere, before anything is done."""

import pytest
from sqlalchemy import select, text

from helpline import db
from helpline.callbacks import desk, dialling
from helpline.callbacks.desk import Stale
from helpline.calls.models import Clip
from helpline.db import Base
from helpline.intake import conversion, sheets
from helpline.intake.models import Ask
from helpline.live import interpreters as thirds
from helpline.live.models import Hold
from helpline.people import audit
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from tests.integration import queue_rows as rows
from tests.integration import routing_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.queue_rows import asked, claimed, do, person
from tests.integration.test_console_live import in_a_call

pytestmark = pytest.mark.usefixtures("database")

OWN_LIVES = {"sessions", "at_desks", "people"}
"""What changes whenever somebody looks: their own session, that they sit there."""

THEIRS = {"callbacks.claim", "callbacks.take_over", "callbacks.sheet"}
"""What a colleague may do with it: look at the outside, be told who has it, ask for it (never in a call)."""

SECRET, NUMBER = "a note for the next one", "+393330000321"


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()
    with db.transaction() as session:
        routing_rows.entity(session, "e1", places=5)


def began(one, who):
    """The two talk, and nobody knows yet who it is; claim and attempt."""
    claim = claimed(one, who)
    do(desk.attempt_answered, do(desk.attempt_began, one, claim.claim_no))
    return claim, rows.on_the_line(one)


def everything():
    """All that is kept, table by table, but for what belongs to who looks."""
    with db.engine().connect() as connection:
        return {
            name: connection.execute(
                text(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{name}" t')
            ).scalar()
            for name in Base.metadata.tables
            if name not in OWN_LIVES
        }


def lines(*what):
    with db.transaction() as session:
        found = [(line.who, line.what, line.about) for line in audit.listed(session) if line.what in what]
        return found[::-1]


# ------------------------------------------------------------ every route


@pytest.fixture
def talk(settings):
    """Amina talks with somebody whom she called back, and Dina with somebody who rang: application, ids, answers."""
    app = application(settings)
    amina = Visitor(app).sign_in("amina", roles=[Role.OPERATOR], languages=["bn"], locale="en")
    dina = Visitor(app).sign_in("dina", roles=[Role.OPERATOR], languages=["ar"], locale="en")
    one = asked(number=NUMBER, call="CA1")
    claim, attempt = began(one, amina.who)
    do(desk.add_note, one, amina.who, SECRET)
    hold = in_a_call(dina, sid="CA2")
    with db.transaction() as session:
        clip = Clip(call_sid="CA1", recording_sid="RE1", state="held", audio=b"RIFF voice", seconds=4)
        session.add(clip)
        session.flush()
        room = dialling._room(session, attempt)
        number = PhoneNumber("+393330000555")
        dialling.add_interpreter(session, attempt, number, language="fr", who=amina.who)
        session.get_one(Hold, hold).room = room  # a live talk whose caller waits outside, too
        code = session.scalars(select(Ask.code)).one()
        ids = {"callback_id": one, "hold_id": hold, "clip_id": clip.id, "kind": "request"}
    answers = {
        "claim_no": claim.claim_no, "code": code, "why": "curious", "note": "a note of mine", "outcome": "helped",
        "telephone": "333 0000888", "language": "bn", "where": "own", "window": "any", "adult": "yes",
        "whom": "self", "agreed": "yes", "waits": "yes", "version": conversion.consent("bn").version,
    }  # fmt: skip
    return app, ids, answers


def routes(app):
    """Every route of a callback or a live call: its name, method and address of the real thing."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if {"callback_id", "hold_id"} & rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield rule, method


@pytest.mark.long  # goes to every route
def test_a_colleague_is_refused_on_every_route_of_anothers_call_and_changes_nothing(talk):
    app, ids, answers = talk
    found = list(routes(app))
    assert len(found) >= 25
    for rule, method in found:
        bruno = Visitor(app).sign_in(
            f"bruno{rule.endpoint}{method}".lower(),
            roles=[Role.OPERATOR],
            languages=["bn", "ar"],
            locale="en",
        )
        _, address = rule.build(ids, append_unknown=False)
        where = f"{method} {address}"
        before = everything()
        answer = bruno.get(address) if method == "GET" else bruno.post(address, answers)
        assert everything() == before, where
        said = answer.text + (bruno.get(answer.location).text if answer.status_code == 303 else "")
        assert not [secret for secret in (SECRET, NUMBER, answers["code"]) if f">{secret}" in said], where
        if rule.endpoint in THEIRS:
            continue
        if answer.status_code == 303:
            assert 'class="notice bad' in said, where
        else:
            assert answer.status_code in {204, 403, 404}, where


def test_without_the_walk_no_route_is_forgotten(talk):
    app, _, _ = talk
    walked = {rule.endpoint for rule, _ in routes(app)}
    assert {
        f"callbacks.{one}" for one in ("code", "stop", "bridge", "reveal", "note", "urgent", "clip")
    } < walked
    assert {f"live.{one}" for one in ("interpreter", "bridge", "dismiss", "close", "ask")} < walked


# ------------------------------------------------------------ the services themselves


def test_every_act_in_a_talk_asks_the_service_who_holds_it():
    one, amina, bruno = asked(), person(), person("Bruno")
    _, attempt = began(one, amina)
    number = PhoneNumber("+393330000555")
    acts = [
        (dialling.code_given, (one, bruno, "0000"), {}),
        (dialling.recognised_without_code, (one, bruno), {}),
        (dialling.stop, (one, bruno), {}),
        (dialling.add_interpreter, (attempt, number), {"language": "fr", "who": bruno}),
        (dialling.bridge, (attempt, bruno), {}),
        (dialling.dismiss_interpreter, (attempt, bruno), {}),
        (desk.add_note, (one, bruno, "mine"), {}),
        (desk.mark_urgent, (one, bruno, "why"), {}),
        (sheets.reveal, (one, bruno), {"why": "curious"}),
        (sheets.listen, (one, 1, bruno), {}),
        (conversion.words_for, (one, bruno), {}),
    ]
    before = everything()
    for act, words, more in acts:
        with pytest.raises(Stale) as caught:
            do(act, *words, **more)
        assert caught.value.holder == amina.id, act.__name__
    assert everything() == before


def test_a_coordinator_may_end_a_call_mark_it_and_read_about_it_but_not_speak_in_it():
    one, amina, cora = asked(), person(), person("Cora", roles=("coordinator",))
    _, attempt = began(one, amina)
    for act, words in ((dialling.code_given, (one, cora, "0000")), (dialling.bridge, (attempt, cora))):
        with pytest.raises(Stale):
            do(act, *words)
    do(desk.mark_urgent, one, cora, "leaves tomorrow")
    assert do(sheets.reveal, one, cora, why="a complaint").e164
    assert do(dialling.stop, one, cora)
    assert lines("marked_urgent", "revealed", "stopped_call") == [
        (cora.in_audit, what, f"callback {one}") for what in ("marked_urgent", "revealed", "stopped_call")
    ]


def test_what_is_done_in_a_talk_leaves_a_line_each():
    one, amina = asked(), person()
    _, attempt = began(one, amina)
    do(desk.add_note, one, amina, "speaks Hindi too")
    do(dialling.add_interpreter, attempt, PhoneNumber("+393330000555"), language="fr", who=amina)
    assert do(dialling.bridge, attempt, amina)
    assert do(dialling.dismiss_interpreter, attempt, amina)
    assert not do(dialling.dismiss_interpreter, attempt, amina)
    assert do(dialling.stop, one, amina)
    acts = ("wrote_note", "called_interpreter", "let_caller_in", "dismissed_interpreter", "stopped_call")
    assert lines(*acts) == [(amina.in_audit, what, f"callback {one}") for what in acts]


def test_what_is_done_in_a_live_talk_leaves_a_line_each(settings):
    dina = Visitor(application(settings)).sign_in("dina", roles=[Role.OPERATOR], languages=["ar"]).who
    one = asked()
    _, attempt = began(one, person())
    hold = in_a_call(type("Its", (), {"who": dina}), sid="CA2")
    with db.transaction() as session:
        session.get_one(Hold, hold).room = dialling._room(session, attempt)
    do(thirds.add, hold, PhoneNumber("+393330000555"), language="fr", who=dina)
    assert do(thirds.bridge, hold, dina) and do(thirds.dismiss, hold, dina)
    acts = ("called_interpreter", "let_caller_in", "dismissed_interpreter")
    assert lines(*acts) == [(dina.in_audit, what, f"hold {hold}") for what in acts]
    with pytest.raises(thirds.NotTalking):
        do(thirds.bridge, hold, person("Bruno"))


def test_notes_are_read_by_the_holder_and_coordinators_and_that_leaves_a_line():
    one, amina, omar, cora = asked(), person(), person("Omar"), person("Cora", roles=("coordinator",))
    claim = claimed(one, amina)
    do(desk.add_note, one, amina, "wants to hear about Dhaka")
    assert [note.text for note in do(desk.read_notes, one, amina)] == ["wants to hear about Dhaka"]
    assert do(desk.read_notes, one, omar) == []
    assert lines("read_notes") == [], "one's own note is no news"
    for _ in range(3):
        assert len(do(desk.read_notes, one, cora)) == 1
    assert lines("read_notes") == [(cora.in_audit, "read_notes", f"callback {one}")]
    rows.later(minutes=31)
    do(desk.read_notes, one, cora)
    rows.later(seconds=1)
    do(desk.release, one, amina, claim.claim_no) if do(desk.beat, one, amina, claim.claim_no) else None
    claimed(one, omar)
    assert len(do(desk.read_notes, one, omar)) == 1
    assert [who for who, _, _ in lines("read_notes")] == [cora.in_audit, cora.in_audit, omar.in_audit]


def test_the_page_shows_notes_and_deeds_only_to_those_whom_they_are_for(settings):
    app, one = application(settings), asked()
    amina = Visitor(app).sign_in("amina", roles=[Role.OPERATOR], languages=["bn"], locale="en")
    bruno = Visitor(app).sign_in("bruno", roles=[Role.OPERATOR], languages=["bn"], locale="en")
    cora = Visitor(app).sign_in("cora", roles=[Role.COORDINATOR], locale="en")
    amina.post(f"/callbacks/{one}/claim")
    amina.post(f"/callbacks/{one}/note", {"note": SECRET})
    for who, sees in ((amina, True), (bruno, False), (cora, True)):
        page = who.get(f"/callbacks/{one}")
        assert (SECRET in page.text, "Mark urgent" in words_of(page)) == (sees, sees)
    assert lines("read_notes") == [(cora.who.in_audit, "read_notes", f"callback {one}")]
