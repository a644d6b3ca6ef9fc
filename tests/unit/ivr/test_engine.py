"""The engine over the real menu: rules that hold for every call, and ten faults that they catch."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.ivr import engine
from helpline.ivr.engine import Heard, Position, Said, Turn, answer
from helpline.ivr.flow import Flow, load
from helpline.languages import CODES
from tests.unit.ivr.rules import Answer, Broken, Event, walk

FLOW = load()

keys = st.one_of(
    st.sampled_from([*"0123456789", "*", "#"]),
    st.sampled_from(["00185", "3330000123", "1234", "12", "99999", "*3330000123"]),
)
heards = st.one_of(
    keys.map(lambda word: Heard("keys", word)),
    st.just(Heard("silence")),
    st.sampled_from([Heard("recorded"), Heard("nothing"), Heard("skipped")]),
)
events = st.builds(Event, heards, st.lists(st.integers(0, 8), max_size=4).map(tuple))


@given(st.lists(events, max_size=40))
@settings(max_examples=400, deadline=None)
def test_every_call_keeps_the_rules_and_ends(course: list[Event]) -> None:
    walk(answer, FLOW, course)


@given(st.sampled_from(CODES), st.sampled_from(sorted(FLOW.steps)), events, st.integers(0, 2))
@settings(max_examples=600, deadline=None)
def test_every_step_in_every_language_answers_in_it(code: str, name: str, event: Event, tries: int) -> None:
    turn = answer(FLOW, Position(3, code, name, 7, tries), event.heard)
    assert turn.position.set_id == 3
    if FLOW.steps[name].kind != "language":
        assert turn.position.language == code
        assert {said.language for said in turn.whole + turn.says} <= {code}


def test_a_step_that_is_gone_after_a_deploy_leads_to_the_main_menu_of_the_language() -> None:
    turn = answer(FLOW, Position(0, "ar", "an_old_step", 9, 0), Heard("keys", "1"))
    assert (turn.step.name, turn.position.language) == ("main", "ar")
    assert answer(FLOW, Position(0, "-", "an_old_step", 9, 0), Heard("silence")).step.name == "language"


def test_a_key_held_down_for_ever_ends_the_call() -> None:
    place = Position(0, "en", "main", engine.LONGEST_CALL, 0)
    assert answer(FLOW, place, Heard("keys", "9")).step.kind == "end"


def test_an_impatient_8_8_does_not_go_back_to_the_languages() -> None:
    welcome = Position(0, "fr", "welcome", 2, 0)
    first = answer(FLOW, welcome, Heard("keys", "8"))
    assert first.step.name == "main"
    assert answer(FLOW, welcome, Heard("keys", "9")).step.name == "main"
    assert answer(FLOW, first.position, Heard("keys", "8")).step.name == "language"


def test_the_last_repetition_is_whole_and_slow() -> None:
    turn = answer(FLOW, Position(0, "es", "consent", 5, 1), Heard("silence"))
    assert turn.slow
    assert not turn.whole
    assert [said.prompt for said in turn.says][:3] == ["no_input", "consent_offer", "consent_answers"]


def test_a_star_while_digits_are_keyed_begins_them_anew() -> None:
    turn = answer(FLOW, Position(0, "en", "code_enter", 5, 0), Heard("keys", "12*4729"))
    assert turn.keeps == {"code_keyed": "4729"}


# ---------------------------------------------------------------- ten faults, each of which a rule must catch


def _lost_back(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    if heard.word[:1] == "8" and flow.steps.get(place.step, flow.steps["main"]).kind == "menu":
        return replace(answer(flow, place, Heard("keys", "9"), said), event="key 8")
    return answer(flow, place, heard, said)


def _swapped_language(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    swap = {"uk": "ru"}
    return replace(
        turn,
        position=replace(turn.position, language=swap.get(turn.position.language, turn.position.language)),
    )


def _one_prompt_in_italian(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    says = tuple(Said(s.prompt, "it") if s.prompt == "wrong_key" else s for s in turn.says)
    return replace(turn, says=says)


def _uncounted_failures(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    return replace(turn, position=replace(turn.position, tries=0))


def _silence_called_a_wrong_key(
    flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()
) -> Turn:
    turn = answer(flow, place, heard, said)
    return replace(
        turn, says=tuple(Said("wrong_key", s.language) if s.prompt == "no_input" else s for s in turn.says)
    )


def _consent_cut_short(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    return replace(turn, whole=(), says=turn.whole + turn.says) if turn.step.kind == "menu" else turn


def _agreement_inverted(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    return replace(turn, keeps=dict.fromkeys(turn.keeps, "yes")) if "consent" in turn.keeps else turn


def _forgotten_answer(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    return replace(turn, keeps={}) if "window" in turn.keeps else turn


def _words_before_an_action_lost(
    flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()
) -> Turn:
    return answer(flow, place, heard, ())


def _round_and_round(flow: Flow, place: Position, heard: Heard, said: tuple[Said, ...] = ()) -> Turn:
    turn = answer(flow, place, heard, said)
    if heard.kind == "silence" and turn.step.name == "difficult":
        return answer(flow, place, Heard("keys", "9"), said)
    return turn


FAULTS: list[Callable[..., Turn]] = [
    _lost_back,
    _swapped_language,
    _one_prompt_in_italian,
    _uncounted_failures,
    _silence_called_a_wrong_key,
    _consent_cut_short,
    _agreement_inverted,
    _forgotten_answer,
    _words_before_an_action_lost,
    _round_and_round,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_seeded_fault_is_caught(fault: Answer) -> None:
    with pytest.raises(Broken):
        _many_calls(fault)


def _many_calls(engine_at_fault: Answer) -> None:
    chance = random.Random(1)
    for _ in range(3000):
        walk(engine_at_fault, FLOW, [_event(chance) for _ in range(25)])


def _event(chance: random.Random) -> Event:
    """Mostly what a real caller does: low keys, some silence, now and then nonsense."""
    kind = chance.choices(["key", "silence", "digits", "record"], [70, 12, 10, 8])[0]
    outcomes = tuple(chance.randrange(8) for _ in range(3))
    if kind == "key":
        return Event(Heard("keys", chance.choice("111222333456780 9#".replace(" ", ""))), outcomes)
    if kind == "digits":
        return Event(Heard("keys", chance.choice(["00185", "3330000123", "4729"])), outcomes)
    return Event(Heard("silence") if kind == "silence" else Heard("recorded"), outcomes)
