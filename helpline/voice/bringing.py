"""Brings the texts and recordings of a file or folder into the draft: all of them judged first, and nothing taken when
anything is wrong."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from helpline.faults import Faults, raise_if_any
from helpline.people.who import Who
from helpline.voice import catalogue, drafts, newest, rights, sets, shipped, wording
from helpline.voice.catalogue import MASTER, Catalogue, text_hash
from helpline.voice.entries import wanted_texts
from helpline.voice.manifest import Key
from helpline.voice.shipped import Recording
from helpline.voice.tables import Line

WAY = "command"


@dataclass(frozen=True)
class Brought:
    """What went into the draft (`bn/welcome`), and what was left out with the reason."""

    texts: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def bring_lines(
    session: Session, repository: Catalogue, lines: Iterable[Line], *, who: Who, faults: Iterable[str] = ()
) -> Brought:
    """Put the texts of a spreadsheet into the draft; those that say what holds anyway are passed over. `faults`: what was
    wrong with the file before anybody asked what it says; all are told at once.

    What nobody touched since it was given out, while its text was changed here, is left out and told: a row with the version
    of what it says, and a text that callers hear now.
    Raises `Faults` with place, field and reason for everything that is wrong, and changes nothing then: what may not be
    said, a language that is not this person's, a text whose English is another one by now, or that somebody else has
    changed since the file was given out.
    """
    lines = list(lines)
    wanted = wanted_texts(session, repository)
    heard = _heard(session, repository)
    english = {line.prompt: line.text for line in lines if line.language == MASTER}
    faults = list(faults)
    changed: list[Line] = []
    left: list[str] = []
    for line in lines:
        key = line.language, line.prompt
        untouched = line.version == text_hash(line.text) or line.text == heard.get(key)
        if untouched and line.text != wanted.get(key, line.text):
            left.append(f"{line.place}: {'/'.join(key)} was changed here since, and not in the file")
            continue
        found = list(_faults(line, repository, wanted, english, who))
        faults += [f"{line.place}: {fault}" for fault in found]
        if not found and line.text != wanted[line.language, line.prompt]:
            changed.append(line)
    raise_if_any(faults)
    return Brought(texts=_write(session, repository, changed, who), left_out=tuple(left))


def bring_folder(
    session: Session, repository: Catalogue, folder: Path, *, who: Who, languages: Collection[str]
) -> Brought:
    """Put the texts and recordings of a folder such as `prompts/` into the draft, of these languages.

    Recordings of words that do not hold are left out and told. Raises `Faults` as `bring_lines`, and for recordings
    that cannot be used.
    """
    there = [code for code in languages if (folder / code).is_dir()]
    if not there:
        raise Faults([f"{folder.name}: holds no folder named after a language"])
    faults: list[str] = []
    lines = []
    for code in there:
        if (folder / code / "texts.toml").exists():
            texts, of_form = catalogue.read(folder, [code])
            faults += of_form
            place = f"{code}/texts.toml"
            lines += [Line(f"{place}: {name}", code, name, text) for name, text in texts[code].items()]
    recordings, unusable = shipped.read(folder, there)
    faults += unusable
    faults += [
        f"{one.offer.language}/{one.offer.prompt}.wav: there is no such prompt"
        for one in recordings
        if one.offer.prompt not in repository.texts[one.offer.language]
    ]
    faults += [f"{code}: this language is not yours" for code in there if not rights.may_edit(who, code)]
    raise_if_any(faults)
    brought = bring_lines(session, repository, lines, who=who)
    sounds = _bring_recordings(session, repository, recordings, who)
    return replace(sounds, texts=brought.texts, left_out=brought.left_out + sounds.left_out)


def _heard(session: Session, repository: Catalogue) -> dict[Key, str]:
    """What the newest set says, and where it says nothing of its own the repository."""
    base = {(code, name): text for code, own in repository.texts.items() for name, text in own.items()}
    return base | {key: own.text for key, own in newest.texts(session).items()}


def _faults(
    line: Line, repository: Catalogue, wanted: Mapping[Key, str], english: Mapping[str, str], who: Who
) -> Iterable[str]:
    key = line.language, line.prompt
    if key not in wanted:
        yield f"prompt: there is no prompt {line.prompt}"
        return
    if line.text == wanted[key]:
        return
    if not rights.may_edit(who, line.language):
        yield f"language: {line.language} is not yours"
    now = wanted[MASTER, line.prompt]
    if line.english and line.english != now and line.language != MASTER:
        yield "english: says something else by now; export the texts again and look at the translation"
    if line.version and line.version != text_hash(wanted[key]):
        yield "version: somebody changed this text since the file was given out; export it again"
    different = wording.placeholder_fault(line.text, repository.text(*key))
    for fault in wording.faults(line.language, line.text, master=english.get(line.prompt, now)):
        yield f"text: {fault}"
    if different:
        yield f"text: {different}"


def _write(session: Session, repository: Catalogue, lines: Iterable[Line], who: Who) -> tuple[str, ...]:
    """English first: translations are judged by it."""
    ordered = sorted(lines, key=lambda line: (line.language != MASTER, line.language, line.prompt))
    for line in ordered:
        drafts.write_text(
            session,
            repository,
            line.language,
            line.prompt,
            line.text,
            by_id=who.id,
            revision=None,
            origin="import",
        )
    return tuple(f"{line.language}/{line.prompt}" for line in ordered)


def _bring_recordings(
    session: Session, repository: Catalogue, recordings: Iterable[Recording], who: Who
) -> Brought:
    wanted = wanted_texts(session, repository)
    live = {key: clip for key, (clip, _) in newest.clips(session).items()}
    drafted = {(one.language, one.prompt): one for one in drafts.entries(session)}
    known = {one.offer.clip for one in shipped.read(catalogue.PROMPTS)[0]}
    put, left = [], []
    for one in recordings:
        offer = one.offer
        key = offer.language, offer.prompt
        heard = drafted[key].clip if key in drafted and drafted[key].clip else live.get(key)
        if offer.clip == heard or (heard is None and offer.clip in known):
            continue
        if offer.text_hash != text_hash(wanted[key]):
            left.append(f"{offer.language}/{offer.prompt}.wav: it was read from other words")
            continue
        clip = sets.keep_clip(
            session, one.content, language=offer.language, prompt=offer.prompt, text_hash=offer.text_hash,
            source="published", engine="recording", way=WAY, made_by_id=who.id,
        )  # fmt: skip
        drafts.put_clip(session, offer.language, offer.prompt, clip, by_id=who.id)
        put.append(f"{offer.language}/{offer.prompt}")
    return Brought(recordings=tuple(put), left_out=tuple(left))
