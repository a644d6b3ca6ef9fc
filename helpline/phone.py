"""Telephone numbers: parsed, judged, and masked wherever they are printed; pure, knows nothing of calls."""

from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_SHORTEST_CALLABLE = 6


@dataclass(frozen=True, repr=False)
class PhoneNumber:
    """A number in E.164. It shows itself masked (`•••• 567`); only `.e164` gives it away."""

    e164: str

    def __str__(self) -> str:
        return f"•••• {self.e164[-3:]}"

    __repr__ = __str__

    @property
    def digits(self) -> str:
        """The digits as one dials them in Italy: without +39 for Italian numbers, with 00 for foreign ones."""
        return self.e164[3:] if self.e164.startswith("+39") else "00" + self.e164[1:]


class Verdict(StrEnum):
    """What a number that a caller gave, or called from, is good for."""

    CALLABLE = "callable"
    FOREIGN = "foreign"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHORT = "short"
    NOT_VALID = "not_valid"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Judged:
    """A verdict, and the number when (and only when) it may be called back."""

    verdict: Verdict
    number: PhoneNumber | None = None


_TYPES = {
    PhoneNumberType.FIXED_LINE: Verdict.CALLABLE,
    PhoneNumberType.MOBILE: Verdict.CALLABLE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: Verdict.CALLABLE,
    PhoneNumberType.TOLL_FREE: Verdict.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: Verdict.PREMIUM,
    PhoneNumberType.SHARED_COST: Verdict.PREMIUM,
}


def judge(raw: str) -> Judged:
    """Say whether we may ring a number.

    `raw`: as the carrier sent it (E.164, or words such as `anonymous` when withheld) or as it was keyed in Italy
    (national digits, `0039…`, `00…` for abroad). Only Italian fixed and mobile numbers are callable: DOMAIN §4.3,
    toll fraud. Italian ranges and lengths come from libphonenumber.
    """
    text = raw.strip()
    if not any(c.isdigit() for c in text) or any(c.isalpha() for c in text):
        return Judged(Verdict.HIDDEN)
    digits = "".join(c for c in text if c.isdigit())
    if text.startswith("+"):
        text = "+" + digits
    elif digits.startswith("00"):
        text = "+" + digits[2:]
    elif len(digits) < _SHORTEST_CALLABLE:
        return Judged(Verdict.SHORT)
    else:
        text = digits
    number = _parsed(text)
    if number is None:
        return Judged(Verdict.NOT_VALID)
    if number.country_code != _ITALY:
        return Judged(Verdict.FOREIGN if phonenumbers.is_possible_number(number) else Verdict.NOT_VALID)
    if not phonenumbers.is_valid_number(number):
        return _keyed_with_prefix(digits) if not text.startswith("+") else Judged(Verdict.NOT_VALID)
    verdict = _TYPES.get(phonenumbers.number_type(number), Verdict.NOT_VALID)
    if verdict is not Verdict.CALLABLE:
        return Judged(verdict)
    return Judged(verdict, PhoneNumber(phonenumbers.format_number(number, PhoneNumberFormat.E164)))


_ITALY = 39


def _keyed_with_prefix(digits: str) -> Judged:
    """Many people key the country code without plus or zeros: 39 333 … is tried as +39 333 … ."""
    if digits.startswith("39"):
        again = judge("+" + digits)
        if again.verdict is not Verdict.NOT_VALID:
            return again
    return Judged(Verdict.NOT_VALID)


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, "IT")
    except phonenumbers.NumberParseException:
        return None


def parse(raw: str) -> PhoneNumber | None:
    """The number if it is a valid one of any country, else None: for settings and for what the carrier sent."""
    judged = judge(raw)
    if judged.number:
        return judged.number
    number = _parsed(raw.strip())
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return PhoneNumber(phonenumbers.format_number(number, PhoneNumberFormat.E164))
