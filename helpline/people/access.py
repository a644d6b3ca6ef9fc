"""Who may call which view: a mark on each view, and a search for views without one. Checks nobody by itself."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask

from helpline.people.roles import ROLES, Role
from helpline.people.scopes import Scope

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = "anyone"
CARRIER = "carrier"
SIGNED_IN = "signed in"
_TOKEN = "token "  # noqa: S105 - the beginning of a guard's name
_OR = " or "
_MARK = "helpline_guard"


def guarded(guard: str) -> Callable[[View], View]:
    """Mark a view with the guard that a request must pass; a view has one guard."""

    def mark(view: View) -> View:
        if getattr(view, _MARK, guard) != guard:
            raise ValueError(f"{view.__name__} has the guard {getattr(view, _MARK)} already")
        setattr(view, _MARK, guard)
        return view

    return mark


def anyone(view: View) -> View:
    """Everybody may: what it shows is public."""
    return guarded(ANYONE)(view)


def carrier_only(view: View) -> View:
    """Only with the carrier's good signature."""
    return guarded(CARRIER)(view)


def signed_in(view: View) -> View:
    """Every person who is signed in, whatever their roles."""
    return guarded(SIGNED_IN)(view)


def allowed(*roles: Role) -> Callable[[View], View]:
    """Only signed-in people with one of these roles. Raises ValueError for none."""
    if not roles:
        raise ValueError("allowed() needs a role; for everybody who is signed in there is signed_in")
    return guarded(_OR.join(sorted({Role(role) for role in roles})))


def token(scope: Scope) -> Callable[[View], View]:
    """Only another organisation's program, with a token that has this scope. Raises ValueError for an unknown one."""
    return guarded(_TOKEN + Scope(scope))


def scope_of(guard: str | None) -> Scope | None:
    """The scope that a token needs to pass this guard; None for a guard that no token opens."""
    if guard is None or not guard.startswith(_TOKEN):
        return None
    return Scope(guard.removeprefix(_TOKEN))


def admits(guard: str | None, roles: Collection[str] | None) -> bool:
    """Whether a guard lets somebody with these roles pass; `roles` is None for who is not signed in.

    False for the carrier's guard, which its signature opens and no role, for a token's, and for a view without a guard.
    """
    if guard == ANYONE:
        return True
    if guard == SIGNED_IN:
        return roles is not None
    wanted = set((guard or "").split(_OR)) & set(ROLES)
    return roles is not None and bool(wanted & set(roles))


def guard_of(view: Callable[..., Any] | None) -> str | None:
    """The guard of a view (of its class, where the view was made from one), or None when nobody gave it one."""
    if view is None:
        return None
    own: str | None = getattr(view, _MARK, None)
    return own or getattr(getattr(view, "view_class", None), _MARK, None)


def unguarded(app: Flask) -> list[str]:
    """Every rule of the application whose view has no guard, as `rule -> endpoint`, in order."""
    return sorted(
        f"{rule.rule} -> {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions.get(rule.endpoint)) is None
    )
