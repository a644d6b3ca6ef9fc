"""A call without a call: what would be heard at a step with one set of prompts, and where each key would lead.

Pure, and the engine's own answers: no webhook, no row, no clock. Where an action would decide, the person chooses.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline.ivr.engine import Heard, Position, Said, Turn, answer
from helpline.ivr.flow import Flow, Step
from helpline.ivr.samples import KEYED, Notice, Sample, slot_ways, standing_for, value_ways
from helpline.languages import CODES
from helpline.voice.catalogue import placeholder, seconds, stem
from helpline.voice.manifest import Manifest
from helpline.voice.utterances import Clip, utterances

KEYS = "123456789*0#"
SILENCE, RECORDED, NOTHING, SKIPPED = "silence", "recorded", "nothing", "skipped"
MOST = 100
"""So many deeds of the imagined caller are followed; no call of a person has more."""
_KEYED = re.compile(r"[0-9*#]{1,32}")
_WITH_KEYS = frozenset({"menu", "language", "hold"})


@dataclass(frozen=True)
class Sound:
    """A clip by its hash, or (None) words that the carrier's voice says in about so many seconds."""

    clip: str | None
    seconds: float


@dataclass(frozen=True)
class Line:
    """One thing that is heard: its prompt (empty for a notice), the words with their value, and what says them.

    `whole`: keys do not count before it has been heard. `by_voice`: some of it has no clip, so the carrier's own
    voice says that.
    """

    prompt: str
    language: str
    text: str
    sounds: tuple[Sound, ...]
    whole: bool = False

    @property
    def by_voice(self) -> bool:
        """Whether the carrier's own voice says any of it."""
        return any(sound.clip is None for sound in self.sounds)


@dataclass(frozen=True)
class Way:
    """What the caller may do here: the `word` that stands for it in the address, and where it leads.

    `counts`: it is a way of this step, and not a key that nothing was said of.
    """

    word: str
    step: str
    event: str
    says: str
    counts: bool


@dataclass(frozen=True)
class Choice:
    """Something here that a call may say in several ways: its name, the ways, and which one is heard now."""

    name: str
    ways: tuple[tuple[str, ...], ...]
    picked: int


@dataclass(frozen=True)
class Scene:
    """A moment of the imagined call. `sample`: what might be keyed where digits are asked for."""

    turn: Turn
    lines: tuple[Line, ...]
    ways: tuple[Way, ...]
    choices: tuple[Choice, ...]
    sample: str = ""

    @property
    def step(self) -> Step:
        """Where the call is."""
        return self.turn.step

    @property
    def acts(self) -> bool:
        """Whether an action would answer now, so that the person chooses its answer."""
        return self.turn.step.kind == "do"


def walk(flow: Flow, language: str, step: str, deeds: Sequence[str] = ()) -> Turn:
    """Begin at a step in a language (`-`: none chosen yet) and do these things one after the other.

    Each is keys, `silence`, at a recording `recorded`, `nothing` or `skipped`, where an action decides one of its
    outcomes. Raises `LookupError` for a step that there is not, and for a deed that is not possible there.
    """
    if step not in flow.steps or len(deeds) > MOST:
        raise LookupError(f"no step {step}")
    turn = answer(flow, Position(0, language, step, 0, 0), Heard("start"))
    for deed in deeds:
        turn = _after(flow, turn, deed)
    return turn


def scene(flow: Flow, manifest: Manifest, turn: Turn, sample: Sample) -> Scene:
    """What is heard now, and what the caller may do."""
    lines = [*_lines(manifest, turn.whole, sample, whole=True), *_lines(manifest, turn.says, sample)]
    return Scene(
        turn,
        tuple(lines),
        tuple(_ways(flow, turn)),
        tuple(_choices(manifest, turn, lines, sample)),
        KEYED.get(turn.step.keeps or "", "") if turn.step.kind == "ask" else "",
    )


def _after(flow: Flow, turn: Turn, deed: str) -> Turn:
    step = turn.step
    if step.kind == "do":
        if deed not in step.outcomes:
            raise LookupError(f"{step.name}: no outcome {deed}")
        return answer(flow, turn.position, Heard("outcome", deed), turn.says)
    if step.kind == "record":
        if deed not in _recording_ways(step):
            raise LookupError(f"{step.name}: {deed} is not possible")
        return answer(flow, turn.position, Heard(deed))
    if step.kind == "end" or not (deed == SILENCE or _KEYED.fullmatch(deed)):
        raise LookupError(f"{step.name}: {deed} is not possible")
    return answer(flow, turn.position, Heard(SILENCE) if deed == SILENCE else Heard("keys", deed))


def _recording_ways(step: Step) -> list[str]:
    possible = [RECORDED, NOTHING] + ([SKIPPED] if step.refuse else [])
    return [word for word in possible if word in step.outcomes]


def _ways(flow: Flow, turn: Turn) -> Iterator[Way]:
    step = turn.step
    if step.kind == "do":
        words = list(step.outcomes)
    elif step.kind == "record":
        words = _recording_ways(step)
    elif step.kind == "ask":
        words = [SILENCE] + (["#"] if step.skip else [])
    else:
        words = [*KEYS, SILENCE] if step.kind in _WITH_KEYS else []
    for word in words:
        then = _after(flow, turn, word)
        new = then.whole + then.says
        first = next((said.prompt for said in new[len(turn.says) if step.kind == "do" else 0 :]), "")
        counts = then.event != "wrong" and not (
            step.kind == "hold" and word in KEYS and word not in step.keys
        )
        yield Way(word, then.step.name, then.event, first, counts)


