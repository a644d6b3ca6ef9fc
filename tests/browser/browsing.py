"""A real browser for tests, and what is wrong with a page in it."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

COLOURS = [
    "color-contrast",
    "link-in-text-block",
]  # all of the rules that light or dark makes a difference to

# Width of the window, what the reader's system prefers, what is judged there: everything once at each width and once in
# each scheme, colours everywhere. ZOOMED: a wide window at 200 and at 400 %.
WINDOWS: dict[str, tuple[int, Any, list[str]]] = {
    "wide light": (1280, "light", RULES),
    "wide dark": (1280, "dark", COLOURS),
    "phone light": (390, "light", COLOURS),
    "phone dark": (390, "dark", RULES),
}
ZOOMED = (640, 320)
_JUDGED = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations
    .map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | '))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, audio[controls], [tabindex="0"]')]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.type !== 'hidden' && !one.closest('dialog:not([open])'))
    .filter((one) => one.type !== 'radio' || one.checked || !document.querySelector(`input[name="${one.name}"]:checked`))
    .map((one) => (one.dataset.tried = 'no', one)).length"""
# What has the focus when the next key goes down is what the key before led to: keys need not wait for one another.
_WATCH = """() => {
    window.walked = [];
    window.look = () => {
        const one = document.activeElement;
        if (!one || one === document.body || !('tried' in one.dataset)) return;
        const shown = [one, one.closest('.work-row')].filter(Boolean).some((each) => {
            const style = getComputedStyle(each);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        });
        const box = one.getBoundingClientRect();
        const under = box.bottom <= 0 || box.top >= innerHeight;
        one.dataset.tried = 'yes';
        window.walked.push({name: one.outerHTML.slice(0, 120), shown: shown || one.matches('audio'), under});
    };
    addEventListener('keydown', window.look, true);
}"""
_WALKED = (
    """() => { window.look(); removeEventListener('keydown', window.look, true); return window.walked; }"""
)
_LEFT = """() => [...document.querySelectorAll('[data-tried="no"]')].filter((one) => one.type !== 'radio').map((one) => one.outerHTML.slice(0, 160))"""


@dataclass
class Watched:
    """A page, and all it said or asked for that it should not have."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.wrong.append(f"said: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"threw: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith(self.base + "/") and not url.startswith("data:"):
            self.wrong.append(f"asked off-site: {url}")

    def visit(self, path: str) -> None:
        """Open a page of ours; it must be there."""
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != 200:
            self.wrong.append(f"answered {answer.status if answer else 'nothing'}")

    def judge(self, rules: list[str] = RULES) -> list[str]:
        """What is wrong with what is open now, as wide and as light or dark as it is."""
        return self._too_wide() + self.page.evaluate(_JUDGED, rules)

    def judge_everywhere(self) -> list[str]:
        """What is wrong with what is open now in any window, and how it is walked by the keyboard."""
        found = self.walk()
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        for name, (width, scheme, rules) in WINDOWS.items():
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)
            found += [f"{name}: {one}" for one in self.judge(rules)]
        for width in ZOOMED:
            self.page.set_viewport_size({"width": width, "height": 800})
            found += [f"{width}: {one}" for one in self._too_wide()]
        return found

    def _too_wide(self) -> list[str]:
        by = self.page.evaluate(_TOO_WIDE)
        return [f"too wide by {by}"] if by > 0 else []

    def walk(self) -> list[str]:
        """Go through the page by Tab alone: what is not reached, or does not show that it is."""
        count = self.page.evaluate(_FOCUSABLE)
        # A day has four places of its own (day, month, year, calendar), a player as many.
        parts = 4 * self.page.locator("input[type=date], input[type=time], audio[controls]").count()
        self.page.evaluate(_WATCH)
        self._press_at_once("Tab", count + parts + 8)
        wrong = []
        for here in self.page.evaluate(_WALKED):
            if not here["shown"]:
                wrong.append(f"no visible focus: {here['name']}")
            if here["under"]:
                wrong.append(f"out of sight: {here['name']}")
        return wrong + [f"not reached: {one}" for one in self.page.evaluate(_LEFT)]

    def _press_at_once(self, key: str, times: int) -> None:
        """Press a key again and again, a hundred times a wait: a frame drawn after each would take most of the time."""
        keyboard = self.page.keyboard
        for left in range(times, 0, -100):

            async def together(several: int = min(left, 100)) -> None:
                await asyncio.gather(*(keyboard._impl_obj.press(key, None) for _ in range(several)))

            keyboard._sync(together())


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def window(browser: Browser, cookies: list[Any]) -> BrowserContext:
    """A window in which the judge is ready."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme="light", locale="it-IT", reduced_motion="reduce"
    )
    context.add_init_script(AXE)
    context.add_cookies(cookies)
    return context
