"""The shape of the menu's file: what belongs to which kind, which numbers are sane, whom a step may be like; and every
fault in one wave, each said once."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from helpline.faults import Faults
from helpline.ivr import check
from helpline.ivr.commands import flow
from helpline.ivr.flow import FLOW_FILE, build, parse
from helpline.ivr.shape import FIELDS, LIMITS
from helpline.languages import CODES
from helpline.voice import catalogue
from tests.unit.ivr.menus import REAL, changed, faults_of


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("language", "parent", "main"),
        ("language", "keeps", "way"),
        ("main", "then", "about"),
        ("main", "seconds", 9),
        ("help_other", "first", ["help_intro"]),
        ("help_other", "timeout", 9),
        ("code_enter", "keys", {"1": "main"}),
        ("code_enter", "parent", "main"),
        ("code_enter", "like", "main"),
        ("name", "patience", 2),
        ("name", "silence", "main"),
        ("greet", "says", ["welcome"]),
        ("greet", "keeps", "way"),
        ("goodbye", "then", "main"),
        ("goodbye", "statement", True),
    ],
)
def test_a_field_without_effect_is_refused(step: str, field: str, value: Any) -> None:
    kind = REAL[step]["kind"]
    assert faults_of(changed(**{step: {field: value}})) == [
        f"flow.toml: [{step}] {field}: has no effect in a step of the kind {kind}"
    ]


def test_every_kind_takes_what_the_real_menu_gives_it_and_everything_is_of_use_somewhere() -> None:
    assert frozenset().union(*FIELDS.values()) >= LIMITS.keys() | {"statement", "refuse", "stay"}
    assert parse(REAL).faults == ()


@pytest.mark.parametrize(
    ("step", "field", "value", "limits"),
    [
        ("main", "timeout", 600, "from 2 to 20"),
        ("main", "timeout", 1, "from 2 to 20"),
        ("main", "timeout", 7.5, "from 2 to 20"),
        ("main", "patience", 0, "from 1 to 5"),
        ("main", "patience", 6, "from 1 to 5"),
        ("main", "patience", True, "from 1 to 5"),
        ("code_enter", "digits", 16, "from 1 to 15"),
        ("number_enter", "max_digits", 33, "from 1 to 32"),
        ("name", "seconds", 1, "from 2 to 300"),
        ("name", "seconds", 301, "from 2 to 300"),
        ("name", "seconds", "10", "from 2 to 300"),
    ],
)
def test_a_number_outside_its_limits_is_refused(step: str, field: str, value: Any, limits: str) -> None:
    assert faults_of(changed(**{step: {field: value}})) == [
        f"flow.toml: [{step}] {field}: must be a whole number {limits}"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": {"refuse": "12"}}, "[name] refuse: must be one key of a telephone"),
        ({"main": {"topic": "yes"}}, "[main] topic: must be true or false"),
        ({"main": {"keeps": 1, "values": {}}}, "[main] keeps: must be text"),
        ({"main": {"keys": {"1": 1}}}, "[main] keys: must be a table of words"),
        ({"greet": {"then": "welcome"}}, "[greet] then: must be a table of words"),
        ({"help_other": {"then": {"1": "main"}}}, "[help_other] then: must be text"),
        ({"callback_saved": {"keys": {"1": "main"}}}, "[callback_saved] statement: there is something to choose here"),
        ({"main": {"picked": "country"}}, "[main] picked: has no effect without `list`"),
        ({"area": 5}, "[area]: must be a table"),
        ({"area": {"kind": ["menu"]}}, "[area] kind: must be one of language, menu,"),
        ({"lists": 5}, "[lists]: must be a table"),
    ],
)  # fmt: skip
def test_what_is_of_the_wrong_kind_is_refused(change: dict[str, Any], said: str) -> None:
    assert any(fault.startswith(f"flow.toml: {said}") for fault in faults_of(changed(**change)))


# ---------------------------------------------------------------- a step that is like another


def test_a_step_takes_what_it_does_not_say_itself() -> None:
    steps = build(changed(info_who={"keys": {"1": "main"}})).steps
    assert steps["info_who"].says == steps["info_what"].says
    assert steps["info_who"].keeps == "way" and steps["info_who"].values == {"2": "callback", "3": "help"}
    assert steps["info_who"].keys == {"1": "main", "2": "callback", "3": "help_door"}
    assert steps["info_who"].first != steps["info_what"].first


def test_a_step_may_be_like_one_that_is_like_another() -> None:
    change = {"info_who": {"like": "info_steps"}, "info_steps": {"keys": {"1": "main"}}}
    steps = build(changed(**change)).steps
    assert steps["info_who"].says == steps["info_what"].says
    assert steps["info_who"].keys == {"1": "main", "2": "callback", "3": "help_door"}


def test_a_model_that_lists_no_prompts_is_heard_by_its_name() -> None:
    data = changed(info_who={"like": "plain"}, plain={"kind": "menu", "keys": {"1": "info_who"}})
    assert parse(data).flow.steps["info_who"].says == ("plain",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"info_who": {"like": "info_waht"}}, ["[info_who] like: no step is called info_waht"]),
        ({"info_who": {"like": 3}}, ["[info_who] like: must be text"]),
        (
            {"info_who": {"like": "code_enter"}},
            ["[info_who] like: code_enter is no menu, but of the kind ask"],
        ),
        ({"info_who": {"like": "info_who"}}, ["[info_who] like: goes round in a circle: info_who, info_who"]),
        (
            {"info_what": {"like": "info_who"}},
            [
                "[info_what] like: goes round in a circle: info_what, info_who, info_what",
                "[info_who] like: goes round in a circle: info_what, info_who, info_what",
            ],
        ),
    ],
)
def test_whom_a_step_may_not_be_like_is_said_once_and_nothing_that_follows(
    change: dict[str, Any], said: list[str]
) -> None:
    assert faults_of(changed(**change)) == [f"flow.toml: {one}" for one in said]


def test_what_cannot_be_read_in_the_model_is_said_of_the_model_alone() -> None:
    assert faults_of(changed(info_what={"says": "next_more", "keeps": 1})) == [
        "flow.toml: [info_what] says: must be a list of names",
        "flow.toml: [info_what] keeps: must be text",
    ]


# ---------------------------------------------------------------- all in one wave


def test_a_fault_of_shape_in_one_step_hides_no_other_fault() -> None:
    data = changed(
        main={"timeout": 600},
        country={"kind": "menue"},
        name={"keeps": "nickname"},
        window={"keys": {"1": "window_kept", "3": "window_kept"}},
        help_other={"then": "nowhere"},
        save={"kind": "do", "action": "save_all"},
        lonely={"kind": "end"},
        leave_message={
            "then": {"recorded": "message_save", "nothing": "leave_message", "skipped": "goodbye"}
        },
    )
    data["flow"] = data["flow"] | {"person": "persn"}
    data["flow"].pop("wrong")
    said = faults_of(data)
    for wanted in (
        "[flow] wrong: missing",
        "[flow] person: no step is called persn",
        "[main] timeout: must be a whole number",
        "[country] kind: must be one of",
        "[name] keeps: nothing that such a step keeps",
        "[window] keys: must count from one",
        "[window] values.2: this key leads nowhere",
        "[help_other] then: no step is called nowhere",
        "[save] action: there is no action save_all",
        "[lonely]: no call can reach this step",
        "[leave_message]: a caller who stays silent goes round for ever",
    ):
        assert sum(one.startswith(f"flow.toml: {wanted}") for one in said) == 1, wanted


@pytest.mark.parametrize(
    "change",
    [
        {"main": {"keys": "none"}},
        {"main": {"kind": "menue"}},
        {"main": "menu"},
        {"greet": {"then": 5}},
        {"greet": {"kind": 5}},
        {"country": {"list": 5}},
        {"code_enter": {"digits": "four"}},
        {"help_other": {"then": 5}},
        {"name": {"keeps": 5}},
        {"name": {"then": []}},
        {"main": {"says": "main_information"}},
    ],
)
def test_one_slip_is_one_fault_of_that_step(change: dict[str, Any]) -> None:
    [name] = change
    told = [
        one for one in faults_of(changed(**change)) if "nothing that could be read leads to it" not in one
    ]
    assert len(told) == 1 and told[0].startswith(f"flow.toml: [{name}]"), told


def test_what_cannot_be_said_is_told_along_with_faults_of_shape() -> None:
    texts = {code: dict(catalogue.load().texts[code]) for code in CODES}
    del texts["uk"]["welcome"]
    reading = parse(changed(consent={"keys": 5}, about={"kind": "menue"}, greet={"kind": "doo"}))
    assert len(reading.faults) == 3
    found = check.speech_faults(reading.flow, texts, lambda code, text: 1.0, lost=reading.lost)
    assert found == ["prompts/uk/texts.toml: welcome: missing, and the menu says it"]


def test_what_is_only_read_out_may_be_longer_than_a_menu() -> None:
    texts = {code: dict(catalogue.load().texts[code]) for code in CODES}
    for statement, long in ((True, 0), (False, len(CODES))):
        menu = build(changed(callback_saved={"statement": statement}))
        found = check.speech_faults(menu, texts, lambda code, text: 6.0)
        assert sum("[callback_saved]" in fault for fault in found) == long


def test_a_menu_of_faults_is_not_used() -> None:
    with pytest.raises(Faults, match=r"\[main\] timeout"):
        build(changed(main={"timeout": 600}))


def test_the_command_tells_shape_ways_and_speech_at_once(tmp_path: Path) -> None:
    file = tmp_path / "flow.toml"
    file.write_text(
        FLOW_FILE.read_text(encoding="utf-8")
        .replace("max_digits = 30", "max_digits = 300")
        .replace('keys   = { 1 = "about", 2 = "callback", 3', 'keys   = { 1 = "abuot", 2 = "callback", 3')
        .replace('says = ["sorry"]', 'says = ["so_sorry"]'),
        encoding="utf-8",
    )
    result = CliRunner().invoke(flow, ["check", "--file", str(file)])
    assert isinstance(result.exception, Faults)
    for said in (
        "[code_number] max_digits: must be a whole number",
        "[main] keys.1: no step is called abuot",
        "prompts/hi/texts.toml: so_sorry: missing",
    ):
        assert any(said in fault for fault in result.exception.faults), said
