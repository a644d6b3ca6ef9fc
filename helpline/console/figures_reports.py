"""Reports of months and quarters: which there are, reading one, issuing it, taking it as PDF or CSV. Asks `figures.reports`."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import force_locale, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import figures_reports_file, tables
from helpline.console.access import person
from helpline.console.figures_reports_paper import paper
from helpline.console.figures_reports_words import period_name
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page
from helpline.console.words import language
from helpline.figures import report_periods as periods
from helpline.figures import reports
from helpline.figures.report_models import Report, ReportState
from helpline.people import accounts
from helpline.people.access import allowed
from helpline.people.roles import Role

pages = Pages("figures_reports")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)
LANGUAGES = {"it": lazy_gettext("in Italian"), "en": lazy_gettext("in English")}
STATES = {
    ReportState.MAKING: (lazy_gettext("is being made"), "busy"),
    ReportState.READY: (lazy_gettext("to be read and issued"), "warn"),
    ReportState.ISSUED: (lazy_gettext("issued"), "good"),
    ReportState.FAILED: (lazy_gettext("could not be made"), "bad"),
}
PROVISIONAL = (lazy_gettext("provisional, to read only"), "busy")
REFUSED = {
    "unfinished": lazy_gettext("The period is not over: it can be read, and issued once it is complete."),
    "not_ready": lazy_gettext("The report is not ready."),
    "not_read": lazy_gettext("The report was made anew since you read it: below is how it is now."),
    "outdated": lazy_gettext("Another report about the same days was issued since: have this one made anew."),
    "follows": lazy_gettext(
        "Figures that it does not show can be found. If it is to be issued all the same, confirm it."
    ),
    "why": lazy_gettext("Say what this version corrects."),
}
FIELDS = {"why": "why", "follows": "sure"}
"""Where on the page stands what is missing."""


@pages.get("/reports")
@coordinators
def listed() -> Response:
    """The periods of which a report can be made, and the reports that there are."""
    return _listed(Form())


@pages.post("/reports")
@coordinators
def asked() -> Response:
    """Have a report made."""
    form = Form(request.form)
    offered = [periods.name(one) for one in periods.latest(clock.in_rome().date())]
    period = periods.named(form.choice("period", offered))
    if not form or period is None:
        return _listed(form)
    with db.transaction() as session:
        report_id = reports.ask(session, period, person())
    return redirect(url_for("figures_reports.shown", report_id=report_id), 303)


@pages.get("/reports/<int:report_id>")
@coordinators
def shown(report_id: int) -> Response:
    """One report, as it stands on paper."""
    return _shown(report_id, Form())


@pages.post("/reports/<int:report_id>/issue")
@coordinators
def issued(report_id: int) -> Response:
    """Issue a report that was read; a correction says what it corrects."""
    form = Form(request.form)
    why = form.reason("why", required=False)
    if form:
        try:
            with db.transaction() as session:
                reports.issue(
                    session, report_id, person(), why=why, read=form.typed("read"),
                    although=form.typed("sure") == "yes",
                )  # fmt: skip
        except LookupError:
            abort(404)
        except reports.NotIssued as refused:
            form.fault(FIELDS.get(str(refused), ""), str(REFUSED[str(refused)]))
    if not form:
        return _shown(report_id, form)
    done = redirect(url_for("figures_reports.shown", report_id=report_id), 303)
    return notice(done, gettext("Issued. The PDF is there in a few seconds."))


@pages.post("/reports/<int:report_id>/remove")
@coordinators
def removed(report_id: int) -> Response:
    """Throw a draft away."""
    with db.transaction() as session:
        if not reports.throw_away(session, report_id, person()):
            abort(404)
    return notice(redirect(url_for("figures_reports.listed"), 303), gettext("The draft is gone."))


@pages.post("/reports/<int:report_id>/pdf")
@coordinators
def as_pdf(report_id: int) -> Response:
    """An issued report as PDF; that it was taken is written down."""
    report, tongue = _to_take(report_id)
    with db.transaction() as session:
        printed = reports.file(session, report_id, tongue)
        if printed is None:
            abort(404)
        reports.taken(session, report, person(), form="pdf", language=tongue)
    response = Response(printed, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(report, tongue)}.pdf"'
    return response


@pages.post("/reports/<int:report_id>/csv")
@coordinators
def as_csv(report_id: int) -> Response:
    """The tables of an issued report for spreadsheets; that it was taken is written down."""
    report, tongue = _to_take(report_id)
    with db.transaction() as session:
        reports.taken(session, report, person(), form="csv", language=tongue)
    with force_locale(tongue):
        return tables.file(_name(report, tongue), *figures_reports_file.tables(report))


def _listed(form: Form) -> Response:
    with db.transaction(durable=False) as session:
        found = reports.listed(session)
        names = accounts.names(session, [row.issued_by_id for row in found if row.issued_by_id])
    here = clock.in_rome().date()
    offered = [(periods.name(one), period_name(periods.name(one)), one.last >= here, one.months)
               for one in periods.latest(here)]  # fmt: skip
    return page(
        "figures_reports/list.html", 200 if form else 422, form=form, reports=found, offered=offered,
        stands=_stands, named=period_name, names=names, languages=LANGUAGES,
    )  # fmt: skip


def _stands(state: str, period: str) -> tuple[Any, str]:
    """Where a report stands, in words, and the colour of its tag; one of a period that is not over is provisional."""
    of = periods.named(period)
    runs = of is not None and of.last >= clock.in_rome().date()
    return PROVISIONAL if runs and state == ReportState.READY else STATES[ReportState(state)]


def _shown(report_id: int, form: Form) -> Response:
    tongue = request.args.get("in", "")
    tongue = tongue if tongue in LANGUAGES else language()
    with db.transaction(durable=False) as session:
        report = reports.one(session, report_id)
        if report is None:
            abort(404)
        before = reports.version_before(session, report)
        newest = reports.corrected_by(session, report)
        files = reports.files_of(session, report_id)
        names = accounts.names(session, [report.issued_by_id] if report.issued_by_id else [])
    told: dict[str, Any] | None = None
    if report.content is not None:
        with force_locale(tongue):
            told = paper(report, before)
    return page(
        "figures_reports/report.html", 200 if form else 422, form=form, report=report, told=told, before=before,
        newest=newest, files=files, stands=_stands, named=period_name, languages=LANGUAGES, tongue=tongue, names=names,
    )  # fmt: skip


def _to_take(report_id: int) -> tuple[Report, str]:
    tongue = request.form.get("language", "")
    with db.transaction(durable=False) as session:
        report = reports.one(session, report_id)
    if report is None or report.state != ReportState.ISSUED or tongue not in LANGUAGES:
        abort(404)
    return report, tongue


def _name(report: Report, tongue: str) -> str:
    return f"report-{report.period}-v{report.version}-{tongue}"
