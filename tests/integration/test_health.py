"""What monitors see: alive, ready or what is down, and figures without anybody's data."""

import pytest
from flask import Flask
from sqlalchemy import event, text

from helpline import db, health
from helpline.figures import keeping
from helpline.health import COUNTED, OLDEST, health_blueprint


@pytest.fixture
def page(settings, database):
    app = Flask(__name__)
    app.register_blueprint(health_blueprint(settings))
    return app.test_client().get


def without(settings, database, *, database_url=None, redis_url=None):
    db.connect(
        settings,
        database_url=database_url or database.database_url,
        redis_url=redis_url or database.redis_url,
    )


def test_ready_when_all_parts_work(page):
    answer = page("/health/ready")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "down": []})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("gone", "down"),
    [
        ({"database_url": "postgresql+psycopg://nobody@/nothing?host=/nowhere"}, ["database"]),
        ({"redis_url": "unix:///nowhere"}, ["queue"]),
    ],
)
def test_what_is_down_is_said_and_figures_go_on(page, settings, database, gone, down):
    without(settings, database, **gone)
    answer = page("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "down", "down": down})
    figures = page("/metrics")
    assert figures.status_code == 200
    assert f'helpline_up{{part="{down[0]}"}} 0.0' in figures.text
    assert page("/health/live").status_code == 200


def test_figures_count_what_is_in_the_database(page):
    with db.transaction() as session:
        for language, outcome in [("bn", "request"), ("bn", "request"), ("it", None)]:
            session.execute(
                text(
                    "INSERT INTO calls (sid, status, language, outcome, started_at, finished, from_hash)"
                    " VALUES (:sid, 'completed', :language, :outcome, now(), false, 'deadbeef')"
                ),
                {"sid": f"CA{language}{outcome}{id(object())}{session.scalar(text('SELECT random()'))}",
                 "language": language, "outcome": outcome},
            )  # fmt: skip
        db.ring(session, "nothing", 1)
    figures = page("/metrics").text
    assert 'helpline_calls{language="bn",outcome="request"} 2.0' in figures
    assert 'helpline_calls{language="it",outcome="open"} 1.0' in figures
    assert 'helpline_queue_jobs{queue="ring",state="waiting"} 1.0' in figures
    assert 'helpline_oldest_seconds{what="unfinished_calls"}' in figures
    assert "deadbeef" not in figures


def test_calls_that_are_over_are_told_as_the_figures_count_them(page):
    with db.transaction() as session:
        session.execute(
            text(
                "INSERT INTO calls (sid, status, language, outcome, started_at, finished)"
                " SELECT 'CA' || n, 'completed', 'uk', 'information', now(), false FROM generate_series(1, 3) n"
            )
        )
        session.execute(text("UPDATE calls SET finished = true WHERE sid <> 'CA1'"))
    keeping.count_changes()
    assert 'helpline_calls{language="uk",outcome="information"} 3.0' in page("/metrics").text


def test_every_statement_runs_on_our_tables(page):
    figures = page("/metrics").text
    assert all(f"# TYPE {name} gauge" in figures for name in COUNTED)
    assert all(f'{{what="{what}"}} 0.0' in figures for what in OLDEST)


def test_figures_are_kept_for_a_few_seconds_so_that_asking_often_costs_nothing(page, monkeypatch):
    seconds, asked = [100.0], []
    monkeypatch.setattr(health, "monotonic", lambda: seconds[0])
    event.listen(db.engine(), "before_cursor_execute", lambda *_: asked.append(1))
    first = page("/metrics")
    once = len(asked)
    assert once >= len(COUNTED) + len(OLDEST)
    seconds[0] += 4.9
    again = page("/metrics")
    assert (again.data, again.content_type, len(asked)) == (first.data, first.content_type, once)
    assert again.headers["Cache-Control"] == "no-store"
    seconds[0] += 0.2
    page("/metrics")
    assert len(asked) == 2 * once
