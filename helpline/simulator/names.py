"""By which names the caller's side knows what a voice said: read from files of texts that it is given. Knows no menu.

A clip says its own name; words that the carrier's voice speaks have none, so who plays a script must bring the texts.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from helpline.faults import Faults

Names = Mapping[tuple[str, str], Collection[str]]
"""(language, words) -> the names of the texts that are these words."""


def read(folder: Path) -> Names:
    """The names in `<folder>/<language>/texts.toml`, each file a table of name = "text"; none where there is no folder.

    Of a text that ends in a value, what stands before the `{`. Raises Faults naming every file that cannot be read.
    """
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    faults = []
    for file in sorted(folder.glob("*/texts.toml")):
        try:
            texts = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
            faults.append(f"{file}: cannot be read ({type(wrong).__name__})")
            continue
        for name, text in texts.items():
            if isinstance(text, str):
                names[file.parent.name, words(text.partition("{")[0])].add(name)
    if faults:
        raise Faults(faults)
    return dict(names)


def words(text: str) -> str:
    """A text as it is compared: spaces and line ends between words are all the same."""
    return " ".join(text.split())
