"""Faults in TwiML that no single attribute shows: mute voices, bad mixtures, addresses in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpline.simulator import verbs, voices

Attributes = dict[str, str]


def faults_of(name: str, attributes: Attributes, text: str, parent: str, nested: list[str]) -> list[str]:
    """What is wrong with one element, given what it stands in and what it holds; each begins with an error number."""
    if name == "Say":
        return list(_say(attributes, text))
    if name == "Play":
        return list(_play(attributes, text, parent))
    if name == "Dial":
        return list(_dial(text, nested))
    if name == "Redirect" and text:
        fault = verbs.address(text)
        return [f"12200: <Redirect>: {fault}"] if fault else []
    if name == "Number" and not verbs.NUMBER.fullmatch(text):
        return ["13223: <Number> is not an E.164 number"]
    if name in ("Enqueue", "Queue", "Conference") and len(text) > 64:
        return [f"12200: <{name}> has a name of more than 64 characters"]
    return []


def _say(attributes: Attributes, text: str) -> Iterator[str]:
    voice, language = attributes.get("voice"), attributes.get("language")
    fault = voices.fault_of(voice, language)
    if fault and voice is not None and language is not None:
        yield f"13520: {fault}"
    if len(text) > voices.longest_text(voice or ""):
        yield f"13520: <Say> of {len(text)} characters is too long"


def _play(attributes: Attributes, text: str, parent: str) -> Iterator[str]:
    if bool(text) == ("digits" in attributes):
        yield "13420: <Play> needs either an address or digits"
    if parent == "Gather" and "digits" in attributes:
        yield "13325: <Play digits> may not stand in <Gather>"
    if not text:
        return
    fault = verbs.address(text)
    if fault:
        yield f"13420: <Play>: {fault}"
    elif re.search(r"\.(mp3|m4a|ogg|opus|aac)$", text.partition("?")[0].lower()):
        yield f"13325: <Play> of {text}: telephones take WAV, and MP3 delays a menu"


def _dial(text: str, nested: list[str]) -> Iterator[str]:
    if text and (nested or not verbs.NUMBER.fullmatch(text)):
        yield "13223: <Dial> holds text that is not one E.164 number"
    if not text and not nested:
        yield "13200: <Dial> dials nobody"
    if len(set(nested)) > 1 or (nested and nested[0] != "Number" and len(nested) > 1):
        yield "13000: <Dial> mixes nouns that do not go together"
    if nested.count("Number") > 10:
        yield "13000: <Dial> rings more than ten numbers at once"
