"""What somebody does in an hour with the prompts: on the pages, at one's own telephone, and as a caller who listens."""

import hashlib
import io
import re
import urllib.request
import zipfile

from playwright.sync_api import BrowserContext, Page, expect

from helpline.simulator.client import Client
from helpline.voice import wav
from helpline.voice.dictation_words import GUIDES
from tests.browser.browsing import Watched
from tests.browser.rehearsal import Demo, answer, words
from tests.browser.studio_deeds import Studio
from tests.browser.test_studio import VALUES
from tests.browser.test_whole_callback import PAOLA, WORKED
from tests.unit.voice import sounds

DIGITS = {f"digit_{digit}" for digit in range(10)}
BY_TELEPHONE = ["main_callback", "main_help", "main_information"]
UPLOADED = {"danger": 6.0, "person_any_time": 3.5}
BAD = "hi/welcome.mp3"
LISTENS = re.compile("Listen to it, or keep it|Hardly anything was heard")
# Three numbers that hold all digits, each read back; then the language menu and the welcome again.
ROUND = (*"212", "3330000124#", "2", "3330000567#", "2", "3330000890#", *"1889")
# Of a second of this voice, which pauses, sometimes so little is speech that it is refused as too short for its text.
LONG_ENOUGH = r"^(1\.[3-9]|[2-9])"
Clips = dict[str, str]


class Caller:
    """Somebody who dials, chooses Hindi, and writes down what is heard: the words, or the clip by its own bytes."""

    def __init__(self, demo: Demo, number: int) -> None:
        self.client = Client(demo.carrier, f"+3933300008{number:02}")
        self.redial()

    def redial(self) -> "Caller":
        """Begin another call."""
        self.client.dial()
        self.client.press("9")
        assert not self.client.call["ended"], self.client.call["outcome"]
        return self

    @property
    def heard(self) -> list[str]:
        """All that this call has heard so far."""
        return self._written(0)

    def round(self) -> list[str]:
        """Have three numbers read back, go to the menus and hear the welcome again: what was heard on the way."""
        before = len(self.client.call["heard"])
        for keys in ROUND:
            self.client.press(keys)
        return self._written(before)

    def to_its_end(self) -> list[str]:
        """Say nothing any more until the call is over; what was heard in it from first to last."""
        for _ in range(20):
            if self.client.call["ended"]:
                break
            self.client.keep_silent()
        call = self.client.call
        assert call["ended"] and call["outcome"] == "completed" and not call["troubles"], call["troubles"]
        return self.heard

    def _written(self, since: int) -> list[str]:
        fetched: dict[str, str] = {}

        def written(one: dict[str, str]) -> str:
            if one["kind"] != "play":
                return one["text"]
            if one["url"] not in fetched:
                fetched[one["url"]] = served(one["url"])
            return fetched[one["url"]]

        return [written(one) for one in self.client.call["heard"][since:] if one["kind"] in ("say", "play")]


def served(url: str) -> str:
    """The hash of what is really served under a clip's address, which must be the one in it."""
    with urllib.request.urlopen(url, timeout=10) as came:
        content = came.read()
    digest = hashlib.sha256(content).hexdigest()
    assert url.endswith(f"/audio/{digest}.wav"), "what is served is what its address says"
    assert wav.inspect(content).seconds
    return digest


# --- three ways to record


def in_the_browser(demo: Demo, console: Page) -> None:
    """Ten prompts in one sitting, from the keyboard; each is judged while the next is read."""
    console.goto(demo.console + VALUES)
    studio = Studio(Watched(console, demo.console))
    studio.counting(False)
    kept = [_spoken(studio) for _ in range(10)]
    assert set(kept) == DIGITS
    for prompt in kept:
        studio.mark(prompt, "good, in the draft")


def _spoken(studio: Studio) -> str:
    """Record what is to be read, once more where it was too soft, and go on; its name."""
    prompt, told = studio.prompt, studio.page.locator("[data-told]")
    for _ in range(4):
        studio.record(LONG_ENOUGH)
        expect(told).to_contain_text(LISTENS)
        if "keep it" in told.inner_text():
            studio.page.keyboard.press("n")
            return prompt
    raise AssertionError(told.inner_text())


