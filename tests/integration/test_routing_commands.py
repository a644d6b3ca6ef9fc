"""What `helpline load`, `requests list` and `entities list` print; numbers masked, and each look at one written down."""

import json
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from sqlalchemy import select, update

from helpline import db
from helpline.callbacks.models import Plan
from helpline.people.models import AuditLine
from helpline.routing import offers
from helpline.routing.commands import entities, load, requests
from helpline.routing.models import Entity
from tests.integration import routing_rows as rows

pytestmark = pytest.mark.usefixtures("database")
NUMBER = "+393330000123"


@pytest.fixture
def two_requests() -> list[int]:
    with db.transaction() as session:
        rows.entity(session, "rome", places=1, regions=["lazio"])
        ids = [request.id for request in rows.requests(session, 2)]
        session.execute(update(Plan).values(number=NUMBER))
    for id in ids:
        offers.offer_request(id)
    return ids


def printed(command: Command, *words: str) -> str:
    result = CliRunner().invoke(command, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def test_requests_are_listed_with_where_they_stand_and_why(two_requests: list[int]) -> None:
    waiting, offered = json.loads(printed(requests, "list", "--json"))
    assert list(waiting) == [
        "id", "call_sid", "language", "region", "country", "consent", "state", "entity", "reason", "number",
        "window", "promised_on",
    ]  # fmt: skip
    assert [offered["id"], waiting["id"]] == two_requests
    assert (offered["state"], offered["entity"], offered["reason"]) == ("offered", "rome", None)
    assert (waiting["state"], waiting["entity"], waiting["reason"]) == ("waiting", None, "0 of 1: 1 full")
    assert (waiting["language"], waiting["region"], waiting["country"]) == ("bn", "lazio", "BD")
    assert (waiting["consent"]["text_version"], waiting["consent"]["language"]) == ("r2-1", "bn")


def test_a_number_is_masked_until_it_is_revealed_and_that_is_written_down(two_requests: list[int]) -> None:
    for words in (["list"], ["list", "--json"]):
        shown = printed(requests, *words)
        assert NUMBER not in shown and NUMBER[3:] not in shown
    assert NUMBER in printed(requests, "list", "--reveal")
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine)).all()
        assert sorted(line.about for line in lines) == sorted(f"request {id}" for id in two_requests)
        assert {line.what for line in lines} == {"revealed"}


def test_entities_are_listed_with_their_places(two_requests: list[int]) -> None:
    with db.transaction() as session:
        rows.entity(session, "over", places=50, projects=2, ends_on=rows.date(2021, 1, 1))
        rows.entity(session, "wide", places=2, projects=2)
    assert json.loads(printed(entities, "list", "--json")) == [
        {"id": "over", "name": "OVER", "places": 0, "taken": 0},
        {"id": "rome", "name": "ROME", "places": 1, "taken": 1},
        {"id": "wide", "name": "WIDE", "places": 4, "taken": 0},
    ]
    assert "rome  ROME  1 of 1 places taken" in printed(entities, "list")


def test_the_contact_of_an_entity_is_shown_when_asked_for_and_that_is_written_down(
    two_requests: list[int],
) -> None:
    with db.transaction() as session:
        rows.entity(session, "rome-20260101")
        session.execute(update(Entity).values(contact="desk@rome.example"))
    for words in (["list"], ["list", "--json"]):
        assert "desk@rome.example" not in printed(entities, *words)
    assert "rome  ROME  1 of 1 places taken  desk@rome.example" in printed(entities, "list", "--reveal")
    row = json.loads(printed(entities, "list", "--json", "--reveal"))[0]
    assert (row["id"], row["contact"]) == ("rome", "desk@rome.example")
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine)).all()
        assert [(line.what, line.about, line.details) for line in lines] == [
            ("revealed", "entities", {"field": "contact", "count": 2})
        ] * 2


def test_lists_for_people_say_what_their_columns_are(two_requests: list[int]) -> None:
    listed = printed(requests, "list").splitlines()
    assert listed[0] == "id  number  language  from and to  state  organisation, or why it waits  promised"
    assert len(listed) == 3
    assert printed(entities, "list").splitlines()[0] == "id  name  places"
    assert printed(entities, "list", "--reveal").splitlines()[0] == "id  name  places  contact"


def test_an_empty_list_has_no_header() -> None:
    assert printed(requests, "list") == printed(entities, "list") == ""


def test_a_project_that_is_loaded_takes_who_was_waiting(tmp_path: Path, two_requests: list[int]) -> None:
    path = tmp_path / "more.toml"
    path.write_text(
        '[[entities]]\nid = "more"\nname = "More"\ncontact = "desk"\n'
        '[[projects]]\nid = "more-1"\nentity = "more"\nname = "M"\nfunder = "F"\n'
        'starts_on = "today"\nends_on = "today+9d"\nplaces_total = 1\n'
    )
    assert "project more-1" in printed(load, str(path))
    assert "nothing changed" in printed(load, str(path))
    assert offers.sweep_waiting() == 1
    assert {row["entity"] for row in json.loads(printed(requests, "list", "--json"))} == {"rome", "more"}
