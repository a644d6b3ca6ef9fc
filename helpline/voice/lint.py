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
FAMILIAR = "speaks as to a friend or a child; say it politely (Lei, vous, usted, вы, ви, আপনি, आप)"
RESETTLEMENT = "sounds like the resettlement programme for compatriots; say who chose to return home"

HASH_OR_STAR = "says %(found)s: this key has another name in each country"

# Words by language, as patterns for re.search without regard to case. Sources: the cautions on nine languages. In Bangla and
# Hindi a vowel sign is no letter to `re`: there a word's end is a space or a stop, not \b.
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "it": (
        (
            r"\brimpatri|\bdeport|\breimpatri|\brimanda\w* (indietro|a casa|nel)|\brispedi|\brespin(t|g)",
            SENT_BACK,
        ),
        (r"\breintegra|\breinser", JARGON),
        (r"\bvolontariato|\bvolontari\b(?! assistit)", VOLUNTEER),
        (r"\boperator|\boperatric", OPERATOR),
        (r"\bapplicazion|\bbeneficiari|\b(suo|vostro) caso\b", BUREAUCRACY),
        (r"\bbenvenut[oaie]\b|\bstat[oa] (mess|richiamat|contattat|aiutat)[oa]\b|\bè sicur[oa] di\b", GENDER),
        (r"\bè (interessat|pront|obbligat)[oa]\b", GENDER),
        (r"\b(tu|ti|tuo|tua|tuoi|tue|premi|inserisci|attendi|scegli)\b", FAMILIAR),
        (r"(?:^|(?<=[.,:;] ))(digita|aspetta|ascolta|chiama|resta)\b", FAMILIAR),
        (r"\bcancellett|\basterisc", HASH_OR_STAR),
    ),
    "en": (
        (
            r"\brepatriat|\bdeport|\bsen(d|ds|t|ding)( \w+)? (back|home)\b|\bremov(e|ed|al)\b",
            SENT_BACK,
        ),
        (r"\breintegrat", JARGON),
        (r"\bvolunteer", VOLUNTEER),
        (r"\boperators?\b", OPERATOR),
        (
            r"\bapplications?\b|\bapps?\b|\bbeneficiar|\b(your|the) case\b|\brefer(s|red|ral)?\b",
            BUREAUCRACY,
        ),
        (r"\bhash\b|\b(pound|star) (key|sign)|\basterisk", HASH_OR_STAR),
    ),
    "fr": (
        (r"\brapatri|\bd[ée]port|\breconduit|\brenvoy|\brenvois?\b|\brefoul", SENT_BACK),
        (r"\br[ée]int[ée]gr|\br[ée]inser", JARGON),
        (r"\bb[ée]n[ée]vol|\bvolontariat|\b(les|des|nos) volontaires\b", VOLUNTEER),
        (r"\bop[ée]rat(eur|rice)", OPERATOR),
        (r"\bapplications?\b|\bbénéficiaire|\bvotre cas\b", BUREAUCRACY),
        (
            r"\b(intéressé|aidé|rappelé)(e|\(e\)|·e)?\b|\b(sûr|prêt)(e|\(e\)|·e)? (de|à)\b",
            GENDER,
        ),
        (r"\b(tu|toi|te|ton|ta|tes)\b|(?<![\w-])t[’'](?=\w)", FAMILIAR),
        (r"(?:^|(?<=[.,:;] ))(appuie|tape|attends|écoute|reste|appelle)\b", FAMILIAR),
        (r"\bdièse|\bétoile|\bastérisque", HASH_OR_STAR),
    ),
    "es": (
        (
            r"\brepatri[aóe]|\bdeporta|\bdeport(en|ó|emos)\b|\b(ser|será|serán|fue|fueron) devuelt[oa]s?\b",
            SENT_BACK,
        ),
        (r"\bdevuelt[oa]s? a su pa", SENT_BACK),
        (r"\breintegra|\breinser", JARGON),
        (r"\bvoluntariado|\bvoluntari[oa]s\b", VOLUNTEER),
        (r"\boperador", OPERATOR),
        (r"\baplicaci|\bbeneficiari|\bsu caso\b", BUREAUCRACY),
        (r"(?<!la )\bbienvenid[oa]|\bestá (segur|interesad|list)[oa]\b", GENDER),
        (r"\b(tú|tus?|ti|te|contigo|vosotr[oa]s|vuestr[oa]s?|os)\b", FAMILIAR),
        (r"(?:^|(?<=[.,:;] ))(presiona|marca|oprime|pulsa|espera|llama|escucha)\b", FAMILIAR),
        (r"\bnumeral\b|\balmohadilla|\basterisc|\bestrella", HASH_OR_STAR),
    ),
    "ru": (
        (r"депорт|репатриа|реадмисс|\bотправ\w+ (вас |их )?(обратно|назад)\b", SENT_BACK),
        (r"реинтегр", JARGON),
        (r"волонт[её]р|добровольц|доброволец|добровольче", VOLUNTEER),
        (r"соотечествен|переселен|добровольн\w+ возвращ", RESETTLEMENT),
        (r"\bоператор", OPERATOR),
        (
            r"\bприложени|бенефициар|выгодоприобрет|\bваш\w* (дел[оаеу]|случа)",
            BUREAUCRACY,
        ),
        (r"\bвы (не )?\w+[аеёиоуыя]ла?\b|\bвы (уверен|готов|согласен)а?\b|\bвы согласна\b", GENDER),
        (r"\b(ты|тебя|тебе|тобой|тво[йяёеиюмх]\w*|нажми|введи|подожди|позвони|скажи)\b", FAMILIAR),
        (r"реш[её]тк|зв[её]здочк", HASH_OR_STAR),
    ),
    "uk": (
        (r"депорт|репатріа|реадміс|\bвідправ\w+ (вас |їх )?(назад|додому)\b", SENT_BACK),
        (r"реінтегр", JARGON),
        (r"волонтер|добровольц|доброволець|добровольч", VOLUNTEER),
        (r"\bоператор", OPERATOR),
        (r"\bзастосун|бенефіціар|вигодонабув|\bваш\w* (справ|випад)", BUREAUCRACY),
        (r"\bви (не )?(?!знов\b)\w+[аеиіоуюя](в|ла)\b|\bви (впевнен|згоден|готов)а?\b|\bви згодна\b", GENDER),
        (r"\b(ти|тебе|тобі|тобою|твій|тво[яєїюгйх]\w*|натисни|введи|зачекай|зателефонуй|скажи)\b", FAMILIAR),
        (r"решітк|зірочк", HASH_OR_STAR),
    ),
    "ar": (
        (r"\b[وفبك]*ال[إا]عادة\b|[إا]عاد(تك|تكم|تهم|ة (المهاجر|الأشخاص|قسري))", SENT_BACK),
        (r"\b[وفس]*[نيت]عيد(ون|وا)?ك(م|ما)?\b|ترحيل|مرحل(ين|ون)|رحّل", SENT_BACK),
        (r"[إا]دماج|اندماج", JARGON),
        (r"تطو[ّ]?ع|متطوع", VOLUNTEER),
        (r"مشغ[ّ]?ل|عامل(ة)? الهاتف", OPERATOR),
        (r"تطبيق|مستفيد", BUREAUCRACY),
        (
            r"\b[وف]?([اإ]ضغط|[أا]دخل|[اإ]نتظر|[اإ]ختر|[اإ]ستمع|[اإ]سمع|[اإ]كتب|[اإ]سأل|[اإ]طلب|قل|كرر)\b",
            SINGULAR,
        ),
        (r"(?<!\bمن )(?<!\bإذا )(?<!\bالذي )\b[وف]?(اتصل بنا|(تحدث|تكلم) (مع|إلى))\b", SINGULAR),
        (r"\b[وف]?([اإ]ضغط|[أا]دخل|[اإ]نتظر|[اإ]ختار|[اإ]ستمع|[اإ]سمع|[اإ]كتب|[اإ]سأل|[اإ]طلب)ي\b", GENDER),
        (r"\b[وف]?(قول|كرر|اتصل|تحدث|تكلم|سجل|تذكر)ي\b", GENDER),
        (r"\b(زر|مفتاح|علامة) (ال)?(مربع|شباك|نجمة)\b|دييز", HASH_OR_STAR),
    ),
    "bn": (
        (r"প্রত্যাবাসন|প্রত্যাবাসিত|নির্বাস[নি]|বিতাড়|ডিপোর্ট|ফেরত পাঠ", SENT_BACK),
        (r"পুনঃ?একত্রীকরণ|পুনর্বাসন|পুনর্মিলন", JARGON),
        (r"স্বেচ্ছা ?সেব|ভলান্টিয়ার|ভলেন্টিয়ার", VOLUNTEER),
        (r"অপারেটর", OPERATOR),
        (r"অ্যাপ|সুবিধাভোগী|উপকারভোগী", BUREAUCRACY),
        (r"তুমি|তোমা|(চাপো|বলো|শোনো|করো)(?=[\s।,.]|$)", FAMILIAR),
        (r"হ্যাশ|(?<!\S)স্টার(?=[\s।,.]|$)", HASH_OR_STAR),
    ),
    "hi": (
        (r"निर्वास[नि]|प्रत्यावर्त[नि]|देश[ -]?निकाला|डिपोर्ट|(वापस|वापिस) भेज", SENT_BACK),
        (r"पुनः ?एकीकरण|पुनर्वास|पुनर्एकीकरण", JARGON),
        (r"स्व(यं|यम्) ?सेव|व[ॉा]लंटियर|व[ॉा]लिंटियर", VOLUNTEER),
        (r"ऑपरेटर|आपरेटर", OPERATOR),
        (r"\bऐप\b|लाभार्थी", BUREAUCRACY),
        (r"चाहत[ेी] (हैं|है|हों|हो)|चाहता|(?<!\S)आप(?:\s+\S+){0,4}?\s+सकत[ेी]", GENDER),
        (
            r"(?<!\S)तुम|(?<!\S)(तू|तेरा|तेरे|तेरी)(?=[\s।,.]|$)|(?<!\S)तुझ|(दबाओ|बोलो|सुनो|रुको|करो)(?=[\s।,.]|$)",
            FAMILIAR,
        ),
        (r"हैश|(?<!\S)स्टार(?=[\s।,.]|$)", HASH_OR_STAR),
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
_LOST = "\ufffd"  # what a program writes for a letter that it could not read
NOT_ITS_LETTERS = {"ru": "іїєґ", "uk": "ыэёъ", "ar": "یکگ"}
OWN_SIGNS = {"uk": "ʼ"}
"""Letters by their Unicode name of no script, yet part of how a language is written: the apostrophe of Ukrainian."""
_JOINERS = "\u200c\u200d"  # part of how Bangla and Hindi are written
_WORDS_BEGINNING, _WORDS_END = re.compile(r"[^\W_]*$"), re.compile(r"[^\s.,:;!?।،؛؟«»\"“”()…]*")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0670\u0640]")  # of Arabic, and the stroke that lengthens a word
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

