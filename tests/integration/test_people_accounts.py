"""Accounts: who may be made, invited, changed and disabled, and what that leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text

from helpline import clock, db
from helpline.people import accounts, audit, register, sessions
from helpline.people.accounts import Invalid, NoInvitation, NoPerson, Reason
from helpline.people.models import Invitation, Person
from helpline.people.register import Standing
from helpline.people.roles import Role
from helpline.people.signing_in import Refused, Signed
from helpline.routing.models import Entity
from tests.integration.people_deeds import do
from tests.integration.people_rows import BY, PASSWORD, begin, make

pytestmark = pytest.mark.usefixtures("database")

PHONE = "333 0000123"


def told():
    with db.transaction() as session:
        return [(line.who, line.what, line.about) for line in reversed(audit.listed(session))]


def test_somebody_is_invited_chooses_a_password_and_signs_in():
    token = do(
        accounts.invite,
        login=" Anna.Rossi ",
        name="Anna  Rossi",
        roles={"operator", "coordinator"},
        languages=["bn", "it"],
        phone=PHONE,
        by=BY,
    )
    who = do(accounts.invited, token)
    assert (who.login, who.name, who.roles, who.languages) == (
        "anna.rossi",
        "Anna Rossi",
        ("operator", "coordinator"),
        ("it", "bn"),
    )
    assert do(register.row, who.id).standing is Standing.INVITED
    assert isinstance(begin("anna.rossi"), Refused)
    assert do(accounts.accept, token, PASSWORD) == who
    assert isinstance(begin("ANNA.rossi "), Signed)
    assert do(register.row, who.id).standing is Standing.ACTIVE
    assert told() == [
        (BY, "added", f"person {who.id}"),
        (BY, "invited", f"person {who.id}"),
        (who.in_audit, "accepted_invitation", f"person {who.id}"),
        (who.in_audit, "signed_in", f"person {who.id}"),
    ]


def test_nothing_secret_stands_in_the_tables():
    token = do(accounts.invite, login="anna", name="Anna", roles=["operator"], phone=PHONE, by=BY)
    do(accounts.accept, token, PASSWORD)
    signed = begin()
    with db.transaction() as session:
        tables = ("people", "invitations", "sessions", "guesses", "audit")
        rows = [
            str(row) for name in tables for row in session.execute(text(f"SELECT {name}::text FROM {name}"))
        ]
    for secret in (token, PASSWORD, signed.token, "3330000123", "192.0.2.7"):
        assert not any(secret in row for row in rows)
    assert any("$argon2id$" in row for row in rows)


def test_the_telephone_is_given_whole_only_to_who_asks_for_it():
    who = make(phone=PHONE)
    assert do(accounts.phone_of, who.id).e164 == "+393330000123"
    assert str(do(register.row, who.id).phone) == "•••• 123"
    assert "0000123" not in repr(do(register.listed))
    assert do(accounts.phone_of, make("bea").id) is None


def test_an_invitation_works_once():
    token = do(accounts.invite, login="anna", name="Anna", roles=["operator"], by=BY)
    do(accounts.accept, token, PASSWORD)
    with pytest.raises(NoInvitation):
        do(accounts.accept, token, "another long password, 2")
    assert do(accounts.invited, token) is None
    assert isinstance(begin(), Signed)


def test_one_invitation_accepted_by_many_at_once_is_accepted_once():
    token = do(accounts.invite, login="anna", name="Anna", roles=["operator"], by=BY)
    start = Barrier(6)

    def accept(n):
        start.wait()
        try:
            do(accounts.accept, token, f"{PASSWORD} {n}")
        except NoInvitation:
            return None
        return n

    with ThreadPoolExecutor(6) as many:
        [winner] = [n for n in many.map(accept, range(6)) if n is not None]
    assert isinstance(begin(password=f"{PASSWORD} {winner}"), Signed)


def test_an_invitation_lasts_three_days():
    token = do(accounts.invite, login="anna", name="Anna", roles=["operator"], by=BY)
    clock.set_offset(timedelta(days=3, seconds=-5))
    assert do(accounts.invited, token)
    clock.set_offset(timedelta(days=3, seconds=1))
    assert do(accounts.invited, token) is None
    with pytest.raises(NoInvitation):
        do(accounts.accept, token, PASSWORD)
    [row] = do(register.listed)
    assert (row.standing, row.invited_until) == (Standing.NEW, None)


def test_nobody_knows_invitations_that_were_never_made():
    with pytest.raises(NoInvitation):
        do(accounts.accept, "made-up", PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short", Reason.TOO_SHORT), ("Password2026!", Reason.TOO_COMMON), ("x" * 201, Reason.TOO_LONG)],
)
def test_a_weak_password_is_refused_and_the_invitation_stays(password, reason):
    token = do(accounts.invite, login="anna", name="Anna", roles=["operator"], by=BY)
    with pytest.raises(Invalid) as caught:
        do(accounts.accept, token, password)
    assert caught.value.fields == {"password": reason}
    assert do(accounts.accept, token, PASSWORD)


def test_all_that_is_wrong_is_told_at_once():
    make("anna")
    with pytest.raises(Invalid) as caught:
        do(
            accounts.invite,
            login="ANNA",
            name=" ",
            roles=["king"],
            languages=["xx"],
            entity_id="nowhere",
            phone="+12025550123",
            locale="fr",
            by=BY,
        )
    assert caught.value.fields == {
        "login": Reason.TAKEN,
        "name": Reason.MISSING,
        "roles": Reason.UNKNOWN,
        "languages": Reason.UNKNOWN,
        "entity_id": Reason.UNKNOWN,
        "phone": Reason.NOT_CALLABLE,
        "locale": Reason.UNKNOWN,
    }
    assert "login: somebody else has it" in caught.value.faults
    assert not any("2025550123" in fault for fault in caught.value.faults)


@pytest.mark.parametrize("login", ["", "1abc", "a b", "anna@", "a", "ànna", "anna\n@x", "x" * 90])
def test_a_login_is_a_word_or_an_address(login):
    with pytest.raises(Invalid) as caught:
        do(accounts.invite, login=login, name="Anna", roles=["operator"], by=BY)
    assert list(caught.value.fields) == ["login"]


def test_two_who_take_one_login_at_once_are_one_too_many():
    start = Barrier(4)

    def take(n):
        start.wait()
        try:
            do(accounts.invite, login="anna", name=f"Anna {n}", roles=["operator"], by=BY)
        except Invalid as invalid:
            return invalid.fields
        return "made"

    with ThreadPoolExecutor(4) as many:
        results = list(many.map(take, range(4)))
    assert sorted(map(str, results)) == sorted(["made", *[str({"login": Reason.TAKEN})] * 3])


def test_members_of_an_entity_have_one_and_nobody_else_has():
    with db.transaction() as session:
        session.add(Entity(id="iom-rome", name="IOM Rome", contact="x"))
    for roles, entity_id, reason in (
        (["entity_member"], None, Reason.MISSING),
        (["operator"], "iom-rome", Reason.NOT_FOR_ROLE),
    ):
        with pytest.raises(Invalid) as caught:
            make("carla", roles=roles, entity_id=entity_id)
        assert caught.value.fields == {"entity_id": reason}
    member = make("carla", roles=["entity_member"], entity_id="iom-rome")
    assert member.entity_id == "iom-rome"
    do(accounts.change, member.id, by=BY, roles=["operator"])
    assert do(accounts.who, member.id).entity_id is None


def test_a_change_is_written_down_by_its_fields_and_counts_at_once():
    who = make(languages=["it"], phone=PHONE)
    token = begin().token
    changed = do(
        accounts.change, who.id, by="person 9", roles=["editor"], languages=["ar"], phone="", name="Anna"
    )
    assert changed == ["languages", "phone", "roles"]
    now = do(sessions.whose, token)
    assert (now.roles, now.languages, do(accounts.phone_of, who.id)) == (("editor",), ("ar",), None)
    with db.transaction() as session:
        [line] = audit.listed(session, what="changed")
    assert (line.who, line.details) == (
        "person 9",
        {"fields": "languages phone roles", "roles_before": "operator", "roles": "editor"},
    )
    assert do(accounts.change, who.id, by=BY, roles=["editor"]) == []


def test_disabled_people_are_out_at_once_and_come_back_when_enabled():
    who = make(phone=PHONE)
    token = begin().token
    link = do(accounts.reinvite, make("bea", password=None).id, BY)
    do(accounts.disable, who.id, BY)
    assert do(sessions.whose, token) is None
    assert isinstance(begin(), Refused)
    assert (do(accounts.who, who.id), do(accounts.phone_of, who.id), do(accounts.by_login, "anna")) == (
        None,
        None,
        None,
    )
    assert do(accounts.names, [who.id, 99_999]) == {who.id: "Anna"}
    with pytest.raises(Invalid):
        do(accounts.reinvite, who.id, BY)
    do(accounts.enable, who.id, BY)
    assert do(sessions.whose, token) is None, "what was ended stays ended"
    assert isinstance(begin(), Signed)
    bea = do(accounts.invited, link)
    do(accounts.disable, bea.id, BY)
    with pytest.raises(NoInvitation):
        do(accounts.accept, link, PASSWORD)


def test_a_forgotten_password_ends_sessions_links_and_the_password_itself():
    who = make()
    token = begin().token
    earlier = do(accounts.reinvite, who.id, BY)
    assert do(sessions.whose, token) is None
    assert isinstance(begin(), Refused)
    later = do(accounts.reinvite, who.id, BY)
    assert do(accounts.invited, earlier) is None
    do(accounts.accept, later, "tutta un'altra cosa")
    assert isinstance(begin(password="tutta un'altra cosa"), Signed)


def test_somebody_stays_administrator():
    first = make("root1", roles=["administrator"])
    make("asleep", roles=["administrator"], password=None)
    for act in (
        lambda session: accounts.disable(session, first.id, BY),
        lambda session: accounts.change(session, first.id, by=BY, roles=["operator"]),
    ):
        with pytest.raises(Invalid) as caught:
            do(act)
        assert caught.value.fields == {"roles": Reason.LAST_ADMINISTRATOR}
    make("root2", roles=["administrator"])
    do(accounts.disable, first.id, BY)


def test_two_administrators_cannot_disable_each_other_at_once():
    for turn in range(3):
        pair = [make(f"root{turn}{n}", roles=["administrator"]) for n in range(2)]
        start = Barrier(2)

        def disable(who, start=start):
            start.wait()
            try:
                do(accounts.disable, who.id, BY)
            except Invalid:
                return "refused"
            return "disabled"

        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(disable, pair)) == ["disabled", "refused"]
        with db.transaction() as session:
            left = session.scalars(
                select(Person).where(Person.disabled_at.is_(None), Person.roles.contains(["administrator"]))
            ).one()
            left.roles = [Role.OPERATOR]


def test_nobody_is_told_of_people_who_are_not_there():
    assert (do(accounts.who, 99), do(register.row, 99), do(accounts.names, [])) == (None, None, {})
    for act in (accounts.disable, accounts.enable, accounts.reinvite):
        with pytest.raises(NoPerson):
            do(act, 99, BY)
    with pytest.raises(NoPerson):
        do(accounts.change, 99, by=BY, name="x")


def test_each_invitation_is_a_row_without_its_token():
    make()
    with db.transaction() as session:
        [row] = session.scalars(select(Invitation))
    assert len(row.token_hash) == 64
    assert row.ended_at is not None
