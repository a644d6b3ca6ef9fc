"""What the menu's `do` steps do: one function each, of the caller and the session, answering one of its outcomes.
The only place where the menu meets the rest of the house."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, db, hours, line, phone
from helpline.calls.models import Clip, ClipState
from helpline.intake import asks, finding
from helpline.intake.models import Ask
from helpline.intake.wishes import agreed, wish_of
from helpline.ivr.caller import Caller
from helpline.ivr.outcomes import ACTIONS, UNAVAILABLE
from helpline.places import region_of_cap
from helpline.routing import offers
from helpline.voice.catalogue import Catalogue, text_hash

MOST_NUMBERS = 3
MOST_NUMBERS_UNSEEN = (
    2  # a withheld or foreign caller who keys no Italian number twice is not sent round again
)
MOST_POSTAL_CODES = 3
CHANGE = "change"  # the way of a caller who changes the number of an earlier ask
CONSENT = ("consent_offer", "consent_answers", "consent_yes", "consent_no")

Action = Callable[[Caller, Session], str]
_actions: dict[str, Action] = {}
# After these the caller is told that something was done, or must not get another try: the disk has to say so first.
_DURABLE = frozenset(
    [
        "save_callback",
        "save_request",
        "save_message",
        "check_code",
        "change_window",
        "change_number",
        "cancel_ask",
        "record_agreement",
    ]
)
_without_database: dict[str, Callable[[Caller], str]] = {}
_pure: set[str] = set()


def run(name: str, caller: Caller, session: Session) -> str:
    """Run the action of this name in the session's transaction; its outcome is one that the flow routes."""
    if name in _DURABLE:
        db.make_durable(session)
    outcome = _actions[name](caller, session)
    if outcome not in ACTIONS[name]:
        raise ValueError(f"action {name} answered {outcome}, which nothing routes")
    return outcome


def needs_no_database(name: str) -> bool:
    """Whether the action asks and changes nothing that is in the database."""
    return name in _pure


def run_alone(name: str, caller: Caller) -> str:
    """What the action answers while the database does not."""
    alone = _without_database.get(name)
    return alone(caller) if alone else UNAVAILABLE


def _action(function: Action) -> Action:
    _actions[function.__name__] = function
    return function


def _needs_no_database(function: Callable[[Caller], str]) -> Callable[[Caller], str]:
    name = function.__name__
    _without_database[name] = function
    _pure.add(name)
    _actions[name] = lambda caller, session: function(caller)
    return function


# ---------------------------------------------------------------- who calls, who could answer


@_needs_no_database
def greet(caller: Caller) -> str:
    """Which welcome: a neutral one on the number from which we call people back, since telephones are shared."""
    return "redial" if caller.on_callback_number else "welcome"


@_needs_no_database
def find_person(caller: Caller) -> str:
    """Whether somebody can take the call now. Nobody works in shifts yet, so in open hours nobody is free."""
    status = hours.status(line.current().calendar, caller.language, clock.now())
    return {hours.Status.OPEN: "nobody_free", hours.Status.HOLIDAY: "holiday"}.get(status, "closed")


@_needs_no_database
def know_number(caller: Caller) -> str:
    """Whether the call comes from a number that we may call back."""
    return "known" if caller.judged.number else "unknown"


# ---------------------------------------------------------------- the number


@_action
def use_this_number(caller: Caller, session: Session) -> str:
    """The number from which the call comes is safe to ring."""
    number = caller.judged.number
    if number is None:
        return UNAVAILABLE
    caller.keep(session, number=number.e164, number_proved=True, cancelled=False)
    return "kept"


