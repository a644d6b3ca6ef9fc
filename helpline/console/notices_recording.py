"""A recording of a notice that comes as a file: the takes of its languages, and what became of them. Asks `voice.takes`."""

from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import prompts_remarks
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.rendering import notice
from helpline.languages import CODES
from helpline.line import notices
from helpline.line.notices import Kept
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import forms, rights, takes
from helpline.voice.measured import Unusable
from helpline.voice.storage import StorageDown
from helpline.voice.takes_models import TakeState

LARGEST = forms.LARGEST + 1_000_000
"""Bytes of a request: the recording and what stands around it."""
editors = allowed(Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Sent:
    """The newest recording that was sent for one language: how far it is, and what was said of it."""

    language: str
    state: TakeState
    remarks: tuple[str, ...]


def sent(kept: Kept) -> list[Sent]:
    """The newest recording for each language of a notice that has one, read from the words as they are now."""
    with db.transaction(durable=False) as session:
        found = [take for code in CODES for take in takes.of_prompt(session, code, kept.prompt, most=1)]
    return [
        Sent(
            take.language,
            take.state,
            tuple(prompts_remarks.said(one) for one in (*take.refusals, *take.warnings)),
        )
        for take in found
        if take.text == kept.texts.get(take.language, "")
    ]


@editors
def received(notice_id: int) -> Response:
    """A file arrives: it is looked at by the worker, and heard as soon as it is found good."""
    who, form, file = person(), Form(request.form), request.files.get("recording")
    with db.transaction(durable=False) as session:
        try:
            kept = notices.one(session, notice_id)
        except LookupError:
            abort(404)
    language = form.choice("language", CODES)
    there = redirect(url_for("notices.one", notice_id=notice_id) + "#record", 303)
    if not form or not rights.may_edit(who, language):
        abort(404)
    if file is None or not file.filename:
        return notice(there, gettext("Choose a file."), kind="bad")
    try:
        with db.transaction() as session:
            takes.receive(
                session,
                file.stream.read(forms.LARGEST + 1),
                language=language,
                prompt=kept.prompt,
                way="file",
                speaker=who.name,
                by_id=who.id,
                name=file.filename,
                text=kept.texts.get(language, ""),
            )
    except Unusable as refused:
        return notice(there, prompts_remarks.said(refused.remark), kind="bad")
    except StorageDown:
        abort(503)
    return notice(there, gettext("It is being checked; callers hear it as soon as it is found good."))
