"""`helpline flow …`: show the menu, judge it, draw its page; decides nothing itself."""

from pathlib import Path

import click

from helpline.faults import Faults, raise_if_any
from helpline.ivr import check as judge
from helpline.ivr import doc as drawing
from helpline.ivr import flow as menu
from helpline.ivr import standing
from helpline.languages import CODES
from helpline.voice import catalogue, complete

PAGE = Path(__file__).parents[2] / "docs" / "call-flow.md"
_file = click.option(
    "--file", "path", type=click.Path(path_type=Path), default=menu.FLOW_FILE, help="Another flow file."
)


@click.group("flow")
def flow() -> None:
    """The voice menu: show it, check it, draw it."""


@flow.command()
@_file
@click.option("--language", type=click.Choice(CODES), default="en", show_default=True)
def show(path: Path, language: str) -> None:
    """Print the menu as a tree, with what is said."""
    texts = catalogue.load().texts[language]
    for line in drawing.tree(menu.load(path), dict(texts)):
        click.echo(line)


@flow.command()
@_file
def check(path: Path) -> None:
    """Judge the menu, and whether every file that knows its steps knows this one: every fault at once, exit code 2 when there is one."""
    from helpline import complete_menu

    reading = menu.read(path)
    texts, unreadable = catalogue.read(catalogue.PROMPTS)
    unsaid = judge.speech_faults(reading.flow, texts, _seconds, name=path.name, lost=reading.lost)
    nothing = tuple(
        f"prompts/{code}/texts.toml: " for code in CODES if not texts.get(code)
    )  # said once: there is no file
    unsaid = [fault for fault in unsaid if not fault.startswith(nothing)]
    elsewhere = complete_menu.faults(reading)
    raise_if_any(complete.faults() + judge.judge(reading, name=path.name) + unreadable + unsaid + elsewhere)
    click.echo(f"{path.name}: {len(reading.flow.steps)} steps, nothing wrong")


def _seconds(language: str, text: str) -> float:
    """As `catalogue.seconds`; nothing for a language of which `complete` says that it was never measured."""
    return catalogue.seconds(language, text) if language in catalogue.SECONDS_A_CHARACTER else 0.0


@flow.command()
@_file
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; fail when the page is not up to date."
)
def doc(path: Path, only_check: bool) -> None:
    """Write docs/call-flow.md."""
    text = drawing.page(menu.load(path))
    if not only_check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        click.echo("docs/call-flow.md written")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        raise Faults(["docs/call-flow.md: not what flow.toml says; run: helpline flow doc"])


@flow.command()
@click.option(
    "--thanks-url", required=True, help="Where the second document will be; empty to print that one."
)
def outage(thanks_url: str) -> None:
    """Print the static document for when this whole application is down; keep it at the carrier (docs/runbook.md)."""
    click.echo(standing.document(catalogue.load(), thanks_url).decode())


COMMANDS = [flow]
