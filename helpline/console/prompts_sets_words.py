"""Words for drafts, published sets and publishings for later. Knows no page."""

from flask_babel import LazyString, gettext, lazy_gettext

from helpline.console.labels import language_name
from helpline.voice.models import ScheduleState
from helpline.voice.publishing import Hindrance

WHY: dict[str, LazyString] = {
    "nothing": lazy_gettext("Nothing in the draft changes what callers hear."),
    "same": lazy_gettext("That set holds what callers hear now."),
    "text_rejected": lazy_gettext("the text was rejected"),
    "recording_rejected": lazy_gettext("the recording was rejected"),
    "text_unapproved": lazy_gettext("nobody else has approved the text"),
    "recording_unapproved": lazy_gettext("nobody else has approved the recording"),
    "overtaken": lazy_gettext("somebody published something else meanwhile: that stays"),
}
SCHEDULES: dict[ScheduleState, tuple[LazyString, str]] = {
    ScheduleState.WAITING: (lazy_gettext("waits"), "busy"),
    ScheduleState.PUBLISHED: (lazy_gettext("published"), "good"),
    ScheduleState.REFUSED: (lazy_gettext("not published"), "bad"),
    ScheduleState.CANCELLED: (lazy_gettext("cancelled"), "calm"),
}


def hindered(one: Hindrance) -> str:
    """Why something is not published, in the reader's words."""
    if not one.prompt:
        return str(WHY[one.why])
    return gettext(
        "%(language)s, %(prompt)s: %(why)s",
        language=language_name(one.language),
        prompt=one.prompt,
        why=WHY[one.why],
    )
