"""What is said of the line's own two numbers when they cannot be: in English, one line each."""

import pytest

from helpline.config import Settings
from helpline.faults import Faults


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HELPLINE_TOLL_FREE_NUMBER", "+390655500000", "must be an Italian toll-free number"),
        ("HELPLINE_TOLL_FREE_NUMBER", "nonsense", "must be an Italian toll-free number"),
        (
            "HELPLINE_CALLBACK_NUMBER",
            "+39800000000",
            "must be an Italian number that can be called (fixed or mobile)",
        ),
        (
            "HELPLINE_CALLBACK_NUMBER",
            "+12025550123",
            "must be an Italian number that can be called (fixed or mobile)",
        ),
    ],
)
def test_a_number_of_the_wrong_kind_is_told_in_words(
    environ: dict[str, str], name: str, value: str, words: str
) -> None:
    with pytest.raises(Faults) as caught:
        Settings.from_env(environ | {name: value})
    assert caught.value.faults == [f"{name}: {words}"]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"HELPLINE_SMTP_URL": "smtp://mail.example.org"}, "HELPLINE_MAIL_FROM: missing"),
        ({"HELPLINE_MAIL_FROM": "a@example.org"}, "HELPLINE_SMTP_URL: missing"),
        ({"HELPLINE_SMTP_URL": "mail.example.org"}, "HELPLINE_SMTP_URL: must be an address such as"),
        (
            {"HELPLINE_SMTP_URL": "smtp://a@mail.example.org"},
            "HELPLINE_SMTP_URL: must have a user and a password",
        ),
        ({"HELPLINE_SMTP_URL": "smtp://mail.example.org/x"}, "HELPLINE_SMTP_URL: must have nothing behind"),
        ({"HELPLINE_SMTP_URL": "smtp://mail.example.org:x"}, "HELPLINE_SMTP_URL: must be an address such as"),
        ({"HELPLINE_MAIL_FROM": "line <a@example.org>"}, "HELPLINE_MAIL_FROM: must be a mail address"),
        (
            {"HELPLINE_MAIL_FROM": "a@example.org\nBcc: b@example.org"},
            "HELPLINE_MAIL_FROM: must be a mail address",
        ),
        ({"HELPLINE_WEBHOOK_ALLOW": "localhost"}, "HELPLINE_WEBHOOK_ALLOW: must be addresses or networks"),
        ({"HELPLINE_WEBHOOK_ALLOW": "10.0.0.1/8"}, "HELPLINE_WEBHOOK_ALLOW: must be addresses or networks"),
        (
            {"HELPLINE_WEBHOOK_ALLOW": "127.0.0.1", "TWILIO_API_URL": "https://api.twilio.com"},
            "HELPLINE_WEBHOOK_ALLOW: refused, because TWILIO_API_URL is the real carrier",
        ),
    ],
)
def test_what_does_not_go_together_in_how_entities_are_told(
    environ: dict[str, str], given: dict[str, str], fault: str
) -> None:
    with pytest.raises(Faults) as caught:
        Settings.from_env(environ | given)
    assert any(one.startswith(fault) for one in caught.value.faults), caught.value.faults


def test_how_entities_are_told_is_read(environ: dict[str, str]) -> None:
    settings = Settings.from_env(
        environ
        | {
            "HELPLINE_SMTP_URL": "smtps://me:a%40b@mail.example.org",
            "HELPLINE_MAIL_FROM": "helpline@example.org",
            "HELPLINE_WEBHOOK_ALLOW": "127.0.0.1, 10.0.0.0/8",
        }
    )
    assert settings.smtp_url == "smtps://me:a%40b@mail.example.org"
    assert settings.mail_from == "helpline@example.org"
    assert [str(network) for network in settings.webhook_allow] == ["127.0.0.1/32", "10.0.0.0/8"]
    plain = Settings.from_env(environ)
    assert (plain.smtp_url, plain.mail_from, plain.webhook_allow) == (None, None, ())


@pytest.mark.parametrize(
    "where", ["", "database:", "file:///srv/recordings", "s3://recordings/line", "s3://recordings"]
)
def test_where_recordings_lie_is_read(environ: dict[str, str], where: str) -> None:
    settings = Settings.from_env(environ | {"HELPLINE_CLIPS_URL": where})
    assert settings.clips_url == (where or "database:")


@pytest.mark.parametrize(
    "where", ["file:relative", "s3://", "s3://Bucket", "https://x", "database", "file://x"]
)
def test_recordings_lie_nowhere_else(environ: dict[str, str], where: str) -> None:
    with pytest.raises(Faults, match="HELPLINE_CLIPS_URL: must be database:, file:///folder or s3://"):
        Settings.from_env(environ | {"HELPLINE_CLIPS_URL": where})
