"""The console's cookies: their names, how long they live, and that no script and no other site may use them."""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import request
from werkzeug.wrappers import Response

SESSION = "session"
VISITOR = "visitor"
PENDING = "pending"
LANGUAGE = "language"
NOTICE = "notice"


@dataclass(frozen=True)
class Jar:
    """Reads and writes cookies. `secure`: the console is served over https, and its cookies go nowhere else."""

    key: bytes
    secure: bool

    def name(self, name: str) -> str:
        """The full name: over https one that only this very host can have set."""
        return f"__Host-{name}" if self.secure else name

    def get(self, name: str) -> str:
        """What the browser sent, or nothing."""
        return request.cookies.get(self.name(name), "")

    def put(self, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
        """Set a cookie for so many seconds, or until the browser is closed."""
        response.set_cookie(
            self.name(name),
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def drop(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie, if it has it."""
        if self.name(name) in request.cookies:
            response.delete_cookie(
                self.name(name), path="/", secure=self.secure, httponly=True, samesite="Lax"
            )

    def sign(self, purpose: str, text: str) -> str:
        """A mark that nobody else can make: of this text, for this purpose."""
        return hmac.new(self.key, f"console {purpose}\n{text}".encode(), sha256).hexdigest()

    def sealed(self, purpose: str, value: Any) -> str:
        """A value (JSON) with its mark, as a cookie holds it; readable, not forgeable."""
        text = base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode()
        return f"{text}.{self.sign(purpose, text)}"

    def unsealed(self, purpose: str, sealed: str) -> Any:
        """The value of `sealed`, or None when we never made that."""
        text, _, mark = sealed.rpartition(".")
        if not text or not same(mark, self.sign(purpose, text)):
            return None
        return json.loads(base64.urlsafe_b64decode(text))


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, found out in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
