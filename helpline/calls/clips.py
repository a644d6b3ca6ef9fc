"""What callers said after a tone: fetched from the carrier, kept encrypted, deleted there. Knows nothing of menus."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock
from helpline.calls import journeys
from helpline.calls.loudness import somebody_speaks
from helpline.calls.models import Clip, ClipState
from helpline.db import ring, transaction
from helpline.telephony.carrier import CarrierError, carrier

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(days=2)
GRACE = timedelta(minutes=2)
BATCH = 100


def announced(session: Session, call_sid: str, kind: str, recording_sid: str, seconds: int | None) -> None:
    """The caller's call goes on after a recording of this kind (`message name country`).

    The carrier's own word on it may have come before. A recording of no seconds is not a message.
    """
    clip = _row(session, call_sid, recording_sid)
    clip.kind = kind
    clip.seconds = clip.seconds if clip.seconds is not None else seconds
    if seconds == 0 and clip.state == ClipState.ANNOUNCED:
        clip.state = ClipState.ABSENT
        ring(session, "fetch_clip", recording_sid)
    session.flush()


def completed(
    session: Session,
    call_sid: str,
    recording_sid: str,
    seconds: int | None,
    *,
    kind: str | None = None,
    at: datetime | None = None,
) -> None:
    """The carrier says that the sound is ready: it is fetched after the commit. Twice is once."""
    clip = _row(session, call_sid, recording_sid, kind=kind, at=at)
    if seconds is not None:
        clip.seconds = seconds
    if clip.at_carrier:
        ring(session, "fetch_clip", recording_sid)
    session.flush()


def absent(session: Session, call_sid: str, recording_sid: str, *, kind: str | None = None) -> None:
    """The carrier says that there is no sound (perhaps without naming a recording). What we already hold stays."""
    if not recording_sid:
        return
    clip = _row(session, call_sid, recording_sid, kind=kind)
    if clip.state == ClipState.ANNOUNCED:
        clip.state = ClipState.ABSENT
        clip.at_carrier = False
        journeys.settle_again(session, call_sid)
    session.flush()


def fetch_clip(recording_sid: str) -> None:
    """Bring one recording home and delete it at the carrier. Safe to run twice, and at once.

    Not ready yet: nothing happens, the sweep asks again; after two days it is given up. Nobody speaks in it: it is
    absent. No lock is held while the carrier answers. Raises `CarrierError`.
    """
    with transaction() as session:
        clip = session.scalars(select(Clip).where(Clip.recording_sid == recording_sid)).one_or_none()
        if clip is None or not clip.at_carrier:
            return
        state, given_up = clip.state, clip.at < clock.now() - GIVEN_UP_AFTER
    if state == ClipState.ANNOUNCED:
        audio = carrier().recording(recording_sid)
        if audio is None and not given_up:
            return
        _keep(recording_sid, audio or b"")
    carrier().delete_recording(recording_sid)
    with transaction() as session:
        _locked(session, recording_sid).at_carrier = False


def overdue_clips() -> int:
    """Fetch or delete what the carrier still holds and should not, without the queue's help; how many were settled."""
    with transaction() as session:
        owed = select(Clip.recording_sid).where(Clip.at_carrier, Clip.at < clock.now() - GRACE)
        sids = list(session.scalars(owed.order_by(Clip.at.desc()).limit(BATCH)))
    for sid in sids:
        try:
            fetch_clip(sid)
        except CarrierError as error:
            log.warning("the carrier did not give or delete a recording: %s; it is asked again", error)
    with transaction() as session:
        left = select(func.count(Clip.id)).where(Clip.recording_sid.in_(sids), Clip.at_carrier)
        return len(sids) - session.scalars(left).one()


def left_message(session: Session, call_sid: str) -> bool:
    """Whether the caller left a message in this call, as far as is known now."""
    wanted = select(Clip.id).where(
        Clip.call_sid == call_sid, Clip.kind == "message", Clip.state != ClipState.ABSENT
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _keep(recording_sid: str, audio: bytes) -> None:
    spoken = somebody_speaks(audio)
    with transaction() as session:
        clip = _locked(session, recording_sid)
        if clip.state != ClipState.ANNOUNCED:
            return
        clip.state = ClipState.HELD if spoken else ClipState.ABSENT
        clip.audio = audio if spoken else None
        if not spoken:
            journeys.settle_again(session, clip.call_sid)


def _row(
    session: Session,
    call_sid: str,
    recording_sid: str,
    *,
    kind: str | None = None,
    at: datetime | None = None,
) -> Clip:
    values = {
        "call_sid": call_sid,
        "recording_sid": recording_sid,
        "kind": kind or "message",
        "state": ClipState.ANNOUNCED,
        "at_carrier": True,
        "at": at or clock.now(),
    }
    new = (
        insert(Clip)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["recording_sid"])
        .returning(Clip.id)
    )
    if session.execute(new).first() is not None:
        journeys.settle_again(session, call_sid)
    return _locked(session, recording_sid)


def _locked(session: Session, recording_sid: str) -> Clip:
    wanted = select(Clip).where(Clip.recording_sid == recording_sid).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
