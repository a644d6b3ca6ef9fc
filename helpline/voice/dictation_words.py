"""What an editor hears who records by telephone, in the language of their account: said by the carrier's voice, to people
of ours alone. Callers never hear it, so it is no prompt. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """The sentences of one language. `number_is` takes the number of a prompt; `refused` what is wrong, one of `reasons`
    by the names of `voice.measured`, or `not_usable`."""

    hello: str
    number: str
    number_is: str
    unknown: str
    now: str
    speak: str
    nothing: str
    moment: str
    still: str
    again: str
    raw: str
    choices: str
    refused: str
    refused_choices: str
    reasons: Mapping[str, str]
    not_usable: str
    kept: str
    lost: str
    bye: str


GUIDES: Mapping[str, Guide] = {
    "it": Guide(
        hello="Linea di aiuto, registrazione dei messaggi. Per cominciare, prema uno.",
        number="Digiti il numero del messaggio, poi cancelletto.",
        number_is="Messaggio {number}.",
        unknown="Non c'è un messaggio con questo numero.",
        now="Adesso si sente così.",
        speak="Parli dopo il segnale. Alla fine prema cancelletto.",
        nothing="Non si è sentito nulla.",
        moment="Un momento.",
        still="Ancora un momento: la registrazione sta arrivando.",
        again="La Sua registrazione.",
        raw="La Sua registrazione, così come è arrivata: non è ancora stata controllata.",
        choices="Per tenerla, prema uno. Per ripeterla, prema due. Per un altro numero, prema tre.",
        refused="Questa registrazione non si può usare: {reason}.",
        refused_choices="Per registrare di nuovo, prema due. Per un altro numero, prema tre.",
        reasons={
            "no_speech": "non si sente nessuna voce",
            "too_long": "è troppo lunga",
            "too_short": "è troppo breve per contenere tutto il testo",
            "clipped": "è troppo forte e distorta; stia più lontano dal telefono",
            "noisy": "il rumore è forte quasi quanto la voce; cerchi un posto più silenzioso",
            "faint": "la voce è troppo debole; parli più vicino al telefono",
            "pause": "c'è un lungo silenzio in mezzo",
        },
        not_usable="il motivo è sulla pagina",
        kept="Tenuta, grazie.",
        lost="La registrazione non è arrivata.",
        bye="Arrivederci.",
    ),
    "en": Guide(
        hello="Helpline, recording of prompts. To begin, press one.",
        number="Key the number of the prompt, then the hash key.",
        number_is="Prompt {number}.",
        unknown="There is no prompt with this number.",
        now="It sounds like this now.",
        speak="Speak after the tone. Press the hash key when you are done.",
        nothing="Nothing was heard.",
        moment="One moment.",
        still="One more moment: your recording is on its way.",
        again="Your recording.",
        raw="Your recording, as it came: it has not been checked yet.",
        choices="To keep it, press one. To record it again, press two. For another number, press three.",
        refused="This recording cannot be used: {reason}.",
        refused_choices="To record it again, press two. For another number, press three.",
        reasons={
            "no_speech": "no voice is heard",
            "too_long": "it is too long",
            "too_short": "it is too short to contain the whole text",
            "clipped": "it is too loud and distorted; hold the telephone further away",
            "noisy": "the noise is nearly as loud as the voice; find a quieter place",
            "faint": "the voice is too faint; speak nearer to the telephone",
            "pause": "there is a long silence in the middle",
        },
        not_usable="the reason is on the page",
        kept="Kept, thank you.",
        lost="The recording did not arrive.",
        bye="Goodbye.",
    ),
}
