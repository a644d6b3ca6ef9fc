"""Where the bytes of clips and of untouched originals lie: the database, a folder of this machine, or a bucket that
several machines share. Knows what a thing is by its key, and nothing of prompts."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import select, update

from helpline import db, environment
from helpline.config import DATABASE
from helpline.voice import whole
from helpline.voice.models import PromptClip
from helpline.voice.takes_models import PromptOriginal

log = logging.getLogger(__name__)

SETTING = "HELPLINE_CLIPS_URL"
CLIPS, ORIGINALS = "clips", "originals"
_TRIAL = b"helpline: can something be kept here?"
_PATIENCE = {"connect_timeout": 3, "read_timeout": 8, "retries": {"total_max_attempts": 1}}
"""In seconds: whoever waits for a bucket is a process that answers callers, or an editor before a page."""
_KEY = re.compile(rf"({CLIPS}|{ORIGINALS})/([0-9a-f]{{64}})")


class StorageDown(OSError):
    """The storage does not answer, or does not let us; the message names no place and no secret."""


class Storage(Protocol):
    """A place for bytes under keys such as `clips/<sha256>` and `originals/<sha256>`."""

    in_rows: bool
    """Whether the bytes lie in the rows themselves, beside what is known of them."""

    def put(self, key: str, content: bytes) -> None:
        """Keep these bytes; twice is once. Raises `StorageDown`."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None: not there, or damaged. Raises `StorageDown`."""

    def has(self, key: str) -> bool:
        """Whether there are bytes under this key. Raises `StorageDown`."""

    def remove(self, key: str) -> None:
        """Let go of these bytes, if they are there. Raises `StorageDown`."""


def current() -> Storage:
    """The storage of this installation, as `HELPLINE_CLIPS_URL` says."""
    return opened(environment.environment().get(SETTING, "").strip() or DATABASE)


def opened(address: str) -> Storage:
    """The storage at this address: `database:`, `file:///folder`, `s3://bucket/prefix`."""
    return _opened(address, os.getpid())  # a child may not use its parent's connections


@lru_cache(maxsize=4)
def _opened(address: str, process: int) -> Storage:
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        return Bucket(parts.netloc + parts.path.rstrip("/"))
    return Rows()


def kept(key: str, content: bytes) -> bytes | None:
    """Keep these bytes where this installation keeps them; what the row about them shall hold: the bytes, or None.

    Called before the row is written, so that no row ever names bytes that are nowhere. Raises `StorageDown`.
    """
    storage = current()
    if storage.in_rows:
        return content
    storage.put(key, content)
    return None


def fault() -> str | None:
    """Why nothing can be kept, in a sentence, tried with a few bytes that are taken away again; None where all is well."""
    try:
        storage = current()
        if storage.in_rows:
            return None
        key = f"{ORIGINALS}/{digest(_TRIAL)}"
        storage.put(key, _TRIAL)
        found = storage.get(key)
        storage.remove(key)
    except StorageDown as error:
        return f"{SETTING}: {str(error).removeprefix(SETTING + ': ')}"
    return None if found == _TRIAL else f"{SETTING}: it does not give back what it was given"


