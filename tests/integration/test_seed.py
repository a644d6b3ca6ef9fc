"""A made-up year: walks that the flow allows, nobody rung at night, counts that are what the rows say, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from helpline import clock, db
from helpline.calls.models import Call, Step
from helpline.faults import Faults
from helpline.figures import counting, proving
from helpline.figures.commands import seed as command
from helpline.figures.models import CallHour, CallSum, StepDay
from helpline.figures.seed import writing
from helpline.hours import ROME
from helpline.ivr import flow
from helpline.people.models import AuditLine
from tests.integration import queue_rows, routing_rows

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _friday(database, at):
    at("2026-11-27 10:00")
    queue_rows.always()


def rows(asked):
    with db.transaction() as session:
        return session.execute(asked).all()


def one(sentence):
    with db.transaction() as session:
        return session.scalar(text(sentence))


def differences():
    with db.transaction() as session:
        return proving.differences(session, TUESDAY.replace(month=10), date(2026, 11, 26))


def way(step):
    """Where the flow leads from a step, at once or through what is done and said on the way."""
    menu = flow.load()
    found, ahead = set(), [step, *menu.roots]
    while ahead:
        here = menu.steps[ahead.pop()]
        for target in {target for _, target in menu.targets(here)} | {menu.person, menu.difficult}:
            if target not in found:
                found.add(target)
                if menu.steps[target].kind in {"do", "say"}:
                    ahead.append(target)
    return found | {step}


@pytest.mark.long
def test_a_year_is_believable_adds_up_and_is_counted_as_its_rows_say(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=50)
    done = writing.seed(settings, calls=2000, cause="none")
    assert (done.first, done.last) == (date(2025, 11, 27), date(2026, 11, 26))
    # Each call is counted once, under its outcome and in its language.
    assert (
        one("SELECT count(*) FROM calls WHERE finished") == one("SELECT sum(calls) FROM call_hours") == 2000
    )
    # An office says its region, unless it presses nothing there, and is among those of the network by it.
    of_offices = "FROM callbacks c JOIN asks a ON a.id = c.ask_id WHERE c.topic = 'office'"
    assert one(f"SELECT count(a.region) {of_offices}") > 0.8 * one(f"SELECT count(*) {of_offices}") > 0
    outcomes = dict(rows(select(CallHour.outcome, func.sum(CallHour.calls)).group_by(CallHour.outcome)))
    assert set(outcomes) >= {
        "request",
        "callback",
        "live",
        "message",
        "information",
        "gave_up",
        "silent",
        "refused",
    }
    assert sum(outcomes.values()) == 2000 and outcomes["information"] > outcomes["request"] > 10
    assert len(set(rows(select(Call.language)))) == 10
    # Who hung up before the line answered: few, and there is nothing to be heard of it.
    never = rows(
        select(Call.status, Call.language, Call.seconds, Call.from_hash).where(Call.outcome == "refused")
    )
    assert 0 < len(never) < 0.03 * 2000 and {row[:3] for row in never} == {("canceled", None, 0)}
    assert (
        one("SELECT count(*) FROM steps JOIN calls ON calls.sid = steps.call_sid WHERE outcome = 'refused'")
        == 0
    )
    # Walks: every arrow is one of the flow's.
    allowed = {step: way(step) for step in flow.load().steps}
    gone = rows(
        select(StepDay.step, StepDay.to_step).where(StepDay.step != "", StepDay.to_step != "").distinct()
    )
    assert len(gone) > 80 and all(to in allowed[step] for step, to in gone)
    # What was asked is there, and closed; nobody is rung at night.
    for kind in ("request", "callback"):
        assert (
            one(f"SELECT count(*) FROM asks WHERE kind = '{kind}' AND closed_at IS NOT NULL")
            == outcomes[kind]
        )
    assert (
        one("SELECT count(*) FROM callbacks WHERE state IN ('waiting', 'claimed', 'ringing', 'talking')") == 0
    )
    began = [row.began_at.astimezone(ROME) for row in rows(text("SELECT began_at FROM attempts"))]
    assert len(began) > 100 and all(9 <= moment.hour < 21 for moment in began)
    assert (
        one(
            "SELECT count(*) FROM offers WHERE state = 'accepted' AND ended_at IS NOT NULL AND outcome IS NOT NULL"
        )
        > 5
    )
    assert (
        one(
            "SELECT count(*) FROM offers WHERE state = 'pending' OR (state = 'accepted' AND ended_at IS NULL)"
        )
        == 0
    )
    assert one("SELECT count(*) FROM holds WHERE state = 'done'") == outcomes_live()
    # No number outlives its month, and there is none but those of tests.
    known = [row.from_number for row in rows(select(Call.from_number).where(Call.from_number.is_not(None)))]
    assert known and all(number.startswith("+393330000") for number in known)
    assert (
        one("SELECT count(*) FROM plans WHERE number IS NOT NULL AND closed_at < now() - interval '400 days'")
        == 0
    )
    assert differences() == []


def outcomes_live():
    return one("SELECT count(*) FROM call_sums WHERE answered")


def test_the_same_seed_makes_the_same_calls_and_another_makes_others(settings):
    for number in (7, 7, 8):
        writing.seed(settings, calls=150, days=20, number=number, cause="none", again=True)
    found = {}
    for sid, at, step, to_step, heard in rows(
        select(Step.call_sid, Step.at, Step.step, Step.to_step, Step.heard).order_by(Step.call_sid, Step.turn)
    ):
        found.setdefault(sid[:12], []).append((at, step, to_step, heard))
    first, again, other = found.values()
    assert first == again != other
    assert one("SELECT count(*) FROM calls") == 450


@pytest.mark.parametrize("cause", ["missing-clip", "shift-gap", "long-prompt"])
def test_why_bangla_callers_gave_up_on_tuesday_is_seen_in_the_figures_and_told_by_the_audit_alone(
    settings, cause
):
    writing.seed(settings, calls=200, days=28, cause=cause)
    ended = Counter()
    for day, step, passed, seconds in rows(
        select(StepDay.day, StepDay.step, StepDay.passed, StepDay.seconds).where(
            StepDay.language == "bn", StepDay.to_step == ""
        )
    ):
        if day == TUESDAY:
            ended[step] = (passed, seconds / passed)
    step, (calls, seconds) = max(ended.items(), key=lambda each: each[1][0])
    assert calls >= 20
    given_up = rows(
        select(func.sum(CallHour.calls), func.sum(CallHour.nobody)).where(
            CallHour.language == "bn", CallHour.outcome == "gave_up", *day_of(TUESDAY)
        )
    )[0]
    assert given_up[0] >= 20
    if cause == "shift-gap":
        assert step == "number_safe" and given_up[1] >= 20
    else:
        assert step in {"about", "callback"} and given_up[1] <= 2
        assert seconds < 10 if cause == "missing-clip" else seconds > 45
    said = rows(
        select(Step.did)
        .join(Call, Call.sid == Step.call_sid)
        .join(CallSum, CallSum.call_id == Call.id)
        .where(Step.to_step == step, CallSum.last_step == step, Call.language == "bn", *within(TUESDAY))
    )
    unplayed = sum("unplayed=11200" in (did or "") for (did,) in said)
    assert unplayed == (calls if cause == "missing-clip" else 0), "as the menu notes it of a real call"
    with db.transaction() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.what == "seeded")).one()
    assert line.details == {"calls": 200, "cause": cause, "step": step}
    assert differences() == []


def day_of(day):
    given = counting.moments(day, day)
    return CallHour.hour >= given["begins"], CallHour.hour < given["ends"]


def within(day):
    given = counting.moments(day, day)
    return Call.started_at >= given["begins"], Call.started_at < given["ends"]


def test_nothing_is_made_up_beside_a_real_carrier_nor_twice_by_mistake(settings, monkeypatch):
    real = replace(settings, api_url="https://api.twilio.com")
    with pytest.raises(Faults, match="real carrier"):
        writing.seed(real, calls=10)
    assert one("SELECT count(*) FROM calls") == 0
    monkeypatch.setattr("helpline.environment.settings", lambda: settings)
    done = CliRunner().invoke(command, ["--calls", "40", "--days", "10"])
    assert done.exit_code == 0, done.output
    assert "40 calls" in done.output and not any(word in done.output for word in ("clip", "gap", "prompt"))
    with pytest.raises(Faults, match="40 made-up calls are there already; --again"):
        writing.seed(settings, calls=10)
    assert clock.in_rome().date() == date(2026, 11, 27)


def test_what_fails_half_way_leaves_nothing(settings, monkeypatch):
    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(writing.counting, "recount", broken)
    with pytest.raises(OSError, match="disk"):
        writing.seed(settings, calls=20, days=10)
    assert [one(f"SELECT count(*) FROM {table}") for table in ("calls", "steps", "moves", "call_sums")] == [
        0
    ] * 4
