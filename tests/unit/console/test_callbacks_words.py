"""The words of the callback queue: everything that can become of a call has one, in both languages."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from helpline.callbacks.values import Cause, Event, Outcome
from helpline.console import callbacks_words, words
from helpline.telephony.models import Cause as Leg
from helpline.telephony.models import LegState


@pytest.fixture
def speaking():
    app = Flask("words")
    Babel(app).domain_instance = words.Words()
    with app.test_request_context():
        yield


def ended(cause):
    return Event(datetime(2026, 11, 24, tzinfo=UTC), "attempt", None, why=cause)


@pytest.mark.parametrize("cause", [None, *Cause])
def test_every_cause_of_an_attempt_has_a_word_in_italian(speaking, cause):
    said = {}
    for locale in ("it", "en"):
        with force_locale(locale):
            said[locale] = callbacks_words.happened(ended(cause), {}).partition(": ")[2]
    assert said["it"] and said["it"] != said["en"]
    assert not re.search("_", said["it"])


@pytest.mark.parametrize("cause", list(Leg))
def test_every_cause_of_a_leg_has_a_word_in_italian(speaking, cause):
    with force_locale("it"):
        said = str(callbacks_words.FILTERS["cause_word"](cause))
    assert said and said != callbacks_words.LEG_CAUSES[cause]._args[0]


def test_every_state_of_a_leg_and_every_outcome_has_a_word():
    assert {*callbacks_words.LEGS} == {*LegState}
    assert {*callbacks_words.OUTCOMES} == {*Outcome}
