"""What is said of a recording, in the reader's language. The names are those of `voice.measured`."""

from flask_babel import LazyString, format_decimal, lazy_gettext

from helpline.console.labels import language_name
from helpline.languages import CODES
from helpline.voice.measured import Remark

SENTENCES: dict[str, LazyString] = {
    "not_readable": lazy_gettext("This is not an audio file that can be read."),
    "no_speech": lazy_gettext("There is no speech in it: it is silent, or shorter than a tenth of a second."),
    "no_sound": lazy_gettext("There is no sound in this file."),
    "strange": lazy_gettext("It has more than %(channels)s channels, or more than %(kilohertz)s kHz."),
    "much_too_long": lazy_gettext("It is too long: more than %(most)s seconds."),
    "too_large": lazy_gettext("The file is too large: more than %(megabytes)s MB."),
    "too_long": lazy_gettext("It lasts %(seconds)s seconds, more than %(most)s."),
    "too_short": lazy_gettext(
        "It lasts %(seconds)s seconds, too short to contain the text, which takes about %(text)s."
    ),
    "rather_short": lazy_gettext(
        "It lasts %(seconds)s seconds; the text takes about %(text)s. Is all of it there?"
    ),
    "rather_long": lazy_gettext(
        "It lasts %(seconds)s seconds; the text takes about %(text)s. Is something else in it?"
    ),
    "clipped": lazy_gettext(
        "It was recorded much too loud and is distorted (%(percent)s %% of it). Move away from the microphone."
    ),
    "rather_clipped": lazy_gettext(
        "It was recorded too loud in places (%(percent)s %% of it). Listen whether it is distorted."
    ),
    "noisy": lazy_gettext(
        "The noise around is nearly as loud as the voice (%(decibels)s dB below it). Find a quieter room."
    ),
    "rather_noisy": lazy_gettext(
        "There is noise around the voice (%(decibels)s dB below it). Listen whether it disturbs."
    ),
    "faint": lazy_gettext(
        "The voice is too faint (%(decibels)s dB). Move nearer to the microphone, or turn it up."
    ),
    "rather_faint": lazy_gettext(
        "The voice is faint (%(decibels)s dB), and was made louder. Listen whether noise came with it."
    ),
    "pause": lazy_gettext("There is a silence of %(seconds)s seconds inside. Record it in one go."),
    "rather_paused": lazy_gettext("There is a silence of %(seconds)s seconds inside. Is it meant?"),
    "text_gone": lazy_gettext(
        "The text that was read is not known here any more. Record the text as it stands now."
    ),
    "given_up": lazy_gettext("It could not be opened in several tries. Make another recording."),
    "not_a_zip": lazy_gettext("This is not a ZIP file that can be read. Nothing was taken from it."),
    "zip_with_password": lazy_gettext("The ZIP has a password. Make one without. Nothing was taken from it."),
    "zip_blows_up": lazy_gettext(
        "Something in the ZIP grows to a hundred times its size. Nothing was taken from it."
    ),
    "zip_leads_elsewhere": lazy_gettext("A name in the ZIP leads out of it. Nothing was taken from it."),
    "zip_within_zip": lazy_gettext("It is another ZIP. Put its files in directly."),
    "too_many_files": lazy_gettext("There are more than %(most)s files. Nothing was taken."),
    "broke_off": lazy_gettext(
        "It broke off before all was looked through. Nothing was taken: send it again."
    ),
    "broken_file": lazy_gettext("It is broken: not all of it can be unpacked."),
    "no_such_prompt": lazy_gettext("There is no prompt of this name: %(prompt)s."),
    "no_language": lazy_gettext(
        "It does not say which language it is: put it into a folder such as hi, or choose one."
    ),
    "not_your_language": lazy_gettext("You may not record this language: %(language)s."),
    "twice": lazy_gettext("There are two files for this prompt; the other one was taken: %(other)s."),
    "uneven": lazy_gettext(
        "It could not be made as loud as the others (%(decibels)s LU off). Record it more evenly."
    ),
}


def said(remark: Remark) -> str:
    """One remark, with its numbers as the reader writes them."""
    values = {
        name: value if isinstance(value, str) else format_decimal(round(value, 1))
        for name, value in remark.values.items()
    }
    if values.get("language") in CODES:
        values["language"] = language_name(values["language"])
    return str(SENTENCES[remark.name]) % values
