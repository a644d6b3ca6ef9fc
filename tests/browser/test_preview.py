"""The preview in a browser: a call by the keyboard alone, its clips played one after the other, and all of it without a script."""

import re

import pytest

from helpline import db
from helpline.people.roles import Role
from helpline.voice import catalogue, publishing
from tests.browser.browsing import Watched
from tests.integration.prompt_rows import clip

MAIN = "/prompts/preview/it/main"


@pytest.fixture
def cookies(console):
    return console.signed_in("elena", name="Elena", roles=(Role.EDITOR,), locale="it")


@pytest.fixture
def heard(console, cookies):
    """A clip of one line of the menu, published; the others are the carrier's voice."""
    text = catalogue.load().text("it", "main_information")
    found = clip("main_information", "it", text=text)
    with db.transaction() as session:
        change = publishing.Change("it", "main_information", clip_hash=found)
        publishing.commit(session, [change], by_id=None, note="")
    return found


def test_a_call_by_the_keyboard_alone(visit, cookies, heard):
    watched = visit(cookies)
    watched.visit(MAIN)
    page = watched.page
    played = []
    page.on("request", lambda asked: played.append(asked.url) if "/prompts/clip/" in asked.url else None)
    page.keyboard.press("p")
    page.locator(".line[aria-current]").first.wait_for()
    page.locator(".line:nth-child(2)[aria-current]").wait_for()
    assert [url.rpartition("/")[2] for url in played][:1] == [f"{heard}.wav"]
    page.keyboard.press("p")
    assert page.locator(".line[aria-current]").count() == 0
    for key, address in (("2", "did=2"), ("1", "did=1"), ("Backspace", "did=2"), ("s", "did=silence")):
        page.keyboard.press(key)
        page.wait_for_url(re.compile(rf"{address}$"))
    page.keyboard.press("#")
    page.wait_for_url(re.compile(r"did=%23$"))


def test_without_a_script_keys_are_links_and_clips_too(browser, console, cookies, heard):
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    context.add_cookies(cookies)
    watched = Watched(context.new_page(), console.base)
    watched.visit(MAIN)
    page = watched.page
    assert page.locator("a[data-sound]").get_attribute("href") == f"/prompts/clip/{heard}.wav"
    assert not page.locator("[data-play]").is_visible()
    page.click(".key[data-key='1']")
    page.wait_for_url(re.compile(r"did=1$"))
    page.goto(console.base + "/prompts/preview/it/number_enter")
    page.click("#does form button")
    page.wait_for_url(re.compile(r"did=3330000123$"))
    context.close()
    assert watched.wrong == []
