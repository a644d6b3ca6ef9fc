"""What an editor hears who records by telephone: a number, how it sounds now, the tone, what was recorded, a key. What is kept
goes to the draft as any other recording. Places no call (`dictations`), fetches nothing from the carrier (`dictating`).

Where the editor is, is in the address of each webhook; a webhook that comes twice is answered alike (`telephony.scripts`).
"""

import re
import secrets

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.db import states
from helpline.line import notices
from helpline.people import accounts, audit
from helpline.telephony import causes, legs
from helpline.telephony.models import Leg, LegState
from helpline.telephony.scripts import Digits, Key, Record, Says, Sound, Words
from helpline.voice import takes
from helpline.voice.catalogue import stem, text_hash
from helpline.voice.dictation_models import Dictation, Spoken, SpokenState
from helpline.voice.dictation_words import GUIDES, Guide
from helpline.voice.dictations import MOST_DIGITS, number_of, prompt_of, text_of, text_read
from helpline.voice.hearing import clip_now
from helpline.voice.measured import Unusable

SECONDS = 30
PATIENCE = 3
WAITS = 24
"""So many times somebody is let wait for their recording, a second each time, and what is said meanwhile."""
SPOKEN_TO = 3
"""After so many of them, each time, they are spoken to: nobody hears silence for longer."""
PATH = "/audio/spoken/{token}.wav"
_BEGIN = "begin"
_NUMBER = re.compile(r"number-([1-9])")
_SAID = re.compile(r"([1-9][0-9]{0,3})-([0-9a-f]{12})-([1-9])")
_WAIT = re.compile(r"wait-([1-9][0-9]{0,8})-([0-9]{1,2})")
_KEEP = re.compile(r"keep-([1-9][0-9]{0,8})-([1-9])")


def answered(session: Session, leg: Leg) -> Says:
    """Somebody, or something, picked up: 1 first, so that nobody else is led on and no voicemail speaks for them."""
    guide = GUIDES[leg.language]
    return Says(leg.language, _words(leg, guide.hello, guide.hello), Key(_BEGIN, 6), slow=True)


def pressed(session: Session, leg: Leg, stage: str, key: str) -> Says:
    """One key: 1 to begin; nothing while a recording is fetched; keep, again or another number after it was heard."""
    dictation = session.get_one(Dictation, leg.subject_id)
    if stage == _BEGIN:
        legs.press(session, leg, key)
        if leg.key != causes.YES:
            return Says(leg.language)
        return _present(session, leg, dictation, dictation.prompt) if dictation.prompt else _ask(leg)
    if leg.key != causes.YES:
        return Says(leg.language)
    if found := _WAIT.fullmatch(stage):
        return _awaited(session, leg, dictation, int(found[1]), int(found[2]))
    if found := _KEEP.fullmatch(stage):
        return _decided(session, leg, dictation, int(found[1]), int(found[2]), key)
    return Says(leg.language)


def keyed(session: Session, leg: Leg, stage: str, digits: str) -> Says:
    """The number of a prompt: how it sounds now, then the tone."""
    found, guide = _NUMBER.fullmatch(stage), GUIDES[leg.language]
    if found is None or leg.key != causes.YES:
        return Says(leg.language)
    dictation = session.get_one(Dictation, leg.subject_id)
    prompt = prompt_of(digits)
    if prompt is not None and text_of(session, dictation.language, prompt) is not None:
        return _present(session, leg, dictation, prompt)
    if int(found[1]) >= PATIENCE:
        return _bye(leg)
    return _ask(leg, *([guide.unknown] if digits else []), tries=int(found[1]) + 1)


def recorded(session: Session, leg: Leg, stage: str, sid: str, *, over: bool) -> Says:
    """Somebody has spoken: it is fetched, and heard again; who has hung up has not kept it."""
    found, guide = _SAID.fullmatch(stage), GUIDES[leg.language]
    dictation = session.get_one(Dictation, leg.subject_id)
    prompt = prompt_of(found[1]) if found else None
    if found is None or prompt is None or leg.key != causes.YES:
        return Says(leg.language)
    if not sid:
        if over or int(found[3]) >= PATIENCE:
            return _bye(leg)
        again = Record(f"{found[1]}-{found[2]}-{int(found[3]) + 1}", SECONDS)
        return Says(leg.language, _words(leg, guide.nothing, guide.speak), again)
    spoken = _spoken(session, dictation, sid, prompt, found[2])
    if spoken is None:
        return Says(leg.language)
    if over:
        settle(session, spoken, SpokenState.DROPPED, who=_who(dictation), why="hung up")
        return Says(leg.language)
    return Says(leg.language, _words(leg, guide.moment), Key(f"wait-{spoken.id}-1", 1))


