"""Texts and recordings go to files and come back: to the repository's folder, and to translators' spreadsheets."""

import csv
import io
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
import python_calamine
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline import db, environment
from helpline.config import Settings
from helpline.faults import Faults
from helpline.people import accounts
from helpline.voice import bringing, commands, drafts, folders, giving_out, shipped, tables
from helpline.voice.catalogue import PROMPTS, Catalogue, load, repository, text_hash
from helpline.voice.tables import Given, Line
from tests.integration import prompt_rows
from tests.integration.prompt_rows import editor

BENVENUTI = "Questa è la linea sul ritorno. Tornare è sempre una Sua scelta."


@pytest.fixture
def elena(database: object) -> int:
    return editor()


def write(by: int, text: str = BENVENUTI, prompt: str = "welcome", language: str = "it") -> None:
    prompt_rows.write(by, text, prompt, language, catalogue=repository())


def entries() -> dict[tuple[str, str], drafts.Entry]:
    with db.transaction() as session:
        return {(one.language, one.prompt): one for one in drafts.entries(session)}


def bring(by: int, *lines: Line, faults: Iterable[str] = ()) -> bringing.Brought:
    with db.transaction() as session:
        who = accounts.who(session, by)
        assert who is not None
        return bringing.bring_lines(session, repository(), lines, who=who, faults=faults)


def bring_folder(by: int, folder: Path, *languages: str) -> bringing.Brought:
    with db.transaction() as session:
        who = accounts.who(session, by)
        assert who is not None
        return bringing.bring_folder(
            session, repository(), folder, who=who, languages=languages or ("it", "bn")
        )


def line(text: str, prompt: str = "welcome", language: str = "it", **more: str) -> Line:
    return Line("a.xlsx, row 2", language, prompt, text, **more)


# ------------------------------------------------------------ folders


def test_a_published_set_goes_into_the_repository_s_folder_line_by_line_and_comes_back(
    elena: int, tmp_path: Path
) -> None:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    folder = tmp_path / "prompts"
    write(elena)
    recorded = prompt_rows.clip("welcome", "it", text=BENVENUTI)
    prompt_rows.put(recorded, elena, language="it")
    prompt_rows.put(prompt_rows.clip("goodbye", "it", text="other words", hertz=500), elena, "goodbye", "it")
    number = prompt_rows.publish(elena)
    with db.transaction() as session:
        given_out = giving_out.to_folder(session, repository(), folder, which=number, languages=("it", "en"))
    assert (given_out.texts, given_out.recordings) == (("it/welcome",), ("it/welcome",))
    before, after = (
        (home / "it" / "texts.toml").read_text("utf-8").splitlines() for home in (PROMPTS, folder)
    )
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert [other for _, other in changed] == [f'welcome = "{BENVENUTI}"']
    assert load(folder).text("it", "welcome") == BENVENUTI
    (recording,) = shipped.read(folder, ["it"])[0]
    assert (recording.offer.clip, recording.offer.text_hash) == (recorded, text_hash(BENVENUTI))
    with db.transaction() as session:  # an installation that never had it takes the same texts and recordings
        session.query(drafts.PromptDraftEntry).delete()
    again = bring_folder(elena, folder)
    assert (again.texts, again.recordings, again.left_out) == ((), (), ())  # it is what holds
    with db.transaction() as session:
        from helpline.voice import restoring

        restoring.roll_back(session, repository(), 0, by_id=elena)
    again = bring_folder(elena, folder)
    assert (again.texts, again.recordings) == (("it/welcome",), ("it/welcome",))
    assert entries()["it", "welcome"].clip == recorded


def test_nothing_of_a_folder_is_taken_when_anything_in_it_is_wrong(elena: int, tmp_path: Path) -> None:
    home = tmp_path / "it"
    home.mkdir()
    (home / "texts.toml").write_text(f'welcome = "{BENVENUTI}"\ngoodbye = "Prema #."\nnowhere = "Qui."\n')
    (home / "welcome.wav").write_bytes(b"no sound")
    (home / "recordings.toml").write_text(f'welcome = "{text_hash(BENVENUTI)}"\n')
    with pytest.raises(Faults) as caught:
        bring_folder(elena, tmp_path)
    assert caught.value.faults == ["prompts/it/welcome.wav: This is not a WAV file."]
    (home / "welcome.wav").unlink()
    (home / "recordings.toml").unlink()
    with pytest.raises(Faults) as caught:
        bring_folder(elena, tmp_path)
    assert caught.value.faults == [
        "it/texts.toml: goodbye: text: says #: this key has another name in each country",
        "it/texts.toml: nowhere: prompt: there is no prompt nowhere",
    ]
    assert entries() == {}


