"""A small part of Markdown, made into HTML that cannot hold a script: headings, paragraphs, lists, tables, boxes, links
within the console. Pure; knows no chapter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_RULES = ["heading", "list", "table", "blockquote", "emphasis", "link", "newline", "escape", "hr"]
_WITHIN = re.compile(r"/(?!/|\\|%5[cC])[^\s\\]*|#[\w-]+")
_OUTSIDE = re.compile(r"https://[\w.-]+(?:[/?#][^\s\\]*)?|mailto:[^\s\\]+@[\w.-]+", re.ASCII)
# Only the name is looked for, and the space before it taken off afterwards: a pattern for both would try every length of a
# long space from each of its places.
_NAME = re.compile(r"\{#([a-z0-9][a-z0-9-]*)\}$")
_BOX = re.compile(r"^\[!(talk|never|note|danger)\]\s*")
_ARTICLE = re.compile(r"^\[\[article:([a-z0-9-]+)\]\]$")
# What stands under the head of a table, within boxes too.
_UNDER_A_HEAD = frozenset("|:- \t")
_AROUND = " \t>"

NOTHING = Markup()


@dataclass(frozen=True)
class Heading:
    """A heading by which one can be led to a part: its `anchor`, its words, how deep it stands (2 or 3)."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Block:
    """A piece of a page: HTML, or in its place the name of an article that is shown as it stands today."""

    html: Markup = NOTHING
    article: str = ""


@dataclass(frozen=True)
class Passage:
    """What stands under one heading, as plain words: for searching."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A text as a page shows it and as a search reads it."""

    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that the text wants shown, in order."""
        return tuple(block.article for block in self.blocks if block.article)


def render(text: str, *, outside: bool = False, prefix: str = "", deeper: int = 0) -> Rendered:
    """Make a page of a text. Raw HTML stays text; a link that leads anywhere but into the console stays text too.

    `outside`: links to https and mail addresses are links as well. `prefix`: stands before every anchor, so that several
    texts can share a page. `deeper`: by how many levels headings are lowered there.
    """
    tokens = _reader(outside).parse(text)
    headings = _name_headings(tokens, prefix, deeper)
    _mark_boxes(tokens)
    _mark_links(tokens)
    return Rendered(tuple(_blocks(tokens, outside)), tuple(headings), tuple(_passages(tokens)))


def tables(text: str) -> tuple[int, int]:
    """How many columns the widest table of a text may have, and how many cells all of them: read off its lines, since to make a
    large table takes seconds. A row is filled up to the columns of its head, and a table ends with an empty line."""
    widest = cells = columns = 0
    before = ""
    for line in text.splitlines():
        within = line.strip(_AROUND)
        if not within:
            columns = 0
        elif columns:
            cells += columns
        elif "|" in before and "-" in within and _UNDER_A_HEAD.issuperset(within):
            columns = within.strip("|").count("|") + 1
            widest, cells = max(widest, columns), cells + columns
        before = within
    return widest, cells


def _reader(outside: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # sixty modules, which only who opens the handbook needs

    reader = MarkdownIt("zero", {"html": False, "breaks": True}).enable(_RULES)

    def leads_somewhere_safe(address: str) -> bool:
        return bool(_WITHIN.fullmatch(address) or (outside and _OUTSIDE.fullmatch(address)))

    reader.validateLink = leads_somewhere_safe  # type: ignore[method-assign, assignment]  # its own way of being told
    return reader


def _name_headings(tokens: list[Token], prefix: str, deeper: int) -> list[Heading]:
    """Give each heading its anchor, as written (`{#name}`) or by its place, and its depth."""
    found: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = tokens[place + 1]
        written = _NAME.search(words.content)
        anchor = prefix + (written[1] if written else f"part-{len(found) + 1}")
        if written and words.children:
            last = words.children[-1]
            last.content = _NAME.sub("", last.content).rstrip()
            words.content = words.content[: written.start()].rstrip()
        level = min(max(int(token.tag[1:]), 2) + deeper, 5)
        token.tag = tokens[place + 2].tag = f"h{level}"
        token.attrSet("id", anchor)
        found.append(Heading(anchor, _plain(words), level - deeper))
    return found


def _mark_boxes(tokens: list[Token]) -> None:
    """A quotation that begins with `[!talk]`, `[!never]`, `[!note]` or `[!danger]` is a box of that kind."""
    for place, token in enumerate(tokens):
        if token.type != "blockquote_open" or place + 2 >= len(tokens):
            continue
        words = tokens[place + 2]
        marked = _BOX.match(words.content) if words.type == "inline" else None
        token.attrSet("class", f"box {marked[1]}" if marked else "box")
        if marked and words.children:
            words.children[0].content = _BOX.sub("", words.children[0].content)
            if (
                not words.children[0].content
                and len(words.children) > 1
                and words.children[1].type == "softbreak"
            ):
                del words.children[:2]


def _mark_links(tokens: list[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and not str(child.attrs.get("href", "")).startswith(("/", "#")):
                child.attrSet("rel", "noopener noreferrer nofollow")


def _blocks(tokens: list[Token], outside: bool) -> list[Block]:
    reader = _reader(outside)
    found: list[Block] = []
    held: list[Token] = []

    def put() -> None:
        if held:
            found.append(Block(html=Markup(reader.renderer.render(held, reader.options, {}))))  # noqa: S704 - raw HTML is text in it
            held.clear()

    place = 0
    while place < len(tokens):
        wanted = _article(tokens, place)
        if wanted:
            put()
            found.append(Block(article=wanted))
            place += 3
        else:
            held.append(tokens[place])
            place += 1
    put()
    return found


def _article(tokens: list[Token], place: int) -> str:
    if tokens[place].type != "paragraph_open" or tokens[place].level:
        return ""
    asked = _ARTICLE.match(tokens[place + 1].content)
    return asked[1] if asked else ""


def _passages(tokens: list[Token]) -> list[Passage]:
    found: list[tuple[str, str, list[str]]] = [("", "", [])]
    heading: Token | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading = token
        elif token.type == "inline" and heading is not None:
            found.append((str(heading.attrs["id"]), _plain(token), []))
            heading = None
        elif token.type == "inline" and not _ARTICLE.match(token.content):
            found[-1][2].append(_plain(token))
    return [Passage(anchor, words, " ".join(text)) for anchor, words, text in found if words or text]


def _plain(token: Token) -> str:
    """The words of a line without their marks."""
    return "".join(_said(child) for child in token.children or ()).strip()


def _said(child: Any) -> str:
    return " " if child.type in {"softbreak", "hardbreak"} else str(child.content)
