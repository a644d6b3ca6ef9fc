"""An older set is heard again as it was heard: its own rows, and what the repository said then, but for prompts that tell
keys. What the release says otherwise is put before people. One transaction, behind the lock of publishing."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.languages import CODES
from helpline.people import audit
from helpline.voice import drafts, formers, menus, newest, publishing
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.manifest import Key, OwnText, gives_way
from helpline.voice.models import PromptSet, PromptText
from helpline.voice.publishing import Rows


def roll_back(
    session: Session,
    repository: Catalogue,
    set_id: int,
    *,
    by_id: int,
    note: str = "",
    languages: Collection[str] = (),
) -> int:
    """Publish a set that is heard as an older one was, byte for byte, in all languages or in some; its number.

    Texts of the repository that a release has changed since come back as texts of the set; where the release says
    otherwise than the new set, that waits in the draft to be decided, unless the draft has decided it. `set_id` 0: what
    the repository holds now. Raises `LookupError` for a set that is not there, `Refused` when nothing would change.
    """
    publishing.lock(session)
    if set_id and session.get(PromptSet, set_id) is None:
        raise LookupError(f"there is no set {set_id}")
    chosen = tuple(languages) or CODES
    now, then = publishing.rows(session, newest.number(session)), publishing.rows(session, set_id)
    former = [
        one
        for one in formers.of(session, repository, set_id)
        if one.language in chosen
        and (one.language, one.prompt) not in then.texts
        and _may_return(repository, one)
    ]
    then = then.of(chosen).plus(Rows(_kept(session, former), {}))
    number = publishing.replace(
        session, now, now.without(chosen).plus(then), by_id=by_id, note=note, restores=set_id or None
    )
    _put_before_people(
        session, repository, [key for key, row in then.texts.items() if now.texts.get(key) != row]
    )
    audit.record(
        session, f"person {by_id}", "rolled_back", f"prompt_set {number}", to=set_id, former_texts=len(former),
        languages=" ".join(code for code in chosen if now.of([code]) != then.of([code])),
    )  # fmt: skip
    return number


def _may_return(repository: Catalogue, one: OwnText) -> bool:
    ours = repository.texts.get(one.language, {}).get(one.prompt)
    return not gives_way(one.text, one.repository_hash, ours, told=one.prompt in menus.said())


def _kept(session: Session, former: Iterable[OwnText]) -> dict[Key, int]:
    """The rows of these texts, made where there are none: who rolls back twice has the same set twice."""
    found = {}
    for one in former:
        row = PromptText
        known = select(row.id).where(
            row.language == one.language,
            row.prompt == one.prompt,
            row.origin == "repository",
            row.text == one.text,
        )
        kept = session.scalars(known.order_by(row.id).limit(1)).first()
        found[one.language, one.prompt] = kept or _keep(session, one)
    return found


def _keep(session: Session, one: OwnText) -> int:
    row = PromptText(
        language=one.language, prompt=one.prompt, text=one.text, text_hash=text_hash(one.text),
        repository_hash=one.repository_hash, origin="repository",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _put_before_people(session: Session, repository: Catalogue, keys: Iterable[Key]) -> None:
    """What the release says where the set that is heard again has another text: somebody decides, as after a release."""
    own = newest.texts(session)
    for key in sorted(keys):
        ours = repository.texts.get(key[0], {}).get(key[1])
        if ours is None or own[key].repository_hash == text_hash(ours) or own[key].text == ours:
            continue
        drafted = drafts.entry(session, *key)
        if drafted.conflict_id is None and drafted.text_id is None and not drafted.drops_text:
            drafts.bring_conflict(session, *key, ours)
