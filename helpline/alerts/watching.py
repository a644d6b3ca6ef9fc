"""When a probe tells that the line cannot be reached, and that it can be again: after two failures in a row, and once each. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

TWICE = 2


class News(StrEnum):
    """What is to be told."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True)
class Watch:
    """`failures`: so many rounds in a row were not good; `told`: somebody knows that the line is down."""

    failures: int = 0
    told: bool = False


def after(before: Watch, *, good: bool) -> tuple[Watch, News | None]:
    """How it stands after a round, and what is to be told now; until it was heard (`heard`) it is to be told again."""
    now = replace(before, failures=0 if good else before.failures + 1)
    if good:
        return now, News.UP if now.told else None
    return now, News.DOWN if now.failures >= TWICE and not now.told else None


def heard(before: Watch, news: News) -> Watch:
    """Somebody heard it."""
    return replace(before, told=news is News.DOWN)
