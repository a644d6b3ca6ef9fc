"""Recordings arrive in the console: from the studio, and as files; who may send them, what is answered, what went where."""

import io
import re
import threading
import zipfile
from datetime import timedelta

import pytest

from helpline import clock, db, jobs
from helpline.people.roles import Role
from helpline.voice import filling, forms, sittings, storage, takes, wav
from helpline.voice.catalogue import repository, text_hash
from helpline.voice.takes_models import TakeState
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")
SPOKEN = wav.write(sounds.talk(1.2), {})
SILENT = wav.write(sounds.silence(2), {})
DIGIT = "/prompts/record/hi/digit_4"
TODO = "/prompts/record/hi?what=todo"


@pytest.fixture
def app(settings):
    return application(settings)


@pytest.fixture
def hema(app):
    return Visitor(app).sign_in("hema", roles=(Role.EDITOR,), prompt_languages=("hi",), locale="en")


def sent(visitor, raw=SPOKEN, path=DIGIT, **fields):
    given = {"recording": (io.BytesIO(raw), "digit_4"), "speaker": "Hema K."} | fields
    return visitor.post(path, given)


def here(page):
    """The prompt on the stage."""
    return re.search(r"<code data-prompt>(\w+)<", page.text)[1]


def upload(visitor, files, **fields):
    """Send files (name -> bytes), and wait until they are looked through; the answer."""
    given = {"files": [(io.BytesIO(raw), name) for name, raw in files.items()]}
    answer = visitor.post("/prompts/upload", fields | given)
    for thread in threading.enumerate():
        if thread.name == filling.NAME:
            thread.join()
    return answer


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in files.items():
            made.writestr(name, raw)
    return target.getvalue()


def judge_all():
    with db.transaction() as session:
        ids = [one.id for one in takes.latest(session, "hi").values() if one.state == TakeState.RECEIVED]
    for one in ids:
        jobs.prepare_recording(one)


def test_a_recording_from_the_studio_is_taken_judged_and_told(hema):
    answer = sent(hema, hash=text_hash(repository().text("hi", "digit_4"))).json
    assert answer["warnings"] == []
    look = f"/prompts/record/takes?id={answer['id']}&id=999&id=x&id={2**40}"
    assert hema.get(look).json[str(answer["id"])]["state"] == "received"
    judge_all()
    told = hema.get(look).json
    assert list(told) == [str(answer["id"])]
    assert told[str(answer["id"])]["state"] == "ready"
    assert told[str(answer["id"])]["clip"] == f"/prompts/clip/{prompt_rows.entry('digit_4', 'hi').clip}.wav"
    with db.transaction() as session:
        assert takes.find(session, answer["id"]).speaker == "Hema K."


def test_a_silent_one_is_refused_in_the_readers_words(app):
    visitor = Visitor(app).sign_in("hema", roles=(Role.EDITOR,), locale="it")
    number = sent(visitor, SILENT).json["id"]
    judge_all()
    told = visitor.get(f"/prompts/record/takes?id={number}").json[str(number)]
    assert told["state"] == "refused" and told["clip"] is None
    assert told["refusals"] and "There is" not in told["refusals"][0]


def test_what_cannot_be_a_recording_is_answered_with_the_sentence(hema):
    answer = sent(hema, b"<html>")
    assert (answer.status_code, answer.json) == (
        422, {"refusals": ["This is not an audio file that can be read."]},
    )  # fmt: skip
    assert hema.post(DIGIT).status_code == 400
    assert sent(hema, path="/prompts/record/hi/hello").status_code == 404


def test_nobody_records_a_language_that_is_not_theirs_nor_asks_for_its_takes(app, hema):
    assert sent(hema, path="/prompts/record/bn/digit_4").status_code == 403
    assert hema.get("/prompts/record/bn").status_code == 403
    boss = Visitor(app).sign_in("boss", roles=(Role.ADMINISTRATOR,))
    number = sent(boss, path="/prompts/record/bn/digit_4").json["id"]
    assert hema.get(f"/prompts/record/takes?id={number}").json == {}


