"""Settings files in tests: a small one, what was loaded, and what is told of a wrong one."""

from pathlib import Path

import pytest

from helpline import db, line
from helpline.faults import Faults
from helpline.routing import loading

SMALL = """
[[entities]]
id = "one"
name = "One"
contact = "desk"

[[projects]]
id = "first"
entity = "one"
name = "First"
funder = "AMIF"
starts_on = 2024-01-02
ends_on = "today+10d"
places_total = 3
"""


def now() -> line.Line:
    """The line as it is loaded."""
    with db.quick() as connection:
        return line.read(connection)


def faults_of(path: Path) -> list[str]:
    """What is told of a wrong file, without its name."""
    with pytest.raises(Faults) as caught:
        loading.load(path, who="tester")
    return [fault.removeprefix(f"{path}: ") for fault in caught.value.faults]
