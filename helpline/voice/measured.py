"""What a recording is like, in numbers, and whether it may be used: refusals and warnings; pure, and knows no file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from helpline.voice import levels, wav
from helpline.voice.catalogue import LONGEST, seconds

POINTS = 400
Value = float | str

# dB and seconds. Beyond the first a person is warned, beyond the second the recording is refused.
NOISE = (25.0, 10.0)  # speech above what is heard where nobody speaks
CLIPPED = (0.001, 0.02)  # of all samples
FAINT = (-45.0, -58.0)  # of the speech as it came
PAUSE = (1.5, 4.0)
SHORT = (0.55, 0.35)  # of the time that the text takes
TOO_LONG = 2.5  # of the time that the text takes: something else was said as well, or it was said twice
_OFF = 1.0  # LU from where all clips are
_BREATH = 2.0  # seconds: somebody who says less may leave no moment without voice, by which to know the noise
_SOMETHING = 0.7  # seconds: about shorter texts nothing is said, one hurries or drags a word


@dataclass(frozen=True)
class Measured:
    """A sound in numbers: times in seconds, levels in dB below full scale, loudness in LUFS.

    `speech`: the level where somebody speaks; `noise`: where nobody does; `active`: the share of the time in which
    somebody speaks; `lead`, `tail` and `pause`: silence before, after, and the longest in between; `waveform`: for drawing.
    """

    seconds: float
    loudness: float
    peak: float
    true_peak: float
    clipped: float
    speech: float
    noise: float
    lead: float
    tail: float
    pause: float
    active: float
    waveform: tuple[int, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {name: _plain(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Remark:
    """One thing wrong with a recording, by a name that a page can translate, with its numbers."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.name] % {name: _written(value) for name, value in self.values.items()}

    def as_row(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"name": self.name, **{name: _plain(value) for name, value in self.values.items()}}


class Unusable(ValueError):
    """Nothing of it is taken; `remark` says why, in a sentence for the person who sent it."""

    def __init__(self, name: str, **values: float | str) -> None:
        self.remark = Remark(name, values)
        super().__init__(str(self.remark))


@dataclass(frozen=True)
class Verdict:
    """What is wrong: with any refusal it is not used; warnings are for whoever listens to it."""

    refusals: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


SENTENCES: Mapping[str, str] = {
    "not_readable": "This is not an audio file that can be read.",
    "no_speech": "There is no speech in it: it is silent, or shorter than a tenth of a second.",
    "no_sound": "There is no sound in this file.",
    "strange": "It has more than %(channels)s channels, or more than %(kilohertz)s kHz.",
    "much_too_long": "It is too long: more than %(most)s seconds.",
    "too_large": "The file is too large: more than %(megabytes)s MB.",
    "too_long": "It lasts %(seconds)s seconds, more than %(most)s.",
    "too_short": "It lasts %(seconds)s seconds, too short to contain the text, which takes about %(text)s.",
    "rather_short": "It lasts %(seconds)s seconds; the text takes about %(text)s. Is all of it there?",
    "rather_long": "It lasts %(seconds)s seconds; the text takes about %(text)s. Is something else in it?",
    "clipped": "It was recorded much too loud and is distorted (%(percent)s %% of it). Move away from the microphone.",
    "rather_clipped": "It was recorded too loud in places (%(percent)s %% of it). Listen whether it is distorted.",
    "noisy": "The noise around is nearly as loud as the voice (%(decibels)s dB below it). Find a quieter room.",
    "rather_noisy": "There is noise around the voice (%(decibels)s dB below it). Listen whether it disturbs.",
    "faint": "The voice is too faint (%(decibels)s dB). Move nearer to the microphone, or turn it up.",
    "rather_faint": "The voice is faint (%(decibels)s dB), and was made louder. Listen whether noise came with it.",
    "pause": "There is a silence of %(seconds)s seconds inside. Record it in one go.",
    "rather_paused": "There is a silence of %(seconds)s seconds inside. Is it meant?",
    "text_gone": "The text that was read is not known here any more. Record the text as it stands now.",
    "given_up": "It could not be opened in several tries. Make another recording.",
    "not_a_zip": "This is not a ZIP file that can be read. Nothing was taken from it.",
    "zip_with_password": "The ZIP has a password. Make one without. Nothing was taken from it.",
    "zip_blows_up": "Something in the ZIP grows to a hundred times its size. Nothing was taken from it.",
    "zip_leads_elsewhere": "A name in the ZIP leads out of it. Nothing was taken from it.",
    "zip_within_zip": "It is another ZIP. Put its files in directly.",
    "too_many_files": "There are more than %(most)s files. Nothing was taken.",
    "broke_off": "It broke off before all was looked through. Nothing was taken: send it again.",
    "broken_file": "It is broken: not all of it can be unpacked.",
    "no_such_prompt": "There is no prompt of this name: %(prompt)s.",
    "no_language": "It does not say which language it is: put it into a folder such as hi, or choose one.",
    "not_your_language": "You may not record this language: %(language)s.",
    "twice": "There are two files for this prompt; the other one was taken: %(other)s.",
    "uneven": "It could not be made as loud as the others (%(decibels)s LU off). Record it more evenly.",
}


