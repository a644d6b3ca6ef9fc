"""Texts: their form, their faults all at once, their hashes, stems and lengths."""

import shutil
from pathlib import Path

import pytest

from helpline.faults import Faults
from helpline.languages import CODES
from helpline.voice import catalogue, speech, wav

GOOD = {
    "en": 'welcome = "This is the line."\ncode_is = "Your code is: {code}."\n',
    "it": 'welcome = "Questa è la linea."\ncode_is = "Il codice è: {code}."\n',
    "hi": 'welcome = "यह लाइन है।"\ncode_is = "आपका कोड है: {code}।"\n',
}


def folder_with(tmp_path: Path, **changes: str | None) -> Path:
    for language, content in {**GOOD, **changes}.items():
        if content is not None:
            (tmp_path / language).mkdir()
            (tmp_path / language / "texts.toml").write_text(content, encoding="utf-8")
    return tmp_path


def faults(folder: Path) -> list[str]:
    with pytest.raises(Faults) as caught:
        catalogue.load(folder, GOOD)
    return caught.value.faults


def test_good_texts_are_read_in_the_master_s_order(tmp_path: Path) -> None:
    loaded = catalogue.load(folder_with(tmp_path), GOOD)
    assert loaded.names == ("welcome", "code_is")
    assert loaded.text("it", "welcome") == "Questa è la linea."
    with pytest.raises(KeyError, match="it/farewell"):
        loaded.text("it", "farewell")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, it='welcome = ""\nextra = "Ciao"\n', hi=None)
    assert faults(folder) == [
        "prompts/it/texts.toml: welcome: says nothing",
        "prompts/hi/texts.toml: missing",
        "prompts/it/texts.toml: code_is: missing",
        "prompts/it/texts.toml: extra: not in the English master",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{code} è il codice.", "says nothing before its placeholder"),
        ("Il codice {code} è questo.", "must end with its placeholder {code}: only a full stop may follow"),
        (
            "Il codice è: {code} {day}",
            "has more than one placeholder: say the values in sentences of their own",
        ),
        ("Il codice è: {Code}", "has a bad placeholder {Code}"),
        ("Il codice è: {code", "has a brace that is not a placeholder"),
        ("Il codice è: {}", "has a bad placeholder {}"),
        ("Il codice è.", "has no placeholder, the English master has the placeholder {code}"),
        ("Il giorno è: {day}.", "has the placeholder {day}, the English master has the placeholder {code}"),
        ("Il codice e\u0300: {code}.", "is not in Unicode NFC"),
        (" Il codice è: {code}.", "begins or ends with a space"),
    ],
)
def test_a_text_of_bad_form_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    folder = folder_with(tmp_path, it=f'welcome = "Questa è la linea."\ncode_is = "{text}"\n')
    assert f"prompts/it/texts.toml: code_is: {reason}" in faults(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("welcome = ", "cannot be read"),
        ("", "holds no text"),
        ("[welcome]\ntext = 'x'", "welcome: must be a text in quotation marks"),
        ("'Wel come' = 'x'", "Wel come: a name is made of small letters, digits and _"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    assert any(reason in fault for fault in faults(folder_with(tmp_path, it=content)))


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "it" / "texts.toml").write_bytes('welcome = "è"'.encode("latin-1"))
    assert any("it/texts.toml: cannot be read" in fault for fault in faults(folder))


def test_a_hash_follows_the_text_and_not_its_encoding() -> None:
    assert catalogue.text_hash("è") == catalogue.text_hash("e\u0300")
    assert catalogue.text_hash("press one") != catalogue.text_hash("press two")
    assert len(catalogue.text_hash("x")) == 12


@pytest.mark.parametrize(
    ("text", "stem", "name"),
    [
        ("Your code is: {code}.", "Your code is:", "code"),
        ("आपका कोड है: {code}।", "आपका कोड है:", "code"),
        ("Goodbye.", "Goodbye.", None),
    ],
)
def test_the_stem_is_what_stands_before_the_value(text: str, stem: str, name: str | None) -> None:
    assert (catalogue.stem(text), catalogue.placeholder(text)) == (stem, name)


SENTENCES = {
    "it": "Prima, una persona parla con Lei. Poi è Lei a decidere. Può cambiare idea prima di partire.",
    "en": "First, a person talks with you. Then you decide. You can change your mind before you leave.",
    "fr": "D'abord, une personne parle avec vous. Ensuite, vous décidez. Vous pouvez changer d'avis avant de partir.",
    "es": "Primero, una persona habla con usted. Después, usted decide. Puede cambiar de idea antes de salir.",
    "ru": "Сначала с вами поговорит человек. Потом вы решите сами. До отъезда вы можете передумать.",
    "uk": "Спочатку з вами поговорить людина. Потім ви вирішите самі. До від'їзду ви можете передумати.",
    "ar": "أولا، يتحدث معكم شخص من فريقنا. ثم تقررون أنتم. يمكنكم تغيير رأيكم قبل السفر.",
    "bn": "প্রথমে একজন কর্মী আপনার সঙ্গে কথা বলবেন। তারপর আপনি ঠিক করবেন। যাওয়ার আগে আপনি মত বদলাতে পারেন।",
    "hi": "पहले हमारे एक कर्मचारी आपसे बात करेंगे। फिर फ़ैसला आपका होगा। जाने से पहले आप अपना मन बदल सकते हैं।",
}


@pytest.mark.speech
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", CODES)
def test_the_estimate_of_a_text_s_length_is_what_a_voice_takes(language: str) -> None:
    text = SENTENCES[language]
    spoken = wav.inspect(speech.speak("espeak", language, prompt="x", text=text)).seconds
    assert catalogue.seconds(language, text) == pytest.approx(spoken, rel=0.2)


def test_the_estimate_leaves_out_the_value() -> None:
    assert catalogue.seconds("en", "Your code is: {code}.") == catalogue.seconds("en", "Your code is:")
