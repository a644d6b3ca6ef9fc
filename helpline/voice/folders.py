"""A folder such as `prompts/`: texts line by line as people keep them (comments and order stay), recordings with the list
of the texts they were read from. Knows no database."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpline.faults import Faults, raise_if_any
from helpline.voice.catalogue import PROMPTS
from helpline.voice.shipped import INDEX

_LINES = re.compile(r"[^\n]*\n|[^\n]+")  # as TOML sees them: Python would break one at U+0085 or U+2028 too
_LINE = re.compile(r'(?P<name>[a-z][a-z0-9_]*)(?P<equals>\s*=\s*)"(?:[^"\\]|\\.)*"(?P<rest>\s*(?:#.*)?)')


def write_texts(folder: Path, texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Bring `<folder>/<language>/texts.toml` to say these texts; what was changed, as `bn/welcome`.

    Only lines whose text differs are touched. A file that is not there is begun as the one of this release. Raises
    `Faults` for a line that cannot be found or read, and changes nothing then.
    """
    faults: list[str] = []
    written: dict[Path, str] = {}
    changed: list[str] = []
    for language, own in texts.items():
        path = folder / language / "texts.toml"
        try:
            content = (path if path.exists() else PROMPTS / language / "texts.toml").read_text(
                encoding="utf-8"
            )
            before = tomllib.loads(content)
        except (OSError, ValueError) as error:
            faults.append(f"{language}/texts.toml: cannot be read: {error}")
            continue
        lines = _LINES.findall(content)
        where = {found["name"]: n for n, line in enumerate(lines) if (found := _LINE.match(line))}
        for prompt, text in own.items():
            if before.get(prompt) == text:
                continue
            if prompt not in where:
                faults.append(f"{language}/texts.toml: {prompt}: has no line of its own")
                continue
            line = lines[where[prompt]]
            found = _LINE.match(line)
            end = line[found.end() :] if found else "\n"
            rest = found["rest"] if found else ""
            lines[where[prompt]] = f"{prompt} = {_quoted(text)}{rest}{end}"
            changed.append(f"{language}/{prompt}")
        written[path] = "".join(lines)
    raise_if_any(faults)
    for path, content in written.items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return changed


def write_recordings(
    folder: Path, language: str, recordings: Mapping[str, tuple[bytes, str]], order: Iterable[str]
) -> list[str]:
    """Put clips beside the texts, and the hash of the text each was read from into `recordings.toml`; what was written.

    `recordings`: prompt -> (WAV, hash). Others that are there stay, as does their place in the list; one in the list
    whose file is gone leaves it. Raises `Faults` when the list cannot be read.
    """
    home = folder / language
    index = home / INDEX
    try:
        listed = tomllib.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    except (OSError, ValueError) as error:
        raise Faults([f"{language}/{INDEX}: cannot be read: {error}"]) from None
    home.mkdir(parents=True, exist_ok=True)
    for prompt, (content, _) in recordings.items():
        (home / f"{prompt}.wav").write_bytes(content)
    known = {**listed, **{prompt: read_from for prompt, (_, read_from) in recordings.items()}}
    places = {prompt: place for place, prompt in enumerate(order)}
    kept = sorted(
        (prompt for prompt in known if (home / f"{prompt}.wav").exists()),
        key=lambda prompt: (places.get(prompt, len(places)), prompt),
    )
    if kept:
        index.write_text("".join(f'{prompt} = "{known[prompt]}"\n' for prompt in kept), encoding="utf-8")
    elif index.exists():
        index.unlink()
    return [f"{language}/{prompt}" for prompt in recordings]


def _quoted(text: str) -> str:
    """As TOML writes a text: JSON's way, but for the one sign that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
