"""Fills what a turn says: {slots} become prompts, placeholders become values. Reads settings and the draft, decides
nothing about where a call goes."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from helpline import hours
from helpline.ivr.actions.promises import offered_windows
from helpline.ivr.caller import Caller
from helpline.ivr.engine import NO_LANGUAGE, Said
from helpline.languages import CODES
from helpline.phone import PhoneNumber
from helpline.voice.catalogue import placeholder
from helpline.voice.manifest import Manifest
from helpline.voice.utterances import Clip, Spoken, Utterance, utterances
from helpline.voice.voices import VOICES


@dataclass(frozen=True)
class Prompt:
    """A prompt in a language, with the values that its placeholder may need."""

    name: str
    language: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Words that are no prompt (a notice), in a language, and the clip that says them if there is one; no words where it
    was only ever spoken."""

    text: str
    language: str
    clip: str | None = None


Ready = Callable[[str], bool]
"""Whether a clip that no set names can be served now, also without the database."""


def speak(
    manifest: Manifest, said: Iterable[Said], caller: Caller, *, remembered: str | None, ready: Ready
) -> list[Utterance]:
    """Everything to be played or said for these prompts, in order.

    `remembered`: the language whose line comes first in the language menu. `ready`: whether a notice's clip is at hand. A prompt whose value nobody knows (a
    repeated webhook after the call's end) is left out rather than said without it.
    """
    pieces: list[Utterance] = []
    for filled in fill(manifest, said, caller, remembered=remembered):
        if isinstance(filled, Prompt):
            pieces += utterances(manifest, filled.language, filled.name, filled.values)
        elif filled.clip and ready(filled.clip):
            pieces.append(Clip(filled.clip))
        elif filled.text:
            voice = VOICES[filled.language]
            pieces.append(Spoken(filled.text, voice.voice, voice.language))
    return pieces


def fill(
    manifest: Manifest, said: Iterable[Said], caller: Caller, *, remembered: str | None
) -> Iterator[Prompt | Words]:
    """The prompts that these are, in order: slots as what they say now, each with the value that its text ends in."""
    for item in said:
        for filled in _fill(item, caller, remembered):
            known = _with_value(manifest, filled, caller) if isinstance(filled, Prompt) else filled
            if known is not None:
                yield known


def _with_value(manifest: Manifest, prompt: Prompt, caller: Caller) -> Prompt | None:
    name = placeholder(manifest.catalogue.text(prompt.language, prompt.name))
    if not name or name in prompt.values:
        return prompt
    value = _value(name, caller)
    return replace(prompt, values={**prompt.values, name: value}) if value else None


def shape(
    manifest: Manifest, said: Iterable[Said], caller: Caller, remembered: str | None, ready: Ready
) -> tuple[Hashable, ...] | None:
    """All that these prompts depend on besides their names, as far as many callers share it; None: on this caller alone.

    Two turns of the same prompts and the same shape are the same document, and need not be made twice.
    """
    parts: list[Hashable] = []
    for item in said:
        if not item.prompt.startswith("{"):
            if placeholder(manifest.catalogue.text(item.language, item.prompt)) is not None:
                return None
        elif item.prompt == "{notices}":
            parts.append(_notices_shape(item.language, caller, ready))
        elif item.prompt in _SHARED:
            parts.append(_SHARED[item.prompt](caller, remembered))
        else:
            return None
    return tuple(parts)


def _project_shape(caller: Caller, remembered: str | None) -> Hashable:
    now, settings = hours.today(caller.now()), caller.line()
    return settings.open_project_exists(now) or settings.contact_phone(now)


def _notices_shape(language: str, caller: Caller, ready: Ready) -> Hashable:
    settings = caller.line()
    heard = settings.notices_at(caller.now())
    clips = [notice.clips.get(language) for notice in heard]
    return (
        settings.version,
        tuple(notice.name for notice in heard),
        tuple(bool(clip) and ready(clip or "") for clip in clips),
    )


def _windows_shape(caller: Caller, remembered: str | None) -> Hashable:
    return offered_windows(caller)


