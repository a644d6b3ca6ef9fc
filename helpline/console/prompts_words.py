"""Words for what the prompts' rooms call by short names: states, sections, faults of a text. Knows no page."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from helpline.console import prompts_remarks
from helpline.voice.catalogue import stem
from helpline.voice.cells import BEHIND, DRAFTED, GAVE_WAY, MUTE
from helpline.voice.manifest import GONE, KEYS, VALUE
from helpline.voice.measured import remarks as as_remarks
from helpline.voice.reading import Hard
from helpline.voice.states import State

STATES: Mapping[State, tuple[LazyString, str, str]] = {
    State.LIVE: (lazy_gettext("recorded and live"), "good", "✓"),
    State.REVIEW: (lazy_gettext("recorded, not published yet"), "busy", "◐"),
    State.SPEECH: (lazy_gettext("speech engine"), "calm", "≈"),
    State.MISSING: (lazy_gettext("missing"), "calm", "–"),
    State.STALE: (lazy_gettext("stale: the text changed after the recording"), "warn", "!"),
    State.REJECTED: (lazy_gettext("rejected"), "bad", "✕"),
}
"""Each state's word, its tone, and a sign, so that it is not told by colour alone."""
MARKS: Mapping[str, LazyString] = {
    MUTE: lazy_gettext("no clip: the carrier’s voice speaks"),
    DRAFTED: lazy_gettext("changed in the draft"),
    BEHIND: lazy_gettext("English changed since"),
    GAVE_WAY: lazy_gettext("our text is not said"),
}
WHY_NOT_OURS: Mapping[str, LazyString] = {
    KEYS: lazy_gettext(
        "Callers hear the program’s text, not ours: it has changed since ours was written, and this prompt tells keys, which may have moved. Take ours again, or write it anew, if its keys are still right."
    ),
    VALUE: lazy_gettext(
        "Callers hear the program’s text, not ours: another value is spoken at its end now. Write ours anew."
    ),
    GONE: lazy_gettext("Our text is not said: the program has no such prompt any more."),
}
"""Why a published text of ours is not what callers hear."""
SECTIONS: Mapping[str, LazyString] = {
    "the language menu: each language's own name in its own voice, short form": lazy_gettext("Language menu"),
    "opening": lazy_gettext("Opening"),
    "main menu": lazy_gettext("Main menu"),
    "information": lazy_gettext("Information"),
    "a person, offices, closed": lazy_gettext("A person, offices, closed"),
    "to be called back": lazy_gettext("To be called back"),
    "by when we call: ten whole sentences": lazy_gettext("By when we call"),
    "a code, and the state of what was asked": lazy_gettext("The code, and how it stands"),
    "a request for help to return": lazy_gettext("A request for help to return"),
    "messages, errors, the end": lazy_gettext("Messages, errors, the end"),
    "the queue of a live call": lazy_gettext("The queue of a live call"),
    "a call that we place: heard by whoever answers": lazy_gettext("Calls that we place: who answers"),
    "a call that we place: heard by our own staff": lazy_gettext("Calls that we place: our staff"),
    "values, each a clip of its own": lazy_gettext("Values: digits, days, hours, places"),
}
WAYS: Mapping[str, LazyString] = {
    "browser": lazy_gettext("in the browser"),
    "telephone": lazy_gettext("by telephone"),
    "upload": lazy_gettext("as a file"),
    "file": lazy_gettext("as a file"),
    "speech": lazy_gettext("by a speech engine"),
    "engine": lazy_gettext("by a speech engine"),
    "command": lazy_gettext("on the command line"),
    "repository": lazy_gettext("with the program"),
}
HOW: Mapping[str, LazyString] = {
    "before": lazy_gettext("heard whole, before keys count"),
    "first": lazy_gettext("at the beginning"),
    "says": lazy_gettext("each time"),
    "option": lazy_gettext("as a choice"),
    "value": lazy_gettext("as a value"),
    "error": lazy_gettext("wherever a key was wrong or missing"),
}
ARROWS: Mapping[str, LazyString] = {
    "then": lazy_gettext("then"),
    "a number of the list": lazy_gettext("a number of the list"),
    "another": lazy_gettext("another"),
    "silence": lazy_gettext("silence"),
    "skip": lazy_gettext("skipped"),
}


def _(said: str) -> str:
    """Marks a sentence for the catalogues; it is looked up when it is said."""
    return said


