"""How long each key message lasts, in each set of prompts and language: by its clips, else by its words."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.figures.summing import Length
from helpline.ivr import flow
from helpline.voice import catalogue
from helpline.voice.models import PromptClip, PromptSetClip


def messages() -> Mapping[str, tuple[str, ...]]:
    """The steps whose message counts as information given, each with the prompts that are its message."""
    steps = flow.load().steps.values()
    return {step.name: tuple(one for one in step.first if "{" not in one) for step in steps if step.topic}


def of_sets(session: Session, sets: Collection[int]) -> Mapping[int, Length]:
    """For each of these sets, how long the message of a step lasts in a language."""
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
    texts = catalogue.repository().texts

    def of(number: int) -> Length:
        known: dict[tuple[str, str], float] = {}

        def length(step: str, language: str) -> float:
            if (step, language) not in known:
                words = texts.get(language, {})
                known[step, language] = sum(
                    recorded.get((number, language, prompt)) or catalogue.seconds(language, words[prompt])
                    for prompt in said.get(step, ())
                    if prompt in words
                )
            return known[step, language]

        return length

    return {number: of(number) for number in sets}
