"""Run the line: hours, days off, numbers and limits changed on a page, shown before they are saved, heard by the next call, kept
as versions and put back."""

import re
from datetime import date

import pytest

from helpline import clock, db, hours, line
from helpline.callbacks.models import Callback
from helpline.hours import Span, Status
from helpline.line import editing, versions
from helpline.line.models import LineVersion, WeeklyHours
from helpline.live.models import ShiftRow
from helpline.people.roles import Role
from tests.integration import people_rows, queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_deeds import do, told

pytestmark = pytest.mark.usefixtures("database")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
NINE_TO_SIX = dict.fromkeys(WEEK, "9-18")


@pytest.fixture
def app(settings, at):
    at("2026-11-24 10:00")
    with db.transaction() as session:
        for weekday in range(5):
            session.add(WeeklyHours(kind="opening", weekday=weekday, language=None, opens=9, closes=18))
            session.add(WeeklyHours(kind="callback", weekday=weekday, language=None, opens=9, closes=20))
        session.add(LineVersion(who="test", source="demo.toml", changes={}))
    line.forget()
    return application(settings)


@pytest.fixture
def marta(app):
    return Visitor(app).sign_in("marta", name="Marta", roles=(Role.COORDINATOR,), locale="en")


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def changed(visitor, path, data, why="spring hours"):
    """Fill in the form of a page, look at what would change, and save it; the last answer."""
    seen = hidden(visitor.get(path), "seen")
    shown = visitor.post(path, data | {"seen": seen})
    assert shown.status_code == 200, words_of(shown)
    assert "What would change" in words_of(shown)
    assert hidden(shown, "seen") == seen
    return visitor.post(path, data | {"seen": seen, "confirmed": hidden(shown, "confirmed"), "why": why})


def now():
    line.forget()
    return line.current()


def test_other_hours_are_shown_first_then_saved_and_hold_at_the_next_call(marta):
    path = "/line/hours/opening/*"
    given = {**NINE_TO_SIX, "tuesday": "14-16, 9-13,15-18", "saturday": "9–12"}
    shown = marta.post(path, given | {"seen": hidden(marta.get(path), "seen")})
    said = words_of(shown)
    assert (
        "Opening hours: All languages : Mon–Fri 9–18 → Mon 9–18; Tue 9–13, 14–18; Wed–Fri 9–18; Sat 9–12"
        in said
    )
    assert now().calendar.opening == tuple(Span(day, 9, 18) for day in range(5))
    page = changed(marta, path, given)
    assert page.status_code == 303
    tuesday = hours.at_hour(date(2026, 11, 24), 13)
    assert hours.status(now().calendar, "bn", tuesday) is Status.CLOSED
    (row,) = do(versions.listed)[:-1]
    assert (row.who, row.why, row.source) == (marta.who.in_audit, "spring hours", "console")
    assert [entry[:2] for entry in told("changed_line")] == [(marta.who.in_audit, f"line {row.id}")]


NINE_TO_FIVE = dict.fromkeys(WEEK, "9-17")


def test_hours_are_planned_for_a_later_day_and_hold_from_its_midnight_on(app, marta, at):
    path = "/line/hours/opening/*"
    seen = hidden(marta.get(path), "seen")
    said = words_of(marta.post(path, NINE_TO_FIVE | {"starts": "2027-01-01", "seen": seen}))
    assert (
        "Opening hours from Friday 1 January 2027: All languages : Mon–Fri 9–18 → Mon–Fri 9–17"
        in said.replace("Friday, ", "Friday ")
    )
    page = changed(marta, path, NINE_TO_FIVE | {"starts": "2027-01-01"}, why="the new project")
    assert page.status_code == 303
    four = hours.at_hour(date(2026, 12, 31), 17), hours.at_hour(date(2027, 1, 4), 17)
    assert [hours.status(now().calendar, "it", one) for one in four] == [Status.OPEN, Status.CLOSED]
    (row,) = do(versions.listed)[:-1]
    assert (row.why, list(row.changes)) == ("the new project", ["opening hours from 2027-01-01 *"])
    today = words_of(marta.get("/line"))
    assert "All languages Mon–Fri 9–18" in today and "From a later day on" in today
    assert "1 January 2027 · All languages: Mon–Fri 9–17" in today
    assert "the new project" in words_of(marta.get("/line/history?kind=hours"))
    heard = words_of(marta.get("/line/heard?at=2027-01-04T17:30&language=it"))
    assert "closed" in heard and "open until" not in heard
    assert "open until 18:00" in words_of(marta.get("/line/heard?at=2026-12-30T17:30&language=it"))
    at("2027-01-04 10:00")
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    there = words_of(paolo.get("/line"))
    assert "All languages Mon–Fri 9–17" in there and "From a later day on" not in there
    assert "until 17:00" in there
    assert 'value="9–17"' in paolo.get(path).text and paolo.get(f"{path}/2027-01-01").status_code == 404
    said = words_of(paolo.get(f"/line/history/{row.id}"))
    assert "A day from which hours were planned here has come" in said, "days that are over are not rewritten"


