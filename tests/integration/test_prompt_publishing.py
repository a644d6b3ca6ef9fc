"""Publishing makes a set of the draft, rolling back makes one of an older set, byte for byte; two people where asked."""

import pytest

from helpline import db
from helpline.faults import Faults
from helpline.people import audit
from helpline.people.roles import Role
from helpline.voice import publishing, restoring, verdicts
from tests.integration.prompt_rows import CATALOGUE, clip, editor, entry, publish, put, rows, write

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def elena() -> int:
    return editor()


def back(set_id: int, by: int, **options: object) -> int:
    with db.transaction() as session:
        return restoring.roll_back(session, CATALOGUE, set_id, by_id=by, **options)  # type: ignore[arg-type]


def test_one_language_is_published_and_the_other_waits(elena: int) -> None:
    bangla = clip()
    put(bangla, elena)
    write(elena, "Welcome to the line.", "welcome", "en")
    first = publish(elena, languages=["bn"])
    assert set(rows(first).clips) == {("bn", "welcome")} and not rows(first).texts
    assert entry("welcome", "en").changes
    second = publish(elena)
    assert set(rows(second).clips) == {("bn", "welcome")} and set(rows(second).texts) == {("en", "welcome")}


def test_nothing_to_publish_is_told_and_makes_no_set(elena: int) -> None:
    with pytest.raises(Faults, match="nothing in the draft"):
        publish(elena)


def test_rolling_back_restores_the_rows_of_the_older_set_byte_for_byte(elena: int) -> None:
    put(clip(), elena)
    write(elena)
    old = publish(elena)
    put(clip(hertz=500), elena)
    write(elena, "স্বাগত।")
    put(clip("welcome", "en", hertz=600), elena, language="en")
    write(elena, "Hello.", "goodbye", "en")
    new = publish(elena)
    bangla = back(old, elena, languages=["bn"], note="the voice was wrong")
    assert rows(bangla).of(["bn"]) == rows(old).of(["bn"])
    assert rows(bangla).of(["en"]) == rows(new).of(["en"])
    assert rows(back(old, elena)) == rows(old)
    assert rows(back(0, elena)) == publishing.Rows({}, {})
    with pytest.raises(Faults, match="holds what callers hear now"):
        back(0, elena)
    with pytest.raises(LookupError):
        back(999, elena)
    with db.transaction() as session:
        assert [line.what for line in audit.listed(session, who=f"person {elena}")][:3] == ["rolled_back"] * 3


def test_with_four_eyes_nothing_is_published_that_only_its_maker_approved(elena: int) -> None:
    marta = editor("marta", roles=(Role.APPROVER,))
    mine = clip(by=elena)
    put(mine, elena)
    text_id = write(elena).text_id
    with pytest.raises(Faults) as caught:
        publish(elena, four_eyes=True)
    assert caught.value.faults == [
        "bn/welcome: nobody else has approved the text",
        "bn/welcome: nobody else has approved the recording",
    ]
    with db.transaction() as session, pytest.raises(Faults, match="somebody else has to"):
        verdicts.approve(session, mine, by_id=elena)
    with db.transaction() as session:
        verdicts.approve(session, mine, by_id=marta)
        verdicts.approve(session, text_id, by_id=marta)
    assert rows(publish(elena, four_eyes=True)).clips[("bn", "welcome")][0] == mine


def test_what_was_rejected_is_not_published_until_something_else_is_there(elena: int) -> None:
    marta = editor("marta", roles=(Role.APPROVER,))
    bad = clip(by=elena)
    put(bad, elena)
    with db.transaction() as session:
        verdicts.reject(session, bad, by_id=marta, why="a dog barks")
    with pytest.raises(Faults, match="bn/welcome: the recording was rejected"):
        publish(elena)
    put(clip(hertz=500), elena)
    publish(elena)


def test_a_rejection_has_a_reason(elena: int) -> None:
    bad = clip(by=elena)
    with db.transaction() as session, pytest.raises(Faults, match="say why"):
        verdicts.reject(session, bad, by_id=elena, why=" ")


def test_a_change_made_while_another_is_published_stays_in_the_draft(elena: int) -> None:
    write(elena)
    with db.transaction() as session:
        frozen = publishing.drafted(session)
    write(elena, "স্বাগত।")
    with db.transaction() as session:
        publishing.commit(session, frozen, by_id=elena, note="")
    assert entry().text == "স্বাগত।"
