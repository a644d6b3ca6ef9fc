"""Settings from the environment, read once and frozen; every missing or malformed variable is listed at once."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from helpline import phone
from helpline.faults import raise_if_any

TWILIO = "https://api.twilio.com"
DATABASE = "database:"
CLIPS_URLS = "database:, file:///folder or s3://bucket/prefix"
_CLIPS_URL = re.compile(r"database:|file:///\S+|s3://[a-z0-9][a-z0-9.-]{2,62}(/[A-Za-z0-9._/-]*)?")
_KEY_BYTES = 32
_SECRET_LENGTH = 32
_LONGEST_MAILBOX = 254
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
Network = IPv4Network | IPv6Network
_NUMBERS = {
    phone.Verdict.TOLL_FREE: "toll-free number",
    phone.Verdict.CALLABLE: "number that can be called (fixed or mobile)",
}


@dataclass(frozen=True, repr=False)
class Settings:
    """How this installation runs. Addresses carry no trailing slash; numbers are E.164; `data_keys` newest first."""

    account_sid: str
    auth_token: str
    api_url: str
    public_url: str
    toll_free_number: str
    callback_number: str
    secret_key: str
    data_keys: tuple[str, ...]
    database_url: str | None
    redis_url: str | None
    data_dir: Path
    pretend_now: datetime | None
    second_factor_required: bool
    calls_a_second: float
    smtp_url: str | None
    mail_from: str | None
    webhook_allow: tuple[Network, ...]
    four_eyes: bool = False
    clips_url: str = DATABASE
    probe_token: str | None = None
    heartbeat_url: str | None = None

    @property
    def real_carrier(self) -> bool:
        """Whether calls are real ones: then nobody may pretend another time."""
        return (urlsplit(self.api_url).hostname or "").endswith("twilio.com")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Build from variables. Raises `Faults` with one line for each that is missing or malformed."""
        faults: list[str] = []
        read = _Reader(environ, faults)
        settings = cls(
            account_sid=read.matching(
                "TWILIO_ACCOUNT_SID", r"AC[0-9a-f]{32}", "AC and 32 hexadecimal digits"
            ),
            auth_token=read.required("TWILIO_AUTH_TOKEN"),
            api_url=read.address("TWILIO_API_URL", default=TWILIO),
            public_url=read.address("HELPLINE_PUBLIC_URL"),
            toll_free_number=read.number("HELPLINE_TOLL_FREE_NUMBER", phone.Verdict.TOLL_FREE),
            callback_number=read.number("HELPLINE_CALLBACK_NUMBER", phone.Verdict.CALLABLE),
            secret_key=read.secret("HELPLINE_SECRET_KEY"),
            data_keys=read.keys("HELPLINE_DATA_KEYS"),
            database_url=read.database("DATABASE_URL"),
            redis_url=read.redis("REDIS_URL"),
            data_dir=Path(environ.get("HELPLINE_DATA_DIR") or "var"),
            pretend_now=read.moment("HELPLINE_NOW"),
            second_factor_required=read.one_of("HELPLINE_SECOND_FACTOR", ("required", "optional"))
            == "required",
            calls_a_second=read.rate("HELPLINE_CALLS_A_SECOND", default=1.0),
            smtp_url=read.smtp("HELPLINE_SMTP_URL"),
            mail_from=read.mailbox("HELPLINE_MAIL_FROM"),
            webhook_allow=read.networks("HELPLINE_WEBHOOK_ALLOW"),
            four_eyes=read.one_of("HELPLINE_FOUR_EYES", ("off", "on")) == "on",
            clips_url=read.clips("HELPLINE_CLIPS_URL"),
            probe_token=read.secret_if_any("HELPLINE_PROBE_TOKEN"),
            heartbeat_url=read.link("HELPLINE_HEARTBEAT_URL"),
        )
        if settings.pretend_now and settings.real_carrier:
            faults.append("HELPLINE_NOW: refused, because TWILIO_API_URL is the real carrier")
        if not settings.second_factor_required and settings.real_carrier:
            faults.append(
                "HELPLINE_SECOND_FACTOR: must be required, because TWILIO_API_URL is the real carrier"
            )
        faults += _faults_of_telling(settings)
        raise_if_any(faults)
        return settings


def _faults_of_telling(settings: Settings) -> list[str]:
    """What does not go together in how entities are told."""
    faults = []
    if settings.webhook_allow and settings.real_carrier:
        faults.append("HELPLINE_WEBHOOK_ALLOW: refused, because TWILIO_API_URL is the real carrier")
    if settings.smtp_url and not settings.mail_from:
        faults.append("HELPLINE_MAIL_FROM: missing, because HELPLINE_SMTP_URL is given")
    if settings.mail_from and not settings.smtp_url:
        faults.append("HELPLINE_SMTP_URL: missing, because HELPLINE_MAIL_FROM is given")
    return faults


