"""The sheet of a live call: who is on the line, a note that stays whatever is pressed, and one key for how it went."""

import pytest

from helpline import clock, db
from helpline.intake.models import Ask
from helpline.live.models import Hold, HoldState
from helpline.people.accounts import by_login
from helpline.people.roles import Role
from tests.integration import queue_rows as rows
from tests.integration.test_console_live import FROM, in_a_call

NOTE = "parla anche francese — مساءً"


@pytest.fixture
def taken(visit, at, console):
    """A window on a live call in Arabic, from a telephone with which something was asked; the hold and the ask."""
    at(rows.TUESDAY)
    rows.always()
    one = rows.of(rows.asked("ar", number=FROM)).ask_id
    cookies = console.signed_in("amina", roles=(Role.OPERATOR,), languages=("ar",), locale="en")
    with db.transaction() as session:
        amina = by_login(session, "amina")
    hold = in_a_call(type("Visitor", (), {"who": amina}), sid="CA7")
    watched = visit(cookies)
    watched.visit("/live")
    return watched, hold, one


def pressed(page, name):
    with page.expect_response("**/live"):
        page.get_by_role("button", name=name, exact=True).last.click()
    page.wait_for_function("() => !document.querySelector('form[data-sent]')")


@pytest.mark.timeout(300)
def test_a_note_stays_whatever_is_pressed_and_how_it_went_is_one_key(taken):
    watched, hold, one = taken
    page = watched.page
    assert watched.judge_everywhere() == []
    page.set_viewport_size({"width": 1280, "height": 800})
    with page.expect_response("**/note"):  # it is kept by itself
        page.fill("#f-note", NOTE)
    page.fill("#f-note", NOTE + "!")
    page.fill("#code", "0000")
    pressed(page, "Check")
    assert "The code is not right" in page.inner_text(".notice.bad")
    assert page.input_value("#f-note") == NOTE + "!"
    pressed(page, "They said unprompted that they asked this")
    assert "you may speak about what is marked" in page.inner_text("#live")
    page.get_by_text("They want this no longer").click()
    page.fill(f"#take-back-{one}-why", "ha trovato lavoro")
    assert watched.judge_everywhere() == []
    page.set_viewport_size({"width": 1280, "height": 800})
    pressed(page, "They take it back")
    assert page.input_value("#f-note") == NOTE + "!"
    page.keyboard.press("1")
    with db.transaction() as session:
        assert session.get_one(Ask, one).closed_at is not None
        row = session.get_one(Hold, hold)
        assert row.person_id, "no key ends a talk that goes on"
        row.state, row.ended_at = HoldState.DONE, clock.now()
    page.locator("#over").wait_for()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("1")
    page.locator("#outcome-panel").wait_for(state="detached")
    with db.transaction() as session:
        row = session.get_one(Hold, hold)
        assert (row.outcome, row.note, row.person_id) == ("helped", NOTE + "!", None)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["callback", "request"])
def test_what_they_ask_in_the_talk_can_be_written_down_by_everybody(taken, kind):
    watched, hold, _ = taken
    watched.visit(f"/live/{hold}/ask/{kind}")
    assert watched.judge_everywhere() == []
    page = watched.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.check("input[name=where][value=own]")
    page.check("input[name=window][value=any]")
    if kind == "request":
        for name, value in (("adult", "yes"), ("whom", "self"), ("agreed", "yes"), ("waits", "yes")):
            page.check(f"input[name={name}][value={value}]")
    page.click("main button.main")
    page.locator(".code").wait_for()
    assert watched.judge_everywhere() == []
