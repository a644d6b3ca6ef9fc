"""The open draft as its page shows it: each change beside what callers hear now, what was said of it, what hinders it.
Changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from helpline.languages import CODES
from helpline.people import accounts
from helpline.voice import comparing, drafts, newest, publishing, verdicts
from helpline.voice.catalogue import MASTER, Catalogue
from helpline.voice.comparing import Heard
from helpline.voice.drafts import Entry
from helpline.voice.manifest import Key, Offer
from helpline.voice.publishing import Hindrance
from helpline.voice.verdicts import Standing


@dataclass(frozen=True)
class Item:
    """One entry: what callers hear now, what was said of its text and of its recording, why it may not be published.

    `ours`: the text of the newest set's own, also where a menu says the repository's in its place; else what is heard.
    `english`: what English says once the draft is published.
    """

    entry: Entry
    now: Heard
    ours: str
    text: Standing
    clip: Standing
    hindrances: tuple[Hindrance, ...]
    english: str = ""

    def is_hindered(self, how: str) -> bool:
        """Whether its text or its recording is `rejected`, or `unapproved`."""
        return any(one.why.endswith(how) for one in self.hindrances)

    def waits_for(self, person_id: int) -> bool:
        """Whether this person has still to say whether its text or its recording may be published."""
        entry = self.entry
        return not entry.conflict_id and (
            (entry.text_id is not None and self.text.verdict is None and self.text.made_by_id != person_id)
            or (entry.clip is not None and self.clip.verdict is None and self.clip.made_by_id != person_id)
        )


@dataclass(frozen=True)
class Draft:
    """All entries, by language and in the order of the master; names of the people in them by id."""

    items: tuple[Item, ...]
    names: dict[int, str]

    def of(self, language: str) -> list[Item]:
        """The entries of one language."""
        return [item for item in self.items if item.entry.language == language]

    def to_approve(self, person_id: int) -> "Draft":
        """The entries of which this person has still to say something."""
        return replace(self, items=tuple(item for item in self.items if item.waits_for(person_id)))

    @property
    def languages(self) -> list[str]:
        """The languages with an entry, in the order of the keys."""
        return [code for code in CODES if self.of(code)]

    @property
    def rejected(self) -> int:
        """How many entries somebody said no to."""
        return sum(item.is_hindered("rejected") for item in self.items)

    @property
    def unapproved(self) -> int:
        """How many entries wait for somebody else's approval, which is asked for."""
        return sum(item.is_hindered("unapproved") for item in self.items)

    @property
    def ready(self) -> list[str]:
        """The languages in which something can be published now."""
        return [
            code
            for code in self.languages
            if any(item.entry.changes and not item.entry.conflict_id for item in self.of(code))
        ]


def read(
    session: Session,
    repository: Catalogue,
    *,
    four_eyes: bool,
    shipped: Collection[Offer] = (),
) -> Draft:
    """The draft as it is now."""
    entries = [one for one in drafts.entries(session) if one.prompt in repository.texts.get(one.language, {})]
    heard = comparing.heard(session, repository, newest.number(session), shipped=shipped)
    own = newest.texts(session)
    standing = verdicts.standing(
        session,
        texts=[one.text_id for one in entries if one.text_id],
        clips=[one.clip for one in entries if one.clip],
    )
    hindering: dict[Key, list[Hindrance]] = {}
    for each in publishing.hindrances(session, publishing.drafted(session), four_eyes=four_eyes):
        hindering.setdefault((each.language, each.prompt), []).append(each)
    english = {
        one.prompt: one.text or repository.text(MASTER, one.prompt)
        for one in entries
        if one.language == MASTER and (one.text is not None or one.drops_text)
    }
    order = {key: place for place, key in enumerate(heard)}
    items = [
        Item(
            one,
            heard[one.language, one.prompt],
            own[one.language, one.prompt].text
            if (one.language, one.prompt) in own
            else heard[one.language, one.prompt].text,
            standing[one.text_id] if one.text_id else Standing(),
            standing[one.clip] if one.clip else Standing(),
            tuple(hindering.get((one.language, one.prompt), ())),
            english.get(one.prompt, heard[MASTER, one.prompt].text),
        )
        for one in sorted(entries, key=lambda one: order[one.language, one.prompt])
    ]
    people = {by for item in items for by in (item.entry.by_id, item.text.by_id, item.clip.by_id) if by}
    return Draft(tuple(items), accounts.names(session, sorted(people)))
