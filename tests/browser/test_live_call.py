"""A caller asks for a person in Arabic, and Amina is there: her telephone rings, she presses 1, and they are connected."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.rehearsal import AMINA, Demo, answer, press, said, stands

pytestmark = pytest.mark.timeout(600)


def is_there(console: Page) -> None:
    """Amina says that she is there, unless a test before this one left her so."""
    expect(console.locator("#live")).to_be_visible()
    button = console.get_by_role("button", name="I am there")
    if button.count():
        button.click()
    expect(console.locator("#live")).to_contain_text("You are there: your telephone will ring.")


def test_who_asks_for_a_person_is_connected_with_who_is_there(demo: Demo, window: BrowserContext) -> None:
    console = demo.signed_in(window, "amina")
    console.get_by_role("link", name="Live calls").click()
    is_there(console)
    telephone, caller = demo.telephone(window, AMINA), demo.telephone(window)
    caller.click("#dial")
    stands(caller, "Waiting for a key")
    press(caller, "ar", ("7", "main_callback"), ("0", "connecting_person"))
    said(caller, "ar", "hold_callback")
    answer(telephone)
    said(telephone, "ar", "take_call")
    telephone.keyboard.press("1")
    for page in (telephone, caller):
        stands(page, "Connected with one other person")

    expect(console.locator("#live")).to_contain_text("You are in a call.")
    shown = console.get_by_role("region", name="Your call")
    expect(shown).to_contain_text("on the line")
    expect(shown).to_contain_text("العربية")
    caller.click("#hangup")
    stands(telephone, "The call is over")
    expect(shown).to_contain_text("ended")
    expect(console.locator("#live")).to_contain_text("You are there: your telephone will ring.")
    expect(console.locator("#over")).to_be_visible()
    console.get_by_role("button", name="Helped").click()
    expect(shown).to_have_count(0)
    [line] = demo.listed("audit", "list", "--what", "took_live_call")
    assert line["who"] == "person 1"
    assert demo.command("audit", "check").returncode == 0
    [call] = demo.listed("calls", "list", "--limit", "1")
    assert call["language"] == "ar"


def test_when_nobody_presses_1_the_caller_is_offered_a_call_back_that_keeps_the_place(
    demo: Demo, window: BrowserContext
) -> None:
    console = demo.signed_in(window, "amina")
    console.goto(demo.console + "/live")
    is_there(console)
    telephone, caller = demo.telephone(window, AMINA), demo.telephone(window)
    caller.click("#dial")
    stands(caller, "Waiting for a key")
    press(caller, "ar", ("7", "main_callback"), ("0", "connecting_person"))
    telephone.get_by_role("button", name="Decline").click()
    said(caller, "ar", "hold_offer")
    caller.keyboard.press("1")
    said(caller, "ar", "hold_kept")
    caller.click("#hangup")
    console.goto(demo.console + "/callbacks")
    expect(console.locator("main")).to_contain_text("Arabic")
