"""A telephone in the terminal: prints (and may speak) what the caller hears, and turns what is typed into keys."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpline.simulator import names, script, tongues
from helpline.simulator.client import Client
from helpline.simulator.refusal import NotPossible

Print = Callable[[str], None]
HELP = "keys 0-9 * #, empty line: silence, h: hang up, m [seconds]: speak a message"


def line_of(one: dict[str, Any]) -> str:
    """One utterance as a line: language, clip or voice, words."""
    if one["kind"] == "pause":
        return f"     (pause, {one['seconds']:g} s)"
    if one["kind"] == "tone":
        return "     (beep)" if one["text"] == "beep" else f"     (tones {one['text']})"
    if one["kind"] == "music":
        return f"     ({one['text']})"
    source = f"clip {one['name']}".strip() if one["kind"] == "play" else "voice"
    cut = "" if one["whole"] else " (cut short)"
    return (
        f"[{one['tag'] or '??'}] [{source}] {one['text'] or '(a clip that does not say what it says)'}{cut}"
    )


def speaker() -> Callable[[dict[str, Any]], None] | None:
    """Says utterances through espeak-ng, or None where it is not installed."""
    program = shutil.which("espeak-ng")
    if not program:
        return None

    def say(one: dict[str, Any]) -> None:
        if one["text"] and one["tag"] in tongues.TONGUES and one["kind"] in ("say", "play"):
            subprocess.run([program, "-v", one["tag"], "-s", "140", "--", one["text"]], check=False)

    return say


class Terminal:
    """Prints a call as it goes on; what was printed once is not printed again."""

    def __init__(
        self, client: Client, out: Print, say: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self.client = client
        self.out = out
        self.say = say
        self.told = 0

    def show(self, heard: list[dict[str, Any]]) -> None:
        """Print, and speak if wanted."""
        for one in heard:
            self.out(line_of(one))
            if self.say:
                self.say(one)

    def news(self) -> None:
        """What was heard since the last time, and the carrier's complaints about our documents."""
        call = self.client.call
        self.show(call["heard"][self.told :])
        self.told = len(call["heard"])
        if call["ended"]:
            self.ending()
        elif call["waiting_for"] == "record":
            self.out(f"     (recording, up to {call['waiting']['longest']:g} s: m [seconds] speaks)")

    def ending(self) -> None:
        """How the call ended, and what the carrier refused in it."""
        call = self.client.call
        self.out(f"The call is over: {call['outcome'] or call['status']}, {call['seconds']:.0f} s.")
        for trouble in self.client.call.get("troubles", []):
            self.out(f"The carrier refused: {trouble['what']}")

    def talk(self, ask: Callable[[], str]) -> None:
        """A call with a person at the keyboard. `ask` gives the next line, or raises EOFError."""
        self.client.dial()
        self.out(f"{self.client.call['from']} calls {self.client.call['to']}  ({HELP})")
        self.news()
        while not self.client.call["ended"]:
            try:
                typed = ask().strip()
            except (EOFError, KeyboardInterrupt):
                typed = "h"
            try:
                self.do(typed)
                self.news()
            except NotPossible as wrong:
                self.out(f"     ({wrong})")

    def do(self, typed: str) -> None:
        """Do what was typed. Raises NotPossible for what this telephone cannot do now."""
        message = re.fullmatch(r"m(?:\s+([0-9]{1,3}(?:\.[0-9])?))?", typed)
        if not typed:
            self.client.keep_silent()
        elif typed == "h":
            self.client.hang_up()
        elif message:
            self.client.speak(float(message[1] or 3))
        elif re.fullmatch(r"[0-9*#]+", typed):
            self.client.press(typed)
        else:
            raise NotPossible(HELP)

    def play(self, file: Path, prompts: Path) -> bool:
        """Play a script, printing the call. True when everything came true.

        `prompts`: the folder of texts by whose names `hear` knows spoken words. Raises Faults for a bad script or text.
        """
        steps, known = script.read(file), names.read(prompts)

        def tell(step: script.Step, heard: list[dict[str, Any]]) -> None:
            if step.deed not in ("hear", "over"):
                self.out(f"> {step}")
                self.show(heard)

        difference = script.play(steps, self.client, tell, known)
        self.ending()
        if difference is None:
            return True
        step, why = difference
        self.out(f"{file}:{step.line}: {step}: {why}")
        return False
