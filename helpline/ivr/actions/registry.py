"""The menu's actions by name: which there are, which must reach the disk, what they answer without the database."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from helpline import db
from helpline.ivr.caller import Caller
from helpline.ivr.outcomes import ACTIONS, UNAVAILABLE

Action = Callable[[Caller, Session], str]
Alone = Callable[[Caller], str]
Function = TypeVar("Function", bound=Callable[..., str])

_actions: dict[str, Action] = {}
_alone: dict[str, Alone] = {}
_needing_nothing: set[str] = set()
_keeping: dict[str, Alone] = {}
_durable: set[str] = set()


class NeedsSession(Exception):
    """The action asks or changes more than what the caller has said so far."""


def run(name: str, caller: Caller, session: Session | None) -> str:
    """Run the action of this name in the session's transaction; its outcome is one that the flow routes.

    Without a session only actions that `only_keep` can run, or that need nothing; others raise `NeedsSession`.
    """
    if session is None:
        if name not in _keeping and name not in _needing_nothing:
            raise NeedsSession(name)
        outcome = (_keeping.get(name) or _alone[name])(caller)
    else:
        if name in _durable:
            db.make_durable(session)
        outcome = _actions[name](caller, session)
    if outcome not in ACTIONS[name]:
        raise ValueError(f"action {name} answered {outcome}, which nothing routes")
    return outcome


def needs_no_database(name: str) -> bool:
    """Whether the action asks and changes nothing that is in the database."""
    return name in _needing_nothing


def only_keeps(name: str) -> bool:
    """Whether the action reads and changes nothing but what the caller has said so far."""
    return name in _keeping


def run_alone(name: str, caller: Caller) -> str:
    """What the action answers while the database does not."""
    alone = _alone.get(name)
    return alone(caller) if alone else UNAVAILABLE


def names() -> frozenset[str]:
    """Every action there is."""
    return frozenset(_actions)


def action(function: Action) -> Action:
    """An action that asks or changes other things than what the caller said so far."""
    _actions[function.__name__] = function
    return function


def keeping(function: Alone) -> Alone:
    """An action on what the caller said so far and on nothing else: no transaction needs to be opened for it."""
    name = function.__name__
    _keeping[name] = function
    _actions[name] = lambda caller, session: function(caller)
    return function


def saving(function: Action) -> Action:
    """An action after which the caller is told that something was done, or has no other try: the disk says so first."""
    _durable.add(function.__name__)
    return action(function)


def needing_nothing(function: Alone) -> Alone:
    """An action that asks and changes nothing in the database, and so works without one."""
    name = function.__name__
    _alone[name] = function
    _needing_nothing.add(name)
    _actions[name] = lambda caller, session: function(caller)
    return function


def otherwise(answer: str | Alone) -> Callable[[Function], Function]:
    """Marks an action with something better to answer than `unavailable` while the database does not: an outcome, or
    a function of the caller that gives one."""

    def register(function: Function) -> Function:
        _alone[function.__name__] = (lambda caller: answer) if isinstance(answer, str) else answer
        return function

    return register
