"""Every page of the console in a browser: light and dark, wide, narrow and zoomed; and by the keyboard alone."""

import re
from dataclasses import replace

import pytest

from helpline.people.roles import Role
from tests.browser.console_views import BOSS, ELSEWHERE, MEMBER, OPERATOR, PEOPLE, VIEWS, furnish
from tests.integration import people_rows

AT_ONCE = 8


@pytest.fixture
def world(console):
    return furnish()


@pytest.fixture
def cookies(console):
    known = {None: []}

    def of(person):
        if person not in known:
            known[person] = console.signed_in(
                person.login,
                name=person.login.title(),
                roles=person.roles,
                languages=person.languages,
                locale=person.locale,
                entity_id=person.entity_id,
                organisation=person.organisation,
            )
        return known[person]

    return of


def rounds():
    """Everybody's pages, a few at a time: as many as are looked at in half a minute, so that no process walks alone at the end."""
    for person in PEOPLE:
        own = [path for who, path in VIEWS if who == person]
        name = person.login if person else "nobody"
        for n in range(0, len(own), AT_ONCE):
            yield pytest.param(person, own[n : n + AT_ONCE], id=f"{name}-{n // AT_ONCE + 1}")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("person", "paths"), list(rounds()))
def test_pages_ask_nobody_else_say_nothing_and_can_be_used_by_everybody(person, paths, visit, world, cookies):
    watched, wrong = visit(cookies(person)), {}
    for path in paths:
        watched.visit(path.format(**world))
        if found := watched.judge_everywhere() + watched.wrong:
            wrong[path] = found
        watched.wrong.clear()
        watched.page.set_viewport_size({"width": 1280, "height": 800})
    assert wrong == {}


