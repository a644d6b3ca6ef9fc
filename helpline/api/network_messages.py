"""What a Focal Point is told: that something came from their region, and a link. Pure; no name, no number, no place, no language."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from helpline.api.messages import written
from helpline.db.outbox import NetworkKind

_PAGES = {NetworkKind.SIGNAL_CAME: "network", NetworkKind.OFFICE_CALLED: "network/offices"}
_MAILS = {
    NetworkKind.SIGNAL_CAME: (
        "Nuova segnalazione nella Sua regione",
        "un servizio della Sua regione ha segnalato una persona. Accedendo vede chi ha segnalato e a che punto è:",
        "a service of your region has signalled a person. Sign in to see who signalled, and how it stands:",
    ),
    NetworkKind.OFFICE_CALLED: (
        "Un ufficio della Sua regione ha chiamato",
        "un ufficio o un’associazione della Sua regione ha chiesto di essere richiamato. Accedendo vede a che punto è:",
        "an office or an association of your region has asked to be called back. Sign in to see how it stands:",
    ),
}


@dataclass(frozen=True)
class ToldFocalPoint:
    """What is told, as it leaves: its id stays the same however often it is sent."""

    id: int
    kind: NetworkKind
    at: datetime
    public_url: str

    def mail(self, sender: str, to: str) -> EmailMessage:
        """The mail, in Italian and English."""
        link = f"{self.public_url}/{_PAGES[self.kind]}"
        subject, italian, english = _MAILS[self.kind]
        return written(f"msg_{self.id}", self.at, sender, to, subject, (italian, english), link)
