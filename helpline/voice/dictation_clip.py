"""Makes a clip of what was spoken into a telephone while its speaker waits, so that they hear what a caller would, or are told
that it cannot be used. A job of the worker that opens sounds; not for processes that answer callers."""

from helpline import clock, db
from helpline.voice import dictations, preparing
from helpline.voice.dictation_models import Dictation, Spoken, SpokenState


def prepare(spoken_id: int) -> None:
    """Make and judge the clip of one recording that was fetched. Safe to run twice, and at once: both make the same.

    Nothing happens for one that is judged, or not wanted any more. What came stays as it came: kept, it is the take's
    original, and the same clip is made of it again. No lock is held while the sound is worked on.
    """
    with db.transaction(durable=False) as session:
        spoken = session.get(Spoken, spoken_id)
        if spoken is None or spoken.judged_at is not None or spoken.wav is None:
            return
        raw, prompt = spoken.wav, spoken.prompt
        language = session.get_one(Dictation, spoken.dictation_id).language
        text = dictations.text_read(session, language, prompt, spoken.read_from)
    made, verdict = preparing.judged(raw, prompt=prompt, language=language, text=text or "")
    with db.transaction() as session:
        spoken = session.get_one(Spoken, spoken_id, with_for_update=True, populate_existing=True)
        if spoken.state != SpokenState.SPOKEN or spoken.judged_at is not None:
            return
        spoken.refusals = [remark.as_row() for remark in verdict.refusals]
        spoken.clip = made.clip if made is not None else None
        spoken.judged_at = clock.now()
