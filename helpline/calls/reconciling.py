"""Compares what we know with the carrier's own lists: lost messages, calls whose end nobody told us of."""

from datetime import datetime, timedelta

from sqlalchemy import select

from helpline import clock, phone
from helpline.calls import clips, journeys
from helpline.calls.models import Call, Clip
from helpline.db import transaction
from helpline.telephony import legs
from helpline.telephony.carrier import Recording, carrier

LOOKED_BACK = timedelta(days=2)
GRACE = timedelta(minutes=5)


def reconcile(since: datetime | None = None) -> int:
    """Bring in recordings that the carrier holds and we know nothing of, with their calls; how many.

    `since`: two days back unless given. What is minutes old is left to its own webhooks. Raises `CarrierError`.
    """
    now = clock.now()
    brought = 0
    for recording in carrier().recordings(since or now - LOOKED_BACK):
        if recording.at < now - GRACE and _bring_in(recording):
            brought += 1
    return brought


def settle_lost_calls() -> int:
    """Ask the carrier about calls that should have ended hours ago; how many ended. Raises `CarrierError`."""
    with transaction() as session:
        sids = journeys.never_ended(session)
    ended = 0
    for sid in sids:
        known = carrier().call(sid)
        with transaction() as session:
            status = known.status if known else "completed"
            changed = journeys.status(session, sid, status, seconds=known.seconds if known else None)
            ended += changed and status in journeys.FINAL
    return ended


def _bring_in(recording: Recording) -> bool:
    with transaction() as session:
        clip = session.scalars(select(Clip).where(Clip.recording_sid == recording.sid)).one_or_none()
        if clip is not None:
            # We may have believed it deleted: the sweep of clips asks for that again.
            clip.at_carrier = True
            return False
        ours = legs.of_call(session, recording.call_sid) is not None
        known_call = session.scalars(select(Call.id).where(Call.sid == recording.call_sid)).one_or_none()
    if ours:  # spoken by one of ours on a call that we placed: no caller's message, and fetched by now if it was wanted
        carrier().delete_recording(recording.sid)
        return False
    told = carrier().call(recording.call_sid) if known_call is None else None
    with transaction() as session:
        if told is not None:
            journeys.begin(session, told.sid, phone.parse(told.from_), told.to or None)
            journeys.status(session, told.sid, told.status, seconds=told.seconds)
        clips.completed(session, recording.call_sid, recording.sid, recording.seconds, at=recording.at)
    return True
