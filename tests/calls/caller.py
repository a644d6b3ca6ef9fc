"""A caller for tests: dials through the stand-in carrier, and knows what is heard by its name (`bn/welcome`)."""

from __future__ import annotations

from collections.abc import Callable

from helpline.simulator.call import Call, Heard
from helpline.simulator.carrier import Carrier
from helpline.simulator.rooms import Room
from helpline.voice.catalogue import Catalogue, stem
from tests.leaflet import KEY_OF

TAGS = {
    "it-IT": "it",
    "en-GB": "en",
    "fr-FR": "fr",
    "es-ES": "es",
    "ru-RU": "ru",
    "uk-UA": "uk",
    "ar-XA": "ar",
    "bn-IN": "bn",
    "hi-IN": "hi",
}


class Names:
    """Which prompts a text may be, in a language (some prompts say the same)."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._names: dict[tuple[str, str], list[str]] = {}
        for code in KEY_OF:
            for name, text in catalogue.texts[code].items():
                self._names.setdefault((code, stem(text)), []).append(name)

    def of(self, code: str, text: str) -> set[str]:
        """Every name of this text, as `bn/welcome`; `bn/?` for words that are no prompt."""
        return {f"{code}/{name}" for name in self._names.get((code, text), ["?"])}


class Caller:
    """Somebody with a telephone. Every method gives the caller back, so that a test reads like the call.

    Once a language is chosen with `chooses`, names need no language, and every `hears` also proves that nothing was
    said in another one.
    """

    def __init__(
        self, carrier: Carrier, names: Names, *, from_: str, to: str, after: Callable[[], None]
    ) -> None:
        self.carrier, self.from_, self.to, self._after, self._names = carrier, from_, to, after, names
        self.language = ""
        self.call: Call
        self._seen = 0

    # ------------------------------------------------------------ what a person does

    def dials(self, to: str | None = None) -> Caller:
        """Lift the receiver and dial."""
        self._seen, self.language = 0, ""
        self.call = self.carrier.dial(to or self.to, self.from_)
        return self

    def rings(self, *, within: int = 5) -> Caller:
        """Somebody calls this telephone, once the jobs that were rung are done and a few seconds have passed."""
        for _ in range(within + 1):
            self._after()
            called = self._calls_to_here()
            if called:
                self._seen, self.language, self.call = 0, "", called[0]
                return self
            self.carrier.advance(1)
        raise AssertionError(f"the telephone does not ring within {within} s")

    def does_not_ring(self, *, within: int = 5) -> Caller:
        """Nobody calls this telephone, whatever was rung, in these seconds."""
        for _ in range(within + 1):
            self._after()
            assert not self._calls_to_here(), "the telephone rings"
            self.carrier.advance(1)
        return self

    def answers(self, language: str = "", *, machine: bool = False) -> Caller:
        """Pick up the telephone that rings (or let an answering machine do it), and expect to be spoken to so."""
        self.language = language
        self.carrier.outbound.answer(self.call, machine=machine)
        return self

    def refuses(self) -> Caller:
        """Press the red button: whoever calls finds the line busy; what follows is done."""
        return self._unanswered("busy")

    def cannot_be_reached(self) -> Caller:
        """The network says that there is nobody; what follows is done."""
        return self._unanswered("failed")

    def lets_it_ring(self) -> Caller:
        """Nobody picks up, until the carrier gives up; what follows is done."""
        for _ in range(700):
            if self.call.ended:
                break
            self.carrier.advance(1)
        self._after()
        return self

    def chooses(self, code: str) -> Caller:
        """Press the key that the leaflets give for a language; from here on nothing else may be heard."""
        self.presses(KEY_OF[code])
        self.language = code
        return self

    def presses(self, *keys: str) -> Caller:
        """Press keys: each argument is one answer."""
        for each in keys:
            self._mark()
            self.call.press(each)
        return self

    def keeps_silent(self, times: int = 1) -> Caller:
        """Say and press nothing until the line goes on."""
        for _ in range(times):
            self._mark()
            self.call.keep_silent()
        return self

    def says(self, seconds: float = 3) -> Caller:
        """Speak after the tone."""
        self._mark()
        self.call.speak(seconds)
        return self

    def hangs_up(self) -> Caller:
        """Put the receiver down; what follows a call is done."""
        self._mark()
        self.call.hang_up()
        return self.afterwards()

    def afterwards(self) -> Caller:
        """What comes after a call: the carrier's last webhooks, and the jobs that were rung."""
        self.carrier.settle()
        self._after()
        return self

    # ------------------------------------------------------------ what a person hears

    def hears(self, *names: str) -> Caller:
        """The names were heard, in this order, since the last key."""
        left = iter(self.names)
        if self.language:
            self.hears_only(self.language)
        for name in map(self._whole, names):
            assert any(name in heard for heard in left), f"{name} not heard, in this order, in {self.names}"
        return self

    def does_not_hear(self, *names: str) -> Caller:
        """None of the names was heard since the last key."""
        for name in map(self._whole, names):
            assert not any(name in heard for heard in self.names), f"{name} was heard in {self.names}"
        return self

    def hears_only(self, language: str) -> Caller:
        """Everything since the last key was in this language."""
        spoken = {self.language_of(heard) for heard in self.heard}
        assert spoken <= {language}, f"{spoken} heard instead of {language}"
        return self

    def value_after(self, name: str) -> str:
        """The digits that were read out after a prompt."""
        names, name = self.names, self._whole(name)
        place = next(n for n, heard in enumerate(names) if name in heard)
        language = name.partition("/")[0]
        digits = ""
        for heard in self.heard[place + 1 :]:
            if heard.kind == "play" and heard.name.startswith("digit_"):
                digits += heard.name.removeprefix("digit_")
                continue
            read = self._digits(language, heard.text)
            if heard.kind != "say" or not read:
                break
            digits += read
        return digits

    def talks_with(self, *others: Caller) -> Caller:
        """This telephone and these, and no other, are in one conference that has begun, and hear each other."""
        room = self._room()
        assert room is not None and room.status == "in-progress", "not in a conference that has begun"
        assert set(room.members) == {one.call.sid for one in (self, *others)}
        assert not [one for one in room.members.values() if one.hold or one.muted], "somebody is held or mute"
        return self

    def waits_for_somebody(self) -> Caller:
        """This telephone is in a conference that has not begun, or is alone in it."""
        room = self._room()
        assert room is not None and list(room.members) == [self.call.sid]
        return self

    def is_on_hold(self) -> Caller:
        """This telephone is in a conference, and held."""
        room = self._room()
        assert room is not None and room.members[self.call.sid].hold
        return self

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.call.waiting_for == "ended"

    @property
    def heard(self) -> list[Heard]:
        """Everything said or played since the last key, but for the tone that is heard while waiting."""
        spoken = [heard for heard in self.call.heard[self._seen :] if heard.kind in {"say", "play"}]
        return [heard for heard in spoken if heard.name != "tone"]

    @property
    def names(self) -> list[set[str]]:
        """What was said or played since the last key, by every name it may have (some prompts say the same)."""
        return [self._name(heard) for heard in self.heard]

    def language_of(self, heard: Heard) -> str:
        """The language something was said in."""
        return TAGS[heard.language] if heard.kind == "say" else heard.language

    def _room(self) -> Room | None:
        return next((room for room in self.carrier.rooms.all() if self.call.sid in room.members), None)

    def _calls_to_here(self) -> list[Call]:
        return [call for call in self.carrier.outbound.ringing if call.to == self.from_]

    def _unanswered(self, status: str) -> Caller:
        self.carrier.outbound.refuse(self.call, status)
        self._after()
        return self

    def _name(self, heard: Heard) -> set[str]:
        if heard.kind == "play":
            return {f"{heard.language}/{heard.name}"}
        return self._names.of(TAGS[heard.language], heard.text)

    def _whole(self, name: str) -> str:
        return name if "/" in name else f"{self.language}/{name}"

    def _digits(self, language: str, text: str) -> str:
        words = {
            stem(self._names.catalogue.text(language, f"digit_{n}")).rstrip(" .।"): str(n) for n in range(10)
        }
        parts = [part.strip() for part in text.replace("،", ",").split(",")]
        return "".join(words[part] for part in parts) if all(part in words for part in parts) else ""

    def _mark(self) -> None:
        self._seen = len(self.call.heard)
