"""Files of recordings go up in Chromium: a ZIP with bad files, and what went where."""

import io
import zipfile

import pytest

from helpline.people.roles import Role
from helpline.voice import wav
from tests.browser.studio_deeds import latest, work
from tests.unit.voice import sounds


def zipped():
    spoken, target = wav.write(sounds.talk(0.7), {}), io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, raw in {
            "digit_1.wav": spoken,
            "hi/digit_2.wav": spoken,
            "digit_3.mp3": b"no sound",
        }.items():
            made.writestr(name, raw)
    return target.getvalue()


@pytest.mark.timeout(120)
def test_a_zip_with_a_bad_file_goes_up_and_the_page_says_what_went_where(visit, console):
    watched = visit(console.signed_in("hema", roles=(Role.EDITOR,), locale="en"))
    page = watched.page
    watched.visit("/prompts/upload")
    assert page.locator("#f-folder").is_visible()
    page.set_input_files(
        "#f-files", [{"name": "studio.zip", "mimeType": "application/zip", "buffer": zipped()}]
    )
    page.select_option("#f-language", "hi")
    page.keyboard.press("n")
    page.locator(".notice", has_text="2 recordings are being judged").wait_for()
    work()
    page.locator(".notice", has_text="2 recordings are in the draft").wait_for()
    row = page.locator("tr", has_text="digit_3.mp3")
    assert "not taken" in row.inner_text() and "not an audio file" in row.inner_text()
    assert watched.judge_everywhere() == []
    assert set(latest()) == {"digit_1", "digit_2"}


def test_what_was_chosen_stays_chosen_when_something_is_wrong(visit, console):
    watched = visit(console.signed_in("hema", roles=(Role.EDITOR,), locale="en"))
    page = watched.page
    watched.visit("/prompts/upload")
    page.set_input_files("#f-files", [{"name": "a.wav", "mimeType": "audio/wav", "buffer": b"no sound"}])
    page.fill("#f-prompt", "digit_1")
    page.locator("main button.main").click()
    page.locator("[data-focus]", has_text="in which language").wait_for()
    assert page.evaluate("document.getElementById('f-files').files.length") == 1
    assert page.evaluate("document.activeElement.matches('[data-focus]')")
    page.route("**/prompts/upload", lambda route: route.abort())
    page.locator("main button.main").click()
    page.locator("[data-failed]", has_text="The connection broke off").wait_for()
    watched.wrong[:] = [one for one in watched.wrong if "Failed to load resource" not in one]