def test_the_list_of_recordings_is_kept_right(tmp_path: Path) -> None:
    home = tmp_path / "bn"
    home.mkdir()
    (home / "old.wav").write_bytes(b"x")
    (home / "recordings.toml").write_text('gone = "0123456789ab"\nold = "0123456789ab"\n')
    folders.write_recordings(tmp_path, "bn", {"welcome": (b"y", "ba9876543210")}, ["welcome", "old", "gone"])
    assert (home / "recordings.toml").read_text() == 'welcome = "ba9876543210"\nold = "0123456789ab"\n'


@given(st.text(min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_whatever_a_text_holds_the_folder_says_it_again(tmp_path: Path, text: str) -> None:
    said = bringing.wording.tidy(text)
    if not said:
        return
    folders.write_texts(tmp_path, {"it": {"welcome": said}})
    assert load_one(tmp_path)["welcome"] == said


@pytest.mark.parametrize("sign", ["\u0085", "\u2028", "\u000b", "\\", '"'])
def test_a_text_with_a_strange_sign_can_be_written_over(tmp_path: Path, sign: str) -> None:
    for said in (f"one{sign}two", "three"):
        folders.write_texts(tmp_path, {"it": {"welcome": said}})
        assert load_one(tmp_path)["welcome"] == said


def load_one(folder: Path) -> dict[str, str]:
    import tomllib

    return tomllib.loads((folder / "it" / "texts.toml").read_text("utf-8"))


# ------------------------------------------------------------ spreadsheets

ROWS = [
    Given("it", "welcome", "welcome", "Welcome.", "Benvenuti.", "0123456789ab"),
    Given("it", "goodbye", "", "=1+1", "=SOMMA(A1)", "0123456789ab"),
    Given("ar", "welcome", "welcome", "Welcome.", "أهلا؛ «نص»\u200f", "0123456789ab"),
]


@pytest.mark.parametrize("name", ["texts.xlsx", "texts.csv"])
def test_a_spreadsheet_comes_back_as_it_was_given_out(tmp_path: Path, name: str) -> None:
    tables.write(tmp_path / name, ROWS)
    back = tables.read(tmp_path / name)
    assert [(one.language, one.prompt, one.english, one.text, one.version) for one in back] == [
        (one.language, one.prompt, one.english, one.text, one.version) for one in ROWS
    ]


def test_nothing_in_a_spreadsheet_is_run(tmp_path: Path) -> None:
    tables.write(tmp_path / "texts.csv", ROWS)
    table = list(csv.reader(io.StringIO((tmp_path / "texts.csv").read_text("utf-8-sig"))))
    assert not [cell for row in table for cell in row if cell[:1] in tuple("=+-@")]
    tables.write(tmp_path / "texts.xlsx", ROWS)
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "texts.xlsx")
    assert book.sheet_names == ["it", "ar"]
    assert "=SOMMA(A1)" in book.get_sheet_by_name("it").to_python()[2]  # a text, not what it would give


def test_no_cell_is_taken_for_a_number_by_what_opens_it(tmp_path: Path) -> None:
    hashes = ("001234567890", "12e456789012")
    tables.write(
        tmp_path / "t.csv", [Given("it", f"p{n}", "", "A.", "B.", hashed) for n, hashed in enumerate(hashes)]
    )
    table = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text("utf-8-sig"))))[1:]
    for cell in (cell for row in table for cell in row if cell):
        with pytest.raises(ValueError, match="could not convert"):
            float(cell)
    assert tuple(one.version for one in tables.read(tmp_path / "t.csv")) == hashes


