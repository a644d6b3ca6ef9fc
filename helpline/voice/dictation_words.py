"""What an editor hears who records by telephone, in the language of their account: said by the carrier's voice, to people
of ours alone. Callers never hear it, so it is no prompt. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """The sentences of one language. `number_is` takes the number of a prompt."""

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
    choices: str
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
        choices="Per tenerla, prema uno. Per ripeterla, prema due. Per un altro numero, prema tre.",
        kept="Tenuta: ora viene controllata.",
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
        choices="To keep it, press one. To record it again, press two. For another number, press three.",
        kept="Kept: it is being checked now.",
        lost="The recording did not arrive.",
        bye="Goodbye.",
    ),
}
