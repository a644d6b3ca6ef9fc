"""Speech made beforehand, by the network's voice (gTTS) or this machine's (espeak-ng); text in, clip out. All of it is
a placeholder for a human recording. Knows no database."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from helpline.voice import audio

WORDS_A_MINUTE = 130
SECONDS = 20.0
ESPEAK_VOICES = {
    "it": "it", "en": "en-gb", "fr": "fr-fr", "es": "es-419", "ru": "ru", "uk": "uk", "ar": "ar", "bn": "bn", "hi": "hi",
}  # fmt: skip
# The service chooses a country's accent by its own address: callers' Spanish is mostly Latin American.
GTTS_ADDRESSES = {"es": "com.mx", "en": "co.uk"}


class CannotSpeak(Exception):
    """The engine made no speech; the message is a plain sentence saying why and what to do."""


def speak(engine: str, language: str, *, prompt: str, text: str) -> bytes:
    """A clip of this text, made by `engine` (`gtts` or `espeak`). Raises `CannotSpeak`."""
    raw = ENGINES[engine](language, text)
    try:
        return audio.prepare(raw, prompt=prompt, language=language, text=text, engine=engine)
    except audio.NotAudio as error:
        raise CannotSpeak(f"{engine} gave no usable sound for {language}/{prompt}. {error}") from error


def gtts(language: str, text: str) -> bytes:
    """What the network's text-to-speech service answers, as MP3. Raises `CannotSpeak`: offline, refused, empty."""
    from gtts.tts import (
        gTTS,
        gTTSError,
    )  # its import is slow and only this engine needs it

    voice = gTTS(
        text,
        lang=language,
        tld=GTTS_ADDRESSES.get(language, "com"),
        lang_check=False,
        timeout=SECONDS,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.mp3"  # a failed save leaves an empty file: it goes with its folder
        try:
            voice.save(path)
        except gTTSError as error:
            raise CannotSpeak(_why(error.rsp)) from error
        answer = path.read_bytes()
    if not answer:
        raise CannotSpeak(_NO_SOUND)
    return answer


def _why(response: Any) -> str:
    """The sentence for a failure, from the service's answer (None when there was none)."""
    if response is None:
        return (
            "The speech service cannot be reached: this machine has no way to the network. "
            "Try again where it has one, or use --engine espeak."
        )
    if response.ok:
        return _NO_SOUND
    return (
        f"The speech service answered {response.status_code}: wait an hour and try again, "
        "or use --engine espeak."
    )


_NO_SOUND = "The speech service answered without any sound: try again later, or use --engine espeak."


def _espeak_command(voice: str) -> list[str]:
    """The program as it is installed here, else the one of the package. Raises `CannotSpeak` where there is neither."""
    if shutil.which("espeak-ng"):
        return ["espeak-ng", *f"-v {voice} -s {WORDS_A_MINUTE} -b 1 --stdin --stdout".split()]
    if find_spec("espeakng_loader"):
        return [sys.executable, "-m", "helpline.voice.espeak_library", voice, str(WORDS_A_MINUTE)]
    raise CannotSpeak("espeak-ng is not installed: apt install espeak-ng, or the package espeakng-loader")


def espeak(language: str, text: str) -> bytes:
    """What espeak-ng says, as WAV; as it is installed here, or out of a package. Raises `CannotSpeak`: it fails."""
    if language not in ESPEAK_VOICES:
        raise CannotSpeak(
            f"{language}: espeak-ng's voice for it is not in helpline/voice/speech.py: ESPEAK_VOICES."
        )
    try:
        done = subprocess.run(
            _espeak_command(ESPEAK_VOICES[language]),
            input=text.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotSpeak(f"espeak-ng gave no answer in {SECONDS:.0f} seconds.") from error
    except subprocess.CalledProcessError as error:
        raise CannotSpeak(f"espeak-ng failed with exit code {error.returncode}.") from error
    return done.stdout


ENGINES: dict[str, Callable[[str, str], bytes]] = {"gtts": gtts, "espeak": espeak}
