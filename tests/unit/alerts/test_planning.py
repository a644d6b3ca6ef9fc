"""One message holds all there is to say; nothing is new twice; who was told hears the end, and nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from helpline.alerts.kinds import Severity
from helpline.alerts.planning import AGAIN, EVERY, PAUSES, Alert, Known, Message, next_message, rests_until

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
URGENT, WARNING = Severity.URGENT, Severity.WARNING
alerts = some.lists(
    some.builds(
        Alert,
        some.integers(1, 12),
        some.sampled_from(Severity),
        over=some.booleans(),
        acknowledged=some.booleans(),
    ),
    unique_by=lambda one: one.id,
)
knowing = some.dictionaries(
    some.integers(1, 12),
    some.builds(Known, some.sampled_from([NOW, NOW - AGAIN, NOW - 2 * AGAIN]), over=some.booleans()),
)


def told(alerts, known=None, *, least=WARNING, rests=None, hour=11, now=NOW):
    return next_message(alerts, known or {}, least=least, rests_until=rests, now=now, hour=hour)


@given(alerts, knowing, some.sampled_from(Severity), some.integers(0, 23))
def test_a_message_says_each_alert_once_and_only_what_is_so(alerts, known, least, hour):
    message = told(alerts, known, least=least, hour=hour)
    if message is None:
        return
    by_id = {one.id: one for one in alerts}
    said = [*message.new, *message.still, *message.over]
    assert len(said) == len(set(said))
    assert all(id not in known and not by_id[id].over for id in message.new)
    assert all(id in known and by_id[id].over and not known[id].over for id in message.over)
    assert all(id in known and not by_id[id].over for id in message.still)
    if not 7 <= hour < 21:
        assert all(by_id[id].severity is URGENT for id in said)
    if least is URGENT:
        assert all(by_id[id].severity is URGENT for id in message.new)


@given(alerts, knowing, some.sampled_from(Severity), some.integers(0, 23))
def test_after_a_message_nothing_is_left_to_say(alerts, known, least, hour):
    message = told(alerts, known, least=least, hour=hour)
    if message is None:
        return
    after = known | {id: Known(NOW) for id in (*message.new, *message.still)}
    after |= {id: Known(NOW, over=True) for id in message.over}
    assert told(alerts, after, least=least, hour=hour) is None


def test_ten_alerts_are_one_message_and_a_recipient_who_rests_hears_nothing():
    ten = [Alert(id, URGENT) for id in range(10)]
    assert told(ten) == Message(new=tuple(range(10)))
    assert told(ten, rests=NOW + EVERY) is None
    assert told(ten, rests=NOW) is not None


def test_at_night_only_the_urgent_is_told_and_its_end_too():
    both = [Alert(1, URGENT), Alert(2, WARNING)]
    assert told(both, hour=2) == Message(new=(1,))
    ended = [Alert(1, URGENT, over=True), Alert(2, WARNING, over=True)]
    known = {1: Known(NOW), 2: Known(NOW)}
    assert told(ended, known, hour=2) == Message(over=(1,))
    assert told(ended, known, hour=7) == Message(over=(1, 2))


def test_what_stands_is_told_again_after_a_day_unless_somebody_knows():
    known = {1: Known(NOW - AGAIN)}
    assert told([Alert(1, URGENT)], known) == Message(still=(1,))
    assert told([Alert(1, URGENT)], {1: Known(NOW - AGAIN + timedelta(seconds=1))}) is None
    assert told([Alert(1, URGENT, acknowledged=True)], known) is None


def test_who_was_not_told_does_not_hear_that_it_is_over():
    assert told([Alert(1, URGENT, over=True)]) is None


@pytest.mark.parametrize(
    ("failures", "rest"), [(0, EVERY), (1, PAUSES[0]), (6, PAUSES[-1]), (60, PAUSES[-1])]
)
def test_a_recipient_who_is_not_reached_is_left_alone_for_longer_and_longer(failures, rest):
    assert rests_until(NOW, failures) == NOW + rest
