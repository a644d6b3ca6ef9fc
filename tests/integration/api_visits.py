"""Programs of entities that ask the interface in tests, and the offers they ask about."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from helpline import clock, db, web
from helpline.api import interface, tokens
from helpline.db import all_models, states
from helpline.people.scopes import SCOPES
from helpline.routing.models import Offer, RequestState
from tests.integration import routing_rows

NUMBER, CODE = "+393330000123", "4071"


def application(settings):
    """The interface alone: what it needs of the whole application."""
    app = Flask("helpline", static_folder=None)
    web.prepare(app)
    interface.register(app, settings)
    return app


@dataclass
class Program:
    """A program of an entity, with a token of its own."""

    app: Flask
    entity_id: str = "ente"
    scopes: tuple[str, ...] = SCOPES
    client: FlaskClient = field(init=False)
    token: str = field(init=False)
    token_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        with db.transaction() as session:
            self.token_id, self.token = tokens.add(
                session, entity_id=self.entity_id, name="cases", scopes=self.scopes, by="test"
            )

    @classmethod
    def again(cls, app: Flask, token: str) -> "Program":
        """The same program once more, with the token that it has."""
        other = cls.__new__(cls)
        other.client, other.token = app.test_client(), token
        return other

    def ask(self, method: str, path: str, body=None, *, key: str | None = None, **words) -> TestResponse:
        """One request with the token, and with `key` as its idempotency key."""
        headers = {"Authorization": f"Bearer {self.token}"} | words.pop("headers", {})
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            words["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **words)

    def get(self, path: str, **words) -> TestResponse:
        return self.ask("GET", path, **words)

    def post(self, path: str, body=None, **words) -> TestResponse:
        return self.ask("POST", path, body, **words)


def offers(
    session: Session, project_id: str, count: int = 1, *, entity_id: str = "ente", **fields
) -> list[int]:
    """Ids of offers that wait for an entity's answer, each of a request of its own; all of one telephone and code."""
    made = []
    for request in routing_rows.requests(session, count, **fields):
        states.move(session, request, RequestState.OFFERED, who="test", why="test")
        request.entity_id = entity_id
        now = clock.now()
        offer = Offer(
            request_id=request.id, project_id=project_id, entity_id=entity_id, why={}, made_at=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        session.add(offer)
        states.begin(session, offer, who="test", why="test")
        made.append(offer.id)
    tables = all_models.Base.metadata.tables
    session.execute(update(tables["plans"]).values(number=NUMBER))
    session.execute(update(tables["asks"]).values(code=CODE))
    return made