NUMERAL = "holds the numeral %(found)s: write numbers as they are said, one digit at a time"
INVISIBLE = "holds an invisible sign (%(found)s)"
LETTERS = "holds letters that are not of this language: %(found)s"
NO_WORD = "holds no word that can be said"
REASONS = (
    SENT_BACK, EXPULSION, JARGON, VOLUNTEER, OPERATOR, BUREAUCRACY, GENDER, SINGULAR, FAMILIAR, RESETTLEMENT,
    HASH_OR_STAR, NUMERAL, INVISIBLE, LETTERS, NO_WORD,
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
    foreign -= set(OWN_SIGNS.get(language, ""))
    foreign |= {sign for sign in text if sign == _LOST}
    neighbours = set(text.lower()) & set(NOT_ITS_LETTERS.get(language, ""))
    if letters := sorted(foreign | neighbours):
        yield Fault(LETTERS, " ".join(letters))
    if text.strip() and not any(map(str.isalpha, text)):
        yield Fault(NO_WORD, text.strip())


def _distinct(pattern: str, text: str) -> list[str]:
    """The words of the text in which a pattern is found, each once; in Arabic with and without the signs of its vowels."""
    found = []
    for said in dict.fromkeys((text, _VOWEL_SIGNS.sub("", text))):
        for one in re.finditer(pattern, said, re.IGNORECASE):
            before, after = _WORDS_BEGINNING.search(said[: one.start()]), _WORDS_END.match(said, one.end())
            whole = (before[0] if before else "") + one[0] + (after[0] if after else "")
            found.append(_VOWEL_SIGNS.sub("", whole).strip())
    return sorted(set(found))
