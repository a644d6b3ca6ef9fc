"""Calls keep the names that steps had on their day: a renamed step is one step for whoever reads figures, and what the menu
has no more is told apart."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from helpline import db
from helpline.calls.models import Step
from helpline.calls.steps import UNPLAYED
from helpline.console import figures_reports_words, flow_words
from helpline.figures import funnel, keeping, lengths, noticing, report_counts
from helpline.figures.models import CallSum
from helpline.figures.noticing import Found
from helpline.figures.report_periods import Period
from helpline.figures.unusual import Part
from helpline.ivr import flow, formerly
from helpline.people.roles import Role
from helpline.voice import catalogue
from helpline.voice.models import PromptSet, PromptSetText, PromptText
from tests.integration import queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.test_console_menu import TUESDAY, looked, people, went
from tests.integration.test_figures import called
from tests.unit.ivr.menus import REAL, renamed

pytestmark = pytest.mark.usefixtures("database")
NAMES = {"about": "main_topics", "info_what": "info_includes", "hold": "hold_line"}
KNOWN = (formerly.names, funnel._shape, funnel._holds)


@pytest.fixture(autouse=True)
def _renamed(monkeypatch):
    """The menu of a release that calls three steps otherwise."""
    menu = flow.build(renamed(REAL, **NAMES))
    monkeypatch.setattr(flow, "load", lambda: menu)
    monkeypatch.setattr(
        flow_words, "STEPS", {NAMES.get(name, name): word for name, word in flow_words.STEPS.items()}
    )
    for known in KNOWN:
        known.cache_clear()
    yield
    for known in KNOWN:
        known.cache_clear()


@pytest.fixture
def cora(settings, at):
    at("2026-11-27 10:00")
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def counted():
    with db.transaction() as session:
        return report_counts.counts(session, Period(TUESDAY, TUESDAY))


def test_a_report_counts_a_renamed_topic_and_its_stage_under_both_names():
    went(TUESDAY, ("welcome", "about", 7, 5), ("about", "info_what", 3, 20), ("info_what", "", 2, 40))
    went(TUESDAY, ("main_topics", "info_includes", 2, 20), ("main_topics", "info_who", 1, 20), language="ar")
    found = counted()
    assert {name: count for name, count in found.topics.items() if count} == {"info_includes": 5, "info_who": 1}  # fmt: skip
    information = found.stages["information"]
    assert (information.entered, information.ended) == (6, 2), "where the menu is told now, not then"


def test_an_issued_report_that_holds_a_former_name_still_says_the_topic(monkeypatch):
    said = figures_reports_words.TOPICS["info_what"]
    monkeypatch.delitem(figures_reports_words.TOPICS, "info_what")
    monkeypatch.setitem(figures_reports_words.TOPICS, "info_includes", said)
    block = {"name": "topics", "by": "topic"}
    assert figures_reports_words.row_word(block, "info_what", {}) == str(said)


def test_picture_and_table_have_a_renamed_step_once_with_all_who_came_to_it(cora):
    went(TUESDAY, ("welcome", "about", 40, 5), ("about", "info_what", 30, 20), ("about", "", 10, 5))
    went(TUESDAY, ("main_topics", "info_includes", 5, 20), ("main_topics", "info_who", 5, 20))
    found = looked()
    stay = found.steps["main_topics"].now
    assert (stay.reached, stay.ended, stay.seconds) == (50, 10, 600 + 50 + 100 + 100)
    assert "about" not in found.steps and found.older == []
    assert found.now.arrows["main_topics", "info_includes"] == 35
    page = cora.get("/figures/menu?first=2026-11-24&last=2026-11-24")
    assert re.search(r'aria-label="Information: which topic: Came here 50,', page.text)
    assert "older menu" not in words_of(page)


def test_who_talked_with_somebody_is_taken_once_from_those_who_waited_under_two_names():
    people(TUESDAY, asked=10, answered=6)
    went(TUESDAY, ("hold", "", 7, 60), ("hold_line", "", 3, 60))
    for language in ("", "bn"):
        stay = looked(language=language).steps["hold_line"].now
        assert (stay.reached, stay.ended) == (10, 4), language


def test_what_was_unusual_at_a_step_before_it_was_renamed_is_told_with_its_day():
    for back in range(1, 29):
        went(TUESDAY - timedelta(days=back), ("about", "info_what", 9, 21), ("about", "", 1, 12))
    went(TUESDAY, ("about", "info_what", 6, 21), ("about", "", 24, 4))
    went(TUESDAY + timedelta(days=1), ("main_topics", "info_includes", 9, 21), ("main_topics", "", 1, 12))
    (one,) = looked(TUESDAY, TUESDAY + timedelta(days=2)).found
    assert (one.step, one.usual.some, one.usual.of) == ("main_topics", 28, 280)
    assert one.worst == TUESDAY and one.worst_part == Part(24, 30)


def test_whether_what_was_sent_could_be_played_is_looked_for_under_each_name(cora):
    called(1, "welcome", "about")
    called(2, "welcome", "main_topics")
    keeping.count_changes()
    with db.transaction() as session:
        session.execute(
            update(Step).where(Step.to_step.in_(("about", "main_topics"))).values(did=f"{UNPLAYED}=1")
        )
        day = session.scalar(select(func.min(CallSum.hour))).date()
        one = Found("bn", "main_topics", 5.0, Part(2, 2), Part(0, 0))
        (told,) = noticing._with_unplayed(session, day, day, [one])
    assert told.unplayed == Part(2, 2)


def test_the_log_finds_the_calls_of_a_renamed_step_by_either_name_and_calls_them_alike(cora):
    called(1, "welcome", "about")
    called(2, "welcome", "main_topics")
    called(3, "welcome", "about", "info_what")
    keeping.count_changes()
    for name in ("about", "main_topics"):
        ended = cora.get(f"/calls?step={name}")
        assert "2 calls" in words_of(ended), name
        assert '<option value="main_topics" selected>Information: which topic' in ended.text
        assert re.findall(r"<td>(Information: which topic)</td>", ended.text) == ["Information: which topic"] * 2  # fmt: skip
        came = f"/calls?from=2026-11-27&to=2026-11-27&passed={name}"
        assert "3 calls" in words_of(cora.get(came)), name


def test_steps_that_the_menu_has_no_more_are_told_apart_and_are_no_good_ends(cora):
    for back in range(1, 29):
        went(TUESDAY - timedelta(days=back), ("welcome", "news", 10, 5), ("news", "welcome", 9, 20), ("news", "", 1, 10))  # fmt: skip
    went(TUESDAY, ("welcome", "news", 30, 5), ("news", "welcome", 6, 20), ("news", "", 24, 2))
    found = looked()
    assert found.older == ["news"] and found.steps["news"].now.reached == 30
    assert [(one.step, one.stayed) for one in found.found] == [("news", "shorter")]
    page = cora.get("/figures/menu?first=2026-11-24&last=2026-11-24")
    assert "no longer has: 30 times in this period" in words_of(page)
    table = page.text[page.text.index('<tbody id="older">') :]
    assert re.search(r'<tr class="odd"><th scope="row">news.*?>30</a>', table)
    assert "step=news" in page.text and "Hear this step" not in page.text, "nothing can be heard of it"


def test_an_older_step_keeps_its_words_and_the_log_offers_it(cora, monkeypatch):
    assert 'value="news"' not in cora.get("/calls").text
    monkeypatch.setattr(flow_words, "OLDER", {"news": "News of the week"})
    called(1, "welcome", "news")
    keeping.count_changes()
    page = cora.get("/calls?step=news")
    assert '<option value="news" selected>News of the week</option></optgroup>' in page.text
    assert "1 call " in words_of(page) and "<td>News of the week</td>" in page.text


def test_how_long_a_message_lasts_is_told_by_the_words_of_the_calls_own_set(monkeypatch):
    with db.transaction() as session:
        written = PromptText(
            language="bn", prompt="info_what", text="কিছু কথা। " * 9, text_hash="x", origin="console"
        )
        older, newer = PromptSet(published_by="elena"), PromptSet(published_by="elena")
        session.add_all([written, older, newer])
        session.flush()
        session.add(PromptSetText(set_id=newer.id, language="bn", prompt="info_what", text_id=written.id))
        session.flush()
        sets = {0, older.id, newer.id}
        before = lengths.of_sets(session, sets)
        repository = catalogue.repository()
        ours = catalogue.seconds("bn", repository.texts["bn"]["info_what"])
        own = catalogue.seconds("bn", written.text)
        assert before[0]("info_includes", "bn") == before[older.id]("info_what", "bn") == ours != own
        assert before[newer.id]("info_what", "bn") == before[newer.id]("info_includes", "bn") == own
        longer = {**repository.texts, "bn": {**repository.texts["bn"], "info_what": "দীর্ঘ " * 99}}
        monkeypatch.setattr(catalogue, "repository", lambda: catalogue.Catalogue(longer))
        after = lengths.of_sets(session, sets)
        assert after[newer.id]("info_what", "bn") == own, "a release changes nothing of what was heard then"
        assert after[0]("info_what", "bn") > ours
