"""Where recordings lie: the database, a folder, a bucket. The same is kept, found, played and moved in each of them."""

import hashlib
import itertools
import re
import resource
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from helpline import db, jobs
from helpline.voice import storage, takes, whole
from helpline.voice.library import Library
from helpline.voice.models import PromptClip
from helpline.voice.moving import move
from helpline.voice.storage import StorageDown
from helpline.voice.takes_models import PromptOriginal
from tests.integration import prompt_rows
from tests.integration.prompt_rows import CATALOGUE
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")
CONTENT = b"some bytes"
KEY = f"clips/{hashlib.sha256(CONTENT).hexdigest()}"
_numbers = itertools.count(1)
RAW = sounds.encoded(sounds.talk(1.2, rate=48000), form="webm", codec="libopus")


@pytest.fixture(scope="session")
def s3_service():
    """A service such as several machines share, on this one."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    service = DomainDispatcherApplication(create_backend_app)

    def answering(environ, start_response):
        """As it answers, but for the second `Server` header, which a strict client does not take."""

        def start(status, headers, *words):
            return start_response(status, [one for one in headers if one[0].lower() != "server"], *words)

        return service(environ, start)

    server = make_server("127.0.0.1", 0, answering, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def bucket(s3_service, monkeypatch):
    """The address of an empty bucket."""
    import fsspec

    for name, value in {
        "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3_service,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    name = f"prompts-{next(_numbers)}"
    fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False).mkdir(name)
    storage._opened.cache_clear()
    yield f"s3://{name}/line"
    storage._opened.cache_clear()


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.long)])
def address(request, tmp_path):
    """The address of a storage outside of the database, empty."""
    return f"file://{tmp_path}/kept" if request.param == "file" else request.getfixturevalue("bucket")


@pytest.fixture
def editor():
    return prompt_rows.editor()


def test_what_is_kept_is_found_and_can_be_let_go(address):
    ours = storage.opened(address)
    assert (ours.get(KEY), ours.has(KEY)) == (None, False)
    for _ in range(2):
        ours.put(KEY, CONTENT)
    assert (ours.get(KEY), ours.has(KEY)) == (CONTENT, True)
    for _ in range(2):
        ours.remove(KEY)
    assert (ours.get(KEY), ours.has(KEY)) == (None, False)


@pytest.mark.parametrize("key", ["clips/../x", "other/" + "0" * 64, "clips/" + "0" * 63, "clips/" + "Z" * 64])
def test_a_key_leads_nowhere_else(tmp_path, key):
    for ours in (storage.opened(f"file://{tmp_path}"), storage.opened("database:")):
        with pytest.raises(ValueError, match="a key is"):
            ours.get(key)


def test_what_was_damaged_is_not_given_out(tmp_path):
    ours = storage.opened(f"file://{tmp_path}")
    ours.put(KEY, CONTENT)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_bytes(b"other bytes")
    assert ours.get(KEY) is None


def test_what_was_damaged_is_mended_by_who_has_it(tmp_path):
    ours = storage.opened(f"file://{tmp_path}")
    ours.put(KEY, CONTENT)
    (path,) = files_in(tmp_path)
    path.write_bytes(CONTENT[:4])
    ours.put(KEY, CONTENT)
    assert ours.get(KEY) == CONTENT


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def full():
    """A disk on which there is room for a hundred bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_nothing_and_is_not_left_fuller(tmp_path, full):
    large = b"x" * 101
    with pytest.raises(StorageDown):
        storage.opened(f"file://{tmp_path}").put(f"clips/{storage.digest(large)}", large)
    with pytest.raises(OSError, match="large"):
        whole.write(tmp_path / "clip.wav", large)
    assert files_in(tmp_path) == []


def test_who_releases_is_told_where_nothing_can_be_kept(address, tmp_path, monkeypatch):
    assert storage.fault() is None
    monkeypatch.setenv("HELPLINE_CLIPS_URL", address)
    assert storage.fault() is None
    assert files_in(tmp_path) == []
    (tmp_path / "file").write_text("a file where a folder should be")
    for wrong in (f"file://{tmp_path}/file", "s3://a-bucket-that-is-not-there"):
        if wrong.split(":")[0] == address.split(":")[0]:
            monkeypatch.setenv("HELPLINE_CLIPS_URL", wrong)
            assert re.fullmatch(r"HELPLINE_CLIPS_URL: the (folder|bucket) [^/]*", storage.fault())


