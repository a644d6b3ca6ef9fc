"""`helpline api-tokens …` and `helpline webhooks …` for who runs the service. Prints; shows a secret once."""

import getpass
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from helpline import clock, environment, listing
from helpline.api import endpoints, tokens, told, untold
from helpline.api.models import DeliveryState
from helpline.clock import ROME
from helpline.db import transaction
from helpline.people.scopes import SCOPES

_ENTITY = click.option("--entity", "entity_id", help="Of this entity alone.")


@click.group("api-tokens")
def api_tokens() -> None:
    """Which programs of entities may ask, and for what."""


@api_tokens.command("add")
@click.argument("entity_id", metavar="ENTITY")
@click.option("--name", required=True, help="Which program it is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="May be repeated."
)
@click.option(
    "--days",
    type=click.IntRange(1, tokens.LONGEST.days),
    default=tokens.LONGEST.days,
    show_default=True,
    help="It opens for so many days.",
)
def add_token(entity_id: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for a program of ENTITY and print it, this once."""
    until = clock.now() + timedelta(days=days)
    by = getpass.getuser()
    with transaction() as session:
        token_id, token = tokens.add(
            session, entity_id=entity_id, name=name, scopes=scopes, by=by, expires_at=until
        )
    click.echo(token)
    click.echo(f"This is token {token_id}. It is not shown again.", err=True)


@api_tokens.command("list")
@listing.AS_JSON
@_ENTITY
def list_tokens(as_json: bool, entity_id: str | None) -> None:
    """List tokens, the newest first; what they are is nowhere."""
    with transaction() as session:
        rows = [_plain(row) for row in tokens.listed(session, entity_id=entity_id)]
    header = "id  entity  name  scopes  last used"
    listing.show(rows, as_json=as_json, header=header, line=_token_line)


@api_tokens.command("end")
@click.argument("token_id", metavar="ID", type=int)
def end_token(token_id: int) -> None:
    """Let the token ID open nothing any more, from this moment."""
    try:
        with transaction() as session:
            tokens.end(session, token_id, by=getpass.getuser())
    except LookupError as error:
        raise click.ClickException(f"There is {error}.") from error


@click.group()
def webhooks() -> None:
    """How entities are told of their offers: by signed webhooks, and by mail where they have a mailbox."""


@webhooks.command("add")
@click.argument("entity_id", metavar="ENTITY")
@click.argument("address", metavar="URL")
def add_webhook(entity_id: str, address: str) -> None:
    """Tell ENTITY at URL from now on, and print the secret of its signatures, this once."""
    allow = environment.settings().webhook_allow
    with transaction() as session:
        endpoint_id, secret = endpoints.add(
            session, entity_id=entity_id, address=address, by=getpass.getuser(), allow=allow
        )
    click.echo(secret)
    click.echo(f"This is endpoint {endpoint_id}. Its secret is not shown again.", err=True)


@webhooks.command("new-secret")
@click.argument("endpoint_id", metavar="ENDPOINT", type=int)
def new_secret(endpoint_id: int) -> None:
    """Give ENDPOINT another secret, and print it, this once. The old one is forgotten at once."""
    try:
        with transaction() as session:
            secret = endpoints.new_secret(session, endpoint_id, by=getpass.getuser())
    except LookupError as error:
        raise click.ClickException(f"There is {error}.") from error
    click.echo(secret)


@webhooks.command("end")
@click.argument("endpoint_id", metavar="ENDPOINT", type=int)
def end_endpoint(endpoint_id: int) -> None:
    """Tell nothing through ENDPOINT any more."""
    try:
        with transaction() as session:
            endpoints.end(session, endpoint_id, by=getpass.getuser())
    except LookupError as error:
        raise click.ClickException(f"There is {error}.") from error


@webhooks.command("endpoints")
@listing.AS_JSON
@_ENTITY
def list_endpoints(as_json: bool, entity_id: str | None) -> None:
    """List where programs of entities are told; of an address only the host is shown."""
    with transaction() as session:
        rows = [_plain(row) for row in endpoints.listed(session, entity_id=entity_id)]
    listing.show(rows, as_json=as_json, header="endpoint  entity  host", line=_endpoint_line)


@webhooks.command("list")
@listing.AS_JSON
@_ENTITY
@click.option(
    "--state", type=click.Choice([str(state) for state in DeliveryState]), help="Only those in this state."
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="The newest so many.")
def list_deliveries(as_json: bool, entity_id: str | None, state: str | None, limit: int) -> None:
    """List what was told or is to be told, the newest first, with the next try and the last error."""
    wanted = DeliveryState(state) if state else None
    with transaction() as session:
        rows = [_plain(row) for row in told.listed(session, entity_id=entity_id, state=wanted, limit=limit)]
    header = "id  entity  way  what  offer  state  tries  next try, or why not"
    listing.show(rows, as_json=as_json, header=header, line=_delivery_line)


@webhooks.command("replay")
@click.argument("delivery_ids", metavar="[ID]…", nargs=-1, type=int)
@click.option("--given-up", "entity_id", metavar="ENTITY", help="All that was given up for ENTITY.")
def replay(delivery_ids: tuple[int, ...], entity_id: str | None) -> None:
    """Send again, from the beginning and under the same ids."""
    if bool(delivery_ids) == bool(entity_id):
        raise click.ClickException("Name what to send again: either ids, or --given-up ENTITY.")
    with transaction() as session:
        if entity_id:
            delivery_ids = tuple(told.given_up(session, entity_id))
        again = told.replay(session, delivery_ids, who=getpass.getuser())
    for left_out in sorted(set(delivery_ids) - set(again)):
        click.echo(f"{left_out}: there is no such delivery, or its endpoint was ended", err=True)
    click.echo(f"{len(again)} to be sent again")
    if set(delivery_ids) - set(again):
        raise click.exceptions.Exit(1)


@webhooks.command("check")
@listing.AS_JSON
def check(as_json: bool) -> None:
    """List organisations with a project of which nobody hears of offers, by mail or by webhook. Code 1 if any."""
    with transaction() as session:
        rows = [_plain(row) | {"since": row.since.isoformat()} for row in untold.listed(session)]
    header = "entity  name  its first project that goes on begins  why"
    listing.show(rows, as_json=as_json, header=header, line=_untold_line)
    if rows:
        click.echo(
            "Offers to these are seen on their pages alone. not_told: note a mailbox or an address. told_in_vain: nothing "
            "that was sent since then arrived; put the address or the mailbox right, and send a test from their page.",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _plain(row: Any) -> listing.Row:
    """A row as JSON holds it."""
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in asdict(row).items()
    }


def _moment(text: str | None) -> str:
    return datetime.fromisoformat(text).astimezone(ROME).strftime("%d.%m.%Y %H:%M") if text else ""


def _untold_line(row: listing.Row) -> str:
    since = f"  since {_moment(row['unheard_since'])}" if row["unheard_since"] else ""
    return f"{row['id']}  {row['name']}  {row['since']}  {row['why']}{since}"


def _token_line(row: listing.Row) -> str:
    standing = (
        f"ended {_moment(row['ended_at'])}" if row["ended_at"] else _moment(row["used_at"]) or "not used yet"
    )
    if not row["ended_at"]:
        standing += f"  until {_moment(row['expires_at'])}"
    return f"{row['id']}  {row['entity_id']}  {row['name']}  {','.join(row['scopes'])}  {standing}"


def _endpoint_line(row: listing.Row) -> str:
    standing = "  paused" if row["paused_at"] else ""
    if row["ended_at"]:
        standing = f"  ended {_moment(row['ended_at'])}"
    elif row["unheard_since"]:
        standing += f"  nothing arrives since {_moment(row['unheard_since'])}"
    return f"{row['id']}  {row['entity_id']}  {row['host']}{standing}"


def _delivery_line(row: listing.Row) -> str:
    due = f"next try {_moment(row['next_at'])}" if row["next_at"] else ""
    told = "; ".join(filter(None, (due, row["last_error"])))
    words = (
        row["id"],
        row["entity_id"],
        row["way"],
        row["kind"],
        row["offer_id"],
        row["state"],
        row["attempts"],
    )
    return "  ".join(map(str, words)) + (f"  {told}" if told else "")


COMMANDS = [api_tokens, webhooks]
