"""The page of one request: why it stands where it stands, what happened, what may be done. Asks `routing.waiting`."""

from typing import Any

from flask import abort
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import offers_words
from helpline.console.forms import Form
from helpline.console.rendering import page
from helpline.people import accounts
from helpline.routing import filling_in, overview, waiting
from helpline.routing.models import UNPLACED
from helpline.routing.waiting import Line, Whole


def show(request_id: int, form: Form | None = None, *, late: str = "", status: int = 200) -> Response:
    """The page of one request. `late`: what could not be done any more, which is a conflict."""
    with db.transaction(durable=False) as session:
        try:
            whole = waiting.one(session, request_id)
        except LookupError:
            abort(404)
        projects = overview.project_names(session)
        entities = overview.entity_names(session)
        unknown = filling_in.unknown(session, request_id)
        able = waiting.open_projects_for(session, request_id) if whole.row.state in UNPLACED else []
        whos = {line.who for line in whole.lines} | {note.who for note in whole.notes}
        people = accounts.names_of(session, whos)
    return page(
        "requests/one.html",
        409 if late else status,
        row=whole.row,
        whole=whole,
        live=live_of(whole),
        late=late,
        form=Form() if form is None else form,
        steps=_steps(whole),
        lines=[_told(line, whole, entities, people) for line in reversed(whole.lines)],
        notes=[(note, offers_words.by_whom(note.who, people)) for note in whole.notes],
        able=[("", "—"), *((id, f"{name} ({id})") for id, name in able)],
        projects=projects,
        entities=entities,
        unplaced=whole.row.state in UNPLACED,
        unknown=unknown,
        kept_back=bool(whole.row.held_for) or _parked(whole),
        parked=_parked(whole),
        now=clock.now(),
        today=clock.in_rome().date().isoformat(),
    )


def live_of(whole: Whole) -> Any:
    """The request's live offer, or None."""
    found = [
        o for o in whole.offers if o.state == "pending" or (o.state == "accepted" and o.ended_at is None)
    ]
    return found[-1] if found else None


def _parked(whole: Whole) -> bool:
    return whole.row.parked_until is not None and whole.row.parked_until > clock.now()


def _steps(whole: Whole) -> list[tuple[str, int, int]]:
    """The chain of filters: each that took projects out, with how many it took and how many it left; it adds up."""
    left = whole.record.get("total", 0)
    found = []
    for reason, after in whole.record.get("chain", []):
        if after != left:
            found.append((reason, left - after, after))
        left = after
    return found


def _told(line: Line, whole: Whole, entities: dict[str, str], people: dict[int, str]) -> dict[str, Any]:
    """One line of the history, in words: of the request, an offer, or a report."""
    kind, _, number = line.what.partition(" ")
    offer = next((each for each in whole.offers if kind == "offer" and str(each.id) == number), None)
    return {
        "at": line.at,
        "by": offers_words.by_whom(line.who, people),
        "kind": "report" if line.why == "reported" else kind,
        "after": line.after,
        "entity": entities.get(offer.entity_id, offer.entity_id) if offer else "",
        "declined_for": offer.declined_for if offer and line.after == "declined" else None,
        "first": line.before is None,
    }