def test_who_reads_a_text_that_somebody_changes_meanwhile_is_told(hema):
    old = repository().text("hi", "digit_4")
    prompt_rows.write(hema.who.id, "चार अंक।", "digit_4", "hi", catalogue=repository())
    assert "Somebody changed the text" in sent(hema, hash=text_hash(old)).json["warnings"][0]


def test_two_who_record_the_same_text_at_once_are_told(app, hema):
    boss = Visitor(app).sign_in("boss", name="Marta B.", roles=(Role.ADMINISTRATOR,), locale="en")
    assert sent(boss).json["warnings"] == []
    assert sent(boss).json["warnings"] == []  # nobody is told of their own
    [warning] = sent(hema).json["warnings"]
    assert "Recorded by somebody else too, today" in warning and "Marta B." in warning
    assert sent(hema, path="/prompts/record/hi/digit_5").json["warnings"] == []
    clock.set_offset(sittings.AT_ONCE + timedelta(minutes=1))
    with db.transaction() as session:
        assert sittings.another(session, "hi", "digit_4", by_id=hema.who.id) is None


def test_a_recording_may_be_larger_than_other_forms_and_not_endless(hema, monkeypatch):
    assert sent(hema, SPOKEN + bytes(200_000)).status_code == 200
    monkeypatch.setattr(forms, "LARGEST", 100_000)
    assert sent(hema, SPOKEN + bytes(100_000)).status_code == 422
    for path, megabytes in ((DIGIT, 21), ("/prompts/upload", 202)):
        endless = {"CONTENT_LENGTH": str(megabytes * 1_000_000)}
        assert hema.post(path, environ_overrides=endless).status_code == 413, path


def test_only_the_studio_may_use_the_microphone(hema):
    assert "microphone=(self)" in hema.get(TODO).headers["Permissions-Policy"]
    for path in ("/prompts/record", "/prompts/record/hi", "/prompts/upload", "/prompts"):
        assert "microphone=()" in hema.get(path).headers["Permissions-Policy"], path


def test_a_sitting_goes_on_where_it_stopped_also_before_the_worker_judged(hema):
    first = here(hema.get(TODO))
    sent(hema, path=f"/prompts/record/hi/{first}")
    second = here(hema.get(TODO))
    assert second != first and f'data-reading="{first}"' not in hema.get(TODO).text
    assert here(hema.get("/prompts/record/hi?what=all")) == second
    page = hema.get(f"/prompts/record/hi?prompt={first}")
    assert here(page) == first and page.text.count("data-reading=") == 1
    assert 'value="Hema K."' in page.text


def test_a_refused_one_and_a_stale_one_are_to_be_done_again(hema):
    page = "/prompts/record/hi?what=todo&prompt=digit_5"
    listed = 'data-reading="digit_4"'
    sent(hema, SILENT)
    assert listed not in hema.get(page).text
    judge_all()
    assert listed in hema.get(page).text
    sent(hema)
    judge_all()
    assert listed not in hema.get(page).text
    prompt_rows.write(hema.who.id, "चार अंक।", "digit_4", "hi", catalogue=repository())
    assert listed in hema.get(page).text


def test_what_is_to_be_read_ends_before_a_value_and_says_so(hema):
    name = next(name for name in repository().names if "{" in repository().text("hi", name))
    page = hema.get(f"/prompts/record/hi?prompt={name}")
    said = re.search(r"data-said>([^<]*)<", page.text)[1]
    assert "{" not in said and "Do not read further" in words_of(page)


def test_a_zip_with_bad_files_is_taken_as_far_as_it_is_good_and_all_is_told(hema):
    files = {
        "digit_1.wav": SPOKEN,
        "hi/digit_2.wav": SPOKEN,
        "digit_3.wav": SILENT,
        "digit_9.mp3": b"no sound",
        "hello.wav": SPOKEN,
        "bn/digit_5.wav": SPOKEN,
    }
    answer = upload(hema, {"studio.zip": zipped(files)}, language="hi", speaker="Hema K.")
    assert answer.status_code == 303
    assert "hx-get" in hema.get(answer.location).text
    assert prompt_rows.entry("digit_1", "hi").clip is None
    judge_all()
    page = hema.get(answer.location)
    said = words_of(page)
    assert "2 recordings are in the draft" in said and "4 files were not taken" in said
    assert "digit_9.mp3 nowhere not taken This is not an audio file" in said
    assert "hello.wav nowhere not taken There is no prompt of this name: hello" in said
    assert "You may not record this language: Bangla" in said
    assert re.search(r"digit_3.wav\s+Hindi, digit_3\s+refused", said)
    assert prompt_rows.entry("digit_1", "hi").clip and prompt_rows.entry("digit_2", "hi").clip
    assert "hx-get" not in page.text, "it looks no more when all is done"


