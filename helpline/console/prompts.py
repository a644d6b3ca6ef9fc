"""The matrix of prompts: what callers hear, in which language it is missing or stale, and what the draft changes.
Asks `voice.matrix`; the page of one cell is `prompts_cell`."""

from collections import Counter
from collections.abc import Callable
from functools import cache

from flask import current_app, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import prompts_deeds, prompts_grid, prompts_words
from helpline.console.access import person
from helpline.console.labels import language_name
from helpline.console.pages import Pages
from helpline.console.prompts_cell import menu, places, readers
from helpline.console.rendering import page
from helpline.languages import CODES
from helpline.people import access as guards
from helpline.people.accounts import Who
from helpline.voice import cells, rights, waiting
from helpline.voice.catalogue import repository
from helpline.voice.cells import Matrix, Wanted
from helpline.voice.matrix import matrix as read_matrix
from helpline.voice.sections import sections

NARROWING = ("state", "language", "section", "step", "words")
DOORS: tuple[tuple[str, LazyString], ...] = (
    ("prompts.matrix", lazy_gettext("All prompts")),
    ("prompts_sets.draft", lazy_gettext("Draft")),
    ("prompts_sets.listed", lazy_gettext("Published sets")),
    ("prompts_preview.chosen", lazy_gettext("Hear it in the menu")),
    ("prompts_record.languages", lazy_gettext("Record")),
    ("prompts_telephone.chosen", lazy_gettext("By telephone")),
    ("prompts_upload.upload", lazy_gettext("Upload")),
    ("prompts_check.check", lazy_gettext("Go-live check")),
    ("notices.listed", lazy_gettext("Notices")),
)
"""The rooms of this subject, in their order; those that there are, and that one may enter, stand above each page of it."""

TO_APPROVE = lazy_gettext("To approve")


@readers
def matrix() -> Response:
    """All prompts in all languages, or those that the address asks for."""
    wanted = _wanted()
    with db.transaction(durable=False) as session:
        found = read_matrix(session, repository(), steps())
    shown = cells.chosen(found, wanted)
    if wanted.language:
        shown = [cells.narrowed(row, wanted.language, found.languages) for row in shown]
    progress = found.progress()
    narrow = wanted.language or _narrow(person(), found, shown, wanted.state)
    names = {code: language_name(code) for code in CODES}
    states = {state: (str(word), tone, sign) for state, (word, tone, sign) in prompts_words.STATES.items()}
    marks = {mark: str(word) for mark, word in prompts_words.MARKS.items()}
    return page(
        "prompts/matrix.html",
        wanted=wanted,
        groups=_grouped(shown),
        shown=len(shown),
        languages=[wanted.language] if wanted.language else found.languages,
        narrow=narrow,
        names=names,
        progress=progress,
        counts=_counts(found, wanted),
        mute=sum(one.mute for one in progress),
        of=sum(one.of for one in progress),
        sections=[(title, prompts_words.section_name(title)) for title in sections()],
        steps=list(menu().steps),
        states=states,
        marks=marks,
        ways_of=prompts_words.WAYS,
        cells_of=prompts_grid.cells_of(names, states, marks, narrow, gettext("callers hear now")),
        mine=rights.languages_of(person()),
        address=_address(wanted),
    )


def _wanted() -> Wanted:
    """What the address asks for; words that it does not know narrow nothing."""
    asked = request.args
    known = {
        "state": (*map(str, prompts_words.STATES), *prompts_words.MARKS),
        "language": CODES,
        "section": tuple(sections()),
        "step": tuple(menu().steps),
    }
    given = {name: asked.get(name, "") for name in known}
    return Wanted(
        **{name: value if value in known[name] else "" for name, value in given.items()},
        words=asked.get("words", "").strip()[:100],
    )


def _address(wanted: Wanted) -> Callable[..., str]:
    """Makes the address of this page with something else asked for."""

    def made(**other: str) -> str:
        asked = {name: getattr(wanted, name) for name in NARROWING} | other
        return url_for("prompts.matrix", **{name: value for name, value in asked.items() if value})

    return made


def _grouped(rows: list[cells.Row]) -> list[tuple[str, list[cells.Row]]]:
    groups: dict[str, list[cells.Row]] = {}
    for row in rows:
        groups.setdefault(row.section, []).append(row)
    return [(prompts_words.section_name(title), own) for title, own in groups.items()]


def _counts(found: Matrix, wanted: Wanted) -> dict[str, int]:
    """How many cells are in each state, in the language that is looked at or in all."""
    own = [cell for row in found.rows for cell in row.cells if wanted.language in {"", cell.language}]
    states = Counter(cell.state for cell in own)
    return {str(state): states[state] for state in prompts_words.STATES} | {
        cells.MUTE: sum(cell.mute for cell in own),
        cells.DRAFTED: sum(bool(cell.draft) for cell in own),
        cells.BEHIND: sum(cell.behind for cell in own),
        cells.GAVE_WAY: sum(bool(cell.gave_way) for cell in own),
    }


def _narrow(who: Who, found: Matrix, shown: list[cells.Row], state: str) -> str:
    """The one language that a telephone shows: the first that this person looks after, and that has what is asked for."""
    own = rights.languages_of(who) or who.languages
    ordered = sorted(found.languages, key=lambda code: code not in own)
    return (cells.first_with(shown, state, ordered) if state else None) or ordered[0]


@cache
def steps() -> dict[str, tuple[str, ...]]:
    """Prompt -> the steps that say it."""
    return {name: tuple(place.step for place in where if place.step) for name, where in places().items()}


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (("GET", "/prompts", matrix),)

pages = Pages("prompts")
for method, rule, view in (*VIEWS, *prompts_deeds.VIEWS):
    pages.add_url_rule(rule, view_func=view, methods=[method])


for name, words in prompts_words.FILTERS.items():
    pages.add_app_template_filter(words, name)


@pages.app_template_global("prompt_doors")
def doors() -> list[tuple[LazyString, str, bool, int | None]]:
    """The rooms of the prompts that the person at hand may enter, for `ui.chips`: the draft with how much it changes, and
    for who approves, what waits for that."""
    there, who = current_app.view_functions, person()
    with db.transaction(durable=False) as session:
        waits = waiting.counted(session, who.id, approves=rights.may_approve(who))
    found: list[tuple[LazyString, str, bool, int | None]] = []
    for endpoint, label in DOORS:
        if endpoint not in there or not guards.admits(guards.guard_of(there[endpoint]), who.roles):
            continue
        is_draft = endpoint == "prompts_sets.draft"
        here = request.endpoint == endpoint
        approving = is_draft and rights.may_approve(who)
        asked = approving and here and request.args.get("what") == prompts_deeds.APPROVALS
        found.append((label, url_for(endpoint), here and not asked, waits.changes if is_draft else None))
        if approving:
            found.append((TO_APPROVE, url_for(endpoint, what=prompts_deeds.APPROVALS), asked, waits.verdicts))
    return found
