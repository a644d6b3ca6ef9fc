"""Who may change what callers hear: editors, in all languages or in some, approvers, administrators. Pure."""

from collections.abc import Iterable

from helpline.languages import CODES
from helpline.people.roles import Role
from helpline.people.who import Who


def languages_of(who: Who) -> tuple[str, ...]:
    """The languages whose texts and recordings this person may change, in the order of the keys; none for others."""
    if Role.ADMINISTRATOR in who.roles:
        return CODES
    if Role.EDITOR not in who.roles:
        return ()
    return tuple(code for code in CODES if code in who.prompt_languages or not who.prompt_languages)


def may_edit(who: Who, language: str) -> bool:
    """Whether this person may change texts and recordings of a language."""
    return language in languages_of(who)


def may_publish(who: Who, languages: Iterable[str]) -> bool:
    """Whether this person may publish, schedule or roll back all of these languages."""
    return set(languages) <= set(languages_of(who))


def may_approve(who: Who) -> bool:
    """Whether this person may say that a recording or a text is good, or is not; never of what they made themselves."""
    return bool({Role.APPROVER, Role.ADMINISTRATOR} & set(who.roles))
