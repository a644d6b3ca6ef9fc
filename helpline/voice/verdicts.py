"""What people said of texts and recordings before they are published: approved or rejected, with a reason. Changes no
draft and no set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.faults import raise_if_any
from helpline.people import audit
from helpline.voice.models import PromptClip, PromptText, PromptVerdict

APPROVED, REJECTED = "approved", "rejected"


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest verdict on one thing: which, by whom, when, why; None where nobody said anything.

    `by_another`: it was approved by somebody other than who made it, `made_by_id`.
    """

    verdict: str | None = None
    by_id: int | None = None
    at: datetime | None = None
    why: str = ""
    by_another: bool = False
    made_by_id: int | None = None


def approve(session: Session, thing: int | str, *, by_id: int) -> None:
    """Say that a text (its id) or a clip (its hash) may be published. Raises `LookupError`, `Faults` for one's own."""
    _say(session, thing, APPROVED, by_id, "")


def reject(session: Session, thing: int | str, *, by_id: int, why: str) -> None:
    """Say that a text (its id) or a clip (its hash) must not be published, with a reason.

    Raises `LookupError`; `Faults` without a reason. One's own may be rejected.
    """
    _say(session, thing, REJECTED, by_id, why)


def standing(
    session: Session, *, texts: Collection[int] = (), clips: Collection[str] = ()
) -> dict[int | str, Standing]:
    """How each of these texts (ids) and clips (hashes) stands."""
    written = session.execute(select(PromptText.id, PromptText.by_id).where(PromptText.id.in_(texts)))
    spoken = session.execute(select(PromptClip.hash, PromptClip.made_by_id).where(PromptClip.hash.in_(clips)))
    makers: dict[int | str, int | None] = {row.id: row.by_id for row in written}
    for row in spoken:
        makers[row.hash] = row.made_by_id
    things: list[int | str] = [*texts, *clips]
    found = {one: Standing(made_by_id=makers.get(one)) for one in things}
    said = select(PromptVerdict).where(PromptVerdict.text_id.in_(texts) | PromptVerdict.clip_hash.in_(clips))
    for one in session.scalars(said.order_by(PromptVerdict.id)):
        thing = one.text_id if one.text_id is not None else one.clip_hash or ""
        maker = makers.get(thing)
        approved = one.verdict == APPROVED and one.by_id != maker
        found[thing] = Standing(one.verdict, one.by_id, one.at, one.why, approved, maker)
    return found


def _say(session: Session, thing: int | str, verdict: str, by_id: int, why: str) -> None:
    maker, about = _made(session, thing)
    faults = []
    if verdict == APPROVED and maker == by_id:
        faults.append("whoever made it cannot approve it: somebody else has to")
    if verdict == REJECTED and not why.strip():
        faults.append("say why it is rejected")
    raise_if_any(faults)
    column = {"text_id": thing} if isinstance(thing, int) else {"clip_hash": thing}
    session.add(PromptVerdict(**column, verdict=verdict, by_id=by_id, why=why.strip()))
    session.flush()
    what = "text" if isinstance(thing, int) else "recording"
    audit.record(session, f"person {by_id}", verdict, about, thing=what)


def _made(session: Session, thing: int | str) -> tuple[int | None, str]:
    """Who made it, and what it is about, as lines of the audit say it. Raises `LookupError`."""
    if isinstance(thing, int):
        wanted = select(PromptText.by_id, PromptText.language, PromptText.prompt).where(
            PromptText.id == thing
        )
    else:
        wanted = select(PromptClip.made_by_id, PromptClip.language, PromptClip.prompt).where(
            PromptClip.hash == thing
        )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise LookupError("there is no such text or recording")
    return found[0], f"prompt {found[1]}/{found[2]}"