def by_telephone(demo: Demo, window: BrowserContext, console: Page) -> None:
    """Three in one call: the number of each is keyed, it is spoken, heard again, and kept."""
    guide = GUIDES["en"]
    console.get_by_role("link", name="I stop here").click()
    console.get_by_role("link", name="By telephone").click()
    console.get_by_role("link", name="Hindi", exact=True).click()
    telephone = demo.telephone(window, PAOLA)
    heard = telephone.locator("#transcript")

    def told(sentence: str, times: int) -> None:
        expect(heard.get_by_text(sentence, exact=False)).to_have_count(times, timeout=WORKED)

    console.get_by_role("button", name="Ring my telephone").click()
    answer(telephone)
    expect(heard).to_contain_text(guide.hello, timeout=WORKED)
    telephone.keyboard.press("1")
    for times, prompt in enumerate(BY_TELEPHONE, 1):
        told(guide.number, times)
        place = console.locator(f"#p-{prompt} strong").inner_text()
        for keyed in range(1, len(place) + 1):
            telephone.keyboard.press(place[keyed - 1])
            expect(telephone.locator("#state")).to_contain_text(f"Keyed {place[:keyed]}")
        telephone.keyboard.press("#")
        told(guide.speak, times)
        telephone.click("#speak")
        telephone.locator("#state", has_text=re.compile(r"You are heard · [3-9] s")).wait_for()
        telephone.keyboard.press("#")
        told(guide.choices, times)
        telephone.keyboard.press("1")
        told(guide.kept, times)
    telephone.click("#hangup")
    expect(console.locator("#standing .tag", has_text="in the draft")).to_have_count(3, timeout=WORKED)
    waiting_in_the_draft(console, 13)
    telephone.close()


def in_a_zip(console: Page) -> None:
    """Two recordings of a studio and a file that is none; the report says what went where, and why one did not."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for prompt, seconds in UPLOADED.items():
            made.writestr(f"hi/{prompt}.wav", wav.write(sounds.talk(seconds), {}))
        made.writestr(BAD, b"no sound")
    console.get_by_role("link", name="Upload").click()
    file = {"name": "studio.zip", "mimeType": "application/zip", "buffer": target.getvalue()}
    console.set_input_files("#f-files", [file])
    console.get_by_role("button", name="Upload").click()
    expect(console.locator(".notice.good")).to_contain_text("2 recordings are in the draft", timeout=WORKED)
    expect(console.locator(".notice.warn")).to_contain_text("1 file was not taken: see why")
    waiting_in_the_draft(console, 15)
    rows = {row.split("\t")[0]: row for row in console.locator("table.went tbody tr").all_inner_texts()}
    assert rows.keys() == {BAD, *(f"hi/{prompt}.wav" for prompt in UPLOADED)}
    assert "nowhere" in rows[BAD] and "This is not an audio file" in rows[BAD]
    assert all("in the draft" in row for name, row in rows.items() if name != BAD)


# --- the draft and the sets


def waiting_in_the_draft(console: Page, count: int) -> None:
    """The door to the draft says how many changes wait, also on a page that was open before they did."""
    expect(console.get_by_role("link", name=re.compile(f"^Draft {count}$"))).to_be_visible(timeout=WORKED)


def what_is_drafted(console: Page) -> Clips:
    """The clip of each Hindi prompt that the draft would publish, as its page plays it."""
    console.get_by_role("link", name="See what the draft changes").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Draft")
    found: list[list[str]] = console.locator("li.version[id^='hi-']").evaluate_all(
        "(all) => all.map((one) => [one.id.slice(3), [...one.querySelectorAll('audio')].at(-1).src.match(/[0-9a-f]{64}/)[0]])"
    )
    return dict(found)


def publish(console: Page, note: str) -> str:
    """Publish what is drafted; the set's number."""
    console.get_by_label("Note").fill(note)
    console.get_by_role("button", name="Publish now").click()
    told = console.locator(".notice.good", has_text="is published").inner_text()
    return re.findall(r"Set (\d+)", told)[0]


def change_the_text(demo: Demo, console: Page, prompt: str, text: str) -> None:
    """Other words for a prompt that somebody spoke: its recording is stale, on its own page and in the matrix."""
    console.goto(f"{demo.console}/prompts/hi/{prompt}")
    expect(console.locator("#said")).to_contain_text("recorded and live")
    expect(console.locator("#f-text")).to_have_value(words("hi", prompt))
    console.fill("#f-text", text)
    console.get_by_role("button", name="Save in the draft").click()
    expect(console.locator("#said")).to_contain_text("stale: the text changed after the recording")
    it_is_stale(demo, console, prompt)


def it_is_stale(demo: Demo, console: Page, prompt: str) -> None:
    """The matrix counts one stale recording, and shows which."""
    console.goto(demo.console + "/prompts")
    console.get_by_role("link", name=re.compile("^! stale: the text changed after the recording 1$")).click()
    cells = console.locator("a.cell.s-stale")
    expect(cells).to_have_count(1)
    expect(cells).to_have_attribute("href", f"/prompts/hi/{prompt}")


def roll_back(console: Page, number: str) -> str:
    """Let callers hear an older set again; the number of the set that holds what it held."""
    console.get_by_role("link", name="Published sets", exact=True).click()
    console.locator(f"#row-set-{number}").click()
    console.get_by_role("button", name="Let callers hear this set again").click()
    console.get_by_role("button", name="Publish it again").click()
    told = console.locator(".notice.good", has_text=f"as set {number} was").inner_text()
    return re.findall(r"Set (\d+)", told)[0]
