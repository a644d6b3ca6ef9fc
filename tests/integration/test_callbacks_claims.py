"""Who has which callback: one person at a time, for two minutes at a time, and everybody can see how it came to that."""

import pytest
from sqlalchemy import select, update

from helpline import db
from helpline.callbacks import desk
from helpline.callbacks.desk import Claim, Held, Occupied, Stale
from helpline.callbacks.models import AtDesk, Callback
from helpline.people.models import AuditLine
from tests.integration import queue_rows as rows
from tests.integration.intake_rows import at_once
from tests.integration.queue_rows import asked, claimed, do, later, of, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _open(database, at):
    at(rows.TUESDAY)
    rows.always()


def why_of(callback_id):
    return [(event.before, event.after, event.who, event.why) for event in do(desk.history, callback_id)]


def test_the_next_one_is_shown_and_then_claimed():
    one, amina = asked(), person()
    assert do(desk.next_for, amina).id == one
    claim = do(desk.claim_next, amina)
    assert (claim.callback_id, claim.claim_no) == (one, 1)
    assert (of(one).state, of(one).holder_id) == ("claimed", amina.id)
    assert (one, "waiting", "claimed") == (one, *why_of(one)[1][:2])


def test_nobody_is_next_in_a_language_that_the_person_does_not_speak():
    asked("hi")
    assert do(desk.claim_next, person(languages=["bn"])) is None
    assert do(desk.next_for, person(languages=[])) is None


def test_of_eight_at_once_one_gets_it_and_the_others_are_told_who():
    one, people = asked(), [person(f"P{n}") for n in range(8)]
    answers = at_once(lambda who: (who, do(desk.claim, one, who)), people)
    winners = [who for who, answer in answers if isinstance(answer, Claim)]
    assert len(winners) == 1
    told = {(answer.by, answer.name) for _, answer in answers if isinstance(answer, Held)}
    assert told == {(winners[0].id, winners[0].name)}


def test_of_eight_who_press_next_at_once_each_gets_another_one():
    ids, people = {asked() for _ in range(8)}, [person(f"P{n}") for n in range(8)]
    claims = at_once(lambda who: do(desk.claim_next, who), people)
    assert {claim.callback_id for claim in claims} == ids


def test_eight_clicks_of_one_person_claim_once():
    for _ in range(8):
        asked()
    who = person()
    claims = at_once(lambda _: do(desk.claim_next, who), range(8))
    assert len({(claim.callback_id, claim.claim_no) for claim in claims}) == 1


def test_whoever_goes_on_keeps_it_and_whoever_does_not_loses_it():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    later(seconds=100)
    assert do(desk.beat, one, amina, claim.claim_no)
    later(seconds=100)
    assert desk.sweep_leases() == 0
    later(seconds=30)
    assert not do(desk.beat, one, amina, claim.claim_no)
    assert desk.sweep_leases() == 1
    assert (of(one).state, of(one).holder_id, of(one).attempts) == ("waiting", None, 0)


def test_an_expired_holders_done_is_refused_and_changes_nothing():
    one, amina, omar = asked(), person(), person("Omar")
    old = claimed(one, amina)
    later(minutes=3)
    with pytest.raises(Stale) as before:
        do(desk.finish, one, amina, old.claim_no, "helped")
    assert before.value.holder is None
    new = claimed(one, omar)
    with pytest.raises(Stale) as after:
        do(desk.finish, one, amina, old.claim_no, "helped", note="all is well")
    assert (after.value.holder, new.claim_no) == (omar.id, 2)
    assert (of(one).state, do(desk.notes, one)) == ("claimed", [])


def test_one_who_has_it_again_may_not_use_the_old_claim():
    one, amina = asked(), person()
    old = claimed(one, amina)
    do(desk.release, one, amina, old.claim_no)
    new = claimed(one, amina)
    with pytest.raises(Stale):
        do(desk.finish, one, amina, old.claim_no, "helped")
    assert do(desk.finish, one, amina, new.claim_no, "helped").state == "done"


def test_what_is_given_back_keeps_its_place():
    first, _ = asked(), asked()
    amina = person()
    since = of(first).queued_since
    later(minutes=10)
    claim = do(desk.claim_next, amina)
    do(desk.release, first, amina, claim.claim_no)
    assert (of(first).queued_since, do(desk.next_for, amina).id) == (since, first)


