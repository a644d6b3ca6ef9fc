"""The pages of the console that are looked at in a browser, by who looks. A page that is added gets a line here.

`person` is who looks (None: nobody is signed in). Words in braces are of the world that `furnish` makes.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from helpline import clock, db
from helpline.people import audit
from helpline.people.roles import Role
from tests.browser.furnished_alerts import furnish_alerts
from tests.browser.furnished_line import furnish_line, planned
from tests.browser.furnished_prompts import furnish_prompts
from tests.integration import people_rows, routing_rows
from tests.integration.intake_rows import save
from tests.integration.returns_rows import returned


@dataclass(frozen=True)
class Person:
    """Who looks."""

    login: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...] = ()
    locale: str = "it"
    entity_id: str | None = None
    organisation: str | None = None


BOSS = Person("chiara", (Role.ADMINISTRATOR,), locale="en")
OPERATOR = Person("marta", (Role.OPERATOR,), ("ar", "bn", "it"))
COORDINATOR = Person("paolo", (Role.COORDINATOR,))
CHRONICLER = Person("cosima", (Role.COORDINATOR,))
NETWORK = Person("nadia", (Role.COORDINATOR,))
EDITOR = Person("elena", (Role.EDITOR,))
PROMPTER = Person("pia", (Role.EDITOR, Role.APPROVER))
SIGNALLER = Person("nino", (Role.NETWORK_MEMBER,), organisation="Sportello stranieri, Bologna")
MEMBER = Person("miriam", (Role.ENTITY_MEMBER,), entity_id="ente")

VIEWS: tuple[tuple[Person | None, str], ...] = (
    (None, "/sign-in"),
    (None, "/invited/{invitation}"),
    (None, "/style"),
    (None, "/signal/ar"),
    (None, "/signal/it"),
    (None, "/sheet/ar"),
    (EDITOR, "/"),
    (EDITOR, "/me"),
    (EDITOR, "/prompts/preview/ar/main"),
    (EDITOR, "/prompts/telephone/ar?prompt=welcome"),
    (EDITOR, "/prompts/preview/it/closed?did=silence"),
    (EDITOR, "/prompts/preview/ar/placed"),
    (EDITOR, "/prompts/preview/bn/number_enter"),
    (EDITOR, "/prompts/preview/en/number_known"),
    (BOSS, "/welcome"),
    (BOSS, "/me"),
    (BOSS, "/style"),
    (BOSS, "/people"),
    (BOSS, "/people/invite"),
    (BOSS, "/people/{dina}"),
    (BOSS, "/programs"),
    (BOSS, "/audit"),
    (BOSS, "/audit/check"),
    (BOSS, "/audit/{today}"),
    (OPERATOR, "/callbacks"),
    (OPERATOR, "/callbacks/{callback}"),
    (OPERATOR, "/guide"),
    (OPERATOR, "/live"),
    (OPERATOR, "/handbook?q=codice"),
    (OPERATOR, "/handbook/callback"),
    (OPERATOR, "/handbook/phrases/ar"),
    (OPERATOR, "/handbook/print?chapter=minors"),
    (COORDINATOR, "/callbacks"),
    (COORDINATOR, "/callbacks/concerns"),
    (COORDINATOR, "/requests"),
    (COORDINATOR, "/requests?state=offered"),
    (COORDINATOR, "/requests?state=waiting&urgent=yes&sort=oldest"),
    (COORDINATOR, "/requests/{waiting}"),
    (COORDINATOR, "/requests/{offered}"),
    (COORDINATOR, "/requests/plan"),
    (COORDINATOR, "/requests/closed-at-once"),
    (COORDINATOR, "/projects"),
    (COORDINATOR, "/projects/ente-0"),
    (COORDINATOR, "/new-organisation"),
    (COORDINATOR, "/entities/ente"),
    (COORDINATOR, "/entities/ente/project"),
    (COORDINATOR, "/ledger"),
    (CHRONICLER, "/calls?outcome=information"),
    (CHRONICLER, "/calls/{call}"),
    (CHRONICLER, "/figures"),
    (CHRONICLER, "/figures/definitions"),
    (CHRONICLER, "/alerts"),
    (CHRONICLER, "/alerts/{alert}"),
    (CHRONICLER, "/alerts/help"),
    (CHRONICLER, "/alerts/limits"),
    (CHRONICLER, "/alerts/limits/callbacks_old"),
    (BOSS, "/alerts/recipients"),
    (CHRONICLER, "/exports"),
    (CHRONICLER, "/returns?by=quarter"),
    (CHRONICLER, "/staffing"),
    (CHRONICLER, "/figures/menu"),
    (CHRONICLER, "/wall"),
    (CHRONICLER, "/wall/screens"),
    (None, "/wall/screen/{screen}"),
    (CHRONICLER, "/reports"),
    (CHRONICLER, "/reports/{report}"),
    (PROMPTER, "/prompts?section=opening"),
    (PROMPTER, "/prompts/ar/welcome"),
    (PROMPTER, "/prompts/en/goodbye"),
    (PROMPTER, "/prompts/check"),
    (PROMPTER, "/prompts/draft"),
    (PROMPTER, "/prompts/draft?what=approve"),
    (PROMPTER, "/prompts/sets"),
    (PROMPTER, "/prompts/sets/{set}?with=0"),
    (COORDINATOR, "/line"),
    (COORDINATOR, "/line/hours/opening/uk"),
    (COORDINATOR, "/line/hours/opening/uk/{planned}"),
    (COORDINATOR, "/line/days"),
    (COORDINATOR, "/line/closures/new"),
    (COORDINATOR, "/line/numbers"),
    (COORDINATOR, "/line/limits"),
    (COORDINATOR, "/line/history"),
    (COORDINATOR, "/line/history/{version}"),
    (COORDINATOR, "/line/heard?at=2026-12-24T17:59&language=ar"),
    (COORDINATOR, "/handbook/ours/new"),
    (COORDINATOR, "/notices"),
    (COORDINATOR, "/notices/new"),
    (COORDINATOR, "/notices/{notice}"),
    (PROMPTER, "/prompts/record"),
    (PROMPTER, "/prompts/record/hi"),
    (PROMPTER, "/prompts/record/ar?what=section&section=opening"),
    (PROMPTER, "/prompts/upload"),
    (SIGNALLER, "/signals"),
    (NETWORK, "/network"),
    (NETWORK, "/network/offices"),
    (NETWORK, "/network/focal-points"),
    (NETWORK, "/network/focal-points/lazio"),
    (NETWORK, "/network/report"),
    (NETWORK, "/network/members"),
    (NETWORK, "/network/sessions"),
    (MEMBER, "/offers"),
    (MEMBER, "/offers/{pending}"),
    (MEMBER, "/offers/{accepted}"),
    (MEMBER, "/places"),
    (MEMBER, "/entities/ente/programs"),
    (MEMBER, "/returns/mine"),
    (MEMBER, "/returns/mine/ente-0/{month}"),
    (MEMBER, "/places/ente-0"),
)
# Looked at in tests of their own, because one gets there by doing something; or parts, files and sounds.
ELSEWHERE = {
    "/sign-in/code",
    "/mailbox/<int:proof_id>/<token>",
    "/wall/events",
    "/wall/screen/events",
    "/wall/screen",
    "/wall/screen/<token>",
    "/sign-in/enrol",
    "/callbacks/<int:callback_id>/request",
    "/live/<int:hold_id>/ask/<kind>",
    "/callbacks/<int:callback_id>/call",
    "/callbacks/<int:callback_id>/clips/<int:clip_id>.wav",
    "/callbacks/rows",
    "/live/part",
    "/handbook/ours/<int:page_id>",  # the same as beside a chapter
    "/handbook/ours/<int:page_id>/edit",  # the form for a new one
    "/exports/rows",
    "/exports/<int:export_id>/file",
    "/handbook/sound/<digest>.wav",
    "/handbook/phrases",  # the phrases of one language are looked at
    "/alerts/part",
    "/alerts/mailbox/<int:recipient_id>/<token>",
    "/offers/rows",
    "/requests/find",  # only leads on
    "/entities/<entity_id>/programs/deliveries",
    "/offers/<int:offer_id>/standing",
    "/offers/<int:offer_id>/call",
    "/style/live",
    "/network/focal-points/new",  # the same form as for one that is known
    "/network/sessions/<int:session_id>",  # the same as on the list
    "/network/sessions.csv",
    "/network/session-totals.csv",
    "/signal",  # only leads on
    "/prompts/preview",
    "/prompts/telephone",
    "/prompts/telephone/<language>/standing",
    "/prompts/clip/<digest>.wav",
    "/prompts/original/<sha>",
    "/prompts/record/takes",  # for the studio, which has tests of its own
    "/prompts/upload/batch/<int:batch_id>",
    "/prompts/upload/batch/<int:batch_id>/rows",
    "/sheet",
    "/sheet/<tongue>.pdf",
    "/static/<asked>/<path:name>",
    "/line/hours/<kind>",  # only leads on
    "/line/days/<day>",  # forms like that of a closure
    "/line/closures/<path:name>",
    "/line/numbers/<number>",
}
PEOPLE = tuple(dict.fromkeys(person for person, _path in VIEWS))


def furnish() -> dict[str, Any]:
    """Make what the pages show: people, a callback in Arabic and one in Bangla, lines of audit."""
    from helpline.figures import screens
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
    world = {"dina": dina.id, "invitation": invitation, "today": today.isoformat(), "callback": _plan(asked)}
    signalled()
    world["set"] = furnish_prompts()
    world["month"] = f"{(today.replace(day=1) - timedelta(days=1)):%Y-%m}"
    world["alert"] = furnish_alerts()
    with db.transaction() as session:
        world["screen"] = screens.make(session, "sala", dina)
    return (
        world
        | {
            "notice": announced(),
            "call": called(),
            "version": furnish_line(),
            "planned": planned(),
            "report": reported(),
        }
        | offered_and_waiting()
    )


def called() -> int:
    """A call in Arabic that came to an information topic, and is counted; its id."""
    from helpline.calls.models import Call, Step
    from helpline.figures import keeping
    from helpline.phone import PhoneNumber
    from tests.integration import calls_rows

    sid = "CA" + "3" * 32
    calls_rows.begin(sid=sid, number=PhoneNumber("+393330000003"))
    way = (
        ("language", "-", "it/language_ar"),
        ("welcome", "ar", "ar/welcome"),
        ("info_what", "ar", "ar/info_what"),
    )
    with db.transaction() as session:
        for turn, (step, language, says) in enumerate(way):
            did, heard = ("told" if step == "info_what" else None), (f"key {turn}" if turn else None)
            session.add(
                Step(call_sid=sid, turn=turn, step="language", heard=heard, did=did, to_step=step, to_language=language, says=[says])
            )  # fmt: skip
    calls_rows.status("completed", seconds=95, sid=sid)
    calls_rows.finish(sid=sid)
    keeping.count_changes()
    with db.transaction() as session:
        return session.scalars(select(Call.id).where(Call.sid == sid)).one()


def reported() -> int:
    """A report of the quarter that runs, to be read; its id."""
    from helpline.figures import report_periods as periods
    from helpline.figures import reports

    today = clock.in_rome().date()
    with db.transaction() as session:
        report_id = reports.ask(
            session,
            periods.quarter(today.year, (today.month + 2) // 3),
            people_rows.make("rita", roles=(Role.COORDINATOR,)),
        )
    reports.make(report_id)
    return report_id


def signalled() -> None:
    """Two signals, of which one cannot be called yet, a Focal Point and an information session."""
    from helpline.intake import signals
    from helpline.phone import PhoneNumber
    from helpline.routing import focal_points, information

    boss = people_rows.make("noemi", name="Noemi", roles=(Role.COORDINATOR,))
    given = signals.Given(
        *(
            "one",
            "Sportello immigrazione, Roma",
            "sportello@example.org",
            PhoneNumber("+393330000777"),
            "ar",
            "any",
        ),
        *("lazio", False, "it"),
    )
    point = {
        "name": "Anna Bianchi",
        "organisation": "Comune",
        "regions": ["lazio"],
        "telephone": "0655500222",
    }
    today = clock.in_rome().date()
    session_held = information.Given(today, "training", "Milano", None, "reception", 12, 40, "Rete")
    with db.transaction() as session:
        signals.save(session, given)
        signals.save(session, replace(given, nonce="two", by=boss))
        focal_points.save(session, "lazio", point | {"email": None, "hours": "9-13"}, who="test")
        information.add(session, session_held, person_id=boss.id, who=boss.in_audit)


def announced() -> int:
    """A notice that is heard today, in two languages."""
    from helpline.line import notices

    now = clock.now()
    texts = {"it": "Oggi i nostri uffici sono chiusi per sciopero.", "ar": "مكاتبنا مغلقة اليوم بسبب إضراب."}
    with db.transaction() as session:
        return notices.save(session, notices.Given(texts, now, now + timedelta(hours=8)), who="test")[0]


def offered_and_waiting() -> dict[str, int]:
    """An organisation with an offer to answer and a case, and somebody for whom there is no project."""
    from helpline.routing import offers, projects, waiting

    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=2, regions=["lazio"])
        routing_rows.entity(session, "other", places=1, regions=["lazio"], countries=["MA"])
    with db.transaction() as session:
        one, two, three = (
            routing_rows.requests(session, language=language, region=region, **more)[0].id
            for language, region, more in (
                ("ar", "lazio", {}),
                ("bn", "lazio", {"urgent": True}),
                ("ar", "sardegna", {"country": "MA", "group": "family"}),
            )
        )
    offers.sweep_waiting()
    with db.transaction() as session:
        accepted, pending = (waiting.one(session, id).offers[-1].id for id in (one, two))
        offers.accept(session, accepted, who="test")
        offers.report(session, accepted, "contacted", who="test")
        offers.mark_urgent(session, three, who="test", why="leaves the centre on Friday")
        projects.change(session, "ente-0", who="test", why="a new agreement", per_week=5)
    joined()
    people = {"counselled": 30, "plans": 20, "returned": 12, "business": 7, "housing": 5}
    returned(
        "ente-0",
        f"{(clock.in_rome().date().replace(day=1) - timedelta(days=1)):%Y-%m}",
        ("MA", people),
        ("SN", {"plans": 6}),
    )
    return {"waiting": three, "offered": two, "pending": pending, "accepted": accepted}


def joined() -> None:
    """A program of the organisation that may ask, and an address where it is told; a test is on its way there."""
    from helpline.api import endpoints, tokens, told

    with db.transaction() as session:
        tokens.add(session, entity_id="ente", name="gestione casi", scopes=["offers:read"], by="test")
        where = "https://casi.example.org/hooks"
        endpoint_id, _ = endpoints.add(session, entity_id="ente", address=where, by="test")
        told.send_test(session, "ente", endpoint_id, who="test")


def _plan(asked: Any) -> int:
    from sqlalchemy import select

    from helpline.callbacks.models import Callback

    with db.transaction() as session:
        found: int = session.scalars(select(Callback.id).order_by(Callback.id)).first() or 0
    return found
