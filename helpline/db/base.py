"""What every table shares: names of constraints, aware moments in UTC, columns encrypted at rest; knows no table."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import DateTime, LargeBinary, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, stored and given back in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: the moment in UTC. Raises ValueError for one without an offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its offset from UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database: the moment in UTC."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcTime(), str: Text()}


class Keys:
    """The keys of this process: for reading and writing encrypted columns, and for finding numbers by keyed hash."""

    def __init__(self, data_keys: tuple[str, ...], secret_key: str) -> None:
        self.box = MultiFernet([Fernet(key.encode()) for key in data_keys])
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"helpline keyed hashes")
        self.hashing = derive.derive(secret_key.encode())


_keys: Keys | None = None


def use_keys(keys: Keys) -> None:
    """Set the keys for this process (done by `helpline.db.connect`)."""
    global _keys
    _keys = keys


def _held() -> Keys:
    if _keys is None:
        raise RuntimeError("not connected: call helpline.db.connect(settings) first")
    return _keys


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 (hex) of a value under this installation's key: finds equal values, gives none away.

    `purpose` keeps hashes of one kind (`number`, `caller`) from being compared with another's.
    """
    return hmac.new(_held().hashing, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def sealed(text: str | None) -> bytes | None:
    """Text as an `Encrypted` column holds it, for statements that go past the columns' types."""
    return None if text is None else _held().box.encrypt(text.encode())


def unsealed(held: bytes | None) -> str | None:
    """What an `Encrypted` column holds, as text. Raises InvalidToken when no data key fits."""
    return None if held is None else _held().box.decrypt(bytes(held)).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes, encrypted at rest with the newest data key, readable with any of them."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """To the database: encrypted."""
        return None if value is None else _held().box.encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """From the database: decrypted. Raises InvalidToken when no data key fits."""
        return None if value is None else _held().box.decrypt(bytes(value))


class Encrypted(TypeDecorator[str]):
    """Text, encrypted at rest with the newest data key, readable with any of them."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """To the database: as UTF-8, encrypted."""
        return sealed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """From the database: decrypted. Raises InvalidToken when no data key fits."""
        return unsealed(value)