@_action
def check_number(caller: Caller, session: Session) -> str:
    """Judge the number that was keyed. After too many, a message is better than another round."""
    draft = caller.draft(session)
    judged = phone.judge(draft.get("number_keyed", ""))
    tries = draft.get("number_tries", 0) + 1
    caller.keep(session, number_tries=tries, candidate=judged.number.e164 if judged.number else None)
    most = MOST_NUMBERS if caller.judged.number else MOST_NUMBERS_UNSEEN
    if tries > MOST_NUMBERS or (not judged.number and tries >= most):
        return "too_many"
    return "not_valid" if judged.verdict is phone.Verdict.HIDDEN else judged.verdict.value


@_action
def use_keyed_number(caller: Caller, session: Session) -> str:
    """The number read back was right."""
    candidate = caller.draft(session).get("candidate")
    if not candidate:
        return UNAVAILABLE
    own = caller.judged.number
    proved = own is not None and own.e164 == candidate
    caller.keep(session, number=candidate, number_proved=proved, number_tries=0, cancelled=False)
    return "kept"


@_action
def number_purpose(caller: Caller, session: Session) -> str:
    """A number for a new ask, or for one that was made before."""
    return "change" if caller.draft(session).get("way") == CHANGE else "ask"


@_action
def window_purpose(caller: Caller, session: Session) -> str:
    """What all the answers so far amount to: a child's call, a request that was agreed to, or a call back."""
    draft = caller.draft(session)
    if draft.get("age") == "minor":
        return "minor"
    return "help" if agreed(draft) else "callback"


# ---------------------------------------------------------------- saving


@_action
def save_callback(caller: Caller, session: Session) -> str:
    """Save that somebody wants to be called; the code is said only after the commit."""
    wish = wish_of(caller.draft(session))
    promised = _promise(caller.language, wish["window"])
    saved = asks.save_callback(session, caller.sid, wish, caller.language, promised_on=promised)
    return _told(caller, session, saved)


@_action
def save_request(caller: Caller, session: Session) -> str:
    """Save that somebody asks for help to return, unless the place is gone and they did not agree to wait."""
    draft = caller.draft(session)
    if not agreed(draft):
        return UNAVAILABLE
    place, waits = _has_place(caller, session), draft.get("waits") == "yes"
    if not place and not waits:
        return "no_place"
    wish = wish_of(draft)
    saved = asks.save_request(
        session,
        caller.sid,
        wish,
        caller.language,
        agreement_id=draft["agreement_id"],
        waits_without_place=not place,
        promised_on=_promise(caller.language, wish["window"]),
    )
    return _told(caller, session, saved)


def _told(caller: Caller, session: Session, saved: asks.Saved | asks.TooMany) -> str:
    if isinstance(saved, asks.TooMany):
        return "too_many"
    caller.keep(session, code=saved.code, promised_on=_iso(saved.promised_on), saved=True)
    return "saved"


def _promise(language: str, window: str) -> date | None:
    return hours.promise(line.current().calendar, language, window, clock.now())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@_action
def save_message(caller: Caller, session: Session) -> str:
    """Whether something was recorded: its row is written by the webhook that announced it."""
    heard = (Clip.call_sid == caller.sid) & (Clip.kind == "message") & (Clip.state != ClipState.ABSENT)
    return "saved" if session.scalars(select(Clip.id).where(heard).limit(1)).first() else "nothing"


# ---------------------------------------------------------------- a code, and what was asked before


@_action
def check_code(caller: Caller, session: Session) -> str:
    """Find what was asked with this number and this code; an unknown number and a wrong code sound alike."""
    draft = caller.draft(session)
    this = caller.judged.number if draft.get("code_for") == "this" else None
    number = this or phone.judge(draft.get("code_number", "")).number
    found = finding.find(session, number, draft.get("code_keyed", ""), caller.sid)
    caller.keep(session, code_keyed=None, code_number=None, code_for=None)
    if isinstance(found, finding.Found):
        promised = _iso(found.ask.promised_on)
        caller.keep(session, asked=found.ask.id, asked_state=_state(session, found.ask), promised_on=promised)
        return "right"
    return "blocked" if isinstance(found, finding.Blocked) else "wrong"


