"""Signing in with a password: one refusal for whatever was wrong, guesses counted, pauses that grow."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch

import pytest
from sqlalchemy import select

from helpline import db
from helpline.people import accounts, passwords, sessions, signing_in
from helpline.people.accounts import Invalid, Reason
from helpline.people.models import Guesses, Person
from helpline.people.signing_in import Refused, Signed
from tests.integration.people_deeds import do, later, told
from tests.integration.people_rows import ADDRESS, BY, PASSWORD, begin, make

pytestmark = pytest.mark.usefixtures("database")


def wrongly(times, login="anna", *, address=ADDRESS):
    return [begin(login, f"wrong {n}", address=address).pause_seconds for n in range(times)]


def test_whatever_is_wrong_is_refused_in_the_same_way():
    make("anna")
    make("new", password=None)
    gone = make("gone")
    do(accounts.disable, gone.id, BY)
    tries = [
        ("anna", "not hers"),
        ("nobody", PASSWORD),
        ("new", ""),
        ("gone", PASSWORD),
        ("", ""),
        ("a\0b", ""),
    ]
    for login, password in tries[:5]:
        assert begin(login, password, address=login) == Refused(0)


def test_a_password_is_compared_once_also_where_there_is_nobody():
    make("anna")
    make("new", password=None)
    for login in ("anna", "nobody", "new"):
        with patch.object(passwords, "fits", wraps=passwords.fits) as compared:
            begin(login, "not hers")
        assert compared.call_count == 1
    with patch.object(passwords._hasher.__class__, "verify", return_value=False) as computed:
        passwords.fits(None, "x")
    assert computed.call_count == 1


def test_a_password_kept_with_other_parameters_is_hashed_anew():
    who = make()
    weaker = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with db.transaction() as session:
        session.get(Person, who.id).password_hash = weaker
    assert isinstance(begin(), Signed)
    with db.transaction() as session:
        assert not passwords.is_outdated(session.get(Person, who.id).password_hash)
    assert isinstance(begin(), Signed)


def test_after_five_wrong_guesses_there_is_a_pause_that_grows_and_then_the_password_works():
    make()
    assert wrongly(5) == [0, 0, 0, 0, 30]
    with patch.object(passwords, "fits") as compared:
        assert begin().pause_seconds == 30, "the right password is not even looked at"
    assert not compared.called
    later(seconds=31)
    assert wrongly(1) == [60]
    later(seconds=61)
    assert wrongly(1) == [120]
    later(seconds=121)
    assert isinstance(begin(), Signed)
    assert wrongly(1) == [0], "counting begins anew"


def test_the_pause_ends_at_a_quarter_of_an_hour():
    make()
    wrongly(5)
    for _ in range(8):
        later(minutes=16)
        [pause] = wrongly(1)
    assert pause == 900


def test_logins_that_nobody_has_are_locked_like_others():
    assert wrongly(5, "nobody") == [0, 0, 0, 0, 30]


def test_an_address_that_tries_many_logins_is_locked():
    make()
    pauses = [wrongly(1, f"login{n}")[0] for n in range(20)]
    assert pauses == [0] * 19 + [30]
    assert begin().pause_seconds == 30
    assert isinstance(begin(address="198.51.100.1"), Signed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), ("192.0.2.1", "::ffff:192.0.2.1")],
)
def test_addresses_of_one_line_are_one(one, other):
    for n in range(20):
        begin(f"login{n}", "x", address=one if n % 2 else other)
    assert begin(address=one).pause_seconds == 30
    assert begin(address="2001:db8:1:3::1") == Refused(0)


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1"])
def test_an_address_that_is_everybodys_locks_nobody_out(address):
    make()
    assert {wrongly(1, f"login{n}", address=address)[0] for n in range(25)} == {0}
    assert isinstance(begin(address=address), Signed)


def test_guesses_of_yesterday_are_forgotten():
    make()
    wrongly(4)
    later(hours=25)
    assert wrongly(4) == [0, 0, 0, 0]


def test_many_guesses_at_once_are_counted_one_after_the_other():
    make()
    start = Barrier(8)

    def guess(n):
        start.wait()
        return begin("anna", f"wrong {n}", address=f"192.0.2.{n}").pause_seconds

    with patch.object(passwords, "fits", wraps=passwords.fits) as compared, ThreadPoolExecutor(8) as many:
        pauses = list(many.map(guess, range(8)))
    assert compared.call_count == 5
    assert sorted(pauses)[:4] == [0, 0, 0, 0]
    assert all(pause for pause in sorted(pauses)[4:])


def test_a_new_link_opens_a_locked_login():
    who = make()
    wrongly(5)
    token = do(accounts.reinvite, who.id, BY)
    do(accounts.accept, token, PASSWORD)
    assert isinstance(begin(), Signed)


def test_a_lock_is_written_down_once_and_a_login_that_nobody_has_is_not_named():
    who = make()
    wrongly(5)
    wrongly(5, "somebody-else")
    wrongly(3)
    assert told("locked") == [
        ("sign-in", "a login that nobody has", {"after": 5}),
        ("sign-in", f"person {who.id}", {"after": 5}),
    ]


def test_guesses_name_neither_login_nor_address():
    wrongly(1)
    with db.transaction() as session:
        rows = session.scalars(select(Guesses)).all()
    assert len(rows) == 2
    assert all(len(row.key_hash) == 64 for row in rows)


def test_a_new_password_needs_the_old_one_and_ends_other_sessions():
    who = make()
    ours, other = begin().token, begin().token

    def change(old, new):
        return do(signing_in.change_password, who.id, old, new, address=ADDRESS, token=ours)

    assert change("not it", "an entirely new one") == Refused(0)
    with pytest.raises(Invalid) as caught:
        change(PASSWORD, "anna12345678")
    assert caught.value.fields == {"new": Reason.TOO_COMMON}
    assert change(PASSWORD, "an entirely new one") is None
    assert do(sessions.whose, ours)
    assert do(sessions.whose, other) is None
    assert begin() == Refused(0)
    assert isinstance(begin(password="an entirely new one"), Signed)


def test_guesses_at_the_old_password_are_counted_too():
    who = make()
    for _ in range(5):
        answer = do(signing_in.change_password, who.id, "x", "an entirely new one", address=ADDRESS)
    assert answer == Refused(30)
    assert begin().pause_seconds == 30
