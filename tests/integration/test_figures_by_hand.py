"""The figures of one small day, each against a number that was reckoned by hand from what happened, by the definitions that the
console shows (`figures_definitions`) and DOMAIN §4.1; what is counted from scratch by our own statements proves nothing of them."""

import csv
import io
import re
from datetime import timedelta

import pytest

from helpline import clock, db
from helpline.console.formats import percent
from helpline.figures import keeping, overview
from helpline.figures.models import Spread
from helpline.live.models import Hold, HoldState
from helpline.people.roles import Role
from tests.integration import calls_rows, queue_rows
from tests.integration import small_day_deeds as day
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.small_day_deeds import DAY, A, B
from tests.integration.test_figures import called

pytestmark = pytest.mark.usefixtures("database")

# What came of the calls, in the order of the list that every page shows.
WORDS = ("request", "callback", "live", "message", "information", "gave_up", "silent", "refused")
ALL = (6, 6, 5, 1, 4, 11, 1, 1)  # 35 calls
BY_LANGUAGE = {
    "bn": (2, 3, 3, 1, 2, 3, 0, 0),  # 14
    "fr": (2, 2, 0, 0, 0, 6, 0, 0),  # 10
    "ar": (2, 1, 2, 0, 2, 1, 0, 0),  # 8
    "": (0, 0, 0, 0, 0, 1, 1, 1),  # 2 in the menu of languages, 1 never answered
}
BY_NUMBER = {A: (4, 4, 3, 1, 3, 9, 1, 0), B: (2, 2, 2, 0, 1, 2, 0, 1)}  # 25 and 10
BY_HOUR = {
    "00": (0, 0, 0, 0, 1, 0, 0, 0),
    "08": (0, 0, 0, 0, 2, 1, 1, 0),
    "09": (0, 0, 5, 0, 0, 2, 0, 0),
    "10": (0, 0, 0, 1, 1, 4, 0, 0),
    "11": (0, 6, 0, 0, 0, 1, 0, 0),
    "14": (6, 0, 0, 0, 0, 0, 0, 0),
    "17": (0, 0, 0, 0, 0, 2, 0, 1),
    "23": (0, 0, 0, 0, 0, 1, 0, 0),
}
# Twelve waited, of whom five were answered, three of them after 9, 59 and 60 seconds; two hung up after 11 and 60 seconds (and
# one after 9, which is not counted); for two nobody was there any more; one chose to be
# called back, and one went back to the menu. Four were turned away, one
# of them since the line was closed.
SUMS = ("listened", "wanted_person", "answered", "in_time", "left_waiting", "nobody", "turned_away", "closed")
ALL_SUMS = (3, 12, 5, 3, 2, 2, 4, 1)
SUMS_BY_LANGUAGE = {
    "bn": (1, 7, 3, 3, 1, 0, 1, 1),
    "fr": (0, 1, 0, 0, 0, 1, 3, 0),
    "ar": (2, 4, 2, 0, 1, 1, 0, 0),
    "": (0, 0, 0, 0, 0, 0, 0, 0),
}
SUMS_BY_NUMBER = {A: (2, 9, 3, 2, 1, 2, 3, 1), B: (1, 3, 2, 1, 1, 0, 1, 0)}
SPREADS = {  # how many, the median, what nine in ten were at most
    Spread.USEFUL_SECONDS: (4, 15, 80),  # 12 15 20 80
    Spread.USEFUL_KEYS: (4, 2, 3),  # 2 2 2 3
    Spread.WAIT_SECONDS: (12, 60, 120),  # 9 9 11 30 59 60 60 61 61 120 120 120
    Spread.FIRST_TRY_MINUTES: (5, 1300, 2800),  # 7 30 1320 1440 2760, from a hundred on in two digits
    Spread.CONTACT_MINUTES: (3, 1800, 2800),  # 31 1800 2761
    Spread.OFFER_MINUTES: (7, 20, 60),  # 10 10 20 20 30 45 60
    Spread.ACCEPTANCE_MINUTES: (3, 100, 150),  # 60 100 154
}
CALLBACKS = {"done": 3, "unreachable": 1, "waiting": 1, "cancelled": 1}
ATTEMPTS, LATE = 8, 2
REQUESTS = {
    "state": {"needs_person": 10, "cancelled": 3, "accepted": 2, "offered": 2, "waiting": 1, "closed": 1},
    "entity_id": {"ente": 5},
    "region": {"lazio": 11, "lombardia": 8},
    "country": {"SN": 7, "BD": 7, "MA": 5},
}
UNPLACED = {
    "why": {"nobody_fits": 9, "never_offered": 2, "other": 1, "wait": 1},
    "region": {"lazio": 6, "lombardia": 7},
    "country": {"SN": 7, "MA": None, "BD": None},  # 4 and 2, which are hidden
}


