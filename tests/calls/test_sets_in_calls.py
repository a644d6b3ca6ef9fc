"""A call hears the set it began with, and agrees to the words it heard, whatever is published meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from helpline import create_app, db
from helpline.callbacks import dialling
from helpline.config import Settings
from helpline.intake.models import Agreement
from helpline.ivr.actions.help_to_return import consent_version
from helpline.phone import PhoneNumber
from helpline.simulator.carrier import Carrier
from helpline.voice import drafts, library, publishing
from helpline.voice.catalogue import Catalogue
from helpline.voice.library import Library
from tests.calls import staffed
from tests.calls.caller import Caller
from tests.calls.dialled import CALLER, INTERPRETER, MEDIATOR, Desk, do, mediator, takes
from tests.calls.ways import goes_to_consent, one, rows
from tests.integration import queue_rows
from tests.integration.prompt_rows import editor

KINDER = "Prima che altri sappiano di questa richiesta, ascolti."
TOPIC = "Che cosa comprende il sostegno: prema uno."


@pytest.fixture
def shelf(settings: Settings, database: Any, texts: Catalogue) -> Library:
    return Library(texts, settings.data_dir / "clips", every=1e9)


@pytest.fixture
def app(settings: Settings, line_is_open: None, shelf: Library, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(library, "open_library", lambda settings: shelf)
    return create_app(settings)


@pytest.fixture
def elena(database: Any) -> int:
    return editor()


@pytest.fixture
def publish(elena: int, texts: Catalogue, shelf: Library) -> Callable[..., int]:
    def write_and_publish(**changed: str) -> int:
        with db.transaction() as session:
            for prompt, text in changed.items():
                drafts.write_text(session, texts, "it", prompt, text, by_id=elena, revision=None)
            number = publishing.publish(session, by_id=elena)
        shelf.refresh()
        return number

    return write_and_publish


@pytest.mark.usefixtures("unpaced")
def test_whoever_is_called_back_hears_the_old_set_to_the_last_word(
    telephone: Callable[..., Caller], publish: Callable[..., int], texts: Catalogue
) -> None:
    page = Desk(mediator("it"), queue_rows.asked("it", number=CALLER)).claims()
    operator, person = telephone(MEDIATOR), telephone(CALLER)
    page.calls()
    takes(operator, "it")
    person.rings().answers("it").hears("callback_opening")
    publish(callback_wait="Un attimo, per favore.")
    person.presses("1").hears("callback_wait")
    operator.talks_with(person)


@pytest.mark.usefixtures("unpaced")
def test_who_is_put_on_hold_waits_in_the_set_their_call_began_with(
    telephone: Callable[..., Caller], publish: Callable[..., int]
) -> None:
    page = Desk(mediator("it"), queue_rows.asked("it", number=CALLER)).claims()
    operator, person = telephone(MEDIATOR), telephone(CALLER)
    page.calls()
    takes(operator, "it")
    person.rings().answers("it").hears("callback_opening").presses("1")
    publish(callback_wait="Un attimo, per favore.")
    attempt_id = page.progress.attempt_id
    do(dialling.add_interpreter, attempt_id, PhoneNumber(INTERPRETER), language="it", who=page.who)
    telephone(INTERPRETER).rings()
    person.is_on_hold().hears("callback_wait")
    assert "Un attimo, per favore." not in heard(person)


@pytest.mark.usefixtures("unpaced")
def test_whom_nobody_answers_is_told_so_in_the_set_their_call_began_with(
    telephone: Callable[..., Caller], publish: Callable[..., int]
) -> None:
    page = Desk(mediator("it"), queue_rows.asked("it", number=CALLER)).claims()
    operator, person = telephone(MEDIATOR), telephone(CALLER)
    page.calls()
    takes(operator, "it")
    publish(caller_not_reached="Nessuno ha risposto.")
    person.rings().refuses()
    assert operator.hears("caller_not_reached").is_over
    assert "Nessuno ha risposto." not in heard(operator)


@pytest.mark.usefixtures("unpaced")
def test_who_waits_for_a_person_is_put_through_and_taken_leave_of_in_the_words_of_their_own_call(
    caller: Caller, publish: Callable[..., int], telephone: Callable[..., Caller]
) -> None:
    her = staffed.mediator("it")
    caller.dials().chooses("it").presses("0").hears("connecting_person", "hold_callback")
    publish(goodbye="Grazie della chiamata.", callback_wait="Un attimo, per favore.")
    mobile = telephone(her.phone).rings().answers("it").hears("take_call").presses("1")
    caller.afterwards().talks_with(mobile)
    mobile.hangs_up()
    caller.hears("goodbye")
    assert "Grazie della chiamata." not in heard(caller)


def heard(caller: Caller) -> list[str]:
    return [each.text for each in caller.heard]


def test_a_call_in_progress_hears_the_old_texts_throughout_and_the_next_call_the_new_ones(
    caller: Caller, publish: Callable[..., int], texts: Catalogue
) -> None:
    caller.dials().chooses("it").presses("1").hears("about_what")
    publish(about_what=TOPIC)
    caller.presses("9").hears("about_what")
    caller.presses("8", "1").hears("about_what")
    assert TOPIC not in heard(caller)
    caller.hangs_up().dials().chooses("it").presses("1")
    assert TOPIC in heard(caller) and texts.text("it", "about_what") not in heard(caller)


def test_who_agrees_agrees_to_the_words_of_the_set_that_was_heard(
    caller: Caller, publish: Callable[..., int], shelf: Library, texts: Catalogue
) -> None:
    goes_to_consent(caller.dials().chooses("it"))
    assert texts.text("it", "consent_offer") in heard(caller)
    number = publish(consent_offer=KINDER)
    caller.presses("1").hangs_up()
    assert one(Agreement).text_version == consent_version(texts, "it")
    caller.dials().chooses("it").presses("3", "1", "1", "1")
    assert KINDER in heard(caller)
    caller.presses("1")
    versions = {agreement.text_version for agreement in rows(Agreement)}
    new = consent_version(shelf.manifest(number).catalogue, "it")
    assert versions == {consent_version(texts, "it"), new} and len(versions) == 2


def test_a_first_webhook_that_comes_twice_is_answered_in_the_set_of_the_first_answer(
    caller: Caller, carrier: Carrier, publish: Callable[..., int]
) -> None:
    caller.dials()
    first = carrier.exchanges[-1]
    publish(language_help="Per l'italiano, prema uno.")
    again = carrier.replay(first)
    assert first.answer and again.body == first.answer.body
