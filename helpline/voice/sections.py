"""Into which sections the prompts are grouped: the headings of the English master; reads that one file, knows no text."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from helpline.voice.catalogue import MASTER, PROMPTS

_HEADING = re.compile(r"# --- (?P<title>.+)")
_NAME = re.compile(r"(?P<name>[a-z][a-z0-9_]*) *=")


@lru_cache
def sections(folder: Path = PROMPTS) -> Mapping[str, tuple[str, ...]]:
    """Heading -> the prompts under it, both in the order of the English master.

    What stands above the first heading is in none. Raises `OSError` where the master cannot be read.
    """
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in (folder / MASTER / "texts.toml").read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line.strip()):
            here = found.setdefault(heading["title"], [])
        elif name := _NAME.match(line):
            here.append(name["name"])
    return {title: tuple(names) for title, names in found.items() if names}


def section_of(prompt: str, folder: Path = PROMPTS) -> str:
    """The heading under which a prompt stands; nothing for one that stands under none."""
    return next((title for title, names in sections(folder).items() if prompt in names), "")
