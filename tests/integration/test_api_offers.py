"""An entity's program sees its offers without a name or a number, answers them, and sees a person once it said yes."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpline import db
from helpline.people import audit
from helpline.people.scopes import Scope
from helpline.routing import answers
from helpline.routing.models import Offer, OfferState
from tests.integration import routing_rows
from tests.integration.api_visits import CODE, NUMBER, Program, application, offers

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def app(settings):
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=50)
        routing_rows.entity(session, "other", places=50)
    return application(settings)


@pytest.fixture
def program(app):
    return Program(app)


def offered(count=1, **words):
    with db.transaction() as session:
        return offers(session, words.pop("project_id", "ente-0"), count, **words)


def lines(what=None):
    with db.transaction() as session:
        return audit.listed(session, what=what)


def problem(answer, status, name):
    """The problem that was answered."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    said = answer.get_json()
    assert said["type"] == f"https://line.example.org/api/v1/problems#{name}"
    assert said["status"] == status and said["title"] and said["detail"]
    return said


def test_offers_are_listed_the_newest_first_and_hold_nothing_of_anybody(program):
    ids = offered(3)
    offered(1, entity_id="other", project_id="other-0")
    answer = program.get("/offers")
    assert [item["id"] for item in answer.get_json()["items"]] == ids[::-1]
    assert answer.get_json()["next"] is None
    assert NUMBER[-7:] not in answer.text and CODE not in re.findall(r"\b\d{4}\b", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_follow_one_another_without_a_gap_though_new_offers_come_in_between(program):
    ids = offered(5)
    first = program.get("/offers?limit=2").get_json()
    offered(2)
    seen = [item["id"] for item in first["items"]]
    onward = first["next"]
    while onward:
        page = program.get(onward.removeprefix("/api/v1")).get_json()
        seen += [item["id"] for item in page["items"]]
        onward = page["next"]
    assert seen == ids[::-1]


def test_a_list_of_one_state_goes_on_in_that_state(program):
    ids = offered(3)
    with db.transaction() as session:
        answers.accept(session, ids[1], who="test")
    page = program.get("/offers?state=pending&limit=1").get_json()
    assert [item["id"] for item in page["items"]] == [ids[2]]
    onward = program.get(page["next"].removeprefix("/api/v1")).get_json()
    assert [item["id"] for item in onward["items"]] == [ids[0]]


def test_everything_wrong_with_a_question_is_told_at_once(program):
    said = problem(program.get("/offers?state=open&limit=0&before=x&page=2&limit=3"), 422, "invalid")
    assert {fault["pointer"] for fault in said["errors"]} == {"#?state", "#?limit", "#?before", "#?page"}


def test_accepting_shows_whom_it_is_about_and_how_to_ring_and_is_written_down(program):
    (offer,) = offered()
    answer = program.post(f"/offers/{offer}/accept").get_json()
    assert answer["offer"]["state"] == "accepted"
    assert answer["person"]["number"] == NUMBER
    assert answer["person"]["code_ends_with"] == CODE[-2:]
    assert answer["person"]["language"] == "bn" and answer["person"]["window"] == "any"
    assert {"say_nothing_to_others", "leave_no_message"} <= set(answer["person"]["how_to_call"])
    (line,) = lines("revealed")
    assert (line.who, line.about) == (f"token {program.token_id}", f"offer {offer}")
    assert NUMBER[-7:] not in json.dumps(line.details)
    moved = {(line.who, line.about, line.details["into"]) for line in lines("moved")}
    assert (f"token {program.token_id}", f"offer {offer}", "accepted") in moved


def test_accepting_twice_is_one_acceptance_and_two_looks(program):
    (offer,) = offered()
    first, second = (program.post(f"/offers/{offer}/accept") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert len(lines("revealed")) == 2


def test_before_accepting_nobody_can_be_seen_and_no_trace_is_left(program):
    (offer,) = offered()
    said = problem(program.get(f"/offers/{offer}/person"), 409, "not_accepted")
    assert said["state"] == "pending"
    assert lines("revealed") == []


def test_after_the_case_was_closed_the_person_is_seen_no_more(program):
    (offer,) = offered()
    program.post(f"/offers/{offer}/accept")
    assert (
        program.post(f"/offers/{offer}/outcome", {"outcome": "withdrew", "confirm": True}).get_json()[
            "outcome"
        ]
        == "withdrew"
    )
    assert problem(program.get(f"/offers/{offer}/person"), 409, "not_accepted")["state"] == "closed"


def test_declining_says_what_the_reason_was_and_gives_the_offer_back(program):
    (offer,) = offered()
    answer = program.post(
        f"/offers/{offer}/decline", {"reason": "not_our_territory", "note": "other side of the river"}
    )
    assert answer.get_json()["state"] == "declined"
    assert answer.get_json()["declined_for"] == "not_our_territory"
    assert [(line.who, line.details) for line in lines("declined")] == [
        (f"token {program.token_id}", {"reason": "not_our_territory"})
    ]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"#/reason"}),
        ({"reason": "because"}, {"#/reason"}),
        ({"reason": None, "note": 3}, {"#/reason", "#/note"}),
        ({"reason": "other", "note": "x" * 1001}, {"#/note"}),
        ({"reason": "other", "note": "a\u0000b"}, {"#/note"}),
        ({"reason": "other", "why": "?"}, {"#"}),
        ([], {"#"}),
    ],
)
def test_what_is_wrong_with_a_decline_is_told_and_nothing_is_declined(program, body, pointers):
    (offer,) = offered()
    said = problem(program.post(f"/offers/{offer}/decline", body), 422, "invalid")
    assert {fault["pointer"] for fault in said["errors"]} == pointers
    with db.transaction() as session:
        assert session.get_one(Offer, offer).state == OfferState.PENDING


