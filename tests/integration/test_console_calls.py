"""The log of calls: by what one chooses, page after page; a number only by POST; one call step by step, and what it led to."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.calls.models import Call, Step
from helpline.console import calls_words
from helpline.figures import keeping, kept_searches
from helpline.figures.models import CallSearch
from helpline.figures.wanted import Wanted
from helpline.ivr import flow
from helpline.ivr.outcomes import ACTIONS
from helpline.live.models import Hold
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from tests.integration import calls_rows, queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.queue_rows import later

pytestmark = pytest.mark.usefixtures("database")
OTHER = PhoneNumber("+393330000777")


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def called(number, *way, language="bn", caller=calls_rows.NUMBER, says=()):
    sid = f"CA{number:032}"
    calls_rows.begin(sid=sid, number=caller)
    for turn, step in enumerate(("language", *way)):
        with db.transaction() as session:
            session.add(
                Step(
                    call_sid=sid, turn=turn, step="language", heard="key 2" if turn else None, to_step=step,
                    to_language=language if turn else "-", says=[f"{language}/{step}"] if turn else list(says),
                    did="told" if step.startswith("info_") else None,
                )
            )  # fmt: skip
        later(seconds=7)
    calls_rows.status("completed", seconds=7 * (len(way) + 1), sid=sid)
    calls_rows.finish(sid=sid)
    later(seconds=60)
    with db.transaction() as session:
        return session.scalar(select(Call.id).where(Call.sid == sid))


def rows_of(response):
    """The calls of a page, as their ids."""
    text = response.get_data(as_text=True)
    return [
        int(one.split('"')[0]) for one in text.split('href="/calls/')[1:] if one.split('"')[0].isdecimal()
    ]


def test_the_log_shows_the_newest_first_and_no_number_whole(cora):
    first, second = called(1, "main"), called(2, "main", "info_what", language="ar")
    keeping.count_changes()
    page = cora.get("/calls")
    assert rows_of(page) == [second, first]
    words = words_of(page)
    assert "gave up" in words and "heard information" in words and "•••• 001" in words
    assert "3330000001" not in page.get_data(as_text=True)


def test_what_is_chosen_stands_in_the_address_and_is_all_that_is_shown(cora):
    gave, told = called(1, "main"), called(2, "main", "info_what", language="ar")
    keeping.count_changes()
    for choice, wanted in (
        ("language=ar", [told]),
        ("outcome=gave_up", [gave]),
        ("step=info_what", [told]),
        ("longer=20", [told]),
        ("shorter=20", [gave]),
        ("from=2026-11-25", []),
        ("from=2026-11-24&to=2026-11-24", [told, gave]),
        ("person=asked", []),
        ("number=%2B39800000000", [told, gave]),
    ):
        assert rows_of(cora.get(f"/calls?{choice}")) == wanted, choice
    wrong = cora.get("/calls?from=yesterday&outcome=bliss&longer=much&to=2026-01-01")
    assert wrong.status_code == 422 and words_of(wrong).count("There is no such thing.") >= 1


def test_an_hour_in_the_figures_leads_to_the_calls_of_that_hour_and_no_others(settings, at):
    at(queue_rows.TUESDAY)
    early = called(1, "main")
    later(seconds=3600)
    cora = Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")
    gave, told = called(2, "main"), called(3, "main", "info_what", language="ar")
    keeping.count_changes()
    day = "2026-11-24"
    figures = cora.get(f"/figures?first={day}&last={day}&by=hour")
    links = [
        one.replace("&amp;", "&") for one in re.findall(r'href="(/calls\?[^"]*hour=[^"]*)"', figures.text)
    ]
    assert len(links) == 24
    assert [rows_of(cora.get(link)) for link in links if rows_of(cora.get(link))] == [[early], [told, gave]]
    mine = next(link for link in links if told in rows_of(cora.get(link)))
    for choice, found in (
        ("language=ar", [told]),
        ("outcome=gave_up", [gave]),
        ("step=info_what", [told]),
        ("passed=main", [told, gave]),
        ("outcome=request", []),
    ):
        page = cora.get(f"{mine}&{choice}")
        assert rows_of(page) == found, choice
        assert f"{len(found)} call" in words_of(page) or not found, choice
    several = cora.get("/calls?from=2026-11-23&to=2026-11-24&hour=10")
    assert several.status_code == 422 and "Choose one day" in words_of(several)
    kept = cora.post(
        "/calls", {"from": day, "to": day, "hour": str(int(mine.split("hour=")[1][:2])), "name": "that hour"}
    )
    assert rows_of(cora.get(kept.location)) == [told, gave]


def test_calls_that_came_to_a_step_are_found_wherever_they_ended_in_two_weeks_at_most(cora):
    main, told = called(1, "main"), called(2, "main", "info_what", language="ar")
    keeping.count_changes()
    days = "from=2026-11-17&to=2026-11-30"
    for choice, wanted in (
        ("passed=main", [told, main]),
        ("passed=main&language=ar", [told]),
        ("passed=main&step=main", [main]),
        ("passed=main&longer=20", [told]),
        ("passed=main&outcome=gave_up", [main]),
        ("passed=info_what", [told]),
        ("passed=hold", []),
    ):
        page = cora.get(f"/calls?{days}&{choice}")
        assert rows_of(page) == wanted, choice
        assert f"{len(wanted)} call" in words_of(page) or not wanted, choice
    ended = cora.get(f"/calls?{days}&step=main")
    assert rows_of(ended) == [main]
    came = re.search(r'href="(/calls\?[^"]*passed=main[^"]*)"', ended.text).group(1).replace("&amp;", "&")
    assert rows_of(cora.get(came)) == [told, main]
    for period in ("", "from=2026-11-01&", "from=2026-11-16&to=2026-11-30&"):
        refused = cora.get(f"/calls?{period}passed=main")
        assert refused.status_code == 422 and "14 days at most" in words_of(refused)
    kept = cora.post(
        "/calls", {"from": "2026-11-24", "to": "2026-11-24", "passed": "info_what", "name": "told"}
    )
    assert rows_of(cora.get(kept.headers["Location"])) == [told]


def test_every_call_is_on_exactly_one_page_however_many_began_at_the_same_moment(cora):
    with db.transaction() as session:
        for number in range(120):
            at = clock.now() - timedelta(minutes=number // 40)
            session.add(
                Call(sid=f"CB{number}", status="completed", started_at=at, finished=True, outcome="silent")
            )
    seen, address = [], "/calls"
    while address:
        page = cora.get(address)
        seen += rows_of(page)
        text = page.get_data(as_text=True)
        address = (
            text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in text
            else None
        )
    assert len(seen) == 120 == len(set(seen))


def searched(visitor):
    """A search for a number, as the answer."""
    return visitor.post("/calls", {"caller": "333 0000777", "why": "they ask what became of it"})


def test_a_list_of_numbers_is_not_gone_through_by_searching(cora, settings):
    searches = [searched(cora) for _ in range(20)]
    assert {one.status_code for one in searches} == {303}
    token = searches[0].location.partition("search=")[2]
    with db.transaction() as session:
        assert kept_searches.drop(session, kept_searches.kept(session, token).id), (
            "it was a search all the same"
        )
    over = searched(cora)
    assert over.status_code == 429 and "20 in an hour, 60 in a day" in words_of(over)
    assert cora.post("/calls", {"name": "in bangla", "language": "bn"}).status_code == 303
    other = Visitor(application(settings)).sign_in("carl", roles=(Role.COORDINATOR,), locale="en")
    assert searched(other).status_code == 303, "the limit is each person's own"
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine.who).where(AuditLine.what == "searched")).all()
    assert sorted(lines) == sorted([cora.who.in_audit] * 20 + [other.who.in_audit])


def test_sixty_numbers_are_searched_for_in_a_day_and_the_next_day_again(cora):
    for _ in range(3):
        with db.transaction() as session:
            for _ in range(20):
                kept_searches.keep(session, Wanted(), by=cora.who, number=OTHER, why="asked")
        with db.transaction() as session, pytest.raises(kept_searches.TooMany):
            kept_searches.keep(session, Wanted(), by=cora.who, number=OTHER, why="asked")
        later(hours=2)
    with db.transaction() as session, pytest.raises(kept_searches.TooMany):
        kept_searches.keep(session, Wanted(), by=cora.who, number=OTHER, why="asked")
    later(hours=19)
    with db.transaction() as session:
        assert kept_searches.keep(session, Wanted(), by=cora.who, number=OTHER, why="asked")


def test_searches_sent_at_once_are_counted_one_after_the_other(cora):
    def search(_):
        try:
            with db.transaction() as session:
                return kept_searches.keep(session, Wanted(), by=cora.who, number=OTHER, why="asked")
        except kept_searches.TooMany:
            return None

    with ThreadPoolExecutor(5) as together:
        found = list(together.map(search, range(25)))
    assert sum(one is not None for one in found) == 20


def test_a_number_is_searched_by_post_and_the_address_holds_a_random_word_alone(cora):
    called(1, "main")
    theirs = called(2, "main", caller=OTHER)
    sent = cora.post("/calls", {"caller": "333 0000777", "why": "she asks", "language": "bn"})
    assert sent.status_code == 303 and "333" not in sent.location
    page = cora.get(sent.location)
    assert rows_of(page) == [theirs] and "3330000777" not in page.get_data(as_text=True)
    with db.transaction() as session:
        (line,) = session.scalars(select(AuditLine).where(AuditLine.what == "searched"))
        assert "333" not in str(line.details) and line.details["why"] == "she asks"
    unsaid = cora.post("/calls", {"caller": "333 0000777"})
    assert unsaid.status_code == 422 and "Reason: Fill this in." in words_of(unsaid)
    assert cora.post("/calls", {"caller": "333 0000777", "why": "333 0000777"}).status_code == 422
    assert cora.post("/calls", {"caller": "0039"}).status_code == 422
    assert cora.post("/calls", {}).status_code == 422
    assert cora.post("/calls", {"name": "calls of 333 0000777"}).status_code == 422
    for wrong in ({"from": "24.11.2026"}, {"passed": "info_what"}, {"number": "+393330000777"}):
        told = cora.post("/calls", {"name": "Something else"} | wrong)
        assert told.status_code == 422, f"{wrong}: a search is kept as it was typed, or not at all"
        assert "0000777" not in told.headers.get("Location", "")
    assert cora.get("/calls?step=333-0000777").status_code == 422
    later(days=1, hours=1)
    retention.purge_all()
    again = Visitor(cora.app).sign_in("dora", roles=(Role.COORDINATOR,), locale="en")
    assert again.get(sent.location).status_code == 404


def test_a_search_is_kept_under_a_name_for_all_coordinators_until_somebody_ends_it(cora):
    called(1, "main")
    told = called(2, "main", "info_what")
    keeping.count_changes()
    sent = cora.post("/calls", {"name": "Listeners", "outcome": "information"})
    other = Visitor(cora.app).sign_in("dora", roles=(Role.COORDINATOR,), locale="en")
    assert "Listeners" in words_of(other.get("/calls"))
    assert rows_of(other.get(sent.location)) == [told]
    later(days=40)
    retention.purge_all()
    other.sign_in("elsa", roles=(Role.COORDINATOR,), locale="en")
    assert other.get(sent.location).status_code == 200
    with db.transaction() as session:
        id = session.scalar(select(CallSearch.id))
    assert other.post(f"/calls/searches/{id}/end").status_code == 303
    assert other.get(sent.location).status_code == 404
    assert other.post(f"/calls/searches/{id}/end").status_code == 404


def test_a_call_opens_as_its_journey_with_what_was_said_and_pressed_and_what_it_led_to(cora):
    queue_rows.always()
    call = called(1, "main", "info_what", says=["bn/languages", "!bn/consent_offer", "slow"])
    callback = queue_rows.asked(call=f"CA{1:032}")
    keeping.count_changes()
    with db.transaction() as session:
        now = clock.now()
        for talk in ("not_for_us", None):
            state = "done" if talk else "left"
            session.add(Hold(call_sid=f"CA{1:032}", language="bn", state=state, queued_since=now, seen_at=now, ended_at=now, outcome=talk))  # fmt: skip
    page = cora.get(f"/calls/{call}")
    words = words_of(page)
    assert words.count("Not for us") == 1, "what came of a talk is said where somebody said it"
    assert "pressed 2" in words and "The call ended here." in words and f"Callback {callback}" in words
    assert 'lang="bn"' in page.get_data(as_text=True) and "info_what" in words
    assert "14 s, 2 keys" in words
    assert cora.get("/calls/999999").status_code == 404


def test_a_journey_says_in_words_what_was_done_and_where_nothing_could_be_heard(cora):
    call_id = called(1, "welcome", "about", "hold")
    done = {"about": "unplayed=11200", "hold": "find_person=free join_hold=waiting made_up=so"}
    with db.transaction() as session:
        for row in session.scalars(select(Step)):
            row.did = done.get(row.to_step)
            row.heard = "language bn" if row.to_step == "welcome" else row.heard
            row.says = [] if row.to_step == "hold" else row.says
    words = words_of(cora.get(f"/calls/{call_id}"))
    assert "Information: which topic about" in words and "chose the language: Bangla" in words
    assert words.count("What we sent could not be played (error 11200 of the carrier)") == 1
    assert "What should have been heard" in words and "unplayed" not in words
    assert "somebody of ours is free; begins to wait for a person; made up: so" in words
    assert "The tone of waiting was heard." in words


def test_what_is_done_in_calls_is_called_as_the_menu_calls_it():
    known = {f"{action}={outcome}" for action, outcomes in ACTIONS.items() for outcome in outcomes}
    assert {did for did in calls_words.DID if "=" in did} | calls_words.UNTOLD <= known
    worded = {did for did in known if did in calls_words.DID or did.partition("=")[2] in calls_words.DID}
    assert known - worded <= calls_words.UNTOLD, "and everything that is done has words, or says nothing"


def test_what_is_said_by_the_day_or_the_call_is_told_in_words(cora):
    slots = {one for step in flow.load().steps.values() for one in (*step.first, *step.says) if "{" in one}
    assert slots == set(calls_words.SLOTS)
    call_id = called(1, "welcome", says=["it/{languages}"])
    with db.transaction() as session:
        for row in session.scalars(select(Step).where(Step.to_step == "welcome")):
            row.did = "window_purpose=help use_this_number=kept"
            row.heard = "recorded"
    words = words_of(cora.get(f"/calls/{call_id}"))
    assert "the languages, each with its key {languages}" in words and "spoke after the tone" in words
    assert "the number that calls is to be called" in words and "window purpose" not in words


def test_of_calls_of_which_nothing_came_neither_number_nor_pseudonym_is_kept_after_a_day(cora):
    nothing, told = called(1, "main"), called(2, "info_what")
    later(hours=25)
    retention.purge_all()
    with db.transaction() as session:
        one, other = session.get_one(Call, nothing), session.get_one(Call, told)
        assert (one.from_number, one.from_hash) == (None, None)
        assert other.from_number and other.from_hash
