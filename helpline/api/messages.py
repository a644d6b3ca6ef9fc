"""What an entity is told: the kind, the offer's id and a link. Pure; no name, no number, no place, no language of anybody."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from helpline.db.outbox import Kind

TYPES = {
    Kind.OFFER_MADE: "offer.made",
    Kind.OFFER_REMINDER: "offer.reminder",
    Kind.OFFER_EXPIRED: "offer.expired",
    Kind.OFFER_WITHDRAWN: "offer.withdrawn",
    Kind.OFFER_EXTENDED: "offer.extended",
    Kind.ENTITY_PAUSED: "entity.paused",
    Kind.TEST: "test",
}
WHILE_PENDING = frozenset({Kind.OFFER_MADE, Kind.OFFER_REMINDER, Kind.OFFER_EXTENDED})
"""What is worth telling only as long as the offer waits for an answer."""

OF_NO_OFFER = frozenset({Kind.ENTITY_PAUSED, Kind.TEST})
"""What leads to the pages as a whole."""

_MAILS = {
    Kind.OFFER_MADE: (
        "Nuova richiesta: proposta {id}",
        "c’è una nuova richiesta per il vostro ente. Aprite la proposta per accettare o rifiutare:",
        "there is a new request for your organisation. Open the offer to accept or decline:",
    ),
    Kind.OFFER_REMINDER: (
        "Promemoria: proposta {id}",
        "questa proposta aspetta ancora la vostra risposta. Senza risposta in tempo passa a un altro ente:",
        "this offer still waits for your answer. Without one in time it goes to another organisation:",
    ),
    Kind.OFFER_EXPIRED: (
        "Scaduta: proposta {id}",
        "il tempo per rispondere a questa proposta è finito. La richiesta passa a un altro ente:",
        "the time to answer this offer has passed. The request goes to another organisation:",
    ),
    Kind.OFFER_WITHDRAWN: (
        "Ritirata: proposta {id}",
        "questa proposta è stata ritirata. Non contattate più la persona:",
        "this offer was withdrawn. Do not contact the person any more:",
    ),
    Kind.OFFER_EXTENDED: (
        "Più tempo: proposta {id}",
        "avete più tempo per rispondere a questa proposta:",
        "you have more time to answer this offer:",
    ),
    Kind.ENTITY_PAUSED: (
        "Il vostro ente è in pausa",
        "il vostro ente è in pausa e non riceve nuove richieste. Il motivo è sulla vostra pagina. Accedete per riprendere:",
        "your organisation is paused and gets no new requests. Why stands on your page. Sign in to go on:",
    ),
    Kind.TEST: (
        "Prova",
        "questo è un messaggio di prova: gli avvisi della linea vi arrivano. Non c’è nulla da fare:",
        "this is a test: notices of the line reach you. There is nothing to do:",
    ),
}


@dataclass(frozen=True)
class Told:
    """What is told, as it leaves: its id stays the same however often it is sent."""

    id: int
    kind: Kind
    offer_id: int
    at: datetime
    public_url: str

    @property
    def message_id(self) -> str:
        """How the receiver knows that a message comes a second time."""
        return f"msg_{self.id}"

    @property
    def link(self) -> str:
        """Where a person reads more, after signing in."""
        return (
            f"{self.public_url}/" if self.kind in OF_NO_OFFER else f"{self.public_url}/offers/{self.offer_id}"
        )

    def body(self) -> bytes:
        """The body of the webhook."""
        data: dict[str, int | str] = {"link": self.link}
        if self.kind is not Kind.TEST:
            data = {
                "offer": self.offer_id,
                "link": self.link,
                "api": f"{self.public_url}/api/v1/offers/{self.offer_id}",
            }
        said = {"type": TYPES[self.kind], "timestamp": self.at.isoformat(), "data": data}
        return json.dumps(said, separators=(",", ":")).encode()

    def mail(self, sender: str, to: str) -> EmailMessage:
        """The mail, in Italian and English."""
        subject, italian, english = _MAILS[self.kind]
        named = subject.format(id=self.offer_id)
        return written(self.message_id, self.at, sender, to, named, (italian, english), self.link)


def written(
    message_id: str, at: datetime, sender: str, to: str, subject: str, said: tuple[str, str], link: str
) -> EmailMessage:
    """A mail that nobody answers: what is `said`, in Italian and in English, each followed by the link."""
    italian, english = said
    message = addressed(message_id, at, sender, to, subject)
    message.set_content(
        f"Buongiorno,\n{italian}\n\n{link}\n\n"
        f"Hello,\n{english}\n\n{link}\n\n"
        "Non rispondete a questo messaggio. / Do not reply to this message.\n"
    )
    return message


def addressed(message_id: str, at: datetime, sender: str, to: str, subject: str) -> EmailMessage:
    """A mail of a machine, without its words yet; its id stays the same however often it is sent."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    return message
