"""Wording: what must never be said to a caller, in any of the nine languages."""

import pytest

from helpline.languages import CODES
from helpline.voice import lint
from helpline.voice.voices import VOICES

SENT_BACK, JARGON, VOLUNTEER, OPERATOR = lint.SENT_BACK, lint.JARGON, lint.VOLUNTEER, lint.OPERATOR
# Transcribed from the cautions, apart from the table.
REFUSED = [
    ("it", "Il rimpatrio è gratuito.", SENT_BACK),
    ("fr", "Le rapatriement est gratuit.", SENT_BACK),
    ("es", "La repatriación es gratis.", SENT_BACK),
    ("es", "La deportación es gratis.", SENT_BACK),
    ("ru", "Депортация бесплатна.", SENT_BACK),
    ("ru", "Репатриация бесплатна.", SENT_BACK),
    ("ru", "Реадмиссия бесплатна.", SENT_BACK),
    ("uk", "Депортація безкоштовна.", SENT_BACK),
    ("ar", "الإعادة مجانية.", SENT_BACK),
    ("ar", "الترحيل مجاني.", SENT_BACK),
    ("bn", "প্রত্যাবাসন বিনা খরচে।", SENT_BACK),
    ("hi", "निर्वासन मुफ़्त है।", SENT_BACK),
    ("hi", "प्रत्यावर्तन मुफ़्त है।", SENT_BACK),
    ("en", "We repatriate you.", SENT_BACK),
    ("fr", "L'expulsion est gratuite.", lint.EXPULSION),
    ("it", "L'espulsione è gratuita.", lint.EXPULSION),
    ("uk", "Підтримка реінтеграції.", JARGON),
    ("fr", "Aide à la réinsertion.", JARGON),
    ("ar", "المساعدة على الإدماج.", JARGON),
    ("ar", "المساعدة على الاندماج.", JARGON),
    ("en", "Help to reintegrate.", JARGON),
    ("ru", "Это добровольное возвращение.", lint.RESETTLEMENT),
    ("bn", "আমাদের স্বেচ্ছাসেবী ফোন করবে।", VOLUNTEER),
    ("hi", "स्वयंसेवी संस्था।", VOLUNTEER),
    ("ar", "عمل تطوعي.", VOLUNTEER),
    ("it", "Parli con un operatore.", OPERATOR),
    ("en", "Speak to an operator.", OPERATOR),
    ("fr", "Parlez à un opérateur.", OPERATOR),
    ("es", "Hable con un operador.", OPERATOR),
    ("en", "We refer you to an office.", lint.BUREAUCRACY),
    ("en", "Your application is saved.", lint.BUREAUCRACY),
    ("it", "È stato messo in attesa, stato messo in coda.", lint.GENDER),
    ("es", "Bienvenido a la línea.", lint.GENDER),
    ("hi", "आप क्या चाहते हैं?", lint.GENDER),
    ("ar", "للمعلومات اضغط واحد.", lint.SINGULAR),
    ("ar", "للمعلومات، واضغط واحد.", lint.SINGULAR),
    # The same cautions in other forms of the words.
    ("it", "Nessuno La rimanda indietro.", SENT_BACK),
    ("en", "Nobody sends you back.", SENT_BACK),
    ("fr", "La deportation est gratuite.", SENT_BACK),
    ("fr", "Ils vous refoulent.", SENT_BACK),
    ("es", "Usted será devuelto a su país.", SENT_BACK),
    ("ru", "Вас отправят обратно.", SENT_BACK),
    ("uk", "Вас відправлять назад.", SENT_BACK),
    ("ar", "التَّرْحِيل مجاني.", SENT_BACK),
    ("ar", "نحن نعيدكم إلى بلدكم.", SENT_BACK),
    ("ar", "بالإعادة إلى البلد.", SENT_BACK),
    ("bn", "আপনাকে ফেরত পাঠানো হবে।", SENT_BACK),
    ("bn", "প্রত্যাবাসিত মানুষ।", SENT_BACK),
    ("bn", "প্রত্যাবাসনের জন্য।", SENT_BACK),
    ("bn", "নির্বাসিত মানুষ।", SENT_BACK),
    ("hi", "आपको वापस भेजा जाएगा।", SENT_BACK),
    ("hi", "निर्वासित लोग।", SENT_BACK),
    ("hi", "आपको डिपोर्ट नहीं करेंगे।", SENT_BACK),
    ("ru", "Добровольческая помощь.", VOLUNTEER),
    ("ru", "С вами говорит доброволец.", VOLUNTEER),
    ("uk", "З вами говорить доброволець.", VOLUNTEER),
    ("uk", "Добровольча допомога.", VOLUNTEER),
    ("ar", "العَمَل التَّطَوُّعِيّ.", VOLUNTEER),
    ("bn", "একজন ভলান্টিয়ার ফোন করবেন।", VOLUNTEER),
    ("hi", "एक वॉलंटियर फ़ोन करेगा।", VOLUNTEER),
    ("ar", "اِضْغَطْ على واحد.", lint.SINGULAR),
    ("ar", "اختر اللغة.", lint.SINGULAR),
    ("ar", "اتصل بنا غدًا.", lint.SINGULAR),
    ("ar", "اضغطي على واحد.", lint.GENDER),
    ("ru", "Если вы не нажала один.", lint.GENDER),
    ("uk", "Якщо ви натиснув один.", lint.GENDER),
    ("hi", "आप एक दबा सकती हैं।", lint.GENDER),
    ("it", "Per le informazioni, premi uno.", lint.FAMILIAR),
    ("it", "Questo è il tuo codice.", lint.FAMILIAR),
    ("fr", "C’est toi qui décides.", lint.FAMILIAR),
    ("es", "Para información, presiona uno.", lint.FAMILIAR),
    ("es", "Este es tu código.", lint.FAMILIAR),
    ("ru", "Нажми один.", lint.FAMILIAR),
    ("uk", "Це твій код.", lint.FAMILIAR),
    ("bn", "এক চাপো।", lint.FAMILIAR),
    ("bn", "তোমার কোড।", lint.FAMILIAR),
    ("hi", "तुम्हारा कोड।", lint.FAMILIAR),
    ("hi", "एक दबाओ।", lint.FAMILIAR),
    ("it", "Prema cancelletto.", "says cancelletto: this key has another name in each country"),
    ("es", "Presione numeral.", "says numeral: this key has another name in each country"),
    ("uk", "Натисніть решітку.", "says решітку: this key has another name in each country"),
    ("hi", "हैश दबाएँ।", "says हैश: this key has another name in each country"),
    ("ar", "?????? ????", lint.NO_WORD),
    ("ar", "رمزكم\ufffd هو.", "holds letters that are not of this language: \ufffd"),
]
ALLOWED = [
    ("it", "Questa linea aiuta chi sceglie di tornare. La Sua richiesta è stata salvata."),
    ("fr", "Est-ce sûr pour vous ? Une personne de l'équipe vous rappelle."),
    ("es", "¿Es seguro para usted? Le damos la bienvenida."),
    ("ar", "العودة قراركم. للاستماع مرة أخرى، الرجاء الضغط على تسعة. اضغطوا واحد. سنعيد الاتصال بكم."),
    ("ar", "العودة الطوعية."),
    ("bn", "নিজের ইচ্ছায় দেশে ফিরতে সাহায্য। এক চাপুন।"),
    ("hi", "अपनी मर्ज़ी से अपने देश लौटने में मदद। एक दबाएँ।"),
    ("ru", "Помощь тем, кто сам решил вернуться домой."),
    ("uk", "Допомога тим, хто сам вирішив повернутися додому. До від'їзду."),
    ("uk", "До відʼїзду. П’ять. Ви знов почуєте це. Якщо ви не натиснули."),
    ("ru", "Если вы не нажали. Вы решили сами. Скажите. Введите. Послушайте твёрдый знак."),
    ("it", "Se la richiesta è solo per Lei che chiama, prema uno. Resti in linea. Tutti i tuoni."),
    ("fr", "Y a-t-il un doute ? Tout reste gratuit. Tapez le code."),
    ("es", "Le devolvemos la llamada. Usted llama, y una persona espera. Presione uno."),
    ("en", "We will send the start of the answer. At home. To start, press one."),
    ("ar", "من اتصل بنا أمس. لإعادة الاستماع. تَذَكَّروا رَمزَكُم."),
    ("bn", "ভালো থাকুন। এক চাপুন। অন্য কারো জন্য। ফেরত আসা।"),
    ("hi", "हम फ़ोन कर सकते हैं। आपको क्या चाहिए? स्टार्ट करें।"),
]


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_what_must_not_be_said_is_refused(language: str, text: str, reason: str) -> None:
    assert any(found.endswith(reason) for found in lint.judge(language, text))