@pytest.mark.parametrize(
    ("data", "kind", "status", "name"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b'{"reason": NaN}', "application/json", 400, "malformed"),
        (b'{"reason": "\\ud800"}', "application/json", 400, "malformed"),
        (b"\xff", "application/json", 400, "malformed"),
        (b"[" * 20_000, "application/json", 400, "malformed"),
        (b'{"reason": ' + b"9" * 10_000 + b"}", "application/json", 400, "malformed"),
        (b"reason=other", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{}" + b" " * 70_000, "application/json", 413, "too_large"),
    ],
)
def test_what_is_no_json_is_refused_as_a_problem(program, data, kind, status, name):
    (offer,) = offered()
    problem(program.ask("POST", f"/offers/{offer}/decline", data=data, content_type=kind), status, name)


def test_nobody_fails_to_reach_a_person_whose_number_they_never_had(program):
    (offer,) = offered(1)
    refused = program.post(f"/offers/{offer}/decline", {"reason": "cannot_reach"})
    assert problem(refused, 409, "not_accepted")["state"] == "pending"
    program.post(f"/offers/{offer}/accept")
    assert program.post(f"/offers/{offer}/decline", {"reason": "cannot_reach"}).status_code == 200


def test_too_late_is_told_with_the_state(program):
    (offer,) = offered()
    program.post(f"/offers/{offer}/decline", {"reason": "not_eligible_here"})
    assert problem(program.post(f"/offers/{offer}/accept"), 409, "late")["state"] == "declined"
    assert lines("revealed") == []


def test_an_offer_of_another_entity_is_not_there(program):
    (offer,) = offered(entity_id="other", project_id="other-0")
    problem(program.get(f"/offers/{offer}"), 404, "not_found")
    problem(program.get(f"/offers/{offer}/person"), 404, "not_found")
    problem(program.post(f"/offers/{offer}/accept"), 404, "not_found")
    problem(program.post(f"/offers/{offer}/decline", {"reason": "other"}), 404, "not_found")
    problem(program.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}), 404, "not_found")
    assert program.get("/offers").get_json()["items"] == []


def test_reporting_steps_keeps_the_case_open_until_its_end(program):
    (offer,) = offered()
    program.post(f"/offers/{offer}/accept")
    begun = program.post(f"/offers/{offer}/outcome", {"outcome": "counselling_begun"}).get_json()
    for closing in ("returned", "withdrew", "not_eligible", "unreachable"):
        said = problem(program.post(f"/offers/{offer}/outcome", {"outcome": closing}), 422, "invalid")
        assert said["errors"] == [{"pointer": "#/confirm", "detail": "missing"}]
    unsure = {"outcome": "unreachable", "confirm": False}
    problem(program.post(f"/offers/{offer}/outcome", unsure), 422, "invalid")
    assert begun["contacted_at"] and begun["begun_at"] and not begun["ended_at"]
    assert program.post(f"/offers/{offer}/outcome", {"outcome": "returned", "confirm": True}).get_json()[
        "ended_at"
    ]
    assert (
        problem(program.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}), 409, "late")["state"]
        == "closed"
    )


def test_an_outcome_before_accepting_is_too_early_and_says_so(program):
    (offer,) = offered()
    said = problem(program.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}), 409, "not_accepted")
    assert said["state"] == "pending"


