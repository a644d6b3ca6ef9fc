"""What one published set says, and which clip says it: its own texts on top of the repository's, and of the clips only
those read from the very text that holds; pure, and knows no database, file or carrier."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from helpline.voice.catalogue import Catalogue, placeholder, text_hash

Key = tuple[str, str]  # language, prompt

ENGINES_BY_WORTH = ("espeak", "gtts")
GONE, VALUE, KEYS = "gone", "value", "keys"
"""Why a set's own text is not said: the repository has no such prompt, has another value in it, or may have moved its keys."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A clip that could say a prompt: its content's hash, and the hash of the text it was read from."""

    language: str
    prompt: str
    clip: str
    text_hash: str
    engine: str = "recording"


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of a set's own, and the hash of what the repository said there when it was written."""

    language: str
    prompt: str
    text: str
    repository_hash: str | None


class Clips(Mapping[Key, str]):
    """Clips by (language, prompt), kept by language: sets that differ in one language share the others."""

    __slots__ = ("languages",)

    def __init__(self, languages: Mapping[str, Mapping[str, str]]) -> None:
        self.languages = languages

    def __getitem__(self, key: Key) -> str:
        return self.languages[key[0]][key[1]]

    def __iter__(self) -> Iterator[Key]:
        return ((language, prompt) for language, own in self.languages.items() for prompt in own)

    def __len__(self) -> int:
        return sum(map(len, self.languages.values()))


@dataclass(frozen=True)
class Manifest:
    """One set as a process plays it: the texts, and the clip of each (language, prompt) that has one."""

    set_id: int
    catalogue: Catalogue
    clips: Clips = field(default_factory=lambda: Clips({}))

    def clip(self, language: str, prompt: str) -> str | None:
        """The hash of the clip that says this, or None: then the carrier's own voice does."""
        return self.clips.get((language, prompt))


def overlaid(base: Catalogue, own: Iterable[OwnText], menus: Collection[str] = ()) -> Catalogue:
    """The texts of a set: the repository's (`base`) with the set's own on top; languages without any are shared.

    A text of its own `gives_way` to the repository's where it could lead a caller astray; `menus`: the prompts that tell
    keys.
    """
    changed: dict[str, dict[str, str]] = {}
    for one in own:
        ours = base.texts.get(one.language, {}).get(one.prompt)
        if gives_way(one.text, one.repository_hash, ours, told=one.prompt in menus):
            continue
        changed.setdefault(one.language, {})[one.prompt] = one.text
    if not changed:
        return base
    return Catalogue(
        {code: {**texts, **changed[code]} if code in changed else texts for code, texts in base.texts.items()}
    )


def gives_way(text: str, written_for: str | None, ours: str | None, *, told: bool) -> str:
    """Why a set's own text is not said, and the repository's (`ours`) in its place: `GONE`, `VALUE`, `KEYS`; else empty.

    `written_for`: the hash of what the repository said when it was written; `told`: a menu tells keys with it (ADR 20).
    """
    if ours is None:
        return GONE
    if placeholder(ours) != placeholder(text):
        return VALUE
    return KEYS if told and written_for != text_hash(ours) else ""


def choose(
    catalogue: Catalogue,
    set_id: int = 0,
    *,
    published: Iterable[Offer] = (),
    shipped: Iterable[Offer] = (),
    speech: Iterable[Offer] = (),
    held: Collection[str],
    hashes: dict[str, str] | None = None,
) -> Manifest:
    """The manifest of a set: what people published, else what ships with the code, else speech made beforehand.

    Only clips in `held` (what this process can serve by itself, without the database) are named, and only if read
    from the text that holds in this set: a stale recording may speak of keys that have moved. `hashes` remembers those
    of texts, for whoever makes several manifests in a row.
    """
    clips: dict[str, dict[str, str]] = {}
    for offer in [*sorted(speech, key=_worth), *shipped, *published]:  # later ones replace earlier ones
        if offer.clip in held and is_current(catalogue, offer, hashes):
            clips.setdefault(offer.language, {})[offer.prompt] = offer.clip
    return Manifest(set_id, catalogue, Clips(clips))


def is_current(catalogue: Catalogue, offer: Offer, hashes: dict[str, str] | None = None) -> bool:
    """Whether the clip was read from the text that holds in these texts; `hashes` as in `choose`."""
    text = catalogue.texts.get(offer.language, {}).get(offer.prompt)
    if text is None:
        return False
    if hashes is None:
        return text_hash(text) == offer.text_hash
    known = hashes.get(text)
    if known is None:
        known = hashes[text] = text_hash(text)
    return known == offer.text_hash


def _worth(offer: Offer) -> int:
    return ENGINES_BY_WORTH.index(offer.engine) if offer.engine in ENGINES_BY_WORTH else -1