def test_several_plans_stand_beside_each_other_and_one_is_moved_or_taken_back_with_a_reason(marta):
    assert changed(marta, "/line/hours/opening/*", NINE_TO_FIVE | {"starts": "2027-01-01"}).status_code == 303
    own = {"monday": "10-12", "starts": "2027-02-01"}
    assert changed(marta, "/line/hours/opening/uk", own).status_code == 303
    planned = "/line/hours/opening/uk/2027-02-01"
    page = marta.get(planned)
    assert 'value="10–12"' in page.text and 'value="2027-02-01"' in page.text
    assert "Planned: these hours hold from" in words_of(page)
    assert changed(marta, planned, own | {"starts": "2027-03-01"}, why="a month later").status_code == 303
    kept = [(one.first, one.language) for one in now().calendar.opening_from]
    assert kept == [(date(2027, 1, 1), None), (date(2027, 3, 1), "uk")]
    # Other hours of all from today on leave what was planned for one language, and the other way round.
    assert changed(marta, "/line/hours/opening/*", NINE_TO_SIX | {"friday": "9-13"}).status_code == 303
    assert [(one.first, one.language) for one in now().calendar.opening_from] == kept
    monday = date(2027, 3, 1)
    assert hours.open_hours(now().calendar, "uk", monday) == [10, 11]
    assert hours.open_hours(now().calendar, "it", monday) == list(range(9, 17))
    refused = marta.post("/line/hours/opening/*/2027-01-01", {"gone": "yes"})
    form = {"gone": "yes", "seen": hidden(refused, "seen"), "confirmed": hidden(refused, "confirmed")}
    assert marta.post("/line/hours/opening/*/2027-01-01", form).status_code == 422, "not without a reason"
    assert marta.post("/line/hours/opening/*/2027-01-01", form | {"why": "not yet"}).status_code == 303
    assert "Taken back: nothing changes on its day" in words_of(marta.get("/line"))
    assert [one.first for one in now().calendar.opening_from] == [date(2027, 3, 1)]
    assert hours.open_hours(now().calendar, "it", monday) == list(range(9, 18))
    first = do(versions.listed)[0]
    back = marta.get(f"/line/history/{first.id}")
    form = {"seen": hidden(back, "seen"), "confirmed": hidden(back, "confirmed"), "why": "it is so again"}
    assert marta.post(f"/line/history/{first.id}", form).status_code == 303
    assert hours.open_hours(now().calendar, "it", monday) == list(range(9, 17))


def test_a_plan_that_was_moved_is_not_half_put_back_once_its_first_day_has_come(app, marta, at):
    path = "/line/hours/opening/*"
    assert changed(marta, path, NINE_TO_FIVE | {"starts": "2026-12-01"}).status_code == 303
    later = NINE_TO_FIVE | {"starts": "2027-01-01"}
    assert changed(marta, f"{path}/2026-12-01", later, why="a month later").status_code == 303
    moved = do(versions.listed)[0]
    assert set(moved.changes) == {"opening hours from 2026-12-01 *", "opening hours from 2027-01-01 *"}
    at("2026-12-02 10:00")
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    back = paolo.get(f"/line/history/{moved.id}")
    assert "A day from which hours were planned here has come" in words_of(back)
    assert 'name="seen"' not in back.text
    assert paolo.post(f"/line/history/{moved.id}", {"why": "as it was"}).status_code == 404
    assert [one.first for one in now().calendar.opening_from] == [date(2027, 1, 1)]


