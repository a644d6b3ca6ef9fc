"""One webhook from start to end: the engine decides, actions act, the journal remembers; whatever breaks behind it,
the caller gets an answer. Knows no HTTP."""

import logging
import time
from dataclasses import dataclass, replace

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import db
from helpline.calls import clips
from helpline.ivr import actions, journal
from helpline.ivr.caller import Caller
from helpline.ivr.engine import Heard, Position, Turn, answer
from helpline.ivr.errors import trace
from helpline.ivr.flow import Flow
from helpline.ivr.outcomes import UNAVAILABLE

log = logging.getLogger(__name__)

REST_SECONDS = 3.0
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Recorded:
    """A recording that came with a webhook: its sid at the carrier, and its seconds if they were said."""

    sid: str
    seconds: int | None


class _Breaker:
    """Leaves a database alone for a moment after it failed to answer, so that callers do not wait for it each time."""

    def __init__(self) -> None:
        self.until = 0.0

    def open(self) -> bool:
        return time.monotonic() < self.until

    def failed(self, error: Exception) -> None:
        if not isinstance(error, DBAPIError) or error.connection_invalidated or not error.statement:
            self.until = time.monotonic() + REST_SECONDS
        log.error("a step was not recorded: %s", type(error).__name__)


breaker = _Breaker()


def conduct(
    flow: Flow, caller: Caller, asked: Position, heard: Heard, recorded: Recorded | None = None
) -> Turn:
    """Answer one webhook: the turn as it was answered before, if it was; else decided, acted upon, written down.

    Never raises. What an action saved is committed before this returns, so the caller may be told.
    """
    caller.broken = breaker.open() or not caller.sid  # calls without a name must not share what they said
    turn = answer(flow, asked, heard)
    caller.pressed = turn.event.removeprefix("key ") if turn.event.startswith("key ") else ""
    if caller.broken:
        return _alone(flow, caller, turn)
    try:
        try:
            return _recorded(flow, caller, asked, turn, heard, recorded)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # A connection from before the database was started anew: once more, on fresh ones.
            db.redial()
            caller.forget()
            return _recorded(flow, caller, asked, turn, heard, recorded)
    except SQLAlchemyError as error:
        breaker.failed(error)
    except Exception as error:
        # A fault of ours in an action: the caller is led on in the same language, and the log has the trace.
        log.error("an action failed at step %s: %s", turn.position.step, trace(error))
    caller.broken = True
    caller.forget()
    turn = _alone(flow, caller, turn)
    if not breaker.open():
        _write_anyway(caller, asked, turn)
    return turn


def conduct_again(flow: Flow, caller: Caller, asked: Position) -> Turn:
    """The turn of a document that the carrier could not run: as it was answered, or the same question once more."""
    caller.broken = breaker.open() or not caller.sid
    if not caller.broken:
        try:
            turn = _again(flow, caller, asked)
            if turn:
                return turn
        except SQLAlchemyError as error:
            breaker.failed(error)
            caller.broken = True
    return answer(flow, replace(asked, turn=max(asked.turn - 1, 0)), Heard("start"))


def _recorded(
    flow: Flow, caller: Caller, asked: Position, turn: Turn, heard: Heard, recorded: Recorded | None
) -> Turn:
    turn = _without_database(flow, caller, turn)
    step = flow.steps.get(asked.step)
    private = (
        bool(turn.keeps) and step is not None and step.kind == "ask"
    )  # digits go to the draft, encrypted
    if not recorded and (private or actions.only_keeps(turn.step.action or "")):
        kept = _with_draft(flow, caller, asked, turn)
        if kept:
            return kept
    if turn.step.kind == "do" or recorded:
        return _with_actions(flow, caller, asked, turn, recorded)
    first = asked.turn == 0 and heard.kind == "start"
    if journal.arrive(caller, asked, turn) if first else journal.write(caller.sid, asked, turn):
        return turn
    return _again(flow, caller, asked) or turn


def _again(flow: Flow, caller: Caller, asked: Position) -> Turn | None:
    with db.quick() as connection:
        return journal.answered(connection, flow, caller.sid, asked)


def _without_database(flow: Flow, caller: Caller, turn: Turn) -> Turn:
    """Run the actions that need no database, as far as they lead."""
    for _ in range(LONGEST_CHAIN):
        caller.language = turn.position.language
        name = turn.step.action
        if not name or not actions.needs_no_database(name):
            break
        outcome = actions.run_alone(name, caller)
        went = answer(flow, turn.position, Heard("outcome", outcome), turn.says)
        turn = replace(went, event=turn.event, keeps=turn.keeps, did=(*turn.did, f"{name}={outcome}"))
    return turn


def _with_actions(flow: Flow, caller: Caller, asked: Position, turn: Turn, recorded: Recorded | None) -> Turn:
    with db.transaction(durable=recorded is not None) as session:
        if not journal.claim(session, caller.sid, asked):
            return journal.answered(session, flow, caller.sid, asked) or turn
        if recorded:
            clips.announced(
                session, caller.sid, flow.steps[asked.step].keeps or "message", recorded.sid, recorded.seconds
            )
        caller.open(session)
        turn = _act(flow, caller, turn, session)
        caller.settle(session)
        journal.complete(session, caller.sid, asked, turn)
    return turn


def _with_draft(flow: Flow, caller: Caller, asked: Position, turn: Turn) -> Turn | None:
    """Answer with what the caller said so far and nothing else, in two round trips; None when an action needs more."""
    caller.look()
    try:
        turn = _act(flow, caller, turn, None)
    except actions.NeedsSession:
        caller.forget()
        return None
    turn = replace(turn, keeps={})
    written = (
        caller.settle_with(journal.values_of(caller.sid, asked, turn))
        if caller.has_added
        else journal.write(caller.sid, asked, turn)
    )
    if written:
        return turn
    return _again(flow, caller, asked) or turn


def _act(flow: Flow, caller: Caller, turn: Turn, session: Session | None) -> Turn:
    """Keep what was said and run actions until the line waits for the caller again.

    Without a session the first action that needs one raises `NeedsSession`.
    """
    did, event = list(turn.did), turn.event
    for _ in range(LONGEST_CHAIN):
        caller.language = turn.position.language
        if turn.keeps:
            caller.keep(**turn.keeps)
        if turn.step.kind != "do":
            return replace(turn, event=event, did=tuple(did))
        outcome = actions.run(turn.step.action or "", caller, session)
        did.append(f"{turn.step.action}={outcome}")
        turn = answer(flow, turn.position, Heard("outcome", outcome), turn.says)
    raise RuntimeError(f"actions without end at step {turn.position.step}")


def _alone(flow: Flow, caller: Caller, turn: Turn) -> Turn:
    """Go on without the database: actions that need it answer that they are unavailable."""
    for _ in range(LONGEST_CHAIN):
        caller.language = turn.position.language
        if turn.step.kind != "do":
            return turn
        outcome = actions.run_alone(turn.step.action or "", caller)
        turn = answer(flow, turn.position, Heard("outcome", outcome), turn.says)
    return answer(flow, replace(turn.position, step=flow.sorry), Heard("start"))


def _write_anyway(caller: Caller, asked: Position, turn: Turn) -> None:
    """An action failed but the database answers: keep the journey, so that a repetition hears the same."""
    try:
        journal.write(caller.sid, asked, replace(turn, keeps={}, did=(UNAVAILABLE,)))
    except SQLAlchemyError as error:
        breaker.failed(error)
