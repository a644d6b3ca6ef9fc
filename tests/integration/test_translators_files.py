"""A translator's file comes back as spreadsheets leave it: columns moved, rows left empty, saved in some other way. What can be
understood is taken; what cannot is told at once, by file, row, column and reason."""

from pathlib import Path

import pytest
import xlsxwriter

from helpline.faults import Faults
from helpline.voice import tables
from tests.integration.prompt_rows import editor
from tests.integration.test_prompt_files import bring, entries

HELLO = "Ciao: «tutto», “bene”, l’amica"
ROWS = ("Notes;TEXT ;prompt;Language", f";{HELLO};welcome;IT", ";;;", "x;Arrivederci;goodbye;it")
SAID = [("it", "welcome", HELLO), ("it", "goodbye", "Arrivederci")]


def read(tmp_path: Path, content: bytes, name: str = "t.csv") -> list[tuple[str, str, str]]:
    (tmp_path / name).write_bytes(content)
    return [(one.language, one.prompt, one.text) for one in tables.read(tmp_path / name)]


def refused(tmp_path: Path, content: bytes, name: str = "t.csv") -> list[str]:
    with pytest.raises(Faults) as caught:
        read(tmp_path, content, name)
    return caught.value.faults


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(ROWS).encode(),
        "\r\n".join(ROWS).encode("utf-8-sig"),
        "\r".join(ROWS).encode(),
        ("\r\n\r\n\r\n" + "\r\n".join(ROWS) + "\r\n\r\n;;;\r\n").encode("utf-8-sig"),
        ("sep=;\r\n" + "\r\n".join(ROWS)).encode("utf-8-sig"),
        "\r\n".join(ROWS).replace(";", "\t").encode("utf-16"),
        "\n".join('"' + row.replace(";", '";"') + '"' for row in ROWS).encode(),
    ],
    ids=["plain", "CRLF and mark", "CR", "empty rows", "sep", "UTF-16 with tabs", "quoted"],
)
def test_a_table_is_read_however_a_spreadsheet_saved_it(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == SAID


def test_what_a_spreadsheet_made_of_words_is_told_by_row_and_column(tmp_path: Path) -> None:
    table = "prompt,text,language\n\nwelcome,=Ciao,it\ngoodbye,#NAME?,it\ndanger,'=tre,it\n"
    assert refused(tmp_path, table.encode()) == [
        "t.csv, row 3: text: begins with =, which a spreadsheet takes for a formula; write the words alone",
        "t.csv, row 4: text: holds #NAME?, the result of a formula that failed; write the words in its place",
    ]
    assert refused(tmp_path, "prompt;text;language\nwelcome;perché;it\n".encode("cp1252")) == [
        "t.csv: cannot be read: it is not in UTF-8: save it as CSV in UTF-8, or as XLSX"
    ]
    assert refused(tmp_path, b"\n\nprompt,text,text\nwelcome,a,b\n") == [
        "t.csv: row 3: must name the columns prompt, text, language; missing: language",
        "t.csv: row 3: the column text stands there twice",
    ]
    [fault] = refused(tmp_path, b'prompt,text,language\nwelcome,"Ciao,it\n')
    assert fault.startswith("t.csv: cannot be read: row 2: a cell is not closed")


def test_a_workbook_with_a_formula_empty_rows_and_moved_columns(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("IT")
        for row, cells in enumerate(
            [(), ("Text", "Prompt"), (), (HELLO, "welcome"), (), ("", "goodbye"), ("=uno", "danger")]
        ):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
        sheet.write_formula(5, 0, "=Arrivederci", None, "#NAME?")
        book.add_worksheet("Foglio2")
    lines, faults = tables.judged(file)
    assert [(one.place, one.text) for one in lines] == [
        ("t.xlsx, sheet it, row 4", HELLO),
        ("t.xlsx, sheet it, row 7", "=uno"),
    ]
    assert faults == ["t.xlsx, sheet it, row 6: text: missing, or a formula that failed"]


@pytest.mark.usefixtures("database")
def test_faults_of_form_and_of_words_are_told_together_and_nothing_is_taken(tmp_path: Path) -> None:
    by = editor()
    table = (
        "text;prompt;language\r\nIl Suo codice è;code_is;it\r\n=Ciao;welcome;it\r\n"
        "Il Suo codice è: { code }.;code_is;fr\r\nCiao, ciao.;goodbye;it\r\n"
    )
    (tmp_path / "t.csv").write_bytes(table.encode("utf-8-sig"))
    lines, faults = tables.judged(tmp_path / "t.csv")
    with pytest.raises(Faults) as caught:
        bring(by, *lines, faults=faults)
    told = "\n".join(caught.value.faults)
    for row, field in (
        (2, "text: has no placeholder"),
        (3, "text: begins with ="),
        (4, "text: has a bad placeholder"),
    ):
        assert f"t.csv, row {row}: {field}" in told
    assert "row 5" not in told and not entries()
