"""Whom to ring as interpreter, out of the form that two pages show. Asks `telephony.interpreters`; shows no number."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from helpline import db
from helpline.console import labels
from helpline.console.forms import Form
from helpline.languages import CODES
from helpline.phone import PhoneNumber
from helpline.telephony import interpreters


@dataclass(frozen=True)
class Wanted:
    """Whom to ring, and in which language; `interpreter_id` is None where the number was given by hand."""

    number: PhoneNumber
    language: str
    interpreter_id: int | None = None


@dataclass(frozen=True)
class Choices:
    """What the form offers: who is known for each language, and the languages, with their names, for any other number."""

    known: list[tuple[str, list[interpreters.Listed]]]
    tongues: list[tuple[str, str]]


def choices(known: list[tuple[str, list[interpreters.Listed]]]) -> Choices:
    """The form for those who may be rung now."""
    return Choices(known, [(code, name) for code, name, _ in labels.language_choices()])


def wanted() -> Wanted | None:
    """What the form at hand says: somebody of the directory, else a number and a language; None when neither is whole."""
    form = Form(request.form)
    language, _, given = form.typed("interpreter").partition(" ")
    if language:
        known = given.isdecimal() and given.isascii() and len(given) < len(str(2**31))
        with db.transaction(durable=False) as session:
            found = interpreters.speaking(session, int(given), language) if known else None
        return Wanted(found.number, language, found.id) if found else None
    number, language = form.number("telephone"), form.choice("language", CODES)
    return Wanted(number, language) if form and number is not None else None


def incomplete() -> str:
    """What is said when nobody can be rung for what the form says."""
    return gettext("Choose an interpreter, or give a telephone number and the language.")


def not_talking() -> str:
    """What is said when there is nobody to interpret for."""
    return gettext("An interpreter can be called while you are talking.")
