"""Signing in: password, second factor, wrong guesses counted. Refuses in one way, whatever was wrong. Knows no page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpline.people import audit, guessing, passwords, pending, second_factor, sessions
from helpline.people.finding import locked, login_of, of_login, plain
from helpline.people.models import Person
from helpline.people.reasons import Invalid
from helpline.people.who import Who, shown

PENDING_LASTS = pending.LASTS


@dataclass(frozen=True)
class Refused:
    """No. `pause_seconds`: how long nothing will be tried at all (0: at once), the same for logins that do not exist."""

    pause_seconds: int = 0


@dataclass(frozen=True, repr=False)
class NeedsCode:
    """The password was right; `pending` goes into `second` with a code of the second factor, or a recovery code."""

    pending: str


@dataclass(frozen=True, repr=False)
class NeedsEnrolment:
    """The password was right, and a second factor must be set up before anything else.

    Show `second_factor.begin_enrolment(session, whose(session, pending).id)`; then `second(pending, code)`.
    """

    pending: str


@dataclass(frozen=True, repr=False)
class Signed:
    """Signed in: `token` for the cookie. `recovery_codes` only after an enrolment: to be shown once."""

    token: str
    who: Who
    recovery_codes: tuple[str, ...] = ()


def begin(
    session: Session, login: str, password: str, *, address: str, factor_required: bool = True
) -> Refused | NeedsCode | NeedsEnrolment | Signed:
    """Try a login and a password from an address.

    Commit whatever comes back: a refusal has written that somebody guessed. `factor_required` is
    `settings.second_factor_required`; who has a second factor is asked for it in any case.
    """
    gate = guessing.gate(session, plain(login), address)
    if gate.pause_seconds:
        return Refused(gate.pause_seconds)
    found = of_login(session, login)
    # A password is compared in any case, with nobody's where there is none: the time tells nothing.
    kept = found.password_hash if found and not found.disabled_at else None
    if not passwords.fits(kept, password) or not found or not kept:
        return _refused(session, gate, found)
    person = locked(session, found.id)
    if person.password_hash != kept or person.disabled_at:  # while it was compared
        return _refused(session, gate, person)
    if passwords.is_outdated(kept):
        person.password_hash = passwords.hashed(password)
    if person.totp_confirmed_at:
        return NeedsCode(pending.begin(session, person.id))
    if factor_required:
        second_factor.forget_unconfirmed(session, person.id)
        return NeedsEnrolment(pending.begin(session, person.id))
    return _signed(session, gate, person)


def whose(session: Session, pending_token: str) -> Who | None:
    """Who waits for a second factor under this token; None when nobody does (any more): sign in again."""
    person_id = pending.person_of(session, pending_token)
    person = session.get(Person, person_id) if person_id is not None else None
    return shown(person) if person and not person.disabled_at else None


def second(session: Session, pending_token: str, code: str, *, address: str) -> Refused | Signed:
    """Try a code: of the factor, of the enrolment that the token is for, or a recovery code. Commit whatever comes back.

    After five wrong codes the token is dead: `whose` says so.
    """
    waiting = whose(session, pending_token)
    if waiting is None:
        return Refused()
    gate = guessing.gate(session, waiting.login, address)
    if gate.pause_seconds:
        return Refused(gate.pause_seconds)
    row = pending.held(session, pending_token)
    if row is None:
        return Refused()
    person = locked(session, row.person_id)
    if person.disabled_at:
        return Refused()
    recovery_codes: list[str] = []
    if person.totp_confirmed_at:
        right = second_factor.verify(session, person.id, code)
    else:
        try:
            recovery_codes = second_factor.confirm(session, person.id, code)
            right = True
        except second_factor.WrongCode:
            right = False
    if not right:
        pending.failed(row)
        return _refused(session, gate, person)
    pending.end(row)
    return _signed(session, gate, person, recovery_codes)


def change_password(
    session: Session, person_id: int, old: str, new: str, *, address: str, token: str | None = None
) -> Refused | None:
    """A signed-in person's new password; other sessions than `token`'s end. Commit whatever comes back.

    Raises `Invalid` (field `new`), before the old one is tried, and `NoPerson`.
    """
    gate = guessing.gate(session, login_of(session, person_id), address)
    if gate.pause_seconds:
        return Refused(gate.pause_seconds)
    person = locked(session, person_id)
    if reason := passwords.weakness(new, person.login or "", person.name):
        raise Invalid({"new": reason})
    if not passwords.fits(person.password_hash, old):
        return _refused(session, gate, person)
    person.password_hash = passwords.hashed(new)
    gate.passed()
    pending.end_all(session, person_id)
    sessions.end_all(session, person_id, except_=token)
    audit.record(session, f"person {person_id}", "changed_password", f"person {person_id}")
    return None


def confirm(session: Session, person_id: int, password: str, *, address: str) -> Refused | None:
    """Whether a signed-in person knows the password, before a change that a stolen session could use.

    Commit whatever comes back: a refusal has written that somebody guessed. Raises `NoPerson`.
    """
    gate = guessing.gate(session, login_of(session, person_id), address)
    if gate.pause_seconds:
        return Refused(gate.pause_seconds)
    person = locked(session, person_id)
    if not passwords.fits(person.password_hash, password):
        return _refused(session, gate, person)
    gate.passed()
    return None


def _refused(session: Session, gate: guessing.Gate, person: Person | None) -> Refused:
    pause = gate.failed()
    if gate.locks_login:
        about = f"person {person.id}" if person else "a login that nobody has"
        audit.record(session, "sign-in", "locked", about, after=gate.login.failures)
    return Refused(pause)


def _signed(
    session: Session, gate: guessing.Gate, person: Person, recovery_codes: list[str] | None = None
) -> Signed:
    gate.passed()
    token = sessions.begin(session, person.id)
    audit.record(session, f"person {person.id}", "signed_in", f"person {person.id}")
    return Signed(token, shown(person), tuple(recovery_codes or ()))
