"""`helpline prompts …` from end to end: judged, spoken, counted, reviewed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from helpline import db
from helpline.config import Settings
from helpline.faults import Faults
from helpline.languages import CODES
from helpline.voice import catalogue, commands, reviews, speech
from helpline.voice.audio import prepare
from helpline.voice.library import Library
from helpline.voice.models import PromptClip
from helpline.voice.utterances import Clip, utterances
from helpline.voice.wav import inspect
from tests.integration import prompt_rows
from tests.servers import Servers
from tests.unit.voice import sounds

WORDS = {
    "it": "quattro", "en": "four", "fr": "quatre", "es": "cuatro", "ru": "четыре", "uk": "чотири", "ar": "أربعة",
    "bn": "চার", "hi": "चार",
}  # fmt: skip
REAL_SPEAK = speech.speak


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two prompts in nine languages, none reviewed."""
    folder = tmp_path / "prompts"
    for code in CODES:
        (folder / code).mkdir(parents=True)
        content = f'digit_4 = "{WORDS[code]}"\nplace = "{WORDS[code]}: {{number}}."\n'
        (folder / code / "texts.toml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(catalogue, "PROMPTS", folder)
    monkeypatch.setattr(catalogue.load, "__defaults__", (folder, CODES))
    monkeypatch.setattr(reviews, "REVIEWS", tmp_path / "languages")
    for function in (reviews.read, reviews.merge):
        monkeypatch.setattr(function, "__defaults__", (tmp_path / "languages",))
    monkeypatch.setattr(commands.faults, "__defaults__", (folder, tmp_path / "languages"))
    monkeypatch.setattr(commands.stale, "__defaults__", (folder,))
    return folder


@pytest.fixture
def run(
    database: Servers, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Callable[..., Result]:
    """Run a command as an installation with this database."""
    for name, value in {
        **environ, "DATABASE_URL": database.database_url.replace("postgresql+psycopg", "postgresql"),
        "REDIS_URL": database.redis_url,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run_command(*words: str) -> Result:
        result = CliRunner().invoke(commands.prompts, words)
        db.connect(settings, database_url=database.database_url, redis_url=database.redis_url)
        return result

    return run_command


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Engines that hum, and what they were asked to say."""
    asked: list[tuple[str, str, str]] = []

    def hum(engine: str, language: str, *, prompt: str, text: str) -> bytes:
        asked.append((engine, language, text))
        raw = sounds.clip(0.3, prompt=f"{language}/{prompt}/{text}")
        return prepare(raw, prompt=prompt, language=language, text=text, engine=engine)

    monkeypatch.setattr(speech, "speak", hum)
    return asked


def kept() -> int:
    with db.transaction() as session:
        return session.scalar(select(func.count(PromptClip.id))) or 0


def status(run: Callable[..., Result], language: str) -> dict[str, Any]:
    rows = json.loads(run("status", "--json").stdout)
    return next(row for row in rows if row["language"] == language)


def review_all(tmp_path: Path, run: Callable[..., Result], language: str) -> Result:
    file = tmp_path / f"{language}.json"
    read = catalogue.load().texts[language]
    rows = [
        {"prompt": name, "text": read[name], "back_translation": "four", "decision": "ok"}
        for name in ("digit_4", "place")
    ]
    file.write_text(json.dumps(rows), encoding="utf-8")
    return run("review", language, str(file))


def test_speech_is_made_once_and_again_only_for_what_changed(
    prompts: Path, run: Callable[..., Result], engine: list[tuple[str, str, str]]
) -> None:
    first = run("build", "--engine", "espeak")
    assert first.exit_code == 0, first.output
    assert "made 18, failed 0, not tried 0, needed nothing 0" in first.output
    assert ("espeak", "bn", "চার:") in engine  # what stands before the value, and not its name
    assert "made 0, failed 0, not tried 0, needed nothing 18" in run("build", "--engine", "espeak").output
    (prompts / "hi" / "texts.toml").write_text(
        'digit_4 = "चार"\nplace = "जगह: {number}।"\n', encoding="utf-8"
    )
    assert status(run, "hi") | {"never_reviewed": []} == {
        "language": "hi", "texts": 2, "recorded": 0, "speech": 1, "missing": 1, "stale": [], "never_reviewed": [],
    }  # fmt: skip
    assert "made 1," in run("build", "--engine", "espeak").output
    assert kept() == 19


def test_a_better_engine_replaces_and_a_worse_one_does_not(
    prompts: Path, run: Callable[..., Result], engine: list[tuple[str, str, str]]
) -> None:
    assert "made 2," in run("build", "--engine", "espeak", "--language", "it").output
    assert "made 1," in run("build", "--engine", "gtts", "--language", "it", "--only", "place").output
    assert "made 1," in run("build", "--engine", "gtts", "--language", "it").output
    assert "made 0," in run("build", "--engine", "espeak", "--language", "it").output


def test_what_a_recording_covers_needs_no_speech(
    prompts: Path, run: Callable[..., Result], engine: list[tuple[str, str, str]]
) -> None:
    (prompts / "it" / "digit_4.wav").write_bytes(sounds.clip())
    (prompts / "it" / "place.wav").write_bytes(sounds.clip(hertz=500))
    hashes = f'digit_4 = "{catalogue.text_hash("quattro")}"\nplace = "0123456789ab"\n'
    (prompts / "it" / "recordings.toml").write_text(hashes)
    assert (
        "made 1, failed 0, not tried 0, needed nothing 1"
        in run("build", "--engine", "espeak", "--language", "it").output
    )
    row = status(run, "it")
    assert (row["recorded"], row["speech"], row["missing"], row["stale"]) == (1, 1, 0, ["place"])


def test_a_build_tells_programs_what_it_did(
    prompts: Path,
    run: Callable[..., Result],
    engine: list[tuple[str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = run("build", "--engine", "espeak", "--language", "it", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"made": 2, "failed": [], "not_tried": 0, "needed_nothing": 0}
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    monkeypatch.setattr(speech, "speak", REAL_SPEAK)
    failed = run("build", "--engine", "espeak", "--json")
    assert failed.exit_code == 2
    assert json.loads(failed.stdout) == {
        "made": 0,
        "failed": [
            "en/digit_4: espeak-ng is not installed: apt install espeak-ng, or the package espeakng-loader"
        ],
        "not_tried": 15,
        "needed_nothing": 2,
    }


def test_an_engine_that_cannot_speak_stops_at_once_with_one_sentence(
    prompts: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    result = run("build", "--engine", "espeak")
    assert isinstance(result.exception, Faults)
    assert result.exception.faults == [
        "it/digit_4: espeak-ng is not installed: apt install espeak-ng, or the package espeakng-loader"
    ]
    assert "made 0, failed 1, not tried 17" in result.output


def test_what_stops_half_way_goes_on_where_it_was(
    prompts: Path,
    run: Callable[..., Result],
    engine: list[tuple[str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hum = speech.speak

    def fails_in_french(name: str, language: str, **words: str) -> bytes:
        if language == "fr":
            raise speech.CannotSpeak("no sound")
        return hum(name, language, **words)

    monkeypatch.setattr(speech, "speak", fails_in_french)
    result = run("build", "--engine", "espeak")
    assert "made 16, failed 2" in result.output
    assert isinstance(result.exception, Faults)
    monkeypatch.setattr(speech, "speak", hum)
    assert "made 2, failed 0, not tried 0, needed nothing 16" in run("build", "--engine", "espeak").output


@pytest.mark.speech
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_what_the_offline_engine_spoke_is_what_a_process_plays(
    tmp_path: Path, prompts: Path, run: Callable[..., Result]
) -> None:
    assert "made 2, failed 0" in run("build", "--engine", "espeak", "--language", "bn").output
    ours = Library(catalogue.load(), tmp_path / "clips", prompts=prompts)
    ours.refresh()
    stem, digit = utterances(ours.manifest(), "bn", "place", {"number": "4"})
    assert isinstance(stem, Clip)
    assert isinstance(digit, Clip)
    seen = inspect(ours.wav(stem.hash) or b"")
    assert (seen.info["ILNG"], seen.info["ICMT"], seen.is_silent) == ("bn", "চার:", False)


def test_only_a_prompt_that_exists_can_be_built(prompts: Path, run: Callable[..., Result]) -> None:
    assert isinstance(run("build", "--engine", "espeak", "--only", "gone").exception, Faults)


def test_texts_pass_the_check_once_somebody_reviewed_them(
    tmp_path: Path, prompts: Path, run: Callable[..., Result]
) -> None:
    found = json.loads(run("check", "--json").stdout)["faults"]
    assert len(found) == 9
    assert "docs/languages/bn.md: holds no review: 2 texts were never reviewed" in found
    for code in CODES:
        assert "2 rows merged, 0 texts never reviewed" in review_all(tmp_path, run, code).output
    checked = run("check")
    assert (checked.exit_code, checked.output) == (0, "prompts: nothing wrong\n")
    assert status(run, "bn")["never_reviewed"] == []
    (prompts / "bn" / "place.wav").write_bytes(sounds.clip())
    (prompts / "bn" / "recordings.toml").write_text('place = "0123456789ab"')
    warning = "prompts/bn/place.wav: stale: its text has changed, so it is not played; record it again"
    checked = run("check")
    assert (checked.exit_code, checked.output) == (0, f"warning: {warning}\nprompts: nothing wrong\n")
    assert json.loads(run("check", "--json").stdout) == {"faults": [], "warnings": [warning]}


def test_the_check_tells_every_fault_at_once(
    tmp_path: Path, prompts: Path, run: Callable[..., Result]
) -> None:
    for code in CODES:
        review_all(tmp_path, run, code)
    (prompts / "ru" / "texts.toml").unlink()
    long = "اسمعوا " * 40
    (prompts / "ar" / "texts.toml").write_text(
        f'digit_4 = "{long.strip()}"\nplace = "اضغط: {{number}}"\n', encoding="utf-8"
    )
    (prompts / "fr" / "gone.wav").write_bytes(b"")
    (prompts / "es" / "plaza.wav").write_bytes(sounds.clip())
    (prompts / "es" / "recordings.toml").write_text('plaza = "0123456789ab"\nplace = "0123456789ab"')
    result = run("check")
    assert isinstance(result.exception, Faults)
    text = str(result.exception)
    for words in (
        "prompts/ru/texts.toml: missing", "ar/texts.toml: digit_4: takes about 31 seconds", "a command to one man",
        "prompts/fr/gone.wav: recordings.toml does not say", "docs/languages/ar.md: place: today's text was never",
        "prompts/es/plaza.wav: there is no such prompt", "prompts/es/recordings.toml: place: there is no place.wav",
    ):  # fmt: skip
        assert words in text


def test_a_process_that_answers_calls_loads_no_audio_decoder() -> None:
    code = "import sys, helpline.voice.serving, helpline.voice.utterances; print('av' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_speech_says_what_the_newest_set_says(
    prompts: Path, run: Callable[..., Result], engine: list[tuple[str, str, str]]
) -> None:
    catalogue.repository.cache_clear()
    editor = prompt_rows.editor()
    prompt_rows.write(editor, "quattro, certo", "digit_4", "it", catalogue=catalogue.load())
    prompt_rows.publish(editor)
    assert "made 2" in run("build", "--engine", "espeak", "--language", "it").output
    assert ("espeak", "it", "quattro, certo") in engine
    assert "made 0" in run("build", "--engine", "espeak", "--language", "it").output
    catalogue.repository.cache_clear()
