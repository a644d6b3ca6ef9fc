"""The two talk: nothing is said of the matter before the code, and an interpreter may be called in."""

from collections.abc import Callable

import pytest

from helpline.callbacks import dialling
from helpline.phone import PhoneNumber
from tests.calls.caller import Caller
from tests.calls.dialled import INTERPRETER, Desk, do, talking

pytestmark = pytest.mark.usefixtures("unpaced")


def test_nothing_may_be_discussed_before_the_code(page: Desk, operator: Caller, person: Caller) -> None:
    with pytest.raises(dialling.NotTalking):
        do(dialling.code_given, page.callback_id, page.who, page.code)
    talking(page, operator, person)
    assert not do(dialling.may_discuss, page.callback_id)
    assert not do(dialling.code_given, page.callback_id, page.who, "0000")
    assert not do(dialling.may_discuss, page.callback_id)
    assert do(dialling.code_given, page.callback_id, page.who, page.code)
    assert do(dialling.may_discuss, page.callback_id)


def test_after_three_wrong_codes_only_free_words_help(page: Desk, operator: Caller, person: Caller) -> None:
    talking(page, operator, person)
    for _ in range(3):
        assert not do(dialling.code_given, page.callback_id, page.who, "0000")
    assert not do(dialling.code_given, page.callback_id, page.who, page.code)
    do(dialling.recognised_without_code, page.callback_id, page.who)
    assert do(dialling.may_discuss, page.callback_id)


# ------------------------------------------------------------ an interpreter


def test_an_interpreter_speaks_first_with_the_mediator_alone_then_with_both(
    page: Desk, operator: Caller, person: Caller, telephone: Callable[..., Caller], work: Callable[[], None]
) -> None:
    talking(page, operator, person)
    number = PhoneNumber(INTERPRETER)
    attempt_id = page.progress.attempt_id
    with pytest.raises(dialling.NotTalking):
        do(dialling.add_interpreter, attempt_id + 1, number, language="fr", who=page.who)
    first = do(dialling.add_interpreter, attempt_id, number, language="fr", who=page.who)
    assert do(dialling.add_interpreter, attempt_id, number, language="fr", who=page.who) == first
    interpreter = telephone(INTERPRETER).rings().answers("fr").hears("take_call")
    person.is_on_hold().hears("callback_wait")
    interpreter.presses("1")
    person.is_on_hold()
    assert do(dialling.bridge, attempt_id, page.who)
    work()
    operator.talks_with(person, interpreter)
    interpreter.hangs_up()
    operator.talks_with(person)
    assert page.progress.talking and not page.progress.held


def test_an_interpreter_who_does_not_answer_keeps_nobody_on_hold(
    page: Desk, operator: Caller, person: Caller, telephone: Callable[..., Caller]
) -> None:
    talking(page, operator, person)
    number = PhoneNumber(INTERPRETER)
    do(dialling.add_interpreter, page.progress.attempt_id, number, language="fr", who=page.who)
    telephone(INTERPRETER).rings().refuses()
    operator.talks_with(person)


def test_when_the_talk_ends_the_interpreter_rings_no_more(
    page: Desk, operator: Caller, person: Caller, telephone: Callable[..., Caller], work: Callable[[], None]
) -> None:
    talking(page, operator, person)
    number = PhoneNumber(INTERPRETER)
    do(dialling.add_interpreter, page.progress.attempt_id, number, language="fr", who=page.who)
    interpreter = telephone(INTERPRETER).rings()
    person.call.hang_up()
    work()
    assert interpreter.call.status == "canceled" and operator.is_over
