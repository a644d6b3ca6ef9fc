"""The carrier's webhooks: checked, parsed, handed to `conduct`, answered in TwiML. Decides nothing about the call."""

import logging
import re
from collections.abc import Callable, Mapping
from functools import wraps

from flask import Blueprint, Response, abort
from sqlalchemy.exc import SQLAlchemyError

from helpline import db, web
from helpline.calls import clips, journeys, probes
from helpline.config import Settings
from helpline.db import tallies
from helpline.ivr import errors, journal, posted, speaking
from helpline.ivr.caller import Caller
from helpline.ivr.conduct import Recorded, breaker, conduct, conduct_again
from helpline.ivr.engine import NO_LANGUAGE, Heard, Position
from helpline.ivr.flow import Flow
from helpline.ivr.twiml import CONTENT_TYPE, EMPTY
from helpline.languages import CODES
from helpline.mishaps import Mishap
from helpline.people.access import carrier_only
from helpline.voice.catalogue import Catalogue
from helpline.voice.library import Library

log = logging.getLogger(__name__)

_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32
_ONLY_A_KEY = 1  # seconds: whoever presses a key at the tone has said nothing
_NO_MESSAGE = 2  # seconds: a breath, or the way to hanging up; a name or a country is shorter than that
_ERROR_CODE = re.compile(r'"error_code"\s*:\s*"?([0-9]{5})\b')
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def voice_blueprint(settings: Settings, flow: Flow, library: Library) -> Blueprint:
    """All webhooks of a call. The number is configured with `/voice/incoming`; the rest is found in the TwiML."""
    hooks = Webhooks(settings, flow, library)
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    rules: tuple[tuple[str, Callable[..., bytes]], ...] = (
        ("/incoming", hooks.incoming),
        ("/heard/<int:set_id>/<language>/<step>/<int:turn>/<int:tries>", hooks.heard),
        ("/status", hooks.status),
        ("/recording/<any(message, name, country):kind>", hooks.recording),
        ("/fallback", hooks.fallback),
        ("/debugger", hooks.debugger),
        ("/<path:lost>", hooks.elsewhere),
    )
    for rule, view in rules:
        blueprint.post(rule)(carrier_only(hooks.answering(view)))
    return blueprint


