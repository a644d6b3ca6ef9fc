"""The console's catalogues are whole, and what was vendored is what the table says."""

import re
from hashlib import sha256
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from helpline.console import files, words


@pytest.mark.parametrize("locale", words.TRANSLATED)
def test_every_sentence_of_the_console_is_translated_and_no_other(locale):
    assert words.faults(locale) == []


def test_a_sentence_that_is_missing_empty_or_said_nowhere_is_named(monkeypatch):
    whole = words.read("it")
    broken = read_po(
        BytesIO(b'msgid "Said nowhere"\nmsgstr "In nessun posto"\n\nmsgid "Sign in"\nmsgstr ""\n')
    )
    monkeypatch.setattr(words, "read", lambda _locale: {**whole, "shell": broken})
    found = words.faults("it")
    assert "it/shell.po: Said nowhere: said nowhere" in found
    assert "it/shell.po: Sign in: not translated" in found
    assert "it: missing: Sign out" in found


def test_a_translation_that_says_itself_twice_is_named(monkeypatch):
    once = "Nessuno deve poter indovinare un codice. "
    broken = read_po(BytesIO(f'msgid "Sign in"\nmsgstr "{once * 2}"\n'.encode()))
    monkeypatch.setattr(words, "read", lambda _locale: {"shell": broken})
    assert "it/shell.po: Sign in: said more than once" in words.faults("it")


def test_a_translation_that_loses_a_value_is_named(monkeypatch):
    broken = read_po(BytesIO(b'#, python-format\nmsgid "Welcome, %(name)s"\nmsgstr "Salve, %(nome)s"\n'))
    monkeypatch.setattr(words, "read", lambda _locale: {"shell": broken})
    assert any("Welcome, %(name)s" in fault and "nome" in fault for fault in words.faults("it"))


def test_italian_is_spoken_where_it_is_read_and_english_is_what_the_code_says():
    assert words.translations("it").gettext("Sign in") == "Entra"
    assert words.translations("it").ngettext("%(num)s line", "%(num)s lines", 2) == "%(num)s righe"
    assert words.translations("en").gettext("Sign in") == "Sign in"


def test_italian_speaks_formally_and_of_nobody_as_a_man():
    said = [
        text
        for catalogue in words.read("it").values()
        for message in catalogue
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    other = (
        r"\b([Uu]n operatore|operatori|coordinator[ei])\b(?! telefonico)|\b(Ti|Compila|tuo|tua|tuoi|tue)\b"
    )
    assert [text for text in said if re.search(other, text)] == []


def test_vendored_files_are_those_of_the_table():
    folder = files.FOLDER / "vendor"
    table = (folder / "README.md").read_text("utf-8")
    found = dict(reversed(line) for line in re.findall(r"([0-9a-f]{64})  (\S+)", table))
    there = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*")
        if path.suffix in {".js", ".woff2"}
    }
    assert found == there
    assert 'version:"2.0.11"' in (folder / "htmx.min.js").read_text("utf-8")


def test_styles_and_scripts_reach_for_nothing_outside():
    for name, content in files.contents().items():
        if not name.startswith("vendor/"):
            text = content.decode("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "//" not in re.sub(r"(?m)^\s*//.*$|\s// .*$", "", text), name
            assert "@import" not in text and "url(" not in text, name
