"""The stand-in carrier as a server: REST side, telephone page and its API, for `helpline demo` and for tests over HTTP."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, abort, render_template, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from helpline.config import Settings
from helpline.simulator import conferences, desk, mailbox, rest, transport
from helpline.simulator.carrier import Carrier

CALLER = "+393330000001"
_NUMBER, _LONGEST_NAME = re.compile(r"\+[1-9][0-9]{6,14}"), 40
TICK = 0.5
_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


class _Silent(WSGIRequestHandler):
    """Writes no access log: what a caller keyed is nobody's business."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


def create_app(
    carrier: Carrier, *, toll_free: str = "", callback: str = "", mails: mailbox.Mailbox | None = None
) -> Flask:
    """The server's WSGI application around a carrier. The two numbers are what the telephone page offers to dial."""
    app = Flask(__name__, static_folder="page", static_url_path="/page", template_folder="page")
    app.extensions["outbound"] = carrier.outbound
    app.extensions["desk"] = desk.Desk()
    app.extensions["numbers"] = {"from": CALLER, "toll_free": toll_free, "callback": callback}
    app.register_blueprint(rest.pages)
    app.register_blueprint(conferences.pages)
    app.register_blueprint(desk.pages)
    app.extensions["mailbox"] = mails or mailbox.Mailbox()
    app.register_blueprint(mailbox.pages)
    parts = urlsplit(carrier.base_url)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"media-src 'self' {parts.scheme}://{parts.netloc}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )

    @app.before_request
    def keep_others_out() -> None:
        if not _is_from_here():
            abort(403)

    @app.get("/")
    @app.get("/telephone")
    def telephone() -> str:
        """The telephone with this `number`, of whoever has this `name`; the caller's, unless the address says."""
        number = "+" + request.args.get("number", CALLER).strip().lstrip("+").replace(" ", "")
        name = request.args.get("name", "").strip()
        if not _NUMBER.fullmatch(number) or len(name) > _LONGEST_NAME:
            abort(400, "number is no telephone number with its country (+39…), or name is too long")
        return render_template(
            "telephone.html", numbers=app.extensions["numbers"], number=number, name=name, caller=CALLER
        )

    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return app


def _is_from_here() -> bool:
    """Whether a request is for this server by a name of this machine's own, and from no page but ours.

    Any site that somebody visits may send requests here, and one whose name is suddenly that of this machine (DNS
    rebinding) may read the answers too; a browser gives both away by `Host` and `Origin`.
    """
    port = request.environ["SERVER_PORT"]
    ours = {f"{name}:{port}" for name in _OWN_NAMES} | (set(_OWN_NAMES) if port == "80" else set())
    origin = request.headers.get("Origin")
    return request.headers.get("Host", "").lower() in ours and (
        origin is None or origin.lower() in {f"http://{one}" for one in ours}
    )


def carrier_of(settings: Settings) -> Carrier:
    """A carrier for this installation, over HTTP; what goes wrong is rescued as in real life, and shown.

    Where the installation pretends another moment, the carrier's clock starts there too.
    """
    started = datetime.now(UTC)
    ahead = settings.pretend_now - started if settings.pretend_now else timedelta()
    return Carrier(
        settings.account_sid,
        settings.auth_token,
        settings.public_url,
        transport.over_http,
        clock=lambda: datetime.now(UTC) + ahead,
        strict=False,
        api_url=settings.api_url,
        real_time=True,
    )


def serve(settings: Settings, port: int, host: str = "127.0.0.1") -> None:
    """Run the stand-in until the process ends, and catch mail where the settings send it on this machine.

    One process: its calls live in memory.
    """
    mails = mailbox.Mailbox(settings.data_dir / "mail")
    app = create_app(
        carrier_of(settings),
        toll_free=settings.toll_free_number,
        callback=settings.callback_number,
        mails=mails,
    )
    with mailbox.catching(settings.smtp_url, mails), _running(app, host, port) as server:
        server.serve_forever()


@contextmanager
def serving(carrier: Carrier, *, toll_free: str = "", callback: str = "", port: int = 0) -> Iterator[str]:
    """Serve a carrier from a thread of this process, at a free port; yields its address, which becomes its `api_url`."""
    app = create_app(carrier, toll_free=toll_free, callback=callback)
    with _running(app, "127.0.0.1", port, ticks=False) as server:
        carrier.api_url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield carrier.api_url
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _running(app: Flask, host: str, port: int, *, ticks: bool = True) -> Iterator[BaseWSGIServer]:
    """A listening server, and a clock that lets what is due happen (late recordings, calls that ring in vain).

    A test moves its carrier's time itself, so nothing ticks there.
    """
    carrier: Carrier = app.extensions["outbound"].carrier
    stopped = threading.Event()

    def tick() -> None:
        while not stopped.wait(TICK):
            carrier.advance(0)

    server = make_server(host, port, app, threaded=True, request_handler=_Silent)
    ticking = threading.Thread(target=tick, daemon=True)
    if ticks:
        ticking.start()
    try:
        yield server
    finally:
        stopped.set()
        if ticks:
            ticking.join()
        server.server_close()