def test_the_walk_finds_what_cannot_be_reached_or_is_not_seen(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit("/people/invite")
    watched.page.evaluate(
        """() => {
            const [skip, ...fields] = document.querySelectorAll('main input[type=text], main input:not([type])');
            skip.tabIndex = -1;
            fields[0].style.outline = 'none';
            document.querySelector('main button.main').style.cssText = 'position: fixed; top: -900px';
        }"""
    )
    assert sorted(one.partition(":")[0] for one in watched.walk()) == [
        "no visible focus",
        "not reached",
        "out of sight",
    ]


class _Any(dict):
    """What stands in an address: as here, else a number that will do."""

    def __missing__(self, _name):
        return 1


def test_no_page_is_forgotten(console):
    there = {rule.rule for rule in console.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    find = console.app.url_map.bind("").match
    words = _Any(today="2026-11-22", month="2026-10")
    seen = {
        find(path.format_map(words).partition("?")[0], return_rule=True)[0].rule for _person, path in VIEWS
    }
    assert there == seen | ELSEWHERE


@pytest.mark.timeout(300)
def test_a_callback_in_hand_and_its_request(visit, at, console, cookies):
    at("2026-11-24 10:00")
    world = furnish()
    watched = visit(cookies(OPERATOR))
    watched.visit(f"/callbacks/{world['callback']}")
    watched.page.click("form[action$='/claim'] button")
    watched.page.locator("form[action$='/outcome']").wait_for()
    assert watched.judge_everywhere() == []
    watched.page.set_viewport_size({"width": 1280, "height": 800})
    watched.visit(f"/callbacks/{world['callback']}/request")
    assert watched.judge_everywhere() == []


@pytest.mark.timeout(300)
def test_the_second_factor_is_set_up_and_used(visit, console):
    console.app.extensions["console_settings"] = replace(
        console.app.extensions["console_settings"], second_factor_required=True
    )
    people_rows.make("anna", roles=(Role.EDITOR,), locale="en")
    for step in ("enrol", "code"):
        watched = visit()
        watched.visit("/sign-in")
        watched.page.fill("#f-login", "anna")
        watched.page.fill("#f-password", people_rows.PASSWORD)
        watched.page.click("main .button.main")
        watched.page.wait_for_url(f"**/sign-in/{step}")
        if step == "enrol":
            secret = (watched.page.locator(".code").first.text_content() or "").replace(" ", "")
        assert watched.judge_everywhere() == []
        watched.page.fill("#f-code", people_rows.code(secret, 0 if step == "enrol" else 1))
        watched.page.click("main .button.main")
        if step == "enrol":
            watched.page.locator(".codes").wait_for()
            assert watched.judge_everywhere() == []
            watched.page.click("main .button.main")
        watched.page.wait_for_url(console.base + "/prompts")


def test_signing_in_with_the_keyboard_alone(visit, console):
    people_rows.make("anna", roles=(Role.EDITOR,), locale="en")
    watched = visit()
    watched.visit("/sign-in")
    keys = watched.page.keyboard
    keys.type("anna")  # the first field has the focus
    keys.press("Tab")
    keys.type(people_rows.PASSWORD)
    keys.press("Enter")
    watched.page.wait_for_url(console.base + "/prompts")
    keys.press("Tab")
    assert watched.page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    assert watched.page.evaluate("document.activeElement.id") == "content"


def test_a_list_is_walked_by_j_and_k_and_opened_by_enter(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit("/people")
    page = watched.page
    names = page.locator(".work-title").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText") == names[1]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/people/\d+"))
    page.keyboard.press("u")
    page.wait_for_url("**/people")
    page.keyboard.press("n")
    page.wait_for_url("**/people/invite")


def test_keys_do_nothing_while_one_types_and_can_be_switched_off(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit("/people/invite")
    page = watched.page
    page.focus("#f-login")
    page.keyboard.type("jk?nu")
    assert page.input_value("#f-login") == "jk?nu"
    watched.visit("/people")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("n")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
    page.reload()
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()


def test_dialogs_open_keep_the_focus_and_give_it_back(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit(f"/people/{world['dina']}")
    page = watched.page
    page.focus("[commandfor=disable]")
    page.keyboard.press("Enter")
    assert page.locator("#disable").is_visible()
    assert page.evaluate("document.querySelector('#disable').contains(document.activeElement)")
    assert watched.judge() == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('commandfor')") == "disable"


def test_dialogs_open_in_browsers_that_do_not_know_their_attribute(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.page.add_init_script(
        "delete HTMLButtonElement.prototype.commandForElement;"
        "document.addEventListener('command', (event) => event.preventDefault(), true);"
    )
    watched.visit(f"/people/{world['dina']}")
    watched.page.click(".panel [commandfor=disable]")
    assert watched.page.locator("#disable").is_visible()
    watched.page.click("#disable [command=close]")
    assert not watched.page.locator("#disable").is_visible()


def test_a_live_part_is_fetched_again_and_says_when_it_cannot(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit("/style")
    page = watched.page
    first = page.locator("#clock").inner_text()
    page.wait_for_function("(before) => document.querySelector('#clock').innerText !== before", arg=first)
    page.route("**/style/live", lambda route: route.abort())
    page.locator("#lost").wait_for(state="visible")
    assert watched.wrong and all(
        "ERR_FAILED" in one or "afterRequest" in one or "send" in one for one in watched.wrong
    )
    watched.wrong.clear()
    page.unroute("**/style/live")
    page.locator("#lost").wait_for(state="hidden")
    watched.wrong.clear()


def test_a_part_that_looks_by_itself_and_finds_nothing_new_leaves_what_stands_there(visit, world, cookies):
    watched = visit(cookies(MEMBER))
    watched.visit(f"/offers/{world['accepted']}")
    there = watched.page.locator("#call p").first
    there.evaluate("(one) => { one.kept = true; }")
    with watched.page.expect_response("**/call"):
        pass
    watched.page.wait_for_timeout(200)
    assert there.evaluate("(one) => one.kept"), "whoever was about to press a button would lose it"


def test_a_form_is_sent_once_however_often_its_button_is_pressed(visit, world, cookies):
    watched = visit(cookies(BOSS))
    watched.visit("/me")
    sent = []
    watched.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    watched.page.evaluate(
        "() => { const button = document.querySelector('form[action=\"/me\"] button'); button.click(); button.click(); }"
    )
    watched.page.wait_for_load_state("networkidle")
    assert len(sent) == 1


def test_without_javascript_a_person_signs_in_and_is_changed(browser, console, world):
    people_rows.make("boss", roles=(BOSS.roles[0],), locale="en")
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(console.base + "/sign-in")
    page.fill("#f-login", "boss")
    page.fill("#f-password", people_rows.PASSWORD)
    page.click("main .button.main")
    page.goto(console.base + f"/people/{world['dina']}")
    page.fill("#f-name", "Dina Nuova")
    page.click("main .button.main")
    assert "Dina Nuova: saved." in page.inner_text("main")
    context.close()
