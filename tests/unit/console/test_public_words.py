"""The public pages' words: nine languages or none, nothing that must not be said, nothing that nobody read again."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from helpline.console import leaflet, public_words
from helpline.hours import Calendar, From, Span
from helpline.languages import CODES, by_code
from helpline.line import Line
from helpline.line.current import ProjectDates

DAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(public_words.FOLDER, tmp_path / "public")
    return tmp_path / "public"


def change(folder, language, before, after):
    file = folder / f"{language}.toml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def test_nothing_is_wrong_with_them():
    assert public_words.faults() == []
    assert len({tuple(public_words.words(code)) for code in CODES}) == 1


def test_everything_that_is_wrong_is_told_at_once(folder):
    change(folder, "fr", 'send = "Envoyer"\n', "")
    change(folder, "es", 'send = "Enviar"', 'send = "Repatriar"\nextra = "x"')
    change(folder, "it", "{most}", "{least}")
    change(folder, "uk", 'send = "Надіслати"', 'send = "Отправить ы"')
    change(folder, "hi", 'send = "भेजें"', 'send = " "')
    found = public_words.faults(folder)
    for said in (
        "fr.toml: send: missing",
        "es.toml: extra: not in the English master",
        'es.toml: send: "Repatria',
        "it.toml: too_long: other placeholders",
        "uk.toml: send: holds letters of another language: ы",
        "hi.toml: send: must be words",
        "es: send: today's text was not translated back",
    ):
        assert any(said in fault for fault in found), said


def test_a_sheet_groups_days_and_says_until_when_projects_run():
    spans = (
        [Span(day, 9, 13) for day in range(5)]
        + [Span(day, 14, 18) for day in (0, 1)]
        + [Span(6, 10, 12, "bn")]
    )
    line = Line(
        1, Calendar(opening=tuple(spans)), (), (ProjectDates("p", "P", DAY, date(2027, 1, 31), None),)
    )
    assert leaflet.opening("it", line.calendar) == (
        ("lunedì – martedì", "9:00–13:00, 14:00–18:00"),
        ("mercoledì – venerdì", "9:00–13:00"),
    )
    assert leaflet.opening("bn", line.calendar) == (("রবিবার", "10:00–12:00"),)
    ten = From(DAY + timedelta(days=1), "bn", (Span(6, 10, 11, "bn"),))
    planned = replace(line, calendar=replace(line.calendar, opening_from=(ten,)))
    assert [
        leaflet.leaflet("bn", "800123456", planned, DAY + timedelta(days=ahead)).opening for ahead in (0, 1)
    ] == [(("রবিবার", "10:00–12:00"),), (("রবিবার", "10:00–11:00"),)], "the hours of the day that it is"
    said = leaflet.leaflet("it", "800123456", line, DAY)
    assert said.number == "800 123 456"
    assert (
        said.projects == "Ci sono progetti aperti fino al giorno 31 gennaio 2027."
        and "22 novembre 2026" in said.dated
    )
    closed = leaflet.leaflet("it", "800123456", line, date(2028, 1, 1))
    assert closed.projects == public_words.spoken("it", "no_project")


def test_a_sheet_takes_the_largest_letters_that_fit_and_never_two_pages(monkeypatch):
    line = Line(1, Calendar(), (), ())
    said = leaflet.leaflet("it", "800123456", line, DAY)
    assert leaflet.pdf(said, DAY) is leaflet.pdf(said, DAY), "made once"
    monkeypatch.setattr(leaflet, "SIZES", (30.0,))
    with pytest.raises(leaflet.TooLong):
        leaflet.pdf(said, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("language", "first", "eleventh"),
    [
        ("it", "1º dicembre 2026", "11 dicembre 2026"),
        ("fr", "1er décembre 2026", "11 décembre 2026"),
        ("es", "1 de diciembre de 2026", "11 de diciembre de 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_writes_it(language, first, eleventh):
    tongue = by_code(language)
    days = [leaflet.day_in(tongue, date(2026, 12, day)) for day in (1, 11)]
    assert days == [first, eleventh]
