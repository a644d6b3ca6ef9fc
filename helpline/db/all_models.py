"""Imports every table, for migrations and tests; holds nothing of its own."""

import importlib
from importlib.util import find_spec

from helpline.db import pretence, states
from helpline.db.base import Base

ROOMS = ("calls", "callbacks", "intake", "line", "live", "people", "routing", "telephony", "voice")

__all__ = ["Base", "pretence", "states"]

for room in ROOMS:
    if find_spec(f"helpline.{room}") and find_spec(f"helpline.{room}.models"):
        importlib.import_module(f"helpline.{room}.models")
