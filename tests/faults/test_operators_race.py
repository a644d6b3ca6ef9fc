"""Many operators press Next and Call at once: nobody is called twice, by one or by two, and nobody is forgotten.

They are signed in, and press the console's own buttons, at web processes that are those of an installation. What is lost,
cut and clicked twice on the way is part of it. The same race is lost by code without its locks.
"""

from pathlib import Path

import pytest

from tests import servers
from tests.faults import floor, judging
from tests.faults.floor import REPOSITORY, Crowd, Seen
from tests.faults.operators import Habits
from tests.faults.test_places_race import broken_by

WILLING = Habits(chooses=0, takes_over=0, gives_back=0, stops=0, outcomes=("helped",))
"""Who presses Next, Call and how it went, at times twice, and rings bells twice; nobody takes anything back."""

LOST = {
    "mediator initiated": [11],
    "mediator ringing": [12],
    "mediator in-progress": [13],
    "mediator completed": [14],
    "caller ringing": [3],
    "caller in-progress": [3],
    "caller busy": [3],
    "talk completed": [5],
}
"""Of each kind of message one that never arrives: what is missing is asked for, or comes to light by another."""

REST = (*["fine"] * 30, "lost", *["fine"] * 30, "429", *["fine"] * 30, "cut", *["fine"] * 30, "500")
"""What becomes of what we ask of the carrier: done without an answer, not now, and an answer that leaves all open."""


def told(seen: Seen) -> list[str]:
    """The breaches of a race; its figures are printed, for whoever reads."""
    print(judging.figures(seen.calls, seen.days), f"{seen.seconds:.0f} s", seen.costs)
    return seen.troubles + judging.breaches(seen.ids, seen.calls, seen.days)


@pytest.mark.timeout(600)  # forty seconds when nothing else goes on; this says only that it hangs
def test_six_operators_at_once_ring_each_caller_once_although_a_message_is_lost_and_buttons_are_clicked_twice(
    database: servers.Servers, tmp_path: Path
) -> None:
    habits = Habits(**vars(WILLING) | {"looks_every": 1.0, "patience": 90})
    lost = {"mediator ringing": [5], "caller in-progress": [3], "talk completed": [4]}
    crowd = Crowd(
        operators=6, items=14, willing=True, web=1, workers=2, lost=lost, habits=habits, longest=150
    )
    seen = floor.race(crowd, database, tmp_path)
    assert told(seen) + judging.each_once(seen.ids, seen.calls) == []


@pytest.mark.faults
@pytest.mark.timeout(2400)
def test_twenty_operators_dial_each_of_a_thousand_callers_exactly_once(
    database: servers.Servers, tmp_path: Path
) -> None:
    """A callback takes six tenths of a second of the web processes and four tenths of all others where ten others want to run
    (200 of them took eleven minutes there), half of that alone. A lost end of a talk is looked for after three minutes."""
    habits = Habits(**vars(WILLING) | {"looks_every": 2})  # as the page itself does
    crowd = Crowd(operators=20, items=1000, willing=True, lost=LOST, rest=REST[:-1], habits=habits)
    seen = floor.race(crowd, database, tmp_path)
    assert told(seen) + judging.each_once(seen.ids, seen.calls) == []


@pytest.mark.faults
@pytest.mark.timeout(2400)
def test_nobody_is_rung_twice_at_once_or_forgotten_where_people_are_of_all_sorts_and_change_their_minds(
    database: servers.Servers, tmp_path: Path
) -> None:
    crowd = Crowd(operators=20, items=300, lost=LOST, rest=REST)
    assert told(floor.race(crowd, database, tmp_path)) == []


def smaller(root: Path = REPOSITORY, *, quiet_within: float = 240) -> Crowd:
    """Of one seed, for the code as it is and for code broken on purpose: else their difference could be the crowd's."""
    habits = Habits(**vars(WILLING) | {"clicks_twice": 0.4, "rings_the_bell_twice": 0.4, "patience": 90})
    return Crowd(
        operators=20, items=80, willing=True, habits=habits, root=root, longest=600, quiet_within=quiet_within
    )


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_twenty_operators_who_click_and_ring_twice_still_ring_once(
    database: servers.Servers, tmp_path: Path
) -> None:
    seen = floor.race(smaller(), database, tmp_path)
    assert told(seen) + judging.each_once(seen.ids, seen.calls) == []


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("patch", "breach"),
    [
        ("no_claim_lock.patch", "claim number"),
        ("no_fence_before_the_carrier.patch", "dialled 2 times"),
    ],
)
def test_the_same_race_is_lost_by_code_that_is_broken(
    patch: str, breach: str, database: servers.Servers, tmp_path: Path
) -> None:
    root = broken_by(patch, tmp_path)
    (root / "prompts").symlink_to(REPOSITORY / "prompts")
    seen = floor.race(smaller(root, quiet_within=20), database, tmp_path)
    found = told(seen) + judging.each_once(seen.ids, seen.calls)
    assert any(breach in one for one in found), found
