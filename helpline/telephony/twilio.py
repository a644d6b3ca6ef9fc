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
from helpline.telephony.carrier import CarrierCall, CarrierError, Recording

SECONDS = 10
LARGEST_RECORDING = 8_000_000
_GONE = 404


class _At(TwilioHttpClient):
    """Twilio's own client, at another address when a stand-in is used, and never without a time-out."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=SECONDS)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        moved = urlsplit(url)._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        return super().request(method, moved, *args, **kwargs)


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
        return CarrierCall(
            sid,
            str(vars(found).get("_from") or ""),
            found.to or "",
            str(found.status),
            found.start_time,
            _seconds(found.duration),
        )


def _seconds(duration: str | None) -> int | None:
    return int(duration) if duration and duration.isdigit() else None


def _ours(error: Exception) -> CarrierError:
    status = getattr(error, "status", "")
    return CarrierError(f"{type(error).__name__} {status}".strip())
