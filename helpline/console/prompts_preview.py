"""The menu as a caller would hear it, in the browser: any step, any language, the draft or any set. The whole position is in
the address; nothing is written and nobody is called. Asks `ivr.preview`; decides nothing."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, redirect, request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from helpline import clock, db, line
from helpline.console import formats, labels, prompts_words
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import locale, page
from helpline.ivr import placed, preview
from helpline.ivr.engine import NO_LANGUAGE
from helpline.ivr.flow import Flow
from helpline.ivr.samples import Notice, Sample
from helpline.languages import CODES
from helpline.line import notices
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import previews
from helpline.voice.library import Library

pages = Pages("prompts_preview")
listeners = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)
_FIRST_WORDS = 90
RUNG: dict[str, LazyString] = {
    placed.PERSON: lazy_gettext("Whoever asked to be called"),
    placed.OURS: lazy_gettext("Who takes the call: one of ours, an interpreter, an organisation"),
}
MOMENTS: dict[str, LazyString] = {
    "answered": lazy_gettext("on picking up"),
    "silence": lazy_gettext("without a key, once more, in Italian"),
    "yes": lazy_gettext("after 1"),
    "handed_over": lazy_gettext("while the call is led on to a person"),
    "no": lazy_gettext("after 2, after silence, or when nobody of ours is there"),
    "over": lazy_gettext("at the end"),
    "gone": lazy_gettext("after 1, when somebody else was quicker or it is no longer wanted"),
    "not_reached": lazy_gettext("when the other one cannot be reached"),
}


@dataclass(frozen=True)
class Walked:
    """What an address says: where one began, with which set, and what was done since."""

    language: str
    step: str
    which: str
    deeds: tuple[str, ...]
    picks: dict[str, int]
    notice: str = ""

    def fields(self) -> list[tuple[str, str]]:
        """All of it that stands behind the question mark."""
        found = [("set", self.which)] if self.which != previews.DRAFT else []
        found += [("did", deed) for deed in self.deeds]
        found += [("pick", f"{name}.{number}") for name, number in sorted(self.picks.items())]
        return found + ([("notice", self.notice)] if self.notice else [])

    def address(self, **changes: Any) -> str:
        """The address of the same position, with these changes."""
        now = replace(self, **changes)
        path = url_for("prompts_preview.heard", language=now.language, step=now.step)
        fields = now.fields()
        return path + (f"?{urlencode(fields)}" if fields else "")

    def then(self, *deeds: str) -> str:
        """The address after these deeds too."""
        return self.address(deeds=self.deeds + deeds)


@pages.get("/prompts/preview")
@listeners
def chosen() -> Response:
    """Where to begin, as a form says it; at the language menu unless it says otherwise."""
    form = Form(request.args)
    language = form.choice("language", (NO_LANGUAGE, *CODES), required=False) or NO_LANGUAGE
    step = form.choice("step", flow().steps, required=False) or flow().start
    which = form.typed("set")
    if not form:
        abort(404)
    walked = Walked(language, step, which or previews.DRAFT, (), {})
    return redirect(walked.address(), 303)


@pages.get("/prompts/preview/<language>/placed")
@listeners
def calls_of_ours(language: str) -> Response:
    """What is heard in calls that we place: no step of the menu says it."""
    given = Form(request.args)
    chosen, which = given.typed("language") or language, given.typed("set") or previews.DRAFT
    if chosen not in CODES:
        abort(404)
    if chosen != language:
        return redirect(url_for(".calls_of_ours", language=chosen, set=which), 303)
    with db.transaction(durable=False) as session:
        try:
            manifest = previews.manifest(session, library(), which)
        except LookupError:
            abort(404)
        sets = previews.listed(session)
    return page(
        "prompts_preview/placed.html",
        parts_of=placed.parts(manifest, language),
        rung=RUNG,
        moments=MOMENTS,
        language=language,
        languages=[(code, name) for code, name, _ in labels.language_choices()],
        sets=_sets(sets),
        form=Form({"language": language, "set": which}),
    )


@pages.get("/prompts/preview/<language>/<step>")
@listeners
def heard(language: str, step: str) -> Response:
    """One moment of an imagined call."""
    given = request.args
    if language not in (NO_LANGUAGE, *CODES) or step not in flow().steps:
        abort(404)
    walked = Walked(
        language,
        step,
        given.get("set", previews.DRAFT),
        tuple(given.getlist("did")),
        _picks(given),
        given.get("notice", ""),
    )
    if given.get("prompt"):
        return redirect(_towards(walked, given["prompt"]), 303)
    if given.get("keyed"):
        return redirect(walked.then(given["keyed"].strip()), 303)
    with db.transaction(durable=False) as session:
        try:
            manifest = previews.manifest(session, library(), walked.which)
        except LookupError:
            abort(404)
        sets = previews.listed(session)
        wanted = notices.named(session, f"{notices.PROMPT}{walked.notice}")
    try:
        turn = preview.walk(flow(), language, step, walked.deeds)
    except LookupError:
        abort(404)
    if len(walked.deeds) >= preview.MOST:  # a very long way begins anew where it has led
        return redirect(walked.address(language=turn.position.language, step=turn.step.name, deeds=()), 303)
    scene = preview.scene(flow(), manifest, turn, Sample(walked.picks, _notices(wanted)))
    words = manifest.catalogue.texts[locale()]
    return page(
        "prompts_preview/heard.html",
        walked=walked,
        scene=scene,
        ways={way.word: way for way in scene.ways},
        keys=preview.KEYS,
        said=lambda prompt: prompts_words.first_words(words.get(prompt, ""), _FIRST_WORDS),
        here=turn.position.language,
        sets=_sets(sets),
        languages=[(NO_LANGUAGE, gettext("none chosen yet"))]
        + [(code, name) for code, name, _ in labels.language_choices()],
        steps=sorted(flow().steps),
        form=Form({"language": language, "step": step, "set": walked.which}),
        none=NO_LANGUAGE,
    )


def flow() -> Flow:
    """The menu of this installation."""
    found: Flow = current_app.extensions["flow"]
    return found


def library() -> Library:
    """What this process plays."""
    found: Library = current_app.extensions["library"]
    return found


def _sets(known: list[previews.Listed]) -> list[tuple[str, str]]:
    """The draft, what callers hear now, and the sets before, for a form."""
    named = [
        (str(one.number), gettext("set %(number)s, %(when)s", number=one.number, when=formats.when(one.at)))
        for one in known
    ]
    first = [(previews.DRAFT, gettext("the draft")), (previews.LIVE, gettext("what callers hear now"))]
    return [*first, *named, ("0", gettext("what came with the program"))]


def _notices(wanted: notices.Kept | None) -> list[Notice]:
    """What every caller is told now, and the notice that somebody wants to hear beforehand."""
    now = [one for one in line.current().notices_at(clock.now()) if wanted is None or one.id != wanted.id]
    heard = [Notice(one.name, one.texts, one.clips) for one in now]
    return heard + ([Notice(wanted.name, wanted.texts, wanted.clips)] if wanted else [])


def _picks(given: MultiDict[str, str]) -> dict[str, int]:
    picks = {}
    for one in given.getlist("pick"):
        name, _, number = one.partition(".")
        if name.isidentifier() and number.isascii() and number.isdecimal() and len(number) <= len("99"):
            picks[name] = int(number)
    return picks


def _towards(walked: Walked, prompt: str) -> str:
    texts = library().catalogue.texts[CODES[0]]
    if prompt not in texts:
        abort(404)
    deeds, picks = preview.towards(flow(), texts, walked.step, prompt)
    return walked.address(deeds=deeds, picks=picks) + f"#p-{prompt}"
