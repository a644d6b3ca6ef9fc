"""Whether an organisation reads the mailbox that was noted for it: asked by a mail with a link, proved by who opens it.

A mailbox that was mistyped, or is somebody else's, would hear of every offer, and the organisation of none.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline import clock
from helpline.db import keyed_hash, outbox
from helpline.people import audit
from helpline.routing.models import Entity
from helpline.routing.records import MailboxProof

PATH = "/mailbox"
LASTS = timedelta(days=14)
MOST, WITHIN = 5, timedelta(hours=1)
"""So many mails go out for one entity: the mailbox may be anybody's."""


@dataclass(frozen=True)
class Proved:
    """Whose mailbox was proved; `now`: by this very link, and not before."""

    entity_id: str
    name: str
    now: bool


def changed(session: Session, entity: Entity) -> bool:
    """The mailbox of a locked entity is another one now: it is not proved, and asked. Whether a mail goes out."""
    entity.email_proved_at = entity.mail_unheard_since = None
    session.flush()
    return ask(session, entity)


def ask(session: Session, entity: Entity) -> bool:
    """Send a link to the mailbox of a locked entity; False when there is none to prove, or too many mails went already."""
    if not entity.email or entity.email_proved_at is not None:
        return False
    lately = select(func.count(MailboxProof.id)).where(
        MailboxProof.entity_id == entity.id, MailboxProof.asked_at > clock.now() - WITHIN
    )
    if (session.scalar(lately) or 0) >= MOST:
        return False
    proof = MailboxProof(entity_id=entity.id, email=entity.email)
    session.add(proof)
    session.flush()
    outbox.put(session, outbox.EntityKind.MAILBOX_TO_PROVE, proof.id)
    return True


def vouch_for_all(session: Session) -> None:
    """All mailboxes that are noted are read by their organisations: for rehearsals, in which nobody does."""
    session.execute(update(Entity).where(Entity.email.is_not(None)).values(email_proved_at=clock.now()))


def path(proof: MailboxProof) -> str:
    """Where the link leads, behind the address of this installation."""
    return f"{PATH}/{proof.id}/{_token(proof)}"


def to_prove(session: Session, proof_id: int, token: str) -> tuple[str, bool] | None:
    """The name of the entity that a link is of, and whether its mailbox is proved already; None for a link that opens
    nothing: wrong, too old, or of a mailbox that is the entity's no more."""
    found = _open(session, proof_id, token)
    return None if found is None else (found[1].name, found[1].email_proved_at is not None)


def prove(session: Session, proof_id: int, token: str) -> Proved | None:
    """Notices of offers may go there from now on; None as `to_prove`. Twice is once."""
    found = _open(session, proof_id, token)
    if found is None:
        return None
    proof, entity = found
    first = entity.email_proved_at is None
    if first:
        entity.email_proved_at = proof.proved_at = clock.now()
        entity.mail_unheard_since = None
        audit.record(session, "mailbox", "proved", f"mailbox_proof {proof_id}")
        session.flush()
    return Proved(entity.id, entity.name, first)


def _open(session: Session, proof_id: int, token: str) -> tuple[MailboxProof, Entity] | None:
    proof = session.get(MailboxProof, proof_id)
    if proof is None or not hmac.compare_digest(token.encode(), _token(proof).encode()):
        return None
    entity = session.get(Entity, proof.entity_id, with_for_update=True, populate_existing=True)
    if entity is None or entity.email != proof.email or proof.asked_at < clock.now() - LASTS:
        return None
    return proof, entity


def _token(proof: MailboxProof) -> str:
    return keyed_hash("mailbox", f"{proof.id} {proof.entity_id} {proof.email}")[:32]
