"""The wallboard in a browser: it changes by itself, without a touch; says when no news come; and fits its screen."""

import pytest

from helpline import db
from helpline.console import figures_wall
from helpline.figures import screens
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration.test_wall import calling


@pytest.mark.timeout(60)
def test_the_wallboard_changes_by_itself_fits_its_screen_and_says_when_no_news_come(
    visit, console, database, monkeypatch
):
    monkeypatch.setattr(figures_wall, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(figures_wall, "AGAIN_SECONDS", 0.2)
    cora = people_rows.make("cora", roles=(Role.COORDINATOR,))
    with db.transaction() as session:
        token = screens.connect(session, screens.make(session, "hall", cora))
    watched = visit([{"name": "screen", "value": token, "url": console.base}])
    page = watched.page
    page.clock.install()
    watched.visit("/wall/screen")
    bangla = page.locator(".tongues tr", has_text="বাংলা")
    assert bangla.locator("td").all_inner_texts() == ["0", "0", "–"]
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        wider, higher = page.evaluate(
            "() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        assert wider <= 0 and higher <= 0
    calling(1, waits=True)
    page.locator(".tongues tr.waits", has_text="বাংলা").wait_for()
    assert bangla.locator("td").first.inner_text() == "1"
    page.route("**/wall/screen/events", lambda route: route.abort())
    page.clock.fast_forward(20_000)
    page.locator("#stale").wait_for()
    assert "old" in page.locator("body").get_attribute("class")
    page.unroute("**/wall/screen/events")
    page.clock.fast_forward(10_000)
    page.locator("#stale").wait_for(state="hidden")
    watched.wrong.clear()  # that requests were refused, which was wanted
