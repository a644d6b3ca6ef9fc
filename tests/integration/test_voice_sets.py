"""Published sets on a real database: what a process plays, what it plays when the database is gone."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.faults import Faults
from helpline.people.access import unguarded
from helpline.voice import publishing, sets
from helpline.voice.catalogue import Catalogue, text_hash
from helpline.voice.library import Library
from helpline.voice.serving import audio_blueprint
from tests.unit.voice import sounds

TEXTS = {"welcome": "Welcome.", "goodbye": "Goodbye."}
CATALOGUE = Catalogue({"en": TEXTS, "bn": {"welcome": "স্বাগতম।", "goodbye": "বিদায়।"}})
pytestmark = pytest.mark.usefixtures("database")


def keep(
    prompt: str = "welcome", language: str = "bn", *, source: str = "published", engine: str = "recording",
    hertz: float = 440, text: str | None = None,
) -> str:  # fmt: skip
    read_from = text_hash(text or CATALOGUE.text(language, prompt))
    with db.transaction() as session:
        return sets.keep_clip(
            session, sounds.clip(0.2, hertz=hertz, prompt=prompt), language=language, prompt=prompt,
            text_hash=read_from, source=source, engine=engine,
        )  # fmt: skip


def publish(changes: dict[tuple[str, str], str | None]) -> int:
    with db.transaction() as session:
        return publishing.commit(
            session,
            [
                publishing.Change(language, prompt, clip_hash=clip, drops_clip=clip is None)
                for (language, prompt), clip in changes.items()
            ],
            by_id=None,
            note="",
        )


@contextmanager
def broken() -> Iterator[Session]:
    raise OperationalError("select", {}, Exception("the database is down"))
    yield


def library(tmp_path: Path, **options: Any) -> Library:
    return Library(CATALOGUE, tmp_path / "clips", prompts=tmp_path / "prompts", **options)


def refreshed(tmp_path: Path) -> Library:
    ours = library(tmp_path)
    ours.refresh()
    return ours


def test_before_anything_is_published_everything_is_said_by_the_carrier(tmp_path: Path) -> None:
    manifest = refreshed(tmp_path).manifest()
    assert (manifest.set_id, manifest.clips) == (0, {})


def test_a_published_recording_is_played_and_can_be_taken_back(tmp_path: Path) -> None:
    clip = keep()
    first = publish({("bn", "welcome"): clip})
    ours = refreshed(tmp_path)
    assert ours.manifest().set_id == first
    assert ours.manifest().clip("bn", "welcome") == clip
    second = publish({("bn", "welcome"): None})
    ours.refresh()
    assert ours.manifest().set_id == second
    assert ours.manifest().clip("bn", "welcome") is None


def test_a_set_holds_what_the_one_before_held(tmp_path: Path) -> None:
    first, second = keep(), keep("goodbye", hertz=500)
    publish({("bn", "welcome"): first})
    publish({("bn", "goodbye"): second})
    assert refreshed(tmp_path).manifest().clips == {("bn", "welcome"): first, ("bn", "goodbye"): second}


def test_a_call_keeps_the_set_it_began_with(tmp_path: Path) -> None:
    before, after = keep(), keep(hertz=500)
    old = publish({("bn", "welcome"): before})
    ours = refreshed(tmp_path)
    new = publish({("bn", "welcome"): after})
    ours.refresh()
    late = refreshed(tmp_path)  # a process that started after the second set
    for process in (ours, late):
        assert process.manifest(old).clip("bn", "welcome") == before
        assert process.manifest(new).clip("bn", "welcome") == after
        assert process.manifest(0).clips == {}
        assert process.manifest(999).set_id == new


def test_a_set_that_no_call_can_be_in_is_not_read(tmp_path: Path) -> None:
    old = publish({("bn", "welcome"): keep()})
    clock.set_offset(timedelta(hours=6))
    publish({("bn", "welcome"): keep(hertz=500)})
    clock.set_offset(timedelta(hours=12))
    newest = publish({("bn", "welcome"): keep(hertz=600)})
    assert refreshed(tmp_path).manifest(old).set_id == newest


def test_a_recording_of_an_older_text_gives_way_to_speech_of_today_s(tmp_path: Path) -> None:
    publish({("bn", "welcome"): keep(text="স্বাগত।")})
    speech = keep(source="speech", engine="gtts", hertz=500)
    assert refreshed(tmp_path).manifest().clip("bn", "welcome") == speech


def test_bad_changes_are_all_told_and_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught:
        publish({("bn", "welcome"): "0" * 64, ("bn", "goodbye"): keep(), ("en", "welcome"): keep()})
    assert caught.value.faults == [
        "bn/welcome: no such clip is kept",
        "bn/goodbye: the clip was made for bn/welcome",
        "en/welcome: the clip was made for bn/welcome",
    ]
    assert refreshed(tmp_path).manifest().set_id == 0


def test_two_who_publish_at_once_lose_nothing(tmp_path: Path) -> None:
    clips = {("bn", "welcome"): keep(), ("bn", "goodbye"): keep("goodbye", hertz=500)}
    threads = [threading.Thread(target=publish, args=({key: clip},)) for key, clip in clips.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refreshed(tmp_path).manifest().clips == clips


def test_a_clip_is_kept_once() -> None:
    assert keep() == keep()


def test_recordings_play_when_the_database_is_down(tmp_path: Path) -> None:
    clip = keep()
    publish({("bn", "welcome"): clip})
    refreshed(tmp_path)
    cold = library(tmp_path, transaction=broken)  # a process that starts while the database is down
    assert cold.manifest().clip("bn", "welcome") == clip
    assert cold.wav(clip) is not None


def test_looking_for_something_newer_never_makes_a_caller_wait(tmp_path: Path) -> None:
    asked, release, waited = threading.Event(), threading.Event(), threading.Event()

    @contextmanager
    def stuck() -> Iterator[Session]:
        asked.set()
        if not release.wait(20):
            waited.set()
        raise OperationalError("select", {}, Exception("the database is down"))
        yield

    ours = library(tmp_path, transaction=stuck, every=0.0)
    for _ in range(50):
        assert ours.manifest().set_id == 0 and not waited.is_set()
    assert asked.wait(20)
    assert sum(thread.name == "prompts" for thread in threading.enumerate()) == 1
    release.set()


def test_what_is_published_is_found_by_itself(tmp_path: Path) -> None:
    ours = library(tmp_path, every=0.02)
    number = publish({("bn", "welcome"): keep()})
    for _ in range(1500):
        if ours.manifest().set_id == number:
            break
        time.sleep(0.02)
    assert ours.manifest().set_id == number
    for thread in threading.enumerate():  # it must not ask a database that is being closed
        if thread.name == "prompts":
            thread.join(5)


def test_recordings_that_ship_with_the_code_need_no_database(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "bn"
    folder.mkdir(parents=True)
    content = sounds.clip()
    (folder / "welcome.wav").write_bytes(content)
    (folder / "recordings.toml").write_text(f'welcome = "{text_hash("স্বাগতম।")}"')
    cold = library(tmp_path, transaction=broken)
    digest = hashlib.sha256(content).hexdigest()
    assert cold.manifest().clip("bn", "welcome") == digest
    assert cold.wav(digest) == content


def ship(tmp_path: Path, prompt: str, *, hertz: float = 440) -> str:
    """Put a recording among those that ship with the code; its hash."""
    folder = tmp_path / "prompts" / "bn"
    folder.mkdir(parents=True, exist_ok=True)
    content = sounds.clip(hertz=hertz)
    (folder / f"{prompt}.wav").write_bytes(content)
    with (folder / "recordings.toml").open("a") as index:
        index.write(f'{prompt} = "{text_hash(CATALOGUE.text("bn", prompt))}"\n')
    return hashlib.sha256(content).hexdigest()


def test_a_shipped_recording_that_is_deleted_is_no_longer_played_in_any_set(tmp_path: Path) -> None:
    ship(tmp_path, "welcome")
    old = publish({("bn", "goodbye"): keep("goodbye", hertz=500)})
    ours = refreshed(tmp_path)
    clock.set_offset(timedelta(hours=6))
    publish({("bn", "goodbye"): None})
    clock.set_offset(timedelta(hours=12))
    new = publish(
        {("bn", "goodbye"): keep("goodbye", hertz=600)}
    )  # no call that the tables know of can be in the old set any more
    ours.refresh()
    (tmp_path / "prompts" / "bn" / "welcome.wav").unlink()
    ours.refresh()
    for number in (0, old, new):
        assert ours.manifest(number).clip("bn", "welcome") is None
    assert ours.manifest(old).clip("bn", "goodbye") is not None


def test_shipped_recordings_are_seen_while_the_process_runs_and_the_database_is_down(tmp_path: Path) -> None:
    ours = library(tmp_path, transaction=broken)
    for hertz in (440, 500):  # a new one, and another in its place
        digest = ship(tmp_path, "welcome", hertz=hertz)
        (tmp_path / "prompts" / "bn" / "recordings.toml").write_text(f'welcome = "{text_hash("স্বাগতম।")}"')
        with pytest.raises(OperationalError):
            ours.refresh()
        assert ours.manifest().clip("bn", "welcome") == digest
        assert ours.wav(digest) is not None
    (tmp_path / "prompts" / "bn" / "welcome.wav").unlink()
    with pytest.raises(OperationalError):
        ours.refresh()
    assert ours.manifest().clip("bn", "welcome") is None


def test_a_list_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    clip = keep()
    publish({("bn", "welcome"): clip})
    refreshed(tmp_path)
    (tmp_path / "clips" / "manifest.json").write_text('{"current": ')
    assert library(tmp_path, transaction=broken).manifest().clips == {}
    assert refreshed(tmp_path).manifest().clip("bn", "welcome") == clip


@pytest.fixture
def ours(tmp_path: Path) -> Library:
    return library(tmp_path, every=3600)


@pytest.fixture
def client(ours: Library) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(audio_blueprint(ours))
    assert unguarded(app) == []
    return app.test_client()


def test_a_clip_is_served_for_ever_under_its_content_s_name(client: FlaskClient) -> None:
    clip = keep()
    answer = client.get(f"/audio/{clip}.wav")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == clip
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(f"/audio/{clip}.wav", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(f"/audio/{clip}.wav").headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize(
    "path",
    [
        "0" * 64 + ".wav",
        "0" * 63 + ".wav",
        "A" * 64 + ".wav",
        "..%2F..%2Fetc%2Fpasswd.wav",
        "manifest.json",
        ".wav",
    ],
)
def test_anything_else_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/audio/{path}").status_code == 404


def test_a_clip_served_once_needs_no_database_afterwards(tmp_path: Path, client: FlaskClient) -> None:
    clip = keep()
    assert client.get(f"/audio/{clip}.wav").status_code == 200
    assert library(tmp_path, transaction=broken).wav(clip) is not None


def test_a_damaged_clip_is_never_given_out(tmp_path: Path, client: FlaskClient) -> None:
    clip = keep()
    client.get(f"/audio/{clip}.wav")
    (tmp_path / "clips" / f"{clip}.wav").write_bytes(b"RIFF damaged")
    assert hashlib.sha256(client.get(f"/audio/{clip}.wav").data).hexdigest() == clip


def test_with_the_database_down_an_unknown_clip_is_a_passing_fault(tmp_path: Path) -> None:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(audio_blueprint(library(tmp_path, transaction=broken)))
    answer = app.test_client().get(f"/audio/{'0' * 64}.wav")
    assert answer.status_code == 503
    assert "immutable" not in answer.headers.get("Cache-Control", "")
