"""The bar at the top holds all rooms at every width: those that do not fit are behind "More", by keyboard and without scripts."""

from dataclasses import replace

import pytest

from helpline.console import nav
from helpline.people.roles import Role

ALL = tuple(role for role in Role if role not in (Role.ENTITY_MEMBER, Role.NETWORK_MEMBER))
WIDTHS = (320, 390, 600, 768, 1024, 1280, 1600)
LABELS = ("Registro chiamate", "Statistiche", "Cartellone", "Turni")
# What a person sees of the bar: the rooms in it, those behind More once it is open, and whether anything sticks out.
SEEN = """() => {
    const shown = (one) => one.checkVisibility();
    const bar = document.querySelector(".rooms"), more = bar.querySelector(".more");
    const words = (found) => [...found].filter(shown).map((one) => one.innerText.trim());
    const inBar = [...bar.children].filter(shown), lines = new Set(inBar.map((one) => Math.round(one.getBoundingClientRect().top)));
    const flat = words(bar.querySelectorAll(":scope > a"));
    if (shown(more)) more.open = true;
    const behind = shown(more) ? words(more.querySelectorAll("a")) : [], card = more.querySelector(".menu-card").getBoundingClientRect();
    const out = document.documentElement.scrollWidth > innerWidth || (shown(more) && (card.left < 0 || card.right > innerWidth));
    const marked = shown(more) && getComputedStyle(more.querySelector("summary")).borderBlockEndColor;
    more.open = false;
    return {flat, behind, lines: lines.size, out, marked: marked && marked !== "rgba(0, 0, 0, 0)"};
}"""


@pytest.fixture
def more_rooms(monkeypatch):
    """As many rooms as coordinators will have, with words as long as theirs."""
    (first,) = (room for room in nav.ENTRIES if room.endpoint == "callbacks.listed")
    later = [replace(first, endpoint="home.welcome", label=label) for label in LABELS]
    monkeypatch.setattr(nav, "ENTRIES", (*nav.ENTRIES, *later))


def test_every_room_is_in_the_bar_or_behind_more_at_every_width(console, visit, more_rooms):
    boss, chief = (Role.COORDINATOR,), (Role.ADMINISTRATOR,)
    for roles, locale in ((boss, "it"), (boss, "en"), (chief, "it"), (ALL, "it")):
        name = f"{roles[0]}-{len(roles)}-{locale}"
        watched = visit(
            console.signed_in(name, name="Maria Annunziata De Angelis", roles=roles, locale=locale)
        )
        watched.visit("/notices" if Role.COORDINATOR in roles else "/welcome")
        for width in WIDTHS:
            watched.page.set_viewport_size({"width": width, "height": 800})
            seen = watched.page.evaluate(SEEN)
            wanted = sum(bool(room.roles & set(roles)) for room in nav.ENTRIES)
            assert len({*seen["flat"], *seen["behind"]}) == wanted, (name, width, seen)
            assert not {*seen["flat"]} & {*seen["behind"]} and not seen["out"], (name, width, seen)
            assert seen["lines"] <= 1, (name, width, seen)
            if "Avvisi" in seen["behind"] or "Notices" in seen["behind"]:
                assert seen["marked"] == (Role.COORDINATOR in roles), (name, width, seen)


def test_more_opens_by_the_keyboard_closes_by_escape_and_needs_no_scripts(console, visit, browser):
    cookies = console.signed_in("paolo", roles=(Role.COORDINATOR,), locale="en")
    watched = visit(cookies)
    watched.page.set_viewport_size({"width": 1280, "height": 800})
    watched.visit("/notices")
    page = watched.page
    page.focus(".more > summary")
    page.keyboard.press("Enter")
    assert page.locator(".more .menu-card").is_visible() and watched.judge() == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.more .menu-card') !== null")
    page.keyboard.press("Escape")
    assert not page.locator(".more .menu-card").is_visible()
    assert page.evaluate("document.activeElement.matches('.more > summary')")
    bare = browser.new_context(java_script_enabled=False)
    bare.add_cookies(cookies)
    without = bare.new_page()
    without.set_viewport_size({"width": 390, "height": 800})
    without.goto(console.base + "/notices")
    without.click(".more > summary")
    without.click(".more .menu-card a[href='/network']")
    assert without.url.endswith("/network")
    bare.close()
