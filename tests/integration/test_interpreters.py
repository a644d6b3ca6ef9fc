"""The directory of interpreters: loaded from a file, offered by language with masked numbers, each call written down."""

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.faults import Faults
from helpline.line.models import LineVersion
from helpline.live.models import Hold, HoldState
from helpline.people import audit
from helpline.people.roles import Role
from helpline.phone import PhoneNumber
from helpline.privacy import retention
from helpline.routing import loading
from helpline.telephony import interpreters, rooms
from helpline.telephony.models import Interpreter, Leg
from tests.integration import queue_rows as rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.test_console_live import in_a_call

pytestmark = pytest.mark.usefixtures("database")

FILE = """
[[interpreters]]
name = "Samira"
languages = ["fr", "ar"]
phone = "333 0000801"
note = "weekdays until six"

[[interpreters]]
name = "Nikolai"
languages = ["ru"]
phone = "+39 333 0000802"
"""


@pytest.fixture
def load(tmp_path, database):
    def load(text):
        path = tmp_path / "interpreters.toml"
        path.write_text(text, "utf-8")
        return loading.load(path, who="tester")

    return load


def directory():
    with db.transaction() as session:
        return {code: [one.name for one in people] for code, people in interpreters.by_language(session)}


def test_a_file_says_whom_to_ring_for_which_language(load):
    done = load(FILE)
    assert done.version is None
    assert done.changes == {
        "interpreter Samira": ["languages", "note", "phone"],
        "interpreter Nikolai": ["languages", "note", "phone"],
    }
    assert directory() == {"fr": ["Samira"], "ru": ["Nikolai"], "ar": ["Samira"]}
    assert load(FILE).changes == {}
    with db.transaction() as session:
        assert session.query(LineVersion).count() == 0
        held = session.execute(text("SELECT phone, note FROM interpreters")).all()
        assert not any(b"333" in bytes(phone) or b"six" in bytes(note or b"") for phone, note in held)
        lines = audit.listed(session, who="tester")
        assert [(line.what, line.details["fields"]) for line in lines] == [
            ("changed", "languages, note, phone")
        ] * 2


def test_who_does_not_interpret_any_more_is_not_offered_and_forgotten_after_a_month(load):
    load(FILE)
    done = load(FILE.replace("note =", "disabled = true\nnote ="))
    assert done.changes == {"interpreter Samira": ["disabled"]}
    assert directory() == {"ru": ["Nikolai"]}
    with db.transaction() as session:
        samira = session.scalars(select(Interpreter).where(Interpreter.name == "Samira")).one()
        assert interpreters.speaking(session, samira.id, "ar") is None
    rows.later(days=31)
    retention.purge_all()
    with db.transaction() as session:
        assert list(session.scalars(select(Interpreter.name))) == ["Nikolai"]
    assert load(FILE.replace("note =", "disabled = true\nnote =")).changes == {}
    assert load(FILE).changes == {"interpreter Samira": ["languages", "note", "phone"]}


def test_a_number_that_changes_is_the_same_persons(load):
    load(FILE)
    assert load(FILE.replace("0000802", "0000803")).changes == {"interpreter Nikolai": ["phone"]}
    with db.transaction() as session:
        [(_, [samira]), (_, [nikolai]), _] = interpreters.by_language(session)
        assert (nikolai.number, str(samira.number)) == (PhoneNumber("+393330000803"), "•••• 801")


def test_all_that_is_wrong_is_told_at_once_without_a_number_and_nothing_is_kept(load):
    with pytest.raises(Faults) as caught:
        load("""
[[interpreters]]
name = "Samira"
phone = "800 000 000"
mobile = "x"

[[interpreters]]
name = "Samira"
languages = ["*"]
phone = "333 0000801"
disabled = "no"

[[interpreters]]
languages = ["de"]
""")
    assert sorted(fault.partition("interpreters.toml: ")[2] for fault in caught.value.faults) == sorted([
        'interpreter "Samira": languages: must name some of it, en, fr, es, ru, uk, ar, bn, hi',
        'interpreter "Samira": phone: must be an Italian fixed or mobile number',
        'interpreter "Samira": mobile: unknown',
        'interpreter "Samira": languages: must name some of it, en, fr, es, ru, uk, ar, bn, hi',
        'interpreter "Samira": disabled: must be true or false',
        'interpreter 3: name: missing',
        'interpreter 3: languages: "de" is not one of the nine languages',
        'interpreter 3: phone: missing',
        'interpreter "Samira": stands more than once',
    ])  # fmt: skip
    assert directory() == {}