class _Reader:
    """Reads variables, and writes down what is wrong with them instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str], faults: list[str]) -> None:
        self.environ, self.faults = environ, faults

    def required(self, name: str) -> str:
        value = self.environ.get(name, "").strip()
        if not value:
            self.faults.append(f"{name}: missing")
        return value

    def matching(self, name: str, pattern: str, words: str) -> str:
        value = self.required(name)
        if value and not re.fullmatch(pattern, value):
            self.faults.append(f"{name}: must be {words}")
        return value

    def one_of(self, name: str, words: tuple[str, ...]) -> str:
        """One of a few words; the first one when nothing is given."""
        value = self.environ.get(name, "").strip() or words[0]
        if value not in words:
            self.faults.append(f"{name}: must be {' or '.join(words)}")
            return words[0]
        return value

    def address(self, name: str, default: str = "") -> str:
        value = self.environ.get(name, "").strip() or default or self.required(name)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            port_is_fine = parts.port is None or parts.port > 0
        except ValueError:
            parts, port_is_fine = urlsplit(""), False
        if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine:
            self.faults.append(f"{name}: must be an address such as https://line.example.org")
        elif parts.query or parts.fragment or parts.username or parts.path.strip("/"):
            self.faults.append(f"{name}: must be an origin alone, without path, user, query or fragment")
        return value.rstrip("/")

    def number(self, name: str, verdict: phone.Verdict) -> str:
        value = self.required(name)
        if not value:
            return ""
        judged = phone.judge(value)
        parsed = phone.parse(value)
        if judged.verdict is not verdict or parsed is None:
            self.faults.append(f"{name}: must be an Italian {_NUMBERS[verdict]}")
            return ""
        return parsed.e164

    def secret(self, name: str) -> str:
        value = self.required(name)
        if value and len(value) < _SECRET_LENGTH:
            self.faults.append(f"{name}: must have at least {_SECRET_LENGTH} characters")
        return value

    def secret_if_any(self, name: str) -> str | None:
        return self.secret(name) if self.environ.get(name, "").strip() else None

    def link(self, name: str) -> str | None:
        """An address with its path, which is somebody else's; its host is judged when it is used."""
        value = self.environ.get(name, "").strip()
        if value and not re.fullmatch(r"https?://[^\s/@]+/[^\s#]*", value):
            self.faults.append(f"{name}: must be an address such as https://watch.example.org/ping/one")
        return value or None

    def keys(self, name: str) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in self.required(name).split(",") if key.strip())
        for place, key in enumerate(keys, start=1):
            if not _is_key(key):
                self.faults.append(f"{name}: key {place} must be {_KEY_BYTES} bytes in url-safe base64")
        return keys

    def database(self, name: str) -> str | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        scheme, _, rest = value.partition("://")
        if scheme not in {"postgres", "postgresql", "postgresql+psycopg"} or not rest:
            self.faults.append(f"{name}: must be a postgresql:// address")
            return None
        return "postgresql+psycopg://" + rest

    def redis(self, name: str) -> str | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        if value.partition("://")[0] not in {"redis", "rediss", "unix"}:
            self.faults.append(f"{name}: must be a redis://, rediss:// or unix:// address")
            return None
        return value

    def smtp(self, name: str) -> str | None:
        """A server for mail: `smtps://` speaks TLS from the first byte, `smtp://` begins it (or is on this machine)."""
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        try:
            parts = urlsplit(value)
            port_is_fine = parts.port is None or parts.port > 0
        except ValueError:
            parts, port_is_fine = urlsplit(""), False
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not port_is_fine:
            self.faults.append(f"{name}: must be an address such as smtps://user:password@mail.example.org")
        elif parts.path.strip("/") or parts.query or parts.fragment:
            self.faults.append(f"{name}: must have nothing behind the server and its port")
        elif bool(parts.username) != bool(parts.password):
            self.faults.append(f"{name}: must have a user and a password, or neither")
        return value

    def mailbox(self, name: str) -> str | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        if not is_mailbox(value):
            self.faults.append(f"{name}: must be a mail address such as helpline@example.org")
        return value

    def networks(self, name: str) -> tuple[Network, ...]:
        found = networks(self.environ.get(name, ""))
        if found is None:
            self.faults.append(
                f"{name}: must be addresses or networks such as 127.0.0.1, 10.1.0.0/16, with commas between"
            )
        return found or ()

    def clips(self, name: str) -> str:
        """Where recordings lie: the database, a folder, a bucket."""
        value = self.environ.get(name, "").strip() or DATABASE
        if not re.fullmatch(
            r"database:|file:///\S+|s3://[a-z0-9][a-z0-9.-]{2,62}(/[A-Za-z0-9._/-]*)?", value
        ):
            self.faults.append(f"{name}: must be database:, file:///folder or s3://bucket/prefix")
            return DATABASE
        return value

    def rate(self, name: str, default: float) -> float:
        value = self.environ.get(name, "").strip()
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", value) or not float(value):
            self.faults.append(f"{name}: must be a number above 0 and below 1000, such as 1 or 0.5")
            return default
        return float(value)

    def moment(self, name: str) -> datetime | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.faults.append(f"{name}: must be a moment such as 2026-12-24T17:59+01:00")
            return None
        if moment.tzinfo is None:
            self.faults.append(f"{name}: must name its offset from UTC, such as 2026-12-24T17:59+01:00")
        return moment


def networks(text: str) -> tuple[Network, ...] | None:
    """Addresses and networks with commas between; None where one of them is none."""
    try:
        return tuple(ip_network(word.strip()) for word in text.split(",") if word.strip())
    except ValueError:
        return None


def is_mailbox(text: str) -> bool:
    """Whether this is a mail address of the plain kind, which nothing can be smuggled into."""
    return len(text) <= _LONGEST_MAILBOX and bool(_MAILBOX.fullmatch(text))


def is_origin(address: str) -> bool:
    """Whether this is an address of a server alone, without path, user, query or fragment."""
    try:
        parts = urlsplit(address)
        good_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    whole = parts.query or parts.fragment or parts.username or parts.path.strip("/")
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and good_port and not whole


def is_clips_url(address: str) -> bool:
    """Whether recordings can be kept there."""
    return bool(_CLIPS_URL.fullmatch(address))


def _is_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key.encode())) == _KEY_BYTES
    except ValueError:
        return False
