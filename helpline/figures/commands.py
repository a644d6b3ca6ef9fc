"""`helpline figures …` and `helpline seed` for who runs the service: prove the counts, make them anew, make up a year."""

from datetime import date, datetime, timedelta

import click

from helpline import clock, environment
from helpline.db import transaction
from helpline.faults import Faults
from helpline.figures import keeping, proving
from helpline.figures.seed import writing
from helpline.figures.seed.causes import Cause

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def figures() -> None:
    """The counts that coordinators' figures are read from."""


@figures.command()
@click.option("--from", "first", type=DAY, help="The first day; usually thirty days ago.")
@click.option("--to", "last", type=DAY, help="The last day; usually today.")
def verify(first: datetime | None, last: datetime | None) -> None:
    """Count days from scratch, and say where that is not what is counted. Ends with 1 where anything differs."""
    begins, ends = _period(first, last)
    keeping.count_changes()
    with transaction(durable=False) as session:
        try:
            found = proving.differences(session, begins, ends)
        except ValueError as error:
            raise Faults([str(error)]) from None
    for each in found:
        click.echo(f"{each.table}: {each.rows} rows differ")
        for told in each.told:
            click.echo(f"  {told}")
    if found:
        raise SystemExit(1)
    click.echo(f"{begins} to {ends}: every count is what the rows say")


@figures.command()
@click.option(
    "--from", "first", type=DAY, help="The first day; usually the first whose calls are all still there."
)
@click.option("--to", "last", type=DAY, help="The last day; usually today.")
def rebuild(first: datetime | None, last: datetime | None) -> None:
    """Make the counts of these days anew, from the rows."""
    begins, ends = _period(first, last, since=proving.whole_since())
    with transaction() as session:
        try:
            calls = sum(proving.rebuild(session, begins, ends))
        except ValueError as error:
            raise Faults([str(error)]) from None
    click.echo(f"{begins} to {ends}: {calls} calls summed up, all days counted anew")


def _period(first: datetime | None, last: datetime | None, since: date | None = None) -> tuple[date, date]:
    ends = last.date() if last else clock.in_rome().date()
    begins = first.date() if first else since or max(proving.whole_since(), ends - timedelta(days=30))
    if ends < begins:
        raise Faults([f"--from {begins} is after --to {ends}"])
    return begins, ends


@click.command()
@click.option("--calls", type=click.IntRange(1, 5_000_000), required=True, help="How many calls.")
@click.option(
    "--days",
    type=click.IntRange(8, writing.MOST_DAYS),
    default=writing.MOST_DAYS,
    show_default=True,
    help="Of how many days until yesterday.",
)
@click.option(
    "--seed", "number", type=int, default=1, show_default=True, help="The same number, the same year."
)
@click.option(
    "--cause",
    type=click.Choice([*Cause, "none", "random"]),
    default="random",
    show_default=True,
    help="Why Bangla callers give up on the last Tuesday. Nobody is told which it is but who reads the audit.",
)
@click.option("--again", is_flag=True, help="Put others beside the made-up calls that are there.")
def seed(calls: int, days: int, number: int, cause: str, again: bool) -> None:
    """Make up a year of calls, with all that they led to: for demonstrations and measurements.

    All of it or nothing; never where the carrier is a real one. Numbers are +39 333 0000000 to 0000999.
    """
    done = writing.seed(
        environment.settings(), calls=calls, days=days, number=number, cause=cause, again=again,
        told=lambda written: click.echo(f"{written} calls", err=True),
    )  # fmt: skip
    click.echo(
        f"{done.first} to {done.last}: {done.calls} calls that never were, with what they led to, counted"
    )


COMMANDS = [figures, seed]
