"""What nobody types into the pages of figures: days at the ends of the calendar, numbers of callers in the place of ours."""

import pytest
from sqlalchemy import select

from helpline import db
from helpline.figures import keeping
from helpline.figures.exporting.models import Export
from helpline.figures.models import CallSearch
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.test_figures import called

pytestmark = pytest.mark.usefixtures("database")
FIRST, LAST = "0001-01-01", "9999-12-31"
OURS, CALLERS = "+39800000000", "+393330000123"


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


@pytest.mark.parametrize(
    ("page", "names"),
    [("/figures", ("first", "last")), ("/figures/menu", ("first", "last")), ("/returns", ("first", "last")),
     ("/calls", ("from", "to")), ("/staffing", ("day", "day")), ("/line/heard", ("at", "at")),
     ("/network/sessions", ("from", "to"))],
)  # fmt: skip
def test_days_at_the_ends_of_the_calendar_are_a_fault_of_their_field_and_break_nothing(cora, page, names):
    time = "T00:00" if page == "/line/heard" else ""
    for day in (FIRST, LAST):
        for name in names:
            asked = {name: f"{day}{time}"}
            assert cora.get(page, query_string=asked).status_code in {200, 422}, asked
        both = dict.fromkeys(names, f"{day}{time}")
        assert cora.get(page, query_string=both).status_code in {200, 422}, both


@pytest.mark.parametrize("words", [{"to": LAST}, {"from": FIRST}])
def test_no_worker_is_asked_for_a_file_of_such_days(cora, words):
    assert cora.post("/exports", {"what": "calls", "form": "csv"} | words).status_code == 422
    with db.transaction() as session:
        assert session.scalar(select(Export.id)) is None


def test_a_callers_number_in_the_place_of_one_of_ours_is_kept_nowhere(cora):
    called(1, "main")
    keeping.count_changes()
    for number, status in ((OURS, 200), (CALLERS, 422)):
        shown = cora.get("/calls", query_string={"number": number})
        assert (shown.status_code, CALLERS in shown.text) == (status, False), number
    cora.post("/calls", {"name": "calls of this week", "number": CALLERS})
    assert cora.post("/exports", {"what": "calls", "form": "csv", "number": CALLERS}).status_code == 422
    with db.transaction() as session:
        kept = [*session.scalars(select(CallSearch.chosen)), *session.scalars(select(Export.chosen))]
    assert CALLERS not in str(kept)


def test_figures_of_one_of_our_numbers_are_a_file_and_the_audit_says_of_ours(cora):
    called(1, "main")
    keeping.count_changes()
    made = cora.post("/figures/export", {"number": OURS})
    assert made.status_code == 200, words_of(made)
    assert cora.post("/figures/export", {"number": CALLERS}).status_code == 422
    assert cora.post("/returns/export", {"project": CALLERS}).status_code == 200
    with db.transaction() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.what == "exported").order_by(AuditLine.id))
        told = {line.about: line.details for line in lines}
    assert told["figures"]["number"] == "ours" and told["returns"]["project_id"] == ""


@pytest.mark.parametrize("path", ["/figures/export", "/returns/export"])
def test_a_file_of_a_period_that_is_none_is_refused_beside_its_field(cora, path):
    refused = cora.post(path, {"first": "2026-11-20", "last": "2026-11-02"})
    assert refused.status_code == 422 and "The last day is before the first." in words_of(refused)


def test_a_page_of_the_log_before_or_after_all_days_and_a_holiday_of_no_calendar_break_nothing(cora):
    for before in ("0001-01-01T00:00+14:00~1", "9999-12-31T23:59-14:00~1"):
        assert cora.get("/calls", query_string={"before": before}).status_code == 200, before
    assert cora.get("/line/days/2026-12-25").status_code == 200
    assert cora.get("/line/days/9999-12-25").status_code == 404


def test_a_short_text_that_makes_a_huge_page_of_the_handbook_is_too_long(cora):
    table = "a|" * 50 + "\n" + "-|" * 50 + "\n" + "x\n" * 5000
    given = {"title_en": "A table", "text_en": table, "why": "to see"}
    refused = cora.post("/handbook/ours/new", given)
    assert refused.status_code == 422 and "all tables of a text together 500 cells" in words_of(refused)
    smaller = "a|" * 15 + "\n" + "-|" * 15 + "\n" + "x\n" * 30
    assert cora.post("/handbook/ours/new", given | {"text_en": smaller}).status_code == 303
