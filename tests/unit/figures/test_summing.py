"""What one call comes to: where it ended, whether a message was heard, how long the way to it was."""

from datetime import UTC, datetime, timedelta

from helpline.figures.summing import HEARD, SHUT, SOUGHT, TURNED_AWAY, Passed, Summed, summed
from helpline.ivr import flow

BEGAN = datetime(2026, 11, 24, 9, tzinfo=UTC)
LASTS = 20.0


def length(step, language):
    return LASTS if (step, language) == ("info_what", "bn") else 0.0


def way(*rows):
    """Rows as (seconds since the beginning, what was heard, where that led)."""
    return [
        Passed(BEGAN + timedelta(seconds=at), heard, "told" if to.startswith("info") else None, to, "bn")
        for at, heard, to in rows
    ]


INFORMED = way(
    (0, None, "language"), (5, "language 8", "welcome"), (30, "key 1", "about"), (40, "key 1", "info_what")
)


def ended(seconds):
    return BEGAN + timedelta(seconds=seconds)


def test_a_call_that_never_came_to_a_step_comes_to_nothing():
    assert summed([], ended(9), length) == Summed()


def test_who_hears_a_message_nearly_to_its_end_is_a_listener_and_the_way_to_it_is_counted():
    assert summed(INFORMED, ended(57), length) == Summed("info_what", 3, True, 40, 3)


def test_who_hangs_up_before_four_fifths_of_the_message_is_none():
    assert not summed(INFORMED, ended(40 + HEARD * LASTS - 1), length).listened
    assert summed(INFORMED, ended(40 + HEARD * LASTS), length).listened


def test_who_presses_on_at_once_has_not_listened_but_who_comes_back_and_stays_has():
    on = INFORMED + way((42, "key 8", "about"))
    assert not summed(on, ended(90), length).listened
    assert summed([*on, *way((95, "key 1", "info_what"))], ended(115), length).listened


def test_where_the_end_of_the_call_is_not_known_nothing_is_counted_as_heard_to_it():
    assert not summed(INFORMED, None, length).listened
    assert summed(INFORMED + way((61, "silence", "info_what")), None, length).listened


def test_a_step_that_has_no_message_in_its_language_makes_no_listener():
    assert not summed(INFORMED, ended(9999), lambda step, language: 0.0).listened


def test_who_is_told_that_nobody_is_there_was_turned_away_and_who_comes_to_that_page_otherwise_was_not():
    def came(did):
        return [*INFORMED, Passed(ended(50), "key 0", did, "nobody_free", "bn")]

    assert summed(came("remember_minor=ask find_person=nobody_free"), ended(60), length).turned_away
    assert not summed(came(None), ended(60), length).turned_away
    assert not summed(INFORMED, ended(60), length).turned_away


def test_the_steps_at_which_nobody_is_there_are_those_of_the_menu():
    away = set()
    for step in flow.load().steps.values():
        if step.action == SOUGHT:
            there = {step.outcomes["free"], step.outcomes["busy"]}
            away |= {step.outcomes[word] for word in ("closed", "holiday", "nobody_free")} - there
    assert away == TURNED_AWAY
    first = flow.load().steps["person"].outcomes
    assert {first["closed"], first["holiday"]} == {*SHUT} < TURNED_AWAY and first["nobody_free"] not in SHUT
