"""`helpline figures …` for who runs the service: prove the counts, or make them anew. Counts nothing itself."""

from datetime import date, datetime, timedelta

import click

from helpline import clock
from helpline.db import transaction
from helpline.faults import Faults
from helpline.figures import keeping, proving

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


COMMANDS = [figures]
