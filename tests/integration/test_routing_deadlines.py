"""How long entities have to answer and to report, what follows when they do not, and outages of ours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from helpline import clock, db
from helpline.hours import ROME
from helpline.routing import beats, concerns, offers, projects, ticking
from helpline.routing.models import Offer
from helpline.routing.records import Heartbeat, Outage
from tests.integration.routing_deeds import WHO, act, entity, market, offer, offered, request, told

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def monday(at: Callable[[str], datetime]) -> None:
    """Monday morning, and one organisation with places."""
    at("2026-11-23 09:00")
    market(one=5)


@pytest.fixture
def first(monday: None) -> int:
    """An offer to it, made this Monday."""
    ((_, offer_id),) = offered()
    return offer_id


def puts(offer_id: int, **values: object) -> None:
    """As if an offer had come to stand so."""
    with db.transaction() as session:
        session.execute(update(Offer).where(Offer.id == offer_id).values(**values))


def test_an_entity_is_reminded_once_at_half_its_time(first: int, at: Callable[[str], datetime]) -> None:
    assert offers.remind_due() == 0
    at("2026-11-24 13:01")
    assert (offers.remind_due(), offers.remind_due()) == (1, 0)
    assert told(first) == ["offer_made", "offer_reminder"]


def test_what_expires_goes_to_the_next_rests_a_day_and_three_in_a_row_pause_the_entity(
    monday: None, at: Callable[[str], datetime]
) -> None:
    for number in range(3):
        ((id, first),) = offered()
        puts(first, expires_at=clock.now())
        assert offers.expire_due() == 1
        assert entity("one").unanswered == number + 1
        held = request(id)
        assert held.state == "waiting" and offers.offer_request(id) is None
        held = request(id)
        wanted = {"paused": 1} if number == 2 else {"did not answer lately": 1}
        assert held.reason and held.reason["counts"] == wanted
    assert entity("one").paused_reason == "did not answer 3 offers in a row"
    assert told(first)[-1] == "entity_paused"
    (concern,) = [one for one in act(concerns.found) if one.kind == "entity_silent"]
    assert concern.id == "one"
    act(projects.resume, who=WHO, entity_id="one")
    at("2026-11-24 09:01")
    assert offers.sweep_waiting() == 3
    assert entity("one").unanswered == 0


def test_an_outage_of_ours_expires_nothing_and_is_added_to_deadlines_once(monday: None) -> None:
    (_, first), (_, second) = offered(2)
    ticking.tick()
    now = clock.now()
    # Nobody was there for three hours; the first offer would have expired in them, the second before.
    beats_were(at=timedelta(hours=3))
    for id, ago in ((first, 1), (second, 4)):
        puts(id, made_at=now - timedelta(days=1), expires_at=now - timedelta(hours=ago))
    assert act(offers.accept, first, who=WHO).state == "accepted"
    puts(first, state="pending", accepted_at=None)
    ticking.tick()
    assert (offer(first).state, offer(second).state) == ("pending", "expired")
    assert abs((offer(first).expires_at - now).total_seconds() - 7200) < 20
    ticking.tick()
    with db.transaction() as session:
        outage = session.scalars(select(Outage)).one()
        assert (outage.offers, round((outage.ended_at - outage.began_at).total_seconds() / 60)) == (1, 180)
    assert abs((offer(first).expires_at - now).total_seconds() - 7200) < 20


def beats_were(**ago: timedelta) -> None:
    """The last beats of the clock (`at`) and of the pages (`web_at`), so long ago."""
    with db.transaction() as session:
        session.execute(
            update(Heartbeat).values({part: datetime.now(UTC) - gone for part, gone in ago.items()})
        )


def lost() -> list[int]:
    """The minutes that were added to deadlines, outage by outage."""
    with db.transaction() as session:
        found = session.scalars(select(Outage).order_by(Outage.id)).all()
        return [round((one.ended_at - one.began_at).total_seconds() / 60) for one in found]


def test_pages_that_are_not_there_let_no_offer_expire_though_the_clock_runs(monday: None) -> None:
    (_, first), (_, second) = offered(2)
    ticking.tick()
    beats.beat_of_web()
    now = clock.now()
    beats_were(web_at=timedelta(hours=3))
    for id, ago in ((first, 1), (second, 4)):
        puts(id, made_at=now - timedelta(days=1), expires_at=now - timedelta(hours=ago))
    ticking.tick()
    ticking.tick()
    assert (offer(first).state, offer(second).state, lost()) == ("pending", "expired", [])
    assert act(offers.accept, first, who=WHO).state == "accepted"
    puts(first, state="pending", accepted_at=None)
    beats.beat_of_web()
    ticking.tick()
    ticking.tick()
    assert (offer(first).state, lost()) == ("pending", [180])
    assert abs((offer(first).expires_at - now).total_seconds() - 7200) < 20


def test_what_was_lost_to_the_clock_and_to_the_pages_at_once_is_added_once(first: int) -> None:
    ticking.tick()
    beats.beat_of_web()
    now = clock.now()
    puts(first, made_at=now - timedelta(days=1), expires_at=now + timedelta(hours=1))
    beats_were(at=timedelta(minutes=60), web_at=timedelta(minutes=90))
    ticking.tick()  # the clock is back, the pages are not
    assert lost() == []
    beats.beat_of_web()
    ticking.tick()
    assert lost() == [90]
    assert abs((offer(first).expires_at - now).total_seconds() - 150 * 60) < 20


@pytest.mark.parametrize(("seconds", "counts"), [(12, True), (8, False)])
def test_short_gaps_count_too_but_not_the_beats_own_rhythm(seconds: int, counts: bool, first: int) -> None:
    until = offer(first).expires_at
    ticking.tick()
    for _ in range(3):
        beats_were(at=timedelta(seconds=seconds))
        with db.transaction() as session:
            session.execute(text("UPDATE routing_outages SET ended_at = ended_at - interval '1 hour'"))
        puts(first, made_at=clock.now() - timedelta(days=1))
        ticking.tick()
    more = (offer(first).expires_at - until).total_seconds()
    assert round(more / 3) == (seconds if counts else 0)


def test_an_installation_whose_pages_never_beat_is_judged_by_its_clock(first: int) -> None:
    ticking.tick()
    puts(first, expires_at=clock.now())
    ticking.tick()
    assert offer(first).state == "expired"


def test_saying_yes_in_time_says_until_when_to_report_and_too_late_is_told_as_such(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-20 10:00")  # a Friday
    market(one=5)
    (_, first), (_, second) = offered(2)
    made = offer(first)
    assert made.expires_at.astimezone(ROME).strftime("%a %H:%M") == "Wed 10:00"  # 24 of its working hours
    assert made.remind_at and made.remind_at.astimezone(ROME).strftime("%a %H:%M") == "Mon 14:00"
    at("2026-11-23 10:30")
    yes = act(offers.accept, first, who=WHO)
    assert (round(yes.answered_in / 600), entity("one").unanswered) == (51, 0)  # eight and a half hours
    assert yes.contact_by.astimezone(ROME).isoformat()[:16] == "2026-11-27T00:00"
    assert act(offers.accept, first, who="person 8").accepted_at == yes.accepted_at
    at("2026-11-25 10:01")
    for late in (
        lambda: act(offers.accept, second, who=WHO),
        lambda: act(offers.decline, second, reason="other", who=WHO),
        lambda: act(offers.extend, second, clock.now() + timedelta(days=1), who=WHO, why="holiday"),
    ):
        with pytest.raises(offers.Late) as caught:
            late()
        assert caught.value.state == "expired"
    assert offer(second).state == "pending"
    assert offers.expire_due() == 1
    assert offer(second).state == "expired"
    assert told(second) == ["offer_made", "offer_expired"]


def test_what_is_not_reported_contacted_in_three_working_days_is_a_coordinators(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=2)
    (_, first), (_, second) = offered(2)
    for each in (first, second):
        act(offers.accept, each, who=WHO)
    act(offers.report, second, "contacted", who=WHO)
    at("2026-11-26 23:59")
    assert act(concerns.found) == []
    at("2026-11-27 00:00")
    (concern,) = act(concerns.found)
    assert (concern.kind, concern.id, concern.entity_id) == ("not_contacted", str(first), "one")


def test_time_to_answer_follows_the_entitys_own_answers_and_its_own_hours(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 09:00")
    market(one=50)
    act(
        projects.change_entity, "one", who=WHO, why="two afternoons",
        hours=[{"days": ["tuesday", "thursday"], "from": 14, "to": 18}],
    )  # fmt: skip
    ((_, first),) = offered()
    assert (
        offer(first).expires_at.astimezone(ROME).isoformat()[:13] == "2026-12-15T18"
    )  # six afternoons, the 8th is a holiday
    at("2026-11-24 16:00")
    act(offers.accept, first, who=WHO)
    assert offer(first).answered_in in range(7190, 7260)
    ((_, second),) = offered()
    assert (
        offer(second).expires_at.astimezone(ROME).isoformat()[:16] == "2026-11-26T16:00"
    )  # four hours at least
