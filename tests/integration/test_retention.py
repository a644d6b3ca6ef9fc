"""What has passed its retention is gone; what has not is there."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpline import clock, db
from helpline.callbacks.models import Callback, Plan
from helpline.calls import journeys, memory
from helpline.calls.models import Call, Clip, Remembered, Step
from helpline.intake import asks
from helpline.intake.finding import Wrong, find
from helpline.intake.models import Ask, CodeTry, Draft
from helpline.live.models import Hold
from helpline.people import audit
from helpline.people.models import AuditLine
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration.calls_rows import keep

pytestmark = pytest.mark.usefixtures("database")

NUMBER = PhoneNumber("+393330000001")


@pytest.fixture
def later(database):
    """Purge as the clock would so many days after the beginning; gives how many rows were forgotten."""

    def purge(days):
        clock.set_offset(timedelta(days=days))
        return retention.purge_all()

    return purge


def one(wanted):
    with db.transaction() as session:
        return session.scalars(wanted).one()


def count(model):
    return one(select(func.count()).select_from(model))


def save(call="CA1"):
    with db.transaction() as session:
        draft = {"number": NUMBER.e164, "window": "any"}
        return asks.save_callback(session, call, draft, "it", promised_on=None)


def hold(call="CA1"):
    with db.transaction() as session:
        session.add(Clip(call_sid=call, recording_sid="RE1", state="held", audio=b"words", at_carrier=True))


def cancel(saved):
    with db.transaction() as session:
        asks.cancel(session, asks.by_id(session, saved.ask_id))


def test_a_number_and_its_codes_are_forgotten_thirty_days_after_closing(later):
    saved = save()
    later(100)
    assert one(select(Plan.number)) == NUMBER.e164, "an open one is kept"
    cancel(saved)
    later(129)
    assert (one(select(Plan.number)), one(select(Ask.code))) == (NUMBER.e164, saved.code)
    later(131)
    assert (one(select(Plan.number)), one(select(Plan.number_hash)), one(select(Ask.code))) == (
        None,
        None,
        None,
    )
    with db.transaction() as session:
        assert find(session, NUMBER, saved.code, "CA2") == Wrong()
    assert later(132) == 0


def test_a_clip_is_forgotten_when_what_was_asked_is_closed_and_owed_until_gone_at_the_carrier(later):
    saved = save()
    hold()
    assert later(1) == 0
    cancel(saved)
    assert later(1.01) == 1
    assert (one(select(Clip.state)), one(select(Clip.audio))) == ("deleted", None)
    assert one(select(Clip.at_carrier)) is True


def test_a_clip_is_forgotten_after_thirty_days_whatever_is_open(later):
    save()
    hold()
    later(31)
    assert (one(select(Clip.state)), one(select(Clip.audio))) == ("deleted", None)


@pytest.mark.parametrize(
    ("kind", "outcome", "asked", "kept"),
    [
        ("name", "information", False, False),
        ("country", "gave_up", False, False),
        ("message", "gave_up", False, False),
        ("message", "message", False, True),
        ("name", "request", True, True),
        ("name", None, False, True),
    ],
)
def test_what_was_said_in_a_call_that_saved_nothing_is_forgotten_after_a_day(
    later, kind, outcome, asked, kept
):
    if asked:
        save()
    with db.transaction() as session:
        call = journeys.begin(session, "CA1", NUMBER, None)
        call.outcome, call.finished = outcome, outcome is not None
        session.add(Clip(call_sid="CA1", recording_sid="RE1", kind=kind, state="held", audio=b"words"))
    later(0.9)
    assert one(select(Clip.audio)) == b"words"
    later(1.1)
    assert (one(select(Clip.audio)) is not None) == kept


def test_of_a_wrong_number_or_a_silent_call_no_note_is_kept_after_a_day(later):
    now = clock.now()
    with db.transaction() as session:
        for number, outcome in enumerate(("not_for_us", "silent", "helped")):
            session.add(
                Hold(
                    call_sid=f"CA{number}", language="it", state="done", queued_since=now, seen_at=now,
                    ended_at=now, outcome=outcome, note=outcome,
                )
            )  # fmt: skip
    later(0.9)
    assert count(Hold) == 3 == one(select(func.count(Hold.note)))
    later(1.1)
    assert one(select(Hold.note).where(Hold.note.is_not(None))) == "helped"


def test_a_call_loses_its_number_after_thirty_days_and_its_log_after_a_year(later):
    with db.transaction() as session:
        journeys.begin(session, "CA1", NUMBER, None)
        session.add(Step(call_sid="CA1", turn=0, step="language"))
    later(31)
    assert one(select(Call.from_number)) is None
    assert one(select(Call.from_hash)) is not None
    later(364)
    assert (count(Call), count(Step)) == (1, 1)
    later(366)
    assert (count(Call), count(Step)) == (0, 0)


def test_drafts_languages_tries_and_lines_of_the_audit_have_their_day(later):
    with db.transaction() as session:
        keep(session, "CA1", number=NUMBER.e164)
        memory.remember(session, NUMBER, "bn")
        find(session, NUMBER, "9999", "CA1")
        audit.record(session, "someone", "revealed", "callback 1")
    kept = {}
    for days in (0.9, 1.1, 364, 366, 729, 731):
        later(days)
        kept[days] = [count(model) for model in (Draft, Remembered, CodeTry, AuditLine)]
    assert kept == {
        0.9: [1, 1, 1, 1],
        1.1: [0, 1, 1, 1],
        364: [0, 1, 1, 1],
        366: [0, 0, 0, 1],
        729: [0, 0, 0, 1],
        731: [0, 0, 0, 0],
    }


def test_a_purge_goes_batch_by_batch(later, monkeypatch):
    with db.transaction() as session:
        for call in range(7):
            keep(session, f"CA{call}", way="callback")
    clock.set_offset(timedelta(days=2))
    with db.transaction() as session:
        assert retention.purge(session, batch=3) == 3
    assert later(2) == 4


def test_a_rule_that_cannot_be_kept_stops_no_other_and_is_said(later, monkeypatch, caplog):
    with db.transaction() as session:
        keep(session, "CA1", number=NUMBER.e164)
    nowhere = retention.Rule("nowhere", ("*",), timedelta(0), "ever", "true")
    monkeypatch.setattr(retention, "RULES", (nowhere, *retention.RULES))
    with pytest.raises(retention.NotForgotten, match=r"^nowhere$"):
        later(2)
    assert count(Draft) == 0, "what the other rules forget is gone"
    assert "the rule for nowhere was not kept" in caplog.text


def test_in_which_call_something_was_asked_is_forgotten_two_years_after_it_was_closed(later):
    saved = save()
    later(731)
    assert one(select(Callback.call_sid)) == one(select(Ask.call_sid)) == "CA1", "it was never closed"
    cancel(saved)
    later(731 + 729)
    assert one(select(Callback.call_sid)) == one(select(Ask.call_sid)) == "CA1"
    later(731 + 731)
    assert (one(select(Callback.call_sid)), one(select(Ask.call_sid))) == (None, None)
