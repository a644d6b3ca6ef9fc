"""Imports every table, for migrations and tests; holds nothing of its own."""

import importlib
from importlib.util import find_spec

from helpline.db import outbox, pretence, states, sweepings, tallies
from helpline.db.base import Base

ROOMS = (
    "alerts",
    "api",
    "calls",
    "callbacks",
    "figures",
    "handbook",
    "intake",
    "line",
    "live",
    "people",
    "routing",
    "telephony",
    "voice",
)

__all__ = ["Base", "outbox", "pretence", "states", "sweepings", "tallies"]

for room in ROOMS:
    if find_spec(f"helpline.{room}") and find_spec(f"helpline.{room}.models"):
        importlib.import_module(f"helpline.{room}.models")

for more in (
    "routing.network_models",
    "routing.records",
    "routing.counts_models",
    "figures.exporting.models",
    "figures.report_models",
    "voice.takes_models",
    "voice.dictation_models",
):
    if find_spec(f"helpline.{more}"):
        importlib.import_module(f"helpline.{more}")
