"""`helpline prompts …`: where the prompts stand, whether they may be said, speech for those without a recording."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click
from sqlalchemy.orm import Session

from helpline import db, environment
from helpline.config import CLIPS_URLS, is_clips_url, is_origin
from helpline.faults import Faults, raise_if_any
from helpline.languages import CODES
from helpline.voice import build as building
from helpline.voice import catalogue as texts
from helpline.voice import checking, complete, menus, moving, newest, reviews, rights, sets, shipped
from helpline.voice.lint import lint
from helpline.voice.manifest import ENGINES_BY_WORTH, Key, Offer, overlaid

_as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")
_EVERY = 25  # prompts between two lines of progress


@click.group("prompts")
def prompts() -> None:
    """What callers hear: texts, recordings, speech, reviews."""


@prompts.command()
@_as_json
def status(as_json: bool) -> None:
    """How many prompts of each language are recorded, spoken, missing, stale or never reviewed."""
    repository = texts.load()
    with _connected():
        catalogue, recordings, spoken = _playing(repository)
    rows = [
        building.standing(
            catalogue,
            language,
            recordings=recordings,
            spoken=spoken,
            unread=reviews.never_reviewed(repository, language, reviews.read(language)),
        )
        for language in catalogue.languages
    ]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    click.echo(
        f"{'':10}{'texts':>8}{'recorded':>10}{'speech':>8}{'missing':>9}{'stale':>7}{'never reviewed':>16}"
    )
    for row in rows:
        click.echo(
            f"{row.language:10}{row.texts:>8}{row.recorded:>10}{row.speech:>8}{row.missing:>9}"
            f"{len(row.stale):>7}{len(row.never_reviewed):>16}"
        )


@prompts.command()
@click.option(
    "--live", "which", flag_value="live", help="Also what callers hear now, as this installation has it."
)
@click.option("--draft", "which", flag_value="draft", help="Also the draft, as it would be published.")
@click.option(
    "--url", metavar="ADDRESS", help="Fetch every clip from there as the carrier does; means --live."
)
@_as_json
def check(which: str | None, url: str | None, as_json: bool) -> None:
    """Judge every text and recording: form, words, length, review. Exit code 2 when one is at fault.

    With --live, --draft or --url whether this installation may go live: every prompt in every language is audio of that
    language, and every sentence that is put together from pieces can be said.
    """
    found, warnings = faults(), stale()
    if which or url:
        more, others = _of_this_installation("draft" if which == "draft" else "live", url)
        found, warnings = found + more, warnings + others
    if as_json:
        click.echo(json.dumps({"faults": found, "warnings": warnings}, ensure_ascii=False))
        if found:
            raise SystemExit(2)
        return
    for warning in warnings:
        click.echo(f"warning: {warning}")
    raise_if_any(found)
    click.echo("prompts: nothing wrong")


@prompts.command()
@click.option("--engine", type=click.Choice(list(ENGINES_BY_WORTH)), required=True)
@click.option("--language", type=click.Choice(CODES), help="Only this one.")
@click.option("--only", metavar="PROMPT", help="Only this prompt.")
@_as_json
def build(engine: str, language: str | None, only: str | None, as_json: bool) -> None:
    """Make speech for what nobody recorded and what has changed; stopped, it goes on where it was."""
    repository = texts.load()
    if only is not None and only not in repository.names:
        raise Faults([f"--only {only}: there is no such prompt"])
    languages = [language] if language else list(repository.languages)
    with _connected():
        catalogue, recordings, spoken = _playing(repository)
        keys = building.to_make(
            catalogue, engine, languages=languages, only=only, recordings=recordings, spoken=spoken
        )

        def tell(done: int, key: Key) -> None:
            if not as_json and (done % _EVERY == 0 or done == len(keys)):
                click.echo(f"{done} of {len(keys)}: {key[0]}/{key[1]}")

        report = building.make(catalogue, engine, keys, tell=tell)
    nothing = len([only] if only else catalogue.names) * len(languages) - len(keys)
    if as_json:
        outcome = {
            "made": report.made,
            "failed": report.failed,
            "not_tried": report.left,
            "needed_nothing": nothing,
        }
        click.echo(json.dumps(outcome, ensure_ascii=False))
        if report.failed:
            raise SystemExit(2)
        return
    click.echo(
        f"made {report.made}, failed {len(report.failed)}, not tried {report.left}, needed nothing {nothing}"
    )
    raise_if_any(report.failed)


@prompts.command()
@click.argument("language", type=click.Choice(CODES))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def review(language: str, file: Path) -> None:
    """Merge a reviewer's rows (a JSON list) into docs/languages/LANGUAGE.md, with the hashes of today's texts."""
    catalogue = texts.load()
    merged = reviews.merge(language, file, catalogue)
    left = reviews.never_reviewed(catalogue, language, reviews.read(language))
    click.echo(f"docs/languages/{language}.md: {merged} rows merged, {len(left)} texts never reviewed")


@prompts.command("move")
@click.option(
    "--from", "old", required=True, metavar="ADDRESS", help="database:, file:///folder, s3://bucket/prefix"
)
@click.option(
    "--to", "new", required=True, metavar="ADDRESS", help="The same, where they shall lie from now on."
)
def move_storage(old: str, new: str) -> None:
    """Bring all recordings from one storage to another; stopped, it goes on where it was.

    First give HELPLINE_CLIPS_URL the new address everywhere and start anew: until all are moved, those that lie in the
    database are found there, too.
    """
    wrong = [address for address in (old, new) if not is_clips_url(address)]
    raise_if_any([f"{address}: must be {CLIPS_URLS}" for address in wrong])
    with _connected():
        moved, missing = moving.move(old, new)
    click.echo(f"moved {moved}, missing {missing}")
    if missing:
        raise SystemExit(1)


@prompts.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--set", "which", default="live", show_default=True, help="live, draft, or a set's number.")
@click.option("--language", "languages", multiple=True, type=click.Choice(CODES), help="Only these.")
def give_out(target: Path, which: str, languages: tuple[str, ...]) -> None:
    """Write texts to a spreadsheet (TARGET ends in .xlsx or .csv), or texts and recordings to a folder like prompts/."""
    from helpline.ivr.start import tell_menus
    from helpline.voice import giving_out, tables

    wanted = languages or CODES
    catalogue = texts.load()
    tell_menus()
    with _connected(), db.transaction() as session:
        chosen = _which(session, which)
        try:
            if tables.is_table(target):
                given = giving_out.to_table(
                    session, catalogue, target, which=chosen, languages=wanted, where=_where(catalogue)
                )
            else:
                given = giving_out.to_folder(session, catalogue, target, which=chosen, languages=wanted)
        except LookupError as error:
            raise Faults([f"--set {which}: {error}"]) from None
    click.echo(f"{target}: {len(given.texts)} texts, {len(given.recordings)} recordings written")


@prompts.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--by", "login", required=True, help="Whose work it is: an editor's login.")
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(CODES), help="Only these (of a folder)."
)
@click.option("--dry-run", is_flag=True, help="Judge everything, take nothing.")
def bring(source: Path, login: str, languages: tuple[str, ...], dry_run: bool) -> None:
    """Put the texts of a spreadsheet, or the texts and recordings of a folder, into the draft; all or nothing."""
    from helpline.ivr.start import tell_menus
    from helpline.people import accounts
    from helpline.voice import bringing, tables

    if not source.is_dir() and not tables.is_table(source, to_read=True):
        raise Faults([f"{source.name}: must be a folder, or end in .xlsx, .csv, .ods or .xls"])
    catalogue = texts.load()
    tell_menus()
    with _connected(), db.transaction() as session:
        who = accounts.by_login(session, login)
        if who is None or not rights.languages_of(who):
            raise Faults([f"--by {login}: nobody who may change prompts has this login"])
        if source.is_dir():
            found = bringing.bring_folder(session, catalogue, source, who=who, languages=languages or CODES)
        else:
            lines, wrong = tables.judged(source)
            found = bringing.bring_lines(session, catalogue, lines, who=who, faults=wrong)
        if dry_run:
            session.rollback()
    for left in found.left_out:
        click.echo(f"left out: {left}")
    done = "would go" if dry_run else "went"
    click.echo(f"{len(found.texts)} texts and {len(found.recordings)} recordings {done} into the draft")


def faults(prompts_folder: Path = texts.PROMPTS, reviews_folder: Path = reviews.REVIEWS) -> list[str]:
    """Everything that is wrong with texts, recordings and reviews, one sentence each."""
    found = complete.faults()
    read, of_form = texts.read(prompts_folder)
    found += of_form
    found += [str(finding) for finding in lint(read)]
    for language, own in read.items():
        for name, text in own.items() if language in texts.SECONDS_A_CHARACTER else ():
            seconds = texts.seconds(language, text)
            if seconds > texts.LONGEST:
                found.append(
                    f"prompts/{language}/texts.toml: {name}: takes about {seconds:.0f} seconds to say, "
                    f"more than {texts.LONGEST:.0f}"
                )
    catalogue = texts.Catalogue(read)
    recordings, unusable = shipped.read(prompts_folder, read)
    found += unusable + shipped.judge(recordings, catalogue)[0]
    for language in read:
        rows = reviews.read(language, reviews_folder)
        unread = reviews.never_reviewed(catalogue, language, rows)
        if unread and not rows:
            found.append(
                f"docs/languages/{language}.md: holds no review: {len(unread)} texts were never reviewed"
            )
        else:
            found += [
                f"docs/languages/{language}.md: {name}: today's text was never reviewed" for name in unread
            ]
    return found


def stale(prompts_folder: Path = texts.PROMPTS) -> list[str]:
    """The recordings whose text has changed since: no fault, because another voice says today's text."""
    read = texts.read(prompts_folder)[0]
    return shipped.judge(shipped.read(prompts_folder, read)[0], texts.Catalogue(read))[1]


