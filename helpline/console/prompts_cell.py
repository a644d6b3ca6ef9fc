"""The page of one prompt in one language: what is said, who says it, every version, where it is heard. Asks `voice`."""

from functools import cache

from flask import abort, current_app
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import prompts_words
from helpline.console.access import person, settings
from helpline.console.formats import number
from helpline.console.forms import Form
from helpline.console.rendering import page
from helpline.ivr import heard, legs, preview
from helpline.ivr.flow import Flow
from helpline.languages import CODES
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import reading, rights, versions, wording
from helpline.voice.catalogue import MASTER, placeholder, repository, seconds
from helpline.voice.sections import section_of
from helpline.voice.versions import Everything

readers = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)


def menu() -> Flow:
    """The menu of this installation."""
    found: Flow = current_app.extensions["flow"]
    return found


@cache
def places() -> dict[str, tuple[heard.Place, ...]]:
    """Prompt -> where it is heard."""
    return heard.places(menu(), repository().texts[MASTER])


@cache
def _ways() -> dict[str, tuple[tuple[str, str], ...]]:
    return heard.ways_in(menu())


@cache
def _erring(prompt: str) -> str | None:
    return preview.erring(menu(), prompt)


@readers
def cell(language: str, prompt: str) -> Response:
    """Everything of one prompt in one language."""
    return show(language, prompt)


def show(language: str, prompt: str, form: Form | None = None, status: int = 200) -> Response:
    """The page, with a form that was sent and has faults. 404 where there is no such prompt or language."""
    found = everything(language, prompt)
    who = person()
    with db.transaction(durable=False) as session:
        names = accounts.names(session, sorted(found.people()))
    shown = Form()
    shown.fill(text=found.cell.text)
    if form is not None:
        shown.fill(**form.values.to_dict())
        shown.errors = form.errors
    typed = shown.values.get("text", "") or found.cell.text
    names_of_all = repository().names
    here = names_of_all.index(prompt)
    return page(
        "prompts/cell.html",
        status,
        found=found,
        cell=found.cell,
        form=shown,
        judged=judged(language, typed, found.english),
        names=names,
        places=[one for one in places().get(prompt, ()) if heard.heard_in(menu(), one, prompt, language)],
        ways=_ways(),
        erring=_erring(prompt),
        placed=prompt in legs.PROMPTS,
        states=prompts_words.STATES,
        marks_of=_marks(found),
        gave_way=prompts_words.WHY_NOT_OURS,
        how=prompts_words.HOW,
        ways_of=prompts_words.WAYS,
        remarks=prompts_words.remarks,
        section=prompts_words.section_name(section_of(prompt)),
        value=placeholder(found.repository),
        facts=_facts(found),
        others=[code for code in CODES if code != language],
        may_edit=rights.may_edit(who, language),
        may_approve=rights.may_approve(who),
        me=who.id,
        four_eyes=settings().four_eyes,
        can_preview="prompts_preview" in current_app.blueprints,
        can_upload="prompts_upload" in current_app.blueprints,
        can_record="prompts_record" in current_app.blueprints,
        around={None: "", **repository().texts[language]},
        earlier=names_of_all[here - 1] if here else None,
        later=names_of_all[here + 1] if here + 1 < len(names_of_all) else None,
    )


def _marks(found: Everything) -> list[str]:
    """What the draft changes here, in words."""
    changes = {
        "text": gettext("text changed in the draft"),
        "clip": gettext("recording in the draft"),
        "drops": gettext("recording taken away in the draft"),
        "conflict": gettext("to be decided"),
    }
    return [words for word, words in changes.items() if word in found.cell.draft]


def _facts(found: Everything) -> list[tuple[str, str]]:
    said = found.cell
    heard_now = (
        "—" if said.seconds is None else gettext("%(seconds)s s", seconds=number(round(said.seconds, 1)))
    )
    about = number(round(seconds(said.language, said.text), 1))
    return [
        (gettext("Clip number by telephone"), str(found.number)),
        (gettext("Length of the clip"), heard_now),
        (gettext("Length by the text, about"), gettext("%(seconds)s s", seconds=about)),
        (gettext("Versions of the text"), number(len(found.texts))),
        (gettext("Recordings"), number(len(found.clips))),
    ]


def judged(language: str, text: str, english: str) -> dict[str, object]:
    """What a page says of a text: how long it takes, why it may not be said, what is hard in it."""
    text = wording.tidy(text)
    master = text if language == MASTER else english
    return {
        "text": text,
        "seconds": seconds(language, text),
        "refusals": [prompts_words.fault(one) for one in wording.faults(language, text, master=master)],
        "hard": [prompts_words.hard_words(one) for one in reading.hard(language, text)],
    }


def everything(language: str, prompt: str) -> Everything:
    """All that is known of one prompt in one language; 404 where there is none."""
    known(language, prompt)
    with db.transaction(durable=False) as session:
        return versions.everything(session, repository(), language, prompt)


def known(language: str, prompt: str) -> None:
    """404 where there is no such prompt or language."""
    if prompt not in repository().texts.get(language, {}):
        abort(404)
