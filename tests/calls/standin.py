"""Our carrier, answered by the stand-in in this process: the very client that asks Twilio, over its REST side, without the wire."""

import io
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from werkzeug.test import create_environ, run_wsgi_app

from helpline.config import Settings
from helpline.simulator.carrier import Carrier as SimulatedCarrier
from helpline.simulator.desk import Desk
from helpline.simulator.server import create_app
from helpline.simulator.transport import into_wsgi
from helpline.telephony.twilio import Twilio
from tests.conftest import ENVIRONMENT


@cache
def _rest_side() -> Flask:
    return create_app(SimulatedCarrier("", "", "https://nobody.example", into_wsgi(lambda *_: [])))


class _Wire(BaseAdapter):
    """Carries requests straight into the stand-in's REST side. What it does after its answer is done before we go on."""

    def __init__(self, simulated: SimulatedCarrier) -> None:
        super().__init__()
        self.simulated = simulated

    @property
    def app(self) -> Flask:
        """The REST side, of this stand-in from now on. It is put together once: all that it keeps is whose it is."""
        app = _rest_side()
        app.extensions["outbound"], app.extensions["desk"] = self.simulated.outbound, Desk()
        return app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Raises what `requests` would when the stand-in cuts the line, or keeps its answer back."""
        body = request.body or b""
        parts = urlsplit(request.url)
        environ = create_environ(
            path=parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            method=request.method,
            headers=dict(request.headers),
            data=body.encode() if isinstance(body, str) else body,
        )
        content, status, headers = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        fate = headers.get("X-Standin-Fate")
        if fate == "cut":
            raise requests.ConnectionError("the line was cut", request=request)
        if fate == "late":
            raise requests.ReadTimeout("no answer in time", request=request)
        answer = requests.Response()
        answer.status_code = int(status.split()[0])
        answer.headers.update(headers)
        answer.raw = io.BytesIO(b"".join(content))
        answer.url, answer.request = request.url, request
        return answer

    def close(self) -> None:
        """Nothing is open."""


class StandIn(Twilio):
    """All that we ask of a carrier, of this stand-in; `Mischief.rest` says what becomes of what is asked."""

    def __init__(self, simulated: SimulatedCarrier, settings: Settings | None = None) -> None:
        super().__init__(settings or Settings.from_env(ENVIRONMENT))
        self.simulated = simulated
        self.client.http_client.session.mount("http://", _Wire(simulated))

    def recording(self, sid: str) -> bytes | None:
        """The sound, taken from the stand-in's shelf: our client fetches it in a way of its own."""
        found = self.simulated.recordings.find(sid)
        return found.wav if found and found.status(self.simulated.now()) == "completed" else None