def digest(content: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(content).hexdigest()


class Rows:
    """In the database, in the rows of the clips and the originals: nothing else is needed on one machine."""

    in_rows = True

    def put(self, key: str, content: bytes) -> None:
        """Put the bytes into the row, which must be there."""
        kind, name = _split(key)
        with db.transaction() as session:
            if kind == CLIPS:
                session.execute(update(PromptClip).where(PromptClip.hash == name).values(wav=content))
            else:
                session.execute(
                    update(PromptOriginal).where(PromptOriginal.sha == name).values(content=content)
                )

    def get(self, key: str) -> bytes | None:
        """The row's bytes."""
        kind, name = _split(key)
        wanted = (
            select(PromptClip.wav).where(PromptClip.hash == name)
            if kind == CLIPS
            else select(PromptOriginal.content).where(PromptOriginal.sha == name)
        )
        with db.transaction() as session:
            return session.scalar(wanted)

    def has(self, key: str) -> bool:
        """Whether the row holds bytes."""
        kind, name = _split(key)
        wanted = (
            select(PromptClip.id).where(PromptClip.hash == name, PromptClip.wav.is_not(None))
            if kind == CLIPS
            else select(PromptOriginal.sha).where(
                PromptOriginal.sha == name, PromptOriginal.content.is_not(None)
            )
        )
        with db.transaction() as session:
            return session.scalar(wanted) is not None

    def remove(self, key: str) -> None:
        """Empty the row of its bytes."""
        kind, name = _split(key)
        with db.transaction() as session:
            if kind == CLIPS:
                session.execute(update(PromptClip).where(PromptClip.hash == name).values(wav=None))
            else:
                session.execute(update(PromptOriginal).where(PromptOriginal.sha == name).values(content=None))


class Folder:
    """A folder of this machine, or one that several machines mount."""

    in_rows = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Write a file, as a whole or not at all; in the place of one that is damaged."""
        if self.get(key) is None:
            _told(lambda: self._write(self._path(key), content))

    def get(self, key: str) -> bytes | None:
        """Read a file, and look whether it is what it says."""

        def read() -> bytes | None:
            try:
                return self._path(key).read_bytes()
            except FileNotFoundError:
                return None

        return _whole(key, _told(read))

    def has(self, key: str) -> bool:
        """Whether there is a file."""
        return bool(_told(self._path(key).is_file))

    def remove(self, key: str) -> None:
        """Delete the file."""
        _told(lambda: self._path(key).unlink(missing_ok=True))

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole.write(path, content, durable=True)

    def _path(self, key: str) -> Path:
        kind, name = _split(key)
        return self._folder / kind / name[:2] / name


class Bucket:
    """A bucket of any S3-compatible service; who may use it, and where it is, stands in the service's own variables
    (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL`)."""

    in_rows = False

    def __init__(self, root: str) -> None:
        try:
            import fsspec  # only who has a bucket loads this

            files = fsspec.filesystem(
                "s3", skip_instance_cache=True, use_listings_cache=False, config_kwargs=_PATIENCE
            )
            files.retries = (
                2  # its own, each with those of what it asks: many minutes for a bucket that is silent
            )
        except ImportError as error:
            raise StorageDown(f"{SETTING}: for a bucket the package s3fs is needed") from error
        self._root, self._files = root, files

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self._ask(lambda: self._files.pipe_file(self._at(key), content))

    def get(self, key: str) -> bytes | None:
        """Read an object, and look whether it is what it says."""

        def read() -> bytes | None:
            try:
                content: bytes = self._files.cat_file(self._at(key))
            except FileNotFoundError as error:
                if _code(error) == "NoSuchBucket":
                    raise
                return None
            return content

        return _whole(key, self._ask(read))

    def has(self, key: str) -> bool:
        """Whether there is an object."""
        return bool(self._ask(lambda: self._files.exists(self._at(key))))

    def remove(self, key: str) -> None:
        """Delete the object."""

        def delete() -> None:
            try:
                self._files.rm_file(self._at(key))
            except FileNotFoundError:
                return

        self._ask(delete)

    def _at(self, key: str) -> str:
        return "/".join((self._root, *_split(key)))

    def _ask(self, what: Callable[[], Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return what()
        except (OSError, BotoCoreError, ClientError) as error:
            raise StorageDown(f"the bucket does not answer: {_code(error) or type(error).__name__}") from None


def _code(error: Exception) -> str:
    """What the service called it, which our client tells as if it were a file; empty where it said nothing."""
    answer = getattr(error.__cause__ or error, "response", None) or {}
    return str(answer.get("Error", {}).get("Code", ""))


def _split(key: str) -> tuple[str, str]:
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError("a key is clips/ or originals/ with a SHA-256")
    return found[1], found[2]


def _whole(key: str, content: bytes | None) -> bytes | None:
    """The bytes, if they are those that the key promises."""
    if content is not None and digest(content) != _split(key)[1]:
        log.warning("something in the storage of prompts is damaged")
        return None
    return content


def _told(what: Callable[[], Any]) -> Any:
    try:
        return what()
    except OSError as error:
        raise StorageDown(f"the folder of recordings cannot be used: {error.strerror}") from None