def test_a_takeover_is_in_the_history_and_in_the_audit():
    one, amina, omar = asked(), person(), person("Omar")
    old = claimed(one, amina)
    taken = do(desk.take_over, one, omar)
    assert (of(one).holder_id, taken.claim_no) == (omar.id, old.claim_no + 1)
    line = ("claimed", "claimed", omar.in_audit, f"taken over from person {amina.id}")
    assert why_of(one)[-1] == line
    with db.transaction() as session:
        (written,) = session.scalars(select(AuditLine).where(AuditLine.what == "took_over"))
        assert (written.who, written.about) == (omar.in_audit, f"callback {one}")
    assert not do(desk.beat, one, amina, old.claim_no)


def test_one_that_rings_is_not_taken_over():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    do(desk.attempt_began, one, claim.claim_no)
    with pytest.raises(Occupied):
        do(desk.take_over, one, person("Omar"))
    assert of(one).holder_id == amina.id


def test_who_takes_another_gives_the_first_back_unless_it_was_rung():
    one, two, amina = asked(), asked(), person()
    claimed(one, amina)
    claim = claimed(two, amina)
    assert (of(one).state, of(two).holder_id) == ("waiting", amina.id)
    do(desk.attempt_began, two, claim.claim_no)
    with pytest.raises(Occupied) as busy:
        do(desk.claim, one, amina)
    assert busy.value.callback_id == two
    assert do(desk.claim_next, amina).callback_id == two


def test_one_telephone_is_rung_for_one_ask_at_a_time():
    one = asked(number="+393330000001")
    two = asked(number="+393330000001")
    amina, omar = person(), person("Omar")
    claimed(one, amina)
    held = do(desk.claim, two, omar)
    assert (held.by, held.name) == (amina.id, "Amina")
    assert (do(desk.next_for, omar), do(desk.claim_next, omar)) == (None, None)
    with pytest.raises(Exception, match="uq_callbacks_engaged_plan"), db.transaction() as session:
        session.execute(update(Callback).where(Callback.id == two).values(state="claimed"))


def test_a_page_left_open_does_not_hold_somebody_for_ever():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    for _ in range(31):
        later(minutes=1)
        held = do(desk.beat, one, amina, claim.claim_no)
    assert not held
    later(minutes=2)
    assert desk.sweep_leases() == 1


def test_a_call_that_lasts_holds_it_without_a_page():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    attempt = do(desk.attempt_began, one, claim.claim_no)
    later(minutes=20)
    assert desk.sweep_leases() == 0
    do(desk.attempt_answered, attempt)
    later(minutes=20)
    assert (desk.sweep_leases(), of(one).state) == (0, "talking")
    assert do(desk.finish, one, amina, claim.claim_no, "helped").state == "done"


def test_who_comes_back_to_a_call_that_rings_for_long_still_has_it():
    one, amina = asked(), person()
    claim = claimed(one, amina)
    do(desk.attempt_began, one, claim.claim_no)
    later(minutes=3)
    assert claimed(one, amina).claim_no == claim.claim_no


def test_a_call_whose_end_was_lost_ends_at_last():
    one, amina = asked(), person()
    do(desk.attempt_began, one, claimed(one, amina).claim_no)
    later(hours=3, minutes=1)
    assert (desk.sweep_leases(), of(one).state) == (1, "waiting")


def test_every_fourth_claim_goes_to_one_that_is_due(at):
    due = asked()
    at("2026-11-26 10:00")
    for _ in range(8):
        asked(minor=True)
    amina, got = person(), []
    for _ in range(4):
        claim = do(desk.claim_next, amina)
        got.append(claim.callback_id)
        do(desk.finish, claim.callback_id, amina, claim.claim_no, "helped")
    assert got.index(due) == 3


def test_nobodys_work_is_counted():
    amina = person()
    for _ in range(9):
        one = asked()
        do(desk.finish, one, amina, do(desk.claim_next, amina).claim_no, "helped")
    with db.transaction() as session:
        assert session.scalars(select(AtDesk.turn)).one() == 9 % 4
    later(hours=13)
    desk.sweep_leases()
    with db.transaction() as session:
        assert session.scalars(select(AtDesk)).all() == []