def test_a_language_is_planned_to_follow_all_again_and_the_line_to_have_no_hours_at_all(marta):
    assert changed(marta, "/line/hours/opening/uk", {"tuesday": "9-13"}).status_code == 303
    later = {"follow": "yes", "starts": "2027-02-01"}
    assert changed(marta, "/line/hours/opening/uk", later).status_code == 303
    assert "Ukrainian: as all languages" in words_of(marta.get("/line"))
    tuesday = date(2027, 2, 2)
    assert hours.open_hours(now().calendar, "uk", tuesday) == list(range(9, 18))
    assert hours.open_hours(now().calendar, "uk", date(2027, 1, 26)) == list(range(9, 13))
    assert changed(marta, "/line/hours/opening/*", {"starts": "2027-02-02"}).status_code == 303
    assert "no hours at all" in words_of(marta.get("/line"))
    assert [hours.open_hours(now().calendar, code, tuesday) for code in ("uk", "it")] == [[], []]


def test_a_day_that_is_over_or_none_and_hours_that_are_so_already_are_not_planned(app, marta, at):
    path = "/line/hours/opening/*"
    for day in ("2026-11-23", "2026-02-30", "soon", "2031-01-01"):
        page = marta.post(path, NINE_TO_FIVE | {"starts": day})
        assert page.status_code == 422 and 'href="#f-starts"' in page.text, day
    page = marta.post(path, NINE_TO_SIX | {"starts": "2027-01-01"})
    assert page.status_code == 303 and "Nothing changed" in words_of(marta.get(path))
    assert len(do(versions.listed)) == 1
    # Shown before midnight, sent after it: the day is over then, and is said so.
    at("2026-11-24 23:59")
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    form = NINE_TO_FIVE | {"starts": "2026-11-24", "seen": hidden(paolo.get(path), "seen")}
    shown = paolo.post(path, form)
    at("2026-11-25 00:01")
    late = paolo.post(path, form | {"confirmed": hidden(shown, "confirmed"), "why": "late"})
    assert late.status_code == 422 and 'href="#f-starts"' in late.text


def test_of_two_who_plan_hours_of_the_same_kind_the_second_is_told(app, marta):
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    path, given = "/line/hours/opening/*", NINE_TO_FIVE | {"starts": "2027-01-01"}
    seen = hidden(paolo.get(path), "seen")
    shown = paolo.post(path, given | {"seen": seen})
    assert changed(marta, path, NINE_TO_SIX | {"starts": "2027-01-01", "friday": ""}).status_code == 303
    late = given | {"seen": seen, "confirmed": hidden(shown, "confirmed"), "why": "shorter"}
    page = paolo.post(path, late)
    assert page.status_code == 409 and "Somebody else changed this meanwhile" in words_of(page)
    (kept,) = now().calendar.opening_from
    assert len(kept.spans) == 4


def test_which_shift_a_plan_leaves_outside_is_looked_for_from_its_day_on(marta):
    with db.transaction() as session:
        anna = people_rows.make("anna", languages=("uk",))
        session.add(ShiftRow(person_id=anna.id, weekday=1, begins=17 * 60, ends=18 * 60, languages=["uk"]))
    page = marta.post("/line/hours/opening/*", NINE_TO_FIVE | {"starts": "2027-02-01"})
    said = words_of(page)
    assert "A shift would lie outside of the hours" in said and "2 February 2027" in said


def test_a_change_without_a_reason_is_not_saved_and_each_day_says_what_is_wrong_with_it(marta):
    path = "/line/hours/callback/*"
    page = changed(marta, path, NINE_TO_SIX, why="")
    assert page.status_code == 422 and 'href="#f-why"' in page.text
    wrong = marta.post(path, {"monday": "8-12", "tuesday": "13-9", "friday": "always"})
    assert wrong.status_code == 422
    assert all(f'href="#f-{day}"' in wrong.text for day in ("monday", "tuesday", "friday"))
    assert now().calendar.callback[0].closes == 20