def told(session: Session, leg: Leg, sid: str, *, absent: bool) -> None:
    """The carrier has a recording ready, or has none. One of which we know nothing yet is told of by the call itself."""
    spoken = _locked(session, Spoken.recording_sid == sid)
    if spoken is None or spoken.dictation_id != leg.subject_id:
        return
    if absent:
        spoken.at_carrier = False
        settle(session, spoken, SpokenState.LOST, who=legs.CARRIER, why="absent")
    elif spoken.at_carrier:
        db.ring(session, "fetch_spoken", spoken.id)


def left(session: Session, leg: Leg) -> Says:
    """The last words: such a leg is in no room."""
    return _bye(leg)


def leg_changed(leg_id: int) -> None:
    """The call has ended (a job): what was spoken and not kept is dropped. Safe to run twice."""
    with db.transaction() as session:
        leg = legs.by_id(session, leg_id)
        if leg is None or leg.state != LegState.ENDED:
            return
        dictation = session.get_one(Dictation, leg.subject_id)
        dictation.ended_at = dictation.ended_at or leg.ended_at or clock.now()
        open_ones = select(Spoken).where(
            Spoken.dictation_id == dictation.id, Spoken.state == SpokenState.SPOKEN
        )
        for spoken in session.scalars(open_ones.order_by(Spoken.id).with_for_update()).all():
            _end(session, dictation, spoken, why="hung up")


def settle(session: Session, spoken: Spoken, to: SpokenState, *, who: str, why: str) -> None:
    """Say what becomes of a locked recording, if that is still open: its sound goes, here and at the carrier."""
    if spoken.state != SpokenState.SPOKEN:
        return
    states.move(session, spoken, to, who=who, why=why)
    spoken.wav = spoken.clip = None
    if spoken.at_carrier:
        db.ring(session, "fetch_spoken", spoken.id)


def _awaited(session: Session, leg: Leg, dictation: Dictation, spoken_id: int, turn: int) -> Says:
    spoken, guide = _own(session, dictation, spoken_id), GUIDES[leg.language]
    if spoken is None:
        return Says(leg.language)
    if spoken.state == SpokenState.SPOKEN and spoken.judged_at is not None:
        return _heard(leg, spoken)
    if spoken.state == SpokenState.SPOKEN and turn < WAITS:
        said: tuple[Words, ...] = ()
        if turn % SPOKEN_TO == 0:
            said = _words(leg, guide.still)
            if spoken.at_carrier:
                db.ring(session, "fetch_spoken", spoken.id)  # the carrier's word that it is ready may be lost
            else:
                db.ring(session, "prepare_spoken", spoken.id, queue=takes.QUEUE)  # the bell may be, too
        return Says(leg.language, said, Key(f"wait-{spoken.id}-{turn + 1}", 1))
    if spoken.state == SpokenState.SPOKEN and spoken.wav is not None:
        return _heard(leg, spoken)  # the worker is busy: what was spoken is not lost for that
    settle(session, spoken, SpokenState.LOST, who=_who(dictation), why="did not arrive")
    return _again(leg, spoken, guide.lost)


def _heard(leg: Leg, spoken: Spoken, turn: int = 1) -> Says:
    """The clip and the keys; what cannot be used is not played: why not, and the keys without the one that keeps it."""
    guide = GUIDES[leg.language]
    said: tuple[Words | Sound, ...]
    if spoken.refusals:
        reason = guide.reasons.get(spoken.refusals[0]["name"], guide.not_usable)
        said = _words(leg, guide.refused.format(reason=reason), guide.refused_choices)
    else:
        before = guide.raw if spoken.judged_at is None else guide.again
        sound = Sound(PATH.format(token=spoken.token))
        said = (*_words(leg, before), sound, *_words(leg, guide.choices))
    return Says(leg.language, said, Key(f"keep-{spoken.id}-{turn}", 8))


def _decided(session: Session, leg: Leg, dictation: Dictation, spoken_id: int, turn: int, key: str) -> Says:
    spoken, guide = _own(session, dictation, spoken_id), GUIDES[leg.language]
    if spoken is None:
        return Says(leg.language)
    if spoken.state == SpokenState.SPOKEN:
        known = key in ({"2", "3"} if spoken.refusals else {"1", "2", "3"})
        if not known and turn < PATIENCE:
            return _heard(leg, spoken, turn + 1)
        spoken.key = key if known else ""
        if spoken.key != "1":
            _end(session, dictation, spoken, why=f"key {key}" if key else "silence")
        elif not _keep(session, dictation, spoken):
            settle(session, spoken, SpokenState.LOST, who=_who(dictation), why="its text is gone")
    if spoken.state == SpokenState.LOST:
        return _ask(leg, guide.lost)
    match spoken.key:
        case "1":
            return _ask(leg, guide.kept)
        case "2":
            return _again(leg, spoken)
        case "3":
            return _ask(leg)
        case _:
            return _bye(leg)


