"""A step that was renamed says what it was called: the menu is judged by it, and every reader of old rows can ask."""

from typing import Any

import pytest

from helpline.ivr import check, doc, flow, formerly
from helpline.ivr.flow import build, parse
from tests.unit.ivr.menus import REAL, changed, faults_of, renamed


def test_a_step_that_was_renamed_is_found_by_each_name_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    menu = build(changed(info_who={"formerly": ["who", "who_may"]}))
    monkeypatch.setattr(flow, "load", lambda: menu)
    formerly.names.cache_clear()
    try:
        assert formerly.now("who") == formerly.now("who_may") == formerly.now("info_who") == "info_who"
        assert formerly.every("who_may") == formerly.every("info_who") == ("info_who", "who", "who_may")
        assert formerly.now("nowhere") == "nowhere" and formerly.every("nowhere") == ("nowhere",)
    finally:
        formerly.names.cache_clear()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"info_who": {"formerly": ["about"]}}, "flow.toml: [info_who] formerly: about is a step of this menu"),
        ({"info_who": {"formerly": ["info_who"]}}, "[info_who] formerly: info_who is a step of this menu"),
        ({"info_who": {"formerly": ["who", "who"]}}, "[info_who] formerly: who is said more than once"),
        ({"info_who": {"formerly": ["who"]}, "greet": {"formerly": ["who"]}}, "[greet] formerly: who is said more than once"),
        ({"info_who": {"formerly": ["Who may"]}}, "[info_who] formerly: 'Who may' cannot be the name of a step"),
        ({"info_who": {"formerly": "who"}}, "[info_who] formerly: must be a list of names"),
    ],
)  # fmt: skip
def test_a_former_name_that_leads_astray_is_a_fault(change: dict[str, Any], said: str) -> None:
    assert said in "\n".join(faults_of(changed(**change)))


def test_a_menu_with_renamed_steps_is_faultless_and_its_page_says_how_they_were_called() -> None:
    data = renamed(REAL, about="topics", info_what="info_includes", hold="hold_line")
    assert check.judge(parse(data)) == []
    assert "| `info_includes` (formerly `info_what`) |" in doc.page(build(data))
