"""Signing in: password, second factor, wrong guesses counted. Refuses in one way, whatever was wrong. Knows no page."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from helpline.people.accounts import Who

PENDING_LASTS = timedelta(minutes=10)


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
    raise NotImplementedError


def whose(session: Session, pending: str) -> Who | None:
    """Who waits for a second factor under this token; None when nobody does (any more): sign in again."""
    raise NotImplementedError


def second(session: Session, pending: str, code: str, *, address: str) -> Refused | Signed:
    """Try a code: of the factor, of the enrolment that `pending` is for, or a recovery code. Commit whatever comes back.

    After five wrong codes `pending` is dead: `whose` says so.
    """
    raise NotImplementedError


def change_password(
    session: Session, person_id: int, old: str, new: str, *, address: str, token: str | None = None
) -> Refused | None:
    """A signed-in person's new password; other sessions than `token`'s end. Commit whatever comes back.

    Raises `accounts.Invalid` (field `new`) and `NoPerson`.
    """
    raise NotImplementedError
