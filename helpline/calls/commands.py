"""`helpline calls …` for who runs the service. Prints and reveals; decides nothing."""

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import listing
from helpline.calls import journeys
from helpline.calls.models import Call, Step
from helpline.db import transaction


@click.group()
def calls() -> None:
    """What happened in calls."""


@calls.command("list")
@listing.AS_JSON
@listing.REVEAL_NUMBERS
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="The newest so many."
)
def list_(as_json: bool, reveal: bool, limit: int) -> None:
    """List calls, the newest first."""
    with transaction() as session:
        rows = listed(session, reveal=reveal, limit=limit)
        if reveal:
            listing.numbers_seen(session, "call", rows)
    header = "call  number  language  status  outcome  steps"
    listing.show(rows, as_json=as_json, header=header, line=_line)


def _line(row: listing.Row) -> str:
    words = (
        row["sid"],
        row["number"] or "withheld",
        row["language"] or "-",
        row["status"],
        row["outcome"] or "-",
    )
    return "  ".join(words) + "  " + " > ".join(row["steps"])


def listed(session: Session, *, reveal: bool = False, limit: int = 100) -> list[listing.Row]:
    """Calls as the command prints them, the newest first: `sid language status outcome steps` and more.

    `steps`: names of the steps the caller came to, in order. The number is masked unless revealed.
    """
    found = session.scalars(select(Call).order_by(Call.id.desc()).limit(limit)).all()
    steps: dict[str, list[str]] = {call.sid: [] for call in found}
    walked = (
        select(Step.call_sid, func.coalesce(Step.to_step, Step.step))
        .where(Step.call_sid.in_(steps))
        .order_by(Step.call_sid, Step.turn)
    )
    for sid, step in session.execute(walked):
        steps[sid].append(step)
    return [
        {
            "id": call.id,
            "sid": call.sid,
            "language": call.language or journeys.language_of(session, call.sid),
            "status": _status(call.status, steps[call.sid]),
            "outcome": call.outcome,
            "steps": steps[call.sid],
            "number": listing.number_shown(call.from_number, reveal=reveal),
            "started_at": call.started_at.isoformat(),
            "seconds": call.seconds,
        }
        for call in found
    ]


def _status(known: str, steps: list[str]) -> str:
    """The carrier tells of a call's end, seldom of its beginning: whoever came to a step is on the line."""
    return "in-progress" if steps and known in {"queued", "initiated", "ringing"} else known


COMMANDS = [calls]
