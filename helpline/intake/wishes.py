"""What the answers of a call amount to: pure, from the draft to what intake saves; saves nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def agreed(draft: Mapping[str, Any]) -> bool:
    """Whether this is an adult's own request, with the agreement that answers are passed on (promise 4)."""
    return bool(
        draft.get("way") == "help"
        and draft.get("whom") in {"self", "family"}
        and draft.get("age") == "adult"
        and draft.get("consent") == "yes"
        and draft.get("agreement_id")
    )


def complete(draft: Mapping[str, Any]) -> bool:
    """Whether a safe number and a time were confirmed: without both nothing may be saved (DOMAIN §6)."""
    return bool(draft.get("number") and draft.get("window"))


def wish_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, in intake's words: a region only if the caller said it is right, a topic by the way taken.

    Raises `KeyError` when no number or no window was confirmed.
    """
    way = draft.get("way")
    topic = way if way in {"office", "data"} else None
    if way == "help" and draft.get("whom") == "other":
        topic = "other_person"
    region = draft.get("region")
    if region is None and draft.get("region_said") == "right":
        region = draft.get("cap_region")
    country = draft.get("country")
    return {
        "number": draft["number"],
        "number_proved": bool(draft.get("number_proved")),
        "window": draft["window"],
        "minor": draft.get("age") == "minor",
        "whom": draft.get("whom"),
        "topic": topic,
        "region": region,
        "country": country.upper() if country else None,
    }


def waited_since(draft: Mapping[str, Any]) -> datetime | None:
    """Since when the caller waited on hold who left it for a call back; None for who did not wait."""
    since = draft.get("queued_since")
    return datetime.fromisoformat(since) if since else None
