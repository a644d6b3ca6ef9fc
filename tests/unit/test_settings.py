"""What is said of the line's own two numbers when they cannot be: in English, one line each."""

import pytest

from helpline.config import Settings
from helpline.faults import Faults


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HELPLINE_TOLL_FREE_NUMBER", "+390655500000", "must be an Italian toll-free number"),
        ("HELPLINE_TOLL_FREE_NUMBER", "nonsense", "must be an Italian toll-free number"),
        (
            "HELPLINE_CALLBACK_NUMBER",
            "+39800000000",
            "must be an Italian number that can be called (fixed or mobile)",
        ),
        (
            "HELPLINE_CALLBACK_NUMBER",
            "+12025550123",
            "must be an Italian number that can be called (fixed or mobile)",
        ),
    ],
)
def test_a_number_of_the_wrong_kind_is_told_in_words(
    environ: dict[str, str], name: str, value: str, words: str
) -> None:
    with pytest.raises(Faults) as caught:
        Settings.from_env(environ | {name: value})
    assert caught.value.faults == [f"{name}: {words}"]
