"""A language is added at places that one list names, all at once; a table for each language that the list forgets shows."""

import re
from pathlib import Path

from helpline import complete
from helpline.languages import CODES, LANGUAGES, Language

ROOT = Path(__file__).parents[2]
TENTH = Language("sq", "9", "Shqip", "ltr", "sq")
OF_ALL = re.compile(r"""["']?\b(bn)\b["']?\s*[:=]""")


def test_nothing_is_missing_for_the_nine() -> None:
    assert complete.faults() == []


def test_a_tenth_language_is_missing_everywhere_and_all_of_it_is_said_at_once() -> None:
    found = complete.faults([*LANGUAGES, TENTH])
    assert [fault for fault in found if "sq" in fault] == [
        *(f"helpline/voice/{where}: sq: missing" for where in (
            "voices.py: VOICES", "speech.py: ESPEAK_VOICES", "catalogue.py: SECONDS_A_CHARACTER", "lint.py: WORDS",
            "lint.py: EXPULSIONS", "lint.py: SCRIPTS", "reading.py: MOST_WORDS", "reading.py: MOST_LETTERS",
        )),
        "helpline/simulator/tongues.py: TONGUES: sq: missing",
        "helpline/figures/seed/year.py: LANGUAGES: sq: missing",
        "prompts/sq/texts.toml: missing",
        "docs/languages/sq.md: missing",
        "helpline/console/public/sq.toml: missing",
        "helpline/handbook/phrases/sq.toml: missing",
        "helpline/ivr/flow.toml: [lists.countries] sq: missing",
        "tests/leaflet.py: sq: missing",
        "tests/calls/caller.py: sq: missing",
    ]  # fmt: skip
    assert "helpline/languages.py: key 9: 2 languages have it" in found


def test_no_other_file_of_the_code_has_a_row_for_each_language() -> None:
    """A table by language that stands in no list would be forgotten by whoever adds one."""
    rows = {code: re.compile(rf"""(?:["']{code}["']\s*:|^{code}\s*=)""", re.MULTILINE) for code in CODES}
    found = set()
    for file in [
        *(ROOT / "helpline").rglob("*.py"),
        *(ROOT / "helpline").rglob("*.toml"),
        *(ROOT / "bench").rglob("*.py"),
    ]:
        text = file.read_text("utf-8")
        if all(row.search(text) for row in rows.values()):
            found.add(file.relative_to(ROOT).as_posix())
    assert found == {
        "helpline/voice/voices.py", "helpline/voice/speech.py", "helpline/voice/catalogue.py", "helpline/voice/lint.py",
        "helpline/voice/reading.py", "helpline/simulator/tongues.py", "helpline/ivr/flow.toml", "helpline/figures/seed/year.py",
    }  # fmt: skip
