"""Who may ask the interface: tokens are shown once, kept as hashes, ended at once, counted; whatever fails is a problem."""

from datetime import UTC

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.api import limits, once, tokens
from helpline.api.models import ApiToken
from helpline.faults import Faults
from helpline.people import access, audit
from helpline.people.scopes import Scope
from helpline.routing import reading
from tests.integration import routing_rows
from tests.integration.api_visits import Program, application, offers

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def app(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=50)
    return application(settings)


def test_every_address_of_the_interface_has_a_guard_and_all_but_the_papers_want_a_token(app):
    assert access.unguarded(app) == []
    open_ones = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if access.guard_of(app.view_functions[rule.endpoint]) == access.ANYONE
    }
    assert open_ones == {"/api/v1/openapi.json", "/api/v1/problems"}
    kinds = {access.scope_of(access.guard_of(view)) for view in app.view_functions.values()}
    assert kinds == {None, *Scope}


@pytest.mark.parametrize("scope", list(Scope))
def test_each_scope_opens_its_addresses_and_no_other(app, scope):
    program = Program(app, scopes=(scope,))
    for rule in app.url_map.iter_rules():
        wanted = access.scope_of(access.guard_of(app.view_functions[rule.endpoint]))
        path = rule.rule.split("/api/v1")[1].replace("<project_id>", "none")
        path = path.partition("<int")[0] + "999" + path.rpartition(">")[2] if "<int" in path else path
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = program.ask(method, path)
            assert (answer.status_code == 403) == (wanted not in {None, scope}), f"{method} {path}"
            assert answer.status_code != 500, f"{method} {path}"


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic aGVscGxpbmU6eA==", "Bearer ünter", "nonsense"],
)
def test_without_a_valid_token_nothing_opens(app, header):
    headers = {} if header is None else {"Authorization": header}
    answer = app.test_client().get("/api/v1/offers", headers=headers)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_nowhere_but_with_its_owner(app):
    program = Program(app)
    with db.transaction() as session:
        kept = session.execute(text("SELECT * FROM api_tokens")).one()
        assert not any(program.token in str(value) for value in kept)
        assert not any(program.token in str(line.details) for line in audit.listed(session))
    assert program.token.startswith("helpline_") and len(program.token) > 50


def test_an_ended_token_opens_nothing_from_that_moment(app):
    program = Program(app)
    assert program.get("/offers").status_code == 200
    with db.transaction() as session:
        tokens.end(session, program.token_id, by="test")
    assert program.get("/offers").status_code == 401


def test_making_and_ending_a_token_is_written_down_once(app):
    program = Program(app, scopes=(Scope.OFFERS_READ,))
    for _ in range(2):
        with db.transaction() as session:
            tokens.end(session, program.token_id, by="anna")
    with db.transaction() as session:
        lines = audit.listed(session, about=f"token {program.token_id}")
    assert [(line.who, line.what) for line in lines] == [("anna", "ended"), ("test", "made")]


def test_everything_wrong_with_a_new_token_is_told_at_once(app):
    with db.transaction() as session:
        with pytest.raises(Faults) as caught:
            tokens.add(session, entity_id="nobody", name=" ", scopes=["offers:sell"], by="test")
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["entity", "name", "scopes"]


def test_when_a_token_was_last_used_is_known_to_the_minute(app):
    program = Program(app)
    program.get("/offers")
    with db.transaction() as session:
        used = session.get_one(ApiToken, program.token_id).used_at
    assert used and abs((clock.now() - used).total_seconds()) < 60


def test_who_asks_too_often_is_told_for_how_long_to_wait_and_others_are_not_held_up(app, monkeypatch, at):
    moment = at("2026-11-18 10:00:05").astimezone(UTC)
    monkeypatch.setattr(limits, "PER_TOKEN", 3)
    program, other = Program(app), Program(app)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)  # it stands still: a busy machine takes a second
        assert [program.get("/offers").headers["RateLimit"] for _ in range(3)] == [
            f'"token";r={left};t=55' for left in (2, 1, 0)
        ]
        answer = program.get("/offers")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "55")
        assert other.get("/offers").status_code == 200
    at("2026-11-18 10:01")
    assert program.get("/offers").status_code == 200


def test_who_comes_with_wrong_tokens_for_ever_is_slowed_down_and_good_ones_are_not(app, monkeypatch):
    monkeypatch.setattr(limits, "WRONG_PER_NETWORK", 2)
    client, program = app.test_client(), Program(app)
    statuses = [client.get("/api/v1/offers").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert program.get("/offers").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("PUT", "/offers", 405), ("TRACE", "/offers", 405), ("GET", "/offers/0", 404),
     ("GET", "/offers/99999999999", 404), ("GET", "/offers/x", 404)],
)  # fmt: skip
def test_where_nothing_is_the_answer_is_a_problem_too(app, method, path, status):
    answer = Program(app).ask(method, path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    if status == 405:
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_when_the_database_fails_nothing_of_it_is_told(app, monkeypatch, caplog):
    program = Program(app)
    with db.transaction() as session:
        (offer,) = offers(session, "ente-0")

    def broken(session, *_, **__):
        session.execute(text("SELECT secret_number FROM nowhere"))

    monkeypatch.setattr(reading, "offer_row", broken)
    answer = program.get(f"/offers/{offer}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "nowhere" not in answer.text + caplog.text

    def at_fault(*_, **__):
        raise KeyError("secret")

    monkeypatch.setattr(reading, "offer_row", at_fault)
    answer = program.get(f"/offers/{offer}")
    assert answer.status_code == 500
    assert "secret" not in answer.text + caplog.text


def test_what_failed_after_its_key_was_taken_leaves_nothing_behind(app, monkeypatch):
    program = Program(app)
    with db.transaction() as session:
        (offer,) = offers(session, "ente-0")

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(once, "keep", broken)
    assert program.post(f"/offers/{offer}/decline", {"reason": "other"}, key="k").status_code == 500
    monkeypatch.undo()
    assert program.get(f"/offers/{offer}").get_json()["state"] == "pending"
    assert (
        program.post(f"/offers/{offer}/decline", {"reason": "other"}, key="k").get_json()["state"]
        == "declined"
    )
    with db.transaction() as session:
        assert len(session.scalars(select(ApiToken)).all()) == 1
