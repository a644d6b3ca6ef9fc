"""Pages of the open draft and of the published sets: what is changed, publish, put off, compare, roll back. Asks `voice`."""

from collections.abc import Callable, Collection
from datetime import datetime

from flask import abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import prompts_sets_words as words
from helpline.console import prompts_words
from helpline.console.access import person, settings
from helpline.console.forms import Form
from helpline.console.forms import number as number_of
from helpline.console.labels import language_name
from helpline.console.pages import Pages
from helpline.console.prompts_deeds import APPROVALS
from helpline.console.rendering import notice, page
from helpline.faults import Faults
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import (
    comparing,
    drafts,
    history,
    newest,
    open_draft,
    publishing,
    releases,
    restoring,
    rights,
    scheduling,
)
from helpline.voice.catalogue import repository

readers = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)
editors = allowed(Role.EDITOR, Role.ADMINISTRATOR)
LONGEST_NOTE = 200


@readers
def draft() -> Response:
    """What the open draft changes, and whether it can be published."""
    return _draft(Form())


@editors
def publish() -> Response:
    """The draft, or some of its languages, is heard from the next call on."""
    form = Form(request.form)
    languages, note = _languages(form), form.text("note", required=False, most=LONGEST_NOTE)
    if not form:
        return _draft(form, 422)

    def act() -> str:
        with db.transaction() as session:
            number = publishing.publish(
                session, by_id=person().id, note=note, languages=languages, four_eyes=settings().four_eyes
            )
        return gettext(
            "Set %(number)s is published: whoever calls a few seconds from now hears it.", number=number
        )

    return _try(act, form)


@editors
def schedule() -> Response:
    """The draft, or some of its languages, is published at a moment."""
    form = Form(request.form)
    languages, note = _languages(form), form.text("note", required=False, most=LONGEST_NOTE)
    due = _moment(form)
    if not form or due is None:
        return _draft(form, 422)

    def act() -> str:
        with db.transaction() as session:
            scheduling.schedule(
                session,
                due,
                by_id=person().id,
                note=note,
                languages=languages,
                four_eyes=settings().four_eyes,
            )
        return gettext("It is published then, as it is now. What you change meanwhile waits in the draft.")

    return _try(act, form)


@editors
def cancel(schedule_id: int) -> Response:
    """A publishing that was put off does not happen."""
    back = redirect(url_for("prompts_sets.draft"), 303)
    with db.transaction() as session:
        waiting = {one.id: one for one in scheduling.listed(session)}
        if schedule_id not in waiting:
            abort(404)
        if not rights.may_publish(person(), waiting[schedule_id].languages):
            abort(403)
        done = scheduling.cancel(session, schedule_id, by_id=person().id)
    if not done:
        return notice(back, gettext("It was over already."), kind="info")
    return notice(back, gettext("It is not published. The changes stay in the draft."))


@editors
def out(language: str, prompt: str) -> Response:
    """What the draft changes about one prompt is taken out of it."""
    return _deed(language, prompt, lambda session, revision: drafts.take_out(
        session, language, prompt, by_id=person().id, revision=revision
    ), gettext("Taken out of the draft. Nothing is lost: it stands among the versions."))  # fmt: skip


@editors
def decide(language: str, prompt: str) -> Response:
    """Somebody says which text holds: ours, or the one that a release brought."""
    keep = request.form.get("keep") == "yes"
    return _deed(language, prompt, lambda session, revision: drafts.decide(
        session, repository(), language, prompt, keep=keep, by_id=person().id, revision=revision
    ), gettext("Decided. It is heard once it is published."))  # fmt: skip


@readers
def listed() -> Response:
    """The published sets, the newest first."""
    before = number_of(request.args.get("before", ""))
    with db.transaction(durable=False) as session:
        rows = history.listed(session, before=before)
        number = newest.number(session)
    later = url_for("prompts_sets.listed", before=rows[-1].id) if len(rows) == history.A_PAGE else None
    return page("prompts/sets.html", rows=rows, newest=number, later=later)


@readers
def one(set_id: int) -> Response:
    """One set beside another: by default the one that callers hear now; that one, beside the one before it."""
    return _one(set_id, Form())


@editors
def roll_back(set_id: int) -> Response:
    """An older set, or some languages of it, is heard again."""
    form = Form(request.form)
    languages, note = _languages(form), form.text("note", required=False, most=LONGEST_NOTE)
    if not form:
        return _one(set_id, form, 422)
    try:
        with db.transaction() as session:
            number = restoring.roll_back(
                session, repository(), set_id, by_id=person().id, note=note, languages=languages
            )
    except LookupError:
        abort(404)
    except publishing.Refused as refused:
        form.fault("", words.hindered(refused.hindrances[0]))
        return _one(set_id, form, 422)
    said = gettext(
        "Set %(number)s is published, as set %(old)s was. What is in the draft stays there.",
        number=number,
        old=set_id,
    )
    return notice(redirect(url_for("prompts_sets.one", set_id=number), 303), said)


