"""Whether a set may go live: every prompt in every language is audio of that language, and every sentence that is put
together from pieces can be said, and is short enough. Pure: values in, findings out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from helpline.places import REGIONS
from helpline.voice import catalogue as texts
from helpline.voice.catalogue import LONGEST, Catalogue, placeholder
from helpline.voice.manifest import Manifest
from helpline.voice.utterances import Clip, Utterance, utterances
from helpline.voice.voices import VOICES

NEVER, NOT_YET, LOOK = "never", "not_yet", "look"
"""How grave a finding is: it must never be played, and a release refuses it; it is not ready to go live; a person
should look at it."""
Named = tuple[str, str, str]
"""A clip by its language, its prompt (or `notice_12`) and its hash."""
LONGEST_SENTENCE = 24.0  # seconds of everything said in one go, as of a menu
FEW = 5
_KEY = "key"
_LISTED = re.compile("country_[a-z]{2}|" + "|".join(f"region_{region.code}" for region in REGIONS))
_A_PIECE = 0.25  # seconds that the carrier takes from one piece to the next
_DIGITS = tuple(f"digit_{digit}" for digit in range(10))

DIGITS: Mapping[str, tuple[str, ...]] = {
    "code": ("4729", "0518", "3863"),
    "number": ("3330000123", "3330000456", "3330000789", "0655500000", "+393330000123"),
    "callback_number": ("0655500000", "0655500134", "0655500789"),
    "contact": ("0655500222", "0655500134", "0655500789"),
    "place": tuple("123456789"),
}
"""What stands for digits of a call, read out one by one: in each every digit once at least, so that all are heard."""
NAMED: Mapping[str, str] = {"day": "day_", "from_hour": "hour_", "to_hour": "hour_", "region": "region_"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a clip: which prompt it was made for, how long it is, whether an engine spoke it."""

    language: str
    prompt: str
    seconds: float
    synthetic: bool


@dataclass(frozen=True)
class Finding:
    """One thing that a person has to know before callers hear it, by a name that a page can translate."""

    name: str
    level: str
    language: str
    prompt: str = ""
    values: Mapping[str, float | str] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"{self.language}/{self.prompt}" if self.prompt else self.language
        values = {
            name: value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
            for name, value in self.values.items()
        }
        return f"{where}: {SENTENCES[self.name] % values}"


SENTENCES: Mapping[str, str] = {
    "no_clip": "nobody recorded it and no engine spoke it; the carrier's own voice says it",
    "no_clips": "said by the carrier's own voice: %(count)s of %(of)s prompts",
    "no_voice": "it has no clip, and the carrier has no voice of this language",
    "other_language": "it plays a clip that was made for %(other)s",
    "unknown_clip": "it plays a clip of which nothing is known",
    "too_long": "its clip lasts %(seconds)s seconds, more than %(most)s",
    "synthetic": "spoken by an engine, and to be recorded by somebody: %(count)s of %(of)s prompts",
    "digits": "only %(count)s of the ten digits have a clip, so numbers are said by the carrier's own voice",
    "two_voices": "it is said by a recording and the carrier's own voice in one sentence, such as with %(value)s",
    "two_voices_often": "%(count)s sentences are said by a recording and the carrier's own voice, such as %(such)s",
    "cannot_be_said": "it cannot be put together with %(value)s",
    "long_sentence": "with %(value)s it takes %(seconds)s seconds, more than %(most)s",
    "no_sample": "what stands in {%(value)s} is not known to this check",
    "not_fetched": "%(path)s: it could not be fetched: %(why)s",
    "wrong_status": "%(path)s: it was answered with %(status)s, not 200",
    "wrong_type": "%(path)s: its type is %(type)s, not audio/wav",
    "wrong_length": "%(path)s: it has %(length)s bytes, and says %(told)s",
    "wrong_content": "%(path)s: what came is not this clip",
    "cookie": "%(path)s: it came with a cookie",
    "not_cached": "%(path)s: the carrier would not keep it (Cache-Control: %(told)s)",
    "no_304": "%(path)s: asked for again with its ETag, it was answered with %(status)s, not 304",
}


SUMMED: Mapping[str, str] = {"no_clip": "no_clips", "two_voices": "two_voices_often"}
"""What is said once for a language, where it is so of many prompts."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A prompt with a value, put together: how long it takes, and how many of its pieces are clips."""

    language: str
    prompt: str
    value: str
    seconds: float
    clips: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Voiced:
    """Who says the prompts of a language: people, an engine, the carrier."""

    language: str
    recorded: int
    speech: int
    carrier: int

    @property
    def of(self) -> int:
        """How many prompts there are."""
        return self.recorded + self.speech + self.carrier


@dataclass(frozen=True)
class Report:
    """What the check found out of one set."""

    set_id: int
    voiced: tuple[Voiced, ...]
    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...]

    def of(self, *levels: str) -> list[Finding]:
        """The findings of these levels."""
        return [one for one in self.findings if one.level in levels]

    def summed(self, *levels: str) -> list[Finding]:
        """The same, but of one kind in one language more than a few are one, where there is a sentence for that."""
        found = self.of(*levels)
        counts = Counter((one.name, one.language) for one in found)
        rows = {one.language: one.of for one in self.voiced}
        told: dict[tuple[str, str], Finding] = {}
        for one in found:
            kind = one.name, one.language
            if one.name in SUMMED and counts[kind] > FEW:
                values: dict[str, float | str] = {
                    "count": counts[kind],
                    "of": rows[one.language],
                    "such": one.prompt,
                }
                told.setdefault(kind, Finding(SUMMED[one.name], one.level, one.language, values=values))
            else:
                told[one.name, f"{one.language}/{one.prompt}/{len(told)}"] = one
        return list(told.values())

    def longest(self) -> list[Sentence]:
        """For each language and prompt, the value with which it takes longest."""
        best: dict[tuple[str, str], Sentence] = {}
        for one in self.sentences:
            key = one.language, one.prompt
            if key not in best or one.seconds > best[key].seconds:
                best[key] = one
        return list(best.values())


