"""Who is told of alerts: mailboxes and addresses for webhooks, added, tried, ended; and the link by which a mailbox proves itself."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.alerts import recipients, wording
from helpline.alerts.kinds import Severity
from helpline.alerts.models import Way
from helpline.config import is_mailbox
from helpline.console import programs_words
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.rendering import notice, page
from helpline.console.words import language
from helpline.faults import Faults
from helpline.people.access import allowed, anyone
from helpline.people.roles import LOCALES, Role

WAYS = {Way.MAIL: lazy_gettext("by mail"), Way.WEBHOOK: lazy_gettext("by signed webhook")}
FIELDS = {
    "way": lazy_gettext("How"),
    "name": lazy_gettext("Name"),
    "address": lazy_gettext("Address"),
    "locale": lazy_gettext("Language"),
    "least": lazy_gettext("What is told there"),
}
keepers = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
administrators = allowed(Role.ADMINISTRATOR)


def tabs() -> list[tuple[str, str, bool, None]]:
    """The pages of alerts, side by side, as `ui.chips` takes them."""
    each = (
        ("alerts.now", gettext("Now")),
        ("alerts.limits_shown", gettext("Limits")),
        ("alerts.listed", gettext("Who is told")),
        ("alerts.what_to_do", gettext("What to do")),
    )
    return [(text, url_for(endpoint), request.endpoint == endpoint, None) for endpoint, text in each]


@keepers
def listed() -> Response:
    """Who is told, and whether it arrives."""
    return _listed(Form({"way": Way.MAIL, "locale": "it", "least": Severity.WARNING}))


@administrators
def added() -> Response:
    """A new recipient; of a webhook the secret is shown, once."""
    form = Form(request.form)
    way = form.choice("way", Way)
    name, address = form.reason("name"), form.text("address", most=500)  # all coordinators read the name
    form.text("name", most=recipients.LONGEST_NAME)
    if way == Way.MAIL and address and not is_mailbox(address):
        form.fault("address", gettext("Give a mail address such as desk@example.org."))
    locale, least = form.choice("locale", LOCALES), form.choice("least", Severity)
    if not form:
        return _listed(form, 422)
    secret = None
    with db.transaction() as session:
        try:
            _, secret = recipients.add(
                session, way=Way(way), name=name, address=address, locale=locale, least=Severity(least),
                by=person().in_audit, allow=settings().webhook_allow,
            )  # fmt: skip
        except Faults as faults:
            session.rollback()
            programs_words.refused(form, faults)
    if not form:
        return _listed(form, 422)
    if secret:
        return page("alerts/secret.html", secret=secret)
    return _back(gettext("A mail with a link went there: alerts follow once it was opened and confirmed."))


@administrators
def deed(recipient_id: int, deed: str) -> Response:
    """A test, the link once more, or the end."""
    acts: dict[str, tuple[Callable[..., None], str]] = {
        "test": (
            recipients.send_test,
            gettext("The test is on its way: what becomes of it stands here in a moment."),
        ),
        "link": (recipients.ask_again, gettext("The link is on its way.")),
        "end": (recipients.end, gettext("Nothing is told there any more.")),
    }
    if deed not in acts:
        abort(404)
    act, said = acts[deed]
    with db.transaction() as session:
        try:
            act(session, recipient_id, by=person().in_audit)
        except LookupError:
            abort(404)
        except recipients.TooSoon:
            return _back(gettext("One was sent there a moment ago."), "info")
    return _back(said)


@anyone
def opened(recipient_id: int, token: str) -> Response:
    """Whether this is the reader's mailbox: a button, since programs open every link of a mail."""
    with db.transaction(durable=False) as session:
        proved = recipients.to_prove(session, recipient_id, token)
    if proved is None:
        return page("mailboxes/over.html", 410)
    return page("alerts/prove.html", proved=proved, recipient_id=recipient_id, token=token)


@anyone
def proved(recipient_id: int, token: str) -> Response:
    """Alerts go there from now on."""
    with db.transaction() as session:
        done = recipients.prove(session, recipient_id, token)
    if not done:
        return page("mailboxes/over.html", 410)
    said = gettext("Confirmed: alerts of the line come to this mailbox.")
    return notice(redirect(f"{recipients.PATH}/{recipient_id}/{token}", 303), said)


def _listed(form: Form, status: int = 200) -> Response:
    with db.transaction(durable=False) as session:
        rows = recipients.listed(session)
    reader = language()
    return page(
        "alerts/recipients.html",
        status,
        rows=rows,
        form=form,
        ways=WAYS,
        fields=FIELDS,
        is_administrator=Role.ADMINISTRATOR in person().roles,
        error=programs_words.error,
        leasts={
            Severity.WARNING: gettext("everything; at night only what is urgent"),
            Severity.URGENT: gettext("only what is urgent"),
        },
        pressing=lambda severity: wording.severity(severity, reader),
        tabs=tabs(),
    )


def _back(said: str, kind: str = "good") -> Response:
    return notice(redirect(url_for("alerts.listed"), 303), said, kind=kind)


VIEWS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/alerts/recipients", listed),
    ("POST", "/alerts/recipients", added),
    ("POST", "/alerts/recipients/<int:recipient_id>/<deed>", deed),
    ("GET", f"{recipients.PATH}/<int:recipient_id>/<token>", opened),
    ("POST", f"{recipients.PATH}/<int:recipient_id>/<token>", proved),
)
