"""The menu of a period as coordinators see it: what callers did, beside what is usual; the way from a step to its calls."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select, text, update

from helpline import db
from helpline.console import flow_words
from helpline.console.words import translations
from helpline.figures import funnel, keeping, tree
from helpline.figures.models import CallDay, StepDay, StepMonth
from helpline.figures.seed import writing
from helpline.ivr import flow
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.test_figures import called

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def cora(settings, at):
    at("2026-11-27 10:00")
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def went(day, *arrows, language="bn"):
    """These arrows were gone on a day: (from, to, how often, seconds each)."""
    rows = [
        {"day": day, "language": language, "step": step, "to_step": to, "passed": passed, "seconds": passed * each}
        for step, to, passed, each in arrows
    ]  # fmt: skip
    with db.transaction() as session:
        session.execute(insert(StepDay), rows)


def people(day, *, asked, nobody=0, answered=0, language="bn"):
    sums = {column.name: 0 for column in CallDay.__table__.columns if not column.primary_key}
    sums |= {"calls": asked, "wanted_person": asked, "nobody": nobody, "answered": answered}
    with db.transaction() as session:
        session.execute(
            insert(CallDay),
            [{"day": day, "language": language, "number": "", "outcome": "gave_up"} | sums],
        )


def looked(first=TUESDAY, last=TUESDAY, language=""):
    with db.transaction() as session:
        return funnel.menu(session, first, last, language)


def test_every_step_where_callers_are_has_a_name_that_people_understand():
    assert {step.name for step in tree.stops(flow.load())} == set(flow_words.STEPS)
    groups = set(tree.grouped(flow.load()).values())
    assert groups == set(flow_words.GROUPS)


def test_every_name_fits_into_its_box_in_both_languages():
    italian = translations("it")
    for name in (*flow_words.STEPS.values(), *flow_words.GROUPS.values()):
        said = str(name)
        assert len(said) <= 38 and len(italian.gettext(said)) <= 38, said


def test_the_page_shows_what_calls_did_and_a_step_leads_to_the_calls_that_ended_there(cora):
    called(1, "welcome", "about", "info_what")
    called(2, "welcome", "about")
    called(3, "welcome", language="ar")
    keeping.count_changes()
    page = cora.get("/figures/menu")
    assert page.status_code == 200 and '<svg class="menu-tree"' in page.text
    assert re.search(
        r'aria-label="Information: which topic: Came here 2, Hung up here 50\.0\s% \(1\)"', page.text
    )
    address = re.search(r'href="(/calls\?[^"]*step=about[^"]*)"', page.text).group(1).replace("&amp;", "&")
    log = cora.get(address)
    assert words_of(log).count("Bangla") >= 1 and "1 call " in words_of(log)
    came = re.search(r'href="(/calls\?[^"]*passed=about[^"]*)">2<', page.text).group(1).replace("&amp;", "&")
    assert "2 calls" in words_of(cora.get(came)), "the table opens those who came to the step, too"
    assert "passed=" not in cora.get("/figures/menu?first=2026-11-13&last=2026-11-27").text
    heads = re.findall(r'<th scope="col" class="num">(.*?)</th>', page.text)
    assert all("/figures/definitions#" in head for head in heads if not head.startswith("Calls")), heads
    assert "Information: which topic" in words_of(log), "and the log names the step as the picture does"
    mine = cora.get("/figures/menu?language=ar")
    assert re.search(r'aria-label="Welcome and main menu: Came here 1,', mine.text)
    assert re.search(r'aria-label="Information: which topic: Came here 0"', mine.text)
    assert cora.get("/figures/menu?first=2026-11-24&last=2026-11-01").status_code == 422
    assert cora.get("/figures/menu?first=1999-01-01").status_code == 422
    assert cora.get("/figures/menu?language=xx").status_code == 422
    italian = Visitor(cora.app).sign_in("carla", roles=(Role.COORDINATOR,), locale="it")
    assert "Informazioni: quale tema" in italian.get("/figures/menu").text


def test_of_long_periods_whole_months_say_the_same_as_their_days(cora):
    for day in ("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-15", "2026-11-01", "2026-11-24"):
        went(date.fromisoformat(day), ("about", "info_what", 3, 20), ("about", "", 1, 5), ("about", "about", 2, 7))  # fmt: skip
        people(date.fromisoformat(day), asked=2, answered=1)
    with db.transaction() as session:
        session.execute(insert(StepMonth).from_select(
            ["month", "language", "step", "to_step", "passed", "seconds"],
            select(func.date_trunc("month", StepDay.day), StepDay.language, StepDay.step, StepDay.to_step,
                   func.sum(StepDay.passed), func.sum(StepDay.seconds)).group_by(text("1, 2, 3, 4")),
        ))  # fmt: skip
    stay = looked(date(2026, 8, 31), TUESDAY).now.at("about")
    assert (stay.reached, stay.ended, stay.seconds) == (24, 6, 6 * (60 + 5 + 14))
    assert looked(date(2026, 9, 1), date(2026, 10, 31)).now.at("about").reached == 12
    with db.transaction() as session:
        session.execute(update(StepMonth).values(passed=0))
    assert looked(date(2026, 8, 31), TUESDAY).now.at("about").reached == 12, "whole months are read as such"


def test_without_any_call_the_menu_is_drawn_with_dashed_arrows(cora):
    page = cora.get("/figures/menu")
    assert page.text.count('class="way none"') > 50 and 'class="way"' not in page.text
    assert "Nothing: at every step" in words_of(page)


def test_more_hanging_up_than_usual_is_told_with_its_day_and_in_its_language_alone(cora):
    for back in range(1, 29):
        went(TUESDAY - timedelta(days=back), ("about", "info_what", 9, 21), ("about", "", 1, 12))
        went(TUESDAY - timedelta(days=back), ("about", "info_what", 90, 21), ("about", "", 10, 12), language="ar")  # fmt: skip
    went(TUESDAY, ("about", "info_what", 6, 21), ("about", "", 24, 4))
    went(TUESDAY, ("about", "info_what", 90, 21), ("about", "", 10, 12), language="ar")
    (one,) = looked().found
    assert (one.language, one.step, one.stayed) == ("bn", "about", "shorter")
    assert (one.now.some, one.now.of, one.usual.some, one.usual.of) == (24, 30, 28, 280)
    assert looked(language="ar").found == []
    (week,) = looked(TUESDAY, TUESDAY + timedelta(days=3)).found
    assert week.worst == TUESDAY and week.worst_part.some == 24
    words = words_of(cora.get("/figures/menu?first=2026-11-24&last=2026-11-24"))
    assert (
        "Hung up here: 24 of 30, usually 28 of 280; they hung up after 4 s; usually people stay 20 s."
        in words
    )
    assert "may have heard nothing" in words


def test_who_finds_nobody_more_often_than_usual_is_told_and_who_talked_has_not_hung_up_on_hold(cora):
    for back in range(1, 29):
        people(TUESDAY - timedelta(days=back), asked=10, nobody=1, answered=6)
        went(TUESDAY - timedelta(days=back), ("hold", "number_safe", 3, 40), ("hold", "", 7, 60))
    people(TUESDAY, asked=10, nobody=9, answered=0)
    went(TUESDAY, ("hold", "number_safe", 9, 40), ("hold", "", 1, 60))
    found = looked()
    (one,) = found.found
    assert one.step == "" and (one.now.some, one.now.of) == (9, 10) and one.usual.some == 28
    assert found.steps["hold"].usual.ended == 28 and found.steps["hold"].usual.reached == 280
    page = cora.get("/figures/menu?first=2026-11-24&last=2026-11-24")
    assert "Wanted a person and found nobody: 9 of 10, usually 28 of 280." in words_of(page)
    assert "person=nobody" in page.text and "Look at the shifts" in words_of(page)
    rota = "/staffing?day=2026-11-24&amp;language=bn"
    assert f'href="{rota}"' in page.text
    assert "what was planned" in words_of(cora.get(rota.replace("&amp;", "&")))
    assert "what was planned" not in words_of(cora.get("/staffing?day=2026-11-30")), "of a week to come"


def test_that_nobody_was_there_stands_before_the_step_to_which_those_who_waited_were_sent_on(cora):
    for back in range(1, 29):
        people(TUESDAY - timedelta(days=back), asked=10, nobody=1, answered=6)
        went(TUESDAY - timedelta(days=back), ("hold", "number_safe", 1, 40), ("hold", "", 9, 60))
        went(TUESDAY - timedelta(days=back), ("callback", "number_safe", 9, 8), ("number_safe", "window", 10, 20))  # fmt: skip
    people(TUESDAY, asked=10, nobody=9, answered=0)
    went(TUESDAY, ("hold", "number_safe", 9, 40), ("hold", "", 1, 60), ("callback", "number_safe", 3, 8))
    went(TUESDAY, ("number_safe", "", 12, 9))
    cause, led_to = looked().found
    assert (cause.step, led_to.step, led_to.came_from) == ("", "number_safe", "hold")
    assert cause.more < led_to.more, "although fewer hung up because of it than hung up there"


@pytest.mark.parametrize("cause", ["missing-clip", "shift-gap", "long-prompt"])
def test_why_bangla_callers_gave_up_on_tuesday_stands_first_on_the_page(cora, settings, cause):
    writing.seed(settings, calls=700, days=30, cause=cause, number=3)
    found = looked(TUESDAY - timedelta(days=3), TUESDAY + timedelta(days=2)).found
    first = [one for one in found[:2] if one.language == "bn"]
    assert first and all(one.worst == TUESDAY for one in first)
    if cause == "shift-gap":
        assert {one.step for one in first} == {"", "number_safe"}
    else:
        assert first[0].step in {"about", "callback"}
        assert first[0].stayed == ("shorter" if cause == "missing-clip" else "longer")
