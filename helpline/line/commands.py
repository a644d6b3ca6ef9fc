"""`helpline load FILE.toml`: reads a settings file into the line. Decides nothing; the faults are told by the cli."""

import getpass
from pathlib import Path

import click

from helpline.routing import loading


@click.command()
@click.argument("files", metavar="FILE.toml…", nargs=-1, required=True, type=click.Path(path_type=Path))
def load(files: tuple[Path, ...]) -> None:
    """Load projects, entities, hours, closures and notices from a file; safe to run again.

    A file with any fault changes nothing: every fault is listed, and the exit code is 2.
    """
    for file in files:
        done = loading.load(file, who=getpass.getuser())
        if done.version is None:
            click.echo(f"{file}: nothing changed")
            continue
        click.echo(f"{file}: loaded as version {done.version} of the line's settings; changed:")
        for what in sorted(done.changes):
            click.echo(f"  {what}")


COMMANDS = [load]
