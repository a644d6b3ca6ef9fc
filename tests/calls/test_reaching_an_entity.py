"""A request reaches an entity; when all places are taken the list says so, and a freed place is offered.

Promise 3's "an entity is never given more than its free places" is held here for calls; many processes race for places
in tests/faults. Promise 10 ("nothing waits silently") is held by the reason in the list."""

import json
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner

from helpline import db
from helpline.routing import commands, offers
from helpline.routing.models import Offer, Request
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.ways import agrees_and_skips, asks_for_help, goes_to_consent, one, rows


def listed() -> list[dict[str, Any]]:
    """What `helpline requests list --json` prints, the newest first."""
    printed = CliRunner().invoke(commands.list_requests, ["--json"])
    assert printed.exit_code == 0, printed.output
    return list(json.loads(printed.output))


def test_the_request_is_listed_with_its_entity_and_a_masked_number(caller: Caller) -> None:
    asks_for_help(caller, "bn")
    caller.hangs_up()
    [row] = listed()
    assert (row["language"], row["state"], row["entity"], row["country"]) == (
        "bn",
        "offered",
        "everywhere",
        "BD",
    )
    assert row["number"] == "•••• 123" and row["consent"]["language"] == "bn" and row["reason"] is None


def test_one_place_is_given_once_and_the_next_caller_waits_with_the_reason_until_it_is_freed(
    caller_from: Callable[..., Caller], work: Callable[[], None]
) -> None:
    world.set_places(1)
    asks_for_help(caller_from("+393330000201"), "bn")
    first = caller_from("+393330000202").dials().chooses("hi")
    work()
    agrees_and_skips(goes_to_consent(first)).hears("no_place").presses("1").hears("help_saved").hangs_up()
    waiting, offered = listed()
    assert (offered["state"], offered["entity"], waiting["entity"]) == ("offered", "everywhere", None)
    assert waiting["state"] in {"waiting", "needs_person"} and waiting["reason"]
    world.set_places(2)
    assert offers.sweep_waiting() == 1
    assert {row["state"] for row in listed()} == {"offered"} and not [
        row for row in listed() if row["reason"]
    ]


def test_a_place_given_back_goes_to_who_waits_and_the_refused_request_to_a_person(
    caller_from: Callable[..., Caller], work: Callable[[], None]
) -> None:
    world.set_places(1)
    asks_for_help(caller_from("+393330000201"), "bn")
    second = caller_from("+393330000202").dials().chooses("hi")
    work()
    agrees_and_skips(goes_to_consent(second)).hears("no_place").presses("1").hears("help_saved").hangs_up()
    with db.transaction() as session:
        offers.decline(session, one(Offer).id, reason="not_our_territory", who="entity")
    work()
    offers.sweep_waiting()
    waiting, refused = listed()
    assert (waiting["state"], waiting["entity"]) == ("offered", "everywhere")
    assert refused["state"] == "needs_person" and refused["reason"]


def test_two_calls_that_were_promised_the_last_place_get_one_offer_and_both_are_kept(
    caller_from: Callable[..., Caller], work: Callable[[], None]
) -> None:
    world.set_places(1)
    for number in ("+393330000301", "+393330000302"):
        asks_for_help(caller_from(number), "ar")
    work()
    assert len(rows(Offer)) == 1 and len(rows(Request)) == 2
    assert sorted(bool(row["reason"]) for row in listed()) == [False, True]


def test_cancelling_with_the_code_gives_the_place_to_the_next(
    caller_from: Callable[..., Caller], work: Callable[[], None]
) -> None:
    world.set_places(1)
    first = caller_from("+393330000401")
    code = asks_for_help(first, "en")
    first.hangs_up()
    second = caller_from("+393330000402").dials().chooses("en")
    agrees_and_skips(goes_to_consent(second)).hears("no_place").presses("1").hears("help_saved").hangs_up()
    first.dials().chooses("en").presses("2", "2", "1", code, "4", "1").hears("asked_cancelled").hangs_up()
    assert [request.state for request in rows(Request)] == ["cancelled", "offered"]


def test_the_worker_was_away_and_the_sweep_offers(caller: Caller, valkey: Any) -> None:
    asks_for_help(caller, "uk")
    valkey.flushdb()
    assert one(Request).state == "waiting"
    assert offers.sweep_waiting() == 1 and one(Request).state == "offered"
