"""What is heard in calls that we place, in the order in which it is said; pure. These calls have no menu: whoever is rung hears
one thing after the other, and a key or two decides how far it goes."""

from dataclasses import dataclass

from helpline.ivr.preview import Line, line
from helpline.ivr.samples import Sample
from helpline.voice.manifest import Manifest

PERSON, OURS = "person", "ours"
SECOND_LANGUAGE = "it"
SAID: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        PERSON,
        (
            ("callback_opening", "answered"), ("callback_opening_again", "silence"), ("callback_wait", "yes"),
            ("connecting_person", "handed_over"), ("excuse_goodbye", "no"), ("goodbye", "over"),
        ),
    ),
    (
        OURS,
        (
            ("take_call", "answered"), ("connecting_caller", "yes"), ("take_gone", "gone"),
            ("caller_not_reached", "not_reached"),
        ),
    ),
)  # fmt: skip
"""Who is rung, and what they hear: each prompt, and when."""


@dataclass(frozen=True)
class Part:
    """What one of the two who are rung hears: each line, and when."""

    who: str
    lines: tuple[tuple[str, Line], ...]


def parts(manifest: Manifest, language: str) -> tuple[Part, ...]:
    """Both sides of a call that we place, in a language and as a set says it; who gives no answer is asked again in Italian."""
    found = []
    for who, said in SAID:
        lines = [
            (
                when,
                line(manifest, prompt, SECOND_LANGUAGE if when == "silence" else language, Sample(), False),
            )
            for prompt, when in said
        ]
        found.append(Part(who, tuple(lines)))
    return tuple(found)
