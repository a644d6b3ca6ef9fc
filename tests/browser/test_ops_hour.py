"""An hour of somebody who looks after the prompts and is no programmer, in Chromium with a voice in its microphone: ten Hindi
prompts in the browser, three by telephone, a ZIP with a bad file; published, heard by callers, a text changed, its recording
stale, rolled back; and whoever was in a call heard the set that the call began with, to its end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.ops_hour_deeds import (
    BY_TELEPHONE,
    DIGITS,
    UPLOADED,
    Caller,
    by_telephone,
    change_the_text,
    in_a_zip,
    in_the_browser,
    it_is_stale,
    publish,
    roll_back,
    waiting_in_the_draft,
    what_is_drafted,
)
from tests.browser.rehearsal import Demo, until, words
from tests.browser.studio_deeds import speaking

# Somebody speaks for a minute, a telephone rings, and each publishing is waited for until the line has it.
pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
CHANGED = "हमारा फ़ोन पाने के लिए दो दबाएँ।"
A_MINUTE = 60.0


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with speaking(tmp_path_factory.mktemp("microphone")) as running:
        yield running


def test_an_hour_with_the_prompts(demo: Demo, window: BrowserContext, tmp_path: Path) -> None:
    console = demo.signed_in(window, "paola")
    first, second, third, newest = (Caller(demo, number) for number in range(1, 5))
    heard_first = first.round()
    assert words("hi", "main_callback") in heard_first

    with timed("ten in the browser"):
        in_the_browser(demo, console)
    with timed("three by telephone"):
        by_telephone(demo, window, console)
    with timed("a ZIP"):
        in_a_zip(console)
    clips = what_is_drafted(console)
    assert clips.keys() == DIGITS | set(BY_TELEPHONE) | UPLOADED.keys() and len(set(clips.values())) == 15

    with timed("from pressing Publish until it is heard"):
        recorded = publish(console, "A new voice")
        until(lambda: clips["danger"] in second.redial().heard, "the published set is not heard")
    assert clips["danger"] in second.heard
    heard_second = second.round()
    assert set(clips.values()) <= set(heard_second), "those very clips are what a caller hears"
    assert first.round() == heard_first, "who called before it was published hears the old set throughout"

    with timed("a text changed"):
        change_the_text(demo, console, "main_callback", CHANGED)
    waiting_in_the_draft(console, 1)
    console.get_by_role("link", name="Draft 1", exact=True).click()
    with timed("the text, until it is heard"):
        publish(console, "Kinder words")
        until(lambda: CHANGED in third.redial().heard, "the new text is not heard")
    it_is_stale(demo, console, "main_callback")
    heard_third = third.round()
    kinder = [CHANGED if one == clips["main_callback"] else one for one in heard_second]
    assert heard_third == kinder, "a recording of other words is not played, and all else is as it was"
    assert (first.round(), second.round()) == (heard_first, heard_second)

    with timed("rolled back, until it is heard"):
        restored = roll_back(console, recorded)
        until(lambda: clips["main_callback"] in newest.redial().heard, "what was rolled back is not heard")
    assert newest.round() == heard_second, "the earlier set, clip by clip and byte for byte"
    assert given_out(demo, tmp_path, recorded) == given_out(demo, tmp_path, restored)
    assert [one.round() for one in (first, second, third)] == [heard_first, heard_second, heard_third]
    with timed("four calls to their ends"):
        heard = [one.to_its_end() for one in (first, second, third, newest)]
    assert not set(clips.values()) & set(heard[0]) and CHANGED not in heard[0] + heard[1] + heard[3]
    assert clips["main_callback"] not in heard[2]
    it_is_told(demo)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Say how long a part of the hour took (`pytest -s`); what is published is heard within a minute."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    print(f"{stage}: {took:.1f} s")
    assert "heard" not in stage or took < A_MINUTE, f"{stage} after {took:.0f} s, not within a minute"


def given_out(demo: Demo, folder: Path, number: str) -> dict[str, bytes]:
    """All that a set says and plays in Hindi, file by file."""
    target = folder / number
    done = demo.command("prompts", "export", str(target), "--set", number, "--language", "hi")
    assert done.returncode == 0, done.stderr
    found = {
        path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()
    }
    assert sum(name.endswith(".wav") for name in found) == 15
    return found


def it_is_told(demo: Demo) -> None:
    """Who recorded, wrote, published and rolled back stands in the audit, whose chain is whole."""
    lines = [line for line in demo.listed("audit", "list") if line["who"].startswith("person ")]
    told = [line["what"] for line in lines]
    counts = {
        what: told.count(what) for what in ("kept_recording", "recorded_by_telephone", "sent_recordings")
    }
    assert counts == {"kept_recording": 15, "recorded_by_telephone": 1, "sent_recordings": 1}
    assert [told.count(what) for what in ("wrote_text", "published", "rolled_back")] == [1, 2, 1]
    checked = demo.command("audit", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
