"""The articles that mediators read out: dated, sourced, in both languages; a bad one is told whole."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpline.console.knowledge import packaged
from helpline.faults import Faults


def test_the_articles_say_the_same_number_of_things_in_both_languages() -> None:
    names = ["first", "first-live", "who", "amounts", "effects", "emergency"]
    assert [article.name for article in packaged()] == names
    assert all(len(article.paragraphs["it"]) == len(article.paragraphs["en"]) for article in packaged())


def test_amounts_are_old_when_the_project_is_over() -> None:
    amounts = next(article for article in packaged() if article.name == "amounts")
    assert not amounts.is_old(date(2026, 12, 31))
    assert amounts.is_overdue(date(2027, 1, 2)) and not amounts.is_stale(date(2027, 1, 2))


def test_what_nobody_has_checked_for_half_a_year_is_stale_whenever_it_began_to_be_true() -> None:
    one = replace(packaged()[0], checked_on=date(2026, 11, 22), check_by=None)
    assert not one.is_old(one.checked_on + timedelta(days=180))
    assert one.is_stale(one.checked_on + timedelta(days=181)) and one.is_old(date(2027, 6, 1))


def test_every_fault_of_a_bad_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "articles.toml"
    file.write_text(
        'as = 1\n[a]\nas_of = "soon"\ncheck_by = 2026-01-01\nchecked_on = 2999-01-01\ntitle = { it = "A" }\n'
        'source = { it = "A", en = "B" }\nit = ["x", "y"]\nen = ["x"]\ncolour = "red"\n'
    )
    with pytest.raises(Faults) as told:
        packaged(file)
    missing = [fault for fault in told.value.faults if 'article "as"' in fault]
    assert missing[0] == 'articles.toml: article "as": must be a table'
    assert [fault for fault in told.value.faults if fault not in missing] == [
        'articles.toml: article "a": as_of: must be a date such as 2027-01-31, or "today", "today+400d", "today-300d"',
        'articles.toml: article "a": checked_on: must not be a day to come',
        'articles.toml: article "a": title: en: missing',
        'articles.toml: article "a": en: must say as many things in each language: 2 in it and 1 in en',
        'articles.toml: article "a": colour: unknown',
    ]