# What `voice.lint`, `voice.wording` and `voice.catalogue` say of a text, in the reader's words. Longer ones first where
# one begins like another; a test asks for each of theirs.
FAULTS: tuple[str, ...] = (
    _("means being sent back or deported; say returning, by one's own choice"),
    _("speaks of expulsion, where the English master does not"),
    _('jargon, with a bad ring; say "support to start again there"'),
    _("means volunteering, not choosing freely"),
    _('say "a person" (an operator has a gender in many languages)'),
    _("an office's word (application, case, beneficiary, refer): say what happens in plain words"),
    _("supposes that the caller is a man or a woman"),
    _("a command to one man; say it in the plural or as a noun (الضغط …)"),
    _("speaks as to a friend or a child; say it politely (Lei, vous, usted, вы, ви, আপনি, आप)"),
    _("sounds like the resettlement programme for compatriots; say who chose to return home"),
    _("says %(found)s: this key has another name in each country"),
    _("holds the numeral %(found)s: write numbers as they are said, one digit at a time"),
    _("holds an invisible sign (%(found)s)"),
    _("holds letters that are not of this language: %(found)s"),
    _("holds no word that can be said"),
    _("says nothing before its placeholder"),
    _("says nothing"),
    _("begins or ends with a space"),
    _("is not in Unicode NFC"),
    _("has more than one placeholder: say the values in sentences of their own"),
    _("has a brace that is not a placeholder"),
    _("has a bad placeholder %(found)s"),
    _("must end with its placeholder %(found)s: only a full stop may follow"),
    _("has no placeholder, the English master has the placeholder %(found)s"),
    _("has the placeholder %(found)s, the English master has no placeholder"),
    _("has the placeholder %(found)s, the English master has the placeholder %(other)s"),
    _("must have the placeholder %(found)s"),
    _("must have no placeholder"),
    _("takes about %(found)s seconds to say, more than %(other)s"),
    _("tells other keys (%(found)s) than the menu has (%(other)s)"),
    _("the menu %(found)s would take %(seconds)s seconds to say, more than %(other)s"),
)
_QUOTED = re.compile(r'"(?P<word>[^"]*)": (?P<rest>.*)', re.DOTALL)
_WHERE = re.compile(r"[a-z]{2}/[a-z0-9_]+: ")


def state_name(state: str) -> str:
    """The word for a state."""
    return str(STATES[State(state)][0])


def section_name(title: str) -> str:
    """The word for a section; its heading where nobody gave it one."""
    return str(SECTIONS.get(title, title))


def fault(said: str) -> str:
    """A fault of a text in the reader's words; as it was said where there are none for it."""
    said = _WHERE.sub("", said, count=1)
    quoted = _QUOTED.fullmatch(said)
    word, rest = (f"“{quoted['word']}”: ", quoted["rest"]) if quoted else ("", said)
    for known in FAULTS:
        pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(known))
        if found := re.fullmatch(pattern, rest):
            return word + gettext(known, **found.groupdict())
    return word + rest


def hard_words(hard: Hard) -> str:
    """What is hard to follow in a text, as a sentence."""
    if hard.kind == "sentence":
        return ngettext(
            "A sentence of %(num)s word; %(most)s are easy to follow: “%(what)s”",
            "A sentence of %(num)s words; %(most)s are easy to follow: “%(what)s”",
            hard.length,
            most=hard.most,
            what=hard.what,
        )
    return gettext(
        "A word of %(length)s letters; %(most)s are easy to follow: “%(what)s”",
        length=hard.length,
        most=hard.most,
        what=hard.what,
    )


def first_words(text: str, most: int = 60) -> str:
    """The first words of a text, without the value that ends it, for headings and lists."""
    said = stem(text)
    return said if len(said) <= most else said[:most].rsplit(" ", 1)[0] + " …"


def arrow_word(word: str) -> str:
    """The word of an arrow of the menu: a key, silence, an outcome by its name."""
    if word.isdecimal():
        return gettext("key %(key)s", key=word)
    return str(ARROWS.get(word, word))


def remarks(measured: Mapping[str, Any]) -> list[str]:
    """What the judge of sounds warned of when a clip was made, in the reader's words."""
    return [prompts_remarks.said(one) for one in as_remarks(measured.get("warnings", ()))]


def wave(points: Sequence[int]) -> str:
    """The outline of a sound for drawing, in a box 200 high: `points` are its loudest moments, 0 to 100, from left to right."""
    upper = [f"{place} {100 - max(1, point)}" for place, point in enumerate(points)]
    lower = [f"{place} {100 + max(1, point)}" for place, point in enumerate(points)]
    return "M" + " L".join(upper + lower[::-1]) + " Z" if points else ""


FILTERS: Mapping[str, Callable[..., str]] = {
    "arrow_word": arrow_word,
    "first_words": first_words,
    "hard_words": hard_words,
    "section_name": section_name,
    "state_name": state_name,
    "wave": wave,
}
