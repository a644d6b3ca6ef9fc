"""What one does to one prompt in one language: write, take out, bring back, decide, approve, reject. Asks `voice`."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import forms as parsing
from helpline.console import prompts_words
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.prompts_cell import cell, everything, judged, known, show
from helpline.console.rendering import notice, page, part
from helpline.faults import Faults
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import drafts, rights, verdicts
from helpline.voice.catalogue import MASTER, repository
from helpline.voice.drafts import Overtaken

LONGEST_TEXT = 2000
APPROVALS = "approve"
"""The word of the address that shows what waits for approval."""
editors = allowed(Role.EDITOR, Role.ADMINISTRATOR)
approvers = allowed(Role.APPROVER, Role.ADMINISTRATOR)


@editors
def write(language: str, prompt: str) -> Response:
    """A text goes into the draft; not when somebody else changed the prompt since the form was shown."""
    _mine(language, prompt)
    form = Form(request.form)
    text = form.text("text", most=LONGEST_TEXT)
    if not form:
        return show(language, prompt, form, 422)
    return _change(
        language,
        prompt,
        form,
        lambda session, revision: drafts.write_text(
            session, repository(), language, prompt, text, by_id=person().id, revision=revision
        ),
        gettext("Saved in the draft: callers hear it when the draft is published."),
    )


@editors
def judge(language: str, prompt: str) -> Response:
    """What there is to say of a text while it is written; nothing is kept."""
    known(language, prompt)
    text = request.form.get("text", "")[:LONGEST_TEXT]
    with db.transaction(durable=False) as session:
        english = drafts.wanted_text(session, repository(), MASTER, prompt)
    return part("prompts/judged.html", judged=judged(language, text, english))


@editors
def opened(language: str, prompt: str) -> Response:
    """This person has the prompt open; who else has."""
    known(language, prompt)
    with db.transaction(durable=False) as session:
        others = drafts.opened(session, language, prompt, person().id)
        names = accounts.names(session, others)
    return part("prompts/open.html", others=[names.get(one, "") for one in others])


@editors
def take_out(language: str, prompt: str) -> Response:
    """What the draft changes here (its text, its recording) goes out of it; the versions stay."""
    _mine(language, prompt)
    form = Form(request.form)
    what = form.choice("what", ("text", "clip"))
    if not form:
        return show(language, prompt, form, 422)
    return _change(
        language,
        prompt,
        form,
        lambda session, revision: drafts.take_out(
            session,
            language,
            prompt,
            by_id=person().id,
            revision=revision,
            text=what == "text",
            clip=what == "clip",
        ),
        gettext("Taken out of the draft."),
    )


@editors
def drop(language: str, prompt: str) -> Response:
    """The draft takes away the recording that callers hear."""
    _mine(language, prompt)
    return _change(
        language,
        prompt,
        Form(request.form),
        lambda session, revision: drafts.drop_clip(
            session, language, prompt, by_id=person().id, revision=revision
        ),
        gettext("Saved in the draft: once it is published, this recording is not played any more."),
    )


@editors
def back(language: str, prompt: str) -> Response:
    """An earlier text or recording goes into the draft again."""
    _mine(language, prompt)
    form = Form(request.form)
    found = everything(language, prompt)
    clip = found.clip(form.typed("clip"))
    text = next((each for each in found.texts if str(each.id or 0) == form.typed("text")), None)
    if clip is None and text is None:
        abort(404)

    def change(session: Any, revision: int) -> object:
        if clip is not None:
            return drafts.put_clip(session, language, prompt, clip.hash, by_id=person().id, revision=revision)
        said = text.text if text else ""
        return drafts.write_text(
            session, repository(), language, prompt, said, by_id=person().id, revision=revision
        )

    return _change(
        language, prompt, form, change, gettext("The earlier version is in the draft. The others stay.")
    )


@editors
def decide(language: str, prompt: str) -> Response:
    """The code brought another text while one of ours holds: ours stays, or the new one holds."""
    _mine(language, prompt)
    form = Form(request.form)
    choice = form.choice("keep", ("ours", "theirs"))
    if not form:
        return show(language, prompt, form, 422)
    return _change(
        language,
        prompt,
        form,
        lambda session, revision: drafts.decide(
            session,
            repository(),
            language,
            prompt,
            keep=choice == "ours",
            by_id=person().id,
            revision=revision,
        ),
        gettext("Decided: it is in the draft."),
    )


@approvers
def approve(language: str, prompt: str) -> Response:
    """This text or recording may be published."""
    return _verdict(language, prompt, Form(request.form), approved=True)


@approvers
def reject(language: str, prompt: str) -> Response:
    """This text or recording must not be published, and why."""
    known(language, prompt)
    form = Form(request.form)
    form.reason("why")
    if not form:
        return show(language, prompt, form, 422)
    return _verdict(language, prompt, form, approved=False)


def _verdict(language: str, prompt: str, form: Form, *, approved: bool) -> Response:
    found = everything(language, prompt)
    clip = found.clip(form.typed("clip"))
    text = next((each for each in found.texts if each.id and str(each.id) == form.typed("text")), None)
    thing = clip.hash if clip else text.id if text else None
    if thing is None:
        abort(404)
    try:
        with db.transaction() as session:
            if approved:
                verdicts.approve(session, thing, by_id=person().id)
            else:
                verdicts.reject(session, thing, by_id=person().id, why=form.typed("why"))
    except Faults as faults:
        for fault in faults.faults:
            form.fault("", prompts_words.fault(fault))
        return show(language, prompt, form, 422)
    said = gettext("Approved.") if approved else gettext("Rejected, with your reason.")
    if form.typed("to") == APPROVALS:
        return notice(redirect(url_for("prompts_sets.draft", what=APPROVALS), 303), said)
    return _back(language, prompt, said)


def _change(
    language: str, prompt: str, form: Form, change: Callable[[Any, int], object], said: str
) -> Response:
    """Change the draft's entry as the form that was shown knew it: saved, refused with every fault, or overtaken."""
    known(language, prompt)
    revision = parsing.number(form.typed("revision"))
    if revision is None:
        abort(400)
    try:
        with db.transaction() as session:
            change(session, revision)
    except Overtaken as overtaken:
        return _overtaken(language, prompt, form, overtaken)
    except Faults as faults:
        for number, fault in enumerate(faults.faults):
            form.fault("text" if not number else f"text-{number}", prompts_words.fault(fault))
        return show(language, prompt, form, 422)
    return _back(language, prompt, said)


