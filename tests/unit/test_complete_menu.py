"""A step that is added, renamed or taken out is named in every file that has to know it, all at once."""

from helpline import complete_menu
from helpline.console import flow_words
from helpline.figures import stages
from helpline.ivr import flow
from helpline.ivr.flow import parse
from tests.unit.ivr.menus import REAL, changed, renamed

NO = "the menu has no such step"


def test_every_file_that_knows_steps_knows_those_of_the_menu() -> None:
    assert complete_menu.faults(parse(REAL)) == []


def test_steps_that_were_renamed_and_added_are_named_with_each_file_at_once() -> None:
    data = renamed(REAL, about="topics", info_what="info_includes", closed="shut")
    data["weather"] = {"kind": "menu", "keys": {"1": "topics"}}
    hint = " (renamed: say `formerly`; taken out: its word goes to OLDER)"
    console, seed = "helpline/console", "helpline/figures/seed"
    assert set(complete_menu.faults(parse(data))) == {
        *(f"{console}/flow_words.py: STEPS: {name}: missing" for name in ("topics", "info_includes", "shut", "weather")),
        *(f"{console}/flow_words.py: STEPS: {name}: {NO}{hint}" for name in ("about", "info_what", "closed")),
        f"{console}/figures_reports_words.py: TOPICS: info_includes: missing",
        *(f"helpline/figures/stages.py: {name}: begins like the steps of no stage, and would count as `other`"
          for name in ("topics", "shut", "weather")),
        "helpline/figures/summing.py: TURNED_AWAY: shut: missing",
        "helpline/figures/summing.py: TURNED_AWAY: closed: nobody is led there for want of a person",
        "helpline/figures/summing.py: SHUT: must be holiday, shut",
        *(f"{seed}/manners.py: PRESSED: {name}: missing" for name in ("topics", "shut", "weather")),
        *(f"{seed}/manners.py: PRESSED: {name}: {NO}" for name in ("about", "closed")),
        f"{seed}/manners.py: IN_A_LANGUAGE: about: {NO}",
        f"{seed}/causes.py: STEPS: about: {NO}",
    }  # fmt: skip


def test_words_of_older_steps_stay_and_are_no_words_of_steps_that_there_are(monkeypatch) -> None:
    said = flow_words.STEPS["about"]
    monkeypatch.setattr(flow_words, "OLDER", {"news": said, "about": said, "who": said})
    assert set(complete_menu.faults(parse(changed(info_who={"formerly": ["who"]})))) == {
        "helpline/console/flow_words.py: OLDER: about: the menu has it",
        "helpline/console/flow_words.py: OLDER: who: the menu has it as info_who",
    }


def test_a_word_without_its_italian_is_named(monkeypatch) -> None:
    monkeypatch.setattr(flow_words, "OLDER", {"news": "Never translated"})
    assert complete_menu.faults(parse(REAL)) == [
        "helpline/console/translations/it: OLDER: news: “Never translated” is not translated"
    ]


def test_a_step_that_cannot_be_read_is_not_said_to_be_missing_elsewhere() -> None:
    assert complete_menu.faults(parse(changed(weather={"kind": "wether"}))) == []


def test_a_step_belongs_to_no_stage_only_where_that_is_said() -> None:
    others = {
        "difficult", "difficult_live", "difficult_call", "leave_message", "message_save", "message_kept", "sorry", "goodbye",
    }  # fmt: skip
    steps = flow.load().steps
    assert {name for name in steps if stages.stage(name) == "other"} == others
    assert [name for name in steps if stages.known(name) is None] == []
    assert stages.known("weather") is None and stages.stage("weather") == "other"


def test_a_step_that_asks_where_somebody_is_or_goes_says_no_place_in_a_file_of_rows() -> None:
    file = "helpline/figures/exporting/columns.py"
    data = renamed(REAL, area_south="regions_below", country="whereto", region_digits="cap_digits")
    found = [fault for fault in complete_menu.faults(parse(data)) if fault.startswith(file)]
    no = "asks for a place, and begins with none of them"
    assert found == [
        f"{file}: _PLACES: cap_digits: {no}",
        f"{file}: BRANCHING: regions_below: is of one part of Italy, and begins with none of them",
        f"{file}: _PLACES: whereto: {no}",
    ]
    former = parse(changed(country={"formerly": ["whereto"]}))
    assert complete_menu.faults(former) == [f"{file}: _PLACES: whereto: {no}"], "rows still have that name"
