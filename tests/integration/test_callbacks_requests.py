"""In the talk a callback becomes a request: by the keypad's questions and an agreement that a person heard."""

import pytest
from sqlalchemy import select

from helpline import db
from helpline.callbacks import desk, recognising
from helpline.callbacks.desk import Stale
from helpline.faults import Faults
from helpline.intake import asks, conversion
from helpline.intake.conversion import Answers, Refused
from helpline.intake.endings import close_settled_asks
from helpline.intake.models import Agreement, Ask
from helpline.people.models import AuditLine
from helpline.routing.models import Request
from tests.integration import queue_rows as rows
from tests.integration import routing_rows
from tests.integration.queue_rows import asked, claimed, do, of, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()
    with db.transaction() as session:
        routing_rows.entity(session, "e1", places=5)


def answers(**more):
    said = {"adult": True, "whom": "self", "agreed": True, "region": "lazio", "country": "BD"}
    return Answers(**said | {"consent_version": conversion.consent("bn").version} | more)


def talking(one, who):
    claim = claimed(one, who)
    do(desk.attempt_answered, do(desk.attempt_began, one, claim.claim_no))
    rows.on_the_line(one, recognised="code")
    return claim


def only(model):
    with db.transaction() as session:
        return session.scalars(select(model)).one()


def test_an_adult_who_agrees_aloud_has_a_request_with_the_same_code():
    one, amina = asked(), person()
    code = only(Ask).code
    talking(one, amina)
    saved = do(conversion.to_request, one, amina, answers())
    assert (saved.code, saved.ask_id) == (code, only(Ask).id)
    agreement, request = only(Agreement), only(Request)
    version = conversion.consent("bn").version
    assert (agreement.text_version, agreement.heard_by, agreement.language) == (version, amina.id, "bn")
    assert version.startswith("oral ")
    assert (request.agreement_id, request.group, request.region, request.country) == (
        agreement.id,
        "self",
        "lazio",
        "BD",
    )
    assert (of(one).state, only(Ask).kind) == ("done", "request")
    with db.transaction() as session:
        assert session.scalars(select(AuditLine.what).where(AuditLine.what != "moved")).all() == [
            "made_request"
        ]
        assert asks.state_of(session, session.scalars(select(Ask)).one()) == "waiting"
    assert (close_settled_asks(), only(Ask).closed_at) == (0, None)


def test_the_words_that_are_read_are_those_that_callers_hear():
    said = conversion.consent("en")
    assert said.words[0].startswith("We ask organizations if they have a place for you.")
    assert len({conversion.consent(language).version for language in ("it", "en", "bn")}) == 3


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"adult": False}, "minor"),
        ({"whom": "other"}, "for_somebody_else"),
        ({"agreed": False}, "not_agreed"),
        ({"consent_version": "oral 000000000000"}, "words_changed"),
    ],
)
def test_without_the_own_agreement_of_an_adult_there_is_no_request(more, reason):
    one, amina = asked(), person()
    talking(one, amina)
    assert do(conversion.to_request, one, amina, answers(**more)) == Refused((reason,))
    with db.transaction() as session:
        assert session.scalars(select(Request)).all() == session.scalars(select(Agreement)).all() == []
    assert of(one).state == "talking"


def test_who_said_to_be_under_eighteen_stays_out_whatever_is_ticked():
    one, amina = asked(minor=True), person()
    talking(one, amina)
    assert do(conversion.to_request, one, amina, answers()) == Refused(("minor",))


def test_nobody_agrees_without_having_been_talked_to():
    one, amina = asked(), person()
    claimed(one, amina)
    assert do(conversion.to_request, one, amina, answers()) == Refused(("not_talking",))


def test_without_a_place_the_person_is_asked_whether_to_wait():
    one, amina = asked(), person()
    talking(one, amina)
    with db.transaction() as session:
        for project in session.scalars(select(routing_rows.Project)):
            project.paused_reason = "full"
            project.places_total = 0
    assert do(conversion.to_request, one, amina, answers()) == Refused(("no_place",))
    assert do(conversion.to_request, one, amina, answers(waits=True)).code
    assert only(Ask).waits_without_place


def test_only_who_holds_it_makes_a_request_of_it():
    one, amina = asked(), person()
    talking(one, amina)
    with pytest.raises(Stale) as caught:
        do(conversion.to_request, one, person("Omar"), answers())
    assert caught.value.holder == amina.id


def test_all_faults_of_the_answers_are_told_at_once():
    one, amina = asked(), person()
    talking(one, amina)
    with pytest.raises(Faults) as caught:
        do(conversion.to_request, one, amina, answers(whom="cousin", region="bavaria", country="XX"))
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["whom", "region", "country"]


# ------------------------------------------------------------ whom one talks with, and when


def answered(one, who, **more):
    """The two talk; the attempt's id."""
    do(desk.attempt_answered, do(desk.attempt_began, one, claimed(one, who).claim_no))
    return rows.on_the_line(one, **more)


def shown(one, who):
    """The proof that the words were there, as the page that shows them carries it."""
    words = do(conversion.words_for, one, who)
    assert isinstance(words, conversion.Consent), words
    return words.shown


def nothing_is_kept():
    with db.transaction() as session:
        return session.scalars(select(Request)).all() == session.scalars(select(Agreement)).all() == []


def test_nobody_agrees_who_was_not_recognised_as_the_one_who_asked():
    one, amina = asked(), person()
    answered(one, amina)
    assert do(conversion.words_for, one, amina) == Refused(("not_recognised",))
    assert not do(conversion.may_ask, one, amina)
    assert do(conversion.to_request, one, amina, answers()) == Refused(("not_recognised",))
    assert nothing_is_kept()
    do(recognising.recognised_without_code, one, amina)
    assert do(conversion.may_ask, one, amina)
    assert do(conversion.to_request, one, amina, answers()).code


def test_what_was_agreed_in_the_talk_may_be_written_down_for_ten_minutes_after_it():
    one, amina = asked(), person()
    attempt = answered(one, amina, recognised="words")
    proof = shown(one, amina)
    rows.hung_up(attempt)
    rows.later(minutes=9)
    assert do(conversion.to_request, one, amina, answers(shown=proof)).code


def test_later_than_that_nobody_agrees_to_anything():
    one, amina = asked(), person()
    attempt = answered(one, amina, recognised="code")
    proof = shown(one, amina)
    rows.hung_up(attempt)
    rows.later(minutes=11)
    assert do(conversion.words_for, one, amina) == Refused(("not_talking",))
    assert do(conversion.to_request, one, amina, answers(shown=proof)) == Refused(("not_talking",))
    assert nothing_is_kept() and of(one).state == "talking"


def test_words_that_come_up_after_the_talk_were_read_to_nobody():
    one, amina, other = asked(), person(), person("Omar")
    attempt = answered(one, amina, recognised="code")
    elsewhere = asked()
    answered(elsewhere, other, recognised="code")
    foreign = shown(elsewhere, other)
    rows.hung_up(attempt)
    assert shown(one, amina) == ""
    for proof in ("", foreign, "x"):
        refused = do(conversion.to_request, one, amina, answers(shown=proof))
        assert refused == Refused(("not_read",)), proof
    assert nothing_is_kept()


def test_who_takes_it_over_after_the_talk_has_heard_nobody_agree():
    one, amina, omar = asked(), person(), person("Omar")
    attempt = answered(one, amina, recognised="code")
    rows.hung_up(attempt)
    do(desk.take_over, one, omar)
    assert do(conversion.to_request, one, omar, answers()) == Refused(("not_talking",))
    with pytest.raises(Stale):
        do(conversion.words_for, one, amina)
