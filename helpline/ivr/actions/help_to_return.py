"""A request for help to return: age, agreement, region, and whether a project has room."""

from sqlalchemy.orm import Session

from helpline.intake import agreements
from helpline.intake.wishes import wish_of
from helpline.ivr.actions.registry import action, keeping, otherwise, saving
from helpline.ivr.caller import Caller
from helpline.places import region_of_cap
from helpline.routing import offers
from helpline.voice.catalogue import Catalogue, text_hash

MOST_POSTAL_CODES = 3
CONSENT = ("consent_offer", "consent_answers", "consent_yes", "consent_no")


@otherwise("ask")
@keeping
def remember_minor(caller: Caller) -> str:
    """Who said once in this call to be under eighteen is not asked again."""
    return "minor" if caller.draft().get("age") == "minor" else "ask"


@saving
def record_agreement(caller: Caller, session: Session) -> str:
    """Write down what was agreed to: the version of the words heard, the language, when, and the key."""
    if caller.draft().get("age") != "adult":
        return "minor"
    version = consent_version(caller.catalogue, caller.language)
    agreement = agreements.record(session, caller.sid, version, caller.language, caller.pressed)
    caller.keep(agreement_id=agreement)
    return "recorded"


def consent_version(catalogue: Catalogue, language: str) -> str:
    """A short hash of the words of the consent in a language, which changes whenever they do."""
    return text_hash("\n".join(catalogue.text(language, name) for name in CONSENT))


@keeping
def check_postal_code(caller: Caller) -> str:
    """The region of the postal code that was keyed; only the region is kept."""
    draft = caller.draft()
    region = region_of_cap(draft.get("cap_keyed", ""))
    tries = draft.get("cap_tries", 0) + 1
    caller.keep(cap_keyed=None, cap_tries=tries, cap_region=region, region_said=None)
    if region:
        return "found"
    return "too_many" if tries >= MOST_POSTAL_CODES else "not_valid"


@action
def check_place(caller: Caller, session: Session) -> str:
    """Whether a project has room for this request now, before the caller is told that it goes on or waits."""
    caller.keep(waits=None)  # what was agreed to about an earlier request does not hold for this one
    return "place" if has_place(caller, session) else "no_place"


def has_place(caller: Caller, session: Session) -> bool:
    """Whether a project has room for what the caller said so far."""
    wish = wish_of(caller.draft())
    return offers.has_place(
        session,
        region=wish["region"],
        country=wish["country"],
        group=wish["whom"] or "self",
        language=caller.language,
    )


@keeping
def cancel_draft(caller: Caller) -> str:
    """The caller does not want to wait: nothing of it is kept when the call ends."""
    caller.keep(cancelled=True, consent="no", number=None, window=None)
    return "cancelled"
