"""Reviews: what a second reader delivered goes into the page with the hash of what was read, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpline.faults import Faults
from helpline.voice import reviews
from helpline.voice.catalogue import Catalogue, text_hash

TEXTS = {"welcome": "Benvenute le chiamate.", "code_is": "Il codice è: {code}.", "goodbye": "Arrivederci."}
CATALOGUE = Catalogue({"en": TEXTS, "it": TEXTS})


def merge(tmp_path: Path, rows: Any, catalogue: Catalogue = CATALOGUE) -> int:
    delivered = tmp_path / "it.json"
    delivered.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
    return reviews.merge("it", delivered, catalogue, tmp_path)


def row(prompt: str, **more: Any) -> dict[str, Any]:
    return {
        "prompt": prompt,
        "text": TEXTS.get(prompt, ""),
        "back_translation": "Your code",
        "difference": "none",
        "decision": "kept",
    } | more


def test_rows_are_merged_in_the_master_s_order_with_today_s_hashes(tmp_path: Path) -> None:
    assert merge(tmp_path, [row("goodbye")]) == 1
    assert (
        merge(tmp_path, [row("welcome", confirm="is | usual?\nsay so"), row("goodbye", decision="new")]) == 2
    )
    rows = reviews.read("it", tmp_path)
    assert [(each.prompt, each.hash, each.decision) for each in rows] == [
        ("welcome", text_hash(TEXTS["welcome"]), "kept"),
        ("goodbye", text_hash(TEXTS["goodbye"]), "new"),
    ]
    assert rows[0].confirm == "is | usual? say so"
    assert reviews.never_reviewed(CATALOGUE, "it", rows) == ["code_is"]


def test_a_changed_text_was_never_reviewed(tmp_path: Path) -> None:
    merge(tmp_path, [row(name) for name in TEXTS])
    changed = Catalogue({"en": TEXTS, "it": TEXTS | {"goodbye": "A presto."}})
    rows = reviews.read("it", tmp_path)
    assert reviews.never_reviewed(CATALOGUE, "it", rows) == []
    assert reviews.never_reviewed(changed, "it", rows) == ["goodbye"]


def test_a_review_of_one_prompt_does_not_cover_another_of_the_same_text() -> None:
    twins = Catalogue({"en": {}, "it": {"yes": "Sì.", "agree": "Sì."}})
    rows = [reviews.Row("yes", text_hash("Sì."))]
    assert reviews.never_reviewed(twins, "it", rows) == ["agree"]


def test_what_people_wrote_around_the_table_stays(tmp_path: Path) -> None:
    merge(tmp_path, [row("welcome")])
    page = tmp_path / "it.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nTo ask a native: the greeting.\n", encoding="utf-8")
    merge(tmp_path, [row("goodbye")])
    text = page.read_text(encoding="utf-8")
    assert text.endswith("\nTo ask a native: the greeting.\n")
    assert text.count("| prompt | hash |") == 1
    assert len(reviews.parse(text)) == 2


def test_rows_of_prompts_that_are_no_more_are_left_out(tmp_path: Path) -> None:
    merge(tmp_path, [row("welcome"), row("goodbye")])
    fewer = Catalogue({"en": {}, "it": {"goodbye": TEXTS["goodbye"]}})
    merge(tmp_path, [row("goodbye")], fewer)
    assert [each.prompt for each in reviews.read("it", tmp_path)] == ["goodbye"]


def test_every_fault_of_a_delivery_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    rows = [
        row("welcome"), row("welcome"), row("farewell"), {"back_translation": "x"}, row("goodbye", text="A presto."),
        row("goodbye", hash="0" * 12), row("goodbye", note="x"), {"prompt": "goodbye"},
        row("goodbye", back_translation=" ", decision=3),
    ]  # fmt: skip
    with pytest.raises(Faults) as caught:
        merge(tmp_path, rows)
    assert caught.value.faults == [
        "it.json: row 2: welcome was reviewed in an earlier row",
        "it.json: row 3: farewell: there is no such prompt",
        "it.json: row 4: must be an object with a prompt",
        "it.json: row 5: goodbye: the text that was read is not today's",
        "it.json: row 6: goodbye: the hash is not that of today's text",
        "it.json: row 7: goodbye: note is unknown; known are prompt, text, hash, back_translation, difference, decision, confirm",
        "it.json: row 8: goodbye: back_translation: must be some words",
        "it.json: row 8: goodbye: decision: must be some words",
        "it.json: row 8: goodbye: must carry the text that was read, or its hash",
        "it.json: row 9: goodbye: back_translation: must be some words",
        "it.json: row 9: goodbye: decision: must be some words",
    ]
    assert not (tmp_path / "it.md").exists()


@pytest.mark.parametrize(("content", "reason"), [("{", "cannot be read"), ("{}", "must be a list of rows")])
def test_a_broken_delivery_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(Faults, match=reason):
        merge(tmp_path, content)


def test_a_delivery_of_the_very_text_that_holds_is_taken(tmp_path: Path) -> None:
    assert merge(tmp_path, [row("goodbye", text=TEXTS["goodbye"], hash=text_hash(TEXTS["goodbye"]))]) == 1
