"""The carrier's webhooks of calls that we place, and of the rooms they lead to: `telephony.scripts` decide what is said,
here it becomes TwiML. Whatever breaks, such a call ends in silence: nobody is told why we rang. Decides nothing."""

import logging
from collections.abc import Callable, Iterable
from functools import wraps

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session

from helpline import db, web
from helpline.calls import journeys
from helpline.config import Settings
from helpline.db import tallies
from helpline.faults import raise_if_any
from helpline.ivr import errors, posted, twiml
from helpline.languages import CODES
from helpline.live import holds
from helpline.mishaps import Mishap
from helpline.people.access import carrier_only
from helpline.telephony import causes, interpreting, legs, rooms, scripts
from helpline.telephony.models import Leg, LegState
from helpline.telephony.scripts import Digits, Join, Key, Record, Says, Sound, Words
from helpline.voice.library import Library
from helpline.voice.utterances import Fetched, Spoken, Utterance, utterances
from helpline.voice.voices import VOICES

log = logging.getLogger(__name__)

PROMPTS = (
    "take_call",
    "take_gone",
    "connecting_caller",
    "caller_not_reached",
    "callback_opening",
    "callback_opening_again",
    "callback_wait",
    "excuse_goodbye",
    "connecting_person",
    "goodbye",
)
"""What is said on legs and in rooms; each must have a text in every language."""
HELD = "callback_wait"
_SILENCE = "-"
_BREATH = 10
_HELD_BREATH = 20
_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32
_HANG_UP = twiml.last_words(())


def legs_blueprint(settings: Settings, library: Library) -> Blueprint:
    """All webhooks of calls that we place. Raises `Faults` when a text of theirs is missing."""
    raise_if_any(
        [
            f"prompts/{code}/texts.toml: {name}: missing, and calls that we place say it"
            for code in CODES
            for name in PROMPTS
            if name not in library.catalogue.texts[code]
        ]
    )
    hooks = LegWebhooks(settings, library)
    blueprint = Blueprint("legs", __name__, url_prefix="/voice")
    rules: tuple[tuple[str, Callable[..., bytes]], ...] = (
        ("/leg/<int:leg_id>", hooks.answered),
        ("/leg/<int:leg_id>/status", hooks.status),
        ("/leg/<int:leg_id>/key/<stage>", hooks.pressed),
        ("/leg/<int:leg_id>/keyed/<stage>", hooks.keyed),
        ("/leg/<int:leg_id>/recorded/<stage>", hooks.recorded),
        ("/leg/<int:leg_id>/recording", hooks.recording),
        ("/leg/<int:leg_id>/left", hooks.left),
        ("/join/<room>", hooks.joined),
        ("/join/<room>/left", hooks.guest_left),
        ("/room/<room>", hooks.room),
        ("/wait/<language>/<prompt>", hooks.wait),
        ("/held/<language>", hooks.held),
    )
    for rule, view in rules:
        blueprint.post(rule)(carrier_only(hooks.answering(view)))
    return blueprint


