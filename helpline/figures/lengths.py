"""How long each key message lasts, in each set of prompts and language: by its clips, else by its words.

A set's own clips and texts are those of the day of a call, and so is what they say of its listeners. Two things are not kept
by the call and stay today's: which prompts are the message of a step (the menu of this release), and what the repository
says where a set has neither clip nor text of its own. Where a release changes those, `helpline figures verify` tells the
listeners of earlier days apart, and `rebuild` would count them anew by today's (docs/adr/0036).
"""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.figures.summing import Length
from helpline.ivr import flow, formerly
from helpline.voice import catalogue
from helpline.voice.models import PromptClip, PromptSetClip, PromptSetText, PromptText


def messages() -> Mapping[str, tuple[str, ...]]:
    """The steps whose message counts as information given, each with the prompts that are its message."""
    steps = flow.load().steps.values()
    return {step.name: tuple(one for one in step.first if "{" not in one) for step in steps if step.topic}


def of_sets(session: Session, sets: Collection[int]) -> Mapping[int, Length]:
    """For each of these sets, how long the message of a step lasts in a language; a step is asked for by any name it had."""
    said = messages()
    names = {prompt for prompts in said.values() for prompt in prompts}
    clips = (
        select(
            PromptSetClip.set_id, PromptSetClip.language, PromptSetClip.prompt, func.max(PromptClip.seconds)
        )
        .join(PromptClip, PromptClip.hash == PromptSetClip.clip_hash)
        .where(PromptSetClip.set_id.in_(sets), PromptSetClip.prompt.in_(names))
        .group_by(PromptSetClip.set_id, PromptSetClip.language, PromptSetClip.prompt)
    )
    recorded = {(row[0], row[1], row[2]): float(row[3]) for row in session.execute(clips)}
    own = (
        select(PromptSetText.set_id, PromptSetText.language, PromptSetText.prompt, PromptText.text)
        .join(PromptText, PromptText.id == PromptSetText.text_id)
        .where(PromptSetText.set_id.in_(sets), PromptSetText.prompt.in_(names))
    )
    written = {(row[0], row[1], row[2]): row[3] for row in session.execute(own)}
    texts = catalogue.repository().texts

    def of(number: int) -> Length:
        known: dict[tuple[str, str], float] = {}

        def length(step: str, language: str) -> float:
            if (step, language) not in known:
                words = texts.get(language, {})
                known[step, language] = sum(
                    recorded.get((number, language, prompt))
                    or catalogue.seconds(language, written.get((number, language, prompt), words[prompt]))
                    for prompt in said.get(formerly.now(step), ())
                    if prompt in words
                )
            return known[step, language]

        return length

    return {number: of(number) for number in sets}
