"""What a Focal Point is told: that something came from their region, how much, and a link. Pure; no name, no number, no place, no language."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from helpline.api import digest
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
_SEVERAL = (
    "Dalla Sua regione: {0}",
    "dopo il nostro ultimo messaggio, dalla Sua regione: {0}. Accedendo vede a che punto sono:",
    "since our last message, from your region: {1}. Sign in to see how they stand:",
)


@dataclass(frozen=True)
class ToldFocalPoint:
    """What is told in one mail, as it leaves: of each thing its id and its kind. The mail's id stays the same however
    often the same things are sent. `at`: when the newest came."""

    things: tuple[tuple[int, NetworkKind], ...]
    at: datetime
    public_url: str

    @property
    def message_id(self) -> str:
        """How the receiver knows that a mail comes a second time; with something new in it it is another."""
        first, last = self.things[0][0], self.things[-1][0]
        return f"msg_{first}" if first == last else f"msg_{first}-{last}-{len(self.things)}"

    def mail(self, sender: str, to: str) -> EmailMessage:
        """The mail, in Italian and English."""
        kinds = [kind for _, kind in self.things]
        leading = NetworkKind.SIGNAL_CAME if NetworkKind.SIGNAL_CAME in kinds else NetworkKind.OFFICE_CALLED
        subject, italian, english = _MAILS[leading]
        if len(kinds) > 1:
            signals = kinds.count(NetworkKind.SIGNAL_CAME)
            counts = digest.counted(signals, len(kinds) - signals)
            subject, italian, english = (words.format(*counts) for words in _SEVERAL)
        link = f"{self.public_url}/{_PAGES[leading]}"
        return written(self.message_id, self.at, sender, to, subject, (italian, english), link)
