"""How one message leaves: as a mail, or as a signed webhook. Knows neither what is told nor to whom."""

from collections.abc import Callable
from email.message import EmailMessage

from helpline import clock
from helpline.api import egress, mail, signing
from helpline.config import Settings, is_mailbox


def by_mail(settings: Settings, address: str, written: Callable[[str, str], EmailMessage]) -> None:
    """Send the mail that `written` makes for our address and this one.

    Raises `egress.NotReached` when mail is not set up or does not get through, `egress.Refused` for no mailbox of ours.
    """
    if settings.smtp_url is None or settings.mail_from is None:
        raise egress.NotReached("HELPLINE_SMTP_URL is not set")
    if not is_mailbox(address):
        raise egress.Refused("the mailbox is not one that we send to")
    mail.send(settings.smtp_url, written(settings.mail_from, address))


def by_webhook(settings: Settings, address: str, body: bytes, *, secret: str, id: str, agent: str) -> None:
    """Post this body, signed with the secret of who is told, under the message's id. Raises as `egress.post` does."""
    signed = signing.headers(secret, id, int(clock.now().timestamp()), body)
    headers = {"Content-Type": "application/json", "User-Agent": agent} | signed
    egress.post(address, body, headers, allow=settings.webhook_allow)
