"""The queue is away when something is rung: it is saved all the same, and the sweeps find it (DESIGN, second sentence)."""

from collections.abc import Callable
from datetime import datetime

from helpline.calls import clips
from helpline.calls.models import Call, Clip
from helpline.config import Settings
from helpline.intake import endings
from helpline.routing import offers
from helpline.routing.models import Request
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.outage import queue_back, queue_down
from tests.calls.ways import agrees_and_skips, goes_to_consent, one, outcome, rows
from tests.servers import Servers


def test_a_request_is_saved_and_offered_by_the_sweep(
    caller: Caller, settings: Settings, database: Servers, at: Callable[[str], datetime]
) -> None:
    queue_down(settings, database)
    caller.dials().chooses("bn")
    agrees_and_skips(goes_to_consent(caller)).hears("help_saved", "code_is").keeps_silent(2).hears("goodbye")
    queue_back(settings, database)
    caller.afterwards()
    assert (one(Request).state, one(Call).finished) == ("waiting", False), "no bell was heard"
    at("2026-11-18 10:10")
    assert endings.finish_overdue_calls() == 1
    assert offers.sweep_waiting() == 1
    assert (one(Request).state, outcome()) == ("offered", "request")


def test_a_broken_off_call_is_saved_by_the_sweep(
    caller: Caller, settings: Settings, database: Servers, at: Callable[[str], datetime]
) -> None:
    queue_down(settings, database)
    caller.dials().chooses("hi").presses("2", "1", "1", "4").call.hang_up()
    queue_back(settings, database)
    at("2026-11-18 10:10")
    assert endings.finish_overdue_calls() == 1 and outcome() == "callback"


def test_a_message_is_fetched_by_the_sweep(
    caller: Caller, settings: Settings, database: Servers, at: Callable[[str], datetime]
) -> None:
    queue_down(settings, database)
    caller.dials().presses("0").says(4).hears("it/message_thanks").carrier.settle()
    queue_back(settings, database)
    at("2026-11-18 10:10")
    assert clips.overdue_clips() == 1 and [clip.state for clip in rows(Clip)] == ["held"]


def test_a_place_that_is_freed_while_the_queue_is_away_is_offered_by_the_sweep(
    caller: Caller, settings: Settings, database: Servers
) -> None:
    world.set_places(0)
    caller.dials().chooses("en")
    agrees_and_skips(goes_to_consent(caller)).hears("no_place").presses("1").hears("help_saved").hangs_up()
    queue_down(settings, database)
    world.set_places(1)
    assert offers.sweep_waiting() == 1 and one(Request).state == "offered"
    queue_back(settings, database)
