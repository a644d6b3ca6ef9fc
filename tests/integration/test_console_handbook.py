"""The handbook in the console: read, searched, printed; what is new is marked in one's own browser; the house writes beside it."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from helpline import clock, db, line
from helpline.console import handbook_read
from helpline.handbook import chapters, house
from helpline.line.models import ArticleRow
from helpline.people.roles import Role
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_deeds import told

pytestmark = pytest.mark.usefixtures("database")
WHY = "il nostro numero interno"
ATTACK = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"


@pytest.fixture
def app(settings, at):
    at("2026-11-24 10:00")
    return application(settings)


@pytest.fixture
def anna(app):
    return Visitor(app).sign_in("anna", locale="it")


@pytest.fixture
def paolo(app):
    return Visitor(app).sign_in("paolo", name="Paolo", roles=(Role.COORDINATOR,), locale="it")


def form(**changes):
    return {"title_it": "Telefoni nostri", "text_it": "## Chi\n\n- **Interno:** 12", "why": WHY} | changes


def written(visitor, **changes):
    answer = visitor.post("/handbook/ours/new", form(**changes))
    assert answer.status_code == 303
    return answer.location.removesuffix("/edit")


def test_one_s_own_chapters_come_first_and_all_are_there(app, anna):
    page = anna.get("/handbook").text
    assert page.index("Richiamare, passo per passo") < page.index("Per altre persone")
    member = Visitor(app).sign_in("nino", roles=(Role.NETWORK_MEMBER,), organisation="Sportello", locale="en")
    theirs = member.get("/handbook").text
    assert theirs.index("For others") < theirs.index("Calling back, step by step")
    for one in chapters.chapters("en"):
        assert one.title in words_of(member.get(f"/handbook/{one.name}"))


def test_searching_again_does_not_make_the_pages_of_the_house_again(anna, paolo, monkeypatch):
    written(paolo, text_it="Turni di Pentecoste")
    assert "Pentecoste" in anna.get("/handbook?q=pentecoste").text
    made = []
    monkeypatch.setattr(house.markdown, "render", lambda *words, **how: made.append(words))
    assert "Pentecoste" in anna.get("/handbook?q=pentecoste").text
    assert made == []


def test_the_search_finds_marks_and_leads_to_the_place(anna):
    page = anna.get("/handbook?q=cosi+CÒDICE").text
    assert "<mark>codice</mark>" in page.lower() and 'href="/handbook/recognising#' in page
    assert 'href="/guide#emergency"' in anna.get("/handbook?q=1522").text
    assert "Niente." in words_of(anna.get("/handbook?q=zzzz"))
    attack = anna.get("/handbook?q=<script>alert(1)</script>").text
    assert "<script>alert" not in attack


def test_amounts_are_the_line_s_own_with_their_date_and_a_warning_once_their_day_has_passed(anna):
    page = words_of(anna.get("/handbook/amounts"))
    assert "615 euro" in page and "2 gennaio 2024" in page and "andava ricontrollato" not in page
    with db.transaction() as session:
        session.add(
            ArticleRow(
                name="amounts", as_of=clock.now().date(), checked_on=clock.now().date(), check_by=clock.now().date(),
                titles={"it": "Importi", "en": "Amounts"}, sources={"it": "noi", "en": "us"},
                paragraphs={"it": ["Oggi 777 euro."], "en": ["Today 777 euros."]},
            )
        )  # fmt: skip
    line.forget()
    fresh = words_of(anna.get("/handbook/amounts"))
    assert "777 euro" in fresh and "615" not in fresh
    assert "777 euro" in words_of(anna.get("/handbook/print"))
    clock.set_offset(clock.offset() + timedelta(days=2))
    anna.sign_in("berta", locale="it")
    assert "andava ricontrollato" in words_of(anna.get("/handbook/amounts"))


def test_what_changed_since_one_read_it_is_marked_in_one_s_own_browser_alone(app, anna, monkeypatch):
    assert "cambiato dall" not in words_of(anna.get("/handbook"))
    newer = tuple(
        replace(one, version=one.version + 1, what_changed="Altri numeri.") if one.name == "danger" else one
        for one in chapters.chapters("it")
    )
    monkeypatch.setattr(chapters, "chapters", lambda locale: newer)
    assert words_of(anna.get("/handbook")).count("cambiato dall’ultima lettura") == 1
    assert "Altri numeri." in words_of(anna.get("/handbook/danger"))
    assert "cambiato dall" not in words_of(anna.get("/handbook"))
    other = Visitor(app).sign_in("carla", locale="it")
    assert "cambiato dall" not in words_of(other.get("/handbook"))


def test_a_cookie_that_somebody_forged_breaks_nothing(app, anna):
    for value in ("x" * 3900, "callback:99999999999", "callback:-1.;:", "ours-1:2.callback:1"):
        anna.client.set_cookie(
            anna.jar.name(handbook_read.COOKIE), value, domain="line.example.org", secure=True
        )
        assert anna.get("/handbook").status_code == 200
        assert anna.get("/handbook/callback").status_code == 200


def test_a_page_of_the_house_is_read_beside_its_chapter_and_both_stay(anna, paolo):
    written(paolo, chapter="danger")
    page = anna.get("/handbook/danger").text
    assert "Telefoni nostri" in page and "Di questa sede" in page and "Pericolo, tratta, violenza" in page
    alone = written(paolo, title_it="Turni di Natale")
    assert "Turni di Natale" in anna.get(alone).text and "Turni di Natale" in anna.get("/handbook").text
    assert "Turni di Natale" in anna.get("/handbook?q=natale").text
    assert next(line[1] for line in told("made_page")) == f"page {alone.rpartition('/')[2]}"
    english = Visitor(anna.app).sign_in("ed", locale="en")
    assert "only in Italian" in words_of(english.get(alone))


def test_nothing_that_a_coordinator_writes_becomes_a_script(anna, paolo):
    at = written(paolo, title_it=ATTACK[:100], text_it=ATTACK, why=ATTACK, chapter="danger")
    assert anna.get("/handbook/danger").text.count("&lt;script&gt;") >= 2
    for page in (anna.get("/handbook/danger"), anna.get("/handbook"), anna.get("/handbook?q=alert"), anna.get("/handbook/print"),
                 paolo.get(f"{at}/edit")):  # fmt: skip
        assert (
            "<script>alert" not in page.text
            and "<img src=x" not in page.text
            and 'href="javascript' not in page.text
        )


def test_a_page_is_changed_taken_away_and_put_back_each_with_who_and_why(anna, paolo):
    at = written(paolo)
    assert paolo.post(f"{at}/edit", form(text_it="Nuovo", revision="1", why="")).status_code == 422
    assert paolo.post(f"{at}/edit", form(text_it="Nuovo", revision="1")).status_code == 303
    late = paolo.post(f"{at}/edit", form(text_it="Da altri", revision="1"))
    assert late.status_code == 409 and "Da altri" in late.text
    assert paolo.post(f"{at}/away", {"revision": "2", "away_why": "non serve più"}).status_code == 303
    assert anna.get(at).status_code == 404 and "Telefoni nostri" not in anna.get("/handbook").text
    assert paolo.post(f"{at}/back/1", {"revision": "3", "back_why": "serve ancora"}).status_code == 303
    assert "Interno:" in anna.get(at).text
    history = words_of(paolo.get(f"{at}/edit"))
    for said in (WHY, "non serve più", "serve ancora", "Paolo", "Versione 4"):
        assert said in history
    assert paolo.post(f"{at}/back/9", {"revision": "4", "back_why": "x"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"title_it": "", "text_it": ""}, {"title_it": ""}, {"text_it": "x" * 12_001}, {"title_en": "Only a title"},
     {"why": ""}, {"why": "chiami il 333 0000001"}, {"chapter": "nowhere"}],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_beside_its_field_and_nothing_is_kept(paolo, wrong):
    answer = paolo.post("/handbook/ours/new", form(**wrong))
    assert answer.status_code == 422 and 'class="error"' in answer.text
    assert told("made_page") == []


def test_on_paper_every_chapter_carries_its_version_and_its_day(anna):
    page = words_of(anna.get("/handbook/print"))
    for one in chapters.chapters("it"):
        assert one.title in page
    own = Counter(one.version for one in chapters.chapters("it"))
    assert all(page.count(f"Versione {number}, ") >= 2 * count for number, count in own.items())
    alone = words_of(anna.get("/handbook/print?chapter=minors"))
    assert "Minori" in alone and "Richiamare, passo per passo" not in alone


def test_every_link_of_every_chapter_leads_to_a_page_of_the_console(app):
    routes = app.url_map.bind("line.example.org")
    for locale in chapters.LOCALES:
        for one in chapters.chapters(locale):
            for address in re.findall(r"\]\((/[^)#]*)", one.body):
                routes.match(address, method="GET")
