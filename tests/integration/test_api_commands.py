"""`helpline api-tokens` and `helpline webhooks`: a secret is printed once, lists hide addresses, faults come all at once."""

import getpass
import json

import pytest
from click.testing import CliRunner

from helpline import db
from helpline.api import commands, telling, tokens
from helpline.db import outbox
from helpline.faults import Faults
from helpline.people import audit
from tests.integration import routing_rows
from tests.integration.api_visits import offers

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _settings(database, environ, monkeypatch):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=5)


def run(*words, code=0):
    command = {one.name: one for one in commands.COMMANDS}[words[0]]
    done = CliRunner().invoke(command, words[1:])
    assert done.exit_code == code, done.output
    return done.output


def test_a_token_is_printed_alone_and_opens_until_it_is_ended():
    token = run("api-tokens", "add", "ente", "--name", "cases", "--scope", "offers:read").splitlines()[0]
    with db.transaction() as session:
        bearer = tokens.whose(session, token)
    assert bearer.entity_id == "ente" and bearer.scopes == {"offers:read"}
    (row,) = json.loads(run("api-tokens", "list", "--json"))
    assert (row["name"], row["made_by"], row["ended_at"]) == ("cases", getpass.getuser(), None)
    assert token not in run("api-tokens", "list")
    run("api-tokens", "end", str(row["id"]))
    with db.transaction() as session:
        assert tokens.whose(session, token) is None
    assert "ended" in run("api-tokens", "list", "--entity", "ente")
    assert "no token 999" in run("api-tokens", "end", "999", code=1)


def test_a_webhook_is_added_renewed_and_ended_and_shows_its_host_alone():
    added = run("webhooks", "add", "ente", "https://cases.example.org/hooks/very-private")
    assert added.startswith("whsec_") and "endpoint" in added
    listed = run("webhooks", "endpoints")
    assert "cases.example.org" in listed and "very-private" not in listed
    (row,) = json.loads(run("webhooks", "endpoints", "--json", "--entity", "ente"))
    renewed = run("webhooks", "new-secret", str(row["id"]))
    assert renewed.startswith("whsec_") and renewed.splitlines()[0] not in added
    run("webhooks", "end", str(row["id"]))
    assert "no open endpoint" in run("webhooks", "new-secret", str(row["id"]), code=1)
    with db.transaction() as session:
        lines = audit.listed(session, about=f"endpoint {row['id']}")
    assert [line.what for line in lines] == ["ended", "changed", "made"]


def test_an_address_inside_is_refused_with_every_fault():
    done = CliRunner().invoke(commands.webhooks, ["add", "none", "http://127.0.0.1:22/x"])
    assert isinstance(done.exception, Faults)
    assert len(done.exception.faults) == 4


def test_deliveries_are_listed_and_sent_again():
    run("webhooks", "add", "ente", "https://cases.example.org/hooks")
    with db.transaction() as session:
        (offer,) = offers(session, "ente-0")
        row = outbox.put(session, outbox.Kind.OFFER_MADE, offer)
    telling.tell_entity(row)
    (listed,) = json.loads(run("webhooks", "list", "--json"))
    assert (listed["kind"], listed["offer_id"], listed["state"], listed["host"]) == (
        "offer_made", offer, "due", "cases.example.org",
    )  # fmt: skip
    line = run("webhooks", "list", "--entity", "ente", "--state", "due")
    assert "offer_made" in line and "next try" in line
    assert "1 to be sent again" in run("webhooks", "replay", str(listed["id"]))
    assert "999: there is no such delivery" in run("webhooks", "replay", "999", code=1)
    assert "0 to be sent again" in run("webhooks", "replay", "--given-up", "ente")
    run("webhooks", "replay", code=1)