def check(manifest: Manifest, facts: Mapping[str, Fact], voices: Mapping[str, object] = VOICES) -> Report:
    """Judge everything that callers would hear of this set. `facts`: of its clips, by their hashes."""
    findings: list[Finding] = []
    voiced = []
    for language, own in manifest.catalogue.texts.items():
        counts = {"recorded": 0, "speech": 0, "carrier": 0}
        for prompt in own:
            digest = manifest.clip(language, prompt)
            fact = facts.get(digest) if digest else None
            findings += _of_prompt(language, prompt, digest, fact, voices)
            counts["carrier" if fact is None else "speech" if fact.synthetic else "recorded"] += 1
        voiced.append(Voiced(language, **counts))
        findings += _of_language(manifest, voiced[-1])
    sentences, unsaid = _assembled(manifest, facts)
    findings += unsaid + list(_of_sentences(sentences))
    return Report(manifest.set_id, tuple(voiced), tuple(sentences), tuple(findings))


def values(catalogue: Catalogue, name: str) -> list[str]:
    """What may stand in a placeholder: runs of digits, or names of prompts; nothing for one that nobody knows."""
    if name in DIGITS:
        return list(DIGITS[name])
    if name == "region":
        return [f"region_{region.code}" for region in REGIONS]
    beginning = NAMED.get(name)
    return [one for one in catalogue.names if beginning and one.startswith(beginning)]


def _of_prompt(
    language: str, prompt: str, digest: str | None, fact: Fact | None, voices: Mapping[str, object]
) -> Iterator[Finding]:
    if digest is None:
        if language in voices:
            yield Finding("no_clip", NOT_YET, language, prompt)
        else:
            yield Finding("no_voice", NEVER, language, prompt)
    elif fact is None:
        yield Finding("unknown_clip", NEVER, language, prompt)
    else:
        if (fact.language, fact.prompt) != (language, prompt):
            other = f"{fact.language}/{fact.prompt}"
            yield Finding("other_language", NEVER, language, prompt, {"other": other})
        if fact.seconds > LONGEST:
            seconds = {"seconds": fact.seconds, "most": LONGEST}
            yield Finding("too_long", NEVER, language, prompt, seconds)


def _of_language(manifest: Manifest, voiced: Voiced) -> Iterator[Finding]:
    if voiced.speech:
        yield Finding("synthetic", LOOK, voiced.language, values={"count": voiced.speech, "of": voiced.of})
    digits = sum(manifest.clip(voiced.language, digit) is not None for digit in _DIGITS)
    if 0 < digits < len(_DIGITS):
        yield Finding("digits", LOOK, voiced.language, values={"count": digits})


def _assembled(manifest: Manifest, facts: Mapping[str, Fact]) -> tuple[list[Sentence], list[Finding]]:
    sentences: list[Sentence] = []
    findings: list[Finding] = []
    for language, prompt, name, value in _dynamic(manifest.catalogue):
        if value is None:
            findings.append(Finding("no_sample", NEVER, language, prompt, {"value": name}))
            continue
        try:
            said = utterances(manifest, language, prompt, {name: value})
            said += utterances(manifest, language, value) if name == _KEY else []
        except KeyError:
            findings.append(Finding("cannot_be_said", NEVER, language, prompt, {"value": value}))
            continue
        seconds = sum(_seconds(language, piece, facts) + _A_PIECE for piece in said)
        clips = sum(isinstance(piece, Clip) for piece in said)
        sentences.append(Sentence(language, prompt, value, seconds, clips, len(said)))
    return sentences, findings


def _dynamic(catalogue: Catalogue) -> Iterator[tuple[str, str, str, str | None]]:
    """Whatever is put together: language, prompt, the name of what is filled in, and each value (None: nobody knows one).

    A prompt with a placeholder, and what lists in menus say: the name of a country or a region, and its key.
    """
    for language, own in catalogue.texts.items():
        for prompt, text in own.items():
            name = placeholder(text)
            if name is not None:
                known: list[str | None] = [*values(catalogue, name)]
                for value in known or [None]:
                    yield language, prompt, name, value
            elif _LISTED.fullmatch(prompt):
                yield language, prompt, _KEY, "digit_7"


def _of_sentences(sentences: list[Sentence]) -> Iterator[Finding]:
    """One finding of a kind for a prompt, with the value at which it is worst."""
    mixed: dict[tuple[str, str], Sentence] = {}
    long: dict[tuple[str, str], Sentence] = {}
    for one in sentences:
        key = one.language, one.prompt
        if 0 < one.clips < one.pieces:
            mixed.setdefault(key, one)
        if one.seconds > LONGEST_SENTENCE and (key not in long or one.seconds > long[key].seconds):
            long[key] = one
    for one in mixed.values():
        yield Finding("two_voices", LOOK, one.language, one.prompt, {"value": one.value})
    for one in long.values():
        told: dict[str, float | str] = {
            "value": one.value,
            "seconds": one.seconds,
            "most": LONGEST_SENTENCE,
        }
        yield Finding("long_sentence", NOT_YET, one.language, one.prompt, told)


def _seconds(language: str, piece: Utterance, facts: Mapping[str, Fact]) -> float:
    if isinstance(piece, Clip):
        fact = facts.get(piece.hash)
        return fact.seconds if fact else 0.0
    return texts.seconds(language, piece.text)
