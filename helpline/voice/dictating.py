"""Brings home what was spoken into a telephone, and deletes it at the carrier: jobs and a sweep. Decides nothing."""

import logging
from datetime import timedelta

from sqlalchemy import func, select

from helpline import clock, db
from helpline.telephony.carrier import CarrierError, carrier
from helpline.voice import takes
from helpline.voice.dictation_models import Spoken, SpokenState

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=30)
BATCH = 50


def fetch(spoken_id: int) -> None:
    """Fetch one recording while somebody waits to hear it again, then delete it at the carrier; the worker is rung to make a clip of it. One that is not wanted any
    more is only deleted. Safe to run twice, and at once. Not ready yet: nothing happens, it is asked for again.

    No lock is held while the carrier answers. Raises `CarrierError`.
    """
    with db.transaction() as session:
        spoken = session.get(Spoken, spoken_id)
        if spoken is None or not spoken.at_carrier:
            return
        sid, wanted = spoken.recording_sid, spoken.state == SpokenState.SPOKEN and spoken.wav is None
    if wanted:
        sound = carrier().recording(sid)
        if sound is None:
            return
        with db.transaction() as session:
            spoken = session.get_one(Spoken, spoken_id, with_for_update=True, populate_existing=True)
            if spoken.state == SpokenState.SPOKEN:
                spoken.wav = sound
                db.ring(session, "prepare_spoken", spoken.id, queue=takes.QUEUE)
    carrier().delete_recording(sid)
    with db.transaction() as session:
        session.get_one(Spoken, spoken_id, with_for_update=True, populate_existing=True).at_carrier = False


def sweep() -> int:
    """Fetch or delete what the carrier still holds and should not, without the queue's help; how many were settled."""
    with db.transaction() as session:
        owed = select(Spoken.id).where(Spoken.at_carrier, Spoken.at < clock.now() - GRACE)
        ids = list(session.scalars(owed.order_by(Spoken.at).limit(BATCH)))
    for spoken_id in ids:
        try:
            fetch(spoken_id)
        except CarrierError as error:
            log.warning(
                "the carrier did not give or delete a recording of ours: %s; it is asked again", error
            )
    with db.transaction() as session:
        left = select(func.count(Spoken.id)).where(Spoken.id.in_(ids), Spoken.at_carrier)
        return len(ids) - session.scalars(left).one()


def sound(token: str) -> bytes | None:
    """What a caller would hear, for the carrier that plays it back on the same call (what was spoken, if nobody has got
    to making it); None once it is kept or dropped."""
    with db.transaction(durable=False) as session:
        heard = select(func.coalesce(Spoken.clip, Spoken.wav)).where(Spoken.token == token)
        return session.scalars(heard).one_or_none()