def test_a_language_gets_hours_of_its_own_and_follows_all_again(marta):
    path = "/line/hours/opening/uk"
    assert changed(marta, path, {"tuesday": "9-13"}).status_code == 303
    own = [span for span in now().calendar.opening if span.language == "uk"]
    assert own == [Span(1, 9, 13, "uk")]
    assert "Ukrainian" in words_of(marta.get("/line"))
    assert changed(marta, path, {"tuesday": "9-13", "follow": "yes"}).status_code == 303
    assert {span.language for span in now().calendar.opening} == {None}


def test_the_second_of_two_who_change_the_same_is_told_and_loses_nothing(app, marta):
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    path, given = "/line/hours/opening/*", NINE_TO_SIX | {"friday": "9-12"}
    seen = hidden(paolo.get(path), "seen")
    shown = paolo.post(path, given | {"seen": seen})
    assert changed(marta, path, NINE_TO_SIX | {"monday": "10-18"}).status_code == 303
    late = given | {"seen": seen, "confirmed": hidden(shown, "confirmed"), "why": "short Fridays"}
    page = paolo.post(path, late)
    assert page.status_code == 409 and "Somebody else changed this meanwhile" in words_of(page)
    assert 'value="9-12"' in page.text and "short Fridays" in page.text
    assert now().calendar.opening[0].opens == 10
    page = paolo.post(path, late | {"seen": hidden(page, "seen"), "confirmed": hidden(page, "confirmed")})
    assert page.status_code == 303 and now().calendar.opening[0].opens == 9


def test_whose_call_back_falls_away_and_which_shift_lies_outside_is_said_before(marta):
    for n in range(3):
        queue_rows.asked("uk", number=f"+39333000010{n}", window="evening")
    with db.transaction() as session:
        session.query(Callback).update({"due_on": date(2026, 11, 25)})
        anna = people_rows.make("anna", languages=("uk",))
        session.add(ShiftRow(person_id=anna.id, weekday=1, begins=17 * 60, ends=18 * 60, languages=["uk"]))
    page = marta.post("/line/hours/callback/*", dict.fromkeys(WEEK, "9-17"))
    assert "3 people who wait for a call chose what falls away ( Ukrainian , the evening" in re.sub(
        r"\s+", " ", words_of(page)
    ).replace("(Ukrainian", "( Ukrainian").replace("Ukrainian,", "Ukrainian ,")
    page = marta.post("/line/hours/opening/*", dict.fromkeys(WEEK, "9-17"))
    said = words_of(page)
    assert (
        "A shift would lie outside of the hours" in said
        and "17:00–18:00" in said
        and "anna" not in said.lower()
    )


def test_the_line_works_on_a_holiday_and_does_not_any_more(marta):
    christmas_eve_of_mary = "2026-12-08"
    at = hours.at_hour(date(2026, 12, 8), 10)
    assert "Immaculate" in words_of(marta.get("/line/days"))
    assert hours.status(now().calendar, "it", at) is Status.HOLIDAY
    path = f"/line/days/{christmas_eve_of_mary}"
    assert changed(marta, path, {"worked": "yes"}).status_code == 303
    assert hours.status(now().calendar, "it", at) is Status.OPEN
    assert hours.slots(now().calendar, "it", "morning", date(2026, 12, 8))
    assert changed(marta, path, {"worked": "no"}).status_code == 303
    assert hours.status(now().calendar, "it", at) is Status.HOLIDAY
    assert marta.get("/line/days/2026-12-09").status_code == 404


def test_a_closure_is_made_changed_and_taken_away(marta):
    given = {"name": "Feast of Rome", "first": "2027-06-29"}
    assert changed(marta, "/line/closures/new", given).status_code == 303
    assert [one.first for one in now().calendar.closures] == [date(2027, 6, 29)]
    path = "/line/closures/Feast of Rome"
    assert changed(marta, path, {"first": "2027-06-28", "last": "2027-06-29"}).status_code == 303
    assert now().calendar.closures[0].first == date(2027, 6, 28)
    again = marta.post("/line/closures/new", given)
    assert again.status_code == 422 and 'href="#f-name"' in again.text
    assert 'href="#f-name"' in marta.post("/line/closures/new", given | {"name": "a/b"}).text
    wrong = marta.post("/line/closures/new", {"name": "x", "first": "2027-06-29", "last": "2027-06-28"})
    assert wrong.status_code == 422 and 'href="#f-last"' in wrong.text
    assert changed(marta, path, {"first": "", "last": "", "gone": "yes"}).status_code == 303
    assert now().calendar.closures == ()


