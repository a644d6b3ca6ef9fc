"""Never more offers than places, with any number of processes racing; and the same race lost without the lock."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import servers
from tests.faults.race import REPOSITORY, Race, run

BROKEN = Path(__file__).parent / "broken"
PROCESSES, REQUESTS = 16, 2000
"""Of one seed."""


def broken_by(patch: str, folder: Path) -> Path:
    """A copy of the package with one of the patches applied: code that is wrong on purpose."""
    shutil.copytree(
        REPOSITORY / "helpline", folder / "helpline", ignore=shutil.ignore_patterns("__pycache__")
    )
    command = ["git", "apply", str(BROKEN / patch)]
    subprocess.run(command, cwd=folder, check=True)
    return folder


def test_what_is_broken_on_purpose_still_fits_the_code() -> None:
    for patch in sorted(BROKEN.glob("*.patch")):
        subprocess.run(["git", "apply", "--check", str(patch)], cwd=REPOSITORY, check=True)


def test_four_processes_never_give_a_place_twice(database: servers.Servers) -> None:
    assert run(Race(seeds=range(1, 2), processes=4, requests=100), database) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_sixteen_processes_never_give_a_place_twice(database: servers.Servers) -> None:
    assert run(Race(range(20), PROCESSES, REQUESTS), database) == []


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_without_the_lock_the_same_race_is_lost(database: servers.Servers, tmp_path: Path) -> None:
    root = broken_by("no_entity_lock.patch", tmp_path)
    found = run(Race(range(20), PROCESSES, REQUESTS, root, until_lost=True), database)
    assert any("more offers than places" in one for one in found), found
