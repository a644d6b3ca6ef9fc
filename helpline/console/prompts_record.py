"""The studio: one reads the prompts of a language aloud, in one sitting, in the browser. Asks `voice.sittings` and
`voice.takes`; what a recording is worth is judged by the worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, jsonify, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import prompts_remarks, prompts_words
from helpline.console.access import person
from helpline.console.formats import when
from helpline.console.pages import Pages
from helpline.console.prompts import steps
from helpline.console.prompts_cell import known
from helpline.console.prompts_deeds import editors
from helpline.console.rendering import needs_microphone, page
from helpline.languages import CODES
from helpline.people import accounts
from helpline.voice import catalogue, drafts, forms, notices, rights, sittings, takes
from helpline.voice.catalogue import repository
from helpline.voice.measured import Unusable
from helpline.voice.sittings import Reading, What
from helpline.voice.storage import StorageDown
from helpline.voice.takes import Take

MOST_ASKED = 100
_AROUND = 100_000  # bytes of a request beside the recording

pages = Pages("prompts_record", largest=forms.LARGEST + _AROUND)


@pages.get("/prompts/record")
@editors
def languages() -> Response:
    """The languages that this person records."""
    mine = rights.languages_of(person())
    with db.transaction(durable=False) as session:
        left = sittings.left(session, repository(), steps())
    return page(
        "prompts_record/languages.html",
        left={code: left[code] for code in mine},
        of=len(repository().names),
    )


@pages.get("/prompts/record/<language>")
@editors
def studio(language: str) -> Response:
    """What to record, or, where the address says what, one prompt after the other."""
    _mine(language)
    asked = request.args
    prompt, section = asked.get("prompt", ""), asked.get("section", "")
    given = asked.get("what") or (What.ONE if prompt else "")
    with db.transaction(durable=False) as session:
        told = sittings.of_notice(session, language, prompt)
        first = notices.first(session, prompt)
        everything = [told] if told else sittings.readings(session, repository(), steps(), language)
        speaker = sittings.speaker_before(session, person().id)
    if given not in set(What):
        return page("prompts_record/choice.html", language=language, **_choices(everything))
    what = What(given)
    sitting = sittings.chosen(everything, what, section=section, prompt=prompt)
    here = sittings.begin_at(sitting, what, prompt=prompt, speaker=speaker)
    if here is None and what != What.TODO:
        abort(404)
    needs_microphone()
    return page(
        "prompts_record/studio.html",
        language=language,
        what=what,
        section=section,
        sitting=sitting,
        here=here,
        speaker=speaker,
        done={one.prompt for one in sitting if sittings.is_done(one, what, speaker)},
        states=prompts_words.STATES,
        longest=takes.LONGEST_NAME,
        seconds={
            one.prompt: max(1, round(catalogue.seconds(language, one.said or first[1]))) for one in sitting
        },
        address=lambda name: url_for(".studio", language=language, **_asked(what, section), prompt=name),
        about=lambda name: _about(language, name),
        notice=_about(language, prompt) if told else "",
        first=first,
    )


@pages.post("/prompts/record/<language>/<prompt>")
@editors
def send(language: str, prompt: str) -> tuple[Response, int] | Response:
    """A recording arrives; answers with its number, or with the sentence why it was not taken (422)."""
    _mine(language)
    with db.transaction(durable=False) as session:
        told = notices.words(session, prompt, language)
    if told is None:
        known(language, prompt)
    recording = request.files.get("recording")
    if recording is None:
        abort(400)
    read_from = request.form.get("hash") or None
    try:
        with db.transaction() as session:
            other = sittings.another(session, language, prompt, by_id=person().id)
            warnings = [_recorded_too(other[1], accounts.names(session, [other[0]]))] if other else []
            take_id = takes.receive(
                session,
                recording.stream.read(forms.LARGEST + 1),
                language=language,
                prompt=prompt,
                way="browser",
                speaker=request.form.get("speaker", ""),
                by_id=person().id,
                read_from=read_from,
                text=notices.words(session, prompt, language, read_from=read_from),
                repository=repository(),
            )
            if told is not None:
                return jsonify(id=take_id, warnings=warnings)
            now = catalogue.text_hash(drafts.wanted_text(session, repository(), language, prompt))
    except Unusable as refused:
        return jsonify(refusals=[prompts_remarks.said(refused.remark)]), 422
    except StorageDown:
        abort(503)
    if read_from not in {None, now}:
        warnings.append(_text_changed())
    return jsonify(id=take_id, warnings=warnings)


@pages.get("/prompts/record/takes")
@editors
def judged() -> Response:
    """What became of the takes that the address names; those that there are not, or not for this person, are left out."""
    ids = request.args.getlist("id", type=_id)[:MOST_ASKED]
    mine = rights.languages_of(person())
    with db.transaction(durable=False) as session:
        found = [takes.find(session, one) for one in ids]
    return jsonify({str(one.id): _told(one) for one in found if one is not None and one.language in mine})


def _about(language: str, name: str) -> str:
    """The page of a prompt, or of a notice."""
    number = name.removeprefix(takes.NOTICE)
    if number != name:
        return url_for("notices.one", notice_id=int(number))
    return url_for("prompts.cell", language=language, prompt=name)


def _id(given: str) -> int:
    """An id that a row can have. Raises `ValueError`."""
    if not (given.isascii() and given.isdecimal()) or len(given) >= len(str(2**31)):
        raise ValueError(given)
    return int(given)


def _told(take: Take) -> dict[str, Any]:
    return {
        "state": take.state,
        "refusals": [prompts_remarks.said(one) for one in take.refusals],
        "warnings": [prompts_remarks.said(one) for one in take.warnings],
        "clip": f"/prompts/clip/{take.clip}.wav" if take.clip else None,
    }


def _text_changed() -> str:
    return gettext(
        "Somebody changed the text while you recorded it. Load the page again and record the new one."
    )


def _recorded_too(at: datetime, names: Mapping[int, str]) -> str:
    """Somebody else recorded the same text a moment ago."""
    return gettext(
        "Recorded by somebody else too, %(when)s: %(name)s. Yours takes its place; the other one stays among the recordings.",
        when=when(at),
        name=", ".join(names.values()),
    )


def _choices(everything: list[Reading]) -> dict[str, Any]:
    """How many there are to be done, in all and in each section."""
    sections: dict[str, list[Reading]] = {}
    for one in everything:
        sections.setdefault(one.section, []).append(one)
    return {
        "left": sum(one.to_do for one in everything),
        "of": len(everything),
        "sections": [
            (title, prompts_words.section_name(title), sum(one.to_do for one in own), len(own))
            for title, own in sections.items()
        ],
    }


def _asked(what: What, section: str) -> dict[str, Any]:
    return {"what": what} | ({"section": section} if section else {})


def _mine(language: str) -> None:
    """404 for what is no language; 403 for whoever may not record this one."""
    if language not in CODES:
        abort(404)
    if not rights.may_edit(person(), language):
        abort(403)
