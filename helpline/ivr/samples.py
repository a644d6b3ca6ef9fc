"""What stands in for a caller in a preview: values to be read out, and which of several prompts a slot says. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from helpline.ivr.outcomes import SLOTS, VALUES
from helpline.languages import CODES
from helpline.places import REGIONS
from helpline.voice.golive import DIGITS

KEYED: Mapping[str, str] = MappingProxyType(
    {"number_keyed": "3330000123", "code_number": "3330000123", "code_keyed": "4729", "cap_keyed": "00184"}
)
"""What somebody might key where digits are asked for, by the field that keeps them."""

_NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: prompts for name, prompts in VALUES.items() if name not in DIGITS and prompts}
    | {"region": tuple(f"region_{one.code}" for one in REGIONS)}
)
_SAID: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "free_call": (("free_call",), ()),
        "project_state": ((), ("no_project",), ("no_project", "project_contact")),
        "office_contact": (("focal_point",), ("project_contact",), ()),
        "opening": (("open_again", "open_from", "open_to"), ("open_again",)),
        "hold_place": (("hold_place",), ()),
        "hold_rough": (*((name,) for name in SLOTS["hold_rough"]), ()),
        **{f"window_{w}": ((f"window_{w}",), ()) for w in ("morning", "afternoon", "evening", "any")},
    }
)


@dataclass(frozen=True)
class Notice:
    """A notice as it is heard now: its words in the languages it has, and the clips that say them."""

    name: str
    texts: Mapping[str, str]
    clips: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """One imagined caller. `picks`: for a slot or a value that has several ways, which of them (from 0)."""

    picks: Mapping[str, int] = field(default_factory=dict)
    notices: Sequence[Notice] = ()

    def value(self, name: str) -> str:
        """What is said where a text ends in this placeholder: digits, or the name of a prompt."""
        ways = value_ways(name)
        return ways[self._picked(name, len(ways))] if ways else ""

    def slot(self, name: str, language: str) -> Sequence[tuple[str, str]]:
        """The prompts that a slot says, with their languages."""
        if name == "languages":
            return [("language_line", code) for code in CODES]
        ways = slot_ways(name)
        return [(prompt, language) for prompt in ways[self._picked(name, len(ways))]] if ways else []

    def _picked(self, name: str, ways: int) -> int:
        wanted = self.picks.get(name, 0)
        return wanted if 0 <= wanted < ways else 0


def slot_ways(name: str) -> tuple[tuple[str, ...], ...]:
    """Everything that a slot may say: each way is a run of prompts; nothing, too, where a call may hear nothing."""
    if name in {"languages", "notices"}:
        return ()
    return _SAID.get(name) or tuple((prompt,) for prompt in SLOTS.get(name, ()))


def value_ways(name: str) -> tuple[str, ...]:
    """What a placeholder may be said with: the names of prompts, or digits that are read out one by one where a call would
    have somebody's own."""
    return _NAMED.get(name) or DIGITS.get(name, ())


def standing_for(prompt: str) -> Iterator[tuple[str, int]]:
    """The placeholders that this prompt may fill, and which of their ways it is, or is in."""
    for name, prompts in _NAMED.items():
        if prompt in prompts:
            yield name, prompts.index(prompt)
    if prompt.startswith("digit_"):
        digit = prompt.removeprefix("digit_")
        for name, ways in DIGITS.items():
            yield from ((name, number) for number, way in enumerate(ways) if digit in way)
