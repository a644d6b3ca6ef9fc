"""A callback in hand: what is typed during the talk stays whatever is pressed, and how it went is one key."""

import re

import pytest

from helpline.people.roles import Role
from tests.integration import queue_rows as rows
from tests.integration.queue_rows import of

NOTE = "ha chiesto di sera — مساءً"
STORED = "() => JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie, history.state, location.href])"


@pytest.fixture
def held(visit, at, console):
    """A window on a callback in Arabic, in a talk; the callback and the attempt."""
    at(rows.TUESDAY)
    rows.always()
    one = rows.asked("ar")
    cookies = console.signed_in("amina", roles=(Role.OPERATOR,), languages=("ar",), locale="en")
    watched = visit(cookies)
    watched.visit(f"/callbacks/{one}")
    watched.page.keyboard.press("t")
    watched.page.locator("#outcome-panel").wait_for()
    claim = int(watched.page.locator("[name=claim_no]").first.input_value())
    attempt = rows.do(rows.desk.attempt_began, one, claim)
    rows.on_the_line(one)
    rows.do(rows.desk.attempt_answered, attempt)
    watched.page.locator("#code").wait_for()
    return watched, one, attempt


def pressed(page, name):
    """Press a button, and wait until the page shows what came of it."""
    with page.expect_response(lambda answer: re.search(r"/callbacks/\d+$", answer.url) is not None):
        page.get_by_role("button", name=name, exact=True).last.click()
    page.wait_for_function("() => !document.querySelector('form[data-sent]')")


@pytest.mark.timeout(300)
def test_a_note_survives_every_button_and_is_stored_nowhere(held, console):
    watched, one, _ = held
    page = watched.page
    page.fill("#f-note", NOTE)
    page.fill("#f-follow_up", "2026-11-30")
    page.get_by_text("Call in an interpreter").click()
    page.fill("#third-telephone", "333 0000444")
    page.fill("#code", "0000")
    pressed(page, "Check")
    assert "The code is not right" in page.inner_text(".notice.bad")
    pressed(page, "Recognised without code")
    assert "you may speak about it" in page.inner_text("#call")
    assert page.input_value("#third-telephone") == "333 0000444"
    page.click("[commandfor=number]")
    page.fill("#number #f-why", "they dictated another")
    with page.expect_response("**/number"):
        page.click("#number .button.main")
    page.locator("dd", has_text="+39").wait_for()
    page.click("[commandfor=urgent]")
    with page.expect_response("**/urgent"):  # without its reason: refused
        page.click("#urgent .button.main")
    page.locator("[data-focus]").wait_for()
    assert "Reason" in page.inner_text("[data-focus]")
    pressed(page, "Hang up")
    assert (page.input_value("#f-note"), page.input_value("#f-follow_up")) == (NOTE, "2026-11-30")
    assert page.url == f"{console.base}/callbacks/{one}"
    stored = page.evaluate(STORED)
    assert "sera" not in stored and "0000444" not in stored
    watched.wrong[:] = [wrong for wrong in watched.wrong if "422" not in wrong]
    page.get_by_role("link", name="Callbacks").first.click()
    page.wait_for_url("**/callbacks")
    watched.visit(f"/callbacks/{one}")
    assert page.inner_text(".quote p").startswith(NOTE)
    assert page.input_value("#f-note") == ""


@pytest.mark.timeout(300)
def test_how_it_went_is_one_key_once_the_talk_is_over_and_a_barred_number_is_asked_for_again(held):
    watched, one, attempt = held
    page = watched.page
    page.keyboard.press("1")
    assert of(one).state == "talking", "no key ends a talk that goes on"
    page.fill("#f-note", NOTE)
    page.focus("#f-follow_up")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert of(one).state == "talking", "Enter says nothing of how it went"
    rows.hung_up(attempt)
    page.locator("#over").wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator("#outcome-panel .button").first.bounding_box()["y"] < 500
    first = (
        "() => [...document.querySelectorAll('.sheet button, .sheet a[href], .sheet input:not([type=hidden])')]"
        ".find((one) => one.checkVisibility()).dataset.key"
    )
    assert page.evaluate(first) == "1"
    assert watched.judge_everywhere() == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("7")
    assert page.locator("#how-stop_calling").is_visible() and of(one).state == "talking"
    assert watched.judge() == []
    page.keyboard.press("Escape")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("1")
    page.wait_for_url("**/callbacks")
    assert of(one).state == "done"
    watched.visit(f"/callbacks/{one}")
    assert page.inner_text(".quote p").startswith(NOTE)


def test_without_the_server_a_button_says_so_and_can_be_pressed_again(held):
    watched, _one, _ = held
    page = watched.page
    page.fill("#f-note", NOTE)
    page.route("**/recognised", lambda route: route.abort())
    page.get_by_role("button", name="Recognised without code").click()
    page.locator("#lost").wait_for()
    page.unroute("**/recognised")
    pressed(page, "Recognised without code")
    assert "you may speak about it" in page.inner_text("#call")
    assert page.input_value("#f-note") == NOTE
    watched.wrong[:] = [wrong for wrong in watched.wrong if "ERR_FAILED" not in wrong]
