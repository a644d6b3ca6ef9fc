"""Recording prompts by telephone: one button rings one's own telephone; the page shows the numbers to key, the texts to read, and
what became of each recording. Asks `voice.dictations`; decides nothing."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import labels, prompts_remarks
from helpline.console.access import person, still_there
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.line import notices
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import dictations, drafts, rights
from helpline.voice.catalogue import placeholder, repository, stem
from helpline.voice.dictation_models import SpokenState
from helpline.voice.dictations import Heard, InACall, NoTelephone
from helpline.voice.takes_models import TakeState

editors = allowed(Role.EDITOR, Role.ADMINISTRATOR)
STATES: dict[str, tuple[LazyString, str]] = {
    SpokenState.SPOKEN: (lazy_gettext("being heard again"), "busy"),
    SpokenState.DROPPED: (lazy_gettext("not kept"), "calm"),
    SpokenState.LOST: (lazy_gettext("did not arrive"), "bad"),
    SpokenState.REFUSED: (lazy_gettext("refused"), "bad"),  # and a take of this state
    TakeState.RECEIVED: (lazy_gettext("kept, being checked"), "busy"),
    TakeState.READY: (lazy_gettext("in the draft"), "good"),
}
pages = Pages("prompts_telephone")


@pages.get("/prompts/telephone")
@editors
def chosen() -> Response:
    """To the first language that is one's own to record."""
    language = rights.languages_of(person())[0]
    return redirect(url_for("prompts_telephone.one", language=language), 303)


@pages.get("/prompts/telephone/<language>")
@editors
def one(language: str) -> Response:
    """The button, and what can be recorded: each number with its text."""
    _may(language)
    who, wanted = person(), request.args.get("prompt", "")
    names = repository().names
    with db.transaction(durable=False) as session:
        number = accounts.phone_of(session, who.id)
        changed = {one.prompt: one.text for one in drafts.entries(session, [language]) if one.text}
        heard = notices.listed(session)
    now = clock.now()
    lines: list[tuple[int | None, str, str, str, str | None]] = []
    for kept in heard:
        if kept.standing(now) is not notices.Standing.OVER:
            written = language if language in kept.texts else notices.first(kept)
            number_of = dictations.number_of(kept.prompt)
            lines.append((number_of, kept.prompt, kept.texts[written], written, None))
    texts = repository().texts[language]
    for place, name in enumerate(names, 1):
        text = changed.get(name, texts[name])
        lines.append((place, name, stem(text), language, placeholder(text)))
    return page(
        "prompts_telephone/one.html",
        language=language,
        languages=rights.languages_of(who),
        number=number,
        lines=lines,
        prompt=wanted if wanted in {line[1] for line in lines} else "",
        **_standing(),
    )


@pages.get("/prompts/telephone/<language>/standing")
@editors
def standing(language: str) -> Response:
    """How the call goes, for the part of the page that looks by itself."""
    _may(language)
    return part("prompts_telephone/standing.html", language=language, **_standing())


@pages.post("/prompts/telephone/<language>")
@editors
def ring(language: str) -> Response:
    """One's own telephone rings."""
    _may(language)
    there = redirect(url_for("prompts_telephone.one", language=language), 303)
    try:
        with db.transaction() as session:
            dictations.call(session, person(), language, request.form.get("prompt") or None)
    except NoTelephone:
        said = gettext("Your account has no telephone number: add it under My account.")
        return notice(there, said, kind="bad")
    except InACall as busy:
        if busy.records is None:
            said = gettext("Your telephone is in a call of the line: end that one first.")
        else:
            said = gettext(
                "You are in a call for recording already (%(language)s): go on there, or hang up first.",
                language=labels.language_name(busy.records),
            )
        return notice(there, said, kind="bad")
    except LookupError:
        abort(404)
    return there


@pages.post("/prompts/telephone/<language>/stop")
@editors
def stop(language: str) -> Response:
    """The call ends; what was not kept is dropped."""
    _may(language)
    with db.transaction() as session:
        dictations.stop(session, person())
    return redirect(url_for("prompts_telephone.one", language=language), 303)


def _may(language: str) -> None:
    if not rights.may_edit(person(), language):
        abort(404)


def _standing() -> dict[str, Any]:
    with db.transaction(durable=False) as session:
        call = dictations.progress(session, person().id)
    if call is not None and call.under_way:
        still_there()
    drafted = call is not None and any(
        heard.take is not None and heard.take.state == TakeState.READY for heard in call.recordings
    )
    return {"call": call, "drafted": drafted, "state_of": _state, "refusals_of": _refusals}


def _state(heard: Heard) -> tuple[LazyString, str]:
    return STATES[heard.take.state if heard.take is not None else heard.state]


def _refusals(heard: Heard) -> list[str]:
    take = heard.take
    remarks = (*take.refusals, *take.warnings) if take else heard.refusals
    return [prompts_remarks.said(remark) for remark in remarks]
