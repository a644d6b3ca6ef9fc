"""What steps of the menu were called before (`formerly` in flow.toml): a former name counts as the step that it became.

Rows keep the name that a step had when somebody was there, and are never rewritten; whoever reads them asks here. The file is
read once in a process.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from helpline.ivr import flow
from helpline.ivr.flow import Flow

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def of(menu: Flow) -> dict[str, str]:
    """Each former name in a menu, with the step that it became."""
    return {former: step.name for step in menu.steps.values() for former in step.formerly}


@cache
def names() -> Mapping[str, str]:
    """Each former name in the menu of this release, with the step that it became."""
    return of(flow.load())


def now(step: str) -> str:
    """What a step is called now; its own name where it was never called otherwise, or where the menu does not know it."""
    return names().get(step, step)


def every(step: str) -> tuple[str, ...]:
    """All names under which rows may hold a step, the one that it has now before the others."""
    today = now(step)
    return today, *(former for former, became in names().items() if became == today)


def faults(menu: Flow) -> Iterator[tuple[str, str]]:
    """What is wrong with the former names of a menu: (step, reason)."""
    given = Counter(former for step in menu.steps.values() for former in step.formerly)
    for step in menu.steps.values():
        for former in dict.fromkeys(step.formerly):
            if not _NAME.fullmatch(former):
                yield step.name, f"{former!r} cannot be the name of a step"
            elif former in menu.steps:
                yield step.name, f"{former} is a step of this menu"
            elif given[former] > 1:
                yield step.name, f"{former} is said more than once"
