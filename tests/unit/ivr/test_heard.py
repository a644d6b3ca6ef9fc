"""Where each prompt is heard, and what leads there."""

from helpline.ivr import flow as menu
from helpline.ivr import legs
from helpline.ivr.check import prompts_of
from helpline.ivr.heard import Place, places, ways_in
from helpline.voice import catalogue

TEXTS = catalogue.load().texts["en"]
FLOW = menu.load()
PLACES = places(FLOW, TEXTS)
SMALL = menu.build(
    {
        "flow": dict.fromkeys(("person", "difficult", "goodbye", "sorry"), "bye")
        | {"start": "language", "silence": "no_input", "wrong": "wrong_key", "short": "too_few"},
        "lists": {"countries": ["country_bd", "country_in"]},
        "language": {"kind": "language", "says": ["{languages}"], "then": "main", "silence": "quiet"},
        "quiet": {"kind": "say", "then": "main"},
        "main": {"kind": "menu", "keys": {"1": "number", "2": "where"}},
        "number": {"kind": "ask", "digits": 4, "keeps": "number_keyed", "then": "read", "before": ["key_it"]},
        "read": {"kind": "say", "says": ["number_is"], "then": "bye"},
        "where": {"kind": "menu", "list": "countries", "picked": "read", "keeps": "country", "first": ["which"]},
        "bye": {"kind": "end"},
    }
)  # fmt: skip


def test_a_prompt_is_heard_where_a_step_says_it_and_a_value_where_its_text_is():
    found = places(SMALL, {"number_is": "Your number is: {number}."})
    assert found["key_it"] == (Place("number", "before"),)
    assert found["which"] == (Place("where", "first"),)
    assert found["language_line"] == (Place("language", "says"),)
    assert found["country_in"] == (Place("where", "option"),)
    assert found["digit_2"] == (Place("read", "value"), Place("where", "option"))
    assert found["no_input"] == (Place("", "error"),)


def test_what_leads_to_a_step_is_told_by_its_keys():
    found = ways_in(SMALL)
    assert found["number"] == (("main", "1"),)
    assert found["main"] == (("language", "then"), ("quiet", "then"))
    assert found["read"] == (("number", "then"), ("where", "a number of the list"))
    assert found["language"] == ()


def test_every_prompt_of_the_menu_is_heard_somewhere_and_no_other():
    assert set(PLACES) == prompts_of(FLOW)
    assert set(TEXTS) - set(PLACES) <= set(legs.PROMPTS)


def test_every_step_of_the_menu_is_led_to_but_those_that_a_call_reaches_by_itself():
    alone = {name for name, ways in ways_in(FLOW).items() if not ways}
    assert alone <= set(FLOW.roots)