_SHARED: dict[str, Callable[[Caller, str | None], Hashable]] = {
    "{languages}": lambda caller, remembered: remembered,
    "{free_call}": lambda caller, remembered: caller.call_is_free,
    "{project_state}": _project_shape,
    **{f"{{window_{window}}}": _windows_shape for window in hours.Window},
}


def _fill(item: Said, caller: Caller, remembered: str | None) -> Iterator[Prompt | Words]:
    if not item.prompt.startswith("{"):
        yield Prompt(item.prompt, item.language, {})
    elif item.prompt == "{languages}":
        first = [code for code in CODES if code == remembered]
        for code in first + [code for code in CODES if code != remembered]:
            yield Prompt("language_line", code, {})
    elif item.language != NO_LANGUAGE:
        yield from _SLOTS[item.prompt](item.language, caller)


def _free_call(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    if caller.call_is_free:
        yield Prompt("free_call", language, {})


def _project_state(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    now, settings = hours.today(caller.now()), caller.line()
    if not settings.open_project_exists(now):
        yield Prompt("no_project", language, {})
        contact = settings.contact_phone(now)
        if contact:
            yield Prompt("project_contact", language, {"contact": contact})


def _office_contact(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    """Whom an office may ring itself: the Focal Point of its region, else the staff of a project."""
    settings = caller.line()
    focal_point = settings.focal_phone(caller.draft().get("region"))
    contact = focal_point or settings.contact_phone(hours.today(caller.now()))
    if contact:
        yield Prompt("focal_point" if focal_point else "project_contact", language, {"contact": contact})


def _notices(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    """Nothing in a language that a notice does not have: it is never said in another one."""
    for notice in caller.line().notices_at(caller.now()):
        text, clip = notice.texts.get(language, ""), notice.clips.get(language)
        if text or clip:
            yield Words(text, language, clip)


def _opening(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    opening = hours.next_opening(caller.line().calendar, language, caller.now())
    if opening:
        yield Prompt("open_again", language, {"day": f"day_{opening.said}"})
        if opening.said != hours.TWO_WEEKS:
            yield Prompt("open_from", language, {"from_hour": f"hour_{opening.opens}"})
            yield Prompt("open_to", language, {"to_hour": f"hour_{opening.closes}"})


def _call_by(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    promised = caller.draft().get("promised_on")
    day = hours.TWO_WEEKS
    if promised:
        day = hours.say_day(date.fromisoformat(promised), hours.today(caller.now()))
    yield Prompt(f"call_by_{day}", language, {})


def _ask_state(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    yield Prompt(f"state_{caller.draft().get('asked_state', 'waiting')}", language, {})


def _hold_place(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    place = caller.draft().get("place")
    if place:  # there is one clip for each place up to the ninth
        yield Prompt("hold_place", language, {"place": place})


def _hold_rough(language: str, caller: Caller) -> Iterator[Prompt | Words]:
    rough = caller.draft().get("rough")
    if rough:
        yield Prompt(f"hold_{rough}", language, {})


def _window(window: str) -> Callable[[str, Caller], Iterator[Prompt | Words]]:
    def said(language: str, caller: Caller) -> Iterator[Prompt | Words]:
        if window in offered_windows(caller):
            yield Prompt(f"window_{window}", language, {})

    return said


_SLOTS: dict[str, Callable[[str, Caller], Iterator[Prompt | Words]]] = {
    "{free_call}": _free_call,
    "{project_state}": _project_state,
    "{notices}": _notices,
    "{office_contact}": _office_contact,
    "{opening}": _opening,
    "{call_by}": _call_by,
    "{ask_state}": _ask_state,
    "{hold_place}": _hold_place,
    "{hold_rough}": _hold_rough,
    **{f"{{window_{window}}}": _window(window) for window in hours.Window},
}


def _value(name: str, caller: Caller) -> str | None:
    if name == "callback_number":
        return PhoneNumber(caller.settings.callback_number).digits
    draft = caller.draft()
    if name == "number":
        candidate = draft.get("candidate")
        return PhoneNumber(candidate).digits if candidate else None
    if name == "region":
        return f"region_{draft['cap_region']}" if draft.get("cap_region") else None
    return draft.get(name)