def test_several_files_go_where_their_names_say(hema):
    answer = upload(hema, {"digit_1.wav": SPOKEN, "digit_2.wav": SPOKEN}, language="hi")
    judge_all()
    assert "2 recordings are in the draft" in words_of(hema.get(answer.location + "/rows"))


def test_of_a_folder_nobody_is_told_of_files_that_a_system_left_in_it(hema):
    """And with one file beside them, that one is the file."""
    files = {"a/hi/digit_1.wav": SPOKEN, "a/.DS_Store": b"x", "a/Thumbs.db": b"x"}
    answer = upload(hema, files)
    judge_all()
    said = words_of(hema.get(answer.location))
    assert "a/hi/digit_1.wav Hindi, digit_1 in the draft" in said
    assert "DS_Store" not in said and "Thumbs" not in said and "3 files" not in said


def test_one_file_of_any_name_goes_to_the_prompt_that_one_says(hema):
    answer = upload(hema, {"take 7.wav": SPOKEN}, language="hi", prompt="digit_6")
    judge_all()
    assert "take 7.wav Hindi, digit_6 in the draft" in words_of(hema.get(answer.location))


@pytest.mark.parametrize(
    ("files", "fields", "words"),
    [
        ({}, {}, "Choose a file."),
        ({"a.wav": SPOKEN}, {"prompt": "hello", "language": "hi"}, "There is no prompt of this name."),
        ({"a.wav": SPOKEN}, {"prompt": "digit_1"}, "in which language"),
        ({"a.wav": SPOKEN, "b.wav": SPOKEN}, {"prompt": "digit_1", "language": "hi"}, "cannot be one prompt"),
        ({"a.wav": b"<html>"}, {"prompt": "digit_1", "language": "hi"}, "not an audio file"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_form_and_nothing_is(hema, files, fields, words):
    page = upload(hema, files, **fields)
    assert page.status_code == 422 and words in words_of(page)
    with db.transaction() as session:
        assert takes.latest(session, "hi") == {}


def test_a_zip_that_cannot_be_read_is_named_in_the_report(hema):
    answer = upload(hema, {"a.zip": zipped({"digit_1.wav": SPOKEN})[:-30]}, language="hi")
    said = words_of(hema.get(answer.location))
    assert "a.zip nowhere not taken This is not a ZIP file that can be read" in said


def test_what_broke_off_on_the_way_is_told_and_nothing_of_it_taken(hema, monkeypatch, caplog):
    pieces = iter((b"",))

    def broken(*_):
        next(pieces)
        raise storage.StorageDown("away")

    monkeypatch.setattr(takes.storage, "kept", broken)
    answer = upload(hema, {"digit_1.wav": SPOKEN, "digit_2.wav": SPOKEN}, language="hi")
    assert "It broke off before all was looked through" in words_of(hema.get(answer.location))
    with db.transaction() as session:
        lost = takes.begin_batch(session, name="hi.zip", by_id=hema.who.id)
    assert "is being looked through" in words_of(hema.get(f"/prompts/upload/batch/{lost}"))
    assert filling.sweep() == 0
    monkeypatch.setattr(filling, "LONGEST", timedelta(0))
    assert filling.sweep() == 1 and filling.sweep() == 0
    assert "hi.zip nowhere not taken It broke off" in words_of(hema.get(f"/prompts/upload/batch/{lost}"))
    with db.transaction() as session:
        assert takes.latest(session, "hi") == {}


def test_a_storage_that_is_down_takes_nothing_and_says_so(hema, monkeypatch):
    def down(*_):
        raise storage.StorageDown("away")

    monkeypatch.setattr(takes.storage, "kept", down)
    assert sent(hema).status_code == 503
    assert upload(hema, {"digit_1.wav": SPOKEN}, language="hi").status_code == 503