class LegWebhooks:
    """The views of one installation: each gives the TwiML that answers the request at hand."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self.settings, self.library = settings, library

    def answering(self, view: Callable[..., bytes]) -> Callable[..., Response]:
        """The view behind the signature: 403 without a good one, and always TwiML with one, whatever breaks."""

        @wraps(view)
        def answered(**where: object) -> Response:
            if not posted.signed(self.settings):
                log.warning("a webhook without the carrier's good signature was refused")
                tallies.count(Mishap.REFUSED)
                abort(403)
            try:
                body = view(**where)
            except Exception as error:
                log.error("a webhook of a leg failed: %s", errors.trace(error))
                tallies.count(Mishap.FAILED)
                body = _HANG_UP
            return web.Ready(body, twiml.CONTENT_TYPE)

        return answered

    def answered(self, leg_id: int) -> bytes:
        """Somebody, or something, picked up."""
        form = posted.form()
        with db.transaction() as session:
            leg = legs.heard(
                session,
                leg_id,
                form.get("CallSid", ""),
                "in-progress",
                answered_by=form.get("AnsweredBy"),
            )
            if leg is None or _is_over(leg):
                log.info("a call was answered that is nobody's any more: it is hung up")
                return _HANG_UP
            if leg.detect_machine and leg.answered_by is None:  # who asks for words listens no more
                leg.answered_by = causes.UNSURE
            return self._document(leg, scripts.of(leg.purpose).answered(session, leg))

    def pressed(self, leg_id: int, stage: str) -> bytes:
        """A key came, or none in time."""
        keys = [key for key in posted.form().get("Digits", "") if key in _KEYS]
        with db.transaction() as session:
            leg = self._own(session, leg_id)
            if leg is None or _is_over(leg):
                return _HANG_UP
            key = keys[0] if keys else ""
            return self._document(leg, scripts.of(leg.purpose).pressed(session, leg, stage, key))

    def keyed(self, leg_id: int, stage: str) -> bytes:
        """Keys came, or none in time."""
        digits = "".join(key for key in posted.form().get("Digits", "") if key in _KEYS)[:_MOST_KEYS]
        with db.transaction() as session:
            leg = self._own(session, leg_id)
            script = scripts.recording(leg.purpose) if leg is not None else None
            if leg is None or script is None or _is_over(leg):
                return _HANG_UP
            return self._document(leg, script.keyed(session, leg, stage, digits.rstrip("#")))

    def recorded(self, leg_id: int, stage: str) -> bytes:
        """Somebody of ours has spoken after a tone, or not; perhaps they have hung up, which this tells as well."""
        form = posted.form()
        sid = form.get("RecordingSid", "") or form.get("RecordingUrl", "").rpartition("/")[2]
        with db.transaction() as session:
            leg = self._own(session, leg_id)
            script = scripts.recording(leg.purpose) if leg is not None else None
            if leg is None or script is None:
                return _HANG_UP
            over = form.get("Digits") == "hangup" or _is_over(leg)
            return self._document(leg, script.recorded(session, leg, stage, sid, over=over))

    def recording(self, leg_id: int) -> bytes:
        """A recording of this leg's call is ready, or there is none."""
        form = posted.form()
        sid = form.get("RecordingSid", "")
        with db.transaction() as session:
            leg = self._own(session, leg_id)
            script = scripts.recording(leg.purpose) if leg is not None else None
            if leg is not None and script is not None and sid:
                script.told(session, leg, sid, absent=form.get("RecordingStatus") == "absent")
        return twiml.EMPTY

    def left(self, leg_id: int) -> bytes:
        """The room was left, or the leg was fetched out of it."""
        with db.transaction() as session:
            leg = self._own(session, leg_id)
            if leg is None:
                return _HANG_UP
            return self._document(leg, scripts.of(leg.purpose).left(session, leg))

    def status(self, leg_id: int) -> bytes:
        """The call's state changed, or it ended."""
        form = posted.form()
        with db.transaction() as session:
            legs.heard(
                session,
                leg_id,
                form.get("CallSid", ""),
                form.get("CallStatus", ""),
                sip=form.get("SipResponseCode"),
                answered_by=form.get("AnsweredBy"),
            )
        return twiml.EMPTY

    def joined(self, room: str) -> bytes:
        """A guest was fetched from where the call waited: into the room, unless it is over."""
        sid = posted.form().get("CallSid", "")
        with db.transaction() as session:
            found = rooms.named(session, room)
            if found is None or found.ended_at or found.guest_sid != sid:
                return _HANG_UP
            holds.joined(session, room)
            set_id = journeys.set_of(session, sid)  # the guest's call goes on: in its own words and voices
            found.set_id = set_id = self._set() if set_id is None else set_id
            said = self._say(found.language, [found.says] if found.says else [], set_id)
        left = f"/voice/join/{room}/left"
        return _into(said, Join(room), left=left, language=found.language, set_id=set_id)

    def guest_left(self, room: str) -> bytes:
        """The guest's talk is over, and the guest is still on the line."""
        with db.transaction() as session:
            found = rooms.seen(session, room)
        return twiml.last_words(self._say(found.language, ["goodbye"]) if found else [])

    def room(self, room: str) -> bytes:
        """Something happened in a room."""
        form = posted.form()
        with db.transaction() as session:
            if rooms.heard(session, room, form.get("ConferenceSid", ""), form.get("StatusCallbackEvent", "")):
                interpreting.dismiss(session, room, who=legs.CARRIER)
        return twiml.EMPTY

    def wait(self, language: str, prompt: str) -> bytes:
        """What is heard by who is alone in a room; needs no database."""
        words = [prompt] if prompt in PROMPTS and language in CODES else []
        again = f"/voice/wait/{language}/{prompt}?set={self._set()}"
        return twiml.wait([], self._say(language, words), seconds=_BREATH, again=again)

    def held(self, language: str) -> bytes:
        """What a guest hears on hold; needs no database."""
        words = self._say(language, [HELD] if language in CODES else [])
        again = f"/voice/held/{language}?set={self._set()}"
        return twiml.wait(words, [], seconds=_HELD_BREATH, again=again)

    def _own(self, session: Session, leg_id: int) -> Leg | None:
        """The leg, locked, if the request is about its own call."""
        leg = legs.locked(session, leg_id)
        return leg if leg is not None and leg.sid == posted.form().get("CallSid") else None

    def _document(self, leg: Leg, says: Says) -> bytes:
        if not causes.may_hear(leg):  # whatever its purpose would say: no message is left
            return _HANG_UP
        set_id = (
            self._set() if leg.set_id is None else leg.set_id
        )  # its first words decide, and it keeps them
        leg.set_id = set_id
        prompts = [one for one in says.prompts if isinstance(one, str)]
        if isinstance(says.then, Join):
            said = self._say(says.language, prompts, set_id)
            left = f"/voice/leg/{leg.id}/left"
            return _into(said, says.then, left=left, language=says.language, set_id=set_id)
        pieces = [piece for one in says.prompts for piece in self._pieces(says.language, one, set_id)]
        here, kept = f"/voice/leg/{leg.id}", f"?set={set_id}"
        match says.then:
            case Key(stage, seconds):
                action = f"{here}/key/{stage}{kept}"
                return twiml.key(pieces, action=action, seconds=seconds, slow=says.slow)
            case Digits(stage, most, seconds):
                return twiml.keys(pieces, action=f"{here}/keyed/{stage}{kept}", most=most, seconds=seconds)
            case Record(stage, seconds, pause):
                action, told = f"{here}/recorded/{stage}{kept}", f"{here}/recording"
                return twiml.record(pieces, action=action, told=told, seconds=seconds, pause=pause)
            case _:
                return twiml.last_words(pieces)

    def _pieces(self, language: str, one: str | Words | Sound, set_id: int) -> list[twiml.Piece]:
        match one:
            case Words(text, spoken):
                voice = VOICES[spoken]
                return [Spoken(text, voice.voice, voice.language)]
            case Sound(path):
                return [Fetched(path)]
            case _:
                return list(self._say(language, [one], set_id))

    def _set(self) -> int:
        """The set that this call began with, as its address says; the newest, where none stands there yet."""
        asked = posted.whole(request.args.get("set"))
        return self.library.manifest().set_id if asked is None else asked

    def _say(self, language: str, prompts: Iterable[str], set_id: int | None = None) -> list[Utterance]:
        manifest = self.library.manifest(self._set() if set_id is None else set_id)
        return [piece for name in prompts for piece in utterances(manifest, language, name)]


def _is_over(leg: Leg) -> bool:
    return leg.state == LegState.ENDED or leg.wanted == "end"


def _into(said: list[Utterance], joins: Join, *, left: str, language: str, set_id: int) -> bytes:
    kept, told = f"?set={set_id}", f"/voice/room/{joins.room}"
    wait = f"/voice/wait/{language}/{joins.wait or _SILENCE}{kept}"
    return twiml.join(said, room=joins.room, ends=joins.ends, wait=wait, left=left + kept, told=told)
