"""Signatures are those of the standard, to the byte, and old or changed messages do not fit."""

import pytest

from helpline.api import signing

# The example that the standard's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_example_is_signed_as_published():
    assert signing.signature(SECRET, MESSAGE, AT, BODY) == SIGNED
    assert signing.signature(SECRET.removeprefix("whsec_"), MESSAGE, AT, BODY) == SIGNED


def test_the_three_headers_are_there():
    assert signing.headers(SECRET, MESSAGE, AT, BODY) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(AT),
        "webhook-signature": SIGNED,
    }


def test_a_new_secret_has_as_many_bytes_as_the_standard_asks_for_and_is_never_the_same():
    made = {signing.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert all(secret.startswith("whsec_") and len(secret) == 50 for secret in made)


def test_a_receiver_takes_a_message_with_any_of_its_secrets_and_any_of_its_signatures():
    assert signing.fits([signing.new_secret(), SECRET], MESSAGE, AT, BODY, f"v1,AAAA {SIGNED}", now=AT + 300)


@pytest.mark.parametrize(
    ("message", "at", "body", "now"),
    [
        ("msg_other", AT, BODY, AT),
        (MESSAGE, AT + 1, BODY, AT),
        (MESSAGE, AT, BODY + b" ", AT),
        (MESSAGE, AT, BODY, AT + 301),
        (MESSAGE, AT, BODY, AT - 301),
    ],
)
def test_what_was_changed_or_is_too_old_or_too_early_does_not_fit(message, at, body, now):
    assert not signing.fits([SECRET], message, at, body, SIGNED, now=now)
