"""The stand-in carrier: numbers, calls, recordings and a clock of its own. Knows TWILIO.md, and nothing of the helpline's code."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from helpline.simulator import clips
from helpline.simulator.call import Call
from helpline.simulator.callbacks import Callbacks
from helpline.simulator.line import Place
from helpline.simulator.links import Link
from helpline.simulator.media import Media
from helpline.simulator.mischief import Fields, Mischief
from helpline.simulator.outbound import Outbound
from helpline.simulator.parameters import (
    finished_fields,
    geography,
    recording_fields,
    standard_fields,
)
from helpline.simulator.recordings import Recording, Recordings
from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.rooms import Rooms
from helpline.simulator.runner import Run
from helpline.simulator.timeline import Timeline
from helpline.simulator.transport import Answer, Budget, Transport
from helpline.simulator.twiml import Verb
from helpline.simulator.webhooks import Exchange, Sender, Webhook, encode


@dataclass(frozen=True)
class Number:
    """How the carrier's numbers are configured: addresses relative to the application's base URL."""

    incoming: str = "/voice/incoming"
    status: str = "/voice/status"
    fallback: str = "/voice/fallback"


class Carrier:
    """A carrier for one account and one application.

    base_url: the application's public address. transport: `transport.over_http` or `transport.into_wsgi(app)`.
    clock: the moment now; virtual time that calls spend is added to it. strict: faults in the application's
    documents raise CarrierRefused instead of going to the fallback URL. api_url: the address that recordings get.
    per_second: how many of the application's calls begin to ring in a second. real_time: no virtual time is added, what
    is due happens when the clock says so.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        base_url: str,
        transport: Transport,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        strict: bool = True,
        number: Number | None = None,
        api_url: str = "https://api.twilio.com",
        mischief: Mischief | None = None,
        seed: int | None = None,
        per_second: float = 1.0,
        real_time: bool = False,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.base_url = base_url.rstrip("/") + "/"
        self.api_url = api_url.rstrip("/")
        self.number = number or Number()
        self.strict = strict
        self.mischief = mischief or Mischief()
        self.calls: dict[str, Call] = {}
        self.recordings = Recordings()
        self.real_time = real_time
        self.rooms = Rooms(self)
        self.outbound = Outbound(self, per_second=per_second)
        self._time = Timeline(clock, real_time=real_time)
        self._order = itertools.count()
        self._seed = secrets.token_hex(16) if seed is None else str(seed)
        self._sender = Sender(auth_token, transport, lambda: self.mischief, self.now)
        self._media = Media(self._sender, self.now)
        self._callbacks = Callbacks(self._sender, lambda: self.mischief)

    # --- what a test or a telephone does -------------------------------------------------------------------

    def dial(self, to: str, from_: str, *, url: str | None = None, strict: bool | None = None) -> Call:
        """Somebody dials `to` from `from_` (any text, as carriers send it: `anonymous`, a foreign number).

        Returns the call once it waits for the person, or has ended. Raises CarrierRefused in strict mode.
        """
        call = self.new_call(to, from_, "inbound", strict=strict)
        call.status = "ringing"
        run = Run(call, self)
        call.begin(run.script(Place(self.absolute(url or self.number.incoming))))
        return call

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request sent so far, with its answer, oldest first."""
        return self._sender.exchanges

    @property
    def saves_silence(self) -> bool:
        """Whether a recording of nothing is kept."""
        return self.mischief.saves_silence

    def now(self) -> datetime:
        """The carrier's moment: its clock, and the virtual time that has passed."""
        return self._time.now()

    def advance(self, seconds: float) -> None:
        """Let virtual time pass; what falls due happens."""
        self._time.reach(self.now() + timedelta(seconds=seconds))
        self._time.run_errands()

    def settle(self) -> None:
        """Let time pass until nothing is due any more: late recordings, calls whose turn it is, held status callbacks
        (last first). What rings goes on ringing: for that, `advance`."""
        self._callbacks.release()
        self._time.settle()
        self._time.run_errands()

    def replay(self, exchange: Exchange) -> Answer:
        """Send an old request again, to the letter: same signature, same body, same token."""
        return self._sender.transmit(
            replace(exchange, answer=None, error="", copy=True, at=self.now()), Budget()
        )

    def forge(
        self, path: str, fields: Fields, *, signature: str | None = None, method: str = "POST"
    ) -> Answer:
        """Send any form to the application; signed correctly unless a signature is given ("" for none)."""
        url = self.absolute(path)
        if signature is None:
            return self._sender.send(Webhook("voice", url, method, fields))[0]
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        if signature:
            headers.append(("X-Twilio-Signature", signature))
        from_form = Exchange("voice", "", method, url, fields, headers, encode(fields).encode(), self.now())
        return self._sender.transmit(from_form, Budget())

    @property
    def disagreements(self) -> list[tuple[Exchange, Exchange]]:
        """Pairs of the same webhook, sent twice by mischief, that were answered differently."""
        firsts = {_key(one): one for one in self.exchanges if not one.copy and one.kind != "media"}
        pairs = [(firsts[_key(one)], one) for one in self.exchanges if one.copy and _key(one) in firsts]
        return [(first, second) for first, second in pairs if _said(first) != _said(second)]

    # --- what a run asks of its carrier --------------------------------------------------------------------

    def ask(self, call: Call, place: Place) -> tuple[Answer, str]:
        """Request a document of a call."""
        if place.given:
            return Answer(200, [("Content-Type", "text/xml")], place.given), ""
        if not urlsplit(place.url).scheme:
            raise CarrierRefused(11100, f"{place.url!r} is relative, and its document has no address")
        hook = Webhook(
            place.kind,
            place.url,
            place.method,
            self.fields_of(call),
            list(place.extra),
            call.sid,
            call.cookies,
        )
        return self._sender.send(hook)

    def clip(self, call: Call, url: str) -> clips.Clip:
        """Fetch a file to be played: GET, no signature, no parameters; kept if its server says one may."""
        return self._media.fetch(url, call.sid)

    def keep(self, call: Call, verb: Verb, base: str, seconds: float, wav: bytes) -> Fields:
        """Keep a recording and arrange its callback; the parameters of the `<Record>` action."""
        # In real time a call is ahead by all the words that its person did not wait for: nobody else is.
        created = self.now() if self.real_time else call.at
        recording = Recording(
            sid=self.new_sid("RE"),
            call_sid=call.sid,
            created=created,
            ready=created + timedelta(seconds=self.mischief.recording_delay),
            seconds=max(1, round(seconds)),
            wav=wav,
            lost=self.mischief.recording_lost,
        )
        self.recordings.add(recording)
        self._arrange_recording_callback(call, verb, base, recording)
        return [
            ("RecordingUrl", self.recording_url(recording)),
            ("RecordingSid", recording.sid),
            ("RecordingDuration", str(recording.seconds)),
        ]

    def moved(self, call: Call) -> None:
        """A call has reached a later moment: time is that late for everybody."""
        self._time.reach(call.at)

    def over(self, call: Call, status: str) -> None:
        """A call has ended: tell the application, now or (reordered) later."""
        call.status, call.ended = status, True
        call.outcome = call.outcome or status
        self.report(call)
        self.outbound.is_over(call)

    def ring(self, link: Link, to: str, from_: str, dial: Verb, noun: Verb | None, base: str) -> Call:
        """Ring somebody at once, for a call that dials."""
        return self.outbound.ring(link, to, from_, dial, noun, base)

    def hang_up_on(self, link: Link) -> None:
        """Whoever dialled no longer waits or talks."""
        self.outbound.hang_up_on(link)

    def later(self, errand: Callable[[], None]) -> None:
        """Do something once no call of this thread is in the middle of a step."""
        self._time.later(errand)

    def report(self, call: Call) -> None:
        """Send the status callback for the status that the call has now, if it was asked for."""
        events = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}
        event = (events | {"initiated": "initiated"}).get(call.status, "completed")
        if not call.status_url or event not in call.status_events:
            return
        fields = self.fields_of(call) + finished_fields(call, call.events)
        call.events += 1
        self.tell("status", call.status_url, fields, call, call.status_method)

    def tell(self, kind: str, url: str, fields: Fields, call: Call | None, method: str = "POST") -> None:
        """Send a callback, mostly about a call; mischief may lose it or hold it back."""
        hook = Webhook(kind, self.absolute(url), method, fields)
        if call:
            hook = replace(hook, call_sid=call.sid, cookies=call.cookies)
        self._callbacks.send(hook, call.strict if call else self.strict)

    # --- shared with the REST side -------------------------------------------------------------------------

    def new_call(self, to: str, from_: str, direction: str, *, strict: bool | None = None) -> Call:
        """A call that has not begun."""
        call = Call(
            sid=self.new_sid("CA"),
            from_=from_,
            to=to,
            direction=direction,
            started=self.now(),
            strict=self.strict if strict is None else strict,
            fallback=self.absolute(self.number.fallback) if self.number.fallback else "",
            status_url=self.number.status,
            afterwards=self._time.run_errands,
        )
        self.calls[call.sid] = call
        return call

    def new_sid(self, kind: str) -> str:
        """An identifier as the carrier makes them."""
        return kind + hashlib.sha256(f"{self._seed} {next(self._order)}".encode()).hexdigest()[:32]

    def absolute(self, url: str) -> str:
        """A configured address, against the application's base URL."""
        return urljoin(self.base_url, url)

    def fields_of(self, call: Call) -> Fields:
        """The parameters that every webhook of this call carries."""
        return standard_fields(self.account_sid, call) + geography(call)

    def recording_url(self, recording: Recording) -> str:
        """The address under which a recording can be fetched."""
        return f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{recording.sid}"

    def at(self, moment: datetime, what: Callable[[], None], *, weak: bool = False) -> None:
        """Do something when time reaches a moment. `settle` does not wait for what is `weak`."""
        self._time.at(moment, what, weak=weak)

    # --- inside ----------------------------------------------------------------------------------------------

    def _arrange_recording_callback(self, call: Call, verb: Verb, base: str, recording: Recording) -> None:
        where = verb.get("recordingStatusCallback")
        wanted = verb.get("recordingStatusCallbackEvent", "completed").split(" ")
        method = verb.get("recordingStatusCallbackMethod", "POST")

        def tell(status: str) -> None:
            fields = recording_fields(self.account_sid, recording, self.recording_url(recording), status)
            self.tell("recording", urljoin(base, where), fields, call, method)

        if where and "in-progress" in wanted:
            self.at(recording.created, lambda: tell("in-progress"))
        final = "absent" if recording.lost else "completed"
        told = (lambda: tell(final)) if where and final in wanted else (lambda: None)
        self.at(recording.ready, told)


def _key(exchange: Exchange) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    return exchange.kind, exchange.call_sid, exchange.url, tuple(exchange.fields)


def _said(exchange: Exchange) -> tuple[int | None, bytes]:
    return exchange.status, exchange.answer.body if exchange.answer else b""
