"""A long attack on the interface for entities by its own document."""

import pytest

from tests.integration import api_attack

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200), pytest.mark.usefixtures("database")]


def test_no_answer_is_one_that_the_document_does_not_promise(settings, monkeypatch):
    api_attack.attack(api_attack.furnished(settings, monkeypatch), examples=40)
