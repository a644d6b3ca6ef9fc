"""Which clip says which prompt in one published set: chosen by a fixed order, only clips read from the very text that
holds today; pure, and knows no database, file or carrier."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from helpline.voice.catalogue import Catalogue, text_hash

Key = tuple[str, str]  # language, prompt

ENGINES_BY_WORTH = ("espeak", "gtts")


@dataclass(frozen=True, slots=True)
class Offer:
    """A clip that could say a prompt: its content's hash, and the hash of the text it was read from."""

    language: str
    prompt: str
    clip: str
    text_hash: str
    engine: str = "recording"


@dataclass(frozen=True)
class Manifest:
    """One set as a process plays it: the texts, and the clip of each (language, prompt) that has one."""

    set_id: int
    catalogue: Catalogue
    clips: Mapping[Key, str] = field(default_factory=dict)

    def clip(self, language: str, prompt: str) -> str | None:
        """The hash of the clip that says this, or None: then the carrier's own voice does."""
        return self.clips.get((language, prompt))


def choose(
    catalogue: Catalogue,
    set_id: int = 0,
    *,
    published: Iterable[Offer] = (),
    shipped: Iterable[Offer] = (),
    speech: Iterable[Offer] = (),
    held: Collection[str],
) -> Manifest:
    """The manifest of a set: what people published, else what ships with the code, else speech made beforehand.

    Only clips in `held` (what this process can serve by itself, without the database) are named, and only if read
    from the text that holds today: a stale recording may speak of keys that have moved.
    """
    clips: dict[Key, str] = {}
    for offer in [*sorted(speech, key=_worth), *shipped, *published]:  # later ones replace earlier ones
        if offer.clip in held and is_current(catalogue, offer):
            clips[offer.language, offer.prompt] = offer.clip
    return Manifest(set_id, catalogue, clips)


def is_current(catalogue: Catalogue, offer: Offer) -> bool:
    """Whether the clip was read from the text that holds today."""
    text = catalogue.texts.get(offer.language, {}).get(offer.prompt)
    return text is not None and text_hash(text) == offer.text_hash


def _worth(offer: Offer) -> int:
    return ENGINES_BY_WORTH.index(offer.engine) if offer.engine in ENGINES_BY_WORTH else -1