def test_a_table_with_semicolons_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Prompt;Language;Text\nwelcome;IT;Ciao, a tutti\n;;\n", "utf-8")
    assert [(one.language, one.text) for one in tables.read(tmp_path / "t.csv")] == [("it", "Ciao, a tutti")]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"prompt,text\nwelcome,Ciao\n", ["t.csv: row 1: must name the columns prompt, text, language; missing: language"]),
        (
            b"prompt,language,text\nwelcome,de,Hallo\nwelcome,it,\n,it,Ciao\n",
            [
                "t.csv, row 2: language: must be one of it, en, fr, es, ru, uk, ar, bn, hi",
                "t.csv, row 3: text: missing",
                "t.csv, row 4: prompt: missing",
            ],
        ),
        (
            b"prompt,language,text\nwelcome,it,Uno\nwelcome,it,Due\n",
            ["t.csv, row 3: prompt: it/welcome stands in t.csv, row 2 too"],
        ),
        (b"\xff\xfe\x00", ["t.csv: cannot be read: it is not in UTF-8: save it as CSV in UTF-8, or as XLSX"]),
    ],
)  # fmt: skip
def test_a_table_at_fault_is_told_with_row_and_field(
    tmp_path: Path, content: bytes, faults: list[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(Faults) as caught:
        tables.read(tmp_path / "t.csv")
    assert caught.value.faults == faults


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_called_a_spreadsheet_is_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    for name in ("x.xlsx", "x.csv"):
        (tmp_path / name).write_bytes(content)
        assert all(fault.startswith(name) for fault in refused(tmp_path / name))


def refused(file: Path) -> list[str]:
    try:
        tables.read(file)
    except Faults as faults:
        return faults.faults
    return []


def test_a_translation_goes_into_the_draft_and_what_holds_is_passed_over(elena: int) -> None:
    same = repository().text("it", "goodbye")
    found = bring(elena, line(BENVENUTI), line(same, "goodbye"))
    assert found.texts == ("it/welcome",)
    assert entries()["it", "welcome"].text == BENVENUTI and len(entries()) == 1


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_taken(elena: int) -> None:
    bina = editor("bina", prompt_languages=["bn"])
    with pytest.raises(Faults) as caught:
        bring(
            bina,
            line(BENVENUTI),
            line("x", "nowhere"),
            line("আপনার কোড।", "code_is", "bn", english="Another text", version="000000000000"),
        )
    assert caught.value.faults == [
        "a.xlsx, row 2: language: it is not yours",
        "a.xlsx, row 2: prompt: there is no prompt nowhere",
        "a.xlsx, row 2: english: says something else by now; export the texts again and look at the translation",
        "a.xlsx, row 2: version: somebody changed this text since the file was given out; export it again",
        "a.xlsx, row 2: text: has no placeholder, the English master has the placeholder {code}",
        "a.xlsx, row 2: text: must have the placeholder {code}",
    ]
    assert entries() == {}


def test_a_row_that_nobody_touched_is_left_out_where_its_text_was_changed_here_meanwhile(elena: int) -> None:
    as_given = repository().text("it", "goodbye")
    write(elena, "Grazie. Arrivederci, a presto.", "goodbye")
    found = bring(elena, line(BENVENUTI), line(as_given, "goodbye", version=text_hash(as_given)))
    assert found.texts == ("it/welcome",)
    assert found.left_out == ("a.xlsx, row 2: it/goodbye was changed here since, and not in the file",)
    assert entries()["it", "goodbye"].text == "Grazie. Arrivederci, a presto."


def test_a_folder_that_says_what_callers_hear_takes_nothing_out_of_the_draft(
    elena: int, tmp_path: Path
) -> None:
    shutil.copytree(PROMPTS / "it", tmp_path / "it")
    write(elena)
    found = bring_folder(elena, tmp_path)
    assert found.texts == () and entries()["it", "welcome"].text == BENVENUTI
    assert found.left_out == (
        "it/texts.toml: welcome: it/welcome was changed here since, and not in the file",
    )


def test_a_new_english_text_and_its_translation_come_in_one_file(elena: int) -> None:
    english = "This is the helpline on going back. It is always your choice."
    found = bring(elena, line(BENVENUTI), line(english, language="en"))
    assert found.texts == ("en/welcome", "it/welcome")


def test_the_commands_give_out_and_take_in(
    elena: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], database
) -> None:
    monkeypatch.setattr(environment, "settings", lambda: Settings.from_env(environ))
    monkeypatch.setattr(environment, "connect", lambda settings: None)
    monkeypatch.setattr(db, "disconnect", lambda: None)
    file = tmp_path / "texts.xlsx"
    run = CliRunner()
    result = run.invoke(commands.prompts, ["export", str(file), "--language", "it"])
    assert result.exit_code == 0, result.exception
    assert f"{len(repository().names)} texts, 0 recordings written" in result.output
    lines = tables.read(file)
    assert lines[0].english == repository().text("en", lines[0].prompt)
    tables.write(
        file,
        [
            Given(
                "it",
                one.prompt,
                "",
                one.english,
                BENVENUTI if one.prompt == "welcome" else one.text,
                one.version,
            )
            for one in lines
        ],
    )
    dry = run.invoke(commands.prompts, ["import", str(file), "--by", "elena", "--dry-run"])
    assert dry.output.endswith("1 texts and 0 recordings would go into the draft\n"), dry.exception
    assert entries() == {}
    done = run.invoke(commands.prompts, ["import", str(file), "--by", "elena"])
    assert done.output.endswith("1 texts and 0 recordings went into the draft\n"), done.exception
    assert entries()["it", "welcome"].text == BENVENUTI
    for words, fault in (
        (["import", str(file), "--by", "nobody"], "nobody who may change prompts"),
        (["export", str(file), "--set", "99"], "there is no set 99"),
        (["export", str(file), "--set", "x"], "must be live, draft, or a number"),
    ):
        refused = run.invoke(commands.prompts, words)
        assert isinstance(refused.exception, Faults) and fault in refused.exception.faults[0]


def test_the_catalogue_of_a_draft_is_given_out_too(elena: int, tmp_path: Path) -> None:
    write(elena)
    with db.transaction() as session:
        giving_out.to_table(
            session,
            repository(),
            tmp_path / "d.csv",
            which="draft",
            languages=("it",),
            where={"welcome": "welcome"},
        )
    said = {one.prompt: one.text for one in tables.read(tmp_path / "d.csv")}
    assert said["welcome"] == BENVENUTI and isinstance(repository(), Catalogue)
