"""espeak-ng out of a package, for machines on which nobody may install a program: `python -m helpline.voice.espeak_library
VOICE WORDS_A_MINUTE` reads a text and writes WAV. A program of its own, since the library is one for a whole process
and may fall over."""

import ctypes
import sys
import wave
from typing import Any

_SYNCHRONOUS = 2  # it speaks into our function, and comes back when all is said
_RATE_PARAMETER = 1
_AT_CHARACTER = 1
_UTF8 = 1
_DO_NOT_EXIT = 0x8000
NO_VOICE = 3
"""Exit code: the library has no such voice."""


class _Wanted(ctypes.Structure):
    """A voice by its properties, as the library's own program looks for one that has no such name."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


def spoken(voice: str, words_a_minute: int, text: str) -> tuple[int, bytes]:
    """The rate and the 16-bit samples of this text. Raises `ImportError` without the package, `LookupError` for a voice
    that it has not."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    heard = bytearray()
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def take(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    taking = kind(take)  # kept alive as long as the library may call it
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _DO_NOT_EXIT)
    if rate <= 0:
        raise ImportError("the data of espeak-ng cannot be read")
    library.espeak_SetSynthCallback(taking)
    _choose(library, voice)
    library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
    said = text.encode() + b"\0"
    library.espeak_Synth(said, len(said), 0, _AT_CHARACTER, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return rate, bytes(heard)


def _choose(library: Any, voice: str) -> None:
    """Speak with this voice from now on. Raises `LookupError`."""
    if library.espeak_SetVoiceByName(voice.encode()) == 0:
        return
    library.espeak_SetVoiceByProperties(ctypes.byref(_Wanted(languages=voice.encode())))
    library.espeak_GetCurrentVoice.restype = ctypes.POINTER(_Wanted)
    chosen = library.espeak_GetCurrentVoice()
    # For what it does not know the library takes another language, and says nothing of it.
    language = (chosen.contents.languages or b"")[1:].decode().partition("-")[0] if chosen else ""
    if language != voice.partition("-")[0]:
        raise LookupError(voice)


def main() -> None:
    """Speak what is read from standard input."""
    voice, words_a_minute = sys.argv[1:]
    try:
        rate, samples = spoken(voice, int(words_a_minute), sys.stdin.buffer.read().decode())
    except LookupError:
        sys.exit(NO_VOICE)
    with wave.open(sys.stdout.buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)


if __name__ == "__main__":
    main()