def _state(session: Session, ask: Ask) -> str:
    word = asks.state_of(session, ask)
    if word == "waiting" and ask.waits_without_place:
        return "no_place"
    return "done" if word == "cancelled" else word


@_action
def change_begins(caller: Caller, session: Session) -> str:
    """The number keyed next is for the ask that was found, until the caller takes another way."""
    caller.keep(session, way=CHANGE, number_tries=0)
    return "begun"


@_action
def change_window(caller: Caller, session: Session) -> str:
    """Another part of the day for the ask that was found."""
    draft = caller.draft(session)
    ask = asks.by_id(session, draft["asked"])
    if ask is None or not asks.change_window(session, ask, draft["new_window"]):
        return _gone(caller, session)
    promised = _promise(ask.language, draft["new_window"])
    caller.keep(session, promised_on=_iso(promised))
    return "changed"


@_action
def change_number(caller: Caller, session: Session) -> str:
    """Another number for the ask that was found; its code stays."""
    draft = caller.draft(session)
    ask = asks.by_id(session, draft["asked"])
    proved = bool(draft.get("number_proved"))
    caller.keep(session, way=None)
    moved = (
        asks.change_number(session, ask, phone.PhoneNumber(draft["number"]), proved=proved) if ask else None
    )
    if moved is None:
        return _gone(caller, session)
    return "too_many" if isinstance(moved, asks.TooMany) else "changed"


@_action
def cancel_ask(caller: Caller, session: Session) -> str:
    """Withdraw the ask that was found, everywhere."""
    ask = asks.by_id(session, caller.draft(session)["asked"])
    return "cancelled" if ask and asks.cancel(session, ask) else _gone(caller, session)


def _gone(caller: Caller, session: Session) -> str:
    caller.keep(session, asked_state="done")
    return "gone"


# ---------------------------------------------------------------- a request for help to return


@_action
def remember_minor(caller: Caller, session: Session) -> str:
    """Who said once in this call to be under eighteen is not asked again."""
    return "minor" if caller.draft(session).get("age") == "minor" else "ask"


_without_database["remember_minor"] = lambda caller: "ask"


@_action
def record_agreement(caller: Caller, session: Session) -> str:
    """Write down what was agreed to: the version of the words heard, the language, when, and the key."""
    if caller.draft(session).get("age") != "adult":
        return "minor"
    version = consent_version(caller.catalogue, caller.language)
    caller.keep(
        session, agreement_id=asks.record_agreement(session, caller.sid, version, caller.language, "1")
    )
    return "recorded"


def consent_version(catalogue: Catalogue, language: str) -> str:
    """A short hash of the words of the consent in a language, which changes whenever they do."""
    return text_hash("\n".join(catalogue.text(language, name) for name in CONSENT))


@_action
def check_postal_code(caller: Caller, session: Session) -> str:
    """The region of the postal code that was keyed; only the region is kept."""
    draft = caller.draft(session)
    region = region_of_cap(draft.get("cap_keyed", ""))
    tries = draft.get("cap_tries", 0) + 1
    caller.keep(session, cap_keyed=None, cap_tries=tries, cap_region=region, region_said=None)
    if region:
        return "found"
    return "too_many" if tries >= MOST_POSTAL_CODES else "not_valid"


@_action
def check_place(caller: Caller, session: Session) -> str:
    """Whether a project has room for this request now, before the caller is told that it goes on or waits."""
    return "place" if _has_place(caller, session) else "no_place"


def _has_place(caller: Caller, session: Session) -> bool:
    wish = wish_of(caller.draft(session))
    return offers.has_place(
        session,
        region=wish["region"],
        country=wish["country"],
        group=wish["whom"] or "self",
        language=caller.language,
    )


@_action
def cancel_draft(caller: Caller, session: Session) -> str:
    """The caller does not want to wait: nothing of it is kept when the call ends."""
    caller.keep(session, cancelled=True, consent="no", number=None, window=None)
    return "cancelled"
