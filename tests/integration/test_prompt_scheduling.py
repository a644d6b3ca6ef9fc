"""What shall be published at a moment is, as it was when it was asked for; what somebody else published since stays."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helpline import clock, db
from helpline.people.roles import Role
from helpline.voice import comparing, drafts, history, newest, publishing, scheduling, verdicts
from helpline.voice.models import ScheduleState
from helpline.voice.publishing import Hindrance, Refused
from tests.integration.prompt_rows import (
    BANGLA,
    CATALOGUE,
    NEW,
    TEXTS,
    clip,
    editor,
    entry,
    publish,
    put,
    rows,
    write,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _ten(at: Callable[[str], datetime]) -> None:
    at("2026-11-18 10:00")


@pytest.fixture
def elena() -> int:
    return editor()


def put_off(by: int, **options: object) -> int:
    with db.transaction() as session:
        return scheduling.schedule(session, clock.now() + timedelta(hours=1), by_id=by, **options)  # type: ignore[arg-type]


def listed() -> list[scheduling.Scheduled]:
    with db.transaction() as session:
        return scheduling.listed(session)


def number() -> int:
    with db.transaction() as session:
        return newest.number(session)


def test_it_is_published_when_it_is_due_and_not_before(elena: int, at: Callable[[str], datetime]) -> None:
    put(clip(), elena)
    write(elena)
    put_off(elena, note="new voice")
    assert scheduling.publish_due() == 0 and number() == 0
    at("2026-11-18 11:01")
    assert scheduling.publish_due() == 1
    (one,) = listed()
    assert (one.state, one.set_id, one.hindrances) == (ScheduleState.PUBLISHED, number(), ())
    assert set(rows(number()).texts) == set(rows(number()).clips) == {("bn", "welcome")}
    assert not entry().changes
    assert scheduling.publish_due() == 0  # twice is once


def test_what_was_changed_after_it_was_put_off_waits_in_the_draft(
    elena: int, at: Callable[[str], datetime]
) -> None:
    write(elena)
    put_off(elena)
    write(elena, "স্বাগত।")
    at("2026-11-18 11:01")
    scheduling.publish_due()
    with db.transaction() as session:
        own = newest.text(session, "bn", "welcome")
    assert own is not None and own.text == NEW
    assert entry().text == "স্বাগত।"


def test_what_somebody_published_meanwhile_is_not_written_over(
    elena: int, at: Callable[[str], datetime]
) -> None:
    write(elena)
    write(elena, "বিদায়, ভালো থাকুন।", "goodbye")
    put_off(elena)
    write(elena, "স্বাগত।")
    with db.transaction() as session:  # this prompt alone
        changes = [one for one in publishing.drafted(session) if one.prompt == "welcome"]
        publishing.commit(session, changes, by_id=elena, note="")
    at("2026-11-18 11:01")
    scheduling.publish_due()
    with db.transaction() as session:
        said = {key: own.text for key, own in newest.texts(session).items()}
    assert said == {("bn", "welcome"): "স্বাগত।", ("bn", "goodbye"): "বিদায়, ভালো থাকুন।"}
    assert listed()[0].hindrances == (Hindrance("overtaken", "bn", "welcome"),)


def test_it_can_be_cancelled_and_then_nothing_happens(elena: int, at: Callable[[str], datetime]) -> None:
    write(elena)
    put_off_id = put_off(elena)
    with db.transaction() as session:
        assert scheduling.cancel(session, put_off_id, by_id=elena)
    at("2026-11-18 11:01")
    assert scheduling.publish_due() == 0 and number() == 0
    with db.transaction() as session:
        assert not scheduling.cancel(session, put_off_id, by_id=elena)
        with pytest.raises(LookupError):
            scheduling.cancel(session, 999, by_id=elena)
    assert entry().changes


def test_what_was_rejected_after_it_was_put_off_is_not_published(
    elena: int, at: Callable[[str], datetime]
) -> None:
    marta = editor("marta", roles=(Role.APPROVER,))
    bad = clip(by=elena)
    put(bad, elena)
    put_off(elena)
    with db.transaction() as session:
        verdicts.reject(session, bad, by_id=marta, why="a dog barks")
    at("2026-11-18 11:01")
    scheduling.publish_due()
    assert number() == 0 and entry().changes
    assert [(one.state, one.hindrances) for one in listed()] == [
        (ScheduleState.REFUSED, (Hindrance("recording_rejected", "bn", "welcome"),))
    ]


def test_two_pairs_of_eyes_are_asked_for_when_it_is_put_off(elena: int) -> None:
    write(elena)
    with pytest.raises(Refused, match="nobody else has approved the text"):
        put_off(elena, four_eyes=True)
    with db.transaction() as session, pytest.raises(ValueError, match="later than now"):
        scheduling.schedule(session, clock.now(), by_id=elena)


def test_two_sets_are_compared_by_what_callers_hear(elena: int) -> None:
    recorded = clip()
    put(recorded, elena)
    first = publish(elena)
    write(elena)
    second = publish(elena, note="kinder")
    put(clip("goodbye", hertz=500), elena, "goodbye")
    with db.transaction() as session:
        (one,) = comparing.differences(session, CATALOGUE, first, second)
        assert (one.language, one.prompt, one.says_otherwise, one.sounds_otherwise) == (
            "bn", "welcome", True, True,
        )  # fmt: skip
        assert one.before == comparing.Heard(BANGLA["welcome"], recorded)
        assert one.after == comparing.Heard(NEW, None, own=True, stale=True)
        assert [each.prompt for each in comparing.differences(session, CATALOGUE, second, "draft")] == [
            "goodbye"
        ]
        assert comparing.differences(session, CATALOGUE, first, first) == []
        with pytest.raises(LookupError):
            comparing.differences(session, CATALOGUE, first, 999)
        heard = comparing.manifest(session, CATALOGUE, "draft")
        assert heard.catalogue.text("bn", "welcome") == NEW and heard.clip("bn", "welcome") is None
        assert heard.clip("bn", "goodbye") == drafts.entry(session, "bn", "goodbye").clip
        assert heard.catalogue.texts["en"] == TEXTS
        newest_first = history.listed(session)
    assert [(each.id, each.by, each.note, each.texts, each.recordings) for each in newest_first] == [
        (second, "Elena", "kinder", 1, 1), (first, "Elena", "", 0, 1),
    ]  # fmt: skip
