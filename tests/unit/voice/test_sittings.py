"""What is read in one sitting, what of it is done, and where it goes on."""

from __future__ import annotations

from helpline.voice import sittings
from helpline.voice.sittings import Reading, What
from helpline.voice.states import State


def reading(prompt: str, *, to_do: bool = True, taken: bool = False, speaker: str = "") -> Reading:
    state = State.MISSING if to_do else State.LIVE
    return Reading(
        prompt, 1, prompt[0], "Hello.", None, "h", "Hello.", (), state, to_do, taken=taken, speaker=speaker
    )


A, B = reading("a1"), reading("b1", to_do=False)
ON_ITS_WAY = reading("b2", to_do=False, taken=True, speaker="Hema")


def names(*given: object, **more: str) -> list[str]:
    return [one.prompt for one in sittings.chosen([A, B, ON_ITS_WAY], *given, **more)]  # type: ignore[arg-type]  # the words under test


def test_what_is_to_be_done_a_section_one_or_everything_is_read() -> None:
    assert names(What.TODO) == ["a1"]
    assert names(What.SECTION, section="b") == ["b1", "b2"]
    assert names(What.ONE, prompt="b1") == ["b1"]
    assert names(What.ALL) == ["a1", "b1", "b2"]


def test_a_prompt_that_was_just_recorded_and_stands_in_the_address_is_still_to_be_seen() -> None:
    assert names(What.TODO, prompt="b2") == ["a1", "b2"]


def begun(what: What, *, prompt: str = "", speaker: str = "") -> str | None:
    found = sittings.begin_at([ON_ITS_WAY, B, A], what, prompt=prompt, speaker=speaker)
    return found.prompt if found else None


def test_one_goes_on_at_the_first_that_is_not_done() -> None:
    assert begun(What.TODO) == begun(What.SECTION) == "a1"
    assert begun(What.TODO, prompt="b1") == "b1"
    assert sittings.begin_at([], What.TODO, prompt="", speaker="") is None
    assert sittings.begin_at([B], What.SECTION, prompt="", speaker="") == B


def test_who_records_everything_anew_has_done_what_they_spoke_themselves() -> None:
    assert begun(What.ALL, speaker="Hema") == "b1"
    assert begun(What.ALL, speaker="Asha") == "b2"
