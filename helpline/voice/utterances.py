"""What is played or said for one prompt: clips where there are any, the carrier's voice where not, always something,
always in the one language; pure and quick, because a caller waits for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline.voice.catalogue import placeholder, stem
from helpline.voice.manifest import Manifest
from helpline.voice.voices import VOICES

Value = str | Sequence[str]
_BETWEEN = {"ar": "، "}


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip to play, by its content's hash: served as `/audio/<hash>.wav`."""

    hash: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that the carrier says itself, with the voice and the language code that belong together."""

    text: str
    voice: str
    language: str


Utterance = Clip | Spoken


@dataclass(frozen=True, slots=True)
class Fetched:
    """A sound of ours that is no clip, at this path: what somebody of ours has just spoken."""

    path: str


def utterances(
    manifest: Manifest,
    language: str,
    prompt: str,
    values: Mapping[str, Value] | None = None,
) -> list[Utterance]:
    """What says this prompt, in order; never empty, never another language.

    A prompt that ends in a placeholder becomes what stands before it, then its value's pieces. A value is a run of
    digits (`"4729"`; a `+` and spaces are passed over), the name of a prompt (`"day_monday"`), or a sequence of names.
    Raises `KeyError` for a prompt without a text or a placeholder without a value: the flow's checks exclude both.
    """
    text = manifest.catalogue.text(language, prompt)
    said = [_piece(manifest, language, prompt, stem(text))]
    name = placeholder(text)
    if name is not None:
        value = (values or {}).get(name)
        if not value:
            raise KeyError(f"no value for {{{name}}} of {language}/{prompt}")
        said.extend(_value(manifest, language, value))
    return said


def _value(manifest: Manifest, language: str, value: Value) -> Iterator[Utterance]:
    if isinstance(value, str):
        digits = value.removeprefix("+").replace(" ", "")
        if digits.isascii() and digits.isdigit():
            yield from _digits(manifest, language, digits)
            return
        value = (value,)
    for name in value:
        yield _piece(manifest, language, name, stem(manifest.catalogue.text(language, name)))


def _digits(manifest: Manifest, language: str, digits: str) -> Iterator[Utterance]:
    """Digit by digit: all in clips, or all in one breath of one voice; two voices within a number confuse."""
    names = [f"digit_{digit}" for digit in digits]
    clips = [manifest.clip(language, name) for name in names]
    if all(clips):
        yield from (Clip(clip) for clip in clips if clip)
        return
    words = (manifest.catalogue.text(language, name).rstrip(" .।") for name in names)
    yield _spoken(language, _BETWEEN.get(language, ", ").join(words))


def _piece(manifest: Manifest, language: str, prompt: str, text: str) -> Utterance:
    clip = manifest.clip(language, prompt)
    return Clip(clip) if clip else _spoken(language, text)


def _spoken(language: str, text: str) -> Spoken:
    voice = VOICES[language]
    return Spoken(text, voice.voice, voice.language)
