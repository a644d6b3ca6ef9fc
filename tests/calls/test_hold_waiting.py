"""Waiting for a person: what is heard and when, the ways out, and that nobody waits for ever or for nothing.

Promise 10: a caller on hold always gets a next offer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from helpline import clock, db
from helpline.callbacks.models import Callback, Priority
from helpline.live import holds as line_of_callers
from helpline.live import plan, presence
from helpline.voice import tone
from tests.calls.caller import Caller
from tests.calls.outage import database_down
from tests.calls.staffed import Mediator, holds, is_there, later, leaves, mediator, pauses, there, waits
from tests.calls.ways import LANGUAGES, one, outcome, rows
from tests.integration import line_deeds

Telephone = Callable[..., Caller]


pytestmark = pytest.mark.usefixtures("unpaced")


@pytest.fixture
def busy(caller_from: Telephone, telephone: Telephone) -> Callable[..., tuple[Mediator, Caller]]:
    """A mediator who talks with somebody, and that somebody."""

    def make(*languages: str, n: int = 1) -> tuple[Mediator, Caller]:
        her = mediator(*languages, n=n)
        other = caller_from(f"+39333000099{n}").dials().chooses(languages[0]).presses("0")
        telephone(her.phone).rings().answers(languages[0]).presses("1")
        return her, other.afterwards()

    return make


@pytest.fixture
def outage(database: Any) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Takes the database away; the next test begins with connections of its own, since these may be dying still."""
    yield lambda: database_down(database)
    db.disconnect()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offer_is_heard_at_once_then_the_place_and_a_rough_wait(
    caller: Caller, busy: Callable[..., Any], language: str
) -> None:
    busy(language)
    caller.dials().chooses(language).presses("0").hears("hold_offer", "hold_place", "digit_1", "hold_ten")
    waits(caller).does_not_hear("hold_place", "hold_offer", "no_input")


