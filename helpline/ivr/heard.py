"""Where in the menu each prompt is heard, and what leads there; pure, plays nothing, knows no text but for the placeholders
of the English master."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline.ivr.doc import arrows
from helpline.ivr.flow import Flow, Step
from helpline.ivr.outcomes import SLOTS, VALUES
from helpline.languages import CODES
from helpline.voice.catalogue import placeholder


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a prompt is heard. `how`: one of says first before option value, or error (anywhere)."""

    step: str
    how: str


def places(flow: Flow, texts: Mapping[str, str]) -> dict[str, tuple[Place, ...]]:
    """Prompt -> where it is heard, in the order of the menu; prompts that no step says are not in it.

    `texts`: the English master, for the values that stand last in a text (a code's digits are heard where the code is).
    """
    found: dict[str, dict[Place, None]] = {}
    for step in flow.steps.values():
        for prompt, how in _heard_at(flow, step):
            found.setdefault(prompt, {})[Place(step.name, how)] = None
            for value in _values(flow, placeholder(texts.get(prompt, ""))):
                found.setdefault(value, {})[Place(step.name, "value")] = None
    for prompt in (flow.no_input, flow.wrong_key, flow.too_few):
        found.setdefault(prompt, {})[Place("", "error")] = None
    return {prompt: tuple(where) for prompt, where in found.items()}


def heard_in(flow: Flow, place: Place, prompt: str, language: str) -> bool:
    """Whether callers of this language hear it there too: a list offers each language its own."""
    return place.how != "option" or any(
        prompt in (option.prompt, f"digit_{option.key}")
        for option in flow.options(flow.steps[place.step], language)
    )


def ways_in(flow: Flow) -> dict[str, tuple[tuple[str, str], ...]]:
    """Step -> the arrows that lead there, each as (the step it comes from, its word: a key, an outcome, `silence` …).

    Steps that a call reaches without being led there have none.
    """
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in flow.steps}
    for step in flow.steps.values():
        for word, target in arrows(flow, step):
            if target in found and target != step.name:
                found[target].append((step.name, word))
    return {name: tuple(dict.fromkeys(ways)) for name, ways in found.items()}


def _heard_at(flow: Flow, step: Step) -> Iterator[tuple[str, str]]:
    for how in ("before", "first", "says"):
        for said in getattr(step, how):
            if said.startswith("{"):
                yield from ((prompt, how) for prompt in SLOTS.get(said.strip("{}"), ()))
            else:
                yield said, how
    for code in CODES:
        for option in flow.options(step, code):
            yield option.prompt, "option"
            yield f"digit_{option.key}", "option"


def _values(flow: Flow, name: str | None) -> Iterator[str]:
    if name == "region":
        for by_language in flow.lists.values():
            yield from (one for items in by_language.values() for one in items if one.startswith("region_"))
    yield from VALUES.get(name or "", ())
