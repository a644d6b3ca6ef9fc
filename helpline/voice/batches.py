"""Many recordings in a ZIP, or sent together: which file is which prompt, and what must not be opened. All of it is
looked through before anything is taken; pure, but for reading what it is given."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from helpline.languages import CODES
from helpline.voice import forms
from helpline.voice.measured import Remark, Unusable

MOST_FILES = 600
MOST_BYTES = 400_000_000
MOST_ZIPPED = 200_000_000
_RATIO = 100  # sound does not become a hundred times smaller
_SMALL = 1_000_000
_CHUNK = 1 << 16
_HEAD = 16
_LONGEST_LIST = (
    1_000_000  # bytes of the list of names at the end of a ZIP: a hundred times what recordings need
)
_NOT_MEANT = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)")
_BETWEEN = re.compile(r"[\s-]+")  # what people and their programs write between the words of a name


@dataclass(frozen=True)
class Piece:
    """A file that may be a recording of this prompt; `read` gives its bytes, again each time."""

    file: str
    language: str
    prompt: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Contents:
    """The files that are taken, and those that are not, each with the reason."""

    pieces: tuple[Piece, ...]
    left_out: tuple[tuple[str, Remark], ...]


@dataclass(frozen=True)
class _File:
    name: str
    head: bytes
    size: int
    read: Callable[[], bytes]
    broken: bool = False


def of_zip(
    file: BinaryIO, *, language: str | None, prompts: Collection[str], languages: Collection[str]
) -> Contents:
    """What is in a ZIP: files named `<prompt>.wav` (of `language`), or `<lang>/<prompt>.wav`, in any further folder.
    Capitals, and spaces or hyphens for `_`, make no difference.

    `prompts`: the names that there are; `languages`: those that this person may record. `file` must stay open while
    pieces are read. Raises `Unusable`: no ZIP, broken, with a password, too many or too large files, files that blow
    up, names that lead elsewhere; then nothing of it is taken.
    """
    try:
        zipped = zipfile.ZipFile(_List(file))
        zipped.fp = file  # the list is read, and no longer than it may be; the rest as it comes
        entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
    except Unusable:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        raise Unusable("not_a_zip") from error
    _judge_whole(zipped.infolist())
    files = [_looked_into(zipped, entry) for entry in entries if is_meant(entry.filename)]
    return _sorted_out(files, language, prompts, languages)


def of_files(
    files: Iterable[tuple[str, BinaryIO]],
    *,
    language: str | None,
    prompts: Collection[str],
    languages: Collection[str],
) -> Contents:
    """The same for files that were sent one beside the other; they must stay open. Raises `Unusable` for too many."""
    listed = [_opened(name, file) for name, file in files]
    if len(listed) > MOST_FILES:
        raise Unusable("too_many_files", most=MOST_FILES)
    return _sorted_out(listed, language, prompts, languages)


def of_one(name: str, file: BinaryIO, *, language: str, prompt: str) -> Contents:
    """One file for one prompt, whatever it is called. Raises `Unusable` for what cannot be a recording."""
    opened = _opened(name, file)
    fault = _fault(opened, language, prompt, (prompt,), (language,))
    if fault is not None:
        raise Unusable(fault.name, **fault.values)
    return Contents((Piece(opened.name, language, prompt, opened.read),), ())


class _List:
    """A ZIP while its list of names is read, which it may say is as long as the whole: four million names would take
    gigabytes of memory before anybody could count them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        """Read, unless it is more than any list takes. Raises `Unusable`."""
        if size > _LONGEST_LIST:
            raise Unusable("too_many_files", most=MOST_FILES)
        return self._file.read(size)


def is_meant(name: str) -> bool:
    """Whether somebody put this file where it is; systems leave others beside it, of which nobody knows."""
    return _NOT_MEANT.search(name) is None


def is_zip(file: BinaryIO) -> bool:
    """Whether a file is a ZIP by its first bytes."""
    return forms.form(_opened("", file).head) == "zip"


def _opened(name: str, file: BinaryIO) -> _File:
    """A file that was sent: its beginning and its size; the rest is read when it is wanted."""

    def read() -> bytes:
        file.seek(0)
        return file.read(forms.LARGEST + 1)

    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return _File(_legible(name), file.read(_HEAD), size, read)


def _judge_whole(entries: Collection[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise Unusable("too_many_files", most=MOST_FILES)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unusable("too_large", megabytes=MOST_BYTES // 1_000_000)
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unusable("zip_with_password")
        if entry.file_size > _SMALL and entry.file_size > _RATIO * max(1, entry.compress_size):
            raise Unusable("zip_blows_up")
        if _leads_elsewhere(entry):
            raise Unusable("zip_leads_elsewhere")


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    path = PurePosixPath(name)
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    return linked or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


def _looked_into(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _File:
    """Unpack one file to its end, to know that all of it is there; only its beginning is kept."""

    def read() -> bytes:
        with zipped.open(entry) as opened:
            return opened.read(forms.LARGEST + 1)

    name, head, size = _legible(entry.filename), b"", 0
    try:
        with zipped.open(entry) as opened:
            while size <= forms.LARGEST and (chunk := opened.read(_CHUNK)):
                head, size = head or chunk[:_HEAD], size + len(chunk)
    except Exception:  # whatever the many kinds of packing can raise: this one file is broken
        return _File(name, head, size, read, broken=True)
    return _File(name, head, size, read)


def _sorted_out(
    files: Iterable[_File], language: str | None, prompts: Collection[str], languages: Collection[str]
) -> Contents:
    pieces: dict[tuple[str, str], Piece] = {}
    left_out: list[tuple[str, Remark]] = []
    for file in files:
        path = PurePosixPath(file.name)
        folder = path.parent.name.strip().lower()
        said = folder if folder in CODES else language
        prompt = _BETWEEN.sub("_", path.stem.strip().lower())
        fault = _fault(file, said, prompt, prompts, languages)
        if fault is None and (said, prompt) in pieces:
            fault = Remark("twice", {"other": pieces[said or "", prompt].file})
        if fault is not None or said is None:
            left_out.append((file.name, fault or Remark("no_language")))
        else:
            pieces[said, prompt] = Piece(file.name, said, prompt, file.read)
    return Contents(tuple(pieces.values()), tuple(left_out))


def _legible(name: str) -> str:
    """A name as it can be kept and shown: what has no shape of its own (marks of direction, narrow spaces, controls),
    which programs put into names unseen, is a space."""
    return "".join(sign if sign.isprintable() else " " for sign in name)


def _fault(
    file: _File, language: str | None, prompt: str, prompts: Collection[str], languages: Collection[str]
) -> Remark | None:
    if file.broken:
        return Remark("broken_file")
    if file.size > forms.LARGEST:
        return Remark("too_large", {"megabytes": forms.LARGEST // 1_000_000})
    if prompt not in prompts:
        return Remark("no_such_prompt", {"prompt": prompt[:40]})
    if language is None:
        return Remark("no_language")
    if language not in languages:
        return Remark("not_your_language", {"language": language})
    form = forms.form(file.head)
    if form == "zip":
        return Remark("zip_within_zip")
    return Remark("not_readable") if form is None else None
