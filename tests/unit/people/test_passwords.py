"""Which passwords will do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.people import passwords
from helpline.people.reasons import Reason

pytestmark = pytest.mark.usefixtures("hashed_in_earnest")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "ababababab12",
        "Password2026!",
        "P@ssw0rd2026!!",
        "123456789012",
        "839201746529",
        "qwertyuiop12",
        "poiuytrewq!!",
        "Benvenuto2026",
        "operatore_123",
        "helpline-2026",
        "anna.rossi.99",
        "rossi1985!!!!",
        "anna@example.org",
        "forzanapoli10",
    ],
)
def test_what_would_be_guessed_first_is_refused(password):
    assert passwords.weakness(password, "anna@example.org", "Anna Rossi") is Reason.TOO_COMMON


@pytest.mark.parametrize(
    "password",
    [
        "fuori piove, dentro no",
        "correct horse battery",
        "Tj8#kq2!vWz0",
        "кот сидит на окне",
        "القطة على النافذة",
    ],
)
def test_what_is_long_and_ones_own_is_taken(password):
    assert passwords.weakness(password, "anna@example.org", "Anna Rossi") is None


@pytest.mark.parametrize(
    ("length", "reason"), [(11, Reason.TOO_SHORT), (12, None), (200, None), (201, Reason.TOO_LONG)]
)
def test_length_is_counted_in_characters(length, reason):
    assert passwords.weakness(("què strano, " * 20)[:length]) is reason


def test_a_password_is_kept_as_argon2id_and_each_time_differently():
    one, other = passwords.hashed("fuori piove, dentro no"), passwords.hashed("fuori piove, dentro no")
    assert one != other
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits(one, "fuori piove, dentro no")
    assert not passwords.fits(one, "fuori piove, dentro si")


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert passwords.fits(passwords.hashed("perche\u0301 no, allora?"), "perch\u00e9 no, allora?")


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$x$y"])
def test_nobodys_password_fits_nothing(kept):
    assert not passwords.fits(kept, "")
    assert not passwords.fits(kept, "fuori piove, dentro no")


def test_an_endless_password_costs_nothing_and_fits_nothing():
    assert not passwords.fits(passwords.hashed("x"), "x" * 10_000_000)


@given(st.text(max_size=300))
def test_any_text_is_judged(text):
    passwords.weakness(text, text, text)
