"""What may be said on the telephone: articles that come with the code, and in their place those that an installation has
loaded. No rules."""

import tomllib
from functools import cache
from pathlib import Path

from helpline import clock, line
from helpline.faults import raise_if_any
from helpline.line.articles import Article, fields_of
from helpline.line.reading import Table

ARTICLES = Path(__file__).with_name("articles.toml")
FIRST, FIRST_LIVE = "first", "first-live"
"""What is read before anything is said: to somebody we ring, and to somebody who rang us."""


def first(*, live: bool = False) -> Article:
    """The article to be read before anything is said, in a callback or in a live call."""
    [found] = [one for one in articles() if one.name == (FIRST_LIVE if live else FIRST)]
    return found


def others() -> list[Article]:
    """All articles but those."""
    return [one for one in articles() if one.name not in (FIRST, FIRST_LIVE)]


def articles() -> list[Article]:
    """All articles: in the code's order, each as the installation has it now; then its own, by name."""
    own = {one.name: one for one in line.current().articles}
    ours = [own.pop(one.name, one) for one in packaged()]
    return ours + [own[name] for name in sorted(own)]


@cache
def packaged(file: Path = ARTICLES) -> tuple[Article, ...]:
    """The articles that come with the code. Raises `Faults` naming each article and field that is wrong."""
    faults: list[str] = []
    found = []
    for name, values in tomllib.loads(file.read_text("utf-8")).items():
        where = f'{file.name}: article "{name}"'
        table = Table(values, where=where, faults=faults, today=clock.in_rome().date())
        found.append((name, fields_of(table)))
        table.done()
    raise_if_any(faults)
    return tuple(Article(name=name, **fields) for name, fields in found)