@pytest.mark.long
def test_a_bucket_that_is_not_there_is_not_taken_for_an_empty_one(bucket):
    with pytest.raises(StorageDown, match="NoSuchBucket"):
        storage.opened("s3://a-bucket-that-is-not-there/line").get(KEY)


@pytest.mark.long
def test_nobody_waits_for_minutes_for_a_bucket_that_is_silent(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(storage, "_PATIENCE", storage._PATIENCE | {"read_timeout": 0.2})
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "tests")
        storage._opened.cache_clear()
        with pytest.raises(StorageDown):
            storage.opened("s3://somewhere/line").get(KEY)
        storage._opened.cache_clear()
        silent.settimeout(0)
        asked = 0
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                asked += 1
        assert asked <= 2


def test_a_storage_that_does_not_answer_names_no_place(tmp_path, monkeypatch):
    (tmp_path / "clips").write_text("a file where a folder should be")
    with pytest.raises(StorageDown) as caught:
        storage.opened(f"file://{tmp_path}").put(KEY, CONTENT)
    assert str(tmp_path) not in str(caught.value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "tests")
    storage._opened.cache_clear()
    with pytest.raises(StorageDown) as caught:
        storage.opened("s3://a-bucket-that-is-not-there").get(KEY)
    assert "127.0.0.1" not in str(caught.value)
    storage._opened.cache_clear()


def judged(by):
    with db.transaction() as session:
        take_id = takes.receive(
            session, RAW, language="bn", prompt="welcome", way="browser", speaker=None, by_id=by,
            repository=CATALOGUE,
        )  # fmt: skip
    jobs.prepare_recording(take_id)
    with db.transaction() as session:
        return takes.find(session, take_id)


def library(folder: Path) -> Library:
    ours = Library(CATALOGUE, folder / "clips", prompts=folder / "none")
    ours.refresh()
    return ours


def test_a_recording_kept_outside_of_the_database_is_played(address, editor, tmp_path, monkeypatch):
    monkeypatch.setenv("HELPLINE_CLIPS_URL", address)
    take = judged(editor)
    ours = storage.opened(address)
    assert ours.get(f"originals/{take.original}") == RAW
    assert ours.has(f"clips/{take.clip}")
    with db.transaction() as session:
        assert session.scalars(select(PromptClip.wav)).one() is None
        assert session.scalars(select(PromptOriginal.content)).one() is None
        assert takes.original(session, take.original) == ("webm", RAW)
    number = prompt_rows.publish(editor)
    playing = library(tmp_path)
    assert playing.manifest(number).clip("bn", "welcome") == take.clip
    ours.remove(f"clips/{take.clip}")
    assert playing.wav(take.clip) is not None  # the process has its own by now


def test_a_clip_whose_bytes_are_gone_is_not_named(address, editor, tmp_path, monkeypatch):
    monkeypatch.setenv("HELPLINE_CLIPS_URL", address)
    take = judged(editor)
    storage.opened(address).remove(f"clips/{take.clip}")
    number = prompt_rows.publish(editor)
    assert library(tmp_path).manifest(number).clip("bn", "welcome") is None


def test_everything_can_be_moved_there_and_back_while_the_line_plays(address, editor, tmp_path, monkeypatch):
    take = judged(editor)
    number = prompt_rows.publish(editor)
    assert move("database:", address) == (2, 0)
    assert move("database:", address) == (0, 0)
    with db.transaction() as session:
        assert session.scalars(select(PromptClip.wav)).one() is None
        assert session.scalars(select(PromptOriginal.content)).one() is None
    with monkeypatch.context() as there:
        there.setenv("HELPLINE_CLIPS_URL", address)
        assert library(tmp_path).manifest(number).clip("bn", "welcome") == take.clip
    assert move(address, "database:") == (2, 0)
    with db.transaction() as session:
        assert session.scalars(select(PromptOriginal.content)).one() == RAW
    assert not storage.opened(address).has(f"originals/{take.original}")


def test_what_is_missing_where_it_should_be_is_counted_and_the_rest_is_moved(editor, tmp_path):
    judged(editor)
    address = f"file://{tmp_path}/kept"
    move("database:", address)
    next(path for path in (tmp_path / "kept" / "clips").rglob("*") if path.is_file()).unlink()
    assert move(address, "database:") == (1, 1)