def test_numbers_have_a_greeting_and_those_of_the_installation_keep_theirs(marta, settings):
    given = {"number": "02 55500000", "greeting": "neutral"}
    assert changed(marta, "/line/numbers", given).status_code == 303
    assert now().greetings == {"+390255500000": "neutral"}
    for number in (
        settings.callback_number,
        settings.toll_free_number,
        "899000000",
        "02 55500000",
        "nonsense",
    ):
        page = marta.post("/line/numbers", given | {"number": number})
        assert page.status_code == 422 and 'href="#f-number"' in page.text
    assert changed(marta, "/line/numbers/+390255500000", {"greeting": "welcome"}).status_code == 303
    assert now().greetings == {"+390255500000": "welcome"}
    assert changed(marta, "/line/numbers/+390255500000", {"gone": "yes"}).status_code == 303
    assert now().greetings == {}


def test_limits_are_tuned_between_bounds_and_those_of_safety_are_only_told(marta):
    given = {"new_asks_a_day": "8", "hidden_asks_a_day": "40", "hold_minutes": "20"}
    wrong = marta.post("/line/limits", given | {"hold_minutes": "60", "hidden_asks_a_day": "many"})
    assert wrong.status_code == 422
    assert 'href="#f-hold_minutes"' in wrong.text and 'href="#f-hidden_asks_a_day"' in wrong.text
    assert changed(marta, "/line/limits", given).status_code == 303
    assert now().limits.new_asks_a_day == 8
    assert "Nobody is rung before 9" in words_of(marta.get("/line/limits"))


def test_a_change_is_put_back_as_a_change_of_its_own(marta):
    changed(marta, "/line/hours/opening/*", NINE_TO_SIX | {"friday": ""})
    first = do(versions.listed)[0]
    changed(marta, "/line/closures/new", {"name": "inventory", "first": "2026-12-01"}, why="stocktaking")
    page = marta.get("/line/history?kind=hours")
    assert "Mon–Fri 9–18" in words_of(page) and "stocktaking" not in words_of(page)
    assert "stocktaking" in words_of(marta.get("/line/history"))
    path = f"/line/history/{first.id}"
    form = marta.get(path)
    back = {"seen": hidden(form, "seen"), "confirmed": hidden(form, "confirmed")}
    assert marta.post(path, back).status_code == 422
    assert marta.post(path, back | {"why": "it was a mistake"}).status_code == 303
    assert len(now().calendar.opening) == 5 and len(now().calendar.closures) == 1
    assert "there is nothing to put back" in words_of(marta.get(path))


def test_what_cannot_be_put_back_any_more_is_told_and_put_back_by_nobody(marta):
    with db.transaction() as session:
        rows = [
            LineVersion(who="test", source="demo.toml", changes=changes)
            for changes in (
                {"closure gone": {"last": ["2027-08-20", "2027-08-22"]}},  # a file notes what it changed
                {"limit of_yesteryear": {"value": [3, None]}},
            )
        ]
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
    assert marta.get("/line/history").status_code == 200
    for id in ids:
        assert "there is nothing to put back" in words_of(marta.get(f"/line/history/{id}"))
        assert marta.post(f"/line/history/{id}", {"why": "once more"}).status_code == 404


