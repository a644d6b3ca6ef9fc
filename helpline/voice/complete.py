"""Whether every table that has a row for each language has one for all of them; knows no text and no clip."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from helpline.languages import LANGUAGES, Language
from helpline.voice import catalogue, lint, reading, speech, voices

TABLES: Mapping[str, Collection[str]] = {
    "helpline/voice/voices.py: VOICES": voices.VOICES,
    "helpline/voice/speech.py: ESPEAK_VOICES": speech.ESPEAK_VOICES,
    "helpline/voice/catalogue.py: SECONDS_A_CHARACTER": catalogue.SECONDS_A_CHARACTER,
    "helpline/voice/lint.py: WORDS": lint.WORDS,
    "helpline/voice/lint.py: EXPULSIONS": lint.EXPULSIONS,
    "helpline/voice/lint.py: SCRIPTS": lint.SCRIPTS,
    "helpline/voice/reading.py: MOST_WORDS": reading.MOST_WORDS,
    "helpline/voice/reading.py: MOST_LETTERS": reading.MOST_LETTERS,
}
KEYS = "123456789"


def faults(languages: Iterable[Language] = LANGUAGES) -> list[str]:
    """What is wrong with the list of languages, and every table of this room in which one of them is missing."""
    listed = list(languages)
    found = []
    for what, values in (("code", [one.code for one in listed]), ("key", [one.key for one in listed])):
        found += [
            f"helpline/languages.py: {what} {value}: {count} languages have it"
            for value, count in Counter(values).items()
            if count > 1
        ]
    found += [
        f"helpline/languages.py: {one.code}: key {one.key!r}: must be one of 1 to 9"
        for one in listed
        if one.key not in set(KEYS)
    ]
    codes = dict.fromkeys(one.code for one in listed)
    found += [
        f"{table}: {code}: missing" for table, rows in TABLES.items() for code in codes if code not in rows
    ]
    return found
