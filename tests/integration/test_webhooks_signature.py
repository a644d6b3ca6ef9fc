"""Every webhook without a good signature gets 403 and changes nothing (promise 1, second half)."""

from typing import Any

import pytest
from flask import Flask

from helpline import create_app
from helpline.config import Settings
from helpline.simulator.carrier import Carrier
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.transport import into_wsgi
from tests import servers
from tests.calls.wire import form, rows_by_table
from tests.conftest import ENVIRONMENT

PATHS = [
    "/voice/incoming",
    "/voice/status",
    "/voice/fallback",
    "/voice/debugger",
    "/voice/recording/message",
    "/voice/recording/name",
    "/voice/recording/country",
    "/voice/heard/0/en/main/3/0",
    "/voice/heard/0/-/language/1/0",
    "/voice/leg/1",
    "/voice/leg/1/status",
    "/voice/leg/1/key/take",
    "/voice/leg/1/left",
    "/voice/join/room",
    "/voice/join/room/left",
    "/voice/room/room",
    "/voice/wait/en/callback_wait",
    "/voice/held/en",
    "/voice/something/else",
]


@pytest.fixture(scope="module")
def one_app() -> Flask:
    """One application for all of them: it keeps nothing of a webhook."""
    return create_app(Settings.from_env(ENVIRONMENT | {"HELPLINE_DATA_DIR": str(servers.new_folder())}))


@pytest.fixture
def app(one_app: Flask, database: Any) -> Flask:
    return one_app


@pytest.fixture
def carrier(settings: Settings, app: Flask) -> Carrier:
    return Carrier(
        settings.account_sid, settings.auth_token, settings.public_url, into_wsgi(app.wsgi_app), seed=3
    )


def test_the_list_of_paths_names_every_webhook(app: Flask) -> None:
    rules = {
        rule.rule.split("<")[0].rstrip("/")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/voice")
    }
    assert rules == {
        "/voice/incoming",
        "/voice/status",
        "/voice/fallback",
        "/voice/debugger",
        "/voice/recording",
        "/voice/heard",
        "/voice/leg",
        "/voice/join",
        "/voice/room",
        "/voice/wait",
        "/voice/held",
        "/voice",
    }
    assert all(any(path.startswith(rule) for path in PATHS) for rule in rules)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signature", ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "ünsinn", "=" * 5000])
def test_without_a_good_signature_nothing_is_answered_and_nothing_changes(
    carrier: Carrier, path: str, signature: str
) -> None:
    before = rows_by_table()
    sent = form(Digits="1", CallStatus="completed", RecordingSid="RE" + "1" * 32, RecordingStatus="completed")
    assert carrier.forge(path, sent, signature=signature.encode().decode("latin-1")).status == 403
    assert rows_by_table() == before


@pytest.mark.parametrize("path", PATHS)
def test_one_field_more_than_was_signed_is_refused(carrier: Carrier, path: str) -> None:
    good = carrier.forge(path, form())
    assert good.status == 200
    before = rows_by_table()
    signed = dict(carrier.exchanges[-1].headers)["X-Twilio-Signature"]
    assert carrier.forge(path, [*form(), ("Digits", "1")], signature=signed).status == 403
    assert carrier.forge(path + "?x=1", form(), signature=signed).status == 403
    assert rows_by_table() == before


def test_a_signature_of_another_step_does_not_open_this_one(carrier: Carrier) -> None:
    carrier.forge("/voice/heard/0/en/main/3/0", form(Digits="1"))
    signed = dict(carrier.exchanges[-1].headers)["X-Twilio-Signature"]
    before = rows_by_table()
    refused = carrier.forge("/voice/heard/0/en/consent/3/0", form(Digits="1"), signature=signed)
    assert refused.status == 403 and rows_by_table() == before


@pytest.mark.parametrize("path", PATHS)
def test_a_webhook_is_never_a_get(carrier: Carrier, path: str) -> None:
    with pytest.raises(CarrierRefused, match="HTTP 405"):
        carrier.forge(path, form(), method="GET")