def test_what_a_file_alone_changes_is_told_in_the_readers_words_and_never_what_it_holds_of_people(app):
    changes = {
        "entity ente": {"email": [None, "somebody@example.org"], "languages": [["it"], ["it", "bn"]]},
        "person amina": ["phone", "prompt_languages"],
        "article fees": {"checked_on": ["2026-01-01", "2026-11-20"], "of_tomorrow": [1, 2]},
    }
    with db.transaction() as session:
        session.add(LineVersion(who="test", source="demo.toml", changes=changes))
    dina = Visitor(app).sign_in("dina", roles=(Role.COORDINATOR,), locale="it")
    said = words_of(dina.get("/line/history"))
    assert "Ente ente : E-mail, Lingue parlate" in said
    assert "Account amina : Telefono, Lingue di cui può cambiare i messaggi" in said
    assert "Che cosa si può dire: fees : Controllato il, of_tomorrow" in said
    assert "somebody@" not in said


def test_the_line_as_it_is_says_when_it_is_open_and_who_may_read_it_need_not_change_it(app, marta):
    said = words_of(marta.get("/line"))
    assert "until 18:00" in said and "No project runs" in said
    operator = Visitor(app).sign_in("olga", roles=(Role.OPERATOR,), locale="en")
    page = operator.get("/line")
    assert page.status_code == 200 and "/line/hours/" not in page.text
    assert operator.post("/line/limits", {}).status_code == 403


def test_what_a_caller_hears_is_shown_in_its_script_with_its_italian(app, marta):
    page = marta.get("/line/heard?at=2026-12-24T17:59&language=uk")
    said = words_of(page)
    assert page.status_code == 200 and "Thursday 24 December 2026, 17:59" in said.replace(
        "Thursday, ", "Thursday "
    )
    library, uk = app.extensions["library"].catalogue.texts, 'lang="uk" dir="ltr"'
    assert f"<bdi {uk}>{library['uk']['welcome']}</bdi>" in page.text
    assert library["it"]["welcome"] in said
    assert "By the rota nobody is on shift" in said and "Monday" in said
    arabic = marta.get("/line/heard?at=2026-12-25T10:00&language=ar")
    assert 'lang="ar" dir="rtl"' in arabic.text and "holiday" in words_of(arabic)


def test_who_is_on_shift_is_named_only_while_the_line_is_open(marta):
    with db.transaction() as session:
        anna = people_rows.make("anna", name="Anna", languages=("uk",))
        session.add(ShiftRow(person_id=anna.id, weekday=3, begins=17 * 60, ends=19 * 60, languages=["uk"]))
    said = words_of(marta.get("/line/heard?at=2026-12-24T17:59&language=uk"))
    assert "On shift for this language then: Anna" in said and "Somebody is rung" in said
    said = words_of(marta.get("/line/heard?at=2026-12-24T18:00&language=uk"))
    assert "Anna" not in said and "By the rota" not in said
    assert "The line is closed for this language then: shifts do not count." in said


def test_of_a_moment_that_clocks_show_twice_it_asks_which_and_one_that_is_not_is_refused(marta):
    page = marta.get("/line/heard?at=2026-10-25T02:30&language=it")
    assert "clocks show this time twice" in words_of(page) and 'id="first"' not in page.text
    page = marta.get("/line/heard?at=2026-10-25T02:30&language=it&which=second")
    assert 'id="first"' in page.text and "by today’s settings" in words_of(page)
    assert marta.get("/line/heard?at=2027-03-28T02:30").status_code == 422
    assert marta.get("/line/heard?at=nonsense&language=xx").status_code == 422


def test_a_change_may_be_heard_before_it_is_saved(marta):
    path = "/line/hours/opening/*"
    shown = marta.post(path, dict.fromkeys(WEEK, "9-12"))
    suppose = hidden(shown, "suppose")
    said = words_of(
        marta.post("/line/heard", {"suppose": suppose, "at": "2026-11-25T13:00", "language": "en"})
    )
    assert "With a change that is not saved" in said and "not here now" in said
    assert "With a change" not in words_of(marta.post("/line/heard", {"suppose": suppose + "x"}))
    assert len(do(versions.listed)) == 1 and now().calendar.opening[0].closes == 18


def test_nothing_of_this_room_is_saved_by_looking(marta):
    before = do(editing.state)
    for path in ("/line", "/line/days", "/line/numbers", "/line/limits", "/line/heard", "/line/history"):
        assert marta.get(path).status_code == 200
    assert do(editing.state) == before and clock.now()
