"""The list of requests: what is looked for stands in the address, a page at a time. Asks `routing.finding`.

Nothing of a person can be looked for; a request has a number.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.console import offers_words, requests_words
from helpline.console.forms import Form, number
from helpline.console.labels import language_choices
from helpline.console.rendering import notice, page
from helpline.languages import CODES
from helpline.people.access import allowed
from helpline.people.roles import Role
from helpline.places import REGIONS
from helpline.routing import finding, overview, waiting
from helpline.routing.finding import NOT_KNOWN, WAITING, Asked
from helpline.routing.models import UNPLACED
from helpline.routing.together import MOST

PAGE = 50
DAYS = (7, 14, 30, 90, 180)
WORDS = ("why", "language", "region", "country", "group", "urgent", "days", "entity", "sort")
coordinators = allowed(Role.COORDINATOR)


def asked_of(given: Any) -> Asked:
    """What an address or a form looks for. 404 for a word that nobody could have chosen."""
    words = {name: given.get(name, "") for name in WORDS}
    among: dict[str, Any] = {
        "why": requests_words.WAITS,
        "language": CODES,
        "region": (NOT_KNOWN, *(region.code for region in REGIONS)),
        "group": ("self", "family"),
        "urgent": ("yes",),
        "days": tuple(map(str, DAYS)),
        "sort": finding.SORTS,
    }
    state = given.get("state") or WAITING
    if state not in finding.STATES or any(words[name] not in ("", *known) for name, known in among.items()):
        abort(404)
    return Asked(
        **words
        | {
            "state": state,
            "urgent": words["urgent"] == "yes",
            "days": int(words["days"] or 0),
            "sort": words["sort"] or ("turn" if state == WAITING else "newest"),
        }
    )


def found(form: Form | None = None, status: int = 200) -> Response:
    """A page of what was found; below it, of those who wait, what can be done for several (`form`: as it was sent)."""
    given = request.args if form is None else form.values
    asked = asked_of(given)
    after = given.get("after", "")
    with db.transaction(durable=False) as session:
        ids = finding.page(session, asked, after=_after(after), limit=PAGE + 1)
        rows: Any = _rows(session, asked, ids[:PAGE])
        counts = overview.counts(session)
        entities = overview.entity_names(session)
        codes = finding.codes(session) if asked.state == WAITING else {}
        all_ = codes and replace(asked, sort="turn") == Asked()
        many = sum(codes.values()) if all_ else finding.count(session, asked)
        countries = finding.countries(session)
        able = waiting.open_projects(session) if asked.state == WAITING else []
    chosen = Form({name: given.get(name, "") for name in WORDS})
    chosen.fill(sort=asked.sort)
    words = {name: value for name in WORDS if (value := given.get(name, ""))} | {"state": asked.state}
    return page(
        "requests/found.html",
        status,
        rows=rows,
        more=_address(words | {"after": ids[PAGE - 1]}) if len(ids) > PAGE else None,
        first=_address(words) if after else None,
        here=words | ({"after": after} if after else {}),
        found=many,
        filters=sorted(set(words) - {"state", "sort"}),
        asked=asked,
        chosen=chosen,
        form=Form() if form is None else form,
        options=_options(codes, countries, entities, asked.state),
        able=[("", "—"), *((id, f"{entities[owner]}: {name}") for id, name, owner in able)],
        state=asked.state,
        states=finding.STATES[1:],
        counts=counts,
        waits=sum(counts.get(str(each), 0) for each in UNPLACED),
        most=MOST,
        now=clock.now(),
        today=clock.in_rome().date().isoformat(),
    )


@coordinators
def find() -> Response:
    """To the request of a number, or back with a word that there is none."""
    typed = request.args.get("number", "").strip().removeprefix("#")
    wanted = number(typed)
    with db.transaction(durable=False) as session:
        there = wanted is not None and finding.there_is(session, wanted)
    if there:
        return redirect(url_for("requests.one", request_id=wanted), 303)
    said = gettext("There is no request of this number.")
    return notice(redirect(url_for("requests.listed"), 303), said, kind="info")


def _after(typed: str) -> int | None:
    if not typed:
        return None
    wanted = number(typed)
    return -1 if wanted is None else wanted


def _address(words: dict[str, Any]) -> str:
    return f"{url_for('requests.listed')}?{urlencode(words)}"


def _rows(session: Any, asked: Asked, ids: list[int]) -> list[Any]:
    if asked.state != WAITING:
        return list(overview.listed(session, ids))
    return list(waiting.of_ids(session, ids))


def _options(
    codes: dict[str, int], countries: Any, entities: dict[str, str], state: str
) -> dict[str, list[tuple[str, Any]]]:
    every, unknown = ("", gettext("all")), (NOT_KNOWN, gettext("not known"))
    why = [(code, f"{word} ({codes.get(code, 0)})") for code, word in requests_words.WAITS.items()]
    return {
        "why": [every, *why] if state == WAITING else [],
        "language": [every, *((code, name) for code, name, _ in language_choices())],
        "region": [every, unknown, *((region.code, region.name) for region in REGIONS)],
        "country": [every, unknown, *offers_words.country_choices(countries)],
        "group": [every, *offers_words.GROUPS.items()],
        "urgent": [every, ("yes", gettext("urgent ones"))],
        "days": [every, *((str(days), gettext("%(days)s days or more", days=days)) for days in DAYS)],
        "entity": [every, *entities.items()],
        "sort": list(requests_words.SORTS.items()),
    }
