"""In which order tests are handed to several processes: to each its share of those that take long, and these first."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def dealt(
    items: Sequence[Item], processes: int, *, long: Callable[[Item], bool], file: Callable[[Item], str]
) -> list[Item]:
    """The same items in the order in which `processes` that take equal parts of the whole, one after another, each
    begin with long ones. Long ones of one file stay together, since they share what is costly to start.

    With `--dist worksteal` the first process has the first part, and whoever is done takes from the end of the longest
    rest: what stands first in a part is what nobody else has to wait for.
    """
    by_file: dict[str, list[Item]] = {}
    for item in items:
        if long(item):
            by_file.setdefault(file(item), []).append(item)
    hands: list[list[Item]] = [[] for _ in range(processes)]
    for together in sorted(by_file.values(), key=len, reverse=True):
        min(hands, key=len).extend(together)
    rest = [item for item in items if not long(item)]
    found: list[Item] = []
    for n, hand in enumerate(hands):
        # As the parts are cut: the whole rest, divided by the number of those who have none yet.
        part = (len(items) - len(found)) // (processes - n)
        short = max(part - len(hand), 0)
        found += hand + rest[:short]
        rest = rest[short:]
    return found + rest
