"""What two rooms hold in common without knowing each other: the retries of webhooks, the limits of wrong codes, words."""

import pytest

from helpline.callbacks import recognising
from helpline.config import Settings
from helpline.faults import Faults
from helpline.intake import codes
from helpline.ivr import legs, twiml
from helpline.telephony import scripts, twilio
from helpline.telephony.models import Purpose


def test_webhooks_of_placed_calls_are_retried_like_all_others() -> None:
    assert twilio.RETRY == twiml.RETRY


def test_wrong_codes_are_counted_alike_at_the_menu_and_at_the_desk() -> None:
    ours = (recognising.WRONG_A_TALK, recognising.WRONG_A_DAY, recognising.WRONG_EVER)
    assert ours == (codes.WRONG_A_CALL, codes.WRONG_A_DAY, codes.WRONG_EVER)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_has_a_module_that_knows_what_to_say(purpose: Purpose) -> None:
    script = scripts.of(purpose)
    for name in ("answered", "pressed", "left", "leg_changed"):
        assert callable(getattr(script, name))


def test_what_is_said_on_hold_is_among_the_words_of_legs() -> None:
    assert legs.HELD in legs.PROMPTS


@pytest.mark.parametrize(("text", "rate"), [("", 1.0), ("1", 1.0), ("0.5", 0.5), ("200", 200.0)])
def test_the_carriers_rate_is_a_setting(environ: dict[str, str], text: str, rate: float) -> None:
    assert Settings.from_env(environ | {"HELPLINE_CALLS_A_SECOND": text}).calls_a_second == rate


@pytest.mark.parametrize("text", ["0", "-1", "one", "1e3", "1000"])
def test_a_senseless_rate_is_refused_in_words(environ: dict[str, str], text: str) -> None:
    with pytest.raises(Faults) as caught:
        Settings.from_env(environ | {"HELPLINE_CALLS_A_SECOND": text})
    assert caught.value.faults == [
        "HELPLINE_CALLS_A_SECOND: must be a number above 0 and below 1000, such as 1 or 0.5"
    ]
