"""Speaks with the stand-in's own API, for the telephone in the terminal. Refuses anything that is not a stand-in."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpline.faults import Faults
from helpline.simulator.refusal import NotPossible

DEFAULT = "http://127.0.0.1:8101"
PATIENCE = 60


def address(environ: Mapping[str, str] | None = None) -> str:
    """Where the stand-in is: TWILIO_API_URL, else what a running demo wrote into its data folder, else the default."""
    given = os.environ if environ is None else environ
    if given.get("TWILIO_API_URL"):
        return given["TWILIO_API_URL"].rstrip("/")
    file = Path(given.get("HELPLINE_DATA_DIR") or "var/demo") / "demo.env"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return (pairs.get("TWILIO_API_URL") or DEFAULT).strip().rstrip("/")


class Client:
    """One telephone: dials, and does what a person does in the call that is on. Every method returns the call's state."""

    def __init__(self, base: str, from_: str | None = None, to: str | None = None) -> None:
        """`from_` and `to` are dialled where a call names none. Raises Faults when no stand-in answers here."""
        self.base = base
        self.from_, self.to = from_, to
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Faults([f"TWILIO_API_URL: {base!r} is not an address"])
        if parts.hostname.endswith("twilio.com"):
            raise Faults(
                [f"TWILIO_API_URL: {base} is the real carrier; this telephone reaches only a stand-in"]
            )
        try:
            found = self._ask("GET", "")
        except NotPossible:
            found = {}
        if found.get("standin") != "carrier":
            raise Faults([f"what answers at {base} is not the stand-in carrier"])
        self.numbers: dict[str, str] = found["numbers"]
        self.call: dict[str, Any] = {"ended": True, "heard": []}

    def dial(self, from_: str | None = None, to: str | None = None) -> dict[str, Any]:
        """Dial; `withheld` hides the number. A call that is still on is hung up first."""
        if not self.call["ended"]:
            self.hang_up()
        from_, to = from_ or self.from_, to or self.to
        hidden = from_ and from_.lower() in ("withheld", "hidden", "anonymous")
        sent = {"from": "anonymous" if hidden else from_, "to": to}
        self.call = self._ask("POST", "/calls", {name: value for name, value in sent.items() if value})
        return self.call

    def press(self, keys: str) -> dict[str, Any]:
        """Press keys, then wait."""
        return self._act("press", {"digits": keys})

    def keep_silent(self) -> dict[str, Any]:
        """Let the time run out."""
        return self._act("silence", {})

    def speak(self, seconds: float, key: str = "") -> dict[str, Any]:
        """Speak a message for so long."""
        return self._act("speak", {"seconds": seconds, "key": key})

    def hang_up(self) -> dict[str, Any]:
        """Hang up."""
        return self._act("hangup", {})

    def _act(self, deed: str, what: dict[str, Any]) -> dict[str, Any]:
        if "id" not in self.call:
            raise NotPossible("nobody has dialled")
        self.call = self._ask("POST", f"/calls/{self.call['id']}/{deed}", what)
        return self.call

    def _ask(self, method: str, path: str, what: dict[str, Any] | None = None) -> dict[str, Any]:
        parts = urlsplit(self.base)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
        body = None if what is None else json.dumps(what)
        try:
            line.request(method, f"{parts.path}/standin{path}", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            raise Faults(
                [
                    f"no stand-in carrier answers at {self.base}: start one with `helpline demo`, or set TWILIO_API_URL"
                ]
            ) from None
        finally:
            line.close()
        try:
            found = json.loads(text)
        except ValueError:
            found = {}
        if not isinstance(found, dict) or status >= HTTPStatus.BAD_REQUEST:
            reason = found.get("error") if isinstance(found, dict) else None
            raise NotPossible(str(reason or f"the stand-in answered {status}"))
        return found
