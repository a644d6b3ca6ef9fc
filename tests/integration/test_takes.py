"""A recording arrives: the original is kept, the worker makes a clip of it, it is in the draft; or it is refused, with
sentences. Whatever is lost on the way, it is done once."""

import hashlib
import io
import threading
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpline import clock, db, jobs
from helpline.line import notices
from helpline.people.models import AuditLine
from helpline.voice import audio, batches, drafts, preparing, takes, wav
from helpline.voice.catalogue import text_hash
from helpline.voice.measured import Unusable
from helpline.voice.models import PromptClip
from helpline.voice.takes_models import PromptOriginal, PromptTake, TakeState
from tests.integration import prompt_rows
from tests.integration.prompt_rows import CATALOGUE, NEW
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")
RAW = sounds.encoded(sounds.talk(1.2, rate=48000), form="webm", codec="libopus")


@pytest.fixture
def editor():
    return prompt_rows.editor()


def receive(by, raw=RAW, prompt="welcome", language="bn", *, way="browser", speaker="Rehana", **more):
    with db.transaction() as session:
        return takes.receive(
            session, raw, language=language, prompt=prompt, way=way, speaker=speaker, by_id=by,
            repository=CATALOGUE, **more,
        )  # fmt: skip


def take(take_id):
    with db.transaction() as session:
        return takes.find(session, take_id)


def judged(by, raw=RAW, prompt="welcome", language="bn", **more):
    """A recording that the worker has seen."""
    take_id = receive(by, raw, prompt, language, **more)
    jobs.prepare_recording(take_id)
    return take(take_id)


def rung():
    """The takes for which the worker was rung."""
    from rq import Queue

    return [job.args[0] for job in Queue("slow", connection=db.redis()).jobs]


def count(table):
    with db.transaction() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_recording_becomes_a_clip_in_the_draft(editor):
    take_id = receive(editor, name="welcome.webm")
    assert take(take_id).state == TakeState.RECEIVED
    assert rung() == [take_id]
    jobs.prepare_recording(take_id)
    done = take(take_id)
    assert (done.state, done.refusals, done.warnings) == (TakeState.READY, (), ())
    assert (done.speaker, done.way, done.name) == ("Rehana", "browser", "welcome.webm")
    assert prompt_rows.entry().clip == done.clip
    with db.transaction() as session:
        clip = session.scalars(select(PromptClip)).one()
        assert (clip.way, clip.speaker, clip.made_by_id, clip.text_hash) == (
            "browser", "Rehana", editor, text_hash(CATALOGUE.text("bn", "welcome")),
        )  # fmt: skip
        assert clip.original_sha == done.original == hashlib.sha256(RAW).hexdigest()
        assert audio.measure(clip.wav).loudness == pytest.approx(-19, abs=0.5)
        assert clip.measured["after"]["loudness"] == pytest.approx(-19, abs=0.5)
        assert len(clip.measured["before"]["waveform"]) == 400


def test_the_original_is_kept_untouched_and_once(editor):
    first, second = judged(editor), judged(editor)
    assert count(PromptOriginal) == 1
    with db.transaction() as session:
        assert takes.original(session, first.original) == ("webm", RAW)
        assert takes.original(session, "0" * 64) is None
    assert first.clip == second.clip


def test_a_recording_is_of_the_text_that_the_speaker_saw(editor):
    old = text_hash(CATALOGUE.text("bn", "welcome"))
    prompt_rows.write(editor)
    assert take(receive(editor)).text == NEW
    assert take(receive(editor, read_from=old)).text == CATALOGUE.text("bn", "welcome")
    prompt_rows.write(editor, text="আপনাকে আবার স্বাগতম।")
    assert take(receive(editor, read_from=text_hash(NEW))).text == NEW
    with pytest.raises(Unusable, match="not known here any more"):
        receive(editor, read_from="0" * 12)


def test_a_silent_one_is_refused_with_a_sentence_and_changes_nothing(editor):
    seen = judged(editor, wav.write(sounds.silence(2), {}))
    assert (seen.state, [one.name for one in seen.refusals]) == (TakeState.REFUSED, ["no_speech"])
    assert seen.clip is None
    assert prompt_rows.entry().clip is None
    assert count(PromptClip) == 0


def test_what_is_heard_but_not_good_is_refused_with_what_was_measured(editor):
    seen = judged(editor, wav.write(sounds.talk(1.2, level=4), {}))
    assert [one.name for one in seen.refusals] == ["clipped"]
    assert seen.measured["before"]["clipped"] > 0.02
    assert count(PromptClip) == 0


