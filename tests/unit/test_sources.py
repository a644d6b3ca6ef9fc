"""Papers that the code names by section can be looked up: docs/sources.md has an entry for each."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "docs" / "sources.md").read_text("utf-8")
NAMED = re.compile(r"\b(DOMAIN|TWILIO\.md|DESIGN|ROUTING|STACK)((?:(?:,| and)? §\d+(?:\.\d+)?)*)")
SECTION = re.compile(r"§\d+(?:\.\d+)?")


def named():
    """(paper, section) for each mention in code and tests; a section of "" where the paper alone is named."""
    for folder in ("helpline", "tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path == Path(__file__):
                continue
            for paper, sections in NAMED.findall(path.read_text("utf-8")):
                yield from ((paper, section) for section in SECTION.findall(sections) or [""])


def entries():
    """What the page explains: its headings, and the sections that stand in bold under each."""
    for part in SOURCES.split("\n## ")[1:]:
        paper = part.partition(":")[0]
        yield paper, ""
        for bold in re.findall(r"\*\*(.+?)\*\*", part, re.DOTALL):
            yield from ((paper, section) for section in SECTION.findall(bold))


def test_every_section_that_is_named_is_explained():
    assert ("DOMAIN", "§4.3") in set(named())
    assert set(named()) - set(entries()) == set()


def test_the_page_stays_short():
    assert len(SOURCES.splitlines()) < 120