@pytest.mark.parametrize(("language", "text"), ALLOWED)
def test_what_may_be_said_is_not(language: str, text: str) -> None:
    assert list(lint.judge(language, text)) == []


def test_expulsion_is_named_only_where_the_master_names_it() -> None:
    master = "Some people cannot take part, for example with some expulsion orders."
    assert list(lint.judge("it", "Per esempio con alcune espulsioni.", master=master)) == []
    assert list(lint.judge("it", "Per esempio con alcune espulsioni.", master="Some people can.")) != []


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("en", "Press # to finish.", "says #"),
        ("en", "Press * to go back.", "says *"),
        ("en", "Press 1.", "holds the numeral 1"),
        ("bn", "১ চাপুন।", "holds the numeral ১"),
        ("ar", "الضغط على ٩.", "holds the numeral ٩"),
        ("ar", "العودة\u200f.", "invisible sign (U+200F)"),
        ("hi", "WhatsApp पर।", "letters that are not of this language: A W a h p s t"),
        ("en", "Pаrent", "letters that are not of this language: а"),
        ("uk", "Нажмите одын", "letters that are not of this language: ы"),
        ("ru", "Натисніть", "letters that are not of this language: і"),
        ("hi", "বাংলা", "letters that are not of this language"),
    ],
)
def test_signs_and_letters_that_do_not_belong_are_refused(language: str, text: str, reason: str) -> None:
    assert any(reason in found for found in lint.judge(language, text))


def test_a_placeholder_is_not_read_as_letters() -> None:
    assert list(lint.judge("hi", "आपका कोड है: {code}।")) == []


def test_each_finding_names_file_and_prompt() -> None:
    texts = {"en": {"person": "Speak to a person."}, "it": {"person": "Parli con un operatore."}}
    (found,) = lint.lint(texts)
    assert str(found).startswith('prompts/it/texts.toml: person: "operatore": say "a person"')


def test_all_nine_languages_have_their_table() -> None:
    assert set(lint.WORDS) == set(lint.EXPULSIONS) == set(lint.SCRIPTS) == set(VOICES) == set(CODES)
