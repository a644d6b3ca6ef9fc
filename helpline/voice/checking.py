"""The go-live check of this installation: what its newest set (or the draft) plays, and, with an address, whether the
carrier would get every clip of it (`fetching`). Reads the database."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock
from helpline.line import notices
from helpline.voice import comparing, newest, wav
from helpline.voice.catalogue import Catalogue
from helpline.voice.golive import LOOK, NEVER, NOT_YET, Fact, Named, Report, check
from helpline.voice.manifest import Manifest, Offer
from helpline.voice.models import PromptClip
from helpline.voice.shipped import Recording

Which = Literal["draft", "live"]
Lasting = tuple[Offer, float]


def report(
    session: Session, repository: Catalogue, which: Which = "live", *, shipped: Iterable[Lasting] = ()
) -> tuple[Report, Manifest]:
    """What the check finds of the newest set, or of the draft as it would be published; and what that plays.

    `shipped`: the recordings that came with the release, each with its seconds.
    """
    ours = list(shipped)
    chosen: int | Literal["draft"] = "draft" if which == "draft" else newest.number(session)
    manifest = comparing.manifest(session, repository, chosen, shipped=[offer for offer, _ in ours])
    clip = PromptClip
    rows = session.execute(
        select(clip.hash, clip.language, clip.prompt, clip.seconds, clip.source).where(
            clip.hash.in_(set(manifest.clips.values()))
        )
    )
    facts = {row.hash: Fact(row.language, row.prompt, row.seconds, row.source == "speech") for row in rows}
    facts |= {offer.clip: Fact(offer.language, offer.prompt, seconds, False) for offer, seconds in ours}
    return check(manifest, facts), manifest


def lasting(recordings: Iterable[Recording]) -> list[Lasting]:
    """Recordings that came with the release, each with its seconds."""
    return [(one.offer, wav.inspect(one.content).seconds) for one in recordings]


def of_notices(session: Session) -> list[Named]:
    """The clips of all notices that are heard now, or will be."""
    now = clock.now()
    standing = [one for one in notices.listed(session) if one.standing(now) is not notices.Standing.OVER]
    return [(language, one.prompt, clip) for one in standing for language, clip in one.clips.items()]


def in_words(
    found: Report, manifest: Manifest, address: str | None = None, also: Iterable[Named] = ()
) -> tuple[list[str], list[str]]:
    """What must not go live, and what a person should look at; with what fetching every clip from an address shows.

    `also`: clips that no set names (`of_notices`).
    """
    if address is not None:
        # Only the command line fetches: a web process has no need of the client, which is nine megabytes of it.
        from helpline.voice.fetching import fetched

        found = replace(found, findings=(*found.findings, *fetched(manifest, address, also)))
    grave = [str(one) for one in found.summed(NEVER, NOT_YET)]
    return grave, [str(one) for one in found.summed(LOOK)]
