"""The second factor: codes that a telephone shows (TOTP), each used once, and recovery codes. Knows no page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session


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
    raise NotImplementedError


def confirm(session: Session, person_id: int, code: str) -> list[str]:
    """From here on the factor counts; gives the recovery codes, shown once.

    Raises `WrongCode`, `AlreadyEnrolled`, `NoPerson`. During sign-in call `signing_in.second`, which counts guesses.
    """
    raise NotImplementedError


def reset(session: Session, person_id: int, by: str) -> None:
    """Take the factor and its recovery codes away, and end all sessions. Raises `NoPerson`."""
    raise NotImplementedError


def enrolled(session: Session, person_id: int) -> bool:
    """Whether the person has a confirmed second factor."""
    raise NotImplementedError


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes were not used."""
    raise NotImplementedError


def renew_recovery_codes(session: Session, person_id: int) -> list[str]:
    """New recovery codes instead of the old ones, shown once. Raises `NoPerson`; `WrongCode` without a second factor."""
    raise NotImplementedError
