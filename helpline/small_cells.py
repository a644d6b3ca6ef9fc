"""Small groups of people are not told from others: which counts of a table may be shown. Pure (DOMAIN §5)."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

FEWEST = 5
"""Of fewer people than this nothing is told but that there are some."""

ALL_FEW = "*"
"""In the place of a group: all of a table, where they are so few together that no name is told (no code is called so)."""

Key = TypeVar("Key", bound=Hashable)


def told(counts: Mapping[Key, int], *, with_total: bool = True) -> dict[Key, int | None]:
    """These counts, those of one to four people as None; nought is told.

    `with_total`: their sum is told too, so what is hidden must not be found by taking the others from it: where the
    hidden ones together are fewer than five, the next smallest are hidden with them, until they are not.
    """
    found: dict[Key, int | None] = {
        key: count if count == 0 or count >= FEWEST else None for key, count in counts.items()
    }
    hidden = sum(counts[key] for key, count in found.items() if count is None)
    rest = sorted((count, str(key), key) for key, count in counts.items() if found[key])
    while with_total and 0 < hidden < FEWEST and rest:
        count, _, key = rest.pop(0)
        found[key] = None
        hidden += count
    return found


def largest_first(counts: Mapping[str, int]) -> dict[str, int | None]:
    """All of these counts, the largest first, those of the same size by name."""
    order = sorted(counts, key=lambda key: (-counts[key], key))
    return {key: counts[key] for key in order}


def without_names(counts: Mapping[str, int]) -> dict[str, int | None]:
    """These counts, the largest first; where all together are one to four people, one row that says so, and no name."""
    return {ALL_FEW: None} if 0 < sum(counts.values()) < FEWEST else largest_first(counts)


def in_order(counts: Mapping[str, int]) -> dict[str, int | None]:
    """What is `told` of these counts, the largest first; what is hidden after it by its name, since its place would tell
    its size. Where all together are one to four people, no name is told."""
    rows = without_names(counts)
    if ALL_FEW in rows:
        return rows
    found = told(counts)
    shown = {key: found[key] for key in rows if found[key] is not None}
    return shown | {key: None for key in sorted(found) if found[key] is None}
