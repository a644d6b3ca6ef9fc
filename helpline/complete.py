"""`helpline languages check`: every place that has something for each language of the line, and what is missing there.

This is the one list of such places: a language is added by following what it says until it says nothing. Knows no text.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import click

from helpline.console import public_words
from helpline.faults import raise_if_any
from helpline.figures.seed import year
from helpline.ivr import flow
from helpline.languages import LANGUAGES, Language
from helpline.simulator import tongues
from helpline.simulator import voices as pairs
from helpline.voice import catalogue
from helpline.voice import complete as spoken
from helpline.voice.voices import VOICES

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "prompts/{}/texts.toml", "docs/languages/{}.md", "helpline/console/public/{}.toml", "helpline/handbook/phrases/{}.toml",
)  # fmt: skip
TESTS = ("tests/leaflet.py", "tests/calls/caller.py")
"""What tests transcribe by themselves, so that they find a wrong row: looked at where there are tests."""


def faults(languages: Iterable[Language] = LANGUAGES, *, root: Path = ROOT) -> list[str]:
    """Everything that is missing for one of these languages, a sentence each, naming file and field."""
    listed = list(languages)
    codes = [one.code for one in listed]
    found = spoken.faults(listed)
    tables: Mapping[str, Collection[str]] = {
        "helpline/simulator/tongues.py: TONGUES": tongues.TONGUES,
        "helpline/figures/seed/year.py: LANGUAGES": year.LANGUAGES,
    }
    found += [
        f"{table}: {code}: missing" for table, rows in tables.items() for code in codes if code not in rows
    ]
    for code in codes:
        if code in VOICES and (fault := pairs.fault_of(VOICES[code].voice, VOICES[code].language)):
            found.append(f"helpline/simulator/voices.py: {code}: {fault}")
    found += [
        f"{name}: missing"
        for code in codes
        for name in (file.format(code) for file in FILES)
        if not (root / name).is_file()
    ]
    countries = flow.read(flow.FLOW_FILE).flow.lists.get("countries", {})
    found += [
        f"helpline/ivr/flow.toml: [lists.countries] {code}: missing"
        for code in codes
        if code not in countries
    ]
    for name in TESTS:
        file = root / name
        held = file.read_text("utf-8") if file.is_file() else None
        found += [
            f"{name}: {code}: missing" for code in codes if held is not None and f'"{code}"' not in held
        ]
    return list(dict.fromkeys(found))


@click.group()
def languages() -> None:
    """The languages of the line."""


@languages.command()
def check() -> None:
    """Say every place in which something is missing for a language; exit code 2 when there is one."""
    found = faults()
    if not found:
        _, of_form = catalogue.read(catalogue.PROMPTS)
        found = of_form + public_words.faults()
    raise_if_any(found)
    click.echo(f"{len(LANGUAGES)} languages, nothing missing")


COMMANDS = [languages]
