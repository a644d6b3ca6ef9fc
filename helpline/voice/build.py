"""Where the prompts stand, and speech made for those that nobody recorded; effects are the database's and an
engine's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from helpline import db
from helpline.voice import sets, speech
from helpline.voice.catalogue import Catalogue, stem, text_hash
from helpline.voice.manifest import ENGINES_BY_WORTH, Key, Offer, is_current


@dataclass(frozen=True)
class Standing:
    """How many prompts of one language are recorded, spoken, or left to the carrier's voice; `stale` recordings were
    read from a text that has changed since."""

    language: str
    texts: int
    recorded: int
    speech: int
    missing: int
    stale: tuple[str, ...]
    never_reviewed: tuple[str, ...]


@dataclass
class Report:
    """What one build did: counts, and the first reason why it stopped, if it did."""

    made: int = 0
    failed: list[str] = field(default_factory=list)
    left: int = 0


def standing(
    catalogue: Catalogue,
    language: str,
    *,
    recordings: Iterable[Offer],
    spoken: Iterable[Offer],
    unread: Iterable[str],
) -> Standing:
    """Where one language stands, from its recordings (published and shipped), its speech, and what nobody reviewed."""
    names = set(catalogue.texts[language])
    own = [offer for offer in recordings if offer.language == language]
    recorded = {offer.prompt for offer in own if is_current(catalogue, offer)}
    voiced = {offer.prompt for offer in spoken if offer.language == language and is_current(catalogue, offer)}
    return Standing(
        language=language,
        texts=len(names),
        recorded=len(recorded),
        speech=len(voiced - recorded),
        missing=len(names - recorded - voiced),
        stale=tuple(sorted({offer.prompt for offer in own} - recorded)),
        never_reviewed=tuple(unread),
    )


def to_make(
    catalogue: Catalogue,
    engine: str,
    *,
    languages: Iterable[str],
    only: str | None = None,
    recordings: Iterable[Offer],
    spoken: Iterable[Offer],
) -> list[Key]:
    """The prompts that need speech of this engine: no recording of today's text, no speech of it as good or better."""
    worth = ENGINES_BY_WORTH.index(engine)
    good = [offer for offer in spoken if ENGINES_BY_WORTH.index(offer.engine) >= worth]
    covered = {
        (offer.language, offer.prompt) for offer in [*recordings, *good] if is_current(catalogue, offer)
    }
    wanted = [(language, name) for language in languages for name in catalogue.texts[language]]
    return [key for key in wanted if key not in covered and only in (None, key[1])]


def make(
    catalogue: Catalogue,
    engine: str,
    keys: list[Key],
    *,
    tell: Callable[[int, Key], None] = lambda done, key: None,
) -> Report:
    """Make speech for these prompts, each kept as soon as it is made: what stops half-way goes on where it was.

    An engine that cannot speak at all (not installed, no network) stops it at once; one that fails at single texts
    after it spoke others goes on to the next.
    """
    report = Report()
    for done, (language, name) in enumerate(keys, start=1):
        text = catalogue.text(language, name)
        try:
            content = speech.speak(engine, language, prompt=name, text=stem(text))
        except speech.CannotSpeak as error:
            report.failed.append(f"{language}/{name}: {error}")
            if not report.made or len(report.failed) >= _PATIENCE:
                report.left = len(keys) - done
                return report
            continue
        with db.transaction() as session:
            sets.keep_clip(
                session,
                content,
                language=language,
                prompt=name,
                text_hash=text_hash(text),
                source="speech",
                engine=engine,
            )
        report.made += 1
        tell(done, (language, name))
    return report


_PATIENCE = 3