class Webhooks:
    """The views of one installation: each gives the TwiML that answers the request at hand."""

    def __init__(self, settings: Settings, flow: Flow, library: Library) -> None:
        self.settings, self.flow, self.library = settings, flow, library
        self.speaker = speaking.Speaker(flow, library)

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
                log.error("a webhook failed: %s", errors.trace(error))
                tallies.count(Mishap.FAILED)
                body = errors.sorry(self._catalogue(where.get("set_id")), str(where.get("language", "")))
            return web.Ready(body, CONTENT_TYPE)

        return answered

    def incoming(self) -> bytes:
        """A call begins: the language menu, with the line of the language first that this number used last."""
        caller = self._caller(NO_LANGUAGE)
        set_id = self.library.manifest().set_id
        said = self._tell(caller, Position(set_id, NO_LANGUAGE, self.flow.start, 0, 0), Heard("start"))
        if probes.is_probe(caller.sid) and not breaker.open():
            probes.forget(caller.sid)
        return said

    def heard(self, set_id: int, language: str, step: str, turn: int, tries: int) -> bytes:
        """What the caller did with document `turn`."""
        language = language if language in CODES else NO_LANGUAGE
        what, recorded = _heard(self.flow, step)
        caller = self._caller(language, set_id)
        return self._tell(caller, Position(set_id, language, step, turn, tries), what, recorded)

    def status(self) -> bytes:
        """The call's state changed, or it ended."""
        form = posted.form()
        with db.transaction() as session:
            journeys.status(
                session,
                form.get("CallSid", ""),
                form.get("CallStatus", ""),
                sequence=posted.whole(form.get("SequenceNumber")),
                seconds=posted.whole(form.get("CallDuration")),
            )
        return EMPTY

    def recording(self, kind: str) -> bytes:
        """A recording of this kind is ready, or there was nothing to record."""
        form = posted.form()
        call, sid = form.get("CallSid", ""), form.get("RecordingSid", "")
        with db.transaction() as session:
            if sid and form.get("RecordingStatus") == "absent":
                clips.absent(session, call, sid, kind=kind)
            elif sid:
                clips.completed(session, call, sid, posted.whole(form.get("RecordingDuration")), kind=kind)
        return EMPTY

    def fallback(self) -> bytes:
        """The carrier could not run our document: say the same again with its own voices, in the same language."""
        form = posted.form()
        log.warning("the carrier could not run a document: error %s", posted.whole(form.get("ErrorCode")))
        tallies.count(Mishap.RESCUED)
        newest = self.library.manifest().set_id
        asked = errors.position_of(form.get("ErrorUrl", ""), self.flow, newest_set=newest)
        caller = self._caller(asked.language, asked.set_id)
        if form.get("CallStatus") in _ENDED:
            return EMPTY
        if asked.turn == 0:
            _begin(caller, asked.set_id)  # the first webhook itself may never have reached us
        _note_unplayed(caller.sid, asked, form)
        return self.speaker.document(conduct_again(self.flow, caller, asked), caller, plain=True)

    def debugger(self) -> bytes:
        """The carrier reports an error of its own: its number is counted. What else it sends may hold what callers did, and
        is not read."""
        form = posted.form()
        if form.get("Level", "").upper() == "ERROR":
            number = _ERROR_CODE.search(form.get("Payload", ""))
            tallies.count(f"{Mishap.ERROR} {number[1] if number else 0}")
        return EMPTY

    def elsewhere(self, lost: str) -> bytes:
        """An address of ours that no version knows: the caller goes on from the nearest place there is."""
        asked = errors.position_of(f"/voice/{lost}", self.flow, newest_set=self.library.manifest().set_id)
        caller = self._caller(asked.language, asked.set_id)
        return self.speaker.document(conduct_again(self.flow, caller, asked), caller)

    def _tell(self, caller: Caller, asked: Position, heard: Heard, recorded: Recorded | None = None) -> bytes:
        return self.speaker.document(conduct(self.flow, caller, asked, heard, recorded), caller)

    def _caller(self, language: str, set_id: int | None = None) -> Caller:
        """Who is on the line; what they hear, and agree to, is in the words of the set with which their call began."""
        form, catalogue = posted.form(), self._catalogue(set_id)
        sid, from_, to = (form.get(name, "") for name in ("CallSid", "From", "To"))
        return Caller(self.settings, catalogue, sid, from_, to, language)

    def _catalogue(self, set_id: object) -> Catalogue:
        return self.library.manifest(set_id if isinstance(set_id, int) else None).catalogue


def _begin(caller: Caller, set_id: int) -> None:
    if breaker.open() or not caller.sid:
        return
    try:
        with db.transaction(durable=False) as session:
            journeys.begin(session, caller.sid, caller.dialled_from, caller.to, set_id=set_id)
    except SQLAlchemyError as error:
        breaker.failed(error)


def _note_unplayed(sid: str, asked: Position, form: Mapping[str, str]) -> None:
    """The journey says that the caller did not hear what it says was said. Where that cannot be noted, the call goes on."""
    code = posted.whole(form.get("ErrorCode"))
    if breaker.open() or not sid or code is None or "/voice/" not in form.get("ErrorUrl", ""):
        return
    try:
        journal.unplayed(sid, asked, code)
    except SQLAlchemyError as error:
        breaker.failed(error)


def _heard(flow: Flow, name: str) -> tuple[Heard, Recorded | None]:
    """What a webhook says the caller did, as the engine calls it."""
    form = posted.form()
    step = flow.steps.get(name)
    keys = "".join(key for key in form.get("Digits", "") if key in _KEYS)[:_MOST_KEYS]
    if step and step.kind == "record":
        seconds = posted.whole(form.get("RecordingDuration"))
        sid = form.get("RecordingSid", "") or form.get("RecordingUrl", "").rpartition("/")[2]
        if not sid:
            return Heard("nothing"), None
        if step.refuse and keys == step.refuse:
            return Heard("skipped"), Recorded(sid, 0)
        short = _NO_MESSAGE if step.keeps in {None, "message"} else 0
        if (seconds is not None and seconds <= short) or (
            keys and seconds is not None and seconds <= _ONLY_A_KEY
        ):
            return Heard("nothing"), Recorded(sid, 0)
        return Heard("recorded"), Recorded(sid, seconds)
    if keys:
        return Heard("keys", keys), None
    return (Heard("keys", "#") if form.get("FinishedOnKey") == "#" else Heard("silence")), None
