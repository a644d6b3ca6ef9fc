"""Files of rows: whatever stands in a cell arrives as it was and runs nowhere; and a file made in pieces is one file."""

import csv
import gzip
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from helpline.figures.exporting import columns, forms, packing, workbook
from helpline.figures.exporting.columns import Cells, Column, What
from helpline.figures.exporting.forms import Form, Progress, Words

COLUMNS = (
    Column("call", Cells.WHOLE),
    Column("began_at", Cells.MOMENT),
    Column("words", Cells.TEXT),
    Column("outcome", Cells.WORD),
    Column("answered", Cells.YESNO),
)
WORDS = Words(
    {"call": "Chiamata", "words": "=Parole", "outcome": "Esito"},
    {"outcome": {"gave_up": "rinunciato", "": "in corso"}},
    "sì",
    "no",
    "Chiamate",
)
AT = datetime(2026, 10, 25, 2, 30)
ROWS = [
    (1, AT, "a & <b>", "gave_up", True),
    (2, AT, None, None, None),
    (3, AT, '=HYPERLINK("x")', "strange", False),
]
# Text as a database may hold it and XML can say it; a carriage return is no letter to a spreadsheet.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=20) | st.sampled_from(
    ["=1+1", "@SUM(A1)", "-2", "+39", "'", '"', ",", "\t=1", "a\nb", " x ", "]]>", "&amp;"]
)
rows_of_texts = st.lists(
    st.tuples(st.integers(0, 2**31), st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), texts, texts, st.booleans()),
    max_size=12,
)  # fmt: skip


def whole(form, rows, *, cuts=(), words=WORDS):
    """The file of these rows, its pieces cut at these places; what is known is kept in between as the table keeps it."""
    known, out = Progress(), b""
    stretches = [*pairwise([0, *sorted(cuts), len(rows)])]
    for number, (begin, end) in enumerate(stretches, start=1):
        known = forms.progress(json.loads(json.dumps(known.as_words())))
        last = number == len(stretches)
        piece, known = forms.stretch(form, COLUMNS, words, known, rows[begin:end], last=last)
        out += piece
        assert known.packed.written == len(out)
    return out


