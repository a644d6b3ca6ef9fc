"""A mediator calls somebody back: her telephone, then theirs, the neutral opening, and both in one room."""

from collections.abc import Callable

import pytest

from helpline.callbacks import desk, dialling, queue
from helpline.config import Settings
from helpline.simulator.carrier import Carrier
from helpline.telephony.models import Purpose
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, Desk, do, leg, legs, mediator, takes
from tests.integration import queue_rows

pytestmark = pytest.mark.usefixtures("unpaced")


def test_both_telephones_ring_one_after_the_other_and_both_meet_in_one_room(
    page: Desk, operator: Caller, person: Caller, work: Callable[[], None]
) -> None:
    page.calls()
    person.does_not_ring(within=1)
    takes(operator).waits_for_somebody()
    person.rings().answers("bn").hears("callback_opening").presses("1").hears("callback_wait")
    operator.talks_with(person)
    work()
    assert page.progress.talking and page.callback.state == "talking"
    person.hangs_up()
    assert operator.is_over and page.cause == "connected"
    assert page.callback.state == "talking"
    do(desk.finish, page.callback_id, page.who, page.claim_no, desk.Outcome.HELPED)
    assert page.callback.state == "done"
    assert {one.cause for one in legs()} == {"completed"} and {one.to_number for one in legs()} == {None}


def test_the_caller_sees_the_number_for_callbacks_and_so_does_the_mediator(
    page: Desk, operator: Caller, person: Caller, settings: Settings
) -> None:
    page.calls()
    assert takes(operator).call.from_ == settings.callback_number
    assert person.rings().call.from_ == settings.callback_number


@pytest.mark.parametrize("language", ["it", "en", "fr", "es", "ru", "uk", "ar", "bn", "hi"])
def test_every_language_is_kept_from_first_ring_to_last_word(
    language: str, carrier: Carrier, operator: Caller, person: Caller
) -> None:
    page = Desk(mediator(language), queue_rows.asked(language, number=CALLER)).claims()
    page.calls()
    takes(operator, language)
    person.rings().answers(language).hears("callback_opening").presses("1").hears("callback_wait")
    operator.talks_with(person)


def test_whoever_does_not_press_hears_the_opening_in_italian_too_and_may_press_then(
    page: Desk, operator: Caller, person: Caller
) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn").hears("callback_opening").language = "it"
    person.keeps_silent().hears("callback_opening_again").language = "bn"
    person.presses("1").hears("callback_wait")
    operator.talks_with(person)


def test_a_double_click_rings_once(page: Desk, operator: Caller, work: Callable[[], None]) -> None:
    first, second = page.calls(), page.calls()
    assert first == second
    operator.rings()
    assert len(legs()) == len(operator.carrier.calls) == 1


def test_who_has_no_telephone_is_told(carrier: Carrier) -> None:
    page = Desk(mediator("bn", phone=None), queue_rows.asked("bn", number=CALLER)).claims()
    with pytest.raises(dialling.NoTelephone):
        page.calls()
    assert legs() == [] and page.callback.state == "claimed"


def test_an_old_claim_rings_nobody(page: Desk) -> None:
    page.claim_no -= 1
    with pytest.raises(desk.Stale):
        page.calls()
    assert legs() == []


def test_the_number_of_somebody_elses_claim_rings_nobody(page: Desk) -> None:
    omar = mediator("bn", name="omar", phone="+393330000778")
    with pytest.raises(desk.Stale) as stale:
        do(dialling.call, page.callback_id, omar, page.claim_no)
    assert stale.value.holder == page.who.id
    assert legs() == [] and page.callback.state == "claimed"


# ------------------------------------------------------------ the mediator's side costs the caller nothing


def test_the_mediators_voicemail_never_takes_a_call(page: Desk, operator: Caller, person: Caller) -> None:
    page.calls()
    operator.rings().answers("bn", machine=True).hears("take_call", "take_call").keeps_silent()
    assert operator.is_over
    operator.afterwards()
    person.does_not_ring(within=1)
    assert (page.cause, page.callback.attempts) == ("operator_no_key", 0)


@pytest.mark.parametrize("key", ["2", "5", "*"])
def test_another_key_than_one_takes_no_call(page: Desk, operator: Caller, person: Caller, key: str) -> None:
    page.calls()
    operator.rings().answers("bn").presses(key).afterwards()
    assert operator.is_over
    person.does_not_ring(within=1)
    assert (page.cause, page.callback.attempts) == ("operator_no_key", 0)


def test_a_mediator_who_cannot_be_reached_costs_the_caller_nothing(page: Desk, operator: Caller) -> None:
    page.calls()
    operator.rings().refuses()
    assert (page.cause, page.callback.attempts) == ("operator_unreached", 0)


