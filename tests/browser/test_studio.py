"""The studio in Chromium, with a voice in its microphone: ten texts in one sitting from the keyboard, a silent one refused,
going on where one stopped; and what happens when the microphone or the connection is not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from helpline import db
from helpline.people import sessions
from helpline.people.roles import Role
from helpline.voice import takes, wav
from helpline.voice.takes_models import TakeState
from tests.browser import browsing
from tests.browser.browsing import Watched
from tests.browser.conftest import Console
from tests.browser.studio_deeds import HANDLES, Studio, latest, speaking
from tests.integration import people_rows
from tests.unit.voice import sounds

VALUES = "/prompts/record/hi?what=section&section=values,%20each%20a%20clip%20of%20its%20own"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with speaking(tmp_path_factory.mktemp("microphone")) as running:
        yield running


@pytest.fixture
def cookies(console: Console) -> list[Any]:
    return console.signed_in("hema", name="Hema", roles=(Role.EDITOR,), prompt_languages=("hi",), locale="en")


def again(cookies: list[Any]) -> Any:
    """The cookie of a new session of the same person."""
    [cookie] = cookies
    with db.transaction() as session:
        who = sessions.whose(session, cookie["value"])
        assert who is not None
        return cookie | {"value": sessions.begin(session, who.id)}


@pytest.fixture
def studio(browser: Browser, console: Console, cookies: list[Any]) -> Iterator[Studio]:
    """The studio with the short texts of the values, without counting; nothing may have gone wrong at the end."""
    context = browsing.window(browser, cookies)
    context.add_init_script(HANDLES)
    opened = Studio(Watched(context.new_page(), console.base))
    opened.watched.visit(VALUES)
    opened.counting(False)
    yield opened
    opened.page.evaluate("window.onbeforeunload = null")
    context.close()
    assert opened.watched.wrong == []


@pytest.mark.timeout(120)  # it takes as long as somebody speaks
def test_ten_texts_in_one_sitting_from_the_keyboard_and_on_where_one_stopped(studio: Studio) -> None:
    studio.page.fill("#f-speaker", "Hema K.")
    studio.page.evaluate("document.activeElement.blur()")
    recorded = []
    for _ in range(10):
        recorded.append(studio.keep())
        studio.judged(recorded[-1], "good, in the draft")
    assert len(set(recorded)) == 10
    assert {take.speaker for take in latest().values()} == {"Hema K."}
    assert {take.state for take in latest().values()} == {TakeState.READY}
    waiting = studio.prompt
    assert f"prompt={waiting}" in studio.page.url and waiting not in recorded
    studio.watched.visit(VALUES)
    assert studio.prompt == waiting, "it goes on where one stopped"
    assert studio.page.locator("#f-speaker").input_value() == "Hema K."
    assert studio.page.locator("[data-progress]").inner_text().startswith("10 of ")


def test_a_silent_one_is_refused_with_a_sentence_and_recorded_again(studio: Studio) -> None:
    prompt = studio.prompt
    studio.record()
    studio.told("Listen to it")
    studio.page.evaluate("hush(true)")
    studio.page.locator("[data-level-word]", has_text="too faint").wait_for()
    studio.record()
    studio.told("Hardly anything was heard")
    studio.page.keyboard.press("n")
    studio.page.evaluate("hush(false)")
    studio.page.locator("[data-level-word]", has_text="good").wait_for()
    studio.judged(prompt, "to be recorded again")
    studio.page.keyboard.press("b")
    studio.page.locator("[data-remarks] .bad", has_text="There is no speech in it").wait_for()
    from_another(prompt)
    assert studio.keep() == prompt
    studio.judged(prompt, "good, in the draft")
    studio.mark(prompt, "see the remark")
    studio.page.keyboard.press("b")
    studio.page.locator("[data-remarks] .warn", has_text="Recorded by somebody else too").wait_for()


def from_another(prompt: str) -> None:
    """Somebody else sends a recording of the same prompt."""
    marta = people_rows.make("marta", roles=(Role.ADMINISTRATOR,))
    spoken = wav.write(sounds.talk(0.8), {})
    with db.transaction() as session:
        takes.receive(session, spoken, language="hi", prompt=prompt, way="file", speaker=None, by_id=marta.id)


def test_what_cannot_be_sent_stays_in_the_page_and_is_sent_by_itself(studio: Studio) -> None:
    studio.page.route("**/prompts/record/hi/*", lambda route: route.abort())
    prompt = studio.keep()
    studio.page.locator("[data-unsent]", has_text="One recording is not sent yet").wait_for()
    asked: list[str] = []
    studio.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    studio.page.evaluate("setTimeout(() => { location.href = '/prompts'; })")
    studio.page.wait_for_event("dialog") if not asked else None
    assert asked == ["beforeunload"] and studio.prompt != prompt, "whoever leaves is warned"
    studio.page.unroute("**/prompts/record/hi/*")
    studio.page.locator("[data-unsent]").wait_for(state="hidden")
    studio.mark(prompt, "is being judged")
    studio.watched.wrong[:] = [one for one in studio.watched.wrong if "ERR_FAILED" not in one]
    assert set(latest()) == {prompt}


def test_who_is_signed_out_signs_in_in_another_tab_and_loses_nothing(
    studio: Studio, cookies: list[Any]
) -> None:
    studio.record()
    studio.told("Listen to it")
    window = studio.page.context
    window.clear_cookies()
    prompt = studio.prompt
    studio.page.keyboard.press("n")
    studio.page.locator("[data-unsent]", has_text="You are not signed in any more").wait_for()
    window.add_cookies([again(cookies)])
    studio.mark(prompt, "is being judged")
    assert set(latest()) == {prompt}
    studio.watched.wrong[:] = [one for one in studio.watched.wrong if "status of 400" not in one]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "may not use the microphone"),
        ("NotFoundError", "There is no microphone"),
        ("NotReadableError", "Another program uses the microphone"),
    ],
)
def test_a_microphone_that_cannot_be_had_is_told_in_words(studio: Studio, name: str, words: str) -> None:
    studio.page.evaluate("(name) => { window.refusal = name; }", name)
    studio.page.keyboard.press("r")
    studio.page.locator("[data-trouble]", has_text=words).wait_for()
    studio.page.evaluate("() => { window.refusal = null; }")
    studio.record()
    studio.told("Listen to it")
    assert studio.page.locator("[data-trouble]").is_hidden()


def test_a_microphone_that_is_unplugged_while_one_speaks(studio: Studio) -> None:
    studio.page.keyboard.press("r")
    studio.told("Speak now.")
    studio.page.evaluate("unplug()")
    studio.page.locator("[data-trouble]", has_text="was unplugged").wait_for()
    studio.keep()


def test_one_counts_in_may_change_ones_mind_and_hears_oneself(studio: Studio) -> None:
    studio.counting(True)
    studio.page.keyboard.press("r")
    assert [studio.page.locator("[data-count]", has_text=number).inner_text() for number in "321"] == [*"321"]
    studio.page.keyboard.press("r")
    studio.told("Press Record")
    studio.counting(False)
    studio.record()
    studio.told("Listen to it")
    studio.page.keyboard.press("l")
    studio.page.locator("html[data-played=yes]").wait_for()
    studio.page.locator("[data-do=listen]:not(:has-text('Stop'))").wait_for()


def test_everybody_can_use_it_while_it_records(studio: Studio) -> None:
    studio.record()
    studio.told("Listen to it")
    assert studio.watched.judge_everywhere() == []
    studio.page.keyboard.press("n")


def test_without_scripts_it_says_so_and_shows_the_way_to_upload(
    browser: Browser, console: Console, cookies: list[Any]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(console.base + VALUES)
    assert "needs JavaScript" in page.locator("noscript .notice").inner_text()
    assert page.locator("[data-buttons]").is_hidden()
    page.click("noscript a")
    assert page.locator("form[data-upload]").count() == 1
    context.close()
