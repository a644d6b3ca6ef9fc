"""One alert has one beginning and one end, however often what it is about comes and goes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from helpline.alerts.episodes import GAP, LONGEST, Episode, looked, patience

START = datetime(2026, 11, 2, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)

looks = some.lists(some.tuples(some.integers(1, 400), some.booleans()), max_size=80)
spans = some.integers(0, 900).map(lambda seconds: seconds * SECOND)


def walked(looks, holds, clears):
    """The looks with their moments, and the episodes that were raised, in their last state."""
    now, episode, raised, seen = START, None, [], []
    for seconds, held in looks:
        now += seconds * SECOND
        seen.append((now, held))
        episode = looked(episode, now, held=held, holds=holds, clears=clears)
        if episode and episode.raised_at == now:
            raised.append(episode)
        elif episode and episode.raised_at:
            raised[-1] = episode
        if episode and episode.cleared_at:
            episode = None
    return seen, raised


@given(looks, spans, spans)
def test_between_two_alerts_it_was_gone_for_as_long_as_clears_it(looks, holds, clears):
    seen, raised = walked(looks, holds, clears)
    for first, second in pairwise(raised):
        assert first.cleared_at is not None
        assert first.cleared_at <= second.since
        assert first.cleared_at - first.gone_since >= clears
        assert not any(held for at, held in seen if first.gone_since <= at <= first.cleared_at)


@given(looks, spans, spans)
def test_what_is_raised_has_held_without_a_break(looks, holds, clears):
    seen, raised = walked(looks, holds, clears)
    for one in raised:
        assert one.raised_at - one.since >= holds
        assert all(held for at, held in seen if one.since <= at <= one.raised_at)


@given(looks, spans, spans)
def test_however_it_flickers_there_are_few_alerts(looks, holds, clears):
    seen, raised = walked(looks, holds, clears)
    if seen and holds + clears:
        assert len(raised) <= 1 + (seen[-1][0] - seen[0][0]) // (holds + clears)


@given(looks, spans, spans)
def test_an_unbroken_time_is_one_alert(looks, holds, clears):
    _, raised = walked([(seconds, True) for seconds, _ in looks], holds, clears)
    assert len(raised) <= 1
    assert all(one.cleared_at is None for one in raised)


def test_it_is_not_raised_on_what_was_long_ago():
    before = Episode(START, START)
    after = looked(before, START + GAP + SECOND, held=True, holds=timedelta(minutes=2), clears=GAP)
    assert after == Episode(START + GAP + SECOND, START + GAP + SECOND)


def test_what_the_facts_date_back_counts_from_there():
    since = START - timedelta(hours=1)
    one = looked(None, START, held=True, since=since, holds=timedelta(minutes=2), clears=GAP)
    assert one is not None
    assert (one.since, one.raised_at) == (since, START)


@given(some.lists(some.integers(1, 300), min_size=1, max_size=20), spans)
def test_what_has_been_gone_for_long_enough_is_over(pauses, clears):
    episode, now = Episode(START, START, raised_at=START), START
    for place, seconds in enumerate(pauses):
        now += seconds * SECOND
        episode = looked(episode, now, held=False, holds=GAP, clears=clears)
        assert (episode.cleared_at is not None) == (sum(pauses[1 : place + 1]) * SECOND >= clears)
        if episode.cleared_at:
            return


@given(spans, some.integers(0, 5000))
def test_what_was_an_alert_lately_must_be_gone_for_longer_and_never_for_more_than_an_hour(clears, lately):
    first, now = patience(clears, 0), patience(clears, lately)
    assert first == clears <= now <= max(clears, LONGEST)
    assert patience(clears, lately + 1) in {min(2 * now, LONGEST), now}
