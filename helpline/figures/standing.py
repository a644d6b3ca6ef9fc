"""Counts of the same people divided in several ways, as they leave the console: small ones hidden, with their sums. Pure."""

from collections.abc import Mapping

from helpline import small_cells
from helpline.figures.concluding import Sum
from helpline.figures.suppression import veiled
from helpline.small_cells import ALL_FEW, FEWEST


def standing(
    tables: Mapping[str, Mapping[str, int | None]], *, told: int | None = None
) -> dict[str, dict[str, int | None]]:
    """These tables by name, each of the same people, the largest first, what is hidden as None.

    How many they are in all counts as known: other figures (attempts, lengths of time) tell it nearly. `told`: a number that
    the file tells elsewhere, which may be that of one group. Where all together
    are fewer than five, or a hidden group could be found all the same, a table is one row without names (`ALL_FEW`).
    """
    counts = {by: {word: count or 0 for word, count in table.items()} for by, table in tables.items()}
    every = max((sum(each.values()) for each in counts.values()), default=0)
    if 0 < every < FEWEST:
        return {by: {ALL_FEW: None} for by in counts}
    whole = ("", "")
    values = {whole: every} | {
        (by, word): count for by, each in counts.items() for word, count in each.items()
    }
    sums = [Sum(whole, tuple((by, word) for word in each)) for by, each in counts.items() if each]
    known = {whole} | {key for key, count in values.items() if count == told and count >= FEWEST}
    found = veiled(values, sums, values.keys(), told=known)
    bare = {by for by, _ in found.bare}
    return {
        by: {ALL_FEW: None}
        if by in bare
        else {
            word: None if (by, word) in found.hidden else count
            for word, count in small_cells.without_names(each).items()
        }
        for by, each in counts.items()
    }
