"""The file of the figures, read by somebody who subtracts: no small group of people is found in it, and no region of anybody."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from helpline import db
from helpline.figures.models import CallbackDay, CallDay, CallHour, RequestDay
from helpline.figures.overview import SUMS
from helpline.hours import at_hour
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.console_visits import Visitor, application

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 24)
MONTH = {"first": "2026-10-01", "last": "2026-10-31"}
NOUGHT = dict.fromkeys(SUMS, 0)
ASKS = ("asked for help to return", "asked to be called back", "talked with a person", "left a message")


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def calls(day, language, hour=9, number="+39800", **outcomes):
    """Count calls of an hour by outcome."""
    with db.transaction() as session:
        for outcome, count in outcomes.items():
            row = NOUGHT | {"language": language, "number": number, "outcome": outcome, "calls": count}
            session.execute(insert(CallHour), [row | {"hour": at_hour(day, hour)}])
            session.execute(insert(CallDay), [row | {"day": day + timedelta(days=hour - 9)}])


def taken(cora, **chosen):
    """The tables of the file by the word above their first column, each a list of rows by column."""
    sent = cora.post("/figures/export", {"first": DAY.isoformat(), "last": DAY.isoformat()} | chosen)
    assert sent.status_code == 200 and sent.mimetype == "text/csv"
    tables, heads = {}, []
    for row in csv.reader(io.StringIO(sent.text.lstrip("\ufeff"))):
        if len(row) == 1 or row[1] in {"How many", "asked for something", ASKS[0]}:
            heads, told = row, tables.setdefault(row[0], [])
        else:
            told.append(dict(zip(heads, row, strict=True)))
    return tables, sent.text


def by_name(table, column):
    return {next(iter(row.values())): row[column] for row in table}


def bounds(table):
    """What the attacker finds of the asks in each hidden row: at least and at most, from its own sum and that of the column."""
    parts, whole = table[:-1], table[-1]

    def room(row):
        return int(row["Calls offered"]) - int(row["pressed nothing"]) - int(row["never answered"])

    hidden = {next(iter(row.values())): room(row) for row in parts if row["asked for something"] == "hidden"}
    if whole["asked for something"] == "hidden":
        return {name: (0, most) for name, most in hidden.items()}
    left = int(whole["asked for something"]) - sum(
        int(row["asked for something"]) for row in parts if row["asked for something"] != "hidden"
    )
    every = sum(hidden.values())
    return {name: (max(0, own + left - every), min(own, left)) for name, own in hidden.items()}


def test_what_is_exported_adds_up_and_is_written_down(cora):
    calls(DAY, "bn", gave_up=12)
    calls(DAY, "ar", hour=10, information=11)
    tables, _ = taken(cora)
    offered = [int(row["Calls offered"]) for row in tables["Period"]]
    assert len(offered) == 25 and sum(offered[:-1]) == offered[-1] == 23
    with db.transaction() as session:
        (line,) = session.scalars(select(AuditLine).where(AuditLine.what == "exported"))
        assert line.details["first"] == "2026-11-24"


def test_outcomes_of_few_by_language_cannot_be_had_by_taking_the_others_from_the_sum(cora):
    calls(DAY, "it", request=12, information=30, gave_up=10)
    calls(DAY, "ru", request=1, live=1, information=9, gave_up=4, silent=2)
    calls(DAY, "ar", callback=40, information=60, gave_up=9)
    tables, text = taken(cora, by="day")
    assert not [word for word in ASKS if word in text]
    told = by_name(tables["Language"], "asked for something")
    assert told["Arabic"] == "40" and told["Russian"] == told["Italian"] == "hidden"
    assert by_name(tables["Language"], "Calls offered")["Russian"] == "17"
    least, most = bounds(tables["Language"])["Russian"]
    assert least == 0 and most >= 5
    # Nor is it what the other outcomes of the row leave of its calls.
    (russian,) = (row for row in tables["Language"] if row["Language"] == "Russian")
    assert {word for word, count in russian.items() if count == "hidden"} >= {
        "asked for something", "heard information", "gave up", "Answered within a minute",
    }  # fmt: skip


@pytest.mark.parametrize("unit", ["hour", "day"])
def test_the_one_who_asked_in_an_hour_is_not_told_apart_from_one_who_did_not(cora, unit):
    calls(DAY, "ru", request=1)
    with db.transaction() as session:
        row = {
            "day": DAY, "language": "ru", "group": "self", "entity_id": "ente", "project_id": "", "state": "offered",
            "outcome": "", "why": "", "country": "PE", "region": "sardegna", "requests": 1,
        }  # fmt: skip
        session.execute(insert(RequestDay), [row])
    tables, text = taken(cora, by=unit, language="ru")
    assert not [name for name in ("Sardegna", "Peru", "ente", "offered to") if name in text]
    assert all(bound == (0, 1) for bound in bounds(tables["Period"]).values()) and bounds(tables["Period"])
    assert tables["Requests, where they stand"] == [
        {"Requests, where they stand": "too few people, all together", "How many": "hidden"}
    ]
    with db.transaction() as session:
        session.execute(CallHour.__table__.update().values(outcome="gave_up"))
        session.execute(CallDay.__table__.update().values(outcome="gave_up"))
    assert taken(cora, by=unit, language="ru")[0]["Period"] == tables["Period"]


def test_kinds_of_asks_are_told_apart_of_whole_months_and_all_languages_only(cora):
    for day in (date(2026, 10, 3), date(2026, 10, 20)):
        calls(day, "it", request=20, information=30, gave_up=10)
        calls(day, "ar", callback=20, information=30, gave_up=10)
    tables, _ = taken(cora, by="month", **MONTH)
    assert tables["Period"][-1]["asked for help to return"] == "40"
    assert (
        "asked for something" in tables["Language"][0]
        and "asked for something" in tables["Number dialled"][0]
    )
    for other in ({"by": "day"}, {"language": "it"}, {"number": "+39800"}, {"last": "2026-10-30"}):
        text = taken(cora, **MONTH | {"by": "month"} | other)[1]
        assert "asked for something" in text and "asked for help to return" not in text, other


def test_requests_by_region_country_and_organisation_are_not_in_it_and_it_says_where_they_are(cora):
    with db.transaction() as session:
        session.execute(insert(RequestDay), [{
            "day": DAY, "language": "bn", "group": "self", "entity_id": "ente", "project_id": "", "state": state,
            "outcome": "", "why": "full", "country": "MA", "region": "lazio", "requests": count,
        } for state, count in (("waiting", 40), ("offered", 9), ("cancelled", 2))])  # fmt: skip
    tables, text = taken(cora)
    assert not [word for word in ("Lazio", "Morocco", "Without a place", "By region") if word in text]
    said = "Requests by region, country and organisation leave in reports only"
    assert (
        said in text and said in cora.get("/figures").text and 'href="/reports"' in cora.get("/figures").text
    )
    told = by_name(tables["Requests, where they stand"], "How many")
    # Two alone would be what nobody else is; beside them nine are hidden, and the names stand by name.
    assert sorted(told.values()).count("hidden") >= 2 and "40" in told.values()
    assert [name for name, count in told.items() if count == "hidden"] == sorted(
        name for name, count in told.items() if count == "hidden"
    )


def test_callbacks_and_lengths_of_few_are_hidden(cora):
    with db.transaction() as session:
        session.execute(insert(CallbackDay), [{
            "day": DAY, "language": "bn", "topic": "talk", "source": source, "state": state,
            "callbacks": count, "attempts": count, "late": late,
        } for source, state, count, late in (("call", "done", 40, 3), ("signal", "waiting", 2, 0))])  # fmt: skip
    tables, _ = taken(cora)
    for title in ("Callbacks, where they stand", "Callbacks, where they came from"):
        assert [row["How many"] for row in tables[title]] == ["hidden", "hidden"]
    assert by_name(tables["Callbacks"], "How many") == {"Attempts": "42", "First attempt too late": "hidden"}
