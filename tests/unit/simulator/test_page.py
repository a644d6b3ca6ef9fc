"""The telephone page in a real browser: keys, silence, a message, right-to-left words, nothing blocked, nothing thrown."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from helpline.simulator.server import serving
from tests.unit.simulator.application import Application, carrier_for, clip, say

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
NOON = datetime(2026, 11, 22, 12)
DOCUMENTS: dict[str, Any] = {
    "/voice/incoming": '<Gather action="/heard" timeout="3"><Play>/clip.wav</Play></Gather>' + say("Niente"),
    "/heard": '<Say voice="Google.ar-XA-Standard-A" language="ar-XA">قولوا اسمكم</Say>'
    '<Record action="/said" maxLength="8"/>',
    "/said": say("Grazie"),
    "/clip.wav": clip("বাংলা: আট।", "bn", "language"),
}

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]


@pytest.fixture
def application() -> Iterator[tuple[str, Application]]:
    carrier, application = carrier_for(DOCUMENTS, strict=False)
    with serving(carrier, toll_free="+39800000000", callback="+390655500002") as base:
        yield base, application


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def test_a_call_on_the_page(application: tuple[str, Application], page: Page) -> None:
    base, line = application
    page.goto(base)
    page.uncheck("#sound")
    assert page.locator("#silence").is_disabled()
    page.fill("#from", "anonymous")
    page.click("#dial")
    bangla = page.locator(".says p").first
    bangla.wait_for()
    assert bangla.get_attribute("lang") == "bn" and bangla.inner_text() == "বাংলা: আট।"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("12#")
    arabic = page.locator(".says[dir=rtl] p")
    arabic.wait_for()
    assert arabic.get_attribute("lang") == "ar"
    assert line.forms("/heard")[0]["Digits"] == "12" and line.forms("/heard")[0]["From"] == "anonymous"
    assert "Pressed 12#" in page.locator(".mine").all_inner_texts()
    page.click("#speak")
    page.click("#hum")  # nobody gave this browser a microphone
    page.locator("text=Grazie").wait_for()
    assert line.forms("/said")[0]["RecordingDuration"] == "4"
    assert page.locator("#dial").is_visible() and not page.locator("#hangup").is_visible()


def test_keys_run_out_of_time_as_on_a_telephone(application: tuple[str, Application], page: Page) -> None:
    base, line = application
    page.clock.install(time=NOON)
    page.goto(base)
    page.uncheck("#sound")
    page.clock.pause_at(NOON + timedelta(hours=1))  # from here on time passes when we let it
    page.click("#dial")
    page.locator(".says").first.wait_for()
    page.click("[data-key='3']")
    page.locator("#state", has_text="Keyed 3").wait_for()
    page.clock.run_for(2900)
    assert line.forms("/heard") == []
    for _ in range(
        60
    ):  # a look at how the call stands, which comes between, begins the three seconds once more
        page.clock.run_for(500)
        page.wait_for_timeout(50)
        if line.forms("/heard"):
            break
    page.locator(".says[dir=rtl]").wait_for()
    assert line.forms("/heard")[0]["Digits"] == "3"


def test_silence_and_hanging_up_by_keyboard(application: tuple[str, Application], page: Page) -> None:
    base, line = application
    page.goto(base)
    page.uncheck("#sound")
    page.click("#dial")
    page.locator(".says").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("text=Niente").wait_for()
    page.click("#dial")
    page.locator("#state", has_text="Waiting").wait_for()
    page.keyboard.press("Escape")
    page.locator(".aside", has_text="over").wait_for()
    assert len(line.forms("/voice/status")) == 2
