"""Menus with something wrong in them: the real one, changed; and all that is said of it at once."""

import copy
import tomllib
from typing import Any

from helpline.ivr import check
from helpline.ivr.flow import FLOW_FILE, parse

REAL = tomllib.loads(FLOW_FILE.read_text(encoding="utf-8"))


def changed(**steps: Any) -> dict[str, Any]:
    """The real menu with these fields of these steps; None takes a step away, what is no table takes its place."""
    data = copy.deepcopy(REAL)
    for name, change in steps.items():
        if change is None:
            del data[name]
        elif isinstance(change, dict):
            data[name] = data.get(name, {}) | change
        else:
            data[name] = change
    return data


def faults_of(data: dict[str, Any]) -> list[str]:
    """Everything that `helpline flow check` says of the menu's shape and ways."""
    return check.judge(parse(data))
