"""Why something that somebody gave about a person cannot be: a word for programs and pages, a sentence for people."""

from collections.abc import Mapping
from enum import StrEnum

from helpline.faults import Faults


class Reason(StrEnum):
    """Why a field is refused."""

    MISSING = "missing"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    NOT_CALLABLE = "not_callable"
    NOT_FOR_ROLE = "not_for_role"
    NETWORK_ONLY = "network_only"
    LAST_ADMINISTRATOR = "last_administrator"
    DISABLED = "disabled"
    TOO_SHORT = "too_short"
    TOO_COMMON = "too_common"
    WRONG = "wrong"


_SENTENCES = {
    Reason.MISSING: "missing",
    Reason.MALFORMED: "must begin with a letter and hold small letters, digits, dots, hyphens, underscores or one @",
    Reason.TOO_LONG: "too long",
    Reason.TAKEN: "somebody else has it",
    Reason.UNKNOWN: "is not one of those that exist",
    Reason.NOT_CALLABLE: "must be an Italian fixed or mobile number",
    Reason.NOT_FOR_ROLE: "is for members of an entity, and only for them",
    Reason.NETWORK_ONLY: "is for members of the network, and only for them",
    Reason.LAST_ADMINISTRATOR: "somebody must stay administrator",
    Reason.DISABLED: "the account is disabled",
    Reason.TOO_SHORT: "too short: at least 12 characters",
    Reason.TOO_COMMON: "too easy to guess",
    Reason.WRONG: "is not right",
}


class Invalid(Faults):
    """What somebody gave cannot be: `fields` has the reason for each field, `faults` an English sentence for each."""

    def __init__(self, fields: Mapping[str, Reason]) -> None:
        super().__init__([f"{field}: {_SENTENCES[reason]}" for field, reason in fields.items()])
        self.fields = dict(fields)


def sentence(reason: Reason) -> str:
    """The reason in English, to stand behind the name of the field."""
    return _SENTENCES[reason]
