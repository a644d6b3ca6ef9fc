"""A caller asks for a person while somebody is free: rung, whispered to, joined; and everything that may go wrong."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.calls.models import Call
from helpline.db.states import Moved
from helpline.live import sheets
from helpline.live.models import Presence
from helpline.live.ringing import match
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from helpline.voice import catalogue, dictations
from helpline.voice.catalogue import Catalogue
from tests.calls.caller import Caller
from tests.calls.dialled import Desk, do
from tests.calls.staffed import Mediator, holds, is_there, later, leaves, mediator, there, waits
from tests.calls.ways import LANGUAGES, asks_for_a_callback, one, outcome, rows
from tests.integration import queue_rows

Telephone = Callable[..., Caller]


pytestmark = pytest.mark.usefixtures("unpaced")


@pytest.fixture
def own(telephone: Telephone) -> Callable[[Mediator], Caller]:
    """A mediator's own mobile."""
    return lambda who: telephone(who.phone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_zero_rings_somebody_who_speaks_the_language_and_both_meet(
    caller: Caller, own: Callable[[Mediator], Caller], language: str
) -> None:
    her = mediator(language)
    caller.dials().chooses(language).presses("0").hears("connecting_person", "hold_callback")
    caller.does_not_hear("hold_offer", "nobody_free")
    mobile = own(her).rings().answers(language).hears("take_call").presses("1")
    caller.afterwards()
    caller.talks_with(mobile)
    mobile.hangs_up()
    caller.hears("goodbye")
    assert caller.is_over
    caller.afterwards()
    assert (outcome(), holds()[0].state) == ("live", "done")


def test_help_to_return_goes_to_a_person_first(caller: Caller, own: Callable[[Mediator], Caller]) -> None:
    her = mediator("bn")
    caller.dials().chooses("bn").presses("3").hears("connecting_person", "hold_callback")
    mobile = own(her).rings().answers("bn").hears("take_call").presses("1")
    caller.afterwards().talks_with(mobile)


def test_help_to_return_is_asked_by_keys_when_nobody_is_free(caller: Caller, caller_from: Telephone) -> None:
    mediator("en")
    caller_from("+393330000456").dials().chooses("en").presses("0").afterwards()
    caller.dials().chooses("en").presses("3").hears("help_intro").presses("0").hears("hold_offer")


def test_nobody_on_shift_is_nobody_free_as_ever(caller: Caller) -> None:
    mediator("ar")
    mediator("en", n=2, ready=False)
    caller.dials().chooses("en").presses("0").hears("nobody_free")
    caller.call.hang_up()
    caller.dials().chooses("bn").presses("0").hears("nobody_free").call.hang_up()
    assert not holds()


def test_out_of_hours_nobody_is_rung_whoever_is_there(caller: Caller, at: Callable[[str], object]) -> None:
    mediator("en", until=20 * 60)
    at("2026-11-18 19:00")
    caller.dials().chooses("en").presses("0").hears("closed", "open_again")
    assert not holds()


def test_the_offer_comes_within_fifteen_seconds_in_every_language(texts: Catalogue) -> None:
    for code in LANGUAGES:
        long = {name: catalogue.seconds(code, texts.text(code, name)) for name in texts.names}
        for before in ("connecting_person", "difficult_live"):
            assert long[before] + long["hold_callback"] < 15, (code, before)
        assert long["hold_offer"] < 15, code
        assert long["take_call"] <= 4.05, code  # as rounded as the table of seconds a character


def test_it_rings_one_after_the_other_by_longest_idle_and_the_offer_comes_each_time(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    first = mediator("en")
    later(60)
    second = mediator("en", "fr", n=2)
    caller.dials().chooses("en").presses("0").hears("connecting_person")
    own(first).rings()
    own(second).does_not_ring(within=2)
    own(first).rings().refuses()
    mobile = own(second).rings()
    waits(caller).hears("hold_offer")
    mobile.answers("en").hears("take_call").presses("2").afterwards()
    waits(caller).hears("hold_offer")
    waits(caller).does_not_hear("hold_offer", "hold_wait", "hold_place")
    own(first).does_not_ring(within=2)
    later(60)
    match()
    own(first).rings()
    assert holds()[0].state == "waiting"


def test_a_voicemail_never_takes_the_call(caller: Caller, own: Callable[[Mediator], Caller]) -> None:
    her, other = mediator("en"), mediator("en", n=2)
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings().answers("en", machine=True).hears("take_call")
    assert [said for said in mobile.heard if said.text] and len(mobile.names) == 1
    mobile.keeps_silent().afterwards()
    own(other).rings().answers("en").presses("1")
    caller.afterwards()
    assert holds()[0].state == "talking"


def test_who_hangs_up_while_it_rings_leaves_no_telephone_ringing(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings()
    caller.hangs_up()
    assert mobile.call.ended and mobile.call.status == "canceled"
    mobile.does_not_ring(within=3)
    assert (holds()[0].state, outcome(), there()[her.id]) == ("left", "gave_up", (True, False))


def test_who_hangs_up_during_the_whisper_is_not_joined(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings().answers("en").hears("take_call")
    caller.call.hang_up()
    caller.carrier.settle()
    if not mobile.is_over:
        mobile.presses("1")
    caller.afterwards()
    assert mobile.is_over and holds()[0].state == "left"


def test_nobody_in_a_call_is_rung_and_the_next_caller_waits_for_her(
    caller: Caller, caller_from: Telephone, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings().answers("en").presses("1")
    caller.afterwards().talks_with(mobile)
    second = caller_from("+393330000456").dials().chooses("en").presses("0")
    second.hears("hold_offer", "hold_place", "digit_1").does_not_hear("connecting_person")
    own(her).does_not_ring(within=3)
    mobile.hangs_up()
    again = own(her).rings().answers("en").hears("take_call").presses("1")
    second.afterwards().talks_with(again)


def test_who_calls_somebody_back_is_not_rung_and_is_idle_only_since(
    caller: Caller, caller_from: Telephone, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    callback_id = queue_rows.asked("en", number="+393330000456")
    who = Who(her.id, "M1", "m1", ("operator",), ("en",), None, "it")
    page = Desk(who, callback_id).claims()
    page.calls()
    mobile = own(her).rings().answers("en").presses("1")
    later(30)
    caller.dials().chooses("en").presses("0").hears("hold_offer").does_not_hear("connecting_person")
    assert len(caller.carrier.outbound.ringing) <= 1  # the person who is called back, at most
    match()
    with db.transaction() as session:
        idle_since = session.scalars(select(Presence.idle_since)).one()
    assert clock.now() - idle_since < timedelta(seconds=10)
    mobile.hangs_up()
    own(her).rings().answers("en").hears("take_call")


def test_who_records_prompts_by_telephone_is_not_rung_meanwhile(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    who = Who(her.id, "M1", "m1", ("operator", "editor"), ("en",), None, "it")
    do(dictations.call, who, "en")
    mobile = own(her).rings().answers()
    caller.dials().chooses("en").presses("0").hears("hold_offer").does_not_hear("connecting_person")
    assert caller.carrier.outbound.ringing == []
    mobile.hangs_up()
    own(her).rings().answers("en").hears("take_call")


def test_two_callers_are_never_rung_for_on_one_telephone(
    caller: Caller, caller_from: Telephone, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en", "ar")
    caller.dials().chooses("en").presses("0")
    other = caller_from("+393330000456").dials().chooses("ar").presses("0")
    own(her).rings()
    assert len(caller.carrier.outbound.ringing) == 1
    assert {hold.rung_person_id for hold in holds()} == {her.id, None}
    other.hangs_up()


def test_who_does_not_take_two_calls_is_there_no_more(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    own(her).rings().lets_it_ring()
    assert there() == {her.id: (True, True)}
    waits(caller, 5)
    match()  # as every five seconds
    own(her).rings().refuses()
    assert there() == {}
    waits(caller).hears("hold_nobody", "number_safe")
    assert holds()[0].state == "nobody"


def test_who_takes_a_call_is_not_doubted_any_more(caller: Caller, own: Callable[[Mediator], Caller]) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    own(her).rings().refuses()
    waits(caller, 5)
    match()  # as every five seconds
    mobile = own(her).rings().answers("en").presses("1")
    caller.afterwards().talks_with(mobile)
    assert there() == {her.id: (True, False)}


def test_a_mediator_who_goes_before_the_caller_came_leaves_them_waiting(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings().answers("en")
    mobile._mark()
    mobile.call.press("1")
    assert holds()[0].state == "taken"
    mobile.call.hang_up()
    caller.afterwards()
    [hold] = holds()
    assert (hold.state, hold.person_id, hold.offer_due) == ("waiting", None, True)
    waits(caller).hears("hold_offer")


def test_a_child_is_put_through_with_the_words_for_children_and_comes_first(
    caller: Caller, caller_from: Telephone, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en", ready=False)
    child = caller_from("+393330000456")
    child.dials().chooses("en").presses("3", "1", "1", "2").hears("minor_call").call.hang_up()
    child.dials().chooses("en").presses("3", "1", "1")
    is_there(her)
    child.presses("2").hears("minor_live", "hold_callback").does_not_hear("minor_call")
    assert holds()[0].minor
    mobile = own(her).rings().answers("en").presses("1")
    child.afterwards().talks_with(mobile)


def test_who_cannot_use_the_keys_is_put_through(caller: Caller, own: Callable[[Mediator], Caller]) -> None:
    her = mediator("fr")
    caller.dials().chooses("fr").presses("6", "6", "6").hears("difficult_live", "hold_callback")
    own(her).rings().answers("fr").hears("take_call")


def test_the_sheet_of_a_live_call_names_the_call_and_what_its_telephone_asked(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    asks_for_a_callback(caller)
    caller.hangs_up()
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    own(her).rings().answers("en").presses("1")
    caller.afterwards()
    with db.transaction() as session:
        sheet = sheets.of_person(session, her.id)
        assert sheet is not None and sheet.talking and len(sheet.ask_ids) == 1
        assert (sheet.call_sid, sheet.language) == (caller.call.sid, "en")
        assert not sheets.close(session, sheet.hold_id, her.id)
    caller.hangs_up()
    with db.transaction() as session:
        after = sheets.of_person(session, her.id)
        assert after is not None and not after.talking
        assert sheets.close(session, after.hold_id, her.id)
        assert sheets.of_person(session, her.id) is None
    assert (f"person {her.id}", "closed_live_call") in [(line.who, line.what) for line in rows(AuditLine)]


def test_what_is_kept_of_a_live_call_counts_nobodys_work(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her, other = mediator("en"), mediator("en", n=2)
    caller.dials().chooses("en").presses("0")
    own(her).rings().refuses()
    own(other).rings().answers("en").presses("1")
    caller.afterwards().hangs_up()
    [hold] = holds()
    assert (hold.tried, hold.rung_person_id) == ({}, None)
    assert not [line for line in rows(Moved) if line.who.startswith("person")]
    assert [(line.who, line.what) for line in rows(AuditLine)] == [
        (f"person {other.id}", "took_live_call"),
        ("caller", "moved"),
    ]
    leaves(her)
    leaves(other)
    assert there() == {}


def test_only_one_webhook_of_two_takes_the_call(caller: Caller, own: Callable[[Mediator], Caller]) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = own(her).rings().answers("en").presses("1")
    key = next(sent for sent in reversed(caller.carrier.exchanges) if "/key/" in sent.url)
    assert key.answer is not None
    assert caller.carrier.replay(key).body == key.answer.body
    caller.afterwards().talks_with(mobile)
    assert [line.what for line in rows(AuditLine)].count("took_live_call") == 1


def test_the_call_is_told_apart_from_one_that_gave_up(
    caller: Caller, own: Callable[[Mediator], Caller]
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    own(her).rings().answers("en").presses("1")
    caller.afterwards().hangs_up()
    assert one(Call).outcome == "live"
    with db.transaction() as session:
        assert session.scalars(select(Call.language)).one() == "en"