def _overtaken(language: str, prompt: str, form: Form, overtaken: Overtaken) -> Response:
    """Both texts side by side: what somebody else saved meanwhile, and what was typed here, which is not lost."""
    found = everything(language, prompt)
    with db.transaction(durable=False) as session:
        names = accounts.names(session, [overtaken.by_id] if overtaken.by_id else [])
    return page(
        "prompts/overtaken.html",
        409,
        found=found,
        by=names.get(overtaken.by_id or 0, ""),
        at=overtaken.at,
        typed=form.typed("text"),
    )


def _mine(language: str, prompt: str) -> None:
    """404 where there is no such prompt; 403 for whoever may not change this language."""
    known(language, prompt)
    if not rights.may_edit(person(), language):
        abort(403)


def _back(language: str, prompt: str, said: str) -> Response:
    return notice(redirect(url_for("prompts.cell", language=language, prompt=prompt), 303), said)


VIEWS: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/prompts/<language>/<prompt>", cell),
    ("POST", "/prompts/<language>/<prompt>/text", write),
    ("POST", "/prompts/<language>/<prompt>/judge", judge),
    ("POST", "/prompts/<language>/<prompt>/open", opened),
    ("POST", "/prompts/<language>/<prompt>/take-out", take_out),
    ("POST", "/prompts/<language>/<prompt>/drop", drop),
    ("POST", "/prompts/<language>/<prompt>/back", back),
    ("POST", "/prompts/<language>/<prompt>/decide", decide),
    ("POST", "/prompts/<language>/<prompt>/approve", approve),
    ("POST", "/prompts/<language>/<prompt>/reject", reject),
)
