"""What an organisation is told of itself by mail: its mailbox is to be proved, a token ends soon. Pure; no name, no secret but the link."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from helpline.api.messages import written
from helpline.db.outbox import EntityKind

_MAILS = {
    EntityKind.MAILBOX_TO_PROVE: (
        "Confermate questa casella di posta",
        (
            "questa casella è stata indicata per gli avvisi delle richieste a un ente. Se è vostra, apritene il link e "
            "confermate; altrimenti ignorate questo messaggio, e non riceverete altro:"
        ),
        (
            "this mailbox was given for notices of requests to an organisation. If it is yours, open the link and confirm; "
            "otherwise ignore this message, and nothing else will come:"
        ),
    ),
    EntityKind.TOKEN_ENDS: (
        "Un accesso di un vostro programma scade tra poco",
        "un token con cui un vostro programma accede alla linea scade entro trenta giorni. Accedete e createne un altro:",
        "a token with which a program of yours asks ours ends within thirty days. Sign in and make another one:",
    ),
}


@dataclass(frozen=True)
class ToldEntity:
    """What is told, as it leaves: its id stays the same however often it is sent. `link`: where it leads."""

    id: int
    kind: EntityKind
    at: datetime
    link: str

    @property
    def message_id(self) -> str:
        """How the receiver knows that a message comes a second time."""
        return f"msg_{self.id}"

    def mail(self, sender: str, to: str) -> EmailMessage:
        """The mail, in Italian and English."""
        subject, italian, english = _MAILS[self.kind]
        return written(self.message_id, self.at, sender, to, subject, (italian, english), self.link)
