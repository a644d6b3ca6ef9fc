"""Reads a TwiML document and lists everything that is wrong with it; runs nothing, knows no call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from helpline.simulator import sense, verbs
from helpline.simulator.refusal import CarrierRefused

LARGEST = 64 * 1024
TYPES = ("text/xml", "application/xml")


@dataclass(frozen=True)
class Verb:
    """One element: attributes as they were written, text, children. Defaults belong to whoever runs it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: tuple[Verb, ...] = ()

    def number(self, name: str, default: int) -> int:
        """A whole-number attribute."""
        return int(self.attributes.get(name, default))

    def get(self, name: str, default: str = "") -> str:
        """A text attribute."""
        return self.attributes.get(name, default)


def read(
    body: bytes, content_type: str | None, *, place: str = "call", first: bool = True
) -> tuple[Verb, ...]:
    """The verbs of a document.

    `place` says what the document is for (a key of `verbs.PLACES`), `first` whether the call is unanswered yet.
    Raises CarrierRefused with Twilio's error number and every fault. Stricter than Twilio on purpose: what it
    only warns about, what it would guess, and what this stand-in does not run, are faults too.
    """
    _check_envelope(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise CarrierRefused(12100, f"the document is not UTF-8 (byte {wrong.start})") from None
    _check_prolog(text)
    root = _tree(text)
    if root.tag != "Response":
        raise CarrierRefused(12102, f"the root is <{root.tag}>, not <Response>")
    faults: list[str] = []
    if root.attrib:
        faults.append(f"12200: <Response> has attributes: {', '.join(root.attrib)}")
    _check_stray_text(root, faults)
    found = tuple(_verb(element, verbs.PLACES[place], "Response", faults) for element in root)
    _check_order(found, first, faults)
    if faults:
        raise CarrierRefused(_code(faults[0]), faults)
    return found


def _check_envelope(body: bytes, content_type: str | None) -> None:
    if not content_type:
        raise CarrierRefused(12300, "the answer has no Content-Type")
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() not in TYPES:
        raise CarrierRefused(12300, f"Content-Type {kind.strip()!r} is not text/xml")
    charset = re.search(r"charset=\"?([^\s;\"]+)", rest, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise CarrierRefused(12300, f"charset {charset[1]!r} is not utf-8")
    if not body.strip():
        raise CarrierRefused(11770, "the answer is empty")
    if len(body) > LARGEST:
        raise CarrierRefused(11750, f"the document has {len(body)} bytes, more than {LARGEST}")


def _check_prolog(text: str) -> None:
    prolog = re.match(r"<\?xml\s+([^?]*)\?>", text)
    if prolog:
        version = re.search(r"version\s*=\s*[\"']([^\"']*)", prolog[1])
        encoding = re.search(r"encoding\s*=\s*[\"']([^\"']*)", prolog[1])
        if not version or version[1] != "1.0":
            raise CarrierRefused(12101, "the document is not XML 1.0")
        if encoding and encoding[1].lower() != "utf-8":
            raise CarrierRefused(12101, f"the document says its encoding is {encoding[1]}")


def _tree(text: str) -> ElementTree.Element:
    """The elements. A DOCTYPE is refused before anything in it is read."""

    def doctype(*_: object) -> None:
        raise CarrierRefused(12100, "the document has a DOCTYPE")

    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text, True)
    except expat.ExpatError as wrong:
        raise CarrierRefused(12100, f"the document is not well-formed XML: {wrong}") from None
    return builder.close()


def _check_stray_text(element: ElementTree.Element, faults: list[str]) -> None:
    for stray in [element.text, *(child.tail for child in element)]:
        if stray and stray.strip():
            faults.append(f"12200: text outside a verb in <{element.tag}>: {stray.strip()[:40]!r}")


def _verb(element: ElementTree.Element, allowed: frozenset[str], parent: str, faults: list[str]) -> Verb:
    name = str(element.tag)
    rule = verbs.RULES.get(name)
    if rule is None:
        near = [known for known in verbs.RULES if known.lower() == name.lower()]
        hint = f" (write <{near[0]}>)" if near else ""
        faults.append(f"12200: <{name}> is not a verb that this carrier runs{hint}")
        return Verb(name, {})
    if name not in allowed:
        faults.append(f"13320: <{name}> may not stand in <{parent}> here")
    for attribute, value in element.attrib.items():
        fault = _attribute_fault(rule, attribute, value)
        if fault:
            faults.append(f"12200: <{name} {attribute}>: {fault}")
    for needed in rule.needs:
        if needed not in element.attrib:
            faults.append(f"12200: <{name}> has no {needed}")
    text = (element.text or "").strip()
    children = tuple(_verb(child, rule.nests, name, faults) for child in element)
    if children or rule.text == "none":
        _check_stray_text(element, faults)
    if rule.text == "required" and not text:
        faults.append(f"12200: <{name}> is empty")
    verb = Verb(name, dict(element.attrib), text, children)
    faults.extend(sense.faults_of(verb.name, verb.attributes, text, parent, [one.name for one in children]))
    return verb


def _attribute_fault(rule: verbs.Rule, attribute: str, value: str) -> str | None:
    check = rule.attributes.get(attribute)
    if check is None:
        near = [known for known in rule.attributes if known.lower() == attribute.lower().replace("_", "")]
        return "is not an attribute" + (f" (write {near[0]})" if near else " that this carrier honours")
    if value in ("None", "True", "False") or re.fullmatch(r"[\[({].*[\])}]", value):
        return f"{value!r} is a Python value written out, not an attribute"
    return check(value)


def _moves_on(verb: Verb) -> bool:
    """True if nothing after this verb is ever reached."""
    if verb.name in ("Redirect", "Reject", "Hangup", "Leave"):
        return True
    if verb.name in ("Dial", "Enqueue"):
        return "action" in verb.attributes
    return verb.name == "Gather" and verb.get("actionOnEmptyResult") == "true"


def _check_order(found: tuple[Verb, ...], first: bool, faults: list[str]) -> None:
    for index, verb in enumerate(found):
        if verb.name == "Reject" and (index or not first):
            faults.append("12200: <Reject> is only for the first verb of a call that is not answered yet")
        if _moves_on(verb) and index + 1 < len(found):
            after = ", ".join(f"<{later.name}>" for later in found[index + 1 :])
            faults.append(f"12200: never reached after <{verb.name}>: {after}")
            break


def _code(fault: str) -> int:
    return int(fault.partition(":")[0])
