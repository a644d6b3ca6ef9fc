"""The fairness ledger: what each organisation was offered against its free places, and who waited how long; as CSV."""

from collections.abc import Mapping
from functools import partial

from flask import request, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.wrappers import Response

from helpline import db
from helpline.console import offers_words, periods, tables
from helpline.console.access import person
from helpline.console.forms import Form
from helpline.console.labels import language_name, region_name
from helpline.console.pages import Pages
from helpline.console.rendering import page
from helpline.people import audit
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.routing import ledger
from helpline.routing.ledger import EntityLine, GroupLine

BY = ("language", "region", "country")
HEADINGS: Mapping[str, LazyString] = {
    "entity_id": lazy_gettext("Short name"),
    "name": lazy_gettext("Organisation"),
    "offered": lazy_gettext("Offered"),
    "accepted": lazy_gettext("Accepted"),
    "declined": lazy_gettext("Declined"),
    "given_back": lazy_gettext("Given back after seeing the number"),
    "expired": lazy_gettext("Expired"),
    "withdrawn": lazy_gettext("Pulled back"),
    "pending": lazy_gettext("Pending"),
    "declined_for": lazy_gettext("Reasons for declining"),
    "declined_for_words": lazy_gettext("Reasons for declining, in words"),
    "begun": lazy_gettext("Begun"),
    "returned": lazy_gettext("Have returned"),
    "share": lazy_gettext("Share of offers (%)"),
    "share_of_limited": lazy_gettext("Share of offers among those with a limit (%)"),
    "free_share": lazy_gettext("Share of free places (%)"),
    "no_limit": lazy_gettext("no limit"),
    "answer_hours": lazy_gettext("Hours to answer"),
    "by": lazy_gettext("By"),
    "by_words": lazy_gettext("By, in words"),
    "value": lazy_gettext("What"),
    "value_words": lazy_gettext("What, in words"),
    "requests": lazy_gettext("Requests"),
    "placed": lazy_gettext("Placed"),
    "waiting": lazy_gettext("Still waiting"),
    "wait_median": lazy_gettext("Wait, median (hours)"),
    "wait_p90": lazy_gettext("Wait, nine in ten (hours)"),
}
coordinators = allowed(Role.COORDINATOR)
pages = Pages("ledger")


@pages.get("/ledger")
@coordinators
def shown() -> Response:
    """The ledger of a period; of the last thirty days unless another is chosen."""
    return _shown(Form(request.args.to_dict()))


@pages.post("/ledger/export")
@coordinators
def export() -> Response:
    """The same as a file for spreadsheets; that it was taken is written down."""
    form = Form(request.form)
    first, last = periods.chosen(form)
    if not form:
        return _shown(form)
    with db.transaction() as session:
        found = ledger.ledger(session, first, last)
        audit.record(
            session, person().in_audit, "exported", "ledger", first=first.isoformat(), last=last.isoformat()
        )
    lines = found.tables(lambda field: str(HEADINGS[field]), words=_in_words)
    return tables.file(f"ledger-{first}-{last}", *lines)


def _shown(form: Form) -> Response:
    first, last = periods.chosen(form)
    found = None
    if form:
        with db.transaction(durable=False) as session:
            found = ledger.ledger(session, first, last)
    return page(
        "ledger/period.html",
        200 if form else 422,
        form=form,
        first=first,
        last=last,
        ledger=found,
        groups=[(by, _in_order(found, by)) for by in BY] if found else [],
        named=_named,
        periods=periods.links(
            partial(url_for, ".shown"), (first, last), "thirty", "month", "last_month", "year"
        ),
    )


def _in_order(found: ledger.Ledger, by: str) -> list[GroupLine]:
    """The lines of a table: languages in the order of the keys, all others as they are called; what is not known, last."""
    lines = [line for line in found.groups if line.by == by]
    if by == "language":
        return lines
    return sorted(lines, key=lambda line: (line.value == ledger.NOT_KNOWN, _named(by, line.value)))


def _in_words(line: EntityLine | GroupLine, field: str) -> str:
    """What a field of codes says for people, in the language of the page from which it is saved."""
    if isinstance(line, EntityLine):
        return ", ".join(
            f"{offers_words.FILTERS['decline_word'](reason)}: {count}"
            for reason, count in sorted(line.declined_for.items())
        )
    if field == "by":
        return {"language": gettext("language"), "region": gettext("region"), "country": gettext("country")}[
            line.by
        ]
    return _named(line.by, line.value)


def _named(by: str, value: str) -> str:
    if value == ledger.NOT_KNOWN:
        return gettext("not known")
    return {"language": language_name, "region": region_name, "country": offers_words.country_name}[by](value)
