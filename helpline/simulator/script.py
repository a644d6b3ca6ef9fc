"""A telephone call written down, one step a line: read with every fault listed, then played and compared. Prints nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from helpline.faults import Faults
from helpline.simulator.names import Names, words
from helpline.simulator.refusal import NotPossible

Heard = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One line: what is done, and with what."""

    line: int
    deed: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.deed, *self.words))


class Telephone(Protocol):
    """What a script is played on."""

    call: dict[str, Any]

    def dial(self, from_: str | None = None, to: str | None = None) -> dict[str, Any]:
        """Dial; without numbers, those that the stand-in proposes. Gives the call back, as all of these do."""

    def press(self, keys: str) -> dict[str, Any]:
        """Press these keys."""

    def keep_silent(self) -> dict[str, Any]:
        """Let the time run out."""

    def speak(self, seconds: float, key: str = "") -> dict[str, Any]:
        """Speak so long, then press a key if one is given."""

    def hang_up(self) -> dict[str, Any]:
        """Put the receiver down."""


def read(file: Path) -> list[Step]:
    """The steps of a script. Raises Faults listing every bad line as `file:line: reason`."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Faults([f"{file}: cannot be read ({type(wrong).__name__})"]) from None
    steps: list[Step] = []
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        step = _step(number, text)
        fault = _fault(step)
        if not fault and not steps and step.deed != "dial":
            fault = "nobody has dialled yet"
        if fault:
            faults.append(f"{file}:{number}: {fault}")
        steps.append(step)
    if not steps:
        faults.append(f"{file}: has no steps")
    if faults:
        raise Faults(faults)
    return steps


def _step(number: int, text: str) -> Step:
    deed, _, rest = text.partition(" ")
    words = (rest.strip(),) if deed == "hear" and rest.strip() else tuple(rest.split())
    return Step(number, deed, words)


def _number(word: str) -> bool:
    return bool(re.fullmatch(r"\+?[0-9]{3,15}|withheld|hidden|anonymous", word))


# How many words each step takes, and what they must look like.
_STEPS: dict[str, tuple[int, int, Callable[[str], bool], str]] = {
    "dial": (0, 2, _number, "a number, or withheld"),
    "hear": (1, 1, bool, "what is to be heard"),
    "press": (1, 1, lambda word: bool(re.fullmatch(r"[0-9*#]{1,32}", word)), "keys out of 0-9 * #"),
    "silence": (0, 0, bool, "nothing"),
    "speak": (
        0,
        2,
        lambda word: bool(re.fullmatch(r"[0-9]{1,3}(\.[0-9])?|[*#]", word)),
        "seconds, and a key",
    ),
    "hangup": (0, 0, bool, "nothing"),
    "over": (0, 0, bool, "nothing"),
}


def _fault(step: Step) -> str | None:
    if step.deed not in _STEPS:
        return f"{step.deed!r} is not a step ({', '.join(_STEPS)})"
    least, most, fits, what = _STEPS[step.deed]
    if not least <= len(step.words) <= most or not all(fits(word) for word in step.words):
        return f"{step.deed} takes {what}"
    return None


def hears(one: Heard, wanted: str, names: Names = MappingProxyType({})) -> bool:
    """Whether this utterance is what a `hear` line means.

    `bn` any words in Bangla; `bn/welcome` a clip in Bangla whose name has `welcome` in it, or the voice saying a text
    that `names` knows by such a name; anything else a part of what is said, in any case.
    """
    if re.fullmatch(r"[a-z]{2}", wanted):
        return bool(one["tag"] == wanted)
    tag, slash, name = wanted.partition("/")
    if slash and re.fullmatch(r"[a-z]{2}", tag) and " " not in name:
        known = names.get((tag, words(one["text"])), ()) if one["kind"] == "say" else (one["name"],)
        return bool(one["tag"] == tag and any(name in each for each in known))
    return words(wanted.casefold()) in one["text"].casefold()


def play(
    steps: list[Step],
    telephone: Telephone,
    tell: Callable[[Step, list[Heard]], None],
    names: Names = MappingProxyType({}),
) -> tuple[Step, str] | None:
    """Play a script; `tell` gets each step with what was newly heard, `names` are those of what a voice says.

    `hear` lines look, in their order, at what was heard since the last thing the caller did. Returns None, or
    the first step that did not come true and why. A call that is still on at the end is hung up.
    """
    place = 0
    difference = None
    for step in steps:
        before = 0 if step.deed == "dial" else len(telephone.call["heard"])
        try:
            _do(step, telephone)
        except NotPossible as wrong:
            difference = (step, str(wrong))
            break
        if step.deed not in ("hear", "over"):
            place = before
        heard = telephone.call["heard"]
        tell(step, heard[before:])
        if step.deed == "hear":
            wanted = step.words[0]
            found = next((i for i in range(place, len(heard)) if hears(heard[i], wanted, names)), None)
            if found is None:
                difference = (step, f"not heard: {wanted}")
                break
            place = found + 1
        if step.deed == "over" and not telephone.call["ended"]:
            difference = (step, f"the call goes on, waiting for {telephone.call['waiting_for']}")
            break
    if not telephone.call["ended"]:
        telephone.hang_up()
    return difference


def _do(step: Step, telephone: Telephone) -> None:
    if step.deed == "dial":
        telephone.dial(*step.words)
    elif step.deed == "press":
        telephone.press(step.words[0])
    elif step.deed == "silence":
        telephone.keep_silent()
    elif step.deed == "speak":
        seconds = [float(word) for word in step.words if word not in "*#"]
        keys = [word for word in step.words if word in "*#"]
        telephone.speak(seconds[0] if seconds else 3.0, keys[0] if keys else "")
    elif step.deed == "hangup":
        telephone.hang_up()
