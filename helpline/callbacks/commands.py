"""`helpline callbacks …` for who runs the service. Prints and reveals; never a code."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, listing
from helpline.callbacks import queue
from helpline.callbacks.models import Callback, Plan, Priority
from helpline.db import transaction


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
