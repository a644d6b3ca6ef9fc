"""The key phrases' sound: made by the worker, each once, given out under a name that holds its content; and asked for by the page
on which it is missing."""

import pytest
from rq import Queue

from helpline import db, jobs
from helpline.handbook import phrases, sound
from helpline.handbook.models import PhraseClip
from helpline.languages import LANGUAGES
from helpline.voice import speech, takes, wav
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_deeds import do
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def anna(settings, at):
    at("2026-11-24 10:00")
    return Visitor(application(settings)).sign_in("anna", locale="it")


@pytest.fixture
def spoken(monkeypatch):
    """What the engine was asked for; it gives a short sound, one for each text."""
    asked = []

    def speak(engine, language, *, prompt, text):
        asked.append((engine, language, prompt))
        return wav.write(sounds.tone(0.05), {"INAM": prompt, "ICMT": text})

    monkeypatch.setattr(speech, "speak", speak)
    return asked


def test_a_language_s_phrases_get_their_sound_once(anna, spoken):
    names = len(phrases.book().names)
    jobs.speak_phrases(8)
    assert spoken == [("espeak", "bn", name) for name in phrases.book().names]
    assert do(lambda session: sound.owed(session, "bn")) == []
    jobs.speak_phrases(8)
    assert len(spoken) == names and sound.sweep() == 0


def test_every_phrase_of_all_nine_languages_can_be_listened_to(anna):
    with db.transaction() as session:
        for said in phrases.book().said.values():
            for phrase in said.values():
                clip = wav.write(sounds.tone(0.02), {"INAM": phrase.name, "ICMT": phrase.text})
                sound._keep(session, phrase, clip)
    for language in LANGUAGES:
        page = anna.get(f"/handbook/phrases/{language.code}").text
        assert page.count("<audio") == len(phrases.book().names) and f'dir="{language.direction}"' in page


def test_a_clip_is_given_out_whole_or_in_part_to_who_is_signed_in(anna, spoken, settings):
    sound.make("uk")
    digest = next(iter(do(lambda session: sound.of_language(session, "uk")).values())).hash
    whole = anna.get(f"/handbook/sound/{digest}.wav")
    assert whole.mimetype == "audio/wav" and whole.data[:4] == b"RIFF"
    assert anna.get(f"/handbook/sound/{digest}.wav", headers={"Range": "bytes=0-3"}).data == b"RIFF"
    assert Visitor(anna.app).get(f"/handbook/sound/{digest}.wav").status_code == 303


def test_who_opens_a_language_without_sound_has_it_made_and_what_broke_off_is_found_again(anna, spoken):
    page = words_of(anna.get("/handbook/phrases/bn"))
    assert "si sta preparando" in page
    rung = Queue(takes.QUEUE, connection=db.redis()).jobs
    assert [(job.func_name, job.args) for job in rung] == [("helpline.jobs.speak_phrases", (8,))]
    assert sound.sweep() == 0  # nothing of it was begun
    sound.make("bn")
    with db.transaction() as session:
        session.get(PhraseClip, ("bn", "thanks")).text_hash = "of other words"
    assert [phrase.name for phrase in do(lambda session: sound.owed(session, "bn"))] == ["thanks"]
    assert sound.sweep() == 1
    assert sound.make("bn") == 1


def test_an_engine_that_cannot_speak_breaks_nothing(anna, monkeypatch):
    def dumb(*_given, **_words):
        raise speech.CannotSpeak("not here")

    monkeypatch.setattr(speech, "speak", dumb)
    assert sound.make("it") == 0
    assert "senza suono" in words_of(anna.get("/handbook/phrases/it"))


@pytest.mark.speech
def test_the_engine_of_this_machine_speaks_a_phrase(monkeypatch):
    one = {"digit_1": phrases.book().said["ar"]["digit_1"]}
    monkeypatch.setattr(sound, "owed", lambda session, language: list(one.values()))
    assert sound.make("ar") == 1
    assert 0.1 < do(lambda session: session.get(PhraseClip, ("ar", "digit_1")).seconds) < 5


@pytest.mark.faults
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_engine_speaks_every_phrase(language):
    assert sound.make(language.code) == len(phrases.book().names)
