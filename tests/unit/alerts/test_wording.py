"""Every kind of alert has its words in both languages, with the same figures, and a limit that fits its unit."""

import re
from pathlib import Path
from string import Formatter

import pytest

from helpline.alerts import said_en, said_it, wording
from helpline.alerts.kinds import MEANINGS, Kind, Unit


@pytest.mark.parametrize("kind", Kind)
def test_both_languages_say_the_same_figures(kind):
    italian, english = (
        {name for _, name, _, _ in Formatter().parse(said.SAID[kind][0]) if name}
        for said in (said_it, said_en)
    )
    assert italian == english
    assert len(said_it.SAID[kind][2]) == len(said_en.SAID[kind][2]) > 0


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_a_limit_exactly_where_it_has_a_unit(kind):
    meaning = MEANINGS[kind]
    assert (meaning.limit is None) == (meaning.unit is None)
    assert meaning.limit is None or 0 <= meaning.limit <= meaning.most
    assert meaning.unit in {None, *Unit}


def test_an_alert_is_said_with_its_names_and_figures():
    said = wording.title(Kind.NOBODY_SOON, "bn", "", {"hours": 2}, "it")
    assert said == "Bangla: tra 2 h la linea è aperta e nessuno è di turno"
    said = wording.title(Kind.OFFERS_EXPIRING, "ente", "Ente di Roma", {"count": 3, "minutes": 50}, "en")
    assert said == "Ente di Roma: offers that expire unanswered soon: 3, the first in 50 minutes"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("locale", ["it", "en"])
def test_a_kind_is_said_without_an_alert_too(kind, locale):
    assert not re.search("[{}]", wording.kind_of(kind, locale))
    assert all("{" not in step for step in wording.steps(kind, locale))


def test_the_runbook_says_of_every_kind_what_the_console_says():
    written = (Path(__file__).parents[3] / "docs" / "runbook.md").read_text("utf-8")
    assert wording.runbook() in written, "put what alerts.wording.runbook() gives behind the heading Alerts"


@pytest.mark.parametrize(
    ("minutes", "en", "it"),
    [(1, "1 minute", "1 minuto"), (119, "119 minutes", "119 minuti"), (120, "2 hours", "2 ore"),
     (1469, "24 hours", "24 ore"), (2880, "2 days", "2 giorni"), (10_000, "6 days", "6 giorni")],
)  # fmt: skip
def test_how_long_is_told_in_the_unit_in_which_one_says_it(minutes, en, it):
    facts = {"minutes": minutes, "expected": 9}
    assert f"No call for {en};" in wording.title(Kind.CALLS_STOPPED, "", "", facts, "en")
    assert f"Nessuna chiamata da {it};" in wording.title(Kind.CALLS_STOPPED, "", "", facts, "it")