def _draft(form: Form, status: int = 200) -> Response:
    who = person()
    approving = rights.may_approve(who)
    only = approving and request.args.get("what") == APPROVALS
    with db.transaction(durable=False) as session:
        found = open_draft.read(session, repository(), four_eyes=settings().four_eyes)
        later = scheduling.listed(session)
        released = releases.latest(session)
    mine = [code for code in found.ready if rights.may_edit(who, code)]
    if not form.values:
        form.fill(languages=mine)
    return page(
        "prompts/draft.html",
        status,
        draft=found.to_approve(who.id) if only else found,
        only=only,
        approving=approving,
        me=who.id,
        form=form,
        mine=rights.languages_of(who),
        ready=[(code, language_name(code), "") for code in mine],
        later=later,
        released=released,
        four_eyes=settings().four_eyes,
        hindered=words.hindered,
        why=words.WHY,
        schedules=words.SCHEDULES,
        longest=LONGEST_NOTE,
    )


def _one(set_id: int, form: Form, status: int = 200) -> Response:
    who, given = person(), request.args.get("with", "")
    other: comparing.Which
    with db.transaction(durable=False) as session:
        number = newest.number(session)
        if given == "draft":
            other = "draft"
        else:
            chosen = given.isascii() and given.isdecimal() and len(given) < 10
            other = int(given) if chosen else newest.before(session, set_id) if set_id == number else number
        found = history.one(session, set_id)
        if set_id and found is None:
            abort(404)
        try:
            differences = comparing.differences(session, repository(), set_id, other)
        except LookupError:
            abort(404)
        rows = history.listed(session)
    mine = [code for code in CODES if rights.may_edit(who, code)]
    if not form.values:
        form.fill(languages=[code for code in mine if any(each.language == code for each in differences)])
    return page(
        "prompts/set.html",
        status,
        number=set_id,
        found=found,
        other=other,
        newest=number,
        differences=differences,
        groups={code: own for code in CODES if (own := [one for one in differences if one.language == code])},
        rows=rows,
        form=form,
        mine=[(code, language_name(code), "") for code in mine],
        longest=LONGEST_NOTE,
    )


def _languages(form: Form) -> list[str]:
    """The languages that were ticked. Fault: none. 403 for one that this person may not change."""
    chosen = form.many("languages", CODES, required=True)
    if not rights.may_publish(person(), chosen):
        abort(403)
    return chosen


def _moment(form: Form) -> datetime | None:
    """A moment of Rome's clock, as browsers send it. Faults: none, or one that is past."""
    given = form.text("due", required=False, most=25)
    try:
        due = datetime.fromisoformat(given).replace(tzinfo=clock.ROME) if given else None
    except ValueError:
        due = None
    if due is None:
        form.fault("due", gettext("Choose a day and an hour."))
    elif due <= clock.now():
        form.fault("due", gettext("Choose a moment that is still to come."))
    return due


def _try(act: Callable[[], str], form: Form) -> Response:
    try:
        said = act()
    except publishing.Refused as refused:
        return _draft(_refused(form, refused.hindrances), 422)
    return notice(redirect(url_for("prompts_sets.draft"), 303), said)


def _refused(form: Form, hindrances: Collection[publishing.Hindrance]) -> Form:
    first = [words.hindered(one) for one in hindrances][:5]
    left = len(hindrances) - len(first)
    if left:
        first.append(ngettext("and one more", "and %(num)s more", left))
    form.fault("", "; ".join(first))
    return form


def _deed(language: str, prompt: str, act: Callable[..., object], done: str) -> Response:
    back = redirect(url_for("prompts_sets.draft"), 303)
    revision = request.form.get("revision", type=int)
    if revision is None or prompt not in repository().texts.get(language, {}):
        abort(404)
    if not rights.may_edit(person(), language):
        abort(403)
    try:
        with db.transaction() as session:
            act(session, revision)
    except drafts.Overtaken:
        return notice(back, gettext("Somebody changed it meanwhile: look again."), kind="bad")
    except Faults as faults:  # ours may not stand where the release's stands now
        why = "; ".join(prompts_words.fault(one) for one in faults.faults)
        said = gettext("%(prompt)s cannot stay as it is: %(why)s", prompt=prompt, why=why)
        return notice(
            redirect(url_for("prompts.cell", language=language, prompt=prompt), 303), said, kind="bad"
        )
    return notice(back, done)


pages = Pages("prompts_sets")
for rule, method, view in (
    ("/prompts/draft", "GET", draft),
    ("/prompts/draft/publish", "POST", publish),
    ("/prompts/draft/schedule", "POST", schedule),
    ("/prompts/draft/schedules/<int:schedule_id>/cancel", "POST", cancel),
    ("/prompts/draft/<language>/<prompt>/out", "POST", out),
    ("/prompts/draft/<language>/<prompt>/decide", "POST", decide),
    ("/prompts/sets", "GET", listed),
    ("/prompts/sets/<int:set_id>", "GET", one),
    ("/prompts/sets/<int:set_id>/roll-back", "POST", roll_back),
):
    pages.add_url_rule(rule, view.__name__, view, methods=[method])
