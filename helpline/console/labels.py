"""Words for what the rooms call by short names: roles, languages. Knows no page."""

from flask_babel import LazyString, get_locale, lazy_gettext

from helpline import languages
from helpline.people.roles import Role

ROLES: dict[Role, LazyString] = {
    Role.OPERATOR: lazy_gettext("Operator"),
    Role.COORDINATOR: lazy_gettext("Coordinator"),
    Role.EDITOR: lazy_gettext("Prompt editor"),
    Role.ENTITY_MEMBER: lazy_gettext("Entity member"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
ROLES_DO: dict[Role, LazyString] = {
    Role.OPERATOR: lazy_gettext("calls people back and answers those who ask for a person"),
    Role.COORDINATOR: lazy_gettext("sees what waits and why, and what nobody could take"),
    Role.EDITOR: lazy_gettext("changes what the line says, in any language"),
    Role.ENTITY_MEMBER: lazy_gettext("sees the requests offered to one organisation"),
    Role.ADMINISTRATOR: lazy_gettext("invites people, changes roles, reads the audit"),
}
LOCALES = {"it": "Italiano", "en": "English"}


def role_name(role: str) -> str:
    """The word for a role."""
    return str(ROLES[Role(role)])


def language_name(code: str) -> str:
    """A language's name in the reader's own: `Arabo`, `Bangla`."""
    locale = get_locale()
    name = locale.languages.get(code, code) if locale else code
    return str(name[:1].upper() + name[1:])


def direction(code: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    language = languages.by_code(code)
    return language.direction if language else "auto"


def own_name(code: str) -> str:
    """A language's name in itself: `العربية`."""
    language = languages.by_code(code)
    return language.own_name if language else code


def tag(code: str) -> str:
    """A language's name for browsers, as `lang` wants it."""
    language = languages.by_code(code)
    return language.tag if language else code


FILTERS = {
    "direction": direction,
    "language_name": language_name,
    "lang_tag": tag,
    "own_name": own_name,
    "role_name": role_name,
}
