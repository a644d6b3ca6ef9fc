"""An alert in words, in Italian and in English: for messages, which no page makes, and for pages, which say the same. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale

from helpline.alerts import said_en, said_it
from helpline.alerts.kinds import Kind, Severity
from helpline.languages import CODES

_SAID = {"it": said_it.SAID, "en": said_en.SAID}
MANY = 2
"""From so many hours on, hours are told and no minutes; and from so many days on, days."""
_OURS = {("bn", "it"): "bangla"}
_SEVERITIES = {
    "it": {Severity.URGENT: "urgente", Severity.WARNING: "da guardare"},
    "en": {Severity.URGENT: "urgent", Severity.WARNING: "to look at"},
}


def title(kind: Kind, subject: str, about: str, facts: Mapping[str, int], locale: str) -> str:
    """What is wrong, in a sentence with its figures; a figure that is not known is a dash."""
    said = _SAID[locale][kind][0].format_map(
        _Facts(facts, name=_name(subject, about, locale), subject=subject, **_lasted(facts, locale))
    )
    return said[:1].upper() + said[1:]


def meaning(kind: Kind, locale: str) -> str:
    """What it means for callers."""
    return _SAID[locale][kind][1]


def steps(kind: Kind, locale: str) -> tuple[str, ...]:
    """What to do, first things first."""
    return tuple(step.replace("{subject}", "ring|slow") for step in _SAID[locale][kind][2])


def severity(which: Severity, locale: str) -> str:
    """How pressing it is, in a word or three."""
    return _SEVERITIES[locale][which]


def kind_of(kind: Kind, locale: str) -> str:
    """What a kind is about, where no alert is at hand: its sentence without names and figures."""
    bare = _SAID[locale][kind][0].replace("{name}: ", "").format_map(_Facts({}, subject="…"))
    return bare[:1].upper() + bare[1:]


def runbook() -> str:
    """The part of `docs/runbook.md` on alerts: each kind, what it means, what to do."""
    parts = []
    for kind in Kind:
        steps_ = "\n".join(f"- {step}" for step in steps(kind, "en"))
        parts.append(f"### `{kind}`: {kind_of(kind, 'en')}\n\n{meaning(kind, 'en')}\n\n{steps_}\n")
    return "\n".join(parts)


_UNITS = {"it": ("minuti", "ore", "giorni"), "en": ("minutes", "hours", "days")}
_A_MINUTE = {"it": "minuto", "en": "minute"}


def _lasted(facts: Mapping[str, int], locale: str) -> dict[str, object]:
    """How long, in the unit in which one says it: 119 minutes, 47 hours, 3 days."""
    if "minutes" not in facts:
        return {}
    minutes, hours = facts["minutes"], facts["minutes"] // 60
    count, unit = (minutes, 0) if hours < MANY else (hours, 1) if hours < MANY * 24 else (hours // 24, 2)
    return {"lasted": f"{count} {_A_MINUTE[locale] if minutes == 1 else _UNITS[locale][unit]}"}


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def _name(subject: str, about: str, locale: str) -> str:
    if about:
        return about
    return language(subject, locale) if subject in CODES else subject


@lru_cache(maxsize=64)
def language(code: str, locale: str) -> str:
    """The name of one of the nine languages."""
    return _OURS.get((code, locale)) or str(Locale.parse(locale).languages.get(code, code))
