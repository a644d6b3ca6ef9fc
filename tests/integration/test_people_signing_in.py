"""Signing in: one refusal for whatever was wrong, each code once, guesses counted, pauses that grow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

import pyotp
import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.people import accounts, audit, passwords, second_factor, sessions, signing_in
from helpline.people.accounts import Invalid, NoPerson, Reason
from helpline.people.models import Guesses, Person
from helpline.people.second_factor import AlreadyEnrolled, WrongCode
from helpline.people.signing_in import NeedsCode, NeedsEnrolment, Refused, Signed
from tests.integration.people_rows import ADDRESS, BY, PASSWORD, begin, code, enrol, make, second

pytestmark = pytest.mark.usefixtures("database")


def do(function, *words, **more):
    with db.transaction() as session:
        return function(session, *words, **more)


def told(what):
    with db.transaction() as session:
        return [(line.who, line.about, line.details) for line in audit.listed(session, what=what)]


def wrongly(times, login="anna", *, address=ADDRESS):
    return [begin(login, f"wrong {n}", address=address).pause_seconds for n in range(times)]


def later(**time):
    clock.set_offset(clock.offset() + timedelta(**time))


# --- Passwords


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


# --- Guesses


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


# --- The second factor


def test_who_must_have_a_second_factor_sets_it_up_before_anything_else():
    who = make()
    answer = begin(factor_required=True)
    assert isinstance(answer, NeedsEnrolment)
    assert do(signing_in.whose, answer.pending) == who
    enrolment = do(second_factor.begin_enrolment, who.id)
    assert enrolment == do(second_factor.begin_enrolment, who.id), "the same when the page is loaded again"
    assert enrolment.uri.startswith("otpauth://totp/Helpline:anna?secret=")
    assert enrolment.secret not in repr(enrolment)
    assert second(answer.pending, "000000") == Refused(0)
    signed = second(answer.pending, code(enrolment.secret))
    assert isinstance(signed, Signed)
    assert len(set(signed.recovery_codes)) == 10
    assert do(sessions.whose, signed.token) == who
    assert isinstance(begin(), NeedsCode), "from now on, also where it is not required"
    assert do(second_factor.enrolled, who.id)
    with pytest.raises(AlreadyEnrolled):
        do(second_factor.begin_enrolment, who.id)


def test_a_secret_that_was_shown_to_one_who_began_is_not_the_one_of_the_next():
    who = make()
    first = begin(factor_required=True)
    seen = do(second_factor.begin_enrolment, who.id).secret
    again = begin(factor_required=True)
    assert do(signing_in.whose, first.pending) is None
    assert do(second_factor.begin_enrolment, who.id).secret != seen
    assert second(again.pending, code(seen)) == Refused(0)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_half_a_minute_ago_or_ahead_works(steps):
    who = make()
    secret = do(second_factor.begin_enrolment, who.id).secret
    assert len(do(second_factor.confirm, who.id, code(secret, steps))) == 10


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000 000 000", "x" * 1000])
def test_what_is_no_code_is_refused(typed):
    make_secret(who := make())
    assert second(begin().pending, typed) == Refused(0)
    assert do(second_factor.enrolled, who.id)


def make_secret(who):
    """A second factor whose code of now was not used."""
    secret, recovery = enrol(who)
    with db.transaction() as session:
        session.get(Person, who.id).totp_step = None
    return secret, recovery


@pytest.mark.parametrize("steps", [-3, -2, 3, 4])
def test_a_code_of_another_time_does_not(steps):
    secret, _ = make_secret(make())
    assert second(begin().pending, code(secret, steps)) == Refused(0)


def test_a_code_works_once_and_none_before_it_works_any_more():
    secret, _ = make_secret(make())
    typed = code(secret)
    assert isinstance(second(begin().pending, f" {typed[:3]} {typed[3:]} "), Signed)
    assert second(begin().pending, typed) == Refused(0)
    assert second(begin().pending, code(secret, -1)) == Refused(0)
    assert isinstance(second(begin().pending, code(secret, 1)), Signed)


def test_a_code_that_enrolled_cannot_sign_in():
    secret, _ = enrol(make())
    assert second(begin().pending, code(secret)) == Refused(0)


def test_a_code_used_twice_at_once_works_once():
    """Two browsers, each with the right password (the newer sign-in ends the older, so both hold one token)."""
    secret, _ = make_secret(make())
    pending, typed = begin().pending, code(secret)
    start = Barrier(4)

    def use(n):
        start.wait()
        return second(pending, typed, address=f"192.0.2.{n}")

    with ThreadPoolExecutor(4) as many:
        answers = list(many.map(use, range(4)))
    assert sum(isinstance(answer, Signed) for answer in answers) == 1


def test_a_code_verified_by_many_at_once_fits_once():
    who = make()
    secret, recovery = make_secret(who)
    for typed in (code(secret), recovery[0]):
        start = Barrier(6)

        def verify(_, typed=typed, start=start):
            start.wait()
            return do(second_factor.verify, who.id, typed)

        with ThreadPoolExecutor(6) as many:
            assert sorted(many.map(verify, range(6))) == [False] * 5 + [True]


def test_the_authenticators_time_is_the_real_one_where_another_is_pretended(at):
    at("2027-08-15 12:00")
    who = make()
    secret = do(second_factor.begin_enrolment, who.id).secret
    assert do(second_factor.confirm, who.id, pyotp.TOTP(secret).now())


def test_each_recovery_code_works_once_however_it_is_typed():
    who = make()
    _, recovery = enrol(who)
    typed = recovery[0].upper().replace("-", " ")
    assert isinstance(second(begin().pending, typed), Signed)
    assert second(begin().pending, typed) == Refused(0)
    assert isinstance(second(begin().pending, recovery[1]), Signed)
    assert do(second_factor.recovery_codes_left, who.id) == 8
    assert told("used_recovery_code")[0] == (who.in_audit, f"person {who.id}", {"left": 8})


def test_new_recovery_codes_replace_the_old_ones():
    who = make()
    _, recovery = enrol(who)
    renewed = do(second_factor.renew_recovery_codes, who.id)
    assert second(begin().pending, recovery[0]) == Refused(0)
    assert isinstance(second(begin().pending, renewed[0]), Signed)
    with pytest.raises(WrongCode):
        do(second_factor.renew_recovery_codes, make("bea").id)


def test_after_five_wrong_codes_one_begins_again_and_the_login_pauses():
    secret, _ = make_secret(make())
    pending = begin().pending
    answers = [second(pending, "000000").pause_seconds for _ in range(5)]
    assert answers == [0, 0, 0, 0, 30]
    assert do(signing_in.whose, pending) is None
    later(seconds=31)
    assert second(pending, code(secret)) == Refused(0)
    assert isinstance(second(begin().pending, code(secret)), Signed)


def test_a_right_password_does_not_forgive_wrong_codes():
    make_secret(make())
    for _ in range(4):
        second(begin().pending, "000000")
    assert second(begin().pending, "000000").pause_seconds == 30


def test_what_was_begun_lasts_ten_minutes():
    secret, _ = make_secret(make())
    pending = begin().pending
    later(minutes=10, seconds=1)
    assert do(signing_in.whose, pending) is None
    assert second(pending, code(secret)) == Refused(0)
    assert second("made-up", code(secret)) == Refused(0)


def test_who_is_disabled_between_password_and_code_stays_out():
    who = make()
    secret, _ = make_secret(who)
    pending = begin().pending
    do(accounts.disable, who.id, BY)
    assert second(pending, code(secret)) == Refused(0)


def test_a_reset_ends_everything_that_hung_on_the_factor():
    who = make()
    secret, recovery = make_secret(who)
    signed = second(begin().pending, code(secret))
    pending = begin().pending
    do(second_factor.reset, who.id, BY)
    assert do(sessions.whose, signed.token) is None
    assert second(pending, recovery[0]) == Refused(0)
    assert isinstance(begin(factor_required=True), NeedsEnrolment)
    assert told("second_factor_reset") == [(BY, f"person {who.id}", {})]
    with pytest.raises(NoPerson):
        do(second_factor.reset, 99, BY)


# --- Sessions


def test_a_session_ends_when_idle_and_after_twelve_hours():
    make()
    token = begin().token
    for _ in range(24):
        assert do(sessions.whose, token)
        later(minutes=29, seconds=59)
    assert do(sessions.whose, token)
    later(minutes=1)
    assert do(sessions.whose, token) is None
    idle = begin().token
    later(minutes=31)
    assert do(sessions.whose, idle) is None


def test_what_a_page_asks_by_itself_does_not_keep_a_session_open():
    make()
    token = begin().token
    for _ in range(3):
        later(minutes=10, seconds=10)
        last = do(sessions.whose, token, touch=False)
    assert last is None


def test_sessions_are_listed_and_ended_by_their_owner():
    who, other = make("anna"), make("bea")
    tokens = [begin().token for _ in range(3)]
    theirs = begin("bea").token
    opened = do(sessions.listed, who.id, tokens[0])
    assert [one.current for one in opened] == [False, False, True]
    do(sessions.end_one, other.id, opened[0].id)
    assert do(sessions.whose, tokens[2]), "nobody ends another's"
    do(sessions.end_one, who.id, opened[0].id)
    assert do(sessions.whose, tokens[2]) is None
    assert do(sessions.end_all, who.id, except_=tokens[0]) == 1
    assert [do(sessions.whose, token) is not None for token in (*tokens, theirs)] == [
        True,
        False,
        False,
        True,
    ]
    do(sessions.end, tokens[0])
    do(sessions.end, tokens[0])
    do(sessions.end, "made-up")
    assert do(sessions.listed, who.id) == []
    assert len(told("signed_out")) == 2


def test_tokens_are_long_and_never_the_same():
    make()
    tokens = {begin().token for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


# --- Changing one's password


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
