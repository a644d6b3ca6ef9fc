"""One person plays caller and operator, with no account and no telephone: from first ring to closed item, in Arabic; then an
editor, who records a prompt by telephone: the console rings, the telephone hums, 1 keeps it, the draft has it."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from helpline.voice.dictation_words import GUIDES
from tests.browser.rehearsal import AMINA, Demo, answer, heard_code, press, said, stands

pytestmark = pytest.mark.timeout(600)
NOTE = "تم شرح البرنامج"
PAOLA = "/telephone?number=%2B393330000903&name=Paola"
WORKED = 30_000
"""Milliseconds in which a worker, the carrier and a voice that takes its time have done what they do."""


def test_a_callback_from_first_ring_to_closed_item_and_the_audit_tells_it(
    demo: Demo, window: BrowserContext
) -> None:
    caller = demo.telephone(window)
    caller.click("#dial")
    stands(caller, "Waiting for a key")
    press(caller, "ar", ("7", "main_callback"), ("2", "callback_new"), ("1", "number_safe"))
    press(caller, "ar", ("1", "window_any"), ("4", "quiet"), ("2", "saved"))
    code = heard_code(caller, "ar")
    caller.click("#hangup")
    stands(caller, "The call is over")

    console = demo.signed_in(window, "amina")
    console.get_by_role("button", name="Next for me").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Arabic")
    number = re.search(r"/callbacks/(\d+)$", console.url)
    assert number, console.url
    telephone = demo.telephone(window, AMINA)
    console.get_by_role("button", name="Call c").click()
    answer(telephone)
    said(telephone, "ar", "take_call")
    telephone.keyboard.press("1")
    said(telephone, "ar", "connecting_caller")
    answer(caller)
    said(caller, "ar", "callback_opening")
    assert "Connected" not in telephone.inner_text("#state"), "nobody is put through who did not press 1"
    caller.keyboard.press("1")
    for page in (caller, telephone):
        stands(page, "Connected with one other person")

    expect(console.locator("#state")).to_have_text("talking")
    expect(console.locator("#call")).to_contain_text("Say nothing about the matter yet")
    note = console.get_by_role("textbox", name="Note")
    note.fill(NOTE)
    console.fill("#code", "0000" if code != "0000" else "1111")
    console.get_by_role("button", name="Check").click()
    expect(console.locator(".notice.bad")).to_contain_text("The code is not right")
    expect(note).to_have_value(NOTE)
    console.fill("#code", code)
    console.get_by_role("button", name="Check").click()
    expect(console.locator("#call")).to_contain_text("you may speak about it")
    note.focus()  # and types on while the call ends
    caller.click("#hangup")
    stands(telephone, "The call is over")
    expect(console.locator("#call")).to_contain_text("You have talked. Say how it went.")
    expect(note).to_have_value(NOTE)
    expect(note).to_be_focused()
    assert (
        console.locator("#outcome-panel").bounding_box()["y"]
        < console.locator("#call-panel").bounding_box()["y"]
    )
    console.keyboard.press("1")  # into the note: keys are keys only where nobody types
    expect(note).to_have_value(NOTE + "1")
    note.fill(NOTE)
    note.blur()
    console.keyboard.press("1")
    expect(console.locator("main")).to_contain_text("Nobody waits")

    it = f"callback {number[1]}"
    [row] = [row for row in demo.listed("callbacks", "list") if row["id"] == int(number[1])]
    assert (row["state"], row["language"], row["attempts"]) == ("done", "ar", 0)
    console.close()  # an open page whose session ends is refused, and says so
    tells_it(demo, window, it, code)


def tells_it(demo: Demo, window: BrowserContext, it: str, code: str) -> None:
    """The administrator reads in the audit what Amina did with this callback, and its chain is whole."""
    window.clear_cookies()
    office = demo.signed_in(window, "marta")
    office.get_by_text("More", exact=True).click()  # she may enter more rooms than the bar has place for
    office.get_by_role("link", name="Audit").click()
    office.get_by_role("link", name="Tuesday 24 November 2026").click()
    office.get_by_label("About").fill(it)
    office.get_by_role("button", name="Show").click()
    office.wait_for_url("**about=*")
    lines = office.locator("tbody tr").all_inner_texts()[::-1]
    told = [line.split("\t") for line in lines]
    assert [who for _, who, *_ in told if who != "Amina person 1"] == ["caller"]
    assert [
        (what.replace("_", " "), re.sub(r"note: \d+", "note", details)) for _, _, what, _, details in told
    ] == [
        ("moved", "from: waiting; into: claimed"),
        ("moved", "from: claimed; into: ringing"),
        ("moved", "from: ringing; into: talking"),
        ("code tried", "right: False"),
        ("code tried", "right: True"),
        ("wrote note", "note"),
        ("moved", "from: talking; into: done"),
    ]
    words = [str((line["about"], line["details"])) for line in demo.listed("audit", "list")]
    assert not [said for said in words for secret in (NOTE, code, "3330000") if secret in said]
    office.get_by_role("link", name="Audit").first.click()
    office.get_by_role("link", name="Check the chains").click()
    expect(office.locator(".notice.good")).to_contain_text("is where it was put")
    checked = demo.command("audit", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_prompt_in_hindi_is_recorded_by_telephone(demo: Demo, window: BrowserContext) -> None:
    guide = GUIDES["en"]
    console = demo.signed_in(window, "paola")
    console.goto(f"{demo.console}/prompts/telephone/hi?prompt=main_callback")
    telephone = demo.telephone(window, PAOLA)
    console.get_by_role("button", name="Ring my telephone").click()
    answer(telephone)
    heard = telephone.locator("#transcript")
    expect(heard).to_contain_text(guide.hello, timeout=WORKED)
    telephone.keyboard.press("1")
    expect(heard).to_contain_text(guide.speak, timeout=WORKED)
    telephone.click("#speak")
    telephone.select_option("#length", "4")
    telephone.click("#hum")
    expect(heard).to_contain_text(guide.choices, timeout=WORKED)
    telephone.keyboard.press("1")
    expect(heard).to_contain_text(guide.kept, timeout=WORKED)
    telephone.click("#hangup")
    expect(console.locator("#standing")).to_contain_text("main_callback", timeout=WORKED)
    expect(console.locator("#standing .tag").last).to_have_text("in the draft", timeout=WORKED)