@pytest.fixture
def cora(settings, at):
    day.happened(at)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def looked(**chosen):
    with db.transaction() as session:
        return overview.overview(session, DAY, DAY, **chosen)


def outcomes_of(calls):
    return tuple(calls.outcomes[word] for word in WORDS)


def sums_of(calls):
    return tuple(calls.sums[name] for name in SUMS)


def test_the_table_that_was_written_by_hand_adds_up():
    for parts in (BY_LANGUAGE, BY_NUMBER, BY_HOUR):
        assert tuple(map(sum, zip(*parts.values(), strict=True))) == ALL
    for parts in (SUMS_BY_LANGUAGE, SUMS_BY_NUMBER):
        assert tuple(map(sum, zip(*parts.values(), strict=True))) == ALL_SUMS
    assert sum(ALL) == len(day.CALLS) - 2 == 35
    assert all(sum(counts.values()) == 19 for name, counts in REQUESTS.items() if name != "entity_id")


def test_every_figure_of_a_small_day_is_what_somebody_reckons_who_was_there(cora):
    found = looked()
    assert found.calls.offered == 35 and outcomes_of(found.calls) == ALL
    assert list(found.languages) == list(BY_LANGUAGE), "the most calls first"
    assert {code: outcomes_of(calls) for code, calls in found.languages.items()} == BY_LANGUAGE
    assert {number: outcomes_of(calls) for number, calls in found.numbers.items()} == BY_NUMBER
    assert {
        moment.name[11:13]: outcomes_of(moment.calls) for moment in found.moments if moment.calls.offered
    } == BY_HOUR
    assert sums_of(found.calls) == ALL_SUMS
    assert {code: sums_of(calls) for code, calls in found.languages.items()} == SUMS_BY_LANGUAGE
    assert {number: sums_of(calls) for number, calls in found.numbers.items()} == SUMS_BY_NUMBER
    assert found.calls.served("in_time") == 3 / 10, "of those who asked while somebody was there"
    assert found.calls.served("left_waiting") == 2 / 10
    assert {which: (each.count, each.median, each.ninth) for which, each in found.spreads.items()} == SPREADS
    assert found.callbacks["state"] == CALLBACKS and found.callbacks["source"] == {"call": 6}
    assert (found.attempts, found.late) == (ATTEMPTS, LATE)
    assert (found.requests, found.unplaced) == (REQUESTS, UNPLACED)


def test_one_language_and_one_number_show_their_own_part_of_the_day(cora):
    arabic, other = looked(language="ar"), looked(number=B)
    assert (outcomes_of(arabic.calls), sums_of(arabic.calls)) == (BY_LANGUAGE["ar"], SUMS_BY_LANGUAGE["ar"])
    assert arabic.spreads[Spread.WAIT_SECONDS] == overview.Told(4, 61, 120)  # 11 61 61 120
    assert (arabic.callbacks["state"], arabic.attempts, arabic.late) == ({"done": 1}, 1, 1)
    assert arabic.requests["state"] == {"needs_person": 9, "closed": 1}
    assert (outcomes_of(other.calls), sums_of(other.calls)) == (BY_NUMBER[B], SUMS_BY_NUMBER[B])
    assert list(other.numbers) == [B] and other.calls.served("in_time") == 1 / 3


def figures_on(page):
    """The figures that stand in boxes on a page, by their words."""
    found = re.findall(r'<div class="figure"><dt>(.*?)</dt><dd><strong>(.*?)</strong>', page, re.DOTALL)
    return {" ".join(bare(label).split()): bare(value).strip() for label, value in found}


