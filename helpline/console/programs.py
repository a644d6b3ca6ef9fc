"""How an organisation's programs are joined to ours: tokens, addresses for webhooks, what was told. Asks `api`.

Its own members see it, coordinators and administrators that of any organisation; another's is not there.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.api import endpoints, tokens, told
from helpline.console import forms as parsing
from helpline.console import programs_words
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.offers_words import by_whom
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.console.signing_in import address, refusal
from helpline.faults import Faults
from helpline.people import accounts, register, signing_in
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import overview, projects

T = TypeVar("T")
LINES = 30
KEEPERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
keepers = allowed(*KEEPERS)
concerned = allowed(Role.ENTITY_MEMBER, *KEEPERS)


@keepers
def listed() -> Response:
    """All organisations, each leading to its programs."""
    with db.transaction(durable=False) as session:
        entities = overview.entity_names(session)
        open_tokens = Counter(row.entity_id for row in tokens.listed(session) if row.opens)
        open_endpoints = Counter(row.entity_id for row in endpoints.listed(session) if not row.ended_at)
    return page("programs/list.html", entities=entities, tokens=open_tokens, endpoints=open_endpoints)


@concerned
def one(entity_id: str) -> Response:
    """The programs of one organisation."""
    return _one(_mine(entity_id))


@concerned
def deliveries(entity_id: str) -> Response:
    """What was told lately, for the part of the page that looks by itself."""
    with db.transaction(durable=False) as session:
        return part("programs/deliveries.html", **_deliveries(session, _mine(entity_id)))


@concerned
def make_token(entity_id: str) -> Response:
    """A new token; it is shown, once."""
    _mine(entity_id)
    form = Form(request.form)
    name = form.text("name", most=tokens.LONGEST_NAME)
    scopes = form.many("scopes", programs_words.scopes(member=_is_member(entity_id)), required=True)
    days = form.choice("days", programs_words.LASTS)
    _confirmed(form)
    until = clock.now() + timedelta(days=int(days)) if form else None

    def make(session: Any) -> str:
        made = tokens.add(session, entity_id=entity_id, name=name, scopes=scopes, by=_who(), expires_at=until)
        return made[1]

    return _made(entity_id, form, "token", make)


@concerned
def end_token(entity_id: str, token_id: int) -> Response:
    """A token opens nothing any more."""
    _act(entity_id, lambda session: tokens.end(session, token_id, by=_who(), entity_id=entity_id))
    return _back(entity_id, gettext("The token opens nothing any more."))


@concerned
def add_endpoint(entity_id: str) -> Response:
    """A new address for webhooks; its secret is shown, once."""
    _mine(entity_id)
    form = Form(request.form)
    address = form.text("address", most=2000)

    def make(session: Any) -> str:
        allow = settings().webhook_allow
        return endpoints.add(session, entity_id=entity_id, address=address, by=_who(), allow=allow)[1]

    return _made(entity_id, form, "endpoint", make)


@concerned
def new_secret(entity_id: str, endpoint_id: int) -> Response:
    """Another secret, shown once; the old one signs nothing any more."""
    secret = _act(
        entity_id, lambda session: endpoints.new_secret(session, endpoint_id, by=_who(), entity_id=entity_id)
    )
    return _secret(entity_id, secret, "endpoint")


@concerned
def pause_endpoint(entity_id: str, endpoint_id: int) -> Response:
    """Nothing is told there for a while."""
    return _paused(
        entity_id,
        endpoint_id,
        True,
        gettext("Paused: what happens meanwhile, and still counts then, is told when the pause ends."),
    )


@concerned
def resume_endpoint(entity_id: str, endpoint_id: int) -> Response:
    """It is told again there."""
    return _paused(entity_id, endpoint_id, False, gettext("The pause is over."))


@concerned
def end_endpoint(entity_id: str, endpoint_id: int) -> Response:
    """Nothing is told there any more."""
    _act(entity_id, lambda session: endpoints.end(session, endpoint_id, by=_who(), entity_id=entity_id))
    return _back(entity_id, gettext("Nothing is told there any more."))


@concerned
def try_endpoint(entity_id: str, endpoint_id: int) -> Response:
    """A message that tells nothing, to see whether it arrives."""
    return _tried(entity_id, endpoint_id)


@concerned
def try_mail(entity_id: str) -> Response:
    """The same by mail."""
    return _tried(entity_id, None)


@concerned
def send_again(entity_id: str, delivery_id: int) -> Response:
    """One thing is told again."""

    def tell(session: Any) -> str:
        if not told.replay(session, [delivery_id], who=_who(), entity_id=entity_id):
            raise LookupError("no such delivery")
        return gettext("It is sent again.")

    return _told(entity_id, tell)


@concerned
def send_failed_again(entity_id: str) -> Response:
    """Everything that was given up is told again."""

    def tell(session: Any) -> str:
        sent = told.replay(session, told.given_up(session, entity_id), who=_who(), entity_id=entity_id)
        return gettext("%(count)s are sent again.", count=len(sent))

    return _told(entity_id, tell)


def _confirmed(form: Form) -> None:
    """Ask for the password: whoever finds a page open must not carry off what opens for a year. A wrong one is a fault."""
    password = form.secret("password")
    if not password:
        return
    with db.transaction() as session:
        refused = signing_in.confirm(session, person().id, password, address=address())
    if refused:
        form.fault("password", refusal(refused, gettext("This is not your present password.")))


def _mine(entity_id: str) -> str:
    """The organisation that the page is of, if who asks may see it; else it is not there."""
    who = person()
    if not KEEPERS & set(who.roles) and who.entity_id != entity_id:
        abort(404)
    return entity_id


def _is_member(entity_id: str) -> bool:
    return Role.ENTITY_MEMBER in person().roles and person().entity_id == entity_id


def _made(entity_id: str, form: Form, kind: str, make: Callable[[Any], str]) -> Response:
    """Make what has a secret, and show that once; what the form or the service refuses is told beside its field."""
    if not form:
        return _one(entity_id, form, 422)
    with db.transaction() as session:
        try:
            secret = make(session)
        except Faults as faults:
            session.rollback()
            programs_words.refused(form, faults)
    return _secret(entity_id, secret, kind) if form else _one(entity_id, form, 422)


def _act(entity_id: str, act: Callable[[Any], T]) -> T:
    """Do it in a transaction; what is not there, or another organisation's, is 404."""
    with db.transaction() as session:
        try:
            projects.entity(session, _mine(entity_id))
            return act(session)
        except LookupError:
            abort(404)


