"""Words for what the rooms call by short names: roles, languages. Knows no page."""

from functools import lru_cache

from babel import Locale
from flask_babel import LazyString

from helpline import languages, places
from helpline.console.words import gettext, language, lazy_gettext
from helpline.people.reasons import Reason
from helpline.people.register import Standing
from helpline.people.roles import Role

ROLES: dict[Role, LazyString] = {
    Role.OPERATOR: lazy_gettext("Operator"),
    Role.COORDINATOR: lazy_gettext("Coordinator"),
    Role.EDITOR: lazy_gettext("Prompt editor"),
    Role.APPROVER: lazy_gettext("Prompt approver"),
    Role.ENTITY_MEMBER: lazy_gettext("Entity member"),
    Role.FOCAL_POINT: lazy_gettext("Focal Point"),
    Role.NETWORK_MEMBER: lazy_gettext("Verified service or association"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
ROLES_DO: dict[Role, LazyString] = {
    Role.OPERATOR: lazy_gettext("calls people back and answers those who ask for a person"),
    Role.COORDINATOR: lazy_gettext("sees what waits and why, and what nobody could take"),
    Role.EDITOR: lazy_gettext("changes what the line says, in all languages or in some"),
    Role.APPROVER: lazy_gettext("listens to what others recorded, and says whether callers may hear it"),
    Role.ENTITY_MEMBER: lazy_gettext("sees the requests offered to one organisation"),
    Role.FOCAL_POINT: lazy_gettext("sees who signals people in their regions, notes information sessions"),
    Role.NETWORK_MEMBER: lazy_gettext("signals people to us, and sees what became of it; nothing else"),
    Role.ADMINISTRATOR: lazy_gettext("invites people, changes roles, reads the audit"),
}
STANDINGS: dict[Standing, tuple[LazyString, str]] = {
    Standing.NEW: (lazy_gettext("not invited"), "warn"),
    Standing.INVITED: (lazy_gettext("invited"), "busy"),
    Standing.ACTIVE: (lazy_gettext("active"), "good"),
    Standing.DISABLED: (lazy_gettext("disabled"), "calm"),
}
REASONS: dict[Reason, LazyString] = {
    Reason.MISSING: lazy_gettext("Fill this in."),
    Reason.MALFORMED: lazy_gettext(
        "Begin with a letter; use small letters, digits, dots, hyphens, underscores or one @."
    ),
    Reason.TOO_LONG: lazy_gettext("This is too long."),
    Reason.TAKEN: lazy_gettext("Somebody else has it already."),
    Reason.UNKNOWN: lazy_gettext("There is no such thing."),
    Reason.NOT_CALLABLE: lazy_gettext("Give an Italian fixed or mobile number, such as 333 0000000."),
    Reason.NOT_FOR_ROLE: lazy_gettext("Entity members need an organisation, and only they have one."),
    Reason.NETWORK_ONLY: lazy_gettext(
        "Only somebody of a verified service or association has its name here."
    ),
    Reason.LAST_ADMINISTRATOR: lazy_gettext("Somebody must stay administrator."),
    Reason.DISABLED: lazy_gettext("The account is disabled."),
    Reason.TOO_SHORT: lazy_gettext("Use at least 12 characters."),
    Reason.TOO_COMMON: lazy_gettext("This is too easy to guess."),
    Reason.WRONG: lazy_gettext("This is not right."),
}
LOCALES = {"it": "Italiano", "en": "English"}


def role_name(role: str) -> str:
    """The word for a role."""
    return str(ROLES[Role(role)])


def languages_to_choose() -> list[tuple[str, str]]:
    """All of them together, then each of the nine, as `ui.select` takes them."""
    return [("", gettext("all languages")), *((code, language_name(code)) for code in languages.CODES)]


def language_name(code: str | None) -> str:
    """A language's name in the reader's own: `Arabo`, `Bangla`; words for one that is forgotten."""
    if code is None:
        return gettext("language not known")
    return _name(code, language())


_OURS = {("bn", "it"): "bangla"}
"""Names that the line and its leaflets use, where the reader's language has another one too (DOMAIN §2)."""


@lru_cache(maxsize=128)
def _name(code: str, reader: str) -> str:
    name = _OURS.get((code, reader)) or Locale(reader).languages.get(code, code)
    return str(name[:1].upper() + name[1:])


def direction(code: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    language = languages.by_code(code)
    return language.direction if language else "auto"


def own_name(code: str) -> str:
    """A language's name in itself: `العربية`."""
    language = languages.by_code(code)
    return language.own_name if language else code


def name_and_own(code: str) -> str:
    """A language in the reader's words and in its own, where these differ, as charts have it: `Bangla বাংলা`.

    The second is kept apart from what stands around it, whichever way it is written (U+2068, U+2069).
    """
    name, own = language_name(code), own_name(code)
    return name if own in {"", name} else f"{name} \u2068{own}\u2069"


def tag(code: str) -> str:
    """A language's name for browsers, as `lang` wants it."""
    language = languages.by_code(code)
    return language.tag if language else code


def region_name(code: str | None) -> str:
    """A region's Italian name; nothing for none."""
    found = places.region(code or "")
    return found.name if found else (code or "")


def role_choices() -> list[tuple[str, LazyString, LazyString]]:
    """The roles as a form offers them."""
    return [(str(role), ROLES[role], ROLES_DO[role]) for role in Role]


def language_choices() -> list[tuple[str, str, str]]:
    """The line's languages as a form offers them."""
    return [(code, language_name(code), "") for code in languages.CODES]


FILTERS = {
    "direction": direction,
    "language_name": language_name,
    "lang_tag": tag,
    "own_name": own_name,
    "region_name": region_name,
    "role_name": role_name,
}