def test_the_same_key_is_done_once_and_answered_alike(program):
    (offer,) = offered()
    first = program.post(f"/offers/{offer}/decline", {"reason": "other"}, key="k-1")
    second = program.post(f"/offers/{offer}/decline", {"reason": "other"}, key="k-1")
    assert first.get_json() == second.get_json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(lines("declined")) == 1


def test_the_same_key_for_something_else_is_refused_and_nothing_is_done(program):
    one, other = offered(2)
    program.post(f"/offers/{one}/decline", {"reason": "other"}, key="k-1")
    problem(program.post(f"/offers/{one}/decline", {"reason": "cannot_reach"}, key="k-1"), 422, "key_reused")
    problem(program.post(f"/offers/{other}/accept", key="k-1"), 422, "key_reused")
    with db.transaction() as session:
        assert session.get_one(Offer, other).state == OfferState.PENDING


def test_a_key_belongs_to_its_token(app, program):
    one, other = offered(2)
    second = Program(app)
    assert program.post(f"/offers/{one}/decline", {"reason": "other"}, key="k-1").status_code == 200
    assert second.post(f"/offers/{other}/decline", {"reason": "other"}, key="k-1").status_code == 200


def test_what_failed_may_be_tried_again_with_the_same_key(program):
    (offer,) = offered()
    problem(
        program.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}, key="k-1"), 409, "not_accepted"
    )
    program.post(f"/offers/{offer}/accept")
    assert program.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}, key="k-1").status_code == 200


def test_an_answer_that_shows_a_person_is_kept_nowhere_and_not_repeated_after_the_end(program):
    (offer,) = offered()
    first = program.post(f"/offers/{offer}/accept", key="k-1").get_json()
    assert program.post(f"/offers/{offer}/accept", key="k-1").get_json() == first
    with db.transaction() as session:
        kept = session.connection().exec_driver_sql("SELECT body FROM api_answers").scalars().all()
    assert kept == [None]
    program.post(f"/offers/{offer}/outcome", {"outcome": "unreachable", "confirm": True})
    problem(program.post(f"/offers/{offer}/accept", key="k-1"), 409, "not_accepted")


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused(program, key):
    (offer,) = offered()
    said = problem(program.post(f"/offers/{offer}/accept", headers={"Idempotency-Key": key}), 422, "invalid")
    assert said["errors"][0]["pointer"] == "#/Idempotency-Key"


def test_a_token_for_looking_answers_nothing(app):
    (offer,) = offered()
    reader = Program(app, scopes=(Scope.OFFERS_READ,))
    assert reader.get(f"/offers/{offer}").status_code == 200
    for answer in (
        reader.post(f"/offers/{offer}/accept"),
        reader.get(f"/offers/{offer}/person"),
        reader.post(f"/offers/{offer}/decline", {"reason": "other"}),
        reader.post(f"/offers/{offer}/outcome", {"outcome": "contacted"}),
    ):
        assert problem(answer, 403, "forbidden")["scope"] == "offers:answer"
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_the_same_key_ten_times_at_once_is_done_once_and_answered_ten_times(app, program):
    (offer,) = offered()
    asked = [("POST", f"/offers/{offer}/decline", {"reason": "other"})] * 10
    with ThreadPoolExecutor(4) as threads:  # each with a client of its own: a client is not for many at once
        given = list(threads.map(lambda one: Program.again(app, program.token).ask(*one, key="k-1"), asked))
    assert {answer.status_code for answer in given} == {200}
    assert len({answer.text for answer in given}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in given) == 1
    assert len(lines("declined")) == 1


@pytest.mark.parametrize(
    ("body", "type_", "status", "name"),
    [
        (b'{"note": "we will"}', "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b'"yes"', "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b"{", "application/json", 400, "malformed"),
        (b"reason=no_place_now", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
    ],
)
def test_accepting_takes_no_body_but_an_empty_object_and_a_refused_one_accepts_nothing(
    program, body, type_, status, name
):
    (id,) = offered()
    problem(program.post(f"/offers/{id}/accept", data=body, content_type=type_), status, name)
    assert program.get(f"/offers/{id}").get_json()["state"] == "pending"


def test_accepting_works_without_a_body_and_with_an_empty_object(program):
    first, second = offered(2)
    assert program.post(f"/offers/{first}/accept").status_code == 200
    empty = program.post(f"/offers/{second}/accept", data=b"{}", content_type="application/json")
    assert empty.status_code == 200
    (body,) = [
        one["post"]["requestBody"]
        for path, one in program.get("/openapi.json").get_json()["paths"].items()
        if path.endswith("/accept")
    ]
    assert body["required"] is False
