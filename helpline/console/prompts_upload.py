"""Recordings that are files: one for one prompt, several, a folder or a ZIP named by prompt; and what went where. Asks
`voice.batches` and `voice.takes`; the worker judges what was taken."""

from typing import Any, BinaryIO, cast

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import labels, prompts_remarks
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.prompts_deeds import editors
from helpline.console.rendering import page, part
from helpline.voice import batches, filling, forms, rights, takes
from helpline.voice.batches import Contents
from helpline.voice.catalogue import repository
from helpline.voice.measured import Unusable
from helpline.voice.storage import StorageDown
from helpline.voice.takes import Batch
from helpline.voice.takes_models import TakeState

_AROUND = 1_000_000  # bytes of a request beside the files

pages = Pages("prompts_upload", largest=batches.MOST_ZIPPED + _AROUND)


@pages.get("/prompts/upload")
@editors
def upload() -> Response:
    """Choose files, and say what they are."""
    form = Form()
    mine = rights.languages_of(person())
    asked = request.args.get("language", "")
    form.fill(
        language=asked if asked in mine else mine[0] if len(mine) == 1 else "",
        prompt=request.args.get("prompt", ""),
    )
    return _shown(form)


@pages.post("/prompts/upload")
@editors
def send() -> Response:
    """Files arrive: nothing is taken of what is not looked through; what can be taken goes to the worker."""
    form = Form(request.form)
    files = [one for name in ("files", "folder") for one in request.files.getlist(name) if one.filename]
    files = [one for one in files if batches.is_meant(one.filename or "")] or files
    language = form.choice("language", rights.languages_of(person()), required=False)
    prompt = form.typed("prompt")
    speaker = form.text("speaker", required=False, most=takes.LONGEST_NAME)
    if not files:
        form.fault("files", gettext("Choose a file."))
    if prompt and prompt not in repository().names:
        form.fault("prompt", gettext("There is no prompt of this name."))
    if prompt and not language:
        form.fault("language", gettext("Say in which language this prompt is."))
    if prompt and len(files) > 1:
        form.fault("files", gettext("Several files cannot be one prompt: leave the prompt empty."))
    if not form:
        return _shown(form, 422)
    try:
        batch_id = _take(files, language or None, prompt, speaker)
    except Unusable as unusable:
        form.fault("files", prompts_remarks.said(unusable.remark))
        return _shown(form, 422)
    except StorageDown:
        abort(503)
    return redirect(url_for(".report", batch_id=batch_id), 303)


@pages.get("/prompts/upload/batch/<int:batch_id>")
@editors
def report(batch_id: int) -> Response:
    """What went where, and what did not, with the reason."""
    batch = _batch(batch_id)
    return page("prompts_upload/report.html", batch=batch, **_told(batch))


@pages.get("/prompts/upload/batch/<int:batch_id>/rows")
@editors
def rows(batch_id: int) -> Response:
    """The same without its page, while the worker is at it."""
    batch = _batch(batch_id)
    return part("prompts_upload/rows.html", batch=batch, **_told(batch))


def _take(files: list[FileStorage], language: str | None, prompt: str, speaker: str) -> int:
    """Take one file at once, several or a ZIP beside this page; the batch's id. Raises `Unusable`, `StorageDown`."""
    opened = [(one.filename or "", cast("BinaryIO", one.stream)) for one in files]
    name, first = opened[0]
    who, names, mine = person().id, repository().names, rights.languages_of(person())
    zipped = len(opened) == 1 and batches.is_zip(first)

    def looked_through(sent: filling.Files) -> Contents:
        if zipped:
            return batches.of_zip(sent[0][1], language=language, prompts=names, languages=mine)
        return batches.of_files(sent, language=language, prompts=names, languages=mine)

    told: dict[str, Any] = {
        "name": _name(files),
        "speaker": speaker,
        "by_id": who,
        "repository": repository(),
    }
    if zipped or len(opened) > 1:
        return filling.begin(opened, looked_through, **told)
    contents = (
        batches.of_one(name, first, language=language, prompt=prompt)
        if prompt and language
        else looked_through(opened)
    )
    with db.transaction() as session:
        return takes.receive_batch(session, contents, **told)


def _name(files: list[FileStorage]) -> str:
    """How the whole is called."""
    if len(files) == 1:
        return files[0].filename or ""
    return gettext("%(count)s files", count=len(files))


def _shown(form: Form, status: int = 200) -> Response:
    mine = rights.languages_of(person())
    several = [("", gettext("as the folders say (hi/welcome.wav)"))] if len(mine) > 1 else []
    return page(
        "prompts_upload/upload.html",
        status,
        form=form,
        languages=several + [(code, labels.language_name(code)) for code in mine],
        prompts=repository().names,
        most=batches.MOST_ZIPPED,
        most_files=batches.MOST_FILES,
        most_one=forms.LARGEST,
    )


def _batch(batch_id: int) -> Batch:
    with db.transaction(durable=False) as session:
        batch = takes.batch(session, batch_id)
    if batch is None:
        abort(404)
    return batch


def _told(batch: Batch) -> dict[str, Any]:
    states = [one.state for one in batch.takes]
    return {
        "said": prompts_remarks.said,
        "taken": sum(state == TakeState.READY for state in states),
        "waiting": sum(state == TakeState.RECEIVED for state in states),
        "refused": sum(state == TakeState.REFUSED for state in states) + len(batch.left_out),
    }
