"""Whoever reads a mailbox that was noted for an organisation proves it, by the link of a mail: opened first, then confirmed.

Opening alone proves nothing: programs that look through mails open every link.
"""

from flask import redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.api import catching_up
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.people.access import anyone
from helpline.routing import mailboxes

pages = Pages("mailboxes")
_RULE = f"{mailboxes.PATH}/<int:proof_id>/<token>"


@pages.get(_RULE)
@anyone
def opened(proof_id: int, token: str) -> Response:
    """Whose mailbox it would be, and a button."""
    with db.transaction(durable=False) as session:
        found = mailboxes.to_prove(session, proof_id, token)
    if found is None:
        return page("mailboxes/over.html", 410)
    name, proved = found
    return page("mailboxes/prove.html", name=name, proved=proved, proof_id=proof_id, token=token)


@pages.post(_RULE)
@anyone
def proved(proof_id: int, token: str) -> Response:
    """Notices of offers go there from now on; those that nobody got, and that still count, go there now."""
    with db.transaction() as session:
        found = mailboxes.prove(session, proof_id, token)
        if found is not None and found.now:
            catching_up.tell_mailbox(session, found.entity_id)
    if found is None:
        return page("mailboxes/over.html", 410)
    said = gettext("Confirmed: notices for %(name)s come to this mailbox.", name=found.name)
    return notice(redirect(f"{mailboxes.PATH}/{proof_id}/{token}", 303), said)
