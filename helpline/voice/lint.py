"""How a text is worded: words that must never be said to a caller, wrong scripts, numerals and keys; pure, and knows
nothing of files. The reasons stand beside the words, because whoever writes a text reads them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline.voice.catalogue import MASTER

SENT_BACK = "means being sent back or deported; say returning, by one's own choice"
EXPULSION = "speaks of expulsion, where the English master does not"
JARGON = 'jargon, with a bad ring; say "support to start again there"'
VOLUNTEER = "means volunteering, not choosing freely"
OPERATOR = 'say "a person" (an operator has a gender in many languages)'
BUREAUCRACY = "an office's word (application, case, beneficiary, refer): say what happens in plain words"
GENDER = "supposes that the caller is a man or a woman"
SINGULAR = "a command to one man; say it in the plural or as a noun (الضغط …)"
RESETTLEMENT = "sounds like the resettlement programme for compatriots; say who chose to return home"

# Words by language, as patterns for re.search without regard to case. Sources: the cautions on nine languages.
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "it": (
        (r"\brimpatri|\bdeport|\breimpatri", SENT_BACK),
        (r"\breintegra|\breinser", JARGON),
        (r"\bvolontariato|\bvolontari\b(?! assistit)", VOLUNTEER),
        (r"\boperator|\boperatric", OPERATOR),
        (r"\bapplicazion|\bbeneficiari|\b(suo|vostro) caso\b", BUREAUCRACY),
        (
            r"\bbenvenut[oaie]\b|\bstat[oa] (mess|richiamat|contattat|aiutat)[oa]\b|\bè sicur[oa] di\b",
            GENDER,
        ),
    ),
    "en": (
        (r"\brepatriat|\bdeport|\bsen[dt] back\b|\bremov(e|ed|al)\b", SENT_BACK),
        (r"\breintegrat", JARGON),
        (r"\bvolunteer", VOLUNTEER),
        (r"\boperators?\b", OPERATOR),
        (
            r"\bapplications?\b|\bapps?\b|\bbeneficiar|\b(your|the) case\b|\brefer(s|red|ral)?\b",
            BUREAUCRACY,
        ),
    ),
    "fr": (
        (r"\brapatri|\bdéport|\breconduit|\brenvoy|\brenvoi\b", SENT_BACK),
        (r"\bréintégr|\bréinser", JARGON),
        (r"\bbénévol|\bvolontariat", VOLUNTEER),
        (r"\bopérat(eur|rice)", OPERATOR),
        (r"\bapplications?\b|\bbénéficiaire|\bvotre cas\b", BUREAUCRACY),
        (
            r"\b(intéressé|aidé|rappelé)(e|\(e\)|·e)?\b|\b(sûr|prêt)(e|\(e\)|·e)? (de|à)\b",
            GENDER,
        ),
    ),
    "es": (
        (r"\brepatria|\bdeporta|\bser devuelt[oa]", SENT_BACK),
        (r"\breintegra|\breinser", JARGON),
        (r"\bvoluntariado|\bvoluntari[oa]s\b", VOLUNTEER),
        (r"\boperador", OPERATOR),
        (r"\baplicaci|\bbeneficiari|\bsu caso\b", BUREAUCRACY),
        (r"(?<!la )\bbienvenid[oa]|\bestá (segur|interesad|list)[oa]\b", GENDER),
    ),
    "ru": (
        (r"депорт|репатриа|реадмисс", SENT_BACK),
        (r"реинтегр", JARGON),
        (r"волонт[её]р|добровольц|доброволец", VOLUNTEER),
        (r"соотечествен|переселен|добровольн\w+ возвращ", RESETTLEMENT),
        (r"\bоператор", OPERATOR),
        (
            r"\bприложени|бенефициар|выгодоприобрет|\bваш\w* (дел[оаеу]|случа)",
            BUREAUCRACY,
        ),
    ),
    "uk": (
        (r"депорт|репатріа|реадміс", SENT_BACK),
        (r"реінтегр", JARGON),
        (r"волонтер|добровольц|доброволец", VOLUNTEER),
        (r"\bоператор", OPERATOR),
        (r"\bзастосун|бенефіціар|вигодонабув|\bваш\w* (справ|випад)", BUREAUCRACY),
    ),
    "ar": (
        (r"\bال[إا]عادة\b|[إا]عادتك|[إا]عادتكم|ترحيل", SENT_BACK),
        (r"[إا]دماج|اندماج", JARGON),
        (r"تطو[ّ]?ع|متطوع", VOLUNTEER),
        (r"مشغ[ّ]?ل|عامل(ة)? الهاتف", OPERATOR),
        (r"تطبيق|مستفيد", BUREAUCRACY),
        (r"\bو?ف?(اضغط|إضغط|أدخل|انتظر)\b", SINGULAR),
    ),
    "bn": (
        (r"প্রত্যাবাসন|নির্বাসন|বিতাড়", SENT_BACK),
        (r"পুনঃ?একত্রীকরণ|পুনর্বাসন|পুনর্মিলন", JARGON),
        (r"স্বেচ্ছাসেব", VOLUNTEER),
        (r"অপারেটর", OPERATOR),
        (r"অ্যাপ|সুবিধাভোগী|উপকারভোগী", BUREAUCRACY),
    ),
    "hi": (
        (r"निर्वासन|प्रत्यावर्तन|देश[ -]?निकाला", SENT_BACK),
        (r"पुनः ?एकीकरण|पुनर्वास|पुनर्एकीकरण", JARGON),
        (r"स्वयं ?सेव", VOLUNTEER),
        (r"ऑपरेटर|आपरेटर", OPERATOR),
        (r"\bऐप\b|लाभार्थी", BUREAUCRACY),
        (r"चाहते हैं|चाहती हैं", GENDER),
    ),
}
# Said only where the English master says it too (who cannot take part).
EXPULSIONS = {
    "it": r"\bespul|\ballontanament",
    "en": r"\bexpel",
    "fr": r"\bexpuls",
    "es": r"\bexpuls",
    "ru": r"высылк|выслан|выдвор|изгнан",
    "uk": r"видвор|вислан|вигнан|висилк",
    "ar": r"طرد|[إا]بعاد",
    "bn": r"বহিষ্কার|বহিষ্কৃত",
    "hi": r"निष्कास|निकाले जाने|निष्कासित",
}
SCRIPTS = {
    "it": "LATIN", "en": "LATIN", "fr": "LATIN", "es": "LATIN", "ru": "CYRILLIC", "uk": "CYRILLIC",
    "ar": "ARABIC", "bn": "BENGALI", "hi": "DEVANAGARI",
}  # fmt: skip
# Letters of a neighbour's alphabet: the usual trace of a sentence copied from the other language.
NOT_ITS_LETTERS = {"ru": "іїєґ", "uk": "ыэёъ", "ar": "یکگ"}
_JOINERS = "\u200c\u200d"  # part of how Bangla and Hindi are written
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


HASH_OR_STAR = "says %(found)s: this key has another name in each country"
NUMERAL = "holds the numeral %(found)s: write numbers as they are said, one digit at a time"
INVISIBLE = "holds an invisible sign (%(found)s)"
LETTERS = "holds letters that are not of this language: %(found)s"
REASONS = (
    SENT_BACK, EXPULSION, JARGON, VOLUNTEER, OPERATOR, BUREAUCRACY, GENDER, SINGULAR, RESETTLEMENT, HASH_OR_STAR,
    NUMERAL, INVISIBLE, LETTERS,
)  # fmt: skip
"""Every reason there is, for whoever says them in another language."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one text: a reason out of `REASONS`, and what was found in the text."""

    reason: str
    found: str

    def __str__(self) -> str:
        named = "" if "%(found)s" in self.reason else f'"{self.found}": '
        return named + self.reason % {"found": self.found}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in how one text is worded."""

    language: str
    prompt: str
    reason: str

    def __str__(self) -> str:
        return f"prompts/{self.language}/texts.toml: {self.prompt}: {self.reason}"


def lint(texts: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Every fault of wording in all texts (language -> prompt -> text), against the English master where needed."""
    master = texts.get(MASTER, {})
    return [
        Finding(language, prompt, reason)
        for language, own in texts.items()
        for prompt, text in own.items()
        for reason in judge(language, text, master=master.get(prompt, ""))
    ]