def measure(samples: array[float], *, loudness: float, true_peak: float, clipped: float = 0.0) -> Measured:
    """Measure a sound; what only a filter can tell is given."""
    found = levels.levels(samples)
    voiced = levels.speech(found)
    spoken = [level for level, here in zip(found, voiced, strict=True) if here]
    first = voiced.index(True) if spoken else len(found)
    last = voiced[::-1].index(True) if spoken else 0
    each = levels.FRAME / wav.RATE
    return Measured(
        seconds=len(samples) / wav.RATE,
        loudness=loudness,
        peak=levels.decibels(levels.top(samples)),
        true_peak=true_peak,
        clipped=clipped,
        speech=levels.mean([level for level in spoken if level > max(spoken) - levels.PAUSE]),
        noise=levels.noise(found),
        lead=first * each,
        tail=last * each,
        pause=levels.longest_pause(voiced),
        active=len(spoken) / len(found) if found else 0.0,
        waveform=levels.waveform(samples, POINTS),
    )


def judge(before: Measured, after: Measured, text: str, language: str) -> Verdict:
    """Whether a recording may say this text: `before` is what came, `after` the clip made of it. Without a text its length is
    compared with nothing."""
    refusals: list[Remark] = []
    warnings: list[Remark] = []

    def say(refused: bool, warned: bool, refusal: str, warning: str, **values: Value) -> None:
        if refused or warned:
            (refusals if refused else warnings).append(Remark(refusal if refused else warning, values))

    wanted = seconds(language, text)
    lasts = after.seconds
    if lasts > LONGEST:
        refusals.append(Remark("too_long", {"seconds": lasts, "most": LONGEST}))
    elif text and lasts > TOO_LONG * wanted and lasts - wanted > _SOMETHING:
        warnings.append(Remark("rather_long", {"seconds": lasts, "text": wanted}))
    if wanted > _SOMETHING:
        short = [lasts < share * wanted for share in SHORT]
        say(short[1], short[0], "too_short", "rather_short", seconds=lasts, text=wanted)
    clipped = [before.clipped > share for share in CLIPPED]
    say(clipped[1], clipped[0], "clipped", "rather_clipped", percent=100 * before.clipped)
    above = before.speech - before.noise
    noisy = [above < enough for enough in NOISE]
    say(noisy[1] and wanted > _BREATH, noisy[0], "noisy", "rather_noisy", decibels=max(0.0, above))
    faint = [before.speech < enough for enough in FAINT]
    say(faint[1], faint[0], "faint", "rather_faint", decibels=before.speech)
    paused = [after.pause > most for most in PAUSE]
    say(paused[1], paused[0], "pause", "rather_paused", seconds=after.pause)
    off = abs(after.loudness - LOUDNESS)
    say(False, off > _OFF, "uneven", "uneven", decibels=off)
    return Verdict(tuple(refusals), tuple(warnings))


LOUDNESS = -19.0  # LUFS, of everything we play


def remark(row: Mapping[str, Any], *others: str) -> Remark:
    """A remark as a row holds it, as a value again; `others` are names in the row that are none of its values."""
    return Remark(row["name"], {name: value for name, value in row.items() if name not in {"name", *others}})


def remarks(rows: Iterable[Mapping[str, Any]]) -> tuple[Remark, ...]:
    """Several of them."""
    return tuple(remark(row) for row in rows)


def _written(value: Value) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3 if 0 < abs(value) < 1 else 2)
    return list(value) if isinstance(value, tuple) else value
