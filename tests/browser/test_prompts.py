"""The pages of prompts in a browser: walked by keys, told while one types, two people at one prompt."""

import re

import pytest

from helpline.people.roles import Role
from tests.browser.furnished_prompts import furnish_prompts
from tests.integration import prompt_rows


@pytest.fixture
def elena(console, visit):
    furnish_prompts()
    return visit(console.signed_in("elena", name="Elena", roles=(Role.EDITOR,), locale="en"))


def test_the_matrix_is_walked_by_arrows_and_a_text_is_judged_while_one_types(elena):
    page = elena.page
    elena.visit("/prompts?section=opening")
    page.keyboard.press("j")  # the first row
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/prompts/en/welcome"
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/prompts/it/danger"
    page.keyboard.press("Enter")
    page.wait_for_url("**/prompts/it/danger")
    page.fill("#f-text", "Prema # per il rimpatrio, " + "e poi ancora una parola " * 5)
    judged = page.locator("#judged")
    judged.get_by_text("means being sent back or deported").wait_for()
    assert "says #" in judged.inner_text() and "A sentence of" in judged.inner_text()
    page.fill("#f-text", "Se c’è pericolo, chiami uno uno due.")
    judged.get_by_text("cannot be saved").wait_for(state="detached")
    page.click("text=Save in the draft")
    page.get_by_text("Saved in the draft: callers hear it").wait_for()
    assert prompt_rows.entry("danger", "it").text == "Se c’è pericolo, chiami uno uno due."
    assert "stale" in page.locator("#said").inner_text()
    page.keyboard.press("u")
    page.wait_for_url("**/prompts")


def test_two_who_have_the_same_prompt_open_are_told_and_choose_between_their_texts(console, visit, elena):
    other = visit(console.signed_in("bruno", name="Bruno", roles=(Role.EDITOR,), locale="en"))
    elena.visit("/prompts/fr/welcome")
    other.visit("/prompts/fr/welcome")
    other.page.get_by_text("Elena has this open as well.").wait_for()
    other.page.fill("#f-text", "Bonjour.")
    other.page.click("text=Save in the draft")
    other.page.get_by_text("Saved in the draft").wait_for()
    elena.page.fill("#f-text", "Bonjour à vous.")
    elena.page.click("text=Save in the draft")
    elena.page.get_by_role("heading", name="Changed meanwhile").wait_for()
    assert all("409" in wrong for wrong in elena.wrong)  # the browser tells of every answer that is not 2xx
    elena.wrong.clear()
    assert elena.judge() == []
    assert re.search(r"Bonjour\.\s+Bruno", elena.page.inner_text("main"))
    elena.page.click("text=Save mine in its place")
    elena.page.get_by_text("Saved in the draft").wait_for()
    assert prompt_rows.entry("welcome", "fr").text == "Bonjour à vous."


def test_on_a_telephone_one_language_is_a_list(elena):
    elena.page.set_viewport_size({"width": 390, "height": 800})
    elena.visit("/prompts?section=opening&language=ar")
    shown = [one for one in elena.page.locator("a.cell").all() if one.is_visible()]
    assert shown and all("/prompts/ar/" in (one.get_attribute("href") or "") for one in shown)
    assert elena.page.locator(".matrix .said[dir=rtl]").first.is_visible()
    font = elena.page.locator(".matrix .said").first.evaluate("(one) => getComputedStyle(one).fontFamily")
    assert font.startswith('"Helpline Arabic"')
    assert elena.page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('16px \"Helpline Arabic\"', 'م'))"
    )
