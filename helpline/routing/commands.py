"""`helpline requests …`, `entities …`, `load FILE` for who runs the service. Prints and reveals; decides nothing."""

import getpass
import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import islice
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import clock, listing, spreadsheet
from helpline.db import table, transaction
from helpline.hours import today
from helpline.routing import ledger, loading, planning, snapshot
from helpline.routing.models import Entity, Request, RequestState
from helpline.routing.policy import explain
from helpline.routing.values import Decision, Project, Wanted, pairs


@click.group()
def requests() -> None:
    """Who asked for help to return, and where that stands."""


@requests.command("list")
@listing.AS_JSON
@listing.REVEAL_NUMBERS
@click.option("--limit", type=click.IntRange(1), default=None, help="The newest so many; all unless given.")
def list_requests(as_json: bool, reveal: bool, limit: int | None) -> None:
    """List requests, the newest first."""
    with transaction() as session:
        rows = listed_requests(session, reveal=reveal, limit=limit)
        if reveal:
            listing.numbers_seen(session, "request", rows)
    header = "id  number  language  from and to  state  organisation, or why it waits  promised"
    listing.show(rows, as_json=as_json, header=header, line=_request_line)


_ENDED = (RequestState.CLOSED, RequestState.CANCELLED)


def _request_line(row: listing.Row) -> str:
    number = row["number"] or "forgotten"
    where = f"{row['region'] or 'region not known'} to {row['country'] or 'country not known'}"
    outcome = row["entity"] or row["reason"] or "not looked at yet"
    promised = f"  call by {row['promised_on']} ({row['window']})" if row["promised_on"] else ""
    late = bool(row["promised_on"]) and row["promised_on"] < today(clock.now()).isoformat()
    return (
        f"{row['id']}  {number}  {row['language']}  {where}  {row['state']}  {outcome}"
        + promised
        + (" LATE" if late and row["state"] not in _ENDED else "")
    )


def listed_requests(session: Session, *, reveal: bool = False, limit: int | None = None) -> list[listing.Row]:
    """Requests as the command prints them, the newest first; the number is masked unless revealed.

    The number stands with the plan of the ask, the consent in the agreement: other rooms' tables, read here by name.
    """
    ask, plan, agreement = (table(name) for name in ("asks", "plans", "agreements"))
    found = (
        select(
            Request,
            plan.c.number,
            agreement.c.text_version,
            agreement.c.language,
            agreement.c.at,
            ask.c.window,
            ask.c.promised_on,
        )
        .join(ask, ask.c.id == Request.ask_id)
        .join(plan, plan.c.id == ask.c.plan_id)
        .join(agreement, agreement.c.id == Request.agreement_id)
        .order_by(Request.id.desc())
        .limit(limit)
    )
    return [
        {
            "id": request.id,
            "call_sid": request.call_sid,
            "language": request.language,
            "region": request.region,
            "country": request.country,
            "consent": {"text_version": version, "language": language, "at": at.isoformat()},
            "state": request.state,
            "entity": request.entity_id,
            "reason": request.reason["says"] if request.reason else None,
            "number": listing.number_shown(number, reveal=reveal),
            "window": window,
            "promised_on": promised_on.isoformat() if promised_on else None,
        }
        for request, number, version, language, at, window, promised_on in session.execute(found)
    ]


@requests.command("plan")
@click.option("--dry-run", is_flag=True, help="Only say what would be offered; nothing is written.")
@listing.AS_JSON
@click.option("--limit", type=click.IntRange(1), default=None, help="The first so many; all unless given.")
def plan_requests(dry_run: bool, as_json: bool, limit: int | None) -> None:
    """Plan for everybody who waits, in the published order: who would be offered to whom, or why to nobody.

    Without --dry-run the plan is also written, as the clock does by itself.
    """
    planned = planning.dry_run()
    rows = [_decision_row(wanted, decision) for wanted, decision in islice(planned, limit)]
    if not dry_run:
        made = planning.sweep_waiting()
        click.echo(f"{made} offers made", err=True)
    listing.show(rows, as_json=as_json, header="id  urgent  waits since  outcome", line=_decision_line)


