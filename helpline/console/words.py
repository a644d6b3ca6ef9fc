"""The console's words: English in the code, Italian in `translations/it/*.po`, read when the process starts.

A catalogue for each area (a folder of templates and the modules that begin with its name), so that those who write
different pages write different files; what belongs to none is in `shell.po`. `make words` puts new sentences in.
"""

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations, Translations
from flask import g
from flask_babel import Domain, LazyString, get_locale

HERE = Path(__file__).parent
CATALOGUES = HERE / "translations"
LOCALES = ("it", "en")
TRANSLATED = ("it",)  # English is what the code says
OTHERWISE = "shell"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip

_SAID_AGAIN = re.compile(r"(.{30,}?)\1+", re.DOTALL)
"""A whole translation that stands twice in its place, or more often: a slip of putting catalogues together."""


class Words(Domain):
    """Gives Flask-Babel the catalogues that were read from the sources: nothing has to be compiled beforehand."""

    def get_translations(self) -> NullTranslations:
        """The sentences in the language of this request."""
        return translations(language())


def language() -> str:
    """The reader's language, for what is asked hundreds of times in a page: Flask-Babel finds it anew each time."""
    try:
        found = getattr(g.get("_flask_babel"), "babel_locale", None)
    except RuntimeError:  # no page is being made
        found = None
    locale = found or get_locale()
    return locale.language if locale else "en"


def gettext(sentence: str, **values: Any) -> str:
    """The sentence in the reader's language, with its values: as Flask-Babel's, at a fifth of its price."""
    said: str = translations(language()).gettext(sentence)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The sentence for so many, in the reader's language, with its values."""
    said: str = translations(language()).ngettext(one, many, num)
    return said % ({"num": num} | values)


def lazy_gettext(sentence: str, **values: Any) -> LazyString:
    """A sentence that finds its language when it is shown."""
    return LazyString(gettext, sentence, **values)


@lru_cache
def translations(locale: str) -> NullTranslations:
    """The sentences of a language; for English those of the code."""
    if locale not in TRANSLATED:
        return NullTranslations()
    whole = Catalog(locale=locale)
    for catalogue in read(locale).values():
        for message in catalogue:
            whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)


def read(locale: str) -> dict[str, Catalog]:
    """The catalogues of a language, by area."""
    return {
        path.stem: read_po(BytesIO(path.read_bytes()), locale=locale)
        for path in sorted((CATALOGUES / locale).glob("*.po"))
    }


def said() -> Iterator[tuple[str, Message]]:
    """Every sentence of the code and the templates, with the file it stands in."""
    options = {"**.html": {"trimmed": "true", "silent": "false"}, "templates/**.html": {"silent": "false"}}
    for file, _line, words, _comments, context in extract_from_dir(
        HERE, _METHODS, options, keywords=_KEYWORDS, comment_tags=()
    ):
        yield file, Message(words, context=context)


def faults(locale: str) -> list[str]:
    """What is wrong with a language: sentences that are missing, empty, doubtful, or said nowhere any more."""
    here = {
        (area, *_key(message))
        for area, catalogue in read(locale).items()
        for message in catalogue
        if message.id
    }
    wanted = {_key(message) for _file, message in said()}
    found = [f"{locale}: missing: {key[1]}" for key in wanted - {key[1:] for key in here}]
    for area, catalogue in read(locale).items():
        for message in catalogue:
            if not message.id:
                continue
            where = f"{locale}/{area}.po: {message.id}"
            if _key(message) not in wanted:
                found.append(f"{where}: said nowhere")
            if message.fuzzy or not _whole(message):
                found.append(f"{where}: not translated")
            if any(_SAID_AGAIN.fullmatch(each) for each in _strings(message)):
                found.append(f"{where}: said more than once")
            found += [f"{where}: {error}" for error in message.check(catalogue)]
    return sorted(found)


def update(locale: str) -> None:
    """Bring the catalogues up to date with the code: new sentences go in empty, old ones out; the rest stays."""
    before = read(locale)
    known = {_key(message): message for catalogue in before.values() for message in catalogue if message.id}
    home = {_key(message): area for area, catalogue in before.items() for message in catalogue if message.id}
    after = {area: Catalog(locale=locale, fuzzy=False) for area in {*before, OTHERWISE}}
    for file, message in said():
        key = _key(message)
        area = home.setdefault(key, _area(file, set(after)))
        translated = known[key].string if key in known else message.string
        after[area].add(message.id, translated, context=message.context)
    for area, catalogue in after.items():
        with (CATALOGUES / locale / f"{area}.po").open("wb") as out:
            write_po(out, catalogue, width=110, omit_header=True, sort_output=True)


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _whole(message: Message) -> bool:
    strings = _strings(message)
    return all(strings) and (not message.pluralizable or len(strings) > 1)


def _strings(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return [each or "" for each in strings]


def _area(file: str, areas: set[str]) -> str:
    path = Path(file)
    own = path.parts[1] if path.parts[0] == "templates" else path.stem
    parts = own.split("_")
    names = ("_".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in names if name in areas), OTHERWISE)


if __name__ == "__main__":
    if "--check" in sys.argv:
        from helpline.console import public_words

        if wrong := [fault for locale in TRANSLATED for fault in faults(locale)] + public_words.faults():
            sys.exit("\n".join(wrong))
    else:
        for each in TRANSLATED:
            update(each)
