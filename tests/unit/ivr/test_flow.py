"""The menu's file: the real one is faultless, and every kind of fault is named, all of them at once."""

from pathlib import Path
from typing import Any

import pytest

from helpline.faults import Faults
from helpline.ivr import actions, check, doc
from helpline.ivr.flow import build, load
from helpline.ivr.outcomes import ACTIONS
from helpline.languages import CODES
from helpline.voice import catalogue
from tests.unit.ivr.menus import REAL, changed, faults_of


def test_the_real_menu_has_no_faults() -> None:
    assert check.faults(load()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"main": {"keys": {"1": "nowhere"}}}, "[main] keys.1: no step is called nowhere"),
        ({"main": {"keys": {"#": "about"}}}, "[main] keys.#: not a key of a telephone"),
        ({"main": {"keys": {"1": "about", "3": "callback"}}}, "[main] keys: must count from one without gaps"),
        ({"about": {"keys": {str(n): "main" for n in range(1, 7)}}}, "[about] keys: 6 options, more than 5"),
        ({"lonely": {"kind": "end"}}, "[lonely]: no call can reach this step"),
        ({"callback_save": {"then": {"saved": "callback_saved"}}}, "[callback_save] then.too_many: this outcome is not"),
        ({"callback_save": {"action": "save_all"}}, "[callback_save] action: there is no action save_all"),
        ({"region_not_valid": {"then": "region_check"}}, "a loop that never waits for the caller"),
        ({"leave_message": {"then": {"recorded": "message_save", "nothing": "leave_message", "skipped": "goodbye"}}},
         "[leave_message]: a caller who stays silent goes round for ever"),
        ({"area_islands": {"parent": "info_what"}}, "[area_islands] parent: more than 3 menus deep"),
        ({"about": {"parent": "about"}}, "[about] parent: more than 3 menus deep"),
        ({"welcome": {"first": ["{weather}"]}}, "[welcome] first: {weather} is not something that can be said"),
        ({"country": {"list": "planets"}}, "[country] list: there is no list planets"),
        ({"window": {"values": {"7": "night"}}}, "[window] values.7: this key leads nowhere"),
        ({"window": {"values": {"1": "mornign"}}}, "[window] values.1: mornign is not a word that window knows"),
        ({"window": {"keeps": "windoe"}}, "[window] keeps: nothing that such a step keeps is called windoe"),
        ({"name": {"keeps": "nickname"}}, "[name] keeps: nothing that such a step keeps is called nickname"),
        ({"code_enter": {"max_digits": 9}}, "[code_enter] digits: an ask step needs either"),
    ],
)  # fmt: skip
def test_a_fault_is_named(change: dict[str, dict[str, Any]], said: str) -> None:
    assert said in "\n".join(faults_of(changed(**change)))


def test_a_step_that_can_never_end_is_named() -> None:
    data = {
        "flow": REAL["flow"] | dict.fromkeys(("start", "person", "difficult", "goodbye", "sorry"), "a"),
        "a": {"kind": "menu", "keys": {"1": "b"}},
        "b": {"kind": "menu", "keys": {"1": "a"}},
    }
    assert "flow.toml: [a]: a call that comes here can never end" in faults_of(data)


def test_wrong_shapes_are_listed_all_at_once() -> None:
    data = changed(main={"kind": "menue", "says": "hello", "colour": "red"}, name={"seconds": 0})
    data["flow"].pop("goodbye")
    data["lists"]["countries"].pop("bn")
    data["lists"]["countries"]["de"] = ["country_de"]
    with pytest.raises(Faults) as caught:
        build(data)
    text = str(caught.value)
    for said in (
        "[main] kind: must be one of",
        "[main] says: must be a list of names",
        "[main] colour: unknown",
        "[name] seconds: must be a whole number from 2 to 300",
        "[flow] goodbye: missing",
        "[lists] countries.bn: missing",
        "[lists] countries.de: not one of the nine languages",
    ):
        assert said in text, said


def test_an_unreadable_file_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "flow.toml"
    path.write_text("[flow", encoding="utf-8")
    with pytest.raises(Faults, match=r"flow.toml: cannot be read"):
        load(path)


def test_what_cannot_be_said_is_named() -> None:
    flow = load()
    texts = {code: dict(catalogue.load().texts[code]) for code in CODES}
    assert check.speech_faults(flow, texts, lambda code, text: 1.0) == []
    del texts["uk"]["welcome"]
    found = check.speech_faults(flow, texts, lambda code, text: 21.0 if code == "bn" else 1.0)
    assert "prompts/uk/texts.toml: welcome: missing, and the menu says it" in found
    assert "prompts/bn/texts.toml: danger: 21.0 s, longer than 20 s" in found
    assert any(
        fault.startswith("flow.toml: [main] bn: 105.0 s, longer than a menu may be") for fault in found
    )


def test_the_keys_that_are_said_are_those_that_lead_somewhere() -> None:
    texts = {code: dict(catalogue.load().texts[code]) for code in CODES}
    assert check.speech_faults(load(), texts, lambda code, text: 1.0) == []
    flow = build(
        changed(about={"says": ["about_what", "about_who", "about_steps", "about_effects", "next_help"]})
    )
    found = check.speech_faults(flow, texts, lambda code, text: 1.0)
    assert "flow.toml: [about] keys.5: leads somewhere, and no prompt says so" in found
    flow = build(changed(consent={"keys": {"1": "not_agreed"}, "values": {"1": "no"}}))
    found = check.speech_faults(flow, texts, lambda code, text: 1.0)
    assert "flow.toml: [consent] says: a prompt names key 2, which leads nowhere" in found


def test_the_page_and_the_tree_show_every_step() -> None:
    flow = load()
    page, tree = doc.page(flow), "\n".join(doc.tree(flow, {}))
    for name in flow.steps:
        assert f"| `{name}` |" in page
        assert f"{name} (" in tree


def test_every_action_that_may_be_routed_exists_and_no_other() -> None:
    assert actions.names() == set(ACTIONS)
