"""What a stranger meets first: the licence, the catalogue entry, the lock, the environment that `make` makes."""

import os
import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from helpline import environment
from helpline.config import Settings
from helpline.processes import demo

ROOT = Path(__file__).parents[2]


def test_the_lock_names_no_index_and_pins_everything_by_hash():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "index" not in lock.lower().replace("--hash", "")
    pinned = re.split(r"\n(?=[a-z])", lock)
    assert all("==" in entry and "--hash=sha256:" in entry for entry in pinned)


def test_all_that_is_asked_for_is_pinned():
    asked = re.findall(r"^([a-z][a-z0-9-]*)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert asked
    assert set(asked) <= pinned


def test_the_licence_is_whole_and_named_everywhere():
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(re.search(rf"(?m)^\s*{article}\.\s*[A-Z]", licence) for article in range(1, 16))
    assert "Appendix" in licence
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "EUPL-1.2"
    assert "license: EUPL-1.2" in (ROOT / "publiccode.yml").read_text("utf-8")


def test_the_catalogue_entry_has_what_the_standard_demands():
    entry = (ROOT / "publiccode.yml").read_text("utf-8")
    for key in (
        "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description",
        "legal", "maintenance", "localisation", "releaseDate", "softwareVersion",
    ):  # fmt: skip
        assert re.search(rf"(?m)^{key}:", entry), key
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"softwareVersion: {version}\n" in entry
    for short in re.findall(r"shortDescription: >-\n\s+(.*)", entry):
        assert len(short) <= 150


def test_make_lists_what_one_can_type():
    listed = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for word in ("env", "demo", "test", "check", "bench", "faults", "lock", "format"):
        assert f"make {word} " in listed


@pytest.fixture
def copy(tmp_path):
    """A folder in which `make env` would have something to do, with programs that only say that they were called."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "uv"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {tmp_path}/called\n')
        (programs / name).chmod(0o755)
    return tmp_path


def make_env(folder):
    log = folder / "called"
    log.unlink(missing_ok=True)
    subprocess.run(["make", "-s", "env"], cwd=folder, check=True, capture_output=True)
    return log.read_text().splitlines() if log.exists() else []


def test_the_environment_is_made_from_hashes_once_and_again_when_the_lock_changes(copy):
    pip, sync, ourselves = make_env(copy)
    assert "--require-hashes" in pip
    assert re.fullmatch(
        r"uv==[\d.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", (copy / ".venv/uv.lock").read_text()
    )
    assert sync.endswith("requirements.lock")
    assert "--require-hashes" in sync
    assert "--offline" in ourselves
    assert make_env(copy) == []
    later = (
        copy / ".venv/.made-from-lock"
    ).stat().st_mtime + 1  # a clock of files may stand still for a moment
    os.utime(copy / "requirements.lock", (later, later))
    assert len(make_env(copy)) == 3


def test_the_demos_secrets_are_made_once_and_read_by_nobody_else(tmp_path):
    first = demo.prepare(tmp_path, 8000, 8101)
    second = demo.prepare(tmp_path, 9000, 8101)
    assert {name for name in first if first[name] != second[name]} == {"HELPLINE_PUBLIC_URL"}
    file = tmp_path / "demo.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert environment.read(file) == second
    assert Settings.from_env(second).public_url == "http://127.0.0.1:9000"
