"""The pages of reports: made, read in two languages, issued, taken as a file; and each of these is written down."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from helpline import db
from helpline.console import figures_reports_pdf
from helpline.figures import report_periods as periods
from helpline.figures import reports
from helpline.figures.report_models import Report
from helpline.people.models import AuditLine
from helpline.people.roles import Role
from tests.integration import queue_rows
from tests.integration.console_visits import Visitor, application, cells_of, words_of
from tests.integration.queue_rows import later
from tests.integration.test_reports import requested

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def cora(settings, at):
    at("2026-10-02 10:00")
    queue_rows.always()
    requested(date(2026, 8, 12), "lazio", 12)
    requested(date(2026, 8, 12), "molise", 2)
    requested(date(2026, 8, 12), "umbria", 9)
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def asked(visitor, period="2026-Q3"):
    """The address of a report that somebody had made."""
    sent = visitor.post("/reports", {"period": period})
    assert sent.status_code == 303
    where = sent.headers["Location"]
    assert "being made" in words_of(visitor.get(where))
    reports.make(int(where.rpartition("/")[2]))
    return where


def test_a_report_is_made_read_in_two_languages_issued_and_taken(cora):
    assert "3rd quarter 2026" in words_of(cora.get("/reports"))
    where = asked(cora)
    report_id = int(where.rpartition("/")[2])
    english, italian = (words_of(cora.get(f"{where}?in={tongue}")) for tongue in ("en", "it"))
    assert "Quarterly report" in english and "Requests by region of stay" in english and "n.s." in english
    assert (
        "Rapporto trimestrale" in italian
        and "Richieste per regione di presenza" in italian
        and "n.m." in italian
    )
    assert "All calls in which somebody asked" in english and "however briefly" not in english, (
        "as it is counted here"
    )
    assert "Tutte le chiamate in cui è stato chiesto di parlare con una persona" in italian
    assert "Molise" in english and "العربية" in cora.get(where).get_data(as_text=True)
    assert cora.post(f"{where}/pdf", {"language": "it"}).status_code == 404, "a draft is no file"
    assert cora.post(f"{where}/csv", {"language": "it"}).status_code == 404
    assert cora.post(f"{where}/issue").status_code == 303
    assert "no. 1 of 2026, version 1" in words_of(cora.get(where)) and "The PDF is being made." in words_of(
        cora.get(where)
    )
    figures_reports_pdf.print_report(report_id)
    pdf = cora.post(f"{where}/pdf", {"language": "it"})
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")
    assert 'filename="report-2026-Q3-v1-it.pdf"' in pdf.headers["Content-Disposition"]
    assert cora.post(f"{where}/pdf", {"language": "it"}).data == pdf.data
    csv = cora.post(f"{where}/csv", {"language": "en"}).get_data(as_text=True)
    assert "Molise,n.s.,n.s." in csv and "\nTotal,23,100.0" in csv
    with db.transaction() as session:
        lines = session.scalars(
            select(AuditLine).where(AuditLine.about == f"report {report_id}").order_by(AuditLine.id)
        )
        told = [(line.what, line.details.get("form"), line.details.get("language")) for line in lines]
    assert told == [
        ("asked_for_report", None, None), ("issued_report", None, None), ("exported", "pdf", "it"),
        ("exported", "pdf", "it"), ("exported", "csv", "en"),
    ]  # fmt: skip


def test_a_reports_file_opens_in_an_italian_spreadsheet_with_plain_numbers_and_their_units_in_words(cora):
    where = asked(cora)
    cora.post(f"{where}/issue")
    italian = cells_of(cora.post(f"{where}/csv", {"language": "it"}), ";")
    english = cells_of(cora.post(f"{where}/csv", {"language": "en"}), ",")
    assert ["Totale", "23", "100,0"] in italian and ["Total", "23", "100.0"] in english
    at = italian.index(["Richieste per regione di presenza"])
    assert italian[at + 1] == ["Regione", "Numero", "Quota (%)"]
    assert len(italian) == len(english)
    assert not [cell for row in italian + english for cell in row if re.fullmatch(r"['+−]?[\d.,]+ %", cell)]
    known = [
        (a, b) for one, other in zip(italian, english, strict=True) for a, b in zip(one, other, strict=True)
    ]
    assert all(a == b.replace(".", ",") for a, b in known if re.fullmatch(r"-?\d+\.\d+", b))


def test_a_correction_says_what_it_corrects_and_the_page_what_changed(cora):
    first = asked(cora)
    cora.post(f"{first}/issue")
    requested(date(2026, 8, 13), "lazio", 6)
    later(minutes=1)
    second = asked(cora)
    assert cora.post(f"{second}/issue", {"why": ""}).status_code == 422
    assert cora.post(f"{second}/issue", {"why": "Scriva a +39 333 0000123"}).status_code == 422
    assert cora.post(f"{second}/issue", {"why": "Six requests came in late."}).status_code == 303
    page = words_of(cora.get(second))
    assert "Correction: Six requests came in late." in page and "version 2" in page
    assert re.search(r"Requests by region of stay: Lazio, Number: 12 → 18", page)
    assert "A later version corrects this one." in words_of(cora.get(first))
    assert cora.post(f"{first}/remove").status_code == 404, "what was issued stays"


def test_a_draft_can_be_thrown_away_and_a_running_period_is_read_only(cora):
    where = asked(cora, "2026-10")
    page = words_of(cora.get(where))
    assert "The period is not over" in page
    assert cora.post(f"{where}/issue").status_code == 422
    assert cora.post(f"{where}/remove").status_code == 303 and cora.get(where).status_code == 404
    assert cora.post("/reports", {"period": "2019-01"}).status_code == 422


def test_figures_that_were_made_anew_after_somebody_read_them_are_not_issued_unread(cora):
    where = asked(cora)
    read = re.search(r'name="read" value="([^"]+)"', cora.get(where).get_data(as_text=True))[1]
    later(minutes=1)
    assert asked(cora) == where
    refused = cora.post(f"{where}/issue", {"read": read})
    assert refused.status_code == 422 and "was made anew since you read it" in words_of(refused)
    now = re.search(r'name="read" value="([^"]+)"', refused.get_data(as_text=True))[1]
    assert cora.post(f"{where}/issue", {"read": now}).status_code == 303


def test_the_same_draft_is_made_anew_and_there_is_one(cora):
    assert asked(cora) == asked(cora)
    with db.transaction() as session:
        assert len(session.scalars(select(Report)).all()) == 1
        assert reports.one(session, 0) is None and periods.named("nothing") is None


def test_a_report_of_which_hidden_figures_can_be_found_is_issued_only_when_somebody_confirms_it(cora):
    where = asked(cora)
    report_id = int(where.rpartition("/")[2])
    with db.transaction() as session:
        report = reports.one(session, report_id)
        assert report.content["follows"] == 0
        report.content = {**report.content, "follows": 3}
    assert "3 figures that this report does not show can be found" in words_of(cora.get(where))
    refused = cora.post(f"{where}/issue")
    assert refused.status_code == 422 and "confirm it" in words_of(refused)
    assert cora.post(f"{where}/issue", {"sure": "yes"}).status_code == 303
    with db.transaction() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.what == "issued_report")).one()
        assert line.details["follows"] == 3
