"""What is said at the welcome because of the day: notices that switch themselves off, and that no project is open."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from helpline import clock, db, line
from helpline.line.models import LineVersion, NoticeRow
from helpline.routing.models import Request
from tests.calls import world
from tests.calls.caller import Caller
from tests.calls.ways import LANGUAGES, agrees_and_skips, goes_to_consent, one

WORDS = {code: f"Notice in {code}." for code in LANGUAGES}


def notice(begins: timedelta, ends: timedelta) -> None:
    now = clock.now()
    with db.transaction() as session:
        session.add(NoticeRow(name="strike", starts_at=now + begins, ends_at=now + ends, texts=WORDS))
        session.add(LineVersion(who="test", source="test", changes={}))
    line.forget()


def texts_heard(caller: Caller) -> list[tuple[str, str]]:
    return [(caller.language_of(heard), heard.text) for heard in caller.heard]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_said_in_the_language_of_the_call_until_it_ends(
    caller: Caller, at: Callable[[str], datetime], language: str
) -> None:
    notice(timedelta(hours=-1), timedelta(hours=2))
    caller.dials().chooses(language).hears("welcome", "?", "main_information")
    assert (language, WORDS[language]) in texts_heard(caller)
    caller.call.hang_up()
    at("2026-11-18 12:01")
    line.forget()
    caller.dials().chooses(language).hears("welcome", "main_information").does_not_hear("?")


def test_a_notice_of_tomorrow_is_not_said_today(caller: Caller) -> None:
    notice(timedelta(days=1), timedelta(days=2))
    caller.dials().chooses("en").hears("welcome").does_not_hear("?")


def test_a_notice_ends_at_its_moment_in_the_longer_night(caller: Caller, at: Callable[..., datetime]) -> None:
    """02:30 comes twice on the 25th of October: a notice that ends at the first one is silent at the second."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    at("2026-10-25 02:00")
    notice(timedelta(), first - clock.now())
    caller.dials().chooses("en").hears("?").call.hang_up()
    at("2026-10-25 02:15", fold=1)
    line.forget()
    caller.dials().chooses("en").does_not_hear("?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_project_it_is_said_with_the_contact_and_everything_else_goes_on(
    caller: Caller, language: str
) -> None:
    world.set_places(5, starts_on=date(2027, 1, 10), contact_phone="0655500333")
    caller.dials().chooses(language).hears(
        "danger", "welcome", "no_project", "project_contact", "main_information"
    )
    assert caller.value_after("project_contact") == "0655500333"
    agrees_and_skips(goes_to_consent(caller)).hears("no_place").presses("1").hears("help_saved").hangs_up()
    assert one(Request).reason is not None and one(Request).entity_id is None


def test_a_project_that_is_over_gives_no_contact(caller: Caller) -> None:
    world.set_places(5, ends_on=date(2026, 11, 17), contact_phone="0655500333")
    caller.dials().chooses("en").hears("welcome", "no_project").does_not_hear("project_contact")


def test_a_project_is_open_on_its_last_day_and_closed_after_midnight(
    caller: Caller, at: Callable[[str], datetime]
) -> None:
    world.set_places(5, ends_on=date(2026, 11, 18))
    at("2026-11-18 23:59")
    caller.dials().chooses("en").hears("welcome").does_not_hear("no_project").call.hang_up()
    at("2026-11-19 00:00")
    line.forget()
    caller.dials().chooses("en").hears("no_project")
