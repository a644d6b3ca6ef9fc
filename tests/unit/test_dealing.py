"""Tests that take long are begun first by every process, and not one after another by one."""

from itertools import pairwise

import pytest

from tests.dealing import dealt

FILES = {"demo": 4, "pages": 17, "wall": 1, "worker": 9, "embedded": 6}
LONG = [f"{name}::{n}" for name, several in FILES.items() for n in range(several)]
SHORT = [f"short::{n}" for n in range(200)]


def file(item: str) -> str:
    return item.partition("::")[0]


def long(item: str) -> bool:
    return file(item) != "short"


def parts(items: list[str], processes: int) -> list[list[str]]:
    """As `--dist worksteal` cuts them at the beginning."""
    found, rest = [], items
    for left in range(processes, 0, -1):
        found.append(rest[: len(rest) // left])
        rest = rest[len(rest) // left :]
    return found


@pytest.mark.parametrize("processes", [1, 2, 3, 4])
@pytest.mark.parametrize("items", [LONG + SHORT, SHORT + LONG, SHORT[::2] + LONG[::-1] + SHORT[1::2]])
def test_each_process_begins_with_its_share_of_what_takes_long(items: list[str], processes: int) -> None:
    given = dealt(items, processes, long=long, file=file)
    assert sorted(given) == sorted(items)
    shares = []
    for part in parts(given, processes):
        kinds = [long(item) for item in part]
        assert kinds == sorted(kinds, reverse=True)
        shares.append(sum(kinds))
    assert max(shares) - min(shares) <= max(FILES.values())
    assert min(shares) > 0


def test_what_takes_long_in_one_file_stays_together() -> None:
    order = [file(item) for item in dealt(SHORT + LONG, 3, long=long, file=file) if long(item)]
    assert sum(one != other for one, other in pairwise(order)) == len(FILES) - 1


def test_nothing_is_lost_where_almost_everything_takes_long() -> None:
    few = [*LONG, "short::1"]
    assert sorted(dealt(few, 3, long=long, file=file)) == sorted(few)
    assert dealt([], 3, long=long, file=file) == []
