"""Whoever looks after prompts listens to clips and to originals: parts of them too, and never under a type that came
with a file."""

import hashlib
import re

import pytest
from flask_babel import force_locale

from helpline import db, jobs
from helpline.console import prompts_remarks
from helpline.people.roles import Role
from helpline.voice import measured, storage, takes
from helpline.voice.measured import Remark
from tests.integration import prompt_rows
from tests.integration.console_visits import HTTPS, Visitor, application
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")
RAW = sounds.encoded(sounds.talk(0.8, rate=48000), form="webm", codec="libopus")


@pytest.fixture
def visitor(settings):
    return Visitor(application(settings)).sign_in(roles=(Role.EDITOR,))


@pytest.fixture
def take(visitor):
    with db.transaction() as session:
        take_id = takes.receive(
            session, RAW, language="bn", prompt="digit_4", way="browser", speaker=None,
            by_id=visitor.who.id, name="welcome.html",
        )  # fmt: skip
    jobs.prepare_recording(take_id)
    with db.transaction() as session:
        return takes.find(session, take_id)


def test_a_clip_of_the_draft_is_heard_by_who_may(visitor, take):
    answer = visitor.get(f"/prompts/clip/{take.clip}.wav")
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert hashlib.sha256(answer.data).hexdigest() == take.clip
    assert answer.headers["Cache-Control"].startswith("private")
    assert visitor.get("/prompts/clip/" + "0" * 64 + ".wav").status_code == 404


def test_the_original_is_given_as_it_came_under_a_type_of_ours(visitor, take):
    answer = visitor.get(f"/prompts/original/{take.original}")
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/webm", RAW)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script" not in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("path", ["/prompts/clip/{take.clip}.wav", "/prompts/original/{take.original}"])
def test_a_player_may_ask_for_a_part(visitor, take, path):
    whole = visitor.get(path.format(take=take))
    part = visitor.get(path.format(take=take), headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    rest = visitor.get(path.format(take=take), headers={"Range": f"bytes={len(whole.data) - 5}-"})
    assert rest.data == whole.data[-5:]
    assert visitor.get(path.format(take=take), headers={"Range": "bytes=999999999-"}).status_code == 416
    known = visitor.get(path.format(take=take), headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_while_the_storage_is_down_a_page_says_so(visitor, take, monkeypatch):
    def down(*words):
        raise storage.StorageDown("the bucket does not answer")

    monkeypatch.setattr(takes, "original", down)
    assert visitor.get(f"/prompts/original/{take.original}").status_code == 503


def test_every_remark_is_said_in_both_languages(visitor):
    assert prompts_remarks.SENTENCES.keys() == measured.SENTENCES.keys()
    with visitor.app.test_request_context(base_url=HTTPS):
        for name, english in measured.SENTENCES.items():
            values = dict.fromkeys(re.findall(r"%\((\w+)\)", english), 3.25)
            with force_locale("en"):
                assert prompts_remarks.said(Remark(name, values)) == str(Remark(name, values)), name
            with force_locale("it"):
                assert prompts_remarks.said(Remark(name, values)) != str(Remark(name, values))
        with force_locale("it"):
            said = prompts_remarks.said(Remark("too_long", {"seconds": 22.51, "most": 20.0}))
            assert said == "Dura 22,5 secondi, più di 20."


def test_who_is_no_editor_hears_nothing(settings, take):
    stranger = Visitor(application(settings))
    assert stranger.get(f"/prompts/original/{take.original}").status_code == 303
    operator = stranger.sign_in("omar", roles=(Role.OPERATOR,))
    assert operator.get(f"/prompts/original/{take.original}").status_code == 403
    assert prompt_rows.entry("digit_4").clip == take.clip
