"""The preview in the console: the draft, what callers hear now and older sets, from any step; nothing is written by it."""

import re
from dataclasses import replace
from html import unescape

import pytest

from helpline.ivr import legs, placed
from helpline.people.roles import Role
from helpline.telephony import opening
from helpline.voice import catalogue
from tests.calls.wire import rows_by_table
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.prompt_rows import clip, publish, put

pytestmark = pytest.mark.usefixtures("database")
MAIN = "/prompts/preview/bn/main"


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def editor(app):
    return Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")


def clips(page):
    return re.findall(r"/prompts/clip/([0-9a-f]{64})\.wav", page.text)


def test_one_walks_through_a_call_by_links_alone_and_no_row_is_written(editor):
    before = rows_by_table()
    page = editor.get("/prompts/preview/-/language")
    for wanted in ("9", "welcome", "2", "1", "known", "silence"):
        links = re.findall(r'href="(/prompts/preview/[^"]+)"', page.text)
        address = next(one for one in links if one.endswith(f"did={wanted}"))
        page = editor.get(address.replace("&amp;", "&"))
        assert page.status_code == 200
    assert "did=9&did=welcome&did=2&did=1&did=known&did=silence" in address.replace("&amp;", "&")
    assert "number_safe" in page.text and 'lang="hi"' in page.text
    assert rows_by_table() == before


def test_in_production_it_is_there_too(settings, editor):
    """With the real carrier: what is only there beside a stand-in, such as the page of styles, is not."""
    real = application(replace(settings, api_url="https://api.twilio.com"))
    visitor = Visitor(real).sign_in("paola", roles=(Role.EDITOR,), locale="en")
    assert visitor.get("/style").status_code == 404 and editor.get("/style").status_code == 200
    for path in (MAIN, "/prompts/preview/-/language", "/prompts/preview/uk/code_enter?prompt=too_few_digits"):
        page = visitor.get(path, follow_redirects=True)
        assert page.status_code == 200 and "/prompts/preview/" in page.text, path


def test_each_cell_leads_to_where_it_is_heard(editor):
    for prompt, step in (("no_input", "silence"), ("too_few_digits", "did=1"), ("digit_6", "pick=")):
        page = editor.get(f"/prompts/bn/{prompt}")
        links = re.findall(r'href="(/prompts/preview/bn/[^"]+)"', page.text)
        led = editor.get(links[0].replace("&amp;", "&")).headers["Location"]
        assert step in led, prompt
    assert "Nowhere in the menu of today" in words_of(editor.get("/prompts/ar/country_bd"))
    assert "Nowhere in the menu of today" not in words_of(editor.get("/prompts/bn/country_bd"))


def test_what_is_said_in_calls_that_we_place_can_be_heard_too(editor):
    assert "placed" not in editor.app.extensions["flow"].steps
    assert sorted(prompt for _, said in placed.SAID for prompt, _ in said) == sorted(legs.PROMPTS)
    assert placed.SECOND_LANGUAGE == opening.SECOND_LANGUAGE
    new = clip("take_call", text=catalogue.load().text("bn", "take_call"))
    put(new, editor.who.id, "take_call")
    (link,) = re.findall(
        r'href="(/prompts/preview/bn/placed)#p-take_call"', editor.get("/prompts/bn/take_call").text
    )
    page = editor.get(link)
    assert clips(page) == [new] and clips(editor.get(f"{link}?set=live")) == []
    assert 'id="p-callback_opening_again"' in page.text and catalogue.load().text(
        "it", "callback_opening_again"
    ) in unescape(page.text)
    assert editor.get(f"{link}?language=hi&set=0").location.endswith("/prompts/preview/hi/placed?set=0")
    for path in ("/prompts/preview/xx/placed", f"{link}?language=xx", f"{link}?set=99"):
        assert editor.get(path).status_code == 404, path


def test_the_draft_is_heard_unless_another_set_is_chosen(editor):
    who, text = editor.who.id, catalogue.load().text("bn", "main_callback")
    old, new = (clip("main_callback", text=text, hertz=hertz) for hertz in (440, 550))
    put(old, who, "main_callback")
    number = publish(who)
    put(new, who, "main_callback")
    assert clips(editor.get(MAIN)) == [new]
    assert clips(editor.get(f"{MAIN}?set=live")) == clips(editor.get(f"{MAIN}?set={number}")) == [old]
    assert clips(editor.get(f"{MAIN}?set=0")) == []


def test_where_a_prompt_is_only_heard_sometimes_it_is_led_to(editor):
    page = editor.get("/prompts/preview/it/main?prompt=no_input", follow_redirects=True)
    assert 'id="p-no_input"' in page.text
    page = editor.get("/prompts/preview/it/closed?prompt=day_two_weeks", follow_redirects=True)
    assert page.status_code == 200 and "pick=day" in page.request.url


def test_digits_are_keyed_into_a_form_and_addresses_that_nobody_gave_are_not_there(editor):
    page = editor.get("/prompts/preview/en/number_enter?keyed=3330000123", follow_redirects=True)
    assert page.request.url.endswith("did=3330000123") and "number_check" in words_of(page)
    for path in (
        "/prompts/preview/xx/main", "/prompts/preview/it/nowhere", f"{MAIN}?set=999", f"{MAIN}?set=x",
        f"{MAIN}?did=saved", "/prompts/preview?step=nowhere", "/prompts/preview/it/main?prompt=nothing",
    ):  # fmt: skip
        assert editor.get(path).status_code == 404, path
    deeds = "&".join(["did=9"] * 100)
    assert editor.get(f"{MAIN}?{deeds}").headers["Location"] == MAIN
