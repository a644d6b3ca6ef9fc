"""The second factor: codes that a telephone shows (TOTP), each used once, and recovery codes. Knows no page."""

import re
import secrets
from dataclasses import dataclass
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash
from helpline.people import audit, pending, sessions
from helpline.people.finding import NoPerson, locked
from helpline.people.models import Person, RecoveryCode

__all__ = [
    "AlreadyEnrolled", "Enrolment", "NoPerson", "WrongCode", "begin_enrolment", "confirm", "enrolled", "forget_unconfirmed",
    "recovery_codes_left", "renew_recovery_codes", "reset", "verify",
]  # fmt: skip

ISSUER = "Helpline"
STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_HALF = 5


@dataclass(frozen=True, repr=False)
class Enrolment:
    """What an authenticator needs: the secret to type, and the same as a `otpauth://` address to show as a picture."""

    secret: str
    uri: str


class WrongCode(Exception):
    """The code is wrong, too old, or was used."""


class AlreadyEnrolled(Exception):
    """There is a second factor already: it has to be reset first."""


def begin_enrolment(session: Session, person_id: int) -> Enrolment:
    """The secret that waits to be confirmed; the same again until it is. Raises `AlreadyEnrolled` and `NoPerson`."""
    person = locked(session, person_id)
    if person.totp_confirmed_at:
        raise AlreadyEnrolled
    if not person.totp_secret:
        person.totp_secret = pyotp.random_base32()
        session.flush()
    uri = pyotp.TOTP(person.totp_secret).provisioning_uri(name=person.login or "", issuer_name=ISSUER)
    return Enrolment(person.totp_secret, uri)


def confirm(session: Session, person_id: int, code: str) -> list[str]:
    """From here on the factor counts; gives the recovery codes, shown once.

    Raises `WrongCode`, `AlreadyEnrolled`, `NoPerson`. During sign-in call `signing_in.second`, which counts guesses.
    """
    person = locked(session, person_id)
    if person.totp_confirmed_at:
        raise AlreadyEnrolled
    if not _is_shown_now(person, code):
        raise WrongCode
    person.totp_confirmed_at = clock.now()
    audit.record(session, f"person {person_id}", "second_factor_confirmed", f"person {person_id}")
    return _new_recovery_codes(session, person_id)


def verify(session: Session, person_id: int, code: str) -> bool:
    """Whether the code is one that the telephone shows now, or a recovery code, and was never used; it is used now.

    Counts no guesses: `signing_in.second` does. Raises `NoPerson`.
    """
    person = locked(session, person_id)
    if not person.totp_confirmed_at:
        return False
    if _is_shown_now(person, code):
        session.flush()
        return True
    return _use_recovery_code(session, person_id, code)


def forget_unconfirmed(session: Session, person_id: int) -> None:
    """Whoever begins to sign in gets a secret that nobody was shown before. Raises `NoPerson`."""
    person = locked(session, person_id)
    if not person.totp_confirmed_at:
        person.totp_secret = None
        session.flush()


def reset(session: Session, person_id: int, by: str) -> None:
    """Take the factor and its recovery codes away, and end all sessions. Raises `NoPerson`."""
    person = locked(session, person_id)
    person.totp_secret = person.totp_confirmed_at = person.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    pending.end_all(session, person_id)
    sessions.end_all(session, person_id)
    audit.record(session, by, "second_factor_reset", f"person {person_id}")


def enrolled(session: Session, person_id: int) -> bool:
    """Whether the person has a confirmed second factor."""
    return session.scalar(select(Person.totp_confirmed_at).where(Person.id == person_id)) is not None


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes were not used."""
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def renew_recovery_codes(session: Session, person_id: int) -> list[str]:
    """New recovery codes instead of the old ones, shown once. Raises `NoPerson`; `WrongCode` without a second factor."""
    person = locked(session, person_id)
    if not person.totp_confirmed_at:
        raise WrongCode
    audit.record(session, f"person {person_id}", "recovery_codes_renewed", f"person {person_id}")
    return _new_recovery_codes(session, person_id)


def _is_shown_now(person: Person, code: str) -> bool:
    """Compare with the codes of now, half a minute ago and in half a minute that were not used; note the one that fits."""
    digits = re.sub(r"\s", "", code)
    if not person.totp_secret or not re.fullmatch(r"[0-9]{6}", digits):
        return False
    shown = pyotp.TOTP(person.totp_secret, interval=STEP_SECONDS)
    now = _step()
    for step in (now, now - 1, now + 1):
        if step > (person.totp_step or 0) and compare_digest(shown.generate_otp(step), digits):
            person.totp_step = step
            return True
    return False


def _step() -> int:
    """The authenticator's time is the real one, also where the line pretends another."""
    return int((clock.now() - clock.offset()).timestamp()) // STEP_SECONDS


def _new_recovery_codes(session: Session, person_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_hash(person_id, code)) for code in codes)
    session.flush()
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in codes]


def _use_recovery_code(session: Session, person_id: int, code: str) -> bool:
    plain = re.sub(r"[\s-]", "", code).casefold()
    using = update(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == _hash(person_id, plain),
        RecoveryCode.used_at.is_(None),
    )
    used = session.scalar(using.values(used_at=clock.now()).returning(RecoveryCode.id))
    if used is None:
        return False
    left = recovery_codes_left(session, person_id)
    audit.record(session, f"person {person_id}", "used_recovery_code", f"person {person_id}", left=left)
    return True


def _hash(person_id: int, code: str) -> str:
    return keyed_hash("recovery code", f"{person_id} {code}")
