"""An older set is heard again byte for byte, also when a release has changed what the repository says in between."""

from pathlib import Path

import pytest

from helpline import db
from helpline.faults import Faults
from helpline.voice import comparing, menus, releases, restoring
from helpline.voice.catalogue import Catalogue
from helpline.voice.library import Library
from tests.integration.prompt_rows import (
    BANGLA,
    CATALOGUE,
    NEW,
    TEXTS,
    clip,
    editor,
    entry,
    publish,
    put,
    rows,
    write,
)

pytestmark = pytest.mark.usefixtures("database")
NEXT = Catalogue({"en": TEXTS, "bn": BANGLA | {"welcome": "নমস্কার।", "goodbye": "আবার কথা হবে।"}})
WELCOME, GOODBYE = ("bn", "welcome"), ("bn", "goodbye")


@pytest.fixture
def elena() -> int:
    return editor()


def release(texts: Catalogue) -> None:
    with db.transaction() as session:
        releases.note(session, texts)


def back(set_id: int, by: int, texts: Catalogue = NEXT, **options: object) -> int:
    with db.transaction() as session:
        return restoring.roll_back(session, texts, set_id, by_id=by, **options)  # type: ignore[arg-type]


def sounds(folder: Path, texts: Catalogue) -> dict[tuple[str, str], tuple[str, bytes | None]]:
    """All that a caller of now hears: the words, and the very bytes of the clip that says them."""
    ours = Library(texts, folder / "clips", prompts=folder / "prompts", every=3600)
    ours.refresh()
    now = ours.manifest()
    return {
        (code, name): (said, ours.wav(digest) if (digest := now.clip(code, name)) else None)
        for code, own in now.catalogue.texts.items()
        for name, said in own.items()
    }


def recorded(by: int, text: str, prompt: str = "welcome", hertz: int = 440) -> None:
    put(clip(prompt, text=text, hertz=hertz), by, prompt)


def test_a_set_that_a_release_overtook_is_heard_again_byte_for_byte(tmp_path: Path, elena: int) -> None:
    release(CATALOGUE)
    recorded(elena, BANGLA["welcome"])
    recorded(elena, BANGLA["goodbye"], "goodbye", 500)
    old = publish(elena)
    heard = sounds(tmp_path, CATALOGUE)
    assert heard[WELCOME][1] and heard[GOODBYE][1], "a person says both"
    recorded(elena, "নমস্কার।", hertz=700)
    publish(elena)
    release(NEXT)
    assert sounds(tmp_path, NEXT)[WELCOME][0] == "নমস্কার।"
    with db.transaction() as session:
        then = comparing.heard(session, NEXT, old)
    assert {key: one.text for key, one in then.items()} == {key: said for key, (said, _) in heard.items()}
    number = back(old, elena)
    assert sounds(tmp_path, NEXT) == heard, "no mixture: words and voices of then"
    for name in ("welcome", "goodbye"):  # and nobody forgets what the release says
        assert entry(name).conflict == NEXT.text("bn", name)
    with pytest.raises(Faults, match="holds what callers hear now"):
        back(old, elena)
    assert rows(number).texts.keys() == {WELCOME, GOODBYE}
    release(CATALOGUE)  # the release is rolled back as well
    assert sounds(tmp_path, CATALOGUE) == heard


def test_a_release_that_reached_the_callers_of_a_set_is_no_thing_of_the_past(
    tmp_path: Path, elena: int
) -> None:
    release(CATALOGUE)
    recorded(elena, "নমস্কার।")
    old = publish(elena)
    release(NEXT)
    heard = sounds(tmp_path, NEXT)
    recorded(elena, "আবার কথা হবে।", "goodbye")
    publish(elena)
    back(old, elena)
    assert sounds(tmp_path, NEXT) == heard and heard[WELCOME][0] == "নমস্কার।"
    assert entry().conflict is None


def test_what_tells_keys_stays_as_the_release_has_it(
    tmp_path: Path, elena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menus, "_said", frozenset({"welcome"}))
    release(CATALOGUE)
    recorded(elena, BANGLA["welcome"])
    recorded(elena, BANGLA["goodbye"], "goodbye", 500)
    old = publish(elena)
    heard = sounds(tmp_path, CATALOGUE)
    recorded(elena, BANGLA["goodbye"], "goodbye", 600)
    publish(elena)
    release(NEXT)
    back(old, elena)
    again = sounds(tmp_path, NEXT)
    assert again[WELCOME] == ("নমস্কার।", None), "its keys may have moved"
    assert again[GOODBYE] == heard[GOODBYE]


def test_only_the_languages_that_were_chosen_go_back_and_what_the_draft_has_decided_stays(
    tmp_path: Path, elena: int
) -> None:
    release(CATALOGUE)
    recorded(elena, BANGLA["welcome"])
    old = publish(elena)
    write(elena, "Hello.", "welcome", "en")
    recorded(elena, BANGLA["goodbye"], "goodbye")
    publish(elena)
    release(NEXT)
    write(elena, NEW, catalogue=NEXT)
    back(old, elena, languages=["en"])
    assert sounds(tmp_path, NEXT)[WELCOME][0] == "নমস্কার।"
    back(old, elena, languages=["bn"])
    assert sounds(tmp_path, NEXT)[WELCOME][0] == BANGLA["welcome"]
    assert (entry().text, entry().conflict) == (NEW, None), "who wrote it knew what the release says"
    assert entry("goodbye").conflict == "আবার কথা হবে।"
