"""Who waits by what would help them, the ledger with its small groups, projects with their history, plans on the command line."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from helpline import clock, db, spreadsheet
from helpline.callbacks.models import Callback
from helpline.faults import Faults
from helpline.intake.models import Ask
from helpline.line.models import LineVersion
from helpline.routing import concerns, keeping, ledger, offers, planning, projects, ticking, waiting
from helpline.routing.commands import entities, requests
from helpline.routing.models import Offer, Project, Request
from helpline.routing.policy import explain
from helpline.routing.records import FreePlaces
from tests.integration import routing_rows as rows
from tests.integration.routing_deeds import WHO, act

pytestmark = pytest.mark.usefixtures("database")


def asked(count: int = 1, **fields: Any) -> list[int]:
    with db.transaction() as session:
        return [request.id for request in rows.requests(session, count, **fields)]


def printed(command: Any, *words: str) -> str:
    result = CliRunner().invoke(command, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_coordinators_see_who_waits_by_what_would_help_them() -> None:
    with db.transaction() as session:
        rows.entity(
            session, "north", places=9, regions=["veneto"], countries=["BD", "MA"], languages=["bn", "it"]
        )
        rows.entity(session, "south", places=1, regions=["lazio"], countries=["BD"], languages=["bn"])
        rows.entity(session, "old", ends_on=date(2021, 1, 1))
    asked(3, region="sardegna")
    asked(2, region="veneto", country="PE")
    asked(1, region="veneto", language="hi", urgent=True)
    asked(1, region="sardegna", country="PE", language="hi")
    asked(1, region=None)
    full = asked(3)
    offers.sweep_waiting()
    with db.transaction() as session:
        offers.park(session, full[2], clock.now() + timedelta(days=2), who=WHO, why="away")
    offers.sweep_waiting()
    groups = act(waiting.waiting)
    assert [(group.says, group.urgent) for group in groups] == [
        ("1 person waits for a project that speaks hi", 1),
        ("3 people wait for a project that covers Sardegna", 0),
        ("2 people wait for a project that takes people who return to PE", 0),
        ("1 person waits for a project for Sardegna, PE, hi", 0),
        ("1 person waits for somebody who asks them where they are, or a project that takes any region", 0),
        ("1 person waits for a free place", 0),
        (f"1 person waits for {(clock.in_rome() + timedelta(days=2)).date()}: they are parked until then", 0),
    ]
    (place,) = [group for group in groups if group.help.kind == "place"]
    assert [row.id for row in place.rows] == [full[1]]
    whole = act(waiting.one, full[1])
    assert whole.record["proof"] == ["south-0"] and whole.record["counts"] == {
        "other region": 1,
        "not running": 1,
        "full": 1,
    }
    assert act(waiting.open_projects_for, full[1]) == [("north-0", "north-0")]
    made = act(waiting.one, full[0]).record
    assert made["candidates"] == ["south-0"]
    assert made["says"] == "south-0, the least used of 1 of 3: 1 other region, 1 not running"


def test_a_promise_that_passed_is_a_coordinators() -> None:
    (id,) = asked()
    with db.transaction() as session:
        session.execute(update(Ask).values(promised_on=clock.in_rome().date() - timedelta(days=1)))
    (concern,) = act(concerns.found)
    assert (concern.kind, concern.id) == ("promise_passed", str(id))
    with db.transaction() as session:
        ask, now = session.scalars(select(Ask)).one(), clock.now()
        usual = {
            "ask_id": ask.id,
            "plan_id": ask.plan_id,
            "call_sid": "CA9",
            "language": "bn",
            "window": "any",
        }
        moments = {"due_on": now.date(), "queued_since": now, "next_at": now, "closed_at": now}
        session.add(Callback(**usual, **moments, state="done"))
    assert act(concerns.found) == [], "one of ours talked with them, as was promised"


def test_what_is_kept_of_an_offer_says_what_the_plan_says() -> None:
    with db.transaction() as session:
        for number in range(4):
            regions = [["lazio"], ["lazio", "veneto"], ["*"], ["sicilia"]][number]
            rows.entity(session, f"e{number}", places=1 + number % 2, regions=regions)
    asked(4)
    asked(2, region="veneto")
    with db.transaction() as session:
        planned = planning.dry_run()
    says = {wanted.id: explain(decision) for wanted, decision in planned.offers()}
    records = {wanted.id: decision.record() for wanted, decision in planned.offers()}
    assert offers.sweep_waiting() == len(says) == 4
    with db.transaction() as session:
        for offer in session.scalars(select(Offer)):
            kept = keeping.read(session, offer.why)
            assert kept["says"] == says[offer.request_id]
            for name in ("rank", "how", "project", "total", "chain"):
                assert kept[name] == records[offer.request_id][name]
            assert kept["candidates"] == [id for id, _ in records[offer.request_id]["candidates"]]


def test_a_dry_run_says_what_would_be_offered_and_writes_nothing() -> None:
    with db.transaction() as session:
        rows.entity(session, "one", places=1)
    first, second = asked(2)
    told = json.loads(printed(requests, "plan", "--dry-run", "--json"))
    assert [(row["id"], row["project"], row["says"]) for row in told] == [
        (first, "one-0", "one-0, the least used of 1 of 1"), (second, None, "0 of 1: 1 full"),
    ]  # fmt: skip
    assert told[1]["proof"] == ["one-0"]
    with db.transaction() as session:
        assert session.scalars(select(Offer)).all() == []
        assert {row.reason for row in session.scalars(select(Request))} == {None}
    printed(requests, "plan")
    with db.transaction() as session:
        assert len(session.scalars(select(Offer)).all()) == 1


def test_the_ledger_holds_shares_against_free_places_and_hides_groups_below_five(
    at: Callable[[str], datetime],
) -> None:
    at("2026-11-23 10:00")
    with db.transaction() as session:
        rows.entity(session, "big", places=9)
        rows.entity(session, "small", places=1)
        session.get_one(Project, "small-0").name = "=cmd"
    ticking.tick()
    asked(5)
    asked(4, language="fr")
    asked(1, language="hi", region=None, country=None)
    offers.sweep_waiting()
    with db.transaction() as session:
        ids = list(session.scalars(select(Offer.id).where(Offer.entity_id == "big").order_by(Offer.id)))
        offers.accept(session, ids[0], who=WHO)
        offers.report(session, ids[0], "returned", who=WHO)
        offers.decline(session, ids[1], reason="not_our_territory", who=WHO)
        offers.accept(session, ids[2], who=WHO)
        offers.decline(session, ids[2], reason="other", who=WHO)
    found = act(ledger.ledger, date(2026, 11, 23), date(2026, 11, 23))
    big, small = found.entities
    assert (big.offered, big.accepted, big.declined, big.expired, big.pending) == (
        len(ids),
        2,
        2,
        0,
        len(ids) - 3,
    )
    assert (big.begun, big.returned, big.declined_for) == (1, 1, {"not_our_territory": 1, "other": 1})
    assert (big.free_share, small.free_share) == (0.9, 0.1)
    assert big.share == round(len(ids) / 10, 4)
    groups = {(line.by, line.value): line for line in found.groups}
    bangla = groups["language", "bn"]
    assert (bangla.requests, bangla.placed) == (5, 5) and bangla.wait_median is not None
    assert groups["language", "hi"].requests is None and groups["region", "unknown"].wait_p90 is None
    assert groups["region", "lazio"].requests is None, (
        "ten asked, so nine of Lazio tell that of one it is not known"
    )
    shown = printed(requests, "ledger", "--from", "2026-11-01", "--to", "2026-11-30")
    table = list(csv.reader(io.StringIO(shown)))
    assert table[0][:3] == ["entity_id", "name", "offered"] and table[1][0] == "big"
    told = json.loads(printed(requests, "ledger", "--from", "2026-11-24", "--to", "2026-11-30", "--json"))
    assert told["entities"][0]["offered"] == 0 and told["groups"] == []
    wrong = CliRunner().invoke(requests, ["ledger", "--from", "2026-11-24", "--to", "2026-11-01"])
    assert wrong.exit_code == 2 and "must not be before" in wrong.output


def test_one_without_a_limit_says_so_and_the_others_keep_their_shares(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 10:00")
    with db.transaction() as session:
        rows.entity(session, "big", places=6)
        rows.entity(session, "endless", projects=2)
        rows.entity(session, "new", starts_on=date(2026, 12, 1))
        rows.entity(session, "small", places=2)
        session.get_one(Project, "endless-1").places_total = None
    ticking.tick()
    asked(6)
    offers.sweep_waiting()
    day = date(2026, 11, 23)
    lines = {line.entity_id: line for line in act(ledger.ledger, day, day).entities}
    assert {id: (line.free_share, line.no_limit) for id, line in lines.items()} == {
        "big": (0.75, False), "endless": (None, True), "new": (0.0, False), "small": (0.25, False),
    }  # fmt: skip
    limited = lines["big"].offered + lines["small"].offered
    assert 0 < limited < 6
    assert lines["big"].share_of_limited == round(lines["big"].offered / limited, 4)
    assert lines["endless"].share_of_limited is None
    table = list(
        csv.DictReader(io.StringIO(act(ledger.ledger, day, day).as_csv().removeprefix(spreadsheet.MARK)))
    )
    assert [(row["entity_id"], row["free_share"], row["no_limit"]) for row in table[:4]] == [
        ("big", "0.75", "no"), ("endless", "", "yes"), ("new", "0.0", "no"), ("small", "0.25", "no"),
    ]  # fmt: skip


def test_free_places_are_noted_once_a_day(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 23:00")
    with db.transaction() as session:
        rows.entity(session, "one", places=4)
        rows.entity(session, "paused", places=4, paused_reason="no staff")
    for _ in range(2):
        ticking.tick()
    at("2026-11-24 00:01")
    ticking.tick()
    with db.transaction() as session:
        noted = session.execute(
            select(FreePlaces.day, FreePlaces.entity_id, FreePlaces.free).order_by(
                FreePlaces.day, FreePlaces.entity_id
            )
        )
        assert [tuple(row) for row in noted] == [
            (date(2026, 11, 23), "one", 4), (date(2026, 11, 23), "paused", 0),
            (date(2026, 11, 24), "one", 4), (date(2026, 11, 24), "paused", 0),
        ]  # fmt: skip


def test_every_change_of_a_project_is_kept_and_all_its_faults_come_at_once() -> None:
    with db.transaction() as session:
        rows.entity(session, "one", places=3)
    changed = act(
        projects.change, "one-0", who=WHO, why="the new agreement",
        places_total=None, per_week=4, regions=["lazio"], ends_on=date(2027, 6, 30),
    )  # fmt: skip
    assert changed == ["ends_on", "per_week", "places_total", "regions"]
    assert act(projects.change, "one-0", who=WHO, why="again", per_week=4) == []
    with db.transaction() as session:
        (row,) = projects.listed(session)
        assert (row.free, row.regions, row.state) == (4, ("lazio",), "open")
        assert session.scalars(select(LineVersion)).one().who == WHO  # callers hear its last day
        history = {
            change.field: (change.before, change.after)
            for change in projects.history(session, "project one-0")
        }
    assert history["per_week"] == (None, 4) and history["ends_on"] == ("2099-01-01", "2027-06-30")
    with pytest.raises(Faults) as caught:
        act(
            projects.change,
            "one-0",
            who=WHO,
            why="x",
            per_week=-1,
            countries=["Italy"],
            starts_on="soon",
            colour="red",
        )
    assert sorted(fault.split(": ", 1)[1].split(":")[0] for fault in caught.value.faults) == [
        "colour", "countries", "per_week", "starts_on",
    ]  # fmt: skip
    with pytest.raises(LookupError):
        act(projects.change, "none", who=WHO, why="x")
    act(
        projects.add, "one-new", "one", who=WHO, why="a second project",
        name="New", funder="AMIF", starts_on="2026-01-01", ends_on="2027-01-01", open_cases=2,
    )  # fmt: skip
    with db.transaction() as session:
        assert [row.id for row in projects.listed(session, entity_id="one")] == ["one-new", "one-0"]
    assert json.loads(printed(entities, "list", "--json"))[0] == {
        "id": "one", "name": "ONE", "places": 6, "taken": 0,
    }  # fmt: skip


def test_a_pause_needs_a_reason_and_keeps_what_is_held() -> None:
    with db.transaction() as session:
        rows.entity(session, "one", places=3)
    (first,) = asked()
    made = offers.offer_request(first)
    with pytest.raises(ValueError, match="reason"):
        act(projects.pause, " ", who=WHO, project_id="one-0")
    act(projects.pause, "no staff in August", who=WHO, project_id="one-0")
    asked()
    assert offers.sweep_waiting() == 0
    assert act(offers.accept, made, who=WHO).state == "accepted"
    act(projects.resume, who=WHO, project_id="one-0")
    assert offers.sweep_waiting() == 1
