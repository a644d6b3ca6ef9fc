"""The second factor: each code once, recovery codes, and what a reset ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyotp
import pytest

from helpline.people import accounts, second_factor, sessions, signing_in
from helpline.people.accounts import NoPerson
from helpline.people.second_factor import AlreadyEnrolled, WrongCode
from helpline.people.signing_in import NeedsCode, NeedsEnrolment, Refused, Signed
from tests.integration.people_deeds import do, later, make_secret, told
from tests.integration.people_rows import BY, begin, code, enrol, make, second

pytestmark = pytest.mark.usefixtures("database")


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
