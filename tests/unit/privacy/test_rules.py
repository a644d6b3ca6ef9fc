"""Nothing personal is kept without a rule that says when it is forgotten."""

from fnmatch import fnmatch

from helpline.db import Encrypted, EncryptedBytes
from helpline.db.all_models import Base
from helpline.privacy.retention import NOT_PERSONAL, RULES

TELLING = ("number", "hash", "phone")


def _personal():
    for table in Base.metadata.tables.values():
        for column in table.columns:
            encrypted = isinstance(column.type, Encrypted | EncryptedBytes)
            named = any(word in column.name for word in TELLING) and not column.name.endswith("_proved")
            if encrypted or named:
                yield f"{table.name}.{column.name}"


def _ruled():
    return {f"{rule.table}.{column}" for rule in RULES for column in rule.columns}


def test_every_column_with_something_personal_has_a_rule():
    unruled = set(_personal()) - _ruled()
    assert {name for name in unruled if not any(fnmatch(name, excuse) for excuse in NOT_PERSONAL)} == set()


def test_no_rule_and_no_excuse_is_left_over():
    known = {
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    }
    whole_rows = {f"{name}.*" for name in Base.metadata.tables}
    assert _ruled() <= known | whole_rows
    assert [excuse for excuse in NOT_PERSONAL if not any(fnmatch(name, excuse) for name in known)] == []
