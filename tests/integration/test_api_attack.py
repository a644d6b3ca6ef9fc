"""A short attack on the interface by its own document. Takes seconds, since requests have to be made up for sixteen
operations; the long one is in tests/faults."""

import pytest

from tests.integration import api_attack

pytestmark = [pytest.mark.long, pytest.mark.timeout(240), pytest.mark.usefixtures("database")]


def test_no_answer_is_one_that_the_document_does_not_promise(settings, monkeypatch):
    api_attack.attack(api_attack.furnished(settings, monkeypatch), examples=2)
