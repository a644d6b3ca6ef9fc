"""The telephones in the browser: one person plays caller and operator in two tabs, with a microphone, in Arabic."""

import math
import re
import shutil
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from helpline.simulator import Carrier, clips
from helpline.simulator.server import serving
from tests.browser.browsing import AXE, COLOURS
from tests.unit.simulator.application import Application, carrier_for, say

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
OPERATOR, CALLER, LINE, OURS = "+393330000101", "+393330000001", "+39800000000", "+390655500002"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]


def ar(text: str) -> str:
    return f'<Say voice="Google.ar-XA-Standard-A" language="ar-XA">{text}</Say>'


def asks(text: str, action: str, timeout: int = 20) -> str:
    return f'<Gather action="{action}" numDigits="1" timeout="{timeout}">{text}</Gather>'


TOGETHER = '<Dial><Conference waitUrl="" beep="false" endConferenceOnExit="true">r1</Conference></Dial>'
DOCUMENTS: dict[str, Any] = {
    "/voice/incoming": asks(say("Benvenuti"), "/language") + say("Nessun tasto"),
    "/language": ar("اتركوا رسالة بعد الصافرة") + '<Record action="/said" maxLength="20" timeout="20"/>',
    "/said": ar("شكراً"),
    "/operator": asks(say("Per rispondere premi uno"), "/operator/key") + "<Hangup/>",
    "/operator/key": say("Chiamiamo la persona") + TOGETHER + say("La persona non c'è più"),
    "/person": asks(ar("مرحباً. هذه مكالمة طلبتموها."), "/person/key") + "<Hangup/>",
    "/person/key": ar("لحظة من فضلكم") + TOGETHER,
    "/quick": asks(say("Presto"), "/never", timeout=1) + say("Tempo scaduto"),
}


class World:
    """The carrier behind the telephones, and the application that the carrier asks."""

    def __init__(self, carrier: Carrier, application: Application, address: str) -> None:
        self.carrier, self.application, self.address = carrier, application, address

    def rings(self, number: str, document: str, **wanted: str) -> None:
        """The application calls a number."""
        order = {"Url": f"https://line.example{document}", "Timeout": "60"} | wanted
        self.carrier.outbound.place(number, OURS, order, [])
        self.carrier.advance(2)


@pytest.fixture
def world() -> Iterator[World]:
    carrier, application = carrier_for(DOCUMENTS, strict=False, per_second=100)
    with serving(carrier, toll_free=LINE, callback=OURS) as address:
        yield World(carrier, application, address)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context
    context.close()