def _decision_row(wanted: Wanted, decision: Decision) -> listing.Row:
    return {
        "id": wanted.id,
        "urgent": wanted.urgent,
        "waiting_since": wanted.waiting_since.isoformat(),
        "says": explain(decision),
    } | decision.record()


def _decision_line(row: listing.Row) -> str:
    urgent = "URGENT" if row["urgent"] else "-"
    return f"{row['id']}  {urgent}  {row['waiting_since'][:16]}  {row['says']}"


@requests.command("ledger")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day, in Rome."
)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day, in Rome.")
@listing.AS_JSON
def ledger_of_requests(first: datetime, last: datetime, as_json: bool) -> None:
    """What each organisation was offered and did with it, and how long whom waited; as CSV, or JSON."""
    if last < first:
        raise click.BadParameter("must not be before --from", param_hint="--to")
    with transaction() as session:
        found = ledger.ledger(session, first.date(), last.date())
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(found.as_csv().removeprefix(spreadsheet.MARK), nl=False)


@click.group()
def entities() -> None:
    """Who takes requests, and how many of their places are taken."""


@entities.command("list")
@listing.AS_JSON
@click.option("--reveal", is_flag=True, help="Show whom to turn to there; this is logged.")
def list_entities(as_json: bool, reveal: bool) -> None:
    """List entities with the places of their projects that run today."""
    with transaction() as session:
        rows = listed_entities(session, reveal=reveal)
        if reveal:
            # One line for all: an entity's id may hold so many digits that the audit takes it for a number.
            listing.seen(session, "entities", field="contact", count=len(rows))
    header = "id  name  places" + ("  contact" if reveal else "")
    listing.show(rows, as_json=as_json, header=header, line=_entity_line)


def _entity_line(row: listing.Row) -> str:
    contact = f"  {row['contact']}" if "contact" in row else ""
    places = "any number of" if row["places"] is None else row["places"]
    return f"{row['id']}  {row['name']}  {row['taken']} of {places} places taken{contact}"


def listed_entities(session: Session, *, reveal: bool = False) -> list[listing.Row]:
    """Entities by id, with the places of today's projects and how many are taken, by each one's tightest limit.

    `places` is None where a project has no limit. Revealed, each row says its `contact` too: an office's, never a caller's.
    """
    places: dict[str, int | None] = defaultdict(int)
    taken = Counter[str]()
    here = today(clock.now())
    for project in snapshot.projects(session):
        if project.runs_on(here):
            limit, used = _tightest(project)
            so_far = places[project.entity_id]
            places[project.entity_id] = None if limit is None or so_far is None else so_far + limit
            taken[project.entity_id] += used
    return [
        {"id": entity.id, "name": entity.name, "places": places[entity.id], "taken": taken[entity.id]}
        | ({"contact": entity.contact} if reveal else {})
        for entity in session.scalars(select(Entity).order_by(Entity.id))
    ]


def _tightest(project: Project) -> tuple[int | None, int]:
    """The limit of a project that leaves least, and what is used of it; None and the open cases where it has none."""
    limits = pairs(project.limits, project.used)
    return min(limits, key=lambda pair: pair[0] - pair[1]) if limits else (None, project.used.open)


@click.command()
@click.argument("files", metavar="FILE.toml…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="Also change back what somebody changed in the console since.")
def load(files: tuple[Path, ...], over: bool) -> None:
    """Load projects, entities, people, hours, closures and notices from a file; safe to run again.

    A file with any fault changes nothing: every fault is listed, and the exit code is 2. Hours, closures, notices,
    Focal Points, organisations and projects that were changed in the console since are such a fault.
    """
    for file in files:
        done = loading.load(file, who=getpass.getuser(), over=over)
        if not done.changes:
            click.echo(f"{file}: nothing changed")
            continue
        version = f" as version {done.version} of the line's settings" if done.version else ""
        click.echo(f"{file}: loaded{version}; changed:")
        for what in sorted(done.changes):
            click.echo(f"  {what}")


COMMANDS = [requests, entities, load]
