"""Offers as jobs, pages and other rooms use them: every name that they need, from the modules that do it.

Offers are made by `offer_request` and `sweep_waiting`, which have their own transactions; everything else works in the
caller's. An offer is answered by its entity (`accept`, `decline`, `report`) or moved by a coordinator (`extend`,
`withdraw`, `assign`, `park`, `unpark`, `mark_urgent`). What is over already is `Late`, with the state; an entity never
has more than its places (`Full`). Nothing here tells anybody: what an entity must hear goes through the outbox.
"""

from helpline.routing.answers import Late, NotAccepted, accept, decline, expire_due, remind_due
from helpline.routing.closing import report
from helpline.routing.coordinating import Full, assign, extend, mark_urgent, park, unpark, withdraw
from helpline.routing.models import CaseOutcome, DeclineReason, OfferState
from helpline.routing.offering import has_place, offer_request, open_project_exists
from helpline.routing.planning import sweep_waiting
from helpline.routing.reading import HOW_TO_CALL, OfferRow, offer_row, offers_of, seen_by_entity

__all__ = [
    "HOW_TO_CALL", "CaseOutcome", "DeclineReason", "Full", "Late", "NotAccepted", "OfferRow", "OfferState", "accept", "assign",
    "decline", "expire_due", "extend", "has_place", "mark_urgent", "offer_request", "offer_row", "offers_of",
    "open_project_exists", "park", "remind_due", "report", "seen_by_entity", "sweep_waiting", "unpark", "withdraw",
]  # fmt: skip
