"""Pauses after wrong guesses: none at first, then longer and longer, up to an end."""

from datetime import timedelta

import pytest

from helpline.people.guessing import FREE, LONGEST_PAUSE, Kind, pause_after


@pytest.mark.parametrize("kind", Kind)
def test_pauses_grow_up_to_an_end(kind):
    pauses = [pause_after(kind, failures) for failures in range(200)]
    assert pauses == sorted(pauses)
    assert pauses[FREE[kind] - 1] == timedelta(0)
    assert pauses[FREE[kind]] == timedelta(seconds=30)
    assert pauses[-1] == LONGEST_PAUSE