@pytest.fixture
def tab(world: World, browser: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens a telephone; when all is over, no page said anything in its console, or asked anybody else for anything."""
    said: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((world.address, "blob:", "data:")):
            said.append(f"asked {request.url}")

    def open_(query: str = "", *, sound: bool = False) -> Page:
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", watch)
        page.goto(f"{world.address}/telephone{query}")
        page.set_checked("#sound", sound)
        return page

    yield open_
    assert said == []


def operators(tab: Callable[..., Page]) -> Page:
    return tab("?number=%2B39%20333%200000101&name=Operator")


def test_a_whole_callback_in_two_tabs(world: World, tab: Callable[..., Page]) -> None:
    operator, caller = operators(tab), tab()
    assert operator.locator("h1").inner_text() == "Telephone of Operator"
    assert (
        operator.locator("#from").input_value() == OPERATOR
        and caller.locator("#from").input_value() == CALLER
    )
    world.rings(OPERATOR, "/operator")
    operator.get_by_role("button", name="Answer", exact=True).click()
    operator.locator("#state", has_text="Waiting for a key").wait_for()
    assert not caller.locator("#ringing").is_visible(), "it is the other telephone that rang"
    operator.keyboard.press("1")
    operator.locator("#state", has_text="Waiting for somebody to join").wait_for()
    world.rings(CALLER, "/person")
    caller.get_by_role("button", name="Answer", exact=True).click()
    arabic = caller.locator(".says[dir=rtl] p", has_text="مرحباً")
    arabic.wait_for()
    assert arabic.get_attribute("lang") == "ar"
    caller.keyboard.press("1")
    for page in (caller, operator):
        page.locator("#state", has_text="Connected with one other person").wait_for()
    caller.get_by_role("button", name="Hang up").click()
    operator.locator("text=La persona non c'è più").wait_for()
    operator.locator("#dial").wait_for()
    assert all(call.ended for call in world.carrier.calls.values())


@pytest.mark.parametrize(
    ("button", "status", "answered_by"),
    [("Decline", "busy", None), ("Let a voicemail answer", "completed", "machine_start")],
)
def test_who_does_not_answer(
    world: World, tab: Callable[..., Page], button: str, status: str, answered_by: str | None
) -> None:
    page = tab()
    world.application.documents["/person"] = "<Hangup/>"
    world.rings(CALLER, "/person", MachineDetection="Enable")
    page.get_by_role("button", name=button).click()
    page.locator("#state", has_text="The call is over").wait_for()
    assert [call.status for call in world.carrier.calls.values()] == [status]
    asked = world.application.forms("/person")
    assert [form["AnsweredBy"] for form in asked] == ([answered_by] if answered_by else [])


def test_a_call_that_nobody_takes_stops_ringing(world: World, tab: Callable[..., Page]) -> None:
    page = tab()
    world.rings(CALLER, "/person", Timeout="10")
    page.locator("#ringing").wait_for()
    assert page.title().startswith("☎")
    world.carrier.advance(20)
    page.locator("#ringing").wait_for(state="hidden")
    assert not page.title().startswith("☎")


def test_a_telephone_that_nobody_has_open_is_offered(world: World, tab: Callable[..., Page]) -> None:
    page = tab()
    world.rings("+393330000777", "/person")
    link = page.get_by_role("link", name="+393330000777")
    link.wait_for()
    with page.expect_popup() as opened:
        link.click()
    opened.value.get_by_role("button", name="Answer", exact=True).wait_for()


def test_what_is_said_into_the_microphone_arrives_as_a_telephone_has_it(
    world: World, tab: Callable[..., Page]
) -> None:
    page = tab()
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    page.keyboard.press("7")
    page.locator("#state", has_text="Recording").wait_for()
    began = time.monotonic()
    page.click("#speak")
    page.locator("#state", has_text=re.compile(r"You are heard · ([3-9]|1\d) s")).wait_for()
    assert page.locator("#speak").get_attribute("aria-pressed") == "true"
    page.keyboard.press("#")
    page.locator("text=شكراً").wait_for()
    longest = time.monotonic() - began + 1
    form = world.application.forms("/said")[0]
    assert form["Digits"] == "#" and 2 <= int(form["RecordingDuration"]) <= longest, "about three seconds"
    [recording] = world.carrier.recordings.all()
    assert 1.5 < clips.read(recording.wav).seconds < longest, (
        "8000 Hz, one channel, 16 bits: anything else is refused"
    )
    samples = [one for (one,) in struct.iter_unpack("<h", recording.wav[44:])]
    assert math.sqrt(sum(one * one for one in samples) / len(samples)) > 100, "the fake microphone beeps"
    assert "Spoke for" in page.locator(".mine").last.inner_text()


def test_hanging_up_while_speaking_leaves_what_was_said(world: World, tab: Callable[..., Page]) -> None:
    page = tab()
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    page.keyboard.press("7")
    page.locator("#state", has_text="Recording").wait_for()
    page.click("#speak")
    page.locator("#state", has_text=re.compile(r"You are heard · [1-9]")).wait_for()
    page.click("#hangup")
    page.locator("#state", has_text="The call is over").wait_for()
    assert world.application.forms("/said")[0]["Digits"] == "hangup" and len(world.carrier.recordings) == 1


def test_time_runs_out_by_itself_or_stands_still(world: World, tab: Callable[..., Page]) -> None:
    world.application.documents["/voice/incoming"] = DOCUMENTS["/quick"]
    page = tab()
    page.clock.install()  # the page's time passes as we say
    over = page.locator("text=Tempo scaduto")
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    assert over.count() == 0
    page.clock.run_for(10_000)
    over.wait_for()
    page.set_checked("#clock", checked=False)
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert over.count() == 0
    page.click("#silence")
    over.wait_for()


@pytest.mark.speech
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_what_has_no_clip_is_spoken_by_this_machine(world: World, tab: Callable[..., Page]) -> None:
    page = tab(sound=True)
    with page.expect_response(lambda answer: answer.url.endswith("/said/0.wav")) as spoken:
        page.click("#dial")
    assert spoken.value.status in (200, 206) and spoken.value.headers["content-type"] == "audio/wav"
    page.locator(".says.playing").wait_for()
    page.locator(".says.playing").wait_for(state="detached", timeout=15000)


def test_who_closes_the_page_has_hung_up(world: World, tab: Callable[..., Page]) -> None:
    page = tab()
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    [call] = world.carrier.calls.values()
    page.goto("about:blank")
    for _ in range(600):
        if call.ended:
            break
        page.wait_for_timeout(50)
    assert call.ended and call.status == "completed"


def test_with_the_keyboard_alone(world: World, tab: Callable[..., Page]) -> None:
    page = tab()
    page.focus("#to")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "dial"
    page.keyboard.press("Enter")
    page.locator("#state", has_text="key").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("7")
    page.locator("#state", has_text="Recording").wait_for()
    page.keyboard.press("Escape")
    page.locator("#state", has_text="The call is over").wait_for()
    world.rings(CALLER, "/person")
    answer = page.get_by_role("button", name="Answer", exact=True)
    answer.wait_for()
    answer.focus()
    page.keyboard.press("Enter")
    page.locator("text=مرحباً").wait_for()


def test_everybody_can_use_it(world: World, tab: Callable[..., Page]) -> None:
    world.application.documents["/language"] = DOCUMENTS["/language"].replace('maxLength="20"', "")
    page = tab()
    page.emulate_media(reduced_motion="reduce")
    page.click("#dial")
    page.locator("#state", has_text="key").wait_for()
    page.keyboard.press("7")
    page.locator("#state", has_text="Recording").wait_for()
    page.click("#speak")
    page.locator("#state", has_text="You are heard").wait_for()
    world.rings(CALLER, "/person")
    page.locator("#ringing").wait_for()
    page.evaluate(AXE)
    wrong = {}
    # Everything once at each width and once in each scheme; colours, which are all that a scheme changes, everywhere.
    for width, scheme, only in (
        (320, "light", None),
        (320, "dark", COLOURS),
        (1280, "light", COLOURS),
        (1280, "dark", None),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate("(only) => axe.run(document, only ? {runOnly: only} : {})", only)
        wrong[width, scheme] = [
            (one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[width, scheme].append("something is cut off at the side")
    assert not any(wrong.values()), wrong
    assert "You are heard" in page.locator("#state").inner_text() and page.locator("#ringing").is_visible()


def test_a_number_that_is_none_is_refused(world: World, browser: BrowserContext) -> None:
    page = browser.new_page()
    for query in ("?number=12", "?number=%2B39333'%22%3E%3Cscript%3E", "?name=" + "n" * 41):
        answer = page.goto(f"{world.address}/telephone{query}")
        assert answer is not None and answer.status == 400
