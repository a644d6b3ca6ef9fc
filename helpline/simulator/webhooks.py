"""Sends one webhook as TWILIO.md §1 and §2 say: signed, within its budget, retried, redirected; and remembers what happened."""

from __future__ import annotations

import base64
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, quote_plus, unquote, urljoin, urlsplit

from helpline.simulator import overrides, signer
from helpline.simulator.mischief import Fields, Mischief
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.transport import Answer, Budget, Headers, NoAnswer, Transport

LONGEST_CHAIN = 10


@dataclass
class Exchange:
    """One request that the carrier sent and what came back; `error` says why nothing usable did.

    `kind`: voice, fallback, status, recording or media. `copy` marks a deliberate duplicate.
    """

    kind: str
    call_sid: str
    method: str
    url: str
    fields: Fields
    headers: Headers
    body: bytes
    at: datetime
    copy: bool = False
    answer: Answer | None = None
    error: str = ""

    @property
    def params(self) -> dict[str, str]:
        """The fields as a mapping."""
        return dict(self.fields)

    @property
    def status(self) -> int | None:
        """The HTTP status, or None when nothing came back."""
        return self.answer.status if self.answer else None

    @property
    def text(self) -> str:
        """The answer's body as text."""
        return self.answer.body.decode("utf-8", "replace") if self.answer else ""


@dataclass
class Webhook:
    """What is to be sent. `extra` are the verb's own parameters: a redirect loses them."""

    kind: str
    url: str
    method: str
    fields: Fields
    extra: Fields = field(default_factory=list)
    call_sid: str = ""
    cookies: dict[str, str] = field(default_factory=dict)


class Sender:
    """The carrier's outgoing side; `exchanges` is the record of everything sent. Safe to use from several threads."""

    def __init__(
        self,
        auth_token: str,
        transport: Transport,
        mischief: Callable[[], Mischief],
        now: Callable[[], datetime],
    ) -> None:
        self.exchanges: list[Exchange] = []
        self._token = auth_token
        self._transport = transport
        self._mischief = mischief
        self._now = now

    def send(self, hook: Webhook) -> tuple[Answer, str]:
        """Send a webhook, twice if mischief says so. Returns the answer and the URL it finally came from.

        Raises CarrierRefused when nothing usable came back (TWILIO.md §2.2).
        """
        if not self._mischief().duplicate:
            return self._with_retries(hook)
        if self._mischief().duplicate == "parallel":
            copier = threading.Thread(target=self._copy, args=(hook,))
            copier.start()
            try:
                return self._with_retries(hook)
            finally:
                copier.join()
        answer = self._with_retries(hook)
        self._copy(hook)
        return answer

    def _copy(self, hook: Webhook) -> None:
        """Send the duplicate; whatever becomes of it is in the record only."""
        try:
            self._with_retries(replace(hook, cookies=dict(hook.cookies)), copy=True)
        except CarrierRefused:
            return

    def _with_retries(self, hook: Webhook, *, copy: bool = False) -> tuple[Answer, str]:
        wanted = overrides.read(hook.url)
        deadline = time.monotonic() + wanted.budget.total
        attempt = 0
        while True:
            left = replace(wanted.budget, total=max(0.1, deadline - time.monotonic()))
            try:
                answer, url = self._follow(hook, left, copy)
                if answer.status < 400:
                    return answer, url
                code, why, reason = 11200, f"{answer.status // 100}xx", f"the answer was HTTP {answer.status}"
            except NoAnswer as nothing:
                code, why, reason = nothing.code, nothing.why, str(nothing)
            attempt += 1
            if attempt > wanted.retries or not wanted.again(why) or time.monotonic() >= deadline:
                raise CarrierRefused(code, reason, hook.url.partition("#")[0])

    def _follow(self, hook: Webhook, budget: Budget, copy: bool) -> tuple[Answer, str]:
        method, url, fields = hook.method, hook.url, hook.fields + hook.extra
        for _ in range(LONGEST_CHAIN + 1):
            answer = self._once(hook, method, url, fields, budget, copy)
            where = answer.header("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not where:
                return answer, url.partition("#")[0]
            url = urljoin(url, where)
            fields = hook.fields
            if answer.status in (301, 302, 303):
                method = "GET"
        raise NoAnswer(11215, "cut", f"more than {LONGEST_CHAIN} redirects")

    def _once(
        self, hook: Webhook, method: str, url: str, fields: Fields, budget: Budget, copy: bool
    ) -> Answer:
        bare = _without_user(url.partition("#")[0])
        plus = len(self.exchanges) % 2 == 0  # Twilio has been seen to do either
        form = encode(fields, plus=plus)
        token = self._token[::-1] + "x" if self._mischief().wrong_signature else self._token
        if method == "GET":
            bare += ("&" if "?" in bare else "?") + form
            signature, body = signer.sign_get(token, bare), b""
        else:
            signature, body = signer.sign_form(token, bare, fields), form.encode()
        headers = [
            ("Accept", "*/*"),
            ("User-Agent", "TwilioProxy/1.1"),
            ("X-Twilio-Signature", signature),
            ("I-Twilio-Idempotency-Token", str(uuid.uuid4())),
            ("X-Home-Region", "us1"),
        ]
        if method == "POST":
            kind = "application/x-www-form-urlencoded" + ("; charset=UTF-8" if plus else "")
            headers.append(("Content-Type", kind))
        if hook.cookies:
            headers.append(("Cookie", "; ".join(f"{k}={v}" for k, v in hook.cookies.items())))
        headers.extend(_basic(url))
        exchange = Exchange(hook.kind, hook.call_sid, method, bare, fields, headers, body, self._now(), copy)
        answer = self.transmit(exchange, budget)
        _keep_cookies(answer, hook.cookies)
        return answer

    def transmit(self, exchange: Exchange, budget: Budget) -> Answer:
        """Send exactly this request and write it down. Raises NoAnswer."""
        self.exchanges.append(exchange)
        try:
            exchange.answer = self._transport(
                exchange.method, exchange.url, exchange.headers, exchange.body, budget
            )
        except NoAnswer as nothing:
            exchange.error = str(nothing)
            raise
        return exchange.answer


def encode(fields: Fields, *, plus: bool = True) -> str:
    """A form body; spaces become `+` or `%20`."""
    escape = quote_plus if plus else (lambda text: quote(text, safe=""))
    return "&".join(f"{escape(name)}={escape(value)}" for name, value in fields)


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1) if "@" in parts.netloc else url


def _basic(url: str) -> Headers:
    parts = urlsplit(url)
    if parts.username is None:
        return []
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())]


def _keep_cookies(answer: Answer, cookies: dict[str, str]) -> None:
    for name, value in answer.headers:
        if name.lower() != "set-cookie":
            continue
        try:
            jar = SimpleCookie(value)
        except CookieError:
            raise CarrierRefused(11206, "a cookie with characters that cookies may not have") from None
        if not jar:
            raise CarrierRefused(11206, "a cookie that is not one")
        for key, morsel in jar.items():
            if morsel["max-age"] == "0" or not morsel.value:
                cookies.pop(key, None)
            else:
                cookies[key] = morsel.value
