"""What a time in which we were out of order adds to a deadline: each moment once, and nothing to what had passed before."""

from datetime import UTC, datetime, timedelta

from helpline.routing.outages import after, extended, joined


def t(minutes):
    return datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(minutes=minutes)


def test_gaps_of_two_parts_are_one_time_each_moment_once():
    assert joined([(t(30), t(60)), (t(0), t(10)), (t(10), t(20)), (t(40), t(50)), (t(55), t(70)), (t(5), t(5))]) == [
        (t(0), t(20)), (t(30), t(70)),
    ]  # fmt: skip
    assert joined([]) == []


def test_what_was_added_before_is_not_added_again():
    gaps = [(t(0), t(10)), (t(20), t(30))]
    assert after(gaps, None) == gaps
    assert after(gaps, t(25)) == [(t(25), t(30))]
    assert after(gaps, t(30)) == []


def test_a_deadline_gets_what_was_lost_of_its_time():
    hour = [(t(0), t(60))]
    assert extended(t(30), t(-60), hour) == t(90)  # it would have passed in it
    assert extended(t(120), t(-60), hour) == t(180)
    assert extended(t(120), t(45), hour) == t(135)  # made in it: what was left of it
    assert extended(t(0), t(-60), hour) == t(0)  # it had passed before
    assert extended(t(200), t(60), hour) == t(200)  # made afterwards
    assert extended(t(30), t(-60), [(t(0), t(60)), (t(80), t(100))]) == t(
        110
    )  # the first brings it into the second
