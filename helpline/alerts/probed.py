"""`POST /health/probed`: a probe outside says that it reached the line, and hears whether the clock runs. Shows nobody's data."""

import hmac
import re

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from helpline import clock, db
from helpline.alerts.models import Probe
from helpline.config import Settings
from helpline.people.access import anyone
from helpline.routing import beats
from helpline.routing.records import Heartbeat

PLACE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST = 20
_LONGEST_MS = 600_000


def probed_blueprint(settings: Settings) -> Blueprint:
    """The page; it is there only where a token for probes is set."""
    pages = Blueprint("probed", __name__)

    @pages.post("/health/probed")
    @anyone  # whoever has the token
    def probed() -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.probe_token:
            abort(404)
        if not hmac.compare_digest(given.encode(), settings.probe_token.encode()):
            abort(403)
        said = request.get_json(silent=True)
        place, took = (said.get("place"), said.get("took_ms")) if isinstance(said, dict) else (None, None)
        if not isinstance(place, str) or not PLACE.fullmatch(place) or not isinstance(took, int):
            abort(400)
        return jsonify(status="noted", clock_seconds=_note(place, max(0, min(took, _LONGEST_MS))))

    return pages


def _note(place: str, took_ms: int) -> int | None:
    """Note that the line was reached from there; how long ago the clock was last there (None: it never was)."""
    values = {"good_at": clock.now(), "took_ms": took_ms}
    with db.transaction(durable=False) as session:
        others = session.scalar(select(func.count()).where(Probe.place != place))
        if (others or 0) >= MOST:
            abort(409)
        written = insert(Probe).values(place=place, **values)
        session.execute(written.on_conflict_do_update(index_elements=["place"], set_=values))
        at = session.scalar(select(Heartbeat.at))
        return None if at is None else int((beats.database_time(session) - at).total_seconds())