def _where(catalogue: texts.Catalogue) -> dict[str, str]:
    """Where each prompt is heard, in words for translators."""
    from helpline.ivr import flow, heard

    found = heard.places(flow.load(), catalogue.texts[texts.MASTER])
    return {
        prompt: ", ".join(dict.fromkeys(one.step or "whenever a key is wrong or missing" for one in places))
        for prompt, places in found.items()
    }


def _which(session: Session, word: str) -> int | Literal["draft"]:
    """A set by its word or number. Raises `Faults`."""
    if word == "draft":
        return "draft"
    if word == "live":
        return newest.number(session)
    if not word.isascii() or not word.isdecimal() or len(word) > 9:
        raise Faults([f"--set {word}: must be live, draft, or a number"])
    return int(word)


def _of_this_installation(which: Literal["live", "draft"], url: str | None) -> tuple[list[str], list[str]]:
    """What must not go live, and what a person should look at. Raises `Faults` for an address that is none."""
    from helpline.ivr.start import tell_menus

    if url is not None and not is_origin(url):
        raise Faults([f"--url {url}: must be an address such as https://line.example.org"])
    tell_menus()
    recordings = checking.lasting(shipped.read(texts.PROMPTS)[0])
    with _connected(), db.transaction() as session:
        found = checking.report(session, texts.load(), which, shipped=recordings)
        also = checking.of_notices(session)
    return checking.in_words(*found, url, also)


@contextmanager
def _connected() -> Iterator[None]:
    """This installation's database: `check` and `review` do without."""
    environment.connect(environment.settings())
    try:
        yield
    finally:
        db.disconnect()


def _playing(repository: texts.Catalogue) -> tuple[texts.Catalogue, list[Offer], list[Offer]]:
    """What the newest set says; all recordings of it and of the repository, and all speech."""
    from helpline.ivr.start import tell_menus

    tell_menus()
    with db.transaction() as session:
        stored = sets.read(session)
    recordings = [recording.offer for recording in shipped.read(texts.PROMPTS)[0]]
    catalogue = overlaid(repository, stored.texts.get(stored.current, ()), menus.said())
    return catalogue, [*stored.published.get(stored.current, ()), *recordings], list(stored.speech)


COMMANDS = [prompts]
