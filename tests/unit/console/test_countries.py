"""Where somebody returns to, in a sentence: with the word that goes before the country's name."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from helpline.console.countries import to_country
from helpline.console.labels import language_name


@pytest.fixture
def app():
    found = Flask("words")
    Babel(found, default_locale="it")
    return found


@pytest.mark.parametrize(
    ("code", "italian", "english"),
    [
        ("PH", "nelle Filippine", "to the Philippines"),
        ("BD", "in Bangladesh", "to Bangladesh"),
        ("DO", "nella Repubblica Dominicana", "to the Dominican Republic"),
        ("CU", "a Cuba", "to Cuba"),
        ("GB", "nel Regno Unito", "to the United Kingdom"),
        ("XX", "in XX", "to XX"),
    ],
)
def test_each_language_says_it_as_people_do(app, code, italian, english):
    with app.test_request_context():
        with force_locale("it"):
            assert to_country(code) == italian
        with force_locale("en"):
            assert to_country(code) == english


def test_bangla_is_bangla_in_italian_too(app):
    with app.test_request_context(), force_locale("it"):
        assert (language_name("bn"), language_name("ar")) == ("Bangla", "Arabo")
