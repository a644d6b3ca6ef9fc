"""The articles that mediators read out: dated, sourced, in both languages; a bad one is told whole."""

from datetime import date
from pathlib import Path

import pytest

from helpline.console.knowledge import articles
from helpline.faults import Faults


def test_the_articles_say_the_same_number_of_things_in_both_languages() -> None:
    assert [article.name for article in articles()] == [
        "first",
        "first_live",
        "who",
        "amounts",
        "effects",
        "emergency",
    ]
    assert all(len(article.paragraphs["it"]) == len(article.paragraphs["en"]) for article in articles())


def test_amounts_are_old_when_the_project_is_over() -> None:
    amounts = next(article for article in articles() if article.name == "amounts")
    assert not amounts.is_old(date(2026, 12, 31))
    assert amounts.is_old(date(2027, 1, 2))


def test_every_fault_of_a_bad_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "articles.toml"
    file.write_text(
        'as = 1\n[a]\nas_of = "soon"\ncheck_by = 2026-01-01\ntitle = { it = "A" }\nsource = { it = "A", en = "B" }\n'
        'it = ["x", "y"]\nen = ["x"]\ncolour = "red"\n'
    )
    with pytest.raises(Faults) as told:
        articles(file)
    assert list(told.value.faults) == [
        "articles.toml: [as]: must be a table",
        "articles.toml: [a] as_of: must be a date",
        "articles.toml: [a] title: needs words in it and en",
        "articles.toml: [a]: says 2 things in Italian and 1 in English",
        "articles.toml: [a] colour: unknown field",
    ]