def bare(markup):
    return re.sub(r"<[^>]*>", " ", markup)


def rows_under(page, title):
    """What stands in the little table under a heading."""
    (table,) = re.findall(rf"<h3>{re.escape(title)}.*?</h3>\s*<div.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = re.findall(r"<tr><th.*?>(.*?)</th><td.*?>(.*?)</td></tr>", table, re.DOTALL)
    return {" ".join(bare(name).split()): bare(count).strip() for name, count in rows}


def test_the_page_says_it_in_words(cora):
    page = cora.get("/figures?first=2026-11-24&last=2026-11-24").text
    told = figures_on(page)
    assert told["Calls offered"] == "35" and told["Listeners"] == "3"
    assert told["Waited in the line for a person"] == "12" and told["Answered within a minute"] == percent(
        3 / 10
    )
    assert told["Hung up while waiting"] == percent(2 / 10)
    assert (told["Nobody was there any more"], told["Turned away"]) == ("2", "4")
    assert (told["Callbacks"], told["Attempts"], told["First attempt too late"]) == ("6", "8", "2")
    missing = rows_under(page, "Nobody there in open hours, by language")
    assert {name.split()[0]: count for name, count in missing.items()} == {
        "French": "4",
        "Arabic": "1",
    }
    assert rows_under(page, "No language chosen") == {"Calls that ended in the menu of languages": "2"}
    assert (
        rows_under(page, "Without a place, by reason")["taken back before any organisation was asked"] == "2"
    )
    assert rows_under(page, "By organisation") == {"ENTE": "5"}
    assert "gave up 4" in " ".join(re.findall("<title>10:00: (.*?)</title>", page)), "the chart too"


def test_the_file_says_the_same(cora):
    sent = cora.post("/figures/export", {"first": "2026-11-24", "last": "2026-11-24"})
    rows = list(csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff"))))
    heads = [place for place, row in enumerate(rows) if row and row[0] in {"Language", "Number dialled"}]
    told = {}
    for place in heads:
        for row in rows[place + 1 :]:
            told[rows[place][0], row[0].lstrip("'")] = dict(zip(rows[place], row, strict=True))
            if row[0] == "All together":
                break

    def said(table, row, column, by_hand):
        return told[table, row][column] in {str(by_hand), "hidden"}

    assert said("Language", "Arabic", "Listeners", 2) and said("Language", "French", "Turned away", 3)
    assert said("Number dialled", B, "Answered within a minute", 1)
    assert told["Number dialled", B]["Calls offered"] == "10"
    assert told["Number dialled", "All together"]["Calls offered"] == "35"
    for title, by_hand in (("Attempts", ["8"]), ("Wait for a person, seconds", ["12", "60", "120"])):
        (found,) = [row[1:] for row in rows if row[0] == title]
        assert found in (by_hand, ["hidden"] * len(by_hand))


def test_the_log_lists_as_many_who_hung_up_waiting_as_the_figures_say(cora):
    log = cora.get("/calls?from=2026-11-24&to=2026-11-24&person=left")
    assert len(set(re.findall(r'href="/calls/(\d+)"', log.text))) == 2, words_of(log)


def test_whoever_left_the_line_for_a_callback_and_came_back_has_waited_no_minute_twice(at):
    at(queue_rows.TUESDAY)
    sid = called(1, "main", ends=False)
    now = clock.now()
    with db.transaction() as session:
        for state, joined, ended in ((HoldState.KEPT, 200, 140), (HoldState.LEFT, 30, 5)):
            session.add(
                Hold(
                    call_sid=sid, language="bn", state=state, queued_since=now - timedelta(seconds=200),
                    joined_at=now - timedelta(seconds=joined), ended_at=now - timedelta(seconds=ended),
                )
            )  # fmt: skip
            session.flush()
    calls_rows.status("completed", seconds=210, sid=sid)
    calls_rows.finish(sid=sid)
    keeping.count_changes()
    found = looked()
    assert found.spreads[Spread.WAIT_SECONDS] == overview.Told(1, 60 + 25, 60 + 25)
    assert found.calls.sums["left_waiting"] == 1, "it ended in the line"