# ------------------------------------------------------------ on the page


@pytest.fixture
def amina(settings, at, load):
    at(rows.TUESDAY)
    rows.always()
    load(FILE)
    return Visitor(application(settings)).sign_in(
        "amina", roles=[Role.OPERATOR], languages=["ar"], locale="en"
    )


def in_a_room(who):
    """A live call in which the two talk; the hold's id."""
    with db.transaction() as session:
        room = rooms.open_room(session, "ar").name
        rooms.entered(session, room, "CA1")
    hold_id = in_a_call(who)
    with db.transaction() as session:
        session.get_one(Hold, hold_id).room = room
    return hold_id


def rung():
    with db.transaction() as session:
        return [(leg.language, leg.to_number) for leg in session.scalars(select(Leg).order_by(Leg.id))]


def lines():
    with db.transaction() as session:
        return [
            (line.who, line.about, line.details["language"], line.details["interpreter"] is not None)
            for line in audit.listed(session)
            if line.what == "called_interpreter"
        ]


def samira(page):
    """The value of the choice that is Samira's, for Arabic."""
    [option] = [one for one in page.text.split("<option ") if one.startswith('value="ar ')]
    return option.split('"')[1]


def test_the_page_offers_interpreters_by_language_and_shows_no_number(amina):
    in_a_room(amina)
    page = amina.get("/live")
    assert '<optgroup label="Arabic">' in page.text and "Samira, •••• 801 (weekdays until six)" in words_of(
        page
    )
    assert "0000801" not in page.text and "0000802" not in page.text


def test_one_of_the_directory_is_rung_once_and_written_down(amina):
    hold_id = in_a_room(amina)
    chosen = {"interpreter": samira(amina.get("/live")), "telephone": "", "language": ""}
    for _ in range(2):
        assert amina.post(f"/live/{hold_id}/interpreter", chosen).status_code == 303
    assert rung() == [("ar", "+393330000801")]
    assert lines() == [(f"person {amina.who.id}", f"hold {hold_id}", "ar", True)]
    page = amina.get("/live")
    assert "Let the caller in" in words_of(page) and "Call in an interpreter" not in words_of(page)
    amina.post(f"/live/{hold_id}/bridge")
    assert "Let the caller in" not in words_of(amina.get("/live"))
    amina.post(f"/live/{hold_id}/dismiss")
    assert "Call in an interpreter" in words_of(amina.get("/live"))


def test_a_number_by_hand_is_rung_and_written_down_too(amina):
    hold_id = in_a_room(amina)
    given = {"interpreter": "", "telephone": "333 0000888", "language": "bn"}
    amina.post(f"/live/{hold_id}/interpreter", given)
    assert rung() == [("bn", "+393330000888")]
    assert lines() == [(f"person {amina.who.id}", f"hold {hold_id}", "bn", False)]


@pytest.mark.parametrize(
    "given",
    [
        {"interpreter": "ru 1000000"},
        {"interpreter": "ru x"},
        {"interpreter": "hi 99999999999999999999"},
        {"telephone": "333 0000888"},
        {"language": "bn"},
        {"telephone": "+12025550123", "language": "bn"},
    ],
)
def test_what_is_not_whole_or_not_known_rings_nobody(amina, given):
    hold_id = in_a_room(amina)
    amina.post(f"/live/{hold_id}/interpreter", given)
    assert "Choose an interpreter, or give a telephone number" in words_of(amina.get("/live"))
    assert rung() == [] and lines() == []


def test_who_speaks_another_language_is_not_rung_for_this_one(amina):
    hold_id = in_a_room(amina)
    chosen = samira(amina.get("/live")).replace("ar", "hi")
    amina.post(f"/live/{hold_id}/interpreter", {"interpreter": chosen})
    assert rung() == []


def test_nobody_is_called_into_a_talk_of_somebody_else_or_one_that_is_over(amina):
    hold_id = in_a_room(amina)
    given = {"telephone": "333 0000888", "language": "bn"}
    basma = Visitor(amina.app).sign_in("basma", roles=[Role.OPERATOR], languages=["ar"], locale="en")
    basma.post(f"/live/{hold_id}/interpreter", given)
    assert "while you are talking" in words_of(basma.get("/live"))
    with db.transaction() as session:
        hold = session.get_one(Hold, hold_id)
        hold.state, hold.ended_at = HoldState.DONE, clock.now()
    amina.post(f"/live/{hold_id}/interpreter", given)
    assert "while you are talking" in words_of(amina.get("/live"))
    assert rung() == []
