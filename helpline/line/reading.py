"""Reads tables of a settings file, writing down every fault instead of stopping at the first; knows no room's rules."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

from helpline import phone
from helpline.clock import ROME

_RELATIVE = re.compile(r"today(?:([+-])([0-9]{1,5})d)?")
_MISSING = object()


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_dialled(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{3,15}", value):
        return False
    return phone.judge(value).verdict not in {phone.Verdict.SHORT, phone.Verdict.NOT_VALID}


class Table:
    """One table of a file. What is asked for is checked; what is never asked for is a fault when it is `done`.

    Each fault names the file, the table and the field: `demo.toml: project "x": places_total: must be …`.
    """

    def __init__(self, values: Any, *, where: str, faults: list[str], today: date) -> None:
        self.where, self.faults, self.today = where, faults, today
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        self.known: set[str] = set()
        self.faulty: set[str] = set()
        if not isinstance(values, dict):
            faults.append(f"{where}: must be a table")

    def fault(self, field: str, reason: str) -> None:
        """Write down what is wrong with a field."""
        self.faulty.add(field)
        self.faults.append(f"{self.where}: {field}: {reason}")

    def sound(self, *fields: str) -> bool:
        """Whether these fields are all there and nothing was wrong with them: only then can they be compared."""
        return set(fields) <= set(self.values) and not self.faulty & set(fields)

    def done(self) -> None:
        """Refuse the fields that nobody asked for."""
        for field in sorted(set(self.values) - self.known):
            self.fault(field, "unknown")

    def take(self, field: str, default: Any = _MISSING) -> Any:
        """The value as it stands; None, with a fault, when it is missing and has no default."""
        self.known.add(field)
        if field in self.values:
            return self.values[field]
        if default is _MISSING:
            self.fault(field, "missing")
            return None
        return default

    def _checked(
        self, field: str, fits: Callable[[Any], bool], reason: str, default: Any, nothing: Any
    ) -> Any:
        value = self.take(field, default)
        if field not in self.values:
            return nothing if default is _MISSING else default
        if not fits(value):
            self.fault(field, f"must be {reason}")
            return nothing
        return value

    def text(self, field: str) -> str:
        """Some words, without the spaces around them."""
        return str(self._checked(field, _is_words, "some words", _MISSING, "")).strip()

    def text_or_none(self, field: str) -> str | None:
        """Some words, or None when the field is not there."""
        words = self._checked(field, _is_words, "some words", None, None)
        return None if words is None else str(words).strip()

    def slug(self, field: str) -> str:
        """A name for machines: small letters, digits and hyphens, at most 60."""
        found = self._checked(
            field,
            lambda v: isinstance(v, str) and bool(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", v)),
            "small letters, digits and hyphens",
            _MISSING,
            "",
        )
        return str(found)

    def digits(self, field: str) -> str | None:
        """Digits of a telephone number that can be dialled in Italy, or None when the field is not there."""
        found = self._checked(
            field,
            _is_dialled,
            'the digits to dial, such as "0655500000"',
            None,
            None,
        )
        return found if found is None else str(found)

    def whole(self, field: str, least: int, most: int | None = None) -> int:
        """A whole number from `least` to `most` (or without end)."""
        said = f"a whole number ≥ {least}" if most is None else f"a whole number from {least} to {most}"
        top = most if most is not None else 2**31 - 1
        found = self._checked(field, lambda v: type(v) is int and least <= v <= top, said, _MISSING, least)
        return int(found)

    def words(self, field: str, allowed: Collection[str] | Callable[[str], bool], said: str) -> list[str]:
        """A list of known words, or `["*"]` for any. Default: any."""
        values = self.take(field, ["*"])
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            self.fault(field, f'must be a list of {said}, or ["*"]')
            return ["*"]
        if values == ["*"]:
            return values
        knows = allowed if callable(allowed) else allowed.__contains__
        for value in values:
            if not knows(value):
                self.fault(
                    field, '"*" stands alone' if value == "*" else f'"{value}" is not one of the {said}'
                )
        if len(set(values)) < len(values):
            self.fault(field, "names something twice")
        return sorted(set(values))

    def day(self, field: str, default: Any = _MISSING) -> date:
        """A date, or one that is relative to the day in Rome on which the file is loaded: `today-300d`."""
        value = self.take(field, default)
        if value is None or value is default:
            return self.today if value is None else default
        found = self._day(value)
        if found is None:
            self.fault(field, 'must be a date such as 2027-01-31, or "today", "today+400d", "today-300d"')
        return found or self.today

    def _day(self, value: Any) -> date | None:
        if isinstance(value, str) and (match := _RELATIVE.fullmatch(value)):
            days = int(match[2] or 0)
            return self.today + timedelta(days=-days if match[1] == "-" else days)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return None
        return value if type(value) is date else None

    def moment(self, field: str) -> datetime:
        """A date and time, with its offset or else as a clock in Rome shows it; or a day, from its first moment."""
        value = self.take(field)
        midnight = datetime.combine(self.today, datetime.min.time(), tzinfo=ROME)
        if value is None:
            return midnight.astimezone(UTC)
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=ROME)).astimezone(UTC)
        day = self._day(value)
        if day is None:
            self.fault(field, 'must be a moment such as 2027-01-31T09:00:00, a date, or "today+3d"')
            day = self.today
        return datetime.combine(day, datetime.min.time(), tzinfo=ROME).astimezone(UTC)


def tables(document: dict[str, Any], name: str, *, source: str, faults: list[str]) -> list[Any]:
    """The tables `[[name]]` of a document; anything else under that name, and an empty list, is a fault."""
    found = document.get(name, [])
    if not isinstance(found, list):
        faults.append(f"{source}: {name}: must be written as [[{name}]]")
        return []
    if name in document and not found:
        faults.append(
            f"{source}: {name}: is empty; leave it out and all stays as it is, or use [[closures]] to close the line"
        )
    return found


def twice(named: list[tuple[str, Any]], *, source: str, kind: str, faults: list[str]) -> None:
    """Refuse names that stand more than once."""
    seen: set[str] = set()
    for name, _ in named:
        if name and name in seen:
            faults.append(f'{source}: {kind} "{name}": stands more than once')
        seen.add(name)
