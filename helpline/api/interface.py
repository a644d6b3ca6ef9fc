"""Puts the interface into the application: its addresses, the gate before them, the papers that describe it."""

import json

from flask import Blueprint, Flask, Response

from helpline.api import counts, gate, offers, places, problems
from helpline.api.document import document
from helpline.api.problems import Problem
from helpline.config import Settings
from helpline.people.access import anyone


def register(app: Flask, settings: Settings) -> None:
    """Add the interface for entities to an application."""
    gate.prepare(app, settings)
    for pages in (offers.pages, places.pages, counts.pages, _papers(settings)):
        if not pages.before_request_funcs:
            pages.before_request(gate.keep_out)
            pages.register_error_handler(Problem, gate.refused)
            pages.register_error_handler(Exception, gate.failed)
        app.register_blueprint(pages)


def _papers(settings: Settings) -> Blueprint:
    pages = Blueprint("api_papers", __name__)
    papers = {
        "/api/v1/openapi.json": json.dumps(document(settings.public_url)),
        "/api/v1/problems": json.dumps(problems.explained(settings.public_url)),
    }

    @pages.get("/api/v1/openapi.json")
    @anyone
    def openapi() -> Response:
        return Response(papers["/api/v1/openapi.json"], content_type="application/json")

    @pages.get("/api/v1/problems")
    @anyone
    def list_problems() -> Response:
        return Response(papers["/api/v1/problems"], content_type="application/json")

    return pages