def test_place_and_wait_are_told_every_sixty_to_ninety_seconds(
    caller: Caller, busy: Callable[..., Any]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    told, began = [], clock.now()
    for _ in range(24):
        waits(caller, seconds=14)
        if any("en/hold_place" in heard for heard in caller.names):
            caller.hears("hold_place", "digit_1", "hold_ten", "hold_wait")
            told.append((clock.now() - began).total_seconds())
    gaps = [after - before for before, after in zip([0.0, *told], told, strict=False)]
    assert len(gaps) == 4 and all(59 < gap < 90 for gap in gaps), gaps


def test_the_place_moves_on_and_so_does_the_wait(
    caller: Caller, caller_from: Telephone, busy: Callable[..., Any]
) -> None:
    busy("en")
    callers = [caller_from(f"+3933300004{n}0").dials().chooses("en").presses("0") for n in range(1, 4)]
    callers[2].hears("hold_place", "digit_3", "hold_long")
    callers[0].hangs_up()
    waits(callers[2], seconds=61).hears("hold_place", "digit_2", "hold_ten")


def test_a_place_beyond_the_ninth_is_not_said(
    caller: Caller, caller_from: Telephone, busy: Callable[..., Any]
) -> None:
    busy("en")
    for n in range(9):
        caller_from(f"+3933300005{n}0").dials().chooses("en").presses("0")
    caller.dials().chooses("en").presses("0").hears("hold_offer", "hold_long").does_not_hear("hold_place")


def test_any_other_key_tells_how_it_stands(caller: Caller, busy: Callable[..., Any]) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    for key in "09345*#":
        caller.presses(key).hears("hold_place", "hold_ten", "hold_wait").does_not_hear("wrong_key")


def test_one_keeps_the_place_and_the_callback_waits_since_the_caller_did(
    caller: Caller, busy: Callable[..., Any]
) -> None:
    busy("bn")
    caller.dials().chooses("bn").presses("0")
    since = holds()[-1].queued_since
    waits(caller, 6)
    caller.presses("1").hears("hold_kept", "number_safe").presses("1").hears("window").presses("4", "2")
    caller.hears("saved").hangs_up()
    callback = one(Callback)
    assert callback.queued_since == since and callback.created_at - since > timedelta(seconds=60)
    assert (callback.language, callback.topic, holds()[-1].state) == ("bn", None, "kept")


def test_who_kept_the_place_has_not_given_up(caller: Caller) -> None:
    mediator("en")
    caller.dials().chooses("en").presses("0", "1").hears("hold_kept").presses("1", "1", "2").hears("saved")
    caller.hangs_up()
    assert outcome() == "callback"


def test_who_breaks_off_after_number_and_time_keeps_the_place_too(
    caller: Caller, busy: Callable[..., Any]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    since = holds()[-1].queued_since
    waits(caller, 2).presses("1", "1", "1").hears("quiet").hangs_up()
    assert one(Callback).queued_since == since


def test_who_waits_again_in_the_same_call_is_not_put_behind_others(
    caller: Caller, caller_from: Telephone, busy: Callable[..., Any]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    waits(caller)
    caller_from("+393330000456").dials().chooses("en").presses("0").hears("hold_place", "digit_2")
    caller.presses("1").hears("hold_kept").presses("0").hears("hold_offer", "hold_place", "digit_1")


def test_eight_goes_back_to_the_menu_and_gives_the_place_up(caller: Caller, busy: Callable[..., Any]) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0", "8").hears("main_information", "main_person")
    assert holds()[-1].state == "left"
    caller.presses("0").hears("hold_offer")
    assert [hold.state for hold in holds()] == ["talking", "left", "waiting"]


def test_when_the_last_mediator_leaves_a_call_back_is_offered(
    caller: Caller, busy: Callable[..., Any]
) -> None:
    her, other = busy("en")
    caller.dials().chooses("en").presses("0").hears("hold_offer")
    leaves(her)
    waits(caller).hears("hold_nobody", "number_safe").presses("1", "3", "2").hears("saved").hangs_up()
    callback = one(Callback)
    assert (callback.window, callback.queued_since) == ("evening", holds()[-1].queued_since)
    assert holds()[-1].state == "nobody"
    other.hangs_up()


def test_a_pause_ends_the_waiting_as_well_but_not_while_a_telephone_rings(
    caller: Caller, telephone: Telephone
) -> None:
    her = mediator("en")
    caller.dials().chooses("en").presses("0")
    mobile = telephone(her.phone).rings()
    pauses(her)
    waits(caller).does_not_hear("hold_nobody")
    mobile.refuses()
    waits(caller).hears("hold_nobody")


def test_the_end_of_the_shift_is_the_end_of_being_there(caller: Caller, at: Callable[[str], object]) -> None:
    mediator("en", until=17 * 60)
    at("2026-11-18 16:58")
    caller.dials().chooses("en").presses("0").hears("connecting_person")
    assert presence.sweep_ended_shifts() == 0 and there()
    at("2026-11-18 17:00")
    assert presence.sweep_ended_shifts() == 1 and not there()


def test_nobody_waits_longer_than_the_longest_hold(caller: Caller, busy: Callable[..., Any]) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    rounds = int(plan.LONGEST_HOLD.total_seconds() // 60)
    for _ in range(rounds - 1):
        waits(caller, seconds=60).does_not_hear("hold_nobody")
    waits(caller, seconds=70).hears("hold_nobody", "number_safe")


def test_how_long_somebody_waits_at_most_is_a_setting_of_the_line(
    caller: Caller, busy: Callable[..., Any]
) -> None:
    line_deeds.tune(hold_minutes=5)
    busy("en")
    caller.dials().chooses("en").presses("0")
    for _ in range(4):
        waits(caller, seconds=60).does_not_hear("hold_nobody")
    waits(caller, seconds=70).hears("hold_nobody", "number_safe")


def test_rounds_come_to_an_end_by_themselves(caller: Caller, busy: Callable[..., Any]) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    for _ in range(130):
        caller.keeps_silent()
        if any("en/hold_nobody" in heard for heard in caller.names):
            break
    caller.hears("hold_nobody", "number_safe")


def test_who_is_not_heard_of_any_more_is_not_rung_for(caller: Caller, telephone: Telephone) -> None:
    her = mediator("en")
    pauses(her)
    caller.dials().chooses("en")
    is_there(her)
    caller.presses("0")
    telephone(her.phone).rings().refuses()
    later(plan.GONE_AFTER.total_seconds() + 1)
    assert line_of_callers.sweep_gone() == 1
    telephone(her.phone).does_not_ring(within=2)
    assert holds()[0].state == "left"


def test_children_come_before_others_who_wait(
    caller: Caller, caller_from: Telephone, busy: Callable[..., Any]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    child = caller_from("+393330000456").dials().chooses("en").presses("3", "1", "1", "2")
    child.hears("minor_live", "hold_callback", "hold_place", "digit_1")
    waits(caller, seconds=61).hears("hold_place", "digit_2")
    child.presses("1").hears("hold_kept").presses("1", "1").hears("saved").hangs_up()
    callback = one(Callback)
    assert callback.priority == Priority.MINOR


def test_with_the_database_down_who_waits_hears_the_offer_and_may_leave_a_message(
    caller: Caller, busy: Callable[..., Any], outage: Callable[[], AbstractContextManager[None]]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    with outage():
        for _ in range(2):
            caller.keeps_silent().hears("hold_offer")
        caller.presses("1").hears("leave_message").says(3).hears("message_thanks")
    assert not rows(Callback)


def test_a_database_that_comes_back_finds_the_caller_in_the_same_place(
    caller: Caller, busy: Callable[..., Any], outage: Callable[[], AbstractContextManager[None]]
) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    with outage():
        caller.keeps_silent().hears("hold_offer")
    waits(caller, seconds=61).hears("hold_place", "digit_1")
    assert [hold.state for hold in holds()] == ["talking", "waiting"]


def test_a_round_that_is_told_twice_is_answered_alike(caller: Caller, busy: Callable[..., Any]) -> None:
    busy("en")
    caller.dials().chooses("en").presses("0")
    waits(caller, seconds=61).hears("hold_place")
    last = next(sent for sent in reversed(caller.carrier.exchanges) if sent.kind == "voice")
    assert last.answer is not None
    assert caller.carrier.replay(last).body == last.answer.body


def test_the_tone_is_served_for_ever_and_without_the_database(
    app: Any, outage: Callable[[], AbstractContextManager[None]]
) -> None:
    with outage():
        answer = app.test_client().get(f"/audio/{tone.HASH}.wav")
    assert answer.status_code == 200 and answer.data == tone.WAV