def _end(session: Session, dictation: Dictation, spoken: Spoken, *, why: str) -> None:
    """It was not kept: dropped, or it could not be used."""
    if not spoken.refusals:
        settle(session, spoken, SpokenState.DROPPED, who=_who(dictation), why=why)
        return
    name = spoken.refusals[0]["name"]
    settle(session, spoken, SpokenState.REFUSED, who=_who(dictation), why=name)
    about = f"prompt {dictation.language}/{spoken.prompt}"
    audit.record(session, _who(dictation), "refused_recording", about, way="telephone", why=name)


def _keep(session: Session, dictation: Dictation, spoken: Spoken) -> bool:
    """Hand it on as a take; False when nobody knows the text any more that was read."""
    words = text_read(session, dictation.language, spoken.prompt, spoken.read_from)
    if spoken.wav is None or words is None:
        return False
    try:
        spoken.take_id = takes.receive(
            session,
            spoken.wav,
            language=dictation.language,
            prompt=spoken.prompt,
            way="telephone",
            speaker=accounts.names(session, [dictation.person_id]).get(dictation.person_id),
            by_id=dictation.person_id,
            text=words,
        )
    except Unusable:
        return False
    settle(session, spoken, SpokenState.KEPT, who=_who(dictation), why="key 1")
    return True


def _present(session: Session, leg: Leg, dictation: Dictation, prompt: str) -> Says:
    """The number, how it sounds now, and the tone."""
    guide, language = GUIDES[leg.language], dictation.language
    said, number = text_of(session, language, prompt), number_of(prompt)
    if said is None or number is None:
        return _ask(leg, guide.unknown)
    clip = clip_now(session, language, prompt, text_hash(said))
    now = Sound(f"/audio/{clip}.wav") if clip else _as_written(session, language, prompt, stem(said))
    pieces = (*_words(leg, guide.number_is.format(number=number), guide.now), now, *_words(leg, guide.speak))
    return Says(leg.language, pieces, Record(f"{number}-{text_hash(said)}-1", SECONDS))


def _as_written(session: Session, language: str, prompt: str, said: str) -> Words:
    """The words, by the carrier's voice; of a notice that is not written in this language those of the language it has."""
    kept = None if said else notices.named(session, prompt)
    if kept is None:
        return Words(said, language)
    first = notices.first(kept)
    return Words(kept.texts[first], first)


def _again(leg: Leg, spoken: Spoken, *before: str) -> Says:
    """The tone once more, for the same words."""
    said = _words(leg, *before, GUIDES[leg.language].speak)
    return Says(leg.language, said, Record(f"{number_of(spoken.prompt)}-{spoken.read_from}-1", SECONDS))


def _ask(leg: Leg, *before: str, tries: int = 1) -> Says:
    return Says(
        leg.language, _words(leg, *before, _guide(leg).number), Digits(f"number-{tries}", MOST_DIGITS)
    )


def _bye(leg: Leg) -> Says:
    return Says(leg.language, _words(leg, _guide(leg).bye))


def _guide(leg: Leg) -> Guide:
    return GUIDES[leg.language]


def _words(leg: Leg, *sentences: str) -> tuple[Words, ...]:
    return tuple(Words(sentence, leg.language) for sentence in sentences)


def _spoken(session: Session, dictation: Dictation, sid: str, prompt: str, read_from: str) -> Spoken | None:
    """The row of a recording, made once; None when it is another call's."""
    row = {
        "dictation_id": dictation.id, "state": SpokenState.SPOKEN, "prompt": prompt, "read_from": read_from,
        "recording_sid": sid, "token": secrets.token_urlsafe(24), "at": clock.now(), "at_carrier": True,
    }  # fmt: skip
    made = session.execute(
        insert(Spoken)
        .values(row)
        .on_conflict_do_nothing(index_elements=["recording_sid"])
        .returning(Spoken.id)
    ).one_or_none()
    spoken = _locked(session, Spoken.recording_sid == sid)
    if spoken is None or spoken.dictation_id != dictation.id:
        return None
    if made is not None:
        states.begin(session, spoken, who=_who(dictation), why="recorded")
        db.ring(session, "fetch_spoken", spoken.id)
    return spoken


def _own(session: Session, dictation: Dictation, spoken_id: int) -> Spoken | None:
    spoken = _locked(session, Spoken.id == spoken_id)
    return spoken if spoken is not None and spoken.dictation_id == dictation.id else None


def _locked(session: Session, which: object) -> Spoken | None:
    wanted = select(Spoken).where(which).with_for_update()  # type: ignore[arg-type]
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _who(dictation: Dictation) -> str:
    return f"person {dictation.person_id}"
