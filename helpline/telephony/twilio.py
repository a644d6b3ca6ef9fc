"""Twilio, asked in our words: the only importer of twilio.rest. Knows nothing of callers."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from helpline.config import Settings
from helpline.phone import PhoneNumber
from helpline.telephony.carrier import CarrierCall, CarrierError, Declined, NotNow, Recording

SECONDS = 10
LARGEST_RECORDING = 8_000_000
# The carrier repeats a webhook that it could not deliver, within its 15 seconds: all of ours may be repeated.
RETRY = "#rc=2&rp=ct,rt,5xx&ct=2000&rt=6000"
_GONE = 404
_TOO_MANY = 429
_FIRST_REFUSAL, _FIRST_FAULT = 400, 500
_LISTED = 50
_EVENTS = ["initiated", "ringing", "answered", "completed"]
# A person says "pronto?" and waits; we wait as shortly as the carrier lets us before the first word.
_DETECTION = {
    "machine_detection": "Enable",
    "machine_detection_timeout": 6,
    "machine_detection_speech_end_threshold": 800,
    "machine_detection_silence_timeout": 2500,
}


class _At(TwilioHttpClient):
    """Twilio's own client, at another address when a stand-in is used, and never without a time-out."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=SECONDS)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        moved = urlsplit(url)._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        answer = super().request(method, moved, *args, **kwargs)
        if answer.status_code == _TOO_MANY:  # the client's own error forgets the headers
            raise NotNow("429", _retry_after(answer))
        return answer


class Twilio:
    """The carrier of these settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = Client(settings.account_sid, settings.auth_token, http_client=_At(settings.api_url))

    def recording(self, sid: str) -> bytes | None:
        """The sound as WAV; always with our credentials, since an account may demand them."""
        where = (
            f"{self.settings.api_url}/2010-04-01/Accounts/{self.settings.account_sid}/Recordings/{sid}.wav"
        )
        login = (self.settings.account_sid, self.settings.auth_token)
        try:
            with requests.get(where, auth=login, timeout=SECONDS, stream=True) as answer:
                if answer.status_code == _GONE:
                    return None
                answer.raise_for_status()
                sound = answer.raw.read(LARGEST_RECORDING + 1, decode_content=True)
        except requests.RequestException as error:
            raise CarrierError(f"recording: {type(error).__name__}") from None
        if len(sound) > LARGEST_RECORDING:
            raise CarrierError("recording: larger than any message may be")
        return bytes(sound)

    def delete_recording(self, sid: str) -> None:
        """Delete the sound at the carrier."""
        try:
            self.client.recordings(sid).delete()
        except TwilioRestException as error:
            if error.status != _GONE:
                raise _ours(error) from None
        except (TwilioException, requests.RequestException) as error:
            raise _ours(error) from None

    def recordings(self, since: datetime) -> list[Recording]:
        """All recordings made since then, newest first."""
        try:
            found = self.client.recordings.list(date_created_after=since.astimezone(UTC), page_size=1000)
        except (TwilioException, requests.RequestException) as error:
            raise _ours(error) from None
        return [
            Recording(r.sid or "", r.call_sid or "", _seconds(r.duration), r.date_created or since)
            for r in found
        ]

    def call(self, sid: str) -> CarrierCall | None:
        """The call as Twilio knows it now."""
        try:
            found = self.client.calls(sid).fetch()
        except TwilioRestException as error:
            if error.status == _GONE:
                return None
            raise _ours(error) from None
        except (TwilioException, requests.RequestException) as error:
            raise _ours(error) from None
        return _call(found)

    @property
    def calls_a_second(self) -> float:
        """As the settings say (`HELPLINE_CALLS_A_SECOND`)."""
        return self.settings.calls_a_second

    def place(self, to: PhoneNumber, path: str, *, ring_seconds: int, detect_machine: bool) -> str:
        """Call this number from the number for callbacks; the call's sid."""
        wanted: dict[str, Any] = _DETECTION if detect_machine else {}
        url = self.settings.public_url + path
        try:
            placed = self.client.calls.create(
                to=to.e164,
                from_=self.settings.callback_number,
                url=url + RETRY,
                status_callback=f"{url}/status{RETRY}",
                status_callback_event=_EVENTS,
                timeout=ring_seconds,
                **wanted,
            )
        except (TwilioException, requests.RequestException) as error:
            raise _placing(error) from None
        return placed.sid or ""

    def calls_to(self, to: PhoneNumber, since: datetime) -> list[CarrierCall]:
        """The calls placed to this number since then, oldest first.

        By number alone: a call that has not begun has no time to be listed by.
        """
        try:
            found = self.client.calls.list(to=to.e164, from_=self.settings.callback_number, limit=_LISTED)
        except (TwilioException, requests.RequestException) as error:
            raise _ours(error) from None
        calls = [_call(one) for one in found]
        dated = [(call.created_at, call) for call in calls if call.created_at and call.created_at >= since]
        return [call for _, call in sorted(dated, key=lambda pair: pair[0])]

    def end(self, sid: str, *, answered: bool) -> str:
        """End a call, or take it back while it rings; its status after that."""
        status = "completed" if answered else "canceled"
        try:
            return str(self.client.calls(sid).update(status=status).status)
        except (TwilioException, requests.RequestException) as error:
            raise _declined(error) from None

    def send(self, sid: str, path: str) -> None:
        """Send a live call to another document of ours."""
        try:
            self.client.calls(sid).update(url=self.settings.public_url + path + RETRY, method="POST")
        except (TwilioException, requests.RequestException) as error:
            raise _declined(error) from None

    def hold(self, room_sid: str, call_sid: str, path: str | None) -> None:
        """Hold a participant of a conference, or let them talk again."""
        participant = self.client.conferences(room_sid).participants(call_sid)
        try:
            if path is None:
                participant.update(hold=False)
            else:
                url = self.settings.public_url + path + RETRY
                participant.update(hold=True, hold_url=url, hold_method="POST")
        except (TwilioException, requests.RequestException) as error:
            raise _declined(error) from None


def _call(found: Any) -> CarrierCall:
    return CarrierCall(
        found.sid or "",
        str(vars(found).get("_from") or ""),
        found.to or "",
        str(found.status),
        found.start_time,
        _seconds(found.duration),
        found.date_created,
        found.answered_by,
    )


def _retry_after(answer: Response) -> float | None:
    """The seconds that a header asks us to wait (dates, which are allowed too, are not said by this carrier)."""
    text = str((answer.headers or {}).get("Retry-After", ""))
    return float(text) if text.isascii() and text.isdigit() else None


def _declined(error: Exception) -> CarrierError:
    """What an error about one live call means: any refusal of ours (4xx) is final."""
    if isinstance(error, TwilioRestException) and _FIRST_REFUSAL <= error.status < _FIRST_FAULT:
        return Declined(f"{error.status} {error.code}", error.code)
    return _ours(error)


def _placing(error: Exception) -> CarrierError:
    """What an error means for a call that was to be placed: refused, never asked for, or not known.

    Only who could not even connect has surely asked for nothing.
    """
    if isinstance(error, requests.ConnectTimeout) or (
        isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)
    ):
        return NotNow(type(error).__name__)
    return _declined(error)


def _seconds(duration: str | None) -> int | None:
    return int(duration) if duration and duration.isdigit() else None


def _ours(error: Exception) -> CarrierError:
    status = getattr(error, "status", "")
    return CarrierError(f"{type(error).__name__} {status}".strip())
