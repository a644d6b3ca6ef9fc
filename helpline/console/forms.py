"""What somebody typed into a form, and what is wrong with it: every fault at once, each beside its field."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from helpline import hours, personal, phone
from helpline.console.labels import REASONS
from helpline.people.reasons import Invalid
from helpline.phone import PhoneNumber


class Form:
    """The values of one form as they were typed (they are shown again), and the faults found in them by field."""

    def __init__(self, values: Mapping[str, Any] | MultiDict[str, str] | None = None) -> None:
        # A copy, also of a MultiDict: those of a request cannot be filled.
        self.values: MultiDict[str, str] = MultiDict(values or {})
        self.errors: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether nothing was found wrong so far."""
        return not self.errors

    def fill(self, **values: str | Iterable[str]) -> None:
        """What the form shows before anybody typed."""
        for field, value in values.items():
            self.values.setlist(field, [value] if isinstance(value, str) else list(value))

    def fault(self, field: str, text: str) -> None:
        """Say what is wrong with a field; the first that is said stays."""
        self.errors.setdefault(field, str(text))

    def outdated(self, text: str) -> None:
        """It was shown before somebody else saved: forget what was typed, so that it shows things as they are, and say so."""
        self.values, self.errors = MultiDict(), {"": str(text)}

    def refused(self, invalid: Invalid) -> None:
        """Show what a service refused, each reason beside its field."""
        for field, reason in invalid.fields.items():
            self.fault(field, str(REASONS[reason]))

    def typed(self, field: str) -> str:
        """What was typed, without space around it, for a service that judges it itself."""
        return self.values.get(field, "").strip()

    def text(self, field: str, *, required: bool = True, most: int = 200) -> str:
        """One line or more of text, without space around it. Faults: missing, longer than `most`."""
        value = self.values.get(field, "").strip()
        if required and not value:
            self.fault(field, gettext("Fill this in."))
        if len(value) > most:
            self.fault(field, gettext("Use at most %(most)s characters.", most=most))
        return value

    def reason(self, field: str, *, required: bool = True) -> str:
        """A reason that is kept in plain, where others read it. Faults: as `text`, and what leads to somebody."""
        value = self.text(field, required=required, most=personal.LONGEST_REASON)
        if personal.is_telling(value):
            self.fault(
                field,
                gettext(
                    "Write no telephone number and no e-mail address here: it is kept for others to read."
                ),
            )
        return value

    def secret(self, field: str, *, most: int = 1000) -> str:
        """A password, exactly as it was typed. Faults: missing, longer than `most`."""
        value = self.values.get(field, "")
        if not value:
            self.fault(field, gettext("Fill this in."))
        if len(value) > most:
            self.fault(field, gettext("Use at most %(most)s characters.", most=most))
        return value

    def choice(self, field: str, among: Iterable[str], *, required: bool = True) -> str:
        """One of several. Fault: none of them."""
        value = self.values.get(field, "")
        if value not in {str(one) for one in among} and (required or value):
            self.fault(field, gettext("Choose one of these."))
        return value

    def many(self, field: str, among: Iterable[str], *, required: bool = False) -> list[str]:
        """Any of several, in the order of `among`. Faults: another one; none, where one is needed."""
        given, offered = set(self.values.getlist(field)), [str(one) for one in among]
        if given - set(offered) or (required and not given):
            self.fault(field, gettext("Choose at least one of these."))
        return [one for one in offered if one in given]

    def day(self, field: str, *, required: bool = False) -> date | None:
        """A day, as browsers send it (`2026-11-23`), or None where nothing was chosen. Faults: missing, no day,
        a day of other centuries."""
        value = self.text(field, required=required, most=10)
        try:
            found = date.fromisoformat(value) if value else None
        except ValueError:
            found = date.max
        if found is None or hours.is_reckoned(found):
            return found
        self.fault(field, gettext("Choose a day."))
        return None

    def number(self, field: str) -> PhoneNumber | None:
        """A telephone number that we may ring, or None where nothing was typed. Fault: one that we may not ring."""
        value = self.values.get(field, "").strip()
        if not value:
            return None
        found = phone.judge(value).number
        if found is None:
            self.fault(field, gettext("Give an Italian fixed or mobile number, such as 333 0000000."))
        return found

    def revision(self) -> int:
        """With which version of something the form was shown; -1, which nothing has, where that cannot be read."""
        found = number(self.typed("revision"))
        return -1 if found is None else found


def number(typed: str) -> int | None:
    """A whole number as an id can be, or None for anything else: for what browsers send that nobody types."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < len(str(2**31)) else None
