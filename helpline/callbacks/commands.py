"""`helpline callbacks …` for who runs the service. Prints and reveals; never a code, and nothing of it claims."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, listing
from helpline.callbacks import desk, queue
from helpline.callbacks.models import Callback, Plan, Priority
from helpline.callbacks.plan import Operator
from helpline.db import transaction
from helpline.languages import CODES


@click.group()
def callbacks() -> None:
    """Who is to be called back."""


@callbacks.command("list")
@listing.AS_JSON
@listing.REVEAL_NUMBERS
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="So many at most."
)
def list_(as_json: bool, reveal: bool, limit: int) -> None:
    """List callbacks: those still owed first, children and urgent ones before others, then by promised day."""
    with transaction() as session:
        rows = listed(session, reveal=reveal, limit=limit)
        if reveal:
            listing.numbers_seen(session, "callback", rows)
    header = "id  number  language  window  state  attempts  what matters  promised"
    listing.show(rows, as_json=as_json, header=header, line=_line)


@callbacks.command("next")
@click.option(
    "--language",
    "languages",
    type=click.Choice(CODES),
    multiple=True,
    help="A language that is spoken; may be given again. Without it all nine.",
)
@listing.AS_JSON
def next_(languages: tuple[str, ...], as_json: bool) -> None:
    """Say who would be rung next now by somebody who speaks these languages, and why; nothing is claimed."""
    with transaction() as session:
        found = desk.next_of(session, Operator(frozenset(languages or CODES)))
    rows = [_as_json(found)] if found else []
    header = "id  number  language  window  priority  next  why"
    listing.show(rows, as_json=as_json, header=header, line=_next_line)
    if not rows and not as_json:
        click.echo("nobody may be rung now")


def _as_json(row: desk.Row) -> listing.Row:
    return {
        "id": row.id,
        "number": row.number_masked,
        "language": row.language,
        "window": row.window,
        "state": row.state,
        "priority": row.priority,
        "topic": row.topic,
        "attempts": row.attempts,
        "asked_at": row.asked_at.isoformat(),
        "next_at": row.next_at.isoformat() if row.next_at else None,
        "promised_on": row.promised_on.isoformat() if row.promised_on else None,
        "reason": dict(row.reason),
    }


def _next_line(row: listing.Row) -> str:
    reason = ", ".join(f"{code} {value}" for code, value in row["reason"].items())
    words = [
        row["id"],
        row["number"] or "forgotten",
        row["language"],
        row["window"],
        row["priority"],
        row["next_at"],
    ]
    return "  ".join(map(str, [*words, reason]))


def _line(row: listing.Row) -> str:
    words = [row["id"], row["number"] or "forgotten", row["language"], row["window"], row["state"]]
    words.append(f"attempts {row['attempts']}")
    words += [word for word in (_not_normal(row["priority"]), row["topic"], _by(row["promised_on"])) if word]
    return "  ".join(str(word) for word in words)


def _not_normal(priority: str) -> str | None:
    return None if priority == Priority.NORMAL else priority.upper()


def _by(day: str | None) -> str | None:
    """The promised day, and whether it has passed."""
    if day is None:
        return None
    return f"by {day}" + (" LATE" if day < clock.in_rome().date().isoformat() else "")


def listed(session: Session, *, reveal: bool = False, limit: int = 100) -> list[listing.Row]:
    """Callbacks as the command prints them, the ones owed first; the number is masked unless revealed."""
    order = (
        Callback.state.not_in(queue.LIVE),
        Callback.priority == Priority.NORMAL,
        Callback.promised_on.asc().nulls_last(),
        Callback.id.desc(),
    )
    wanted = select(Callback, Plan.number).join(Plan, Plan.id == Callback.plan_id)
    return [
        {
            "id": callback.id,
            "call_sid": callback.call_sid,
            "language": callback.language,
            "window": callback.window,
            "state": callback.state,
            "attempts": callback.attempts,
            "number": listing.number_shown(number, reveal=reveal),
            "priority": callback.priority,
            "topic": callback.topic,
            "promised_on": callback.promised_on.isoformat() if callback.promised_on else None,
        }
        for callback, number in session.execute(wanted.order_by(*order).limit(limit))
    ]


COMMANDS = [callbacks]
