"""The pages of the console that are looked at in a browser, by who looks. A page that is added gets a line here.

`person` is who looks (None: nobody is signed in). Words in braces are of the world that `furnish` makes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from helpline import clock, db
from helpline.people import audit
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration.intake_rows import save


@dataclass(frozen=True)
class Person:
    """Who looks."""

    login: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...] = ()
    locale: str = "it"


BOSS = Person("chiara", (Role.ADMINISTRATOR,), locale="en")
OPERATOR = Person("marta", (Role.OPERATOR,), ("ar", "bn", "it"))
COORDINATOR = Person("paolo", (Role.COORDINATOR,))
EDITOR = Person("elena", (Role.EDITOR,))

VIEWS: tuple[tuple[Person | None, str], ...] = (
    (None, "/sign-in"),
    (None, "/invited/{invitation}"),
    (None, "/style"),
    (None, "/signal/ar"),
    (None, "/signal/it"),
    (None, "/sheet/ar"),
    (EDITOR, "/"),
    (EDITOR, "/me"),
    (BOSS, "/welcome"),
    (BOSS, "/me"),
    (BOSS, "/style"),
    (BOSS, "/people"),
    (BOSS, "/people/invite"),
    (BOSS, "/people/{dina}"),
    (BOSS, "/audit"),
    (BOSS, "/audit/check"),
    (BOSS, "/audit/{today}"),
    (OPERATOR, "/callbacks"),
    (OPERATOR, "/callbacks/{callback}"),
    (OPERATOR, "/guide"),
    (OPERATOR, "/live"),
    (COORDINATOR, "/callbacks"),
    (COORDINATOR, "/callbacks/concerns"),
)
# Looked at in tests of their own, because one gets there by doing something; or parts, files and sounds.
ELSEWHERE = {
    "/sign-in/code",
    "/sign-in/enrol",
    "/callbacks/<int:callback_id>/request",
    "/live/<int:hold_id>/ask/<kind>",  # only in a live talk: not looked at yet
    "/callbacks/<int:callback_id>/call",
    "/callbacks/<int:callback_id>/clips/<int:clip_id>.wav",
    "/callbacks/rows",
    "/live/part",
    "/style/live",
    "/signal",  # only leads on
    "/sheet",
    "/sheet/<tongue>.pdf",
    "/static/<asked>/<path:name>",
}
PEOPLE = tuple(dict.fromkeys(person for person, _path in VIEWS))


def furnish() -> dict[str, Any]:
    """Make what the pages show: people, a callback in Arabic and one in Bangla, lines of audit."""
    from helpline.people import accounts

    dina = people_rows.make(
        "dina", name="Dina Ferretti", languages=("ar", "fr"), phone="+393330000567", locale="it"
    )
    with db.transaction() as session:
        invitation = accounts.invite(session, login="bruno", name="Bruno", roles=[Role.OPERATOR], by="test")
        audit.record(session, dina.in_audit, "revealed", "callback 12", field="number")
    asked = save("CA" + "1" * 32, language="ar")
    save("CA" + "2" * 32, {"number": "+393330000002", "number_proved": True, "window": "any"}, language="bn")
    today: date = clock.in_rome().date()
    return {"dina": dina.id, "invitation": invitation, "today": today.isoformat(), "callback": _plan(asked)}


def _plan(asked: Any) -> int:
    from sqlalchemy import select

    from helpline.callbacks.models import Callback

    with db.transaction() as session:
        found: int = session.scalars(select(Callback.id).order_by(Callback.id)).first() or 0
    return found
