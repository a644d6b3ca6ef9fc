"""The demo's people: a password for each, made once and kept in a file that only its owner may read. Knows no page."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from helpline import environment
from helpline.people import accounts, passwords, register
from helpline.people.finding import of_login
from helpline.people.register import Row, Standing

FILE = "passwords"
BY = "demo"
_FIRST, _SECOND = "bdfgklmnprstvz", "aeiou"
_SYLLABLES, _WORDS = 2, 4


@dataclass(frozen=True, repr=False)
class Known:
    """An account of the demo, and its password; None when it was changed or the account is disabled."""

    row: Row
    password: str | None


def let_in(session: Session, folder: Path) -> list[Known]:
    """Give a password to every account that never had one; all who were given one here, by name.

    What there is stays: running it again changes nothing. `folder` is where the passwords are kept.
    """
    file = folder / FILE
    kept = environment.read(file) if file.is_file() else {}
    new = [row for row in register.listed(session) if row.standing is Standing.NEW]
    for row in new:
        kept.setdefault(row.login, password())
        accounts.accept(session, accounts.reinvite(session, row.id, BY), kept[row.login])
    if new:
        keep(
            file, kept
        )  # before the transaction ends: a password that nobody knows would be worse than one too many
    ours = [row for row in register.listed(session) if row.login in kept]
    return [Known(row, kept[row.login] if _opens(session, row, kept[row.login]) else None) for row in ours]


def _opens(session: Session, row: Row, password: str) -> bool:
    """Whether this is still the password of the account: people may have chosen another in the console."""
    person = of_login(session, row.login)
    return person is not None and not person.disabled_at and passwords.fits(person.password_hash, password)


def keep(file: Path, passwords: dict[str, str]) -> None:
    """Write a file of `login=password` lines, for its owner's eyes only."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{login}={secret}\n" for login, secret in passwords.items()), "utf-8")
    unfinished.replace(file)


def password() -> str:
    """A password that can be read aloud and typed: four words that mean nothing, about fifty bits."""

    def word() -> str:
        return "".join(secrets.choice(_FIRST) + secrets.choice(_SECOND) for _ in range(_SYLLABLES))

    return "-".join(word() for _ in range(_WORDS))
