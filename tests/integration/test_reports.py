"""Reports of months and quarters: their numbers are those of the rows themselves, and add up; small groups stay hidden."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, insert, select, text

from helpline import db
from helpline.figures import keeping, reports
from helpline.figures import report_periods as periods
from helpline.figures.concluding import Sum
from helpline.figures.models import RequestDay
from helpline.figures.report_models import Report
from helpline.figures.seed import writing
from helpline.line.models import FundingPeriod
from helpline.people.accounts import Who
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import people_rows, queue_rows, routing_rows
from tests.integration.queue_rows import later
from tests.integration.test_figures import called
from tests.unit.figures.test_suppression import WIDTH, attacked

pytestmark = pytest.mark.usefixtures("database")
ROME = "AT TIME ZONE 'Europe/Rome'"


@pytest.fixture
def cora(database) -> Who:
    return people_rows.make("cora", roles=(Role.COORDINATOR,))


def written(name):
    with db.transaction() as session:
        return reports.written(session, periods.named(name))[0]


def table(content, name):
    """The cells of a table by row and column, its sums as row ''; nothing where there is no such table."""
    for block in content["blocks"]:
        if block["name"] == name:
            rows = [*block["rows"], *([("", block["total"])] if block["total"] else [])]
            return {
                row: dict(zip((column for column, _ in block["columns"]), cells, strict=True))
                for row, cells in rows
            }
    return {}


def counted(sentence):
    with db.transaction() as session:
        return {row[0]: row[1] for row in session.execute(text(sentence))}


def made(name, by):
    """A report that was asked for and made; its id."""
    with db.transaction() as session:
        report_id = reports.ask(session, periods.named(name), by)
    reports.make(report_id)
    return report_id


def issued(name, by, why=""):
    report_id = made(name, by)
    with db.transaction() as session:
        reports.issue(session, report_id, by, why=why)
    return report_id


def requested(day, region, count, state="closed", why="", country="BD"):
    """So many requests of a region."""
    row = {"day": day, "language": "bn", "group": "self", "entity_id": "", "project_id": "", "state": state,
           "outcome": "", "why": why, "country": country, "region": region, "requests": count}  # fmt: skip
    with db.transaction() as session:
        session.execute(insert(RequestDay), [row])


@pytest.fixture
def summer(settings, at):
    """Calls of three months that never were, and what they led to."""
    at("2026-10-02 10:00")
    queue_rows.always()
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=50)
    writing.seed(settings, calls=400, days=93, cause="none")


@pytest.mark.long  # makes up four hundred calls
def test_every_number_of_a_quarter_is_that_of_the_rows_and_adds_up(summer):
    content = written("2026-Q3")
    of_quarter = f"(started_at {ROME})::date BETWEEN '2026-07-01' AND '2026-09-30' AND finished"
    calls = counted(f"SELECT coalesce(language, ''), count(*) FROM calls WHERE {of_quarter} GROUP BY 1")
    languages = table(content, "languages")
    assert {code: row["offered"] for code, row in languages.items() if code} | {
        "": calls.get("", 0)
    } == calls | {"": calls.get("", 0)}
    all_calls = sum(calls.values())
    assert all_calls > 300 and table(content, "indicators")["offered"]["now"] == all_calls
    outcomes = counted(
        f"SELECT coalesce(outcome, 'refused'), count(*) FROM calls WHERE {of_quarter} GROUP BY 1"
    )
    told = {word: row["offered"] for word, row in table(content, "outcomes").items() if word}
    assert all(told[word] in {None, count} for word, count in outcomes.items())
    assert sum(count is not None for count in told.values()) >= 5
    hours = counted(
        f"SELECT extract(hour FROM started_at {ROME})::int::text, count(*) FROM calls WHERE {of_quarter} GROUP BY 1"
    )
    assert {
        hour: row["offered"] for hour, row in table(content, "hours").items() if hour and row["offered"]
    } == hours
    for name in ("outcomes", "months", "weeks", "hours", "languages"):
        assert table(content, name)[""]["offered"] == all_calls, name
    assert table(content, "stages")[""]["ended"] == all_calls
    states = counted(
        f"SELECT state, count(*) FROM callbacks WHERE (created_at {ROME})::date BETWEEN '2026-07-01' AND '2026-09-30' GROUP BY 1"
    )
    callbacks = table(content, "callbacks_state")
    assert callbacks[""]["count"] == sum(states.values()) == table(content, "indicators")["callbacks"]["now"]
    assert all(callbacks[state]["count"] in {None, count} for state, count in states.items())
    asked = counted(
        f"SELECT 'all', count(*) FROM requests WHERE (created_at {ROME})::date BETWEEN '2026-07-01' AND '2026-09-30'"
    )["all"]
    assert table(content, "requests_state").get("", {"count": asked})["count"] in {asked, None}
    adds_up(content)


def adds_up(content):
    """Whether each sum is the sum of what stands above it, where all of it is shown."""
    looked = 0
    for block in content["blocks"]:
        if not block["total"]:
            continue
        for place, (column, kind) in enumerate(block["columns"]):
            cells = [cells[place] for _, cells in block["rows"]]
            if kind == "count" and None not in cells and block["total"][place] not in (None, ""):
                assert sum(cell or 0 for cell in cells) == block["total"][place], (block["name"], column)
                looked += 1
    assert looked > 5


def test_by_language_nothing_is_told_from_which_callbacks_can_be_taken(summer):
    """What was asked in a language, less its callbacks, is its requests, talks and messages: of which one may be hidden."""
    content = written("2026-Q3")
    columns = {block["name"]: [name for name, _ in block["columns"]] for block in content["blocks"]}
    assert columns["languages"] == ["offered", "of_use", "nothing", "listened"]
    told = table(content, "languages")
    for row in told.values():
        cells = [row[name] for name in ("offered", "of_use", "nothing")]
        assert None in cells or cells[0] == cells[1] + cells[2]
    by_language = [name for name, columns in columns.items() if table(content, name).keys() & {"bn", "uk"}]
    assert not [name for name in by_language if {"asked", "information"} & {*columns[name]}]


def test_a_quarter_in_which_nobody_called_has_a_report_too(at):
    at("2026-10-02 10:00")
    content = written("2026-Q3")
    assert {row["now"] for row in table(content, "indicators").values()} <= {0, ""}
    assert table(content, "indicators")["offered"]["before"] == "" and content["hidden"] == 0
    assert table(content, "hours")[""]["offered"] == 0 and not table(content, "requests_region")


@pytest.mark.parametrize(("days", "change"), [(("2026-09-15",), ""), (("2026-08-31", "2026-09-15"), 1.0)])
def test_a_change_from_a_period_in_which_the_line_began_is_not_told(at, days, change):
    queue_rows.always()
    for number, day in enumerate((*days, "2026-10-20", "2026-10-21")):
        at(f"{day} 10:00")
        called(number, "main")
    at("2026-11-03 10:00")
    keeping.count_changes()
    (brief,) = (block for block in written("2026-10")["blocks"] if block["name"] == "indicators")
    assert dict(brief["rows"])["offered"] == [2, 1, change, "", ""], "the earlier number itself is told"


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23)])
def test_a_month_with_a_day_of_25_or_23_hours_counts_all_of_them(at, day, hours):
    at(f"{day} 00:30")
    queue_rows.always()
    for number in range(hours):
        called(number, "main")
        later(hours=1)
        later(seconds=-20)
    keeping.count_changes()
    content = written(day[:7])
    of_day = table(content, "days")[f"{day}/{day}"]
    assert of_day["offered"] == hours == table(content, "hours")[""]["offered"]
    twice = {
        hour: row["offered"] for hour, row in table(content, "hours").items() if hour and row["offered"] != 1
    }
    assert twice == ({"2": 2} if hours == 25 else {"2": 0})


def test_small_groups_are_not_found_from_a_quarter_and_months_that_were_issued_before(at, cora):
    at("2026-10-02 10:00")
    july, august, september = date(2026, 7, 6), date(2026, 8, 4), date(2026, 9, 9)
    for day, region, count in (
        (july, "lazio", 12), (july, "molise", 2), (july, "umbria", 7), (july, "sicilia", 6),
        (august, "lazio", 9), (august, "umbria", 8), (august, "sicilia", 20),
        (september, "lazio", 11), (september, "molise", 6), (september, "umbria", 7), (september, "sicilia", 5),
    ):  # fmt: skip
        requested(day, region, count)
    requested(september, "molise", 1, state="waiting", why="nobody_fits")
    alone = table(written("2026-Q3"), "requests_region")
    assert alone["molise"]["count"] == 9, "by itself the quarter may tell it"
    ids = [issued(name, cora) for name in ("2026-07", "2026-08", "2026-09", "2026-Q3")]
    with db.transaction() as session:
        found = session.execute(
            select(Report.content, Report.facts).where(Report.id.in_(ids)).order_by(Report.id)
        ).all()
    july_table, quarter = (table(found[at].content, "requests_region") for at in (0, 3))
    assert (
        july_table["molise"]["count"] is None
        and sum(row["count"] is None for row in july_table.values()) == 2
    )
    assert quarter["molise"]["count"] is None, "or July’s would be what the other months leave of it"
    values, sums, hidden, unseen = {}, [], set(), set()
    for kept in (one.facts for one in found):
        facts = [tuple(row[:4]) for row in kept["facts"]]
        assert all(values.get(fact, row[4]) == row[4] for fact, row in zip(facts, kept["facts"], strict=True))
        values |= {fact: row[4] for fact, row in zip(facts, kept["facts"], strict=True)}
        hidden |= {fact for fact, row in zip(facts, kept["facts"], strict=True) if row[5]}
        unseen |= {facts[at] for at in kept["unseen"]}
        sums += [Sum(facts[total], tuple(facts[part] for part in parts)) for total, parts in kept["sums"]]
    months = [one.days for one in periods.months(periods.named("2026-Q3"))]
    for fact in [fact for fact in values if fact[0] == periods.named("2026-Q3").days and fact not in unseen]:
        parts = tuple((days, *fact[1:]) for days in months if (days, *fact[1:]) in values)
        if sum(values[part] for part in parts) == values[fact]:
            sums.append(Sum(fact, parts))
    assert ("2026-07-01/2026-07-31", "requests", "region", "molise") in hidden
    for fact, (least, most) in attacked(values, sums, hidden, unseen).items():
        assert most - least >= WIDTH - 1e-6, fact


def test_what_a_later_months_report_told_of_the_month_before_is_not_used_to_find_who_is_hidden_there(
    at, cora
):
    at("2026-10-02 10:00")
    august, september = date(2026, 8, 4), date(2026, 9, 9)
    requested(august, "molise", 1)
    requested(august, "umbria", 4)
    requested(september, "lazio", 30)
    alone = table(written("2026-08"), "indicators")
    assert alone["requests"]["now"] is None, "by itself August hides its sum with its parts"
    draft = made("2026-08", cora)
    later(minutes=1)
    issued("2026-09", cora)
    assert table(written("2026-09"), "indicators")["requests"]["before"] == 5, "September tells August's sum"
    with pytest.raises(reports.NotIssued, match="outdated"), db.transaction() as session:
        reports.issue(session, draft, cora)
    with db.transaction() as session:
        content = reports.written(session, periods.named("2026-08"))[0]
    assert table(content, "indicators")["requests"]["now"] == 5, "what is told already is not hidden again"


def test_what_is_issued_stays_and_a_correction_is_a_new_version_that_says_what_changed(at, cora):
    at("2026-10-02 10:00")
    requested(date(2026, 9, 9), "lazio", 12)
    first = issued("2026-09", cora)
    with db.transaction() as session:
        before = reports.one(session, first)
        told = dict(before.content)
        assert (before.number, before.year, before.version) == (1, 2026, 1)
    requested(date(2026, 9, 10), "lazio", 3, country="MA")
    later(minutes=1)
    draft = made("2026-09", cora)
    with pytest.raises(reports.NotIssued, match="why"), db.transaction() as session:
        reports.issue(session, draft, cora)
    with db.transaction() as session:
        second = reports.issue(session, draft, cora, why="Three requests came in late.")
        assert (second.number, second.version, reports.version_before(session, second).id) == (1, 2, first)
        assert reports.one(session, first).content == told
        assert reports.corrected_by(session, reports.one(session, first)) == draft
        lines = session.scalars(
            select(AuditLine).where(AuditLine.what == "issued_report").order_by(AuditLine.id)
        ).all()
    assert [line.details["version"] for line in lines] == [1, 2] and lines[0].who == cora.in_audit


def test_a_report_whose_period_goes_on_or_that_another_one_overtook_is_not_issued(at, cora):
    at("2026-10-02 10:00")
    running = made("2026-Q4", cora)
    with pytest.raises(reports.NotIssued, match="unfinished"), db.transaction() as session:
        reports.issue(session, running, cora)
    quarter = made("2026-Q3", cora)
    later(minutes=1)
    issued("2026-09", cora)
    with pytest.raises(reports.NotIssued, match="outdated"), db.transaction() as session:
        reports.issue(session, quarter, cora)
    with pytest.raises(LookupError), db.transaction() as session:
        reports.issue(session, 0, cora)


def test_where_a_fund_ends_within_a_quarter_its_figures_are_divided_and_add_up(at):
    at("2027-04-02 10:00")
    requested(date(2027, 1, 1), "lazio", 8)
    requested(date(2027, 2, 9), "lazio", 9)
    with db.transaction() as session:
        session.add(
            FundingPeriod(name="line", title="Linea 2024-2026", first=date(2024, 1, 2), last=date(2027, 1, 1))
        )
        session.add(FundingPeriod(name="over", title="Prima", first=date(2016, 1, 1), last=date(2020, 1, 1)))
    content = written("2027-Q1")
    assert list(table(content, "funds")) == ["Linea 2024-2026"]
    pieces = table(content, "pieces")
    assert {row: cells["requests"] for row, cells in pieces.items()} == {
        "2027-01-01/2027-01-01": 8, "2027-01-02/2027-03-31": 9, "": 17,
    }  # fmt: skip
    adds_up(content)


def test_a_report_whose_bell_was_lost_is_made_by_the_sweep_and_its_files_too(at, cora):
    from helpline.console import figures_reports_pdf

    at("2026-10-02 10:00")
    with db.transaction() as session:
        report_id = reports.ask(session, periods.named("2026-09"), cora)
    assert reports.sweep() == 0, "somebody may be making it"
    later(minutes=3)
    assert reports.sweep() == 1 and reports.sweep() == 0
    with db.transaction() as session:
        reports.issue(session, report_id, cora)
    later(minutes=3)
    assert figures_reports_pdf.sweep() == 1 and figures_reports_pdf.sweep() == 0
    with db.transaction() as session:
        files = {language: reports.file(session, report_id, language) for language in ("it", "en")}
    assert all(pdf.startswith(b"%PDF") and b"/StructTreeRoot" in pdf for pdf in files.values())
    assert b"/Lang" in files["it"] and files["it"] != files["en"]


def test_a_correction_with_signs_that_no_letter_shows_is_printed_with_what_it_changes(at, cora):
    from helpline.console import figures_reports_paper, figures_reports_pdf

    at("2026-10-02 10:00")
    requested(date(2026, 9, 9), "lazio", 12)
    issued("2026-09", cora)
    requested(date(2026, 9, 10), "lazio", 3)
    later(minutes=1)
    second = issued("2026-09", cora, why="12 → 15 requests 中文 \x0b 😀")
    with db.transaction() as session:
        report = reports.one(session, second)
        told = figures_reports_paper.paper(report, reports.version_before(session, report))
    assert told["changes"]
    figures_reports_pdf.print_report(second)
    with db.transaction() as session:
        assert reports.files_of(session, second) == {"it", "en"}


def test_a_report_that_cannot_be_made_says_so_and_keeps_no_other_from_being_made(at, cora, monkeypatch):
    at("2026-10-02 10:00")
    with db.transaction() as session:
        broken, sound = (reports.ask(session, periods.named(name), cora) for name in ("2026-08", "2026-09"))
    writing = reports.written
    monkeypatch.setattr(
        reports, "written", lambda session, of: 1 / 0 if of.first.month == 8 else writing(session, of)
    )
    later(minutes=3)
    assert reports.sweep() == 2
    with db.transaction() as session:
        assert [reports.one(session, id).state for id in (broken, sound)] == ["failed", "ready"]
    monkeypatch.undo()
    assert made("2026-08", cora) == broken
    with db.transaction() as session:
        assert reports.one(session, broken).state == "ready", "it can be asked for again"


def test_a_report_that_cannot_be_printed_keeps_no_other_from_being_printed(at, cora, monkeypatch):
    from helpline.console import figures_reports_pdf

    at("2026-10-02 10:00")
    first, second = issued("2026-08", cora), issued("2026-09", cora)
    printing, broken = figures_reports_pdf.print_report, first
    monkeypatch.setattr(
        figures_reports_pdf, "print_report", lambda id: printing(id) if id != broken else 1 / 0
    )
    later(minutes=3)
    assert figures_reports_pdf.sweep() == 1
    with db.transaction() as session:
        assert [reports.files_of(session, id) for id in (first, second)] == [set(), {"it", "en"}]


def test_a_report_that_is_being_issued_while_another_is_made_is_not_overlooked(at, cora):
    at("2026-10-02 10:00")
    requested(date(2026, 9, 9), "lazio", 12)
    requested(date(2026, 9, 9), "molise", 2)
    month = made("2026-09", cora)
    with db.transaction() as session:
        quarter = reports.ask(session, periods.named("2026-Q3"), cora)
    with db.transaction() as session:
        reports.issue(session, month, cora)
        later(minutes=1)
        reports.make(quarter)  # reads what is committed: not that the month is issued
    with pytest.raises(reports.NotIssued, match="outdated"), db.transaction() as session:
        reports.issue(session, quarter, cora)
    assert issued("2026-Q3", cora) == quarter, "made anew it heeds the month"


def test_issued_by_many_at_once_a_report_gets_one_number_and_no_number_is_left_out(at, cora):
    at("2026-10-02 10:00")
    requested(date(2026, 9, 9), "lazio", 12)
    drafts = [made(name, cora) for name in ("2026-08", "2026-02", "2025-05")] * 3

    def issue(report_id):
        try:
            with db.transaction() as session:
                return reports.issue(session, report_id, cora).number
        except reports.NotIssued as refused:
            return str(refused)

    with ThreadPoolExecutor(9) as many:
        told = list(many.map(issue, drafts))
    assert sorted(one for one in told if isinstance(one, int)) == [1, 2, 3]
    assert told.count("not_ready") == 6
    with db.transaction() as session:
        lines = select(func.count()).where(AuditLine.what == "issued_report")
        assert session.scalar(lines) == 3


def test_two_workers_that_print_one_report_keep_the_file_of_the_first(at, cora):
    at("2026-10-02 10:00")
    report_id = issued("2026-09", cora)

    def keep(content):
        with db.transaction() as session:
            reports.keep_file(session, report_id, "it", content)

    with ThreadPoolExecutor(1) as other:
        with db.transaction() as session:
            reports.keep_file(session, report_id, "it", b"first")
            second = other.submit(keep, b"second")
            with pytest.raises(TimeoutError):
                second.result(0.2)
        second.result(5)
    with db.transaction() as session:
        assert reports.file(session, report_id, "it") == b"first"


def test_what_is_issued_is_what_was_read(at, cora):
    at("2026-10-02 10:00")
    draft = made("2026-09", cora)
    with db.transaction() as session:
        read = reports.one(session, draft).content["as_of"]
    later(minutes=1)
    assert made("2026-09", cora) == draft, "somebody else has it made anew"
    with pytest.raises(reports.NotIssued, match="not_read"), db.transaction() as session:
        reports.issue(session, draft, cora, read=read)
    with db.transaction() as session:
        now = reports.one(session, draft).content["as_of"]
        assert reports.issue(session, draft, cora, read=now).version == 1


def test_what_is_left_over_of_a_region_stands_in_no_table(at):
    at("2026-10-02 10:00")
    requested(date(2026, 9, 9), "lazio", 12)
    requested(date(2026, 9, 9), "lazio", 6, state="waiting", why="nobody_fits")
    assert table(written("2026-09"), "requests_region").keys() == {"lazio", ""}