def _lines(
    manifest: Manifest, said: Sequence[Said], sample: Sample, *, whole: bool = False
) -> Iterator[Line]:
    for one in said:
        if one.prompt == "{notices}":
            yield from (
                _notice(each, one.language, whole)
                for each in sample.notices
                if one.language in {*each.texts, *each.clips}
            )
        elif one.prompt.startswith("{"):
            for prompt, language in sample.slot(one.prompt.strip("{}"), one.language):
                yield line(manifest, prompt, language, sample, whole)
        else:
            yield line(manifest, one.prompt, one.language, sample, whole)


def _notice(notice: Notice, language: str, whole: bool) -> Line:
    text = notice.texts.get(language, "–")
    return Line("", language, text, (Sound(notice.clips.get(language), seconds(language, text)),), whole)


def line(manifest: Manifest, prompt: str, language: str, sample: Sample, whole: bool) -> Line:
    """One prompt as it is heard in a language, with the sample's value. `whole`: keys count only afterwards."""
    name = placeholder(manifest.catalogue.text(language, prompt))
    return worded(manifest, prompt, language, "" if name is None else sample.value(name), whole)


def worded(manifest: Manifest, prompt: str, language: str, value: str, whole: bool) -> Line:
    """One prompt as it is heard in a language, with this value where its text ends in one: digits, or a prompt's name."""
    text = manifest.catalogue.text(language, prompt)
    name, values, said = placeholder(text), {}, text
    if name is not None:
        values = {name: value}
        digits = value.removeprefix("+")
        read = " ".join(digits) if digits.isdigit() else stem(manifest.catalogue.text(language, value))
        said = text.replace(f"{{{name}}}", read)
    sounds = tuple(
        Sound(piece.hash, 0.0) if isinstance(piece, Clip) else Sound(None, seconds(language, piece.text))
        for piece in utterances(manifest, language, prompt, values)
    )
    return Line(prompt, language, said, sounds, whole)


def words(text: str, language: str, clip: str | None, ready: Callable[[str], bool], whole: bool) -> Line:
    """A notice as it is heard: its clip if there is one that can be played, else its words."""
    playing = clip if clip and ready(clip) else None
    return Line("", language, text or "–", (Sound(playing, seconds(language, text)),), whole)


def _choices(manifest: Manifest, turn: Turn, lines: Sequence[Line], sample: Sample) -> Iterator[Choice]:
    """What on this page might be said otherwise: slots with several ways, then values with several names."""
    slots = [said.prompt.strip("{}") for said in turn.whole + turn.says if said.prompt.startswith("{")]
    texts = (manifest.catalogue.text(line.language, line.prompt) for line in lines if line.prompt)
    ways: dict[str, tuple[tuple[str, ...], ...]] = {name: slot_ways(name) for name in slots}
    for name in filter(None, map(placeholder, texts)):
        ways.setdefault(name, tuple((prompt,) for prompt in value_ways(name)))
    for name, offered in ways.items():
        if len(offered) > 1:
            picked = sample.picks.get(name, 0)
            yield Choice(name, offered, picked if 0 <= picked < len(offered) else 0)


def towards(
    flow: Flow, texts: Mapping[str, str], step: str, prompt: str
) -> tuple[tuple[str, ...], dict[str, int]]:
    """What to do and to pick at a step so that a prompt is heard there that is not always: (deeds, picks).

    `texts`: any language's, by prompt. Nothing to do or to pick for a prompt that is heard anyway, or never.
    """
    for deed, error in ((SILENCE, flow.no_input), (_unused(flow, step), flow.wrong_key), ("1", flow.too_few)):
        if prompt == error and flow.steps[step].kind in {"menu", "ask", "language"}:
            return (deed,), {}
    said = [*flow.steps[step].before, *flow.steps[step].first, *flow.steps[step].says]
    picks = {}
    for slot in (name.strip("{}") for name in said if name.startswith("{")):
        for number, way in enumerate(slot_ways(slot)):
            wanted = next(
                (name for name in way if name == prompt or _fills(texts.get(name, ""), prompt)), None
            )
            if wanted is not None:
                picks = {slot: number} | dict(_filling(texts[wanted], prompt))
                return (), picks
    for name in said:
        picks |= dict(_filling(texts.get(name, ""), prompt))
    return (), picks


def erring(flow: Flow, prompt: str) -> str | None:
    """A step at which this prompt can be heard by a key that is wrong or missing; None for any other prompt."""
    for step in flow.steps:
        deeds, _ = towards(flow, {}, step, prompt)
        if deeds and any(said.prompt == prompt for said in walk(flow, CODES[0], step, deeds).says):
            return step
    return None


def _fills(text: str, prompt: str) -> bool:
    return any(name == placeholder(text) for name, _ in standing_for(prompt))


def _filling(text: str, prompt: str) -> list[tuple[str, int]]:
    return [(name, number) for name, number in standing_for(prompt) if name == placeholder(text)][:1]


def _unused(flow: Flow, step: str) -> str:
    """A key of which nothing is said there."""
    return next((key for key in "765432" if key not in flow.steps[step].keys), "#")
