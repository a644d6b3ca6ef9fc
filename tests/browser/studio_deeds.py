"""A voice for Chromium's microphone, a worker at hand, and the studio as somebody at the keyboard sees it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from rq import Queue

from helpline import db, jobs
from helpline.voice import takes, wav
from helpline.voice.takes import Take
from helpline.voice.takes_models import TakeState
from tests.browser.browsing import CHROMIUM, FLAGS, Watched
from tests.unit.voice import sounds

# Whoever is in the page can switch the microphone off without a word, take it away, or let it be refused.
HANDLES = """
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.opened = [];
    window.refusal = null;
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (window.refusal) throw new DOMException('', window.refusal);
        const stream = await ask(wanted);
        window.opened.push(...stream.getTracks());
        return stream;
    };
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...when) {
        document.documentElement.dataset.played = this.buffer.duration > 0.5 ? 'yes' : 'hardly';
        return start.apply(this, when);
    };
    window.hush = (quiet) => window.opened.forEach((one) => { one.enabled = !quiet; });
    window.unplug = () => window.opened.forEach((one) => { one.stop(); one.dispatchEvent(new Event('ended')); });
"""


@contextmanager
def speaking(folder: Path) -> Iterator[Browser]:
    """Chromium, into whose microphone somebody speaks without end."""
    heard = folder / "spoken.wav"
    heard.write_bytes(wav.write(sounds.talk(0.7), {}))
    flags = [
        *FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    ]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def work() -> None:
    """What the worker is rung for, done now."""
    queue = Queue("slow", connection=db.redis())
    for job in queue.jobs:
        if job.func_name.endswith("prepare_recording"):
            jobs.prepare_recording(*job.args)
        queue.remove(job)


def latest(language: str = "hi") -> dict[str, Take]:
    """The newest take of each prompt."""
    with db.transaction() as session:
        return takes.latest(session, language)


@dataclass
class Studio:
    """The studio, from the keyboard."""

    watched: Watched

    @property
    def page(self) -> Any:
        return self.watched.page

    @property
    def prompt(self) -> str:
        """What is to be read now."""
        return self.page.locator(".stage [data-prompt]").inner_text()

    def told(self, words: str) -> None:
        """Wait until the page says this."""
        self.page.locator("[data-told]", has_text=words).wait_for()

    def counting(self, wanted: bool) -> None:
        self.page.set_checked("[data-counts]", wanted)
        self.page.evaluate("document.activeElement.blur()")

    def record(self, until: str = r"^([1-9]|0\.9)") -> None:
        """Say something, for a second, or until the page counts so many."""
        self.page.keyboard.press("r")
        self.told("Speak now.")
        self.page.locator("[data-elapsed]", has_text=re.compile(until)).wait_for()
        self.page.keyboard.press("r")

    def keep(self) -> str:
        """Record what is to be read, and go on; its name."""
        prompt = self.prompt
        self.record()
        self.told("Listen to it, or keep it")
        self.page.keyboard.press("n")
        return prompt

    def judged(self, prompt: str, words: str) -> None:
        """The recording of a prompt has arrived, the worker judges it, and the list says this of it."""
        self.mark(prompt, "is being judged")
        work()
        take = latest()[prompt]
        assert take.state != TakeState.RECEIVED
        assert (take.state == TakeState.READY) == ("good" in words), [str(one) for one in take.refusals]
        self.mark(prompt, words)

    def mark(self, prompt: str, words: str) -> None:
        """Wait until the list says this of a prompt."""
        self.page.locator(f"[data-reading='{prompt}'] [data-mark]", has_text=words).wait_for()