def _paused(entity_id: str, endpoint_id: int, paused: bool, said: str) -> Response:
    _act(
        entity_id,
        lambda session: endpoints.pause(session, endpoint_id, paused, by=_who(), entity_id=entity_id),
    )
    return _back(entity_id, said)


def _tried(entity_id: str, endpoint_id: int | None) -> Response:
    def tell(session: Any) -> str:
        told.send_test(session, entity_id, endpoint_id, who=_who())
        return gettext("The test is on its way: below stands what becomes of it.")

    return _told(entity_id, tell)


def _told(entity_id: str, tell: Callable[[Any], str]) -> Response:
    """Have something told now, and say so; what was told a moment ago is not told again."""
    try:
        return _back(entity_id, _act(entity_id, tell))
    except told.TooSoon:
        said = gettext("It was sent a moment ago: look below at what became of it.")
        return _back(entity_id, said, kind="info")


def _one(entity_id: str, form: Form | None = None, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        try:
            entity = projects.entity(session, entity_id)
        except LookupError:
            abort(404)
        name, email, proved = entity.name, entity.email, entity.email_proved_at is not None
        unheard_since = entity.mail_unheard_since
        known = tokens.listed(session, entity_id=entity_id)
        where = [row for row in endpoints.listed(session, entity_id=entity_id) if not row.ended_at]
        lately = _deliveries(session, entity_id)
        makers = {row.made_by for row in known} | {row.made_by for row in where}
        names = accounts.names_of(session, makers)
        mine = register.members(session, entity_id)
    keeper = bool(KEEPERS & set(person().roles))
    shown = Form({"days": programs_words.USUAL})  # also when the other form was sent: a token has an end
    if form is not None:
        shown.fill(**{name: typed for name, typed in form.values.lists() if name != "password"})
        shown.errors = form.errors
    return page(
        "programs/one.html",
        status,
        name=name,
        email=email,
        proved=proved,
        unheard_since=unheard_since,
        keeper=keeper,
        coordinator=Role.COORDINATOR in person().roles,
        tokens=[row for row in known if row.opens],
        over=[row for row in known if not row.opens],
        endpoints=where,
        by=lambda who: by_whom(who, names, None if keeper else mine),
        form=shown,
        **programs_words.options(member=_is_member(entity_id)),
        **lately,
    )


def _deliveries(session: Any, entity_id: str) -> dict[str, Any]:
    """The newest deliveries: all, or those to one endpoint (`0`: by mail)."""
    chosen = parsing.number(request.args.get("to", ""))
    rows = told.listed(session, entity_id=entity_id, endpoint_id=chosen, limit=LINES)
    return {
        "entity_id": entity_id,
        "rows": rows,
        "chosen": chosen,
        "failed": len(told.given_up(session, entity_id)),
    }


def _secret(entity_id: str, secret: str, kind: str) -> Response:
    return page("programs/secret.html", entity_id=entity_id, secret=secret, kind=kind)


def _back(entity_id: str, said: str, *, kind: str = "good") -> Response:
    return notice(redirect(url_for("programs.one", entity_id=entity_id), 303), said, kind=kind)


def _who() -> str:
    return person().in_audit


_OF = "/entities/<entity_id>/programs"
_ENDPOINT = f"{_OF}/webhooks/<int:endpoint_id>"
VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/programs", listed),
    ("GET", _OF, one),
    ("GET", f"{_OF}/deliveries", deliveries),
    ("POST", f"{_OF}/tokens", make_token),
    ("POST", f"{_OF}/tokens/<int:token_id>/end", end_token),
    ("POST", f"{_OF}/webhooks", add_endpoint),
    ("POST", f"{_ENDPOINT}/secret", new_secret),
    ("POST", f"{_ENDPOINT}/pause", pause_endpoint),
    ("POST", f"{_ENDPOINT}/resume", resume_endpoint),
    ("POST", f"{_ENDPOINT}/end", end_endpoint),
    ("POST", f"{_ENDPOINT}/test", try_endpoint),
    ("POST", f"{_OF}/mail/test", try_mail),
    ("POST", f"{_OF}/deliveries/<int:delivery_id>", send_again),
    ("POST", f"{_OF}/deliveries/failed", send_failed_again),
)

pages = Pages("programs")
for method, rule, view in VIEWS:
    pages.add_url_rule(rule, view_func=view, methods=[method])
for filter_name, function in programs_words.FILTERS.items():
    pages.app_template_filter(filter_name)(function)
