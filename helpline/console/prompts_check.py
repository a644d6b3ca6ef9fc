"""The go-live check as a page: what callers hear now, or would hear of the draft, and what must not, or should not yet. Asks
`voice.checking`; the command line also fetches every clip as the carrier does."""

from typing import Literal

from flask import current_app, request
from flask_babel import LazyString, format_decimal, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.voice import checking, golive, wav
from helpline.voice.golive import Finding
from helpline.voice.library import Library

pages = Pages("prompts_check")
readers = allowed(Role.EDITOR, Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR)
MOST = 12
LEVELS: tuple[tuple[str, LazyString, str], ...] = (
    (golive.NEVER, lazy_gettext("Must never be heard"), "bad"),
    (golive.NOT_YET, lazy_gettext("Not ready to go live"), "warn"),
    (golive.LOOK, lazy_gettext("Worth a look"), ""),
)
SENTENCES: dict[str, LazyString] = {
    "no_clip": lazy_gettext("nobody recorded it and no engine spoke it; the carrier's own voice says it"),
    "no_clips": lazy_gettext("said by the carrier's own voice: %(count)s of %(of)s prompts"),
    "no_voice": lazy_gettext("it has no clip, and the carrier has no voice of this language"),
    "other_language": lazy_gettext("it plays a clip that was made for %(other)s"),
    "unknown_clip": lazy_gettext("it plays a clip of which nothing is known"),
    "too_long": lazy_gettext("its clip lasts %(seconds)s seconds, more than %(most)s"),
    "synthetic": lazy_gettext(
        "spoken by an engine, and to be recorded by somebody: %(count)s of %(of)s prompts"
    ),
    "digits": lazy_gettext(
        "only %(count)s of the ten digits have a clip, so numbers are said by the carrier's own voice"
    ),
    "two_voices": lazy_gettext(
        "it is said by a recording and the carrier's own voice in one sentence, such as with %(value)s"
    ),
    "two_voices_often": lazy_gettext(
        "%(count)s sentences are said by a recording and the carrier's own voice, such as %(such)s"
    ),
    "cannot_be_said": lazy_gettext("it cannot be put together with %(value)s"),
    "long_sentence": lazy_gettext("with %(value)s it takes %(seconds)s seconds, more than %(most)s"),
    "no_sample": lazy_gettext("what stands in {%(value)s} is not known to this check"),
    "not_fetched": lazy_gettext("%(path)s: it could not be fetched: %(why)s"),
    "wrong_status": lazy_gettext("%(path)s: it was answered with %(status)s, not 200"),
    "wrong_type": lazy_gettext("%(path)s: its type is %(type)s, not audio/wav"),
    "wrong_length": lazy_gettext("%(path)s: it has %(length)s bytes, and says %(told)s"),
    "wrong_content": lazy_gettext("%(path)s: what came is not this clip"),
    "cookie": lazy_gettext("%(path)s: it came with a cookie"),
    "not_cached": lazy_gettext("%(path)s: the carrier would not keep it (Cache-Control: %(told)s)"),
    "no_304": lazy_gettext(
        "%(path)s: asked for again with its ETag, it was answered with %(status)s, not 304"
    ),
}


@pages.get("/prompts/check")
@readers
def check() -> Response:
    """What the go-live check finds of the newest set, or of the draft."""
    which: Literal["draft", "live"] = "draft" if request.args.get("set") == "draft" else "live"
    library: Library = current_app.extensions["library"]
    with db.transaction(durable=False) as session:
        found, _ = checking.report(session, library.catalogue, which, shipped=_shipped(library))
    return page(
        "prompts_check/check.html",
        which=which,
        found=found,
        levels=[(level, title, tone, found.summed(level)) for level, title, tone in LEVELS],
        good=not found.of(golive.NEVER, golive.NOT_YET),
        longest=sorted(found.longest(), key=lambda one: -one.seconds)[:MOST],
        said=said,
        names=CODES,
    )


def said(finding: Finding) -> str:
    """A finding in the reader's words, with its numbers as the reader writes them."""
    values = {
        name: value if isinstance(value, str) else format_decimal(round(value, 1))
        for name, value in finding.values.items()
    }
    return str(SENTENCES[finding.name]) % values


def _shipped(library: Library) -> list[checking.Lasting]:
    held = ((offer, library.wav(offer.clip)) for offer in library.shipped)
    return [(offer, wav.inspect(content).seconds) for offer, content in held if content]
