"""The demo as `make demo` starts it, on ports and data of its own at a pretended time, and pages that are watched."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from helpline import environment
from tests.ports import free_port
from tests.servers import new_folder, with_tables

ROOT = Path(__file__).parents[2]
TUESDAY = "2026-11-24T10:00+01:00"
AMINA = "/telephone?number=%2B393330000901&name=Amina"
PATIENCE = 90


@dataclass
class Demo:
    """A demo that runs: where its pages are, who may sign in, and its commands in another terminal."""

    folder: Path
    console: str
    carrier: str
    log: Path
    wrong: list[str] = field(default_factory=list)

    @property
    def passwords(self) -> dict[str, str]:
        return environment.read(self.folder / "passwords")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `helpline …` as somebody in a second terminal does, who knows only the demo's folder."""
        bare = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HELPLINE_", "TWILIO_", "DATABASE_", "REDIS_"))
        }
        return subprocess.run(
            [sys.executable, "-m", "helpline", *words],
            env=bare | {"HELPLINE_DATA_DIR": str(self.folder)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def listed(self, *words: str) -> Any:
        """What such a command lists, as JSON."""
        done = self.command(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def tab(self, context: BrowserContext, address: str) -> Page:
        """Open a page; what it says in its console, and whom else it asks for anything, is written down."""
        page = context.new_page()
        page.on("console", lambda message: self.wrong.append(f"{page.url} said {message.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url} threw {error}"))
        page.on("request", lambda request: self._asked(page, request.url))
        page.goto(address)
        return page

    def telephone(self, context: BrowserContext, path: str = "/") -> Page:
        """A telephone, whose sound is off: what is said then takes its time all the same."""
        page = self.tab(context, self.carrier + path)
        page.set_checked("#sound", checked=False)
        return page

    def signed_in(self, context: BrowserContext, login: str) -> Page:
        """The console, with somebody signed in."""
        page = self.tab(context, self.console)
        page.fill("#f-login", login)
        page.fill("#f-password", self.passwords[login])
        page.click("main button.main")
        page.locator(".menu-name").wait_for()
        return page

    def complaints(self) -> list[str]:
        """What went wrong on pages, and what the processes wrote down as an error."""
        written = self.log.read_text("utf-8").splitlines()
        return self.wrong + [line for line in written if line.startswith(("ERROR", "CRITICAL", "Traceback"))]

    def _asked(self, page: Page, url: str) -> None:
        if not url.startswith((self.console + "/", self.carrier + "/", "data:", "blob:")):
            self.wrong.append(f"{page.url} asked {url}")


@contextmanager
def rehearsal(now: str = TUESDAY) -> Iterator[Demo]:
    """Run a demo that begins at this moment; it is stopped, with all it started, at the end."""
    folder = new_folder()
    with_tables(folder)  # the test of the README begins without
    port, carrier_port = free_port(), free_port()
    log = folder / "demo.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "helpline",
                "demo",
                "--port",
                str(port),
                "--carrier-port",
                str(carrier_port),
            ],
            env=os.environ | {"HELPLINE_DATA_DIR": str(folder), "HELPLINE_NOW": now},
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    demo = Demo(folder, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{carrier_port}", log)
    try:
        for address in (f"{demo.console}/health/live", f"{demo.carrier}/standin"):
            until(lambda address=address: _answers(address), "nothing answers:\n" + log.read_text("utf-8"))
        yield demo
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def until(what: Callable[[], Any], why: str = "", *, seconds: float = PATIENCE) -> Any:
    """Wait until `what()` gives something true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, why or f"waited {seconds} s in vain"
        time.sleep(0.2)
    return found


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# --- at a telephone


def said(page: Page, language: str, name: str) -> None:
    """Wait until this prompt has been begun in this language, written in its direction."""
    text = words(language, name)
    place = page.locator(f".says p[lang={language}]", has_text=text).last
    place.wait_for(timeout=30_000)
    item = place.locator("xpath=..")
    assert item.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def press(page: Page, language: str, *keys: tuple[str, str]) -> None:
    """Press each of these keys, and wait until the prompt that follows it is said in this language."""
    for key, prompt in keys:
        page.keyboard.press(key)
        said(page, language, prompt)


def words(language: str, name: str) -> str:
    """The text of a prompt, without the value at its end."""
    texts = tomllib.loads((ROOT / "prompts" / language / "texts.toml").read_text("utf-8"))
    return str(texts[name]).partition("{")[0].strip()


def heard_code(page: Page, language: str) -> str:
    """The four digits that were read out after `code_is`."""
    said(page, language, "code_is")
    spoken = page.locator(".says p").all_inner_texts()
    place = next(n for n, text in enumerate(spoken) if words(language, "code_is") in text)
    digits = {words(language, f"digit_{digit}"): str(digit) for digit in range(10)}
    code = "".join(digits[word] for word in re.split(r"[،,]\s*", spoken[place + 1]))
    assert len(code) == 4
    return code


def answer(page: Page) -> None:
    """Wait until the telephone rings, and pick up."""
    page.get_by_role("button", name="Answer", exact=True).click(timeout=30_000)


def stands(page: Page, words: str) -> None:
    """Wait until the telephone says this of its call."""
    page.locator("#state", has_text=words).wait_for(timeout=30_000)
