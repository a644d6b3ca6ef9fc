"""A message about alerts as it leaves: a mail in its reader's language, or the body of a webhook. Pure; no name of a person, no
number of a telephone, nothing of any call."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from helpline.alerts import wording
from helpline.alerts.kinds import Kind, Severity
from helpline.api.messages import addressed
from helpline.hours import ROME

SECTIONS = ("new", "still", "over")
_WORDS = {
    "it": {
        "urgent": "URGENTE: ",
        "new": "Nuovo",
        "still": "Ancora in corso",
        "over": "Finito",
        "counted": ("nuovi: {}", "in corso: {}", "finiti: {}"),
        "subject": "Linea, allarmi: {}",
        "from": "dalle {}",
        "until": "dalle {} alle {}",
        "link": "Che cosa fare, e chi se ne occupa:",
        "proof": "Confermare questa casella per gli allarmi della linea",
        "prove": "questa casella è stata indicata per gli allarmi sul funzionamento della linea. Per riceverli aprire il "
        "link e confermare; altrimenti ignorare questo messaggio, e non arriverà altro:",
        "test": "Linea, allarmi: prova",
        "tested": "questa è una prova: gli allarmi della linea arrivano. Non c’è nulla da fare.",
        "hello": "Buongiorno,",
        "end": "Non rispondere a questo messaggio.",
    },
    "en": {
        "urgent": "URGENT: ",
        "new": "New",
        "still": "Still going on",
        "over": "Over",
        "counted": ("new: {}", "still: {}", "over: {}"),
        "subject": "Helpline, alerts: {}",
        "from": "since {}",
        "until": "from {} to {}",
        "link": "What to do, and who sees to it:",
        "proof": "Confirm this mailbox for alerts of the helpline",
        "prove": "this mailbox was given for alerts on how the helpline works. To get them open the link and confirm; "
        "otherwise ignore this message, and nothing else will come:",
        "test": "Helpline, alerts: a test",
        "tested": "this is a test: alerts of the helpline arrive. There is nothing to do.",
        "hello": "Hello,",
        "end": "Do not reply to this message.",
    },
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Told:
    """One message, with all it says: of each alert what a row held when the message was made. `link`: where a person goes on."""

    id: int
    purpose: str
    at: datetime
    content: Mapping[str, Sequence[Mapping[str, Any]]]
    locale: str
    link: str

    @property
    def message_id(self) -> str:
        """How the receiver knows that a message comes a second time."""
        return f"alert_{self.id}"

    def body(self) -> bytes:
        """The body of the webhook."""
        data: dict[str, Any] = {"link": self.link}
        if self.purpose == "alerts":
            data |= {section: [self._named(one) for one in self.content[section]] for section in SECTIONS}
        said = {"type": self.purpose, "timestamp": self.at.isoformat(), "data": data}
        return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()

    def mail(self, sender: str, to: str) -> EmailMessage:
        """The mail."""
        words: Mapping[str, Any] = _WORDS[self.locale]
        subject, said = self._subject(words), self._said(words)
        message = addressed(self.message_id, self.at, sender, to, subject)
        message.set_content(f"{words['hello']}\n\n{said}\n\n{words['end']}\n")
        return message

    def _subject(self, words: Mapping[str, Any]) -> str:
        if self.purpose != "alerts":
            return str(words[self.purpose])
        counts = [
            text.format(len(self.content[section]))
            for section, text in zip(SECTIONS, words["counted"], strict=True)
            if self.content[section]
        ]
        urgent = any(one["severity"] == Severity.URGENT for one in self.content["new"])
        return (words["urgent"] if urgent else "") + words["subject"].format(", ".join(counts))

    def _said(self, words: Mapping[str, Any]) -> str:
        if self.purpose == "test":
            return str(words["tested"])
        if self.purpose == "proof":
            return f"{words['prove']}\n\n{self.link}"
        parts = [
            "\n".join([words[section], *(f"- {self._line(one, words)}" for one in self.content[section])])
            for section in SECTIONS
            if self.content[section]
        ]
        return "\n\n".join([*parts, f"{words['link']}\n{self.link}"])

    def _line(self, one: Mapping[str, Any], words: Mapping[str, Any]) -> str:
        since, until = _clock(one["since"]), one["cleared_at"]
        when = words["until"].format(since, _clock(until)) if until else words["from"].format(since)
        pressing = wording.severity(Severity(one["severity"]), self.locale)
        return f"{self._title(one)} ({when}; {pressing})"

    def _title(self, one: Mapping[str, Any]) -> str:
        return wording.title(Kind(one["kind"]), one["subject"], one["about"], one["facts"], self.locale)

    def _named(self, one: Mapping[str, Any]) -> dict[str, Any]:
        return {**one, "title": self._title(one)}


def _clock(moment: str) -> str:
    there = datetime.fromisoformat(moment).astimezone(ROME)
    return f"{there:%d/%m %H:%M}"
