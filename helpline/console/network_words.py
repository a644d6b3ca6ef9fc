"""Words for what the network calls by short names. Knows no page."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (lazy_gettext("to be called"), "calm"),
    "tried": (lazy_gettext("tried, not reached yet"), "busy"),
    "done": (lazy_gettext("closed"), "good"),
    "cancelled": (lazy_gettext("cancelled"), "calm"),
    "kept": (lazy_gettext("nobody is called yet"), "warn"),
    "closed": (lazy_gettext("closed without a call"), "calm"),
}
KEPT_BECAUSE: Mapping[str, LazyString] = {
    "full": lazy_gettext("The telephone holds all the asks that it may, or another one that was only keyed."),
    "barred": lazy_gettext("Somebody at this telephone has said that they do not want our calls."),
    "review": lazy_gettext("It came when very many came at once, and waits for somebody to look at it."),
}
KINDS: Mapping[str, LazyString] = {
    "information": lazy_gettext("information"),
    "training": lazy_gettext("training"),
}
AUDIENCES: Mapping[str, LazyString] = {
    "communities": lazy_gettext("migrant communities"),
    "reception": lazy_gettext("staff of reception centres"),
    "social_services": lazy_gettext("social services"),
    "associations": lazy_gettext("associations"),
    "authorities": lazy_gettext("authorities"),
    "others": lazy_gettext("others"),
}
SOURCES: Mapping[str, LazyString] = {
    "form": lazy_gettext("the public form, without an account"),
    "account": lazy_gettext("a verified service or association"),
}
OUTCOMES: Mapping[str, LazyString] = {
    "waiting": lazy_gettext("to be called"),
    "called": lazy_gettext("we called"),
    "request": lazy_gettext("called, and asked for help to return"),
    "unreachable": lazy_gettext("not reached"),
    "cancelled": lazy_gettext("cancelled"),
    "kept": lazy_gettext("nobody is called yet"),
    "closed": lazy_gettext("closed without a call"),
}
