"""What may be said can be an installation's own: articles in a settings file, dated, in the place of ours."""

import pytest
from sqlalchemy import select

from helpline import clock, db, line
from helpline.console import knowledge
from helpline.line.models import LineVersion
from helpline.people.roles import Role
from helpline.routing import loading
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.loading_deeds import faults_of, now

pytestmark = pytest.mark.usefixtures("database")

AMOUNTS = """
[[articles]]
name = "amounts"
as_of = 2024-01-02
checked_on = "today-200d"
title = { it = "Gli importi", en = "The amounts" }
source = { it = "Il progetto", en = "The project" }
it = ["Prima sistemazione: 700 euro."]
en = ["First needs: 700 euros."]

[[articles]]
name = "consulates"
as_of = "today"
title = { it = "Consolati", en = "Consulates" }
source = { en = "Their sites", it = "I siti" }
it = ["Non li contattiamo noi."]
en = ["We do not contact them."]
"""


def test_an_installation_keeps_its_own_articles_in_the_place_of_those_that_come_with_the_code(file):
    assert [one.name for one in knowledge.articles()] == [one.name for one in knowledge.packaged()]
    loading.load(file(AMOUNTS), who="tester")
    line.forget()
    found = {one.name: one for one in knowledge.articles()}
    assert list(found)[-1] == "consulates" and len(found) == len(knowledge.packaged()) + 1
    assert found["amounts"].paragraphs["en"] == ["First needs: 700 euros."]
    today = clock.in_rome().date()
    assert found["amounts"].is_stale(today) and not found["consulates"].is_old(today)
    loading.load(file(AMOUNTS.replace("today-200d", "today")), who="tester")
    line.forget()
    assert not {one.name: one for one in knowledge.articles()}["amounts"].is_old(today)
    with db.transaction() as session:
        [line_of_it] = session.scalars(select(LineVersion.changes).order_by(LineVersion.id.desc()).limit(1))
    assert list(line_of_it) == ["article amounts"] and list(line_of_it["article amounts"]) == ["checked_on"]


def test_what_is_wrong_with_articles_is_told_with_all_the_rest_and_nothing_is_changed(file):
    broken = AMOUNTS.replace('en = ["First needs: 700 euros."]', "en = []").replace(
        'checked_on = "today-200d"', ""
    )
    broken = broken.replace('name = "consulates"', 'name = "amounts"').replace('en = "Their sites", ', "")
    assert faults_of(file(broken + '[[hours]]\nfrom = "nine"\nto = 18\n')) == [
        "hours 1: from: must be a whole number from 7 to 21",
        'article "amounts": en: must be a list of paragraphs',
        'article "amounts": source: en: missing',
        'article "amounts": stands more than once',
    ]
    line.forget()
    assert now().articles == ()


def test_the_page_says_what_was_checked_long_ago(file, settings):
    loading.load(file(AMOUNTS), who="tester")
    line.forget()
    amina = Visitor(application(settings)).sign_in(
        "amina", roles=[Role.OPERATOR], languages=["ar"], locale="en"
    )
    page = words_of(amina.get("/guide"))
    assert "First needs: 700 euros." in page and "615" not in page
    assert "This may be out of date: it was checked on" in page
