"""Ways through the menu that many tests walk, and what the database holds afterwards."""

from typing import Any, TypeVar

from sqlalchemy import select

from helpline import db
from helpline.calls.models import Call
from helpline.db import Base
from tests.calls.caller import Caller
from tests.leaflet import KEYS

Row = TypeVar("Row", bound=Base)

LANGUAGES = tuple(KEYS.values())
THIS_NUMBER = "1"
"""The key that says: the number I am calling from."""


def rows(model: type[Row]) -> list[Row]:
    """Every row of a table, in the order in which they were made."""
    with db.transaction() as session:
        return list(session.scalars(select(model).order_by(model.__table__.c.id)))


def one(model: type[Row]) -> Row:
    """The only row of a table."""
    [row] = rows(model)
    return row


def outcome() -> str | None:
    """How the only call ended."""
    return one(Call).outcome


def fields_of(row: Base, *names: str) -> tuple[Any, ...]:
    """Some columns of a row, to compare."""
    return tuple(getattr(row, name) for name in names)


def asks_for_a_callback(caller: Caller, language: str = "en", window: str = "1") -> str:
    """Dial, ask to be called on this number, and give the code that was heard."""
    caller.dials().chooses(language).presses("2", "1", "1", window, "2")
    return caller.hears("saved").value_after("code_is")


def goes_to_consent(caller: Caller, whom: str = "1") -> Caller:
    """From the main menu to the question whether answers may be passed on, as an adult."""
    return caller.presses("3", "1", whom, "1").hears(
        "consent_offer", "consent_answers", "consent_yes", "consent_no"
    )


def agrees_and_skips(caller: Caller, country: str = "1") -> Caller:
    """From the consent to the last question: a country from the list, no region, this number, in the morning, no name."""
    caller.presses("1").hears("region_code").keeps_silent(2).hears("country_choose")
    return caller.presses(country, "1", "1").hears("quiet", "name").presses("1")


def asks_for_help(caller: Caller, language: str = "en") -> str:
    """Dial, ask for help to return in the shortest way, and give the code that was heard."""
    caller.dials().chooses(language)
    agrees_and_skips(goes_to_consent(caller))
    return caller.hears("help_saved", "code_is").value_after("code_is")
