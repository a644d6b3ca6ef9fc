"""`helpline people …` and `helpline audit …` for who runs the service. Prints; shows a link once, never a password."""

import getpass
import sys
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from helpline import environment, listing
from helpline.clock import ROME
from helpline.db import transaction
from helpline.languages import CODES
from helpline.people import accounts, audit, register, second_factor
from helpline.people.roles import LOCALES, ROLES


@click.group()
def people() -> None:
    """Who may sign in: add, invite, disable."""


@people.command("add")
@click.argument("login")
@click.option("--name", required=True, help="As colleagues know the person.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be repeated."
)
@click.option("--language", "languages", multiple=True, type=click.Choice(CODES), help="May be repeated.")
@click.option(
    "--prompt-language",
    "prompt_languages",
    multiple=True,
    type=click.Choice(CODES),
    help="An editor's; none: all.",
)
@click.option("--entity", "entity_id", help="Whose member an entity_member is.")
@click.option("--organisation", help="The verified service or association of a network_member.")
@click.option(
    "--locale", type=click.Choice(LOCALES), default="it", show_default=True, help="Language of the pages."
)
@click.option(
    "--ask-phone", is_flag=True, help="Ask for the telephone on which calls are offered (not shown)."
)
def add(
    login: str,
    name: str,
    roles: tuple[str, ...],
    languages: tuple[str, ...],
    prompt_languages: tuple[str, ...],
    entity_id: str | None,
    organisation: str | None,
    locale: str,
    ask_phone: bool,
) -> None:
    """Make an account for LOGIN, and print the one-time link with which its owner chooses a password."""
    phone = click.prompt("Telephone", hide_input=True, err=True) if ask_phone else None
    with transaction() as session:
        token = accounts.invite(
            session,
            login=login,
            name=name,
            roles=roles,
            languages=languages,
            prompt_languages=prompt_languages,
            entity_id=entity_id,
            organisation=organisation,
            phone=phone,
            locale=locale,
            by=getpass.getuser(),
        )
    _show_link(token)


@people.command("invite")
@click.argument("login")
def invite(login: str) -> None:
    """Print a new one-time link for LOGIN, who has none or lost the password; the old password and sessions end."""
    with transaction() as session:
        token = accounts.reinvite(session, _found(session, login).id, getpass.getuser())
    _show_link(token)


@people.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Let LOGIN in no more, from this moment."""
    with transaction() as session:
        accounts.disable(session, _found(session, login).id, getpass.getuser())


@people.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let LOGIN in again."""
    with transaction() as session:
        accounts.enable(session, _found(session, login).id, getpass.getuser())


@people.command("reset-second-factor")
@click.argument("login")
def reset_second_factor(login: str) -> None:
    """Take LOGIN's second factor and recovery codes away, for a telephone that is lost; sessions end."""
    with transaction() as session:
        second_factor.reset(session, _found(session, login).id, getpass.getuser())


@people.command("list")
@listing.AS_JSON
def list_(as_json: bool) -> None:
    """List who may sign in; telephones stay masked."""
    with transaction() as session:
        rows = [_plain(row) for row in register.listed(session)]
    header = "id  login  name  roles  languages  standing  second factor"
    listing.show(rows, as_json=as_json, header=header, line=_person_line)


def _found(session: Session, login: str) -> register.Row:
    row = register.row_of(session, login)
    if row is None:
        raise click.ClickException(f"There is nobody with the login {login}.")
    return row


def _show_link(token: str) -> None:
    click.echo(environment.settings().public_url + accounts.INVITATION_PATH + token)
    days = accounts.INVITATION_LASTS.days
    click.echo(f"This link works once, for {days} days, and is not shown again.", err=True)


def _plain(row: register.Row) -> listing.Row:
    return {
        "id": row.id,
        "login": row.login,
        "name": row.name,
        "roles": list(row.roles),
        "languages": list(row.languages),
        "entity": row.entity_id,
        "organisation": row.organisation,
        "locale": row.locale,
        "phone": str(row.phone) if row.phone else None,
        "standing": str(row.standing),
        "second_factor": row.second_factor,
    }


def _person_line(row: listing.Row) -> str:
    factor = "second factor" if row["second_factor"] else "no second factor"
    words = (
        str(row["id"]),  # the audit names people by it
        row["login"],
        row["name"],
        ",".join(row["roles"]),
        ",".join(row["languages"]) or "-",
        row["standing"],
    )
    return "  ".join((*words, factor))


@click.group("audit")
def audit_group() -> None:
    """Who saw and did what, and whether that was tampered with."""


@audit_group.command("check")
@listing.AS_JSON
def check(as_json: bool) -> None:
    """Look for lines that were removed, changed, put in or moved; exit code 1 when there are any.

    Without faults it prints each day's signed head: kept elsewhere, they prove later what stood here today.
    """
    with transaction() as session:
        faults = audit.check(session)
        heads = audit.heads(session)
    if faults:
        rows = [{"day": str(fault.day), "line": fault.line_id, "fault": fault.reason} for fault in faults]
        told = iter(faults)
        listing.show(rows, as_json=as_json, header="What does not fit:", line=lambda _: str(next(told)))
        sys.exit(1)
    rows = [{"day": str(head.day), "lines": head.lines, "head": head.head} for head in heads]
    listing.show(rows, as_json=as_json, header="All lines fit. day  lines  head", line=_head_line)


def _head_line(row: listing.Row) -> str:
    return f"{row['day']}  {row['lines']}  {row['head']}"


@audit_group.command("list")
@listing.AS_JSON
@click.option("--who", help='Lines of one person or process only: "person 3".')
@click.option("--what", help='Lines of one kind only: "revealed".')
@click.option("--about", help='Lines about one thing only: "callback 12".')
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Lines of one day in Rome only.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="The newest so many."
)
def list_lines(
    as_json: bool, who: str | None, what: str | None, about: str | None, day: datetime | None, limit: int
) -> None:
    """List who saw and did what, the newest first."""
    with transaction() as session:
        lines = audit.listed(
            session, who=who, what=what, about=about, day=day.date() if day else None, limit=limit
        )
    rows: list[dict[str, Any]] = [
        {
            "id": line.id,
            "at": line.at.isoformat(),
            "who": line.who,
            "what": line.what,
            "about": line.about,
            "details": dict(line.details),
        }
        for line in lines
    ]
    listing.show(rows, as_json=as_json, header="when (Rome)  who  what  about", line=_audit_line)


def _audit_line(row: listing.Row) -> str:
    at = datetime.fromisoformat(row["at"]).astimezone(ROME)
    details = "".join(f"  {name}={value}" for name, value in row["details"].items())
    return f"{at:%Y-%m-%d %H:%M:%S}  {row['who']}  {row['what']}  {row['about']}{details}"


COMMANDS = [people, audit_group]
