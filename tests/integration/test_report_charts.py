"""A report of one small month, as it is read and printed: a bar for each number of a chart, as long as the number is large, and no
row that somebody who was there (`small_day_deeds`) would not know."""

import re

import pytest

from helpline import db
from helpline.console import figures_reports_paper
from helpline.figures import reports
from helpline.people.roles import Role
from tests.integration import people_rows
from tests.integration import small_day_deeds as day
from tests.integration.test_reports import made, table

pytestmark = pytest.mark.usefixtures("database")

# The calls of the day, one in the last minute of the day before, and one in the first of the day after.
CHARTS = {
    "outcomes": {
        "Request for assisted return": 6, "Talk with a person": 5, "Information heard": 4, "Abandoned in the menu": 13,
        "No key pressed": 1, "Not answered by the line": 1,
    },
    "days": {"23/11": 1, "24/11": 35, "25/11": 1},
    "hours": {"00": 2, "08": 4, "09": 7, "10": 6, "11": 7, "14": 6, "17": 3, "23": 2},
    "languages": {"French": 10, "Arabic": 8, "Bangla": 16, "No language chosen": 3},
    "topics": {"What the help includes": 4},
    "requests_region": {"Lombardia": 8, "Lazio": 11},
}  # fmt: skip
UNSAID = {"outcomes": ["Callback requested", "Voice message left"]}
"""Of whom the report does not tell how many: a dotted line."""


@pytest.fixture
def november(settings, at):
    day.happened(at)
    at("2026-12-02 10:00")
    report_id = made("2026-11", people_rows.make("cora", roles=(Role.COORDINATOR,)))
    with db.transaction() as session:
        return reports.one(session, report_id)


def tables_of(report):
    sections = figures_reports_paper.paper(report)["sections"]
    return {each["name"]: each for section in sections for each in section["tables"]}


def bars_of(chart):
    """The bars of a chart: what each is called, how many it says, and how long it is drawn."""
    found = re.findall(
        r'<rect class="s0"[^>]* width="([\d.]+)" height="([\d.]+)"><title>(.*?)</title>', chart
    )
    lying = 'class="row"' in chart
    bars = []
    for wide, tall, said in found:
        name, _, count = said.partition(": ")
        bars.append((name, int(count.rpartition(" ")[2]), float(wide if lying else tall)))
    return bars


def test_a_chart_has_a_bar_for_each_number_as_long_as_the_number_is_large(november):
    tables = tables_of(november)
    drawn = {name: bars_of(each["chart"]) for name, each in tables.items() if each["chart"]}
    assert {name: {bar: count for bar, count, _ in bars} for name, bars in drawn.items()} == CHARTS
    for name, bars in drawn.items():
        _, most, longest = max(bars, key=lambda bar: bar[1])
        for bar, count, long in bars:
            assert long == pytest.approx(longest * count / most, abs=0.2), (name, bar)
        chart = tables[name]["chart"]
        assert chart.count('class="unsaid"') == len(UNSAID.get(name, ()))
        assert all(f">{each}</text><line" in chart for each in UNSAID.get(name, ()))


def test_where_most_numbers_are_hidden_nothing_is_drawn(november):
    for block in november.content["blocks"]:
        if block["name"] == "languages":
            block["rows"] = [[row, [None, *cells[1:]]] for row, cells in block["rows"][:3]] + block["rows"][
                3:
            ]
    tables = tables_of(november)
    assert tables["languages"]["chart"] == "" and tables["hours"]["chart"]


def test_the_rows_of_a_table_are_those_that_it_is_about_and_make_its_sum(november):
    shown = {
        name: {row: cells["count"] for row, cells in table(november.content, name).items()}
        for name in ("requests_region", "requests_country", "unplaced_region", "unplaced_country")
    }
    assert shown["requests_region"] == {"lazio": 11, "lombardia": 8, "": 19}
    assert shown["requests_country"] == {"BD": 7, "MA": 5, "SN": 7, "": 19}
    assert shown["unplaced_region"].keys() == {"lazio", "lombardia", ""}
    assert shown["unplaced_country"].keys() == {"BD", "MA", "SN", ""}
    assert shown["unplaced_country"]["BD"] is None, "two people"
