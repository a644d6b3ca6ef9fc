"""The nine languages of the line and the keys that choose them; pure, knows nothing of prompts or voices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language: `code` (ISO 639-1), `key` on the keypad (fixed for ever: it is printed on leaflets),
    `own_name` in its own script, text `direction` (ltr or rtl) and BCP-47 `tag`."""

    code: str
    key: str
    own_name: str
    direction: str
    tag: str


LANGUAGES: tuple[Language, ...] = (
    Language("it", "1", "Italiano", "ltr", "it"),
    Language("en", "2", "English", "ltr", "en"),
    Language("fr", "3", "Français", "ltr", "fr"),
    Language("es", "4", "Español", "ltr", "es-419"),
    Language("ru", "5", "Русский", "ltr", "ru"),
    Language("uk", "6", "Українська", "ltr", "uk"),
    Language("ar", "7", "العربية", "rtl", "ar"),
    Language("bn", "8", "বাংলা", "ltr", "bn"),
    Language("hi", "9", "हिन्दी", "ltr", "hi"),
)
CODES: tuple[str, ...] = tuple(language.code for language in LANGUAGES)
_BY_CODE = {language.code: language for language in LANGUAGES}
_BY_KEY = {language.key: language for language in LANGUAGES}


def by_code(code: str) -> Language | None:
    """The language with this ISO 639-1 code, or None."""
    return _BY_CODE.get(code)


def by_key(key: str) -> Language | None:
    """The language that this key of the keypad chooses, or None."""
    return _BY_KEY.get(key)
