"""What is kept about those who work here is forgotten in its time, too."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpline import clock, db
from helpline.people import accounts, register
from helpline.people.finding import NoPerson
from helpline.people.models import Guesses, Invitation, PendingSignIn, Person, RecoveryCode, SessionRow
from helpline.privacy import retention
from tests.integration.people_deeds import do
from tests.integration.people_rows import BY, begin, enrol, make

pytestmark = pytest.mark.usefixtures("database")


def purge_after(days):
    clock.set_offset(timedelta(days=days))
    retention.purge_all()


def kept():
    with db.transaction() as session:
        tables = (Invitation, SessionRow, PendingSignIn, Guesses, RecoveryCode)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def person(who):
    with db.transaction() as session:
        return session.get(Person, who.id)


def test_traces_of_signing_in_have_their_day():
    who = make(phone="3330000123")
    begin()
    enrol(who)
    begin()
    found = {}
    for days in (0.9, 1.1, 29, 31, 800):
        purge_after(days)
        found[days] = kept()
    assert found == {
        0.9: [1, 1, 1, 2, 10],
        1.1: [1, 1, 0, 0, 10],
        29: [1, 1, 0, 0, 10],
        31: [0, 0, 0, 0, 10],
        800: [0, 0, 0, 0, 10],
    }
    assert person(who).phone, "who still works here is kept"


def test_who_left_is_forgotten_and_the_line_of_their_account_stays_without_them():
    who = make(phone="3330000123")
    enrol(who)
    do(accounts.disable, who.id, BY)
    purge_after(29)
    assert person(who).phone
    purge_after(31)
    left = person(who)
    assert (left.phone, left.password_hash, left.totp_secret, left.name) == (None, None, None, "Anna")
    assert kept()[-1] == 0
    purge_after(729)
    assert do(accounts.names, [who.id]) == {who.id: "Anna"}
    purge_after(731)
    assert (person(who).name, person(who).login) == ("", None)
    assert (do(accounts.names, [who.id]), do(register.listed), do(register.row, who.id)) == ({}, [], None)
    with pytest.raises(NoPerson):
        do(accounts.enable, who.id, BY)
    make("anna")
