"""Who read what: `docs/languages/<lang>.md`, one row per prompt with the hash of the text that a second pair of eyes
read and translated back; pure but for its files."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline.faults import raise_if_any
from helpline.voice.catalogue import Catalogue, text_hash

REVIEWS = Path(__file__).resolve().parents[2] / "docs" / "languages"
COLUMNS = (
    "prompt",
    "hash",
    "back-translation",
    "difference",
    "decision",
    "native to confirm",
)
_HEAD = "| " + " | ".join(COLUMNS) + " |"
_RULE = "|" + "---|" * len(COLUMNS)
_CELLS = re.compile(r"(?<!\\)\|")
_FIELDS = ("back_translation", "difference", "decision", "confirm")
_INTRODUCTION = """# Review: {language}

Each text of `prompts/{language}/texts.toml`, read by somebody who did not write it, translated back to English without
seeing the master, and compared with it. The hash is that of the text that was read: `helpline prompts check` refuses a
text whose hash is not here. Rows are merged in with `helpline prompts review {language} FILE.json`.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One reviewed prompt."""

    prompt: str
    hash: str
    back_translation: str = ""
    difference: str = ""
    decision: str = ""
    confirm: str = ""


def parse(page: str) -> list[Row]:
    """The rows of a review page; everything else in it is passed over."""
    rows = []
    for line in page.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in _CELLS.split(line.strip())[1:-1]]
        if len(cells) == len(COLUMNS) and re.fullmatch(r"[0-9a-f]{12}", cells[1]):
            rows.append(Row(*cells))
    return rows


def write(page: str, rows: Iterable[Row], language: str) -> str:
    """The page with these rows in its table; its other paragraphs stay as they are."""
    lines = [_HEAD, _RULE, *(_line(row) for row in rows)]
    old = page.splitlines() if page else [*_INTRODUCTION.format(language=language).splitlines(), "", _HEAD]
    if _HEAD not in old:
        old += ["", _HEAD]
    start = old.index(_HEAD)
    end = start
    while end < len(old) and old[end].startswith("|"):
        end += 1
    return "\n".join([*old[:start], *lines, *old[end:]]).rstrip("\n") + "\n"


def read(language: str, folder: Path = REVIEWS) -> list[Row]:
    """The rows on disk; none where there is no page."""
    path = folder / f"{language}.md"
    return parse(path.read_text(encoding="utf-8")) if path.exists() else []


def never_reviewed(catalogue: Catalogue, language: str, rows: Iterable[Row]) -> list[str]:
    """The prompts whose text of today nobody has reviewed."""
    reviewed = {(row.prompt, row.hash) for row in rows}
    return [
        name for name, text in catalogue.texts[language].items() if (name, text_hash(text)) not in reviewed
    ]


def merge(language: str, delivered: Path, catalogue: Catalogue, folder: Path = REVIEWS) -> int:
    """Put a reviewer's rows (JSON: a list of {prompt, text, back_translation, difference, decision, confirm}) into the
    page, each with the hash of today's text, in the master's order; rows of prompts that are no more are left out.

    A row must carry the `text` that was read, or its `hash`, which must be today's; a back-translation; a decision.
    Raises `Faults`, and writes nothing. Returns how many rows were merged.
    """
    rows = _delivered(delivered, language, catalogue)
    path = folder / f"{language}.md"
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    merged = {row.prompt: row for row in parse(page)} | {row.prompt: row for row in rows}
    ordered = [merged[name] for name in catalogue.texts[language] if name in merged]
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(write(page, ordered, language), encoding="utf-8")
    return len(rows)


def _delivered(path: Path, language: str, catalogue: Catalogue) -> list[Row]:
    faults: list[str] = []
    rows: dict[str, Row] = {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise_if_any([f"{path.name}: cannot be read: {error}"])
    if not isinstance(content, list):
        raise_if_any([f"{path.name}: must be a list of rows"])
    for number, row in enumerate(content, start=1):
        label = f"{path.name}: row {number}"
        found = _faults(row, label, language, catalogue)
        if not found and row["prompt"] in rows:
            found = [f"{label}: {row['prompt']} was reviewed in an earlier row"]
        faults.extend(found)
        if not found:
            text = catalogue.text(language, row["prompt"])
            rows[row["prompt"]] = Row(
                row["prompt"],
                text_hash(text),
                *(str(row.get(name, "")) for name in _FIELDS),
            )
    raise_if_any(faults)
    return list(rows.values())


def _faults(row: Any, label: str, language: str, catalogue: Catalogue) -> list[str]:
    if not isinstance(row, Mapping) or not isinstance(row.get("prompt"), str):
        return [f"{label}: must be an object with a prompt"]
    text = catalogue.texts[language].get(row["prompt"])
    if text is None:
        return [f"{label}: {row['prompt']}: there is no such prompt"]
    label = f"{label}: {row['prompt']}"
    faults = [
        f"{label}: {name} is unknown; known are {', '.join(_KNOWN)}" for name in row if name not in _KNOWN
    ]
    faults += [
        f"{label}: {name}: must be some words"
        for name in _REQUIRED
        if not isinstance(row.get(name), str) or not row[name].strip()
    ]
    if "text" not in row and "hash" not in row:
        faults.append(f"{label}: must carry the text that was read, or its hash")
    if "text" in row and text_hash(str(row["text"])) != text_hash(text):
        faults.append(f"{label}: the text that was read is not today's")
    if "hash" in row and row["hash"] != text_hash(text):
        faults.append(f"{label}: the hash is not that of today's text")
    return faults


_KNOWN = ("prompt", "text", "hash", *_FIELDS)
_REQUIRED = ("back_translation", "decision")


def _line(row: Row) -> str:
    cells = (
        row.prompt,
        row.hash,
        row.back_translation,
        row.difference,
        row.decision,
        row.confirm,
    )
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