def test_a_warning_stays_with_the_clip(editor):
    seen = judged(editor, wav.write(sounds.talk(1.2, hiss=0.02), {}))
    assert (seen.state, [one.name for one in seen.warnings]) == (TakeState.READY, ["rather_noisy"])
    with db.transaction() as session:
        assert session.scalars(select(PromptClip)).one().measured["warnings"][0]["name"] == "rather_noisy"


@pytest.mark.parametrize(("raw", "name"), [(b"", "not_readable"), (b"<html>", "not_readable")])
def test_what_cannot_be_a_recording_is_not_even_kept(editor, raw, name):
    with pytest.raises(Unusable) as caught:
        receive(editor, raw)
    assert caught.value.remark.name == name
    assert count(PromptOriginal) == 0


def test_what_begins_as_a_recording_and_is_none_is_refused_by_the_worker(editor):
    seen = judged(editor, b"RIFF\0\0\0\0WAVEfmt nothing more")
    assert [one.name for one in seen.refusals] == ["not_readable"]


def test_an_unknown_prompt_or_language_is_an_error_of_who_calls(editor):
    for language, prompt in (("bn", "hello"), ("xx", "welcome")):
        with pytest.raises(LookupError):
            receive(editor, prompt=prompt, language=language)


def test_twice_is_once(editor):
    take_id = receive(editor)
    threads = [threading.Thread(target=jobs.prepare_recording, args=(take_id,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    jobs.prepare_recording(take_id)
    assert prompt_rows.entry().revision == 1
    assert lines().count("kept_recording") == 1


def test_an_older_recording_that_took_longer_does_not_replace_a_newer_one(editor):
    older, newer = (
        receive(editor),
        receive(editor, sounds.encoded(sounds.talk(1.6), form="wav", codec="pcm_s16le")),
    )
    jobs.prepare_recording(newer)
    jobs.prepare_recording(older)
    assert take(older).state == TakeState.READY
    assert prompt_rows.entry().clip == take(newer).clip != take(older).clip


def test_a_bell_that_was_lost_is_rung_again_and_no_sound_is_opened_by_who_rings(editor, valkey):
    take_id = receive(editor)
    assert preparing.sweep() == 0  # the worker may have it in hand
    valkey.flushdb()
    clock.set_offset(timedelta(minutes=2))
    assert preparing.sweep() == 1
    assert rung() == [take_id]
    assert take(take_id).state == TakeState.RECEIVED
    jobs.prepare_recording(take_id)
    assert take(take_id).state == TakeState.READY
    assert preparing.sweep() == 0


def test_what_kills_the_worker_is_given_up(editor, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*words, **more):
        raise Killed

    monkeypatch.setattr(audio, "make", die)
    take_id = receive(editor)
    for _ in range(preparing.MOST_TRIES):
        with pytest.raises(Killed):
            jobs.prepare_recording(take_id)
    jobs.prepare_recording(take_id)
    assert [one.name for one in take(take_id).refusals] == ["given_up"]


def test_an_original_that_cannot_be_found_now_is_looked_for_again(editor, monkeypatch):
    take_id = receive(editor)
    with monkeypatch.context() as away:
        away.setattr(takes, "original", lambda *_: None)
        jobs.prepare_recording(take_id)
    assert take(take_id).state == TakeState.RECEIVED
    jobs.prepare_recording(take_id)
    assert take(take_id).state == TakeState.READY


def lines():
    with db.transaction() as session:
        wanted = select(AuditLine.what).where(AuditLine.about.startswith("prompt ")).order_by(AuditLine.id)
        return list(session.scalars(wanted))


def test_the_audit_says_who_sent_what(editor):
    judged(editor)
    judged(editor, wav.write(sounds.silence(2), {}))
    assert lines() == ["kept_recording", "put_recording", "refused_recording"]


def test_where_a_sitting_goes_on_is_known(editor):
    judged(editor, sounds.encoded(sounds.talk(1.6), form="wav", codec="pcm_s16le"))
    newest, other = judged(editor), receive(editor, prompt="goodbye")
    with db.transaction() as session:
        assert {name: one.id for name, one in takes.latest(session, "bn").items()} == {
            "welcome": newest.id, "goodbye": other,
        }  # fmt: skip
        assert takes.latest(session, "en") == {}
        assert next(one.id for one in takes.of_prompt(session, "bn", "welcome")) == newest.id


def test_a_notice_is_recorded_as_a_prompt_is_and_is_in_no_draft(editor):
    seen = judged(editor, prompt="notice_7", text="আজ বন্ধ।", way="telephone")
    assert (seen.state, seen.text_hash) == (TakeState.READY, text_hash("আজ বন্ধ।"))
    with db.transaction() as session:
        assert drafts.entries(session) == []


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    target.seek(0)
    return target


def send(by, files):
    contents = batches.of_zip(zipped(files), language="bn", prompts=CATALOGUE.names, languages=("bn", "en"))
    with db.transaction() as session:
        return takes.receive_batch(
            session, contents, name="bangla.zip", speaker="Rehana", by_id=by, repository=CATALOGUE
        )


def batch(batch_id):
    with db.transaction() as session:
        return takes.batch(session, batch_id)


def test_of_a_zip_with_a_bad_file_the_good_ones_go_into_the_draft_together(editor):
    batch_id = send(
        editor,
        {
            "welcome.webm": RAW,
            "en/goodbye.wav": wav.write(sounds.talk(1), {}),
            "goodbye.wav": wav.write(sounds.silence(1), {}),
            "hello.wav": RAW,
        },
    )
    *first, last = rung()
    for take_id in first:
        jobs.prepare_recording(take_id)
    assert not batch(batch_id).done
    assert prompt_rows.entry().clip is None  # not before all of it is judged
    jobs.prepare_recording(last)
    seen = batch(batch_id)
    assert seen.done
    assert {one.name: (one.language, one.prompt, one.state) for one in seen.takes} == {
        "welcome.webm": ("bn", "welcome", TakeState.READY),
        "en/goodbye.wav": ("en", "goodbye", TakeState.READY),
        "goodbye.wav": ("bn", "goodbye", TakeState.REFUSED),
    }
    assert [(file, remark.name) for file, remark in seen.left_out] == [("hello.wav", "no_such_prompt")]
    assert str(seen.left_out[0][1]) == "There is no prompt of this name: hello."
    with db.transaction() as session:
        assert {(one.language, one.prompt) for one in drafts.entries(session)} == {
            ("bn", "welcome"), ("en", "goodbye"),
        }  # fmt: skip


def test_two_workers_who_end_a_batch_at_once_end_it_once(editor):
    batch_id = send(editor, {"welcome.webm": RAW, "goodbye.webm": RAW})
    threads = [threading.Thread(target=jobs.prepare_recording, args=(take_id,)) for take_id in rung()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert batch(batch_id).done
    with db.transaction() as session:
        assert {one.revision for one in drafts.entries(session)} == {1}


def test_a_zip_of_which_nothing_can_be_taken_is_done_at_once(editor):
    seen = batch(send(editor, {"notes.txt": b"no sound"}))
    assert (seen.done, seen.takes, len(seen.left_out)) == (True, (), 1)


def test_when_one_file_cannot_be_kept_none_is(editor, monkeypatch):
    kept = takes._original
    monkeypatch.setattr(takes, "_original", lambda *words: kept(*words) if not count_down.pop() else 1 / 0)
    count_down = [True, False]
    with pytest.raises(ZeroDivisionError):
        send(editor, {"welcome.webm": RAW, "goodbye.webm": RAW})
    assert (count(PromptTake), count(PromptOriginal), rung()) == (0, 0, [])


def test_a_recording_of_a_notice_is_heard_as_soon_as_it_is_made_and_is_in_no_draft(editor):
    words, now = "Oggi i nostri uffici sono chiusi.", clock.now()
    with db.transaction() as session:
        given = notices.Given({"it": words}, now, now + timedelta(hours=3))
        kept = notices.one(session, notices.save(session, given, who="test")[0])
    done = judged(editor, prompt=kept.prompt, language="it", text=words)
    late = receive(
        editor,
        sounds.encoded(sounds.talk(1.3, rate=48000), form="wav", codec="pcm_s16le"),
        kept.prompt,
        "it",
        text=words,
    )
    with db.transaction() as session:
        assert notices.one(session, kept.id).clips == {"it": done.clip}
        other = notices.Given({"it": "Oggi siamo aperti."}, given.starts_at, given.ends_at)
        notices.save(session, other, who="test", why="x", notice_id=kept.id, revision=1)
    jobs.prepare_recording(late)
    with db.transaction() as session:
        assert notices.one(session, kept.id).clips == {}  # read from words that hold no more
        assert drafts.entries(session) == []
