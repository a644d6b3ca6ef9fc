"""Numbers in addresses: those that an id can be, and no others. How an address is made is learned when the first one is."""

import re

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from helpline import web
from helpline.web import LARGEST_ID, up_to


@pytest.mark.parametrize("most", [10, 99, 105, 999, 1000, 2047])
def test_the_pattern_takes_every_number_up_to_the_largest_and_none_above(most):
    takes = re.compile(up_to(most)).fullmatch
    assert [number for number in range(most * 2 + 20) if takes(str(number))] == list(range(most + 1))


def test_so_it_is_with_ids():
    takes = re.compile(up_to(LARGEST_ID)).fullmatch
    for number in (0, 1, 999_999_999, 1_000_000_000, 2_147_483_646, LARGEST_ID):
        assert takes(str(number))
    for wrong in (
        LARGEST_ID + 1,
        2_147_483_650,
        2_200_000_000,
        3_000_000_000,
        10**10,
        "-1",
        "٣",
        "",
        "1.5",
        "9" * 5000,
    ):
        assert not takes(str(wrong))


def test_how_an_address_is_made_is_learned_when_the_first_is(monkeypatch):
    """The place where werkzeug does that is its own affair: a version that does it elsewhere must not cost memory unseen."""
    real, learned = Rule._compile_builder, list[str]()

    def noted(rule, append_unknown=True):
        learned.append(rule.rule)
        return real(rule, append_unknown)

    app = Flask(__name__, static_folder=None)
    monkeypatch.setattr(Rule, "_compile_builder", noted)
    web.prepare(app)
    for name in ("calls", "figures"):
        app.add_url_rule(f"/{name}/<int:of>", name, str)
    app.url_map.update()
    assert not learned
    with app.test_request_context():
        assert [url_for("calls", of=one) for one in (1, 2)] == ["/calls/1", "/calls/2"]
        assert url_for("calls", of=3, page=4) == "/calls/3?page=4"
    assert set(learned) == {"/calls/<int:of>"} and len(learned) <= 2
