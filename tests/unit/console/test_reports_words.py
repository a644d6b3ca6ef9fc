"""The words of a report: what its columns, rows and days are called, in Italian and in English."""

import pytest

from helpline.console import figures_reports_paper as paper
from helpline.console import figures_reports_words as words
from helpline.console.figures_reports_pdf import speaking


def _block(**told):
    return {"name": "requests_country", "by": "country", "rows": [], **told}


@pytest.mark.parametrize(
    ("days", "italian", "english"),
    [
        ("2026-10-08/2099-12-31", "8/10/2026 – in corso", "since 8/10/2026"),
        ("2026-10-08/2026-12-31", "8/10 – 31/12/2026", "8/10 – 31/12/2026"),
        ("2026-10-01/2026-10-31", "ottobre 2026", "October 2026"),
    ],
)
def test_days_are_told_as_one_reads_them_whatever_number_begins_them(days, italian, english):
    for language, told in (("it", italian), ("en", english)):
        with speaking(language):
            assert words.span(days) == told


def test_what_callbacks_are_told_apart_by_is_their_reason_and_what_was_heard_is_a_topic():
    with speaking("it"):
        assert words.first_column(_block(name="callbacks_topic", by="topic")) == "Motivo"
        assert words.first_column(_block(name="topics", by="topic")) == "Argomento"
    with speaking("en"):
        assert words.first_column(_block(name="callbacks_topic", by="topic")) == "Reason"


@pytest.mark.parametrize(("language", "last"), [("it", "Non indicato"), ("en", "Not stated")])
def test_countries_stand_by_their_names_and_what_is_not_known_stands_last(language, last):
    rows = [(code, [1]) for code in ("", "PK", "NG", "BD")]
    with speaking(language):
        found = paper.in_order(_block(rows=rows), {})
        assert [name for name, _, _ in found] == ["Bangladesh", "Nigeria", "Pakistan", last]
        assert [row for _, row, _ in found] == ["BD", "NG", "PK", ""]


def test_rows_that_have_an_order_of_their_own_keep_it():
    rows = [("it", [1]), ("ar", [2]), ("", [3])]
    with speaking("it"):
        found = paper.in_order(_block(name="languages", by="language", rows=rows), {})
    assert [row for _, row, _ in found] == ["it", "ar", ""]
