"""Whether everybody needs a second factor is a setting, and with the real carrier it is none."""

import pytest

from helpline.config import Settings
from helpline.faults import Faults


def test_a_second_factor_is_required_unless_a_rehearsal_says_otherwise(environ):
    assert Settings.from_env(environ).second_factor_required
    assert not Settings.from_env(environ | {"HELPLINE_SECOND_FACTOR": "optional"}).second_factor_required


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"HELPLINE_SECOND_FACTOR": "never"}, "must be required or optional"),
        (
            {"HELPLINE_SECOND_FACTOR": "optional", "TWILIO_API_URL": "https://api.twilio.com"},
            "must be required, because TWILIO_API_URL is the real carrier",
        ),
    ],
)
def test_it_cannot_be_left_out_where_people_call_for_real(environ, given, fault):
    with pytest.raises(Faults) as caught:
        Settings.from_env(environ | given)
    assert caught.value.faults == [f"HELPLINE_SECOND_FACTOR: {fault}"]
