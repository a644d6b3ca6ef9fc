"""Who wants a person: in open hours, in the evening, on a holiday; offices and associations; who cannot use the keys."""

from collections.abc import Callable
from datetime import datetime

import pytest

from helpline import db, line
from helpline.callbacks.models import Callback
from helpline.intake.models import Ask
from helpline.routing import focal_points
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, one, outcome, rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_open_hours_nobody_is_free_and_a_call_is_offered(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("0").hears(
        "nobody_free", "closed_information", "closed_callback"
    )
    caller.presses("2").hears("number_safe").presses("1", "1", "2").hears("saved").hangs_up()
    assert (one(Callback).language, one(Callback).topic, outcome()) == (language, None, "callback")


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_evening_the_next_opening_is_said(
    caller: Caller, at: Callable[[str], datetime], language: str
) -> None:
    at("2026-11-18 19:30")
    caller.dials().chooses(language).presses("0").hears(
        "closed", "open_again", "day_tomorrow", "open_from", "hour_9"
    )
    caller.hears("open_to", "hour_18", "closed_information", "closed_callback").presses("1").hears(
        "about_what"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_holiday_the_holiday_is_said(
    caller: Caller, at: Callable[[str], datetime], language: str
) -> None:
    at("2026-12-25 11:00")
    caller.dials().chooses(language).presses("0").hears("holiday", "open_again", "day_monday", "open_from")
    caller.does_not_hear("closed", "nobody_free")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_is_called_by_a_person(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("4").hears("office_region", "area_centre").presses("3")
    caller.hears("region_choose").presses("4").hears("office_call", "number_safe").presses("1", "2", "2")
    caller.hears("saved").hangs_up()
    assert (one(Callback).topic, one(Callback).window) == ("office", "afternoon")
    assert one(Ask).region == "lazio"


def _focal_point(id: str, *regions: str, telephone: str) -> None:
    with db.transaction() as session:
        fields: dict[str, object] = {
            "name": id,
            "organisation": "Rete",
            "regions": list(regions),
            "telephone": telephone,
        }
        assert focal_points.save(session, id, fields, who="test")
    line.forget()


def test_an_office_hears_the_number_of_its_regions_focal_point_first(caller: Caller) -> None:
    _focal_point("all", "*", telephone="0655500111")
    _focal_point("lazio", "lazio", "umbria", telephone="0655500222")
    world.set_places(20, contact_phone="0655500333")
    caller.dials().chooses("it").presses("4", "3", "4").hears("focal_point", "office_call", "number_safe")
    assert caller.value_after("focal_point") == "0655500222"
    caller.presses("8").hears("main_information").presses("4", "1", "1").hears("focal_point", "office_call")
    assert caller.value_after("focal_point") == "0655500111"
    with db.transaction() as session:
        assert focal_points.end(session, "all", who="test")
        assert focal_points.end(session, "lazio", who="test")
        assert not focal_points.end(session, "lazio", who="test")
    line.forget()
    caller.presses("8", "4", "3", "4").hears("project_contact", "office_call").does_not_hear("focal_point")
    assert caller.value_after("project_contact") == "0655500333"


def test_an_office_that_chooses_no_region_is_called_all_the_same(caller: Caller) -> None:
    caller.dials().chooses("it").presses("4").hears("office_region").keeps_silent(2)
    caller.hears("office_call", "number_safe")


def test_zero_is_a_person_in_every_menu_on_the_way(caller: Caller) -> None:
    for keys in (
        ["1"],
        ["1", "2"],
        ["2"],
        ["2", "1"],
        ["3"],
        ["3", "1"],
        ["3", "1", "1"],
        ["3", "1", "1", "1"],
    ):
        caller.dials().chooses("en").presses(*keys).presses("0").hears("nobody_free", "closed_callback")
        caller.call.hang_up()


def test_zero_is_a_digit_while_a_number_is_keyed(caller: Caller) -> None:
    caller.dials().chooses("en").presses("2", "1", "2", "0655500111").hears("number_is").does_not_hear(
        "nobody_free"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_cannot_use_the_keys_is_offered_a_call_or_a_message(caller: Caller, language: str) -> None:
    caller.dials().chooses(language).presses("6", "6", "6").hears(
        "difficult_call", "difficult_callback", "difficult_message"
    )
    caller.presses("1").hears("number_safe").presses("1", "4", "2").hears("saved").hangs_up()
    assert one(Callback).window == "any"


def test_who_cannot_use_the_keys_at_night_is_promised_nobody(
    caller: Caller, at: Callable[[str], datetime]
) -> None:
    at("2026-11-18 23:00")
    caller.dials().chooses("fr").keeps_silent(3).hears("difficult_call").presses("2").hears(
        "leave_message"
    ).says(3)
    caller.hears("message_thanks", "goodbye").afterwards()
    assert outcome() == "message" and not rows(Callback)


def test_hanging_up_in_the_menu_of_the_closed_line_saves_nothing(caller: Caller) -> None:
    caller.dials().chooses("en").presses("0").hangs_up()
    assert not rows(Callback) and outcome() == "gave_up"
