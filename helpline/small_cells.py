"""Small groups of people are not told from others: which counts of a table may be shown. Pure (DOMAIN §5)."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

FEWEST = 5
"""Of fewer people than this nothing is told but that there are some."""

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