def judge(language: str, text: str, *, master: str = "") -> Iterator[str]:
    """What is wrong with the wording of one text, in sentences; `master` is what English says in its place."""
    yield from (str(fault) for fault in faults(language, text, master=master))


def faults(language: str, text: str, *, master: str = "") -> Iterator[Fault]:
    """What is wrong with the wording of one text, for whoever says it in words of their own."""
    spoken = _PLACEHOLDER.sub("", text)
    yield from _signs(spoken)
    yield from _letters(language, spoken)
    for pattern, reason in WORDS.get(language, ()):
        yield from (Fault(reason, found) for found in _distinct(pattern, spoken))
    if language in EXPULSIONS and not re.search(r"\bexpulsion", master, re.IGNORECASE):
        yield from (Fault(EXPULSION, found) for found in _distinct(EXPULSIONS[language], spoken))


def _signs(text: str) -> Iterator[Fault]:
    yield from (Fault(HASH_OR_STAR, sign) for sign in sorted(set(text) & set("#*")))
    if numerals := sorted({sign for sign in text if sign.isnumeric()}):
        yield Fault(NUMERAL, " ".join(numerals))
    hidden = {
        sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Co"} and sign not in _JOINERS
    }
    yield from (Fault(INVISIBLE, f"U+{ord(sign):04X}") for sign in sorted(hidden))


def _letters(language: str, text: str) -> Iterator[Fault]:
    script = SCRIPTS.get(language)
    foreign = {
        sign
        for sign in text
        if sign.isalpha() and script and not unicodedata.name(sign, "?").startswith(script)
    }
    neighbours = set(text.lower()) & set(NOT_ITS_LETTERS.get(language, ""))
    if letters := sorted(foreign | neighbours):
        yield Fault(LETTERS, " ".join(letters))


def _distinct(pattern: str, text: str) -> list[str]:
    return sorted({found.group(0).strip() for found in re.finditer(pattern, text, re.IGNORECASE)})
