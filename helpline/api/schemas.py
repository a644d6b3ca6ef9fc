"""The shapes of what comes and goes, as JSON Schema: the document publishes them, and requests are judged by them."""

from typing import Any

from helpline import personal
from helpline.languages import CODES
from helpline.places import REGION_CODES
from helpline.routing import counts_values
from helpline.routing.models import STEPS, CaseOutcome, DeclineReason, OfferState
from helpline.routing.reading import HOW_TO_CALL

Schema = dict[str, Any]
LARGEST_ID = 2_147_483_647
_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _list(words: Any) -> list[str]:
    return [str(word) for word in words]


def _object(properties: Schema, *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": required} if required else {}) | more


def _maybe(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _moment(description: str) -> Schema:
    return {"type": "string", "format": "date-time", "description": description}


_WHOLE = {"type": "integer", "minimum": 0}
_LIMIT = _maybe({"type": "integer", "minimum": 0, "maximum": 100_000})
_NAME = {"type": "string"}
_WHY = {
    "type": "string",
    "minLength": 1,
    "maxLength": personal.LONGEST_REASON,
    "pattern": _WORDS,
    "not": {
        "type": "string",
        "pattern": personal.TELLING,
        "description": "must hold no telephone number and no e-mail address: others read it, and it is kept",
    },
}

ACCEPT = _object({}, description="Nothing is asked: no body, or an empty object.")
DECLINE = _object(
    {
        "reason": {
            "type": "string",
            "enum": _list(DeclineReason),
            "description": "It decides what follows. no_place_now: you get no more offers until you say that you are not "
            "full; the next organisation is asked. not_our_territory, not_eligible_here: you are never asked again for "
            "this request; the next one is. cannot_reach: an operator rings the person; only of an "
            "offer that you accepted, else 409. other: a coordinator looks at it.",
        },
        "note": {
            "type": "string",
            "maxLength": 1000,
            "pattern": _TEXT,
            "description": "For our coordinators, in your words. No name and no number, please.",
        },
    },
    optional=("note",),
)
OUTCOME = _object(
    {
        "outcome": {
            "type": "string",
            "enum": _list(CaseOutcome),
            "description": "contacted, counselling_begun and plan_made are steps; the others close the case for good.",
        },
        "confirm": {
            "type": "boolean",
            "enum": [True],
            "description": "Needed for an outcome that closes the case, and says that you are sure. If somebody else "
            "shall try (unreachable: our operators), decline instead.",
        },
    },
    optional=("confirm",),
)
OUTCOME |= {
    "if": {"properties": {"outcome": {"enum": _list(word for word in CaseOutcome if word not in STEPS)}}},
    "then": {"required": ["confirm"]},
}
FULL = _object(
    {"full": {"type": "boolean", "description": "true: no place now, offer nothing; false: go on."}}
)
PAUSE = _object({"reason": _WHY})
LIMITS = _object(
    {
        "places_total": _LIMIT | {"description": "For the project's whole life; null: no such limit."},
        "open_cases": _LIMIT | {"description": "At the same time; null: no such limit."},
        "per_week": _LIMIT | {"description": "In a week from Monday to Sunday in Rome; null: no such limit."},
    },
    optional=("places_total", "open_cases", "per_week"),
    minProperties=1,
)

OFFER = _object(
    {
        "id": {"type": "integer", "minimum": 1},
        "state": {"type": "string", "enum": _list(OfferState)},
        "project": _NAME,
        "language": _maybe(
            {
                "type": "string",
                "enum": [*_list(CODES), None],
                "description": "In which the person wants to be spoken to; null once it is forgotten, two years after the end.",
            }
        ),
        "region": _maybe({"type": "string", "enum": [*_list(REGION_CODES), None]}),
        "country": _maybe({"type": "string", "description": "ISO 3166-1, two letters: where the person wants to go."}),
        "group": _maybe({"type": "string", "enum": ["self", "family", None]}),
        "urgent": {"type": "boolean"},
        "made_at": _moment("When it was offered to you."),
        "answer_by": _moment("Until when you may answer; then it goes to another organisation."),
        "accepted_at": _maybe(_moment("When you accepted.")),
        "contact_by": _maybe(_moment("Until when the person should have heard from you.")),
        "contacted_at": _maybe(_moment("When you first reported that the person was reached.")),
        "begun_at": _maybe(_moment("When counselling was begun, as you reported.")),
        "ended_at": _maybe(_moment("When the offer or its case was over.")),
        "declined_for": _maybe({"type": "string", "enum": [*_list(DeclineReason), None]}),
        "outcome": _maybe({"type": "string", "enum": [*_list(CaseOutcome), None]}),
    }
)  # fmt: skip
DETAILS = _object(
    OFFER["properties"]
    | {
        "window": {
            "type": "string",
            "description": "When the telephone may be rung: morning, afternoon, evening, any.",
        },
        "asked_at": _moment("When the person asked for help to return."),
    }
)
PERSON = _object(
    {
        "number": _maybe(
            {"type": "string", "description": "E.164; null once it is forgotten (shown_until)."}
        ),
        "code_ends_with": _maybe(
            {
                "type": "string",
                "description": "Last digits of the code that the person was given: ask for the code before anything is said.",
            }
        ),
        "language": OFFER["properties"]["language"],
        "window": DETAILS["properties"]["window"],
        "shown_until": _moment(
            "Ninety days after you accepted: from then on number and code are null, also here with us."
        ),
        "how_to_call": {
            "type": "array",
            "items": {"type": "string", "enum": list(HOW_TO_CALL)},
            "description": "Others may answer this telephone: a neutral opening, ask for the code, say nothing to others, "
            "leave no message.",
        },
    }
)
ACCEPTED = _object({"offer": DETAILS, "person": PERSON})
OFFERS = _object(
    {
        "items": {"type": "array", "items": OFFER},
        "next": _maybe(
            {"type": "string", "description": "Where the older ones are; null when these were the last."}
        ),
    }
)
ENTITY = _object(
    {
        "id": _NAME,
        "name": _NAME,
        "paused_reason": _maybe(_NAME),
        "full_since": _maybe(_moment("Since when you say that you have no place.")),
    }
)
PROJECT = _object(
    {
        "id": _NAME,
        "name": _NAME,
        "funder": _NAME,
        "starts_on": {"type": "string", "format": "date"},
        "ends_on": {"type": "string", "format": "date"},
        "state": {"type": "string", "enum": ["open", "full", "said_full", "paused", "coming", "over"]},
        "paused_reason": _maybe(_NAME),
        "places_total": _LIMIT,
        "open_cases": _LIMIT,
        "per_week": _LIMIT,
        "used": _object({"total": _WHOLE, "open": _WHOLE, "week": _WHOLE}),
        "free": _maybe(_WHOLE)
        | {"description": "The least of what the limits leave; null when there is none."},
        **{
            name: {"type": "array", "items": _NAME}
            for name in ("regions", "countries", "groups", "languages")
        },
    }
)
PROJECTS = _object({"items": {"type": "array", "items": PROJECT}})
MONTH = "^20[0-9][0-9]-(0[1-9]|1[0-2])$"
_PEOPLE = {"type": "integer", "minimum": 0, "maximum": counts_values.MOST}
_COUNTRY = {"type": ["string", "null"], "minLength": 2, "maxLength": 2}
_KINDS = _object({str(kind): _PEOPLE for kind in counts_values.KINDS}, optional=tuple(counts_values.KINDS))
_COUNTED = {
    "country": _COUNTRY
    | {"description": "ISO 3166-1, two letters: where people go. null: not known, or not decided."},
    "counselled": _PEOPLE | {"description": "People with whom counselling was begun in this month."},
    "plans": _PEOPLE
    | {"description": "People whose plan for return and reintegration was agreed in this month."},
    "returned": _PEOPLE | {"description": "People who left in this month."},
    "reintegration": _KINDS
    | {
        "description": "People back in their country for whom something of their plan was given for the first time in this "
        "month, each once, under the kind that the plan mainly goes for."
    },
}
COUNTS_GIVEN = _object(
    {
        "lines": {
            "type": "array",
            "maxItems": 250,
            "items": _object(_COUNTED, optional=("counselled", "plans", "returned", "reintegration")),
            "description": "One for each country; what is left out is nought.",
        },
        "nothing": {
            "type": "boolean",
            "description": "true: there was nothing in this month; else some line counts somebody.",
        },
        "why": _WHY | {"description": "Why counts that were returned before are put right."},
        "replaces": {
            "type": "integer",
            "minimum": 0,
            "maximum": LARGEST_ID,
            "description": "The version that you saw last (0: none): refused when there is a newer one.",
        },
    },
    optional=("nothing", "why", "replaces"),
)
_VERSION = {
    "project": _NAME,
    "month": {"type": "string", "pattern": MONTH},
    "version": {
        "type": "integer",
        "minimum": 1,
        "description": "How often the counts of this month were returned.",
    },
    "at": _moment("When these were returned."),
    "why": _maybe(_NAME),
    "lines": {"type": "array", "items": _object(_COUNTED)},
}
COUNTS = _object(
    _VERSION
    | {
        "doubts": {
            "type": "array",
            "items": _object(
                {"country": _COUNTRY, "more": _NAME, "than": _NAME, "people": _WHOLE, "of": _WHOLE}
            ),
            "description": "What looks wrong and was kept all the same: from the project's beginning until now more people "
            "of one thing (`more`) than of what comes before it (`than`).",
        }
    }
)
ALL_COUNTS = _object({"items": {"type": "array", "items": _object(_VERSION)}})
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "Which kind; /api/v1/problems lists them.",
        },
        "title": _NAME,
        "status": {"type": "integer"},
        "detail": _NAME,
        "state": {"type": "string", "description": "When too late: how the offer is over."},
        "scope": {"type": "string", "description": "When the token is not for this: what it lacks."},
        "errors": {
            "type": "array",
            "items": _object({"pointer": _NAME, "detail": _NAME}),
            "description": "Everything that is wrong, at once.",
        },
    },
}
MESSAGE = _object(
    {
        "type": {"type": "string"},
        "timestamp": _moment("When it happened."),
        "data": _object(
            {
                "offer": {"type": "integer"},
                "link": {"type": "string", "format": "uri", "description": "A page for people."},
                "api": {"type": "string", "format": "uri", "description": "The offer, for programs."},
            },
            optional=("offer", "api"),  # a test is about no offer
        ),
    }
)
QUERY: dict[str, Schema] = {
    "state": {"type": "string", "enum": _list(OfferState)},
    "before": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100},
}
