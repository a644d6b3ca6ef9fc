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


_ARROWS = frozenset({"then", "picked", "other", "silence", "wrong", "skip", "stay", "parent", "like"})


def renamed(data: dict[str, Any], **names: str) -> dict[str, Any]:
    """A menu with steps called otherwise, all arrows that lead to them too; what is said there stays what it was."""
    menu = {names.get(step, step): table for step, table in copy.deepcopy(data).items()}
    for former, name in names.items():
        menu[name].setdefault("says", [former])
        menu[name]["formerly"] = [former]
    for table in menu.values():
        for field, value in table.items():
            if field == "keys" or (field == "then" and isinstance(value, dict)):
                table[field] = {word: names.get(step, step) for word, step in value.items()}
            elif field in _ARROWS:
                table[field] = names.get(value, value)
    return menu