def test_a_mediator_who_hangs_up_while_it_rings_leaves_nobody_alone(
    page: Desk, operator: Caller, person: Caller, work: Callable[[], None]
) -> None:
    page.calls()
    takes(operator)
    person.rings()
    operator.call.hang_up()
    work()
    assert person.call.status == "canceled"
    assert (page.cause, page.callback.attempts) == ("operator_unreached", 0)


def test_whoever_picks_up_after_the_mediator_has_gone_hears_an_excuse(
    page: Desk, operator: Caller, person: Caller, work: Callable[[], None]
) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn").hears("callback_opening")
    operator.call.hang_up()
    person.presses("1").hears("excuse_goodbye").does_not_hear("callback_wait")
    assert person.is_over
    work()
    assert (page.cause, page.callback.attempts) == ("operator_unreached", 0)


def test_a_call_may_be_taken_back_while_it_rings(
    page: Desk, operator: Caller, person: Caller, work: Callable[[], None]
) -> None:
    page.calls()
    takes(operator)
    person.rings()
    assert do(dialling.stop, page.callback_id, page.who)
    work()
    assert person.call.status == "canceled" and operator.is_over
    assert (page.cause, page.callback.state, page.callback.attempts) == ("taken_back", "claimed", 0)
    assert not do(dialling.stop, page.callback_id, page.who)
    page.calls()
    operator.rings()


def test_a_call_taken_back_before_it_was_asked_for_never_rings(
    page: Desk, operator: Caller, work: Callable[[], None]
) -> None:
    page.calls()
    assert do(dialling.stop, page.callback_id, page.who)
    operator.does_not_ring(within=1)
    assert operator.carrier.calls == {} and page.cause == "taken_back"


# ------------------------------------------------------------ the caller's side


@pytest.mark.parametrize(
    ("what", "cause"),
    [(Caller.refuses, "busy"), (Caller.lets_it_ring, "no_answer"), (Caller.cannot_be_reached, "no_answer")],
)
def test_who_does_not_answer_costs_one_attempt_and_the_mediator_hears_it(
    page: Desk, operator: Caller, person: Caller, what: Callable[[Caller], Caller], cause: str
) -> None:
    page.calls()
    takes(operator)
    what(person.rings())
    assert operator.hears("caller_not_reached").is_over
    operator.afterwards()
    assert (page.cause, page.callback.attempts) == (cause, 1)


def test_a_machine_hears_nothing_at_all(page: Desk, operator: Caller, person: Caller) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn", machine=True)
    assert person.is_over and person.heard == []
    person.afterwards()
    assert operator.hears("caller_not_reached").is_over
    operator.afterwards()
    assert leg(Purpose.CALLBACK_CALLER).cause == "machine"
    assert (page.cause, page.callback.attempts) == ("machine", 1)


@pytest.mark.parametrize(("key", "cause"), [("2", "wrong_moment")])
def test_two_means_another_time(page: Desk, operator: Caller, person: Caller, key: str, cause: str) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn").presses(key).hears("excuse_goodbye")
    assert person.is_over
    person.afterwards()
    assert operator.hears("caller_not_reached").is_over
    operator.afterwards()
    assert page.cause == cause


def test_silence_in_both_languages_is_a_no(page: Desk, operator: Caller, person: Caller) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn").language = ""
    person.keeps_silent(2).hears("bn/excuse_goodbye")
    person.afterwards()
    assert (page.cause, page.callback.attempts) == ("refused", 1)


def test_who_hangs_up_at_the_opening_did_not_want_the_call(
    page: Desk, operator: Caller, person: Caller
) -> None:
    page.calls()
    takes(operator)
    person.rings().answers("bn").hangs_up()
    assert operator.hears("caller_not_reached").is_over
    assert (leg(Purpose.CALLBACK_CALLER).cause, page.cause) == ("gave_up", "refused")


def test_who_took_the_wish_back_meanwhile_is_not_rung(page: Desk, operator: Caller, person: Caller) -> None:
    page.calls()
    operator.rings().answers("bn")
    do(queue.cancel, page.callback.ask_id, who="caller", why="asked by telephone")
    operator.presses("1").hears("take_gone")
    assert operator.is_over
    person.does_not_ring(within=1)


def test_nobody_is_rung_when_the_quiet_hours_have_begun_meanwhile(
    page: Desk, operator: Caller, person: Caller, at: Callable[[str], object]
) -> None:
    page.calls()
    operator.rings().answers("bn")
    at("2026-11-18 21:01")
    operator.presses("1").hears("take_gone")
    person.does_not_ring(within=1)