def of_csv(content):
    text = gzip.decompress(content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheets_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.testzip() is None
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_a_spreadsheet_has_headings_in_words_real_dates_and_numbers_and_no_formula():
    sheets = sheets_of(whole(Form.XLSX, ROWS, cuts=[1, 2]))
    assert sheets == {
        "Chiamate": [
            ["Chiamata", "began_at", "=Parole", "Esito", "answered"],
            [1.0, AT, "a & <b>", "rinunciato", "sì"],
            [2.0, AT, "", "in corso", ""],
            [3.0, AT, '=HYPERLINK("x")', "strange", "no"],
        ]
    }
    with zipfile.ZipFile(io.BytesIO(whole(Form.XLSX, ROWS))) as made:
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and 'state="frozen"' in sheet and sheet.count('t="inlineStr"') == 7
        assert b"yyyy" in made.read("xl/styles.xml")


def test_a_table_of_plain_text_says_the_same_and_nothing_in_it_runs():
    content = whole(Form.CSV, ROWS, cuts=[2])
    assert gzip.decompress(content).startswith(b"\xef\xbb\xbf")
    assert of_csv(content) == [
        ["Chiamata", "began_at", "'=Parole", "Esito", "answered"],
        ["1", "2026-10-25 02:30", "a & <b>", "rinunciato", "sì"],
        ["2", "2026-10-25 02:30", "", "in corso", ""],
        ["3", "2026-10-25 02:30", '\'=HYPERLINK("x")', "strange", "no"],
    ]


def test_between_the_cells_of_a_table_stands_what_was_asked_for_in_each_of_its_pieces():
    words = replace(WORDS, dialect="semicolon")
    text = gzip.decompress(whole(Form.CSV, ROWS, cuts=[1, 2], words=words)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert found == of_csv(whole(Form.CSV, ROWS)) and {len(row) for row in found} == {5}


def test_lines_for_programs_have_our_names_and_codes_and_say_the_offset():
    at = datetime(2026, 10, 25, 2, 30, tzinfo=columns._ROME, fold=1)
    (line,) = gzip.decompress(whole(Form.JSONL, [(1, at, "è", "gave_up", None)])).splitlines()
    assert json.loads(line) == {
        "call": 1, "began_at": "2026-10-25T02:30+01:00", "words": "è", "outcome": "gave_up", "answered": None,
    }  # fmt: skip


@pytest.mark.parametrize("form", Form)
def test_without_rows_there_is_a_file_with_headings(form):
    content = whole(form, [])
    if form is Form.XLSX:
        assert [len(rows) for rows in sheets_of(content).values()] == [1]
    else:
        assert len(gzip.decompress(content).splitlines()) == (form is Form.CSV)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(rows_of_texts, st.data())
def test_whatever_stands_in_a_cell_arrives_however_the_file_was_cut(rows, data):
    rows = [(number, at.replace(second=0, microsecond=0), *rest) for number, at, *rest in rows]
    cuts = data.draw(st.lists(st.integers(0, len(rows)), max_size=3))
    plain = Words(yes="yes", no="no")
    lines = gzip.decompress(whole(Form.JSONL, rows, cuts=cuts)).decode().split("\n")[:-1]
    assert [list(json.loads(line).values()) for line in lines] == [
        [number, at.isoformat(timespec="minutes"), *rest] for number, at, *rest in rows
    ]
    table = of_csv(whole(Form.CSV, rows, cuts=cuts, words=plain))[1:]
    harmless = [
        [cell[1:] if cell[:2] in {"'=", "'+", "'-", "'@", "'\t"} else cell for cell in row] for row in table
    ]
    assert all(cell[:1] not in set("=+-@\t\r") for row in table for cell in row)
    assert len(table) == len(rows)
    for found, (_, _, text, code, _) in zip(harmless, rows, strict=True):
        assert found[2:4] == [text, code] or text.startswith("'") or code.startswith("'")
    ((_, *cells),) = sheets_of(whole(Form.XLSX, rows, cuts=cuts, words=plain)).values()
    assert [[row[2], row[3], f"{row[1]:%F %H:%M}"] for row in cells] == [
        [text, code, f"{at:%F %H:%M}"] for _, at, text, code, _ in rows
    ]


def test_what_does_not_fit_in_a_sheet_stands_in_the_next(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    rows = [(number, AT, "x", "gave_up", True) for number in range(8)]
    for cuts in ((), (3,), (2, 6), (1, 1, 7), (8,)):
        sheets = sheets_of(whole(Form.XLSX, rows, cuts=cuts))
        assert [[row[0] for row in sheet[1:]] for sheet in sheets.values()] == [[0, 1, 2], [3, 4, 5], [6, 7]]
        assert list(sheets) == ["Chiamate", "Chiamate 2", "Chiamate 3"]
        assert all(sheet[0][0] == "Chiamata" for sheet in sheets.values())
    assert [len(sheet) for sheet in sheets_of(whole(Form.XLSX, rows[:6], cuts=[3])).values()] == [4, 4]


def test_no_member_grows_past_what_its_size_can_say(monkeypatch):
    monkeypatch.setattr(packing, "_MOST", 500)
    with pytest.raises(packing.TooLarge):
        whole(Form.JSONL, ROWS * 20)


def test_a_minute_of_the_hour_that_is_there_twice_is_told_by_its_offset():
    first = datetime(2026, 10, 25, 0, 30, 59, tzinfo=UTC)
    assert [columns.in_rome(at)[1] for at in (first, first + timedelta(hours=1))] == ["UTC+2", "UTC+1"]
    here = {columns.in_rome(at)[0].isoformat() for at in (first, first + timedelta(hours=1))}
    assert here == {"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}
    day = [datetime(2026, 3, 28, 23, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24)]
    assert sum(columns.in_rome(at)[0].date() == date(2026, 3, 29) for at in day) == 23


def test_a_caller_has_one_name_in_a_file_and_another_in_the_next():
    one, other = columns.pseudonyms(b"1" * 32), columns.pseudonyms(b"2" * 32)
    assert one("a") == one("a") != one("b")
    assert one("a") != other("a") and one("a").startswith("c")


@pytest.mark.parametrize(
    ("step", "heard", "to_step", "said"),
    [
        ("main", "key 2", "callback", ("key 2", "main", "callback")),
        ("area", "key 4", "area_south", ("key", "area", "area")),
        ("area_south", "key 2", "country", ("key", "area", "country")),
        ("country", "key 3", "help_number", ("key", "country", "help_number")),
        ("region_code", "digits 5", "region_check", ("digits", "region_code", "region_check")),
        ("office", "key 1", "office_north_west", ("key", "office", "office")),
        ("hold", "silence", None, ("silence", "hold", None)),
    ],
)
def test_where_somebody_is_or_goes_is_not_told_by_the_steps(step, heard, to_step, said):
    assert columns.told(step, heard, to_step) == said


def steps_of(*way):
    """The rows of a call that went this way, half a minute for each step: step, what was heard, where that led."""
    began = datetime(2026, 11, 24, 9, tzinfo=UTC)
    found = [
        (7, began, turn, began + timedelta(seconds=30 * turn), "bn", *row)
        for turn, row in enumerate(way, start=1)
    ]
    return [row[3:] for row in columns.step_rows(found)]


def test_how_many_menus_of_regions_somebody_came_to_is_not_told_by_the_rows_of_steps():
    """Only the south has a second menu of regions, behind the first."""
    begins = (("main", "key 3", "area"), ("area", "key 4", "area_south"))
    south = steps_of(*begins, ("area_south", "key 1", "country"), ("country", "key 2", "name"))
    far_south = steps_of(
        *begins,
        ("area_south", "wrong", "area_south"),
        ("area_south", "key 4", "area_far_south"),
        ("area_far_south", "key 1", "country"),
        ("country", "key 2", "name"),
    )
    assert south == [
        (1, 30, "bn", "main", "key 3", "area"),
        (2, 90, "bn", "area", "key", "country"),
        (3, 120, "bn", "country", "key", "name"),
    ]
    without_seconds = [[(row[0], *row[2:]) for row in rows] for rows in (south, far_south)]
    assert without_seconds[0] == without_seconds[1]
    assert [row[1] for row in far_south] == [30, 150, 180], "the seconds of all are in the one row"


def test_of_two_calls_each_has_its_own_steps_and_only_menus_of_regions_become_one_row():
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    found = [
        (call, at, turn, at, "bn", step, "key 1", step)
        for call in (7, 8)
        for turn, step in enumerate(("hold", "hold", "office", "office_south"), start=1)
    ]
    assert [(row[0], row[3], row[6]) for row in columns.step_rows(found)] == [
        (call, turn, step) for call in (7, 8) for turn, step in enumerate(("hold", "hold", "office"), start=1)
    ]


def test_where_a_call_ended_is_told_by_no_more_than_its_steps_are():
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    rows = columns.call_rows(
        [
            (1, at, None, "bn", "gave_up", step, 9)
            for step in ("area_south", "office_islands", "country", None)
        ],
        columns.pseudonyms(b"1" * 32),
    )
    assert [row[6] for row in rows] == ["area", "office", "country", None]


@pytest.mark.parametrize("what", What)
def test_no_column_says_where_or_who(what):
    names = {column.name for column in columns.COLUMNS[what]}
    assert not names & {
        "region",
        "country",
        "from_number",
        "from_hash",
        "sid",
        "name",
        "kept",
        "says",
        "person_id",
    }
