"""The form fields that webhooks carry (TWILIO.md §1.2 and §1.3). Pure."""

from __future__ import annotations

from email.utils import format_datetime

from helpline.simulator.call import Call
from helpline.simulator.mischief import Fields
from helpline.simulator.recordings import Recording

VERSION = "2010-04-01"
_TOWN = "Forlì"  # a town whose name is not ASCII, on purpose
_COUNTRIES = (("+39", "IT"), ("+49", "DE"), ("+33", "FR"), ("+880", "BD"), ("+212", "MA"), ("+44", "GB"))


def standard_fields(account_sid: str, call: Call) -> Fields:
    """What every request about a call carries, and one parameter that nobody has seen before."""
    return [
        ("CallSid", call.sid),
        ("AccountSid", account_sid),
        ("From", call.from_),
        ("To", call.to),
        ("Caller", call.from_),
        ("Called", call.to),
        ("CallStatus", call.status),
        ("ApiVersion", VERSION),
        ("Direction", call.direction),
        ("ParameterOfTomorrow", "però €"),
        *([("AnsweredBy", call.answered_by)] if call.answered_by else []),
    ]


def geography(call: Call) -> Fields:
    """Places, mostly unknown and therefore empty, one of them not ASCII."""
    fields: Fields = []
    for prefix, number in (
        ("From", call.from_),
        ("Caller", call.from_),
        ("To", call.to),
        ("Called", call.to),
    ):
        country = next((code for start, code in _COUNTRIES if number.startswith(start)), "")
        town = _TOWN if country == "IT" and prefix in ("From", "Caller") else ""
        fields += [
            (f"{prefix}City", town),
            (f"{prefix}State", ""),
            (f"{prefix}Zip", ""),
            (f"{prefix}Country", country),
        ]
    return fields


def finished_fields(call: Call, sequence: int) -> Fields:
    """What a status callback says besides."""
    fields = [
        ("Timestamp", format_datetime(call.at)),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(sequence)),
    ]
    if call.status == "completed":
        fields += [("CallDuration", str(call.duration)), ("Duration", str(max(1, -(-call.duration // 60))))]
    if call.status in ("busy", "no-answer", "failed", "canceled"):
        fields.append(("SipResponseCode", {"busy": "486", "failed": "404"}.get(call.status, "487")))
    return fields


def recording_fields(account_sid: str, recording: Recording, url: str, status: str) -> Fields:
    """What a recording's callback says: nothing about who called."""
    return [
        ("AccountSid", account_sid),
        ("CallSid", recording.call_sid),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", url),
        ("RecordingStatus", status),
        ("RecordingDuration", str(recording.seconds) if status == "completed" else "-1"),
        ("RecordingChannels", "1"),
        ("RecordingSource", "RecordVerb"),
        ("RecordingTrack", "inbound"),
        ("RecordingStartTime", format_datetime(recording.created)),
        ("ErrorCode", "0"),
    ]
